* Source: [D] recode and [D] egen; messages of Stata 17
sysuse auto, clear
recode rep78 (1/2 = 1 "low") (3 = 2 "middle") (4/5 = 3 "high"), generate(rep3)
tabulate rep3
recode foreign (0 = 1) (1 = 0)
egen mean = mean(price), by(foreign)
bysort foreign: egen spread = sd(price)
egen total = total(mpg)
egen most = max(price), by(rep78)
egen group = group(foreign rep78)
egen one = tag(rep78)
egen rank = rank(-price)
egen low = rowmin(price mpg weight)
egen n = rownonmiss(rep78 price)
list make mean spread total most group one rank low n in 1/4
capture noisily egen nosuch = nosuch(price)
