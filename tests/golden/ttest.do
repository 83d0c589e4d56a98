* Source: [R] ttest, Example 1: mpg == 20 (auto.dta), and two samples by foreign
sysuse auto, clear
ttest mpg == 20
ttest mpg, by(foreign)
return list
ttest mpg, by(foreign) unequal
