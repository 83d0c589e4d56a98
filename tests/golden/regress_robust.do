* Source: [R] regress, robust standard errors (auto.dta); layout as published logs of Stata 17
sysuse auto, clear
regress mpg weight foreign, vce(robust)
regress mpg weight foreign, robust level(90)
