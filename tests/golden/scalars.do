* Source: [P] scalar and [U] 13
scalar root2 = sqrt(2)
scalar greeting = "hello"
display root2
display %12.9f root2 " " greeting
scalar list root2
display 1/0 " " .a " " (. > 1e300)
display 5/2 " " -5/2 " " 2^10 " " 1e-5 " " 123456789 " " 0.1
display %5.1f 2.26 "|" %-8.2f 2.5 "|" %8.0g 1/3 "|" %10.2e 12345
display "abc" + "def", length("abc"), upper("abc")
display int(2.7) " " round(2.567, .01) " " mod(7, 3) " " max(1, 5, .)
