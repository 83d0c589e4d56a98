* Source: [U] 11.5 by varlist: construct; layout of published logs
sysuse auto, clear
by foreign: summarize mpg
bysort rep78: count
capture noisily by mpg: summarize price
sort foreign price
by foreign: generate n = _n
by foreign: generate last = _n == _N
by foreign: generate step = price - price[_n-1]
list make price n last step if n < 3 | last
bysort foreign (weight): keep if _n <= 2
list make weight foreign
capture noisily by foreign: save x
