"""Small ill-behaved consoles for tests; ``light.py`` is the program, see README.rst."""
