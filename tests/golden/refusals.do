* Source: return codes of [P] error; texts of published logs
sysuse auto, clear
capture noisily summarize nosuch
capture noisily summarize, nosuch
capture noisily list in 1/100
capture noisily sysuse nosuch, clear
capture noisily use nosuch, clear
capture noisily nosuch price
generate x = 1
capture noisily use nosuch
capture noisily sysuse auto
capture noisily tabulate price mpg weight
capture noisily correlate make
capture noisily display price + make
capture noisily keep if make
