* Source: G. Rodriguez, Stata logs to Generalized Linear Models, 2.4 to 2.8, as run with Stata 17
set linesize 90
input str14 country setting effort change
"Bolivia" 46 0 1
"Brazil" 74 0 10
"Chile" 89 16 29
"Colombia" 77 16 25
"CostaRica" 84 21 29
"Cuba" 89 15 40
"DominicanRep" 68 14 21
"Ecuador" 70 6 0
"ElSalvador" 60 13 13
"Guatemala" 55 9 4
"Haiti" 35 3 0
"Honduras" 51 7 7
"Jamaica" 87 23 21
"Mexico" 83 4 9
"Nicaragua" 68 0 7
"Panama" 84 19 22
"Paraguay" 74 3 6
"Peru" 73 0 2
"TrinidadTobago" 84 15 29
"Venezuela" 91 7 11
end
label variable change "% Change in CBR between 1965 and 1975"
label variable effort "Program Effort"
regress change
regress change setting
display e(mss)/(e(mss)+e(rss))
scalar rss1 = e(rss)
regress change setting effort
scalar rss2 = e(rss)
display "partial correlation = " sqrt((rss1 - rss2)/rss1)
recode setting (min/69=1 "Low") (70/79=2 "Medium") (80/max=3 "High"), ///
    gen(setting_g)
recode effort (0/4=1 "Weak") (5/14=2 "Moderate") ///
    (15/max=3 "Strong"), gen(effort_g)
tabulate effort_g, summarize(change)
regress change i.setting_g
testparm i.setting_g
regress change i.setting_g i.effort_g
regress change i.setting_g##i.effort_g
testparm i.setting_g#i.effort_g
quietly summarize setting
generate setting_c = setting - r(mean)
regress change setting_c i.effort_g
generate adj_change = change - _b[setting_c]*setting_c
tabstat change adj_change, by(effort_g) statistics(mean)
regress change setting_c i.effort_g c.setting_c#i.effort_g
testparm c.setting_c#i.effort_g
