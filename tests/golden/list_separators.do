* Source: [D] list, options sepby(), separator(), abbreviate(), nolabel
sysuse auto, clear
list make foreign in 51/54, sepby(foreign)
list make foreign in 51/54, nolabel separator(2)
list displacement gear_ratio in 1/2, abbreviate(12)
list make rep78 if rep78 == ., noheader
list make if price > 100000
