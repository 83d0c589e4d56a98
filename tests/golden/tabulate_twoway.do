* Source: [R] tabulate twoway, Example 1: rep78 by foreign with chi2 = 27.2640 (auto.dta)
sysuse auto, clear
tabulate rep78 foreign
tabulate rep78 foreign, chi2
display r(N) " " r(r) " " r(c) " " %9.4f r(chi2)
tabulate foreign rep78
