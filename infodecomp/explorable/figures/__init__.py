"""Figures and their typed parameters."""
