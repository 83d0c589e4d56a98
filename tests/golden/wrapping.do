* Source: output and echo of published logs at several line sizes
set linesize 60
display "0123456789012345678901234567890123456789012345678901234567890123456789"
local a "a macro that is long enough to make the echo of this very line wrap, twice perhaps, who knows"
set linesize 40
display "> looks like a wrapped row but is not"
display "abc" _column(35) "0123456789"
set linesize 80
display "{hline 20}" _newline "{col 5}column five"
display "one" _newline(2) "two" _skip(3) "three" _dup(2) "x"
