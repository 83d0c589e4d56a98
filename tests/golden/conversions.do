* Source: [D] destring and tostring; messages of published logs
clear
input str8 a str8 b str8 c
"1" "1,200" "x"
"2.5" "$3" "4"
"" "7" "."
end
destring a, replace
destring b, generate(bn) ignore("$,")
destring c, replace
destring c, replace force
tostring bn, generate(bs)
describe
list
