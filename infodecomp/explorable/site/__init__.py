"""A folder of essays and figures."""
