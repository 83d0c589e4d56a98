* Source: [D] append
clear
input id str5 name
1 "one"
2 "two"
end
tempfile names
quietly save "`names'"
clear
input byte id str8 name x
3 "thirteen" 0.5
end
append using "`names'", generate(source)
list
