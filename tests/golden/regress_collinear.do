* Source: notes and (omitted) rows as in published logs of Stata 17
sysuse auto, clear
generate double twice = 2*weight
regress mpg weight twice
regress mpg weight, noconstant
regress mpg weight [aweight=price]
