"""Two Gaussian messages about a small board, trained together, and the information in them."""
