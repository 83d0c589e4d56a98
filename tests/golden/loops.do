* Source: [P] foreach and [P] forvalues, after the manual's examples
foreach file in this.dta that.dta theother.dta {
        display "`file'"
}
foreach num of numlist 1 4/8 13(2)21 103 {
        display `num' " " _continue
}
display
forvalues i = 1(1)3 {
        display `i'
}
forvalues k = 5 10 to 25 {
        display `k'
}
local grains "rice wheat flax"
foreach x of local grains {
        display "`x'"
}
local i = 1
while `i' <= 3 {
        // counts up
        display "i is " `i'

        local ++i
}
