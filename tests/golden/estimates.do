* Source: [R] estimates store and [R] estimates table; layout of published logs
sysuse auto, clear
quietly regress price mpg
estimates store small
quietly regress price mpg weight foreign
estimates store large
estimates table small large
estimates table small large, b(%9.3f) se(%9.3f) stats(N r2)
estimates restore small
display e(df_m)
capture noisily estimates restore nosuch
quietly regress price mpg i.foreign
estimates store factor
estimates table small factor, star
