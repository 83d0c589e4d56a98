* Source: [P] tokenize and [P] gettoken
tokenize some words
display "1=|`1'|, 2=|`2'|, 3=|`3'|"
tokenize "some more words"
display "1=|`1'|, 2=|`2'|, 3=|`3'|, 4=|`4'|"
tokenize `""Marcello Pagano""Rino Bellocco""'
display "1=|`1'|, 2=|`2'|, 3=|`3'|"
local str "A strange++string"
tokenize `str'
display "1=|`1'|, 2=|`2'|, 3=|`3'|"
tokenize `str', parse(" +")
display "1=|`1'|, 2=|`2'|, 3=|`3'|, 4=|`4'|, 5=|`5'|, 6=|`6'|"
local list "cat and mouse"
gettoken animal list : list
display `"`animal'"'
display `"`list'"'
local list "cat and mouse"
gettoken animal : list
display `"`list'"'
