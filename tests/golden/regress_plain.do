* Source: [R] regress, Example 1 (auto.dta); table as printed by Stata 17 and later
sysuse auto, clear
regress mpg weight foreign
display e(N) " " e(df_m) " " e(df_r) " " %9.4f e(F) " " %6.4f e(r2_a)
display "`e(cmd)' `e(depvar)' `e(vce)'"
