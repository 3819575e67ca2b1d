"""How to share a budget of bits between sources: exact frontiers and searches."""
