* Source: [R] test, [R] regress postestimation, [R] lincom
sysuse auto, clear
regress price weight mpg foreign
test weight mpg
test weight = 3
test (weight = mpg) (foreign = 0)
return list
predict fitted
predict double gap, residuals
predict se, stdp
summarize fitted gap se
lincom weight + 2*mpg
regress price i.rep78 mpg
testparm i.rep78
capture noisily test nosuch
