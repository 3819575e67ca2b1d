"""Parameters and figures: typed parameters, compute and draw."""
