* Source: [P] program, [P] return and [P] syntax
program define hello
        args name
        display "hello, `name'"
end
hello "there you"
program define area, rclass
        syntax anything(name=side) [, Height(real 1) QUIet TITle(string)]
        if "`quiet'" == "" {
                display "`title'" `side'*`height'
        }
        return scalar area = `side'*`height'
        return local title "`title'"
end
area 4, h(2.5) tit("area: ")
return list
area 3, quiet
display r(area)
capture noisily area 3, colour(red)
display _rc
program list hello
program drop hello
capture hello
display _rc
