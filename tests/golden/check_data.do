* Source: [D] assert, [D] isid, [D] duplicates
sysuse auto, clear
assert price > 0
capture noisily assert price > 4000
capture noisily isid rep78
isid make
duplicates report foreign
capture noisily duplicates drop foreign
duplicates drop foreign, force
count
