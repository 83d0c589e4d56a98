* Source: [D] merge; table of Stata 17 and later
clear
input id str5 name
1 "one"
2 "two"
4 "four"
end
tempfile names
quietly save "`names'", replace
clear
input id value
1 10
1 11
2 20
3 30
end
merge m:1 id using "`names'"
list
tabulate _merge
drop _merge
capture noisily merge 1:1 id using "`names'"
merge m:1 id using "`names'", keep(match) nogenerate keepusing(name)
list, clean
