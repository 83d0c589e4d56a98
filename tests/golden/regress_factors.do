* Source: [U] 11.4.3 and published logs of Stata 17 for factor variables; numbers checked with statsmodels
sysuse auto, clear
regress price weight i.foreign
regress price i.rep78 mpg
regress price i.foreign##c.mpg
regress price ib3.rep78
regress price i.rep78##i.foreign
regress price c.mpg##c.mpg
