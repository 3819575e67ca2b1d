"""Marks, scales and plots, rendered to SVG."""
