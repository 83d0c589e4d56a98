* Source: [R] summarize, Example 1 and [U] 11 (auto.dta); layout of Stata 17
sysuse auto, clear
summarize
summarize mpg weight if foreign
summarize price mpg, separator(1)
summarize price, meanonly
return list
