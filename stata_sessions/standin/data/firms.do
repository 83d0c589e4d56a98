* Made-up firms over five years, for examples with groups, clusters and merges.
* Run with the stand-in console, this makes firms.dta again.
clear
set seed 20260101
set obs 100
generate int firm = ceil(_n/5)
generate int year = 2020 + mod(_n - 1, 5)
generate byte industry = 1 + mod(firm, 3)
label define industry 1 "Farming" 2 "Making" 3 "Selling"
label values industry industry
bysort firm (year): generate effect = rnormal() if _n == 1
bysort firm (year): replace effect = effect[1]
generate byte treated = firm > 10 & year >= 2023
generate int workers = round(exp(3 + effect/2 + rnormal()/5))
generate double sales = round(workers*(50 + 10*treated + 8*rnormal()), .1)
replace sales = . if runiform() < .04
drop effect
label data "Made-up firms, 2020 to 2024"
label variable firm "Firm"
label variable year "Year"
label variable industry "Industry"
label variable treated "Took part in the programme"
label variable workers "Number of workers"
label variable sales "Sales (thousands)"
sort firm year
compress
save firms, replace
