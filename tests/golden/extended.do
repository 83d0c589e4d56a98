* Source: [P] macro, extended macro functions on auto.dta
quietly sysuse auto
local lab : variable label mpg
local type : type make
local fmt : format price
local vl : value label foreign
local text : label (foreign) 1
local text0 : label origin 0
display "`lab' | `type' | `fmt' | `vl' | `text' | `text0'"
local data : data label
display "`data'"
local n : list sizeof type
display `n'
local sorted : list sort lab
display "`sorted'"
quietly regress price mpg weight
local names : colnames e(b)
display "`names'"
local macros : e(macros)
display "`: word count `macros'' macros"
foreach v of varlist m* {
        local l : variable label `v'
        display "`v'" _column(12) "`l'"
}
