"""What a fixed function of its input knows: exactly, binned, in finitely many digits, with noise, usably."""
