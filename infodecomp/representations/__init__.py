"""Comparing what layers of networks represent: classes under a tolerance, soft kernels, geometry, logic."""
