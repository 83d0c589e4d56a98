"""Sessions under random treatment: ``python -m tests.soak --operations 10000 --seed 1``."""
