* Source: [D] import delimited; messages of Stata 17
sysuse auto, clear
tempfile csv
quietly export delimited make price foreign gear_ratio using "`csv'" in 1/3, replace
import delimited "`csv'", clear
list
describe
