"""Sparse parity: networks that learn whether a few of many digits hold an odd number of ones."""
