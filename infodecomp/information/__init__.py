"""Entropies, mutual informations and their decompositions."""
