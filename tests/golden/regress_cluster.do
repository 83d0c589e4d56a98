* Source: layout of clustered tables in published logs of Stata 17; numbers checked with statsmodels
sysuse auto, clear
regress price mpg weight, vce(cluster rep78)
display e(N_clust) " " e(clustvar)
