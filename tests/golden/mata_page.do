* Source: [M-1] first and [M-5] st_data(), invsym(); the regression is [R] regress, price on mpg and weight
sysuse auto
mata
y = st_data(., "price")
X = st_data(., ("mpg", "weight")), J(st_nobs(), 1, 1)
b = invsym(X'X)*X'y
e = y - X*b
s2 = e'e/(rows(X) - cols(X))
se = sqrt(diagonal(s2*invsym(X'X)))
b, se, b:/se
st_matrix("b", b')
sqrt(5)
A = (1,2\3,4)
A[2,2] = 10
A[.,2]
total = 0
for (i=1; i<=cols(A); i++) {
    for (j=1; j<=rows(A); j++) {
        if (A[j,i] > 2) total = total + A[j,i]
        else printf("%g is small\n", A[j,i])
    }
}
total
real scalar square(real scalar x)
{
    return(x^2)
}
square(12)
st_view(Z=., ., "mpg")
mean(Z)
A + (1,2,3)
A[3,1]
st_data(., "make")
nosuch(1)
end
matrix list b
regress price mpg weight
mata: st_addvar("double", "lprice")
mata: st_store(., "lprice", ln(st_data(., "price")))
summarize lprice
