* Source: [M-1] interactive and [M-3] mata
mata
x = 1+2
x
"some text"
A = (1,2\3,4)
A
A*A'
sum(A)
nosuch

// a comment leaves no blank row
st_local("fromMata", "macro")
st_numscalar("s", x)
end
display "`fromMata' " s
mata: x*2
mata:
nosuch
end
