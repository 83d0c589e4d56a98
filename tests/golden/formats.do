* Source: [D] format; general formats as measured in published logs
display %9.2f 1234567.891, %12.2fc 1234567.891, %-9.1f 2.31 "|"
display %9.0g 1234567.891, %9.0g .000012345, %9.0g 123456789, %10.0g 1/3
display %8.0gc 15906, %10.3e 12345.678, %05.1f 3.14159
display %10s "right" "|" %-10s "left" "|" %~10s "mid" "|"
display 100000000, 12345678, 1e-6, -0.5, 1e10
display %21x 1
display 1/3, 2/3, 1e300*1e10
display %9.2f ., %9.0g .b
clear
set obs 1
generate double x = 1234.5678
format x %9.1f
list
capture noisily format x %s
capture noisily format x nonsense
