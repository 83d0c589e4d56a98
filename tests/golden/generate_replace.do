* Source: [D] generate; messages as in published logs
sysuse auto, clear
generate x = price/1000 if foreign
generate byte big = 1000
generate str3 short = make
replace x = 0 if missing(x)
replace mpg = mpg + 0.5 in 1
generate long id = _n
replace big = 5
replace big = 500
capture noisily generate x = 1
capture noisily generate y = nosuch
capture noisily generate y = make + 1
capture noisily generate 2y = 1
capture noisily replace nosuch = 1
list make x short big id in 1/2
