* Source: return codes of [P] error; texts from published logs
sysuse auto, clear
capture noisily regress price nosuch
capture noisily regress make price
capture noisily regress price mpg, nosuch
capture noisily regress price mpg, vce(nosuch)
capture noisily regress price mpg if price > 100000
capture noisily regress price L.mpg
capture noisily regress
