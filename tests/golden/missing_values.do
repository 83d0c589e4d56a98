* Source: [U] 12.2.1 Missing values
clear
set obs 5
generate x = _n
replace x = . in 2
replace x = .a in 3
replace x = .z in 4
list
count if x > 100
count if x == .
count if missing(x)
sort x
list x
display .a < .b, . < .a, 1e300 < .
generate y = x + 1
list
summarize x
display 1/0, ln(-1), sqrt(-1)
