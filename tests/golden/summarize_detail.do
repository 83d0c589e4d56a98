* Source: [R] summarize, Example 2: mpg with detail (auto.dta)
sysuse auto, clear
summarize mpg, detail
return list
summarize rep78 if foreign, detail
