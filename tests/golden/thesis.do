* Source: our own do-file, as a graduate student would write it; layouts as in the other golden files
*
* Do subsidised firms grow faster? Master's thesis, all tables and figures
version 18
clear all
set more off
set linesize 79
capture log close
set seed 1234

* ---------------------------------------------------------------- 0. Settings
global outcomes "lsales lworkers"
global controls "age_c i.industry"
local years 2020 2021 2022 2023 2024
local first : word 1 of `years'
local n_years : word count `years'
display "`n_years' years from `first'"

* ------------------------------------------------- 1. Regions, typed from paper
input str2 code str12 region double(gdp rate)
"N"  "North"   41.5  5.2
"S"  "South"   29.0 11.8
"E"  "East"    33.25 8.1
"W"  "West"    47.1  4.4
"X"  "Abroad"  .     .
end
assert _N == 5
label variable gdp "GDP per head, thousands"
label variable rate "Unemployment (%)"
generate byte poor = gdp < 35 if !missing(gdp)
label define yesno 0 "no" 1 "yes"
label values poor yesno
list, abbreviate(12) noobs
tempfile regions
quietly save "`regions'"

* ---------------------------------------------- 2. The register of firms, messy
clear
input int firm str6 founded str8 where
1 "1990" " N"
2 "1985" "n "
3 "2001" "S"
4 "1999" "s"
5 "1,978" "E"
6 "2010" "e"
7 "unkn." "W"
8 "2005" "w"
9 "1995" "N"
10 "1988" "S"
11 "2003" "E"
12 "2012" "W"
13 "1979" "N"
14 "1992" "Q"
15 "1996" "S"
16 "2008" "E"
17 "1983" "W"
18 "2000" "N"
19 "" "S"
20 "1998" "E"
end
replace where = upper(trim(where))
tabulate where
replace where = "" if !inlist(where, "N", "S", "E", "W")
rename where code
destring founded, generate(start) ignore(",") force
count if missing(start)
drop founded
duplicates report firm
isid firm
merge m:1 code using "`regions'", keep(master match) generate(found)
tabulate found
drop found
label variable start "Year of foundation"
label data "Firms and their regions"
sort firm
tempfile register
quietly save "`register'"

* ------------------------------------------------------------ 3. The yearly data
sysuse firms, clear
label define yesno 0 "no" 1 "yes"
generate byte ever = firm > 10
label variable ever "Ever subsidised"
label values ever yesno
describe firm-ever
summarize sales workers
capture confirm variable productivity
if _rc {
        generate double productivity = sales/workers
}
label variable productivity "Sales per worker"
merge m:1 firm using "`register'"
assert _merge == 3
drop _merge
foreach name of varlist sales workers {
        generate l`name' = ln(`name')
        label variable l`name' "Log of `name'"
}
generate age = year - start
summarize age, meanonly
generate age_c = age - r(mean)
label variable age_c "Age, centred"
bysort firm (year): generate growth = lsales - lsales[_n-1] if _n > 1
by firm: generate turn = _n
by firm: egen best = max(sales)
egen area = group(code), label
generate size = 1 if workers < 20
replace size = 2 if inrange(workers, 20, 39)
replace size = 3 if workers >= 40 & workers < .
label define size 1 "small" 2 "medium" 3 "large"
label values size size
recode year (2020/2022 = 0 "before") (2023/2024 = 1 "after"), generate(after)
compress
order firm year region size

* ------------------------------------------------------------ 4. Who are they?
tabulate industry
tabulate size ever, column chi2
tabulate industry, summarize(productivity)
tabstat sales workers age, by(treated) statistics(mean sd p50 n) columns(statistics)
bysort treated: summarize growth
correlate lsales lworkers age
pwcorr growth age gdp, sig obs
ttest growth, by(treated)
list firm year region sales growth if firm <= 2, sepby(firm) noobs

* ------------------------------------------------------------ 5. A small program
program define stars, rclass
        syntax anything(name=term) [, Digits(integer 3)]
        local t = abs(_b[`term']/_se[`term'])
        local p = 2*ttail(e(df_r), `t')
        local mark ""
        foreach level of numlist .1 .05 .01 {
                if `p' < `level' local mark "`mark'*"
        }
        return local text = string(_b[`term'], "%9.`digits'f") + "`mark'"
        return scalar p = `p'
end

* ------------------------------------------------------------------ 6. The models
regress lsales ever, vce(cluster firm)
estimates store plain
regress lsales i.ever##i.after $controls, vce(cluster firm)
estimates store full
test 1.ever#1.after
predict fitted if e(sample)
predict left, residuals
summarize fitted left
matrix results = J(2, 3, .)
matrix rownames results = $outcomes
matrix colnames results = b se n
local row 0
foreach outcome of global outcomes {
        local ++row
        quietly regress `outcome' i.ever##i.after $controls, vce(cluster firm)
        estimates store m_`outcome'
        stars 1.ever#1.after, digits(4)
        display "`outcome'" _column(14) "`r(text)'" _column(28) "p = " %5.3f r(p)
        matrix results[`row', 1] = _b[1.ever#1.after]
        matrix results[`row', 2] = _se[1.ever#1.after]
        matrix results[`row', 3] = e(N)
}
matrix list results, format(%9.4f)
estimates dir
estimates table m_lsales m_lworkers, b(%9.3f) se(%9.3f) stats(N r2)
estimates table plain full, keep(ever 1.ever#1.after) star
generate byte big = size == 3
logit big age productivity, nolog
estimates restore full
display "R-squared " %5.3f e(r2) ", `e(depvar)' on `e(N_clust)' firms"

* ------------------------------------------------------------ 7. Year after year
tempfile all
local so_far 0
forvalues y = 2020/2024 {
        preserve
        keep if year == `y'
        collapse (mean) sales growth (sd) spread=sales (count) n=sales, by(ever)
        generate int year = `y'
        if `so_far' {
                append using "`all'"
        }
        quietly save "`all'", replace
        local so_far = `so_far' + 1
        restore
}
preserve
use "`all'", clear
sort ever year
list, sepby(ever) noobs abbreviate(10)
twoway (line sales year if ever == 0) (line sales year if ever == 1), ///
        legend(order(1 "others" 2 "subsidised")) ytitle("Mean sales") name(trend)
quietly graph export trend.png, width(900) replace
quietly graph export trend.pdf, name(trend) replace
quietly export delimited using yearly.csv, replace
restore
histogram growth, bin(12) percent title("Growth of sales")
quietly graph export growth.svg, replace
graph dir

* --------------------------------------------------------------- 8. What is left
import delimited using yearly.csv, clear varnames(1)
assert _N == 2*`n_years'
summarize
foreach file in trend.png trend.pdf growth.svg yearly.csv {
        confirm file "`file'"
        erase "`file'"
}
display "done"
exit
