"""Estimation: terms, designs, fits, variances and their tables."""
