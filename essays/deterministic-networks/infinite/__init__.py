"""Exact information, which is infinite or everything."""
