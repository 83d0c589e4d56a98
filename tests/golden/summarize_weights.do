* Source: [R] summarize, weighted data: layout of published logs
sysuse auto, clear
summarize price [aweight=weight]
summarize mpg [fweight=trunk]
capture noisily summarize mpg [pweight=trunk]
