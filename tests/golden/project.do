* Source: our own do-file, as a student would write it; layouts as in the other golden files
version 18
clear all
set more off
set linesize 79

* 1. Made-up data on where cars are built, to be merged
input byte foreign str8 region double tariff
0 "America" 0
1 "World" 2.5
2 "Nowhere" 9
end
label variable region "Where it is built"
label variable tariff "Import tariff (%)"
tempfile regions
quietly save "`regions'"

* 2. Load and look
sysuse auto, clear
describe make price foreign
count if missing(rep78)
summarize price mpg weight

* 3. Clean
rename rep78 repair
replace repair = 3 if missing(repair) & foreign == 0
drop if missing(repair)
generate double price_k = price/1000
generate lprice = ln(price)
label variable price_k "Price in thousands"
label variable lprice "Log of price"
generate firm = word(make, 1)
encode firm, generate(firm_id)
egen sold = count(price), by(firm_id)
generate byte large = weight > 3000 if !missing(weight)
label define size 0 "small" 1 "large"
label values large size
recode repair (1/2 = 1 "poor") (3 = 2 "fair") (4/5 = 3 "good"), generate(quality)
label variable quality "Quality"

* 4. Merge
merge m:1 foreign using "`regions'"
tabulate _merge
keep if _merge == 3
drop _merge
assert !missing(tariff)
isid make

* 5. Tables
tabulate quality
tabulate quality foreign, chi2
tabstat price_k mpg, by(large) statistics(mean sd n)
bysort foreign: summarize mpg

* 6. A program
program define gap, rclass
        syntax varname(numeric) [if], by(varname)
        marksample touse
        quietly summarize `varlist' if `touse' & `by' == 0
        local low = r(mean)
        quietly summarize `varlist' if `touse' & `by' == 1
        return scalar gap = r(mean) - `low'
end
foreach outcome of varlist price_k mpg {
        gap `outcome', by(foreign)
        local name : variable label `outcome'
        display "`name': " %8.3f r(gap)
}

* 7. Models
local controls weight i.quality
foreach outcome in price_k lprice mpg {
        quietly regress `outcome' i.foreign `controls', vce(cluster firm_id)
        estimates store m_`outcome'
        local stars = cond(abs(_b[1.foreign]/_se[1.foreign]) > 1.96, "*", "")
        display "`outcome'" _column(12) %9.3f _b[1.foreign] "`stars'" " N = " e(N)
}
regress lprice i.foreign##c.weight, vce(robust)
test 1.foreign 1.foreign#c.weight
predict fitted
generate error = lprice - fitted
summarize error if e(sample), meanonly
assert abs(r(mean)) < 1e-6
logit foreign mpg weight, nolog
estimates restore m_mpg
display e(cmdline)

* 8. By group
preserve
collapse (mean) price_k mpg (count) n=mpg, by(foreign large)
list, sepby(foreign) noobs
restore
count

* 9. A loop until something holds
local n 0
while `n' < 3 {
        local ++n
        if mod(`n', 2) == 0 continue
        display "turn `n'"
}

* 10. Random numbers
set seed 339487731
generate u = runiform()
sort u
list make u in 1/3, clean

* 11. Pictures and files
scatter mpg weight, title("Mileage") name(first)
twoway (scatter price weight) (lfit price weight), legend(off) name(second)
tempfile picture table
quietly graph export "`picture'.png", replace
quietly graph export "`picture'.svg", name(first)
graph dir
quietly export delimited make price_k quality using "`table'", replace
import delimited "`table'", clear
describe
capture confirm variable u
display "no u any more: " _rc
erase "`picture'.png"
erase "`picture'.svg"
