* Source: [R] tabulate twoway, percentages with their key
sysuse auto, clear
tabulate rep78 foreign, row
tabulate foreign rep78 if rep78 > 2, column nofreq
tabulate foreign, summarize(mpg)
