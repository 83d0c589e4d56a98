* Source: error texts of published logs of Stata 15 to 18
capture noisily foo
capture noisily display x
capture noisily do nowhere
capture noisily exit, foo
capture noisily error 2000
capture noisily display "a
capture noisily confirm number seven
capture noisily program drop nothing
capture noisily set linesize 5
display 1
foo
display "not reached"
