"""Information with noise in outputs or weights."""
