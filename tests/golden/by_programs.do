* Source: our own do-file; [P] byable, [P] syntax and [R] set on what each line means
program define middle, rclass byable(recall)
        syntax varlist(numeric) [if] [in] [aweight fweight] [, Level(integer 95)]
        marksample touse
        summarize `varlist' if `touse' [`weight'`exp']
        return scalar mean = r(mean)
end
program define quietly_by, byable(recall, noheader)
        syntax [varlist]
        marksample touse
        count if `touse'
end
program define plain
        display "no by"
end
sysuse auto
bysort foreign: middle price
by foreign: middle mpg if price > 5000 [aweight = weight]
display r(mean)
by foreign: quietly middle mpg
by foreign: quietly_by rep78
capture noisily by foreign: plain
display _rc
capture noisily middle price, level(high)
display _rc
set varabbrev off
capture noisily summarize pri
display _rc "`c(varabbrev)'"
capture noisily generate double cost = pri
set varabbrev on
summarize pri
foreach name of newlist score1-score3 {
        generate byte `name' = 1
}
describe score*
