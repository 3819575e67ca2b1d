"""Tables that do not fit into memory: read twice, in batches, and kept as small codes in a mapped file."""
