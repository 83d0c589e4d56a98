* Source: [R] tabstat; layout of Stata 17 and later
sysuse auto, clear
tabstat price weight mpg rep78, by(foreign) statistics(mean sd n)
tabstat price mpg, statistics(n mean p50 min max) columns(statistics)
tabstat mpg
