* Source: [D] label; texts of published logs
sysuse auto, clear
label list
label define yesno 0 "no" 1 "yes"
generate costly = price > 6000
label values costly yesno
label variable costly "Price above 6,000"
tabulate costly
label dir
label list yesno
capture noisily label define yesno 2 "maybe"
label define yesno 2 "maybe", add
label list yesno
capture noisily label list nosuch
label data "Cars"
decode foreign, generate(origin)
list make origin costly in 52/53
encode origin, generate(code)
list origin code in 52/53, nolabel
label list code
