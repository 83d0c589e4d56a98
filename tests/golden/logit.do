* Source: [R] logit, Example 1 (auto.dta); the steps between the first and the last are our own
sysuse auto, clear
logit foreign weight mpg
display %9.5f e(ll_0) %9.4f e(r2_p)
test weight mpg
predict p
summarize p
logit foreign weight mpg, or nolog
