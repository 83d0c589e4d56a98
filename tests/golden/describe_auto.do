* Source: [D] describe (auto.dta), layout of Stata 17 and later
sysuse auto, clear
describe price make foreign
generate lprice = ln(price)
label variable lprice "Logarithm of the price, which is easier to explain than the price itself"
describe lprice
