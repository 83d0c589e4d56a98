* Source: [P] preserve
sysuse auto, clear
preserve
keep if foreign
count
restore
count
preserve
drop price
restore, not
capture noisily describe price
capture noisily restore
