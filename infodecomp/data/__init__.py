"""Data that comes with the package, and what it means."""
