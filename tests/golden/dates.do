* Source: [D] Datetime and [D] Datetime display formats
display mdy(3, 15, 2021), %td mdy(3, 15, 2021)
display date("15 March 2021", "DMY"), date("3/15/21", "MDY", 2050), td(15mar2021)
display %tdCCYY-NN-DD td(1jan2020), %tdDD/NN/YY td(1jan2020), %tdMonth_dd,_CCYY td(4jul1976)
display year(22354), month(22354), day(22354), dow(22354), doy(22354)
display %tm ym(2021, 3), %tq yq(2021, 1), %tm mofd(22354), %ty 2021
display %tc clock("15mar2021 10:30:15", "DMYhms")
display %td dofm(ym(2021, 3)), quarter(22354), week(22354)
display mdy(2, 30, 2021)
clear
set obs 3
generate day = td(28feb2020) + _n - 1
format day %td
list
