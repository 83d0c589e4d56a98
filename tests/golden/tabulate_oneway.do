* Source: [R] tabulate oneway (auto.dta)
sysuse auto, clear
tabulate foreign
tabulate rep78
tabulate rep78, missing
tabulate foreign, nolabel
tabulate make in 1/3
return list
