* Source: [R] test, [R] regress postestimation, [R] lincom
sysuse auto, clear
regress price weight mpg foreign
test weight mpg
test weight = 3
test (weight = mpg) (foreign = 0)
display r(df) " " %8.4f r(F)
predict fitted
predict double gap, residuals
assert abs(price - fitted - gap) < .01
predict se, stdp
summarize fitted se
lincom weight + 2*mpg
regress price i.rep78 mpg
testparm i.rep78
capture noisily test nosuch
