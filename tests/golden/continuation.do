* Source: [P] comments and [P] #delimit
display "one" ///
        "two"
display /* inside */ "three" // behind
display "four" /*
        */ "five"
* a comment ///
  that goes on
#delimit ;
display "six"
        "seven";
* a comment
  until the semicolon;
display "eight";
#delimit cr
display "nine"
