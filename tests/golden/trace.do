* Source: [P] trace; frames as in published traces, 79 columns wide
program define inner
        display "inside"
end
program define outer
        args what
        if "`what'" == "deep" {
                inner
        }
        display "`what'"
end
set trace on
outer deep
set trace off
outer flat
set tracedepth 1
set trace on
outer deep
