* Source: [D] list, Examples 1 and 2 (auto.dta)
sysuse auto, clear
list make in 1/5
list make price mpg rep78 in 1/7
list in 1/2
list make mpg in 1/3, clean
list make mpg in 1/3, noobs
