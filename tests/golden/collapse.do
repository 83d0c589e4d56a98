* Source: [D] collapse
sysuse auto, clear
collapse (mean) price mpg (sd) sdprice=price (median) med=price (count) n=rep78 (max) top=price, by(foreign)
list
describe
sysuse auto, clear
collapse (sum) total=price [fweight=rep78]
list
