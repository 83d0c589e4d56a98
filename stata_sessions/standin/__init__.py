"""A Stata-like console of its own, for newcomers, demonstrations and tests. It is not Stata."""
