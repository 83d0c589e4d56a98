* Source: [P] return, [P] _return and [P] ereturn
program define stats, rclass
        return scalar n = 3
        return local who "me"
        matrix A = (1,2)
        return matrix pair A
end
stats
return list
_return hold mine
return list
_return restore mine
display r(n) " `r(who)'"
matrix b = (1.5, 2)
matrix colnames b = x _cons
matrix V = (4, 0 \ 0, 9)
matrix colnames V = x _cons
matrix rownames V = x _cons
ereturn post b V, obs(10) dof(8) depname(y)
ereturn list
display _b[x] " " _se[x] " " _b[_cons] " " e(N)
