"""Noisy channels, discrete and Gaussian."""
