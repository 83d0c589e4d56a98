* Source: [R] ttest, Example 1: mpg == 20 (auto.dta), and two samples by foreign
sysuse auto, clear
ttest mpg == 20
ttest mpg, by(foreign)
display %9.4f r(t) " " r(df_t) " " %6.4f r(p)
ttest mpg, by(foreign) unequal
