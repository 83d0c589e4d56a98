* Source: [D] rename, order, drop, keep, sort, gsort, compress
sysuse auto, clear
rename rep78 repair
rename (price mpg) (cost miles)
rename trunk, upper
order foreign, after(make)
describe, simple
keep make-miles weight
describe, simple
drop w*
gsort -cost make
list make cost in 1/3
sort miles cost
list make miles cost in 1/3
generate double d = miles
compress
capture noisily rename nosuch x
capture noisily drop nosuch
capture noisily keep
capture noisily sort nosuch
