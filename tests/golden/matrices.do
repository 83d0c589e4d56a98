* Source: [P] matrix define and [P] matrix utility
matrix A = (1,2\3,4)
matrix list A
matrix B = A*A'
matrix list B
matrix C = inv(A)
matrix list C
display A[1,2] " " rowsof(A) " " el(A,2,2) " " det(A) " " trace(A)
matrix rownames A = a b
matrix colnames A = x y
matrix D = A[1...,1], J(2,1,0)
matrix list D
matrix A[1,1] = 10
matrix list A, format(%5.1f)
matrix E = 2*I(3) - J(3,3,1)
matrix list E
local names : rownames A
display "`names'"
matrix dir
matrix drop B
capture noisily matrix list B
matrix F = (1,2,3)*A
