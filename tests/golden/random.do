* Source: seed 12345 as in published logs of Stata 18: mean .4837835, sd .3017227 of 74 draws
sysuse auto, clear
set seed 12345
generate u = runiform()
summarize u
set seed 12345
display runiform()
display u[1]
