* Source: [P] if; echo of blocks as in published logs of Stata 14 to 17
local x = 3
if `x' == 3 {
        display "three"
        if `x' > 2 {
                display "more than two"
        }
        else {
                display "never"
        }
}
else {
        display "not three"
}
if `x' < 3 display "less"
else if `x' == 3 display "equal"
else display "more"
quietly {
        display "hidden"
        noisily display "seen"
}
capture {
        display "hidden too"
        error 498
}
display _rc
capture noisily error 111
display _rc
