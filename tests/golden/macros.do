* Source: [P] macro and [P] macro lists, the manual's rules with small values
local one 2+2
local two = 2+2
display "`one' `two'"
global path "/tmp"
display "$path/file ${path}2"
local i 6
local x6 "indirect"
display "`x`i''"
display "`=`i'^2'"
local ++i
display `i--' " " `i'
local names "a b c b"
local u : list uniq names
local n : word count `names'
local third : word 3 of `names'
display "`u' | `n' | `third'"
local d : display %8.3f 1/3
display "[`d']"
local quoted `"he said "yes""'
display `"`quoted'"'
macro drop path
display "[$path]"
