* Source: [R] correlate; layout of published logs (auto.dta)
sysuse auto, clear
correlate price mpg weight length
correlate mpg weight, covariance
pwcorr price rep78, sig obs star(.05)
