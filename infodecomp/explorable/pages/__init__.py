"""HTML pages, assembled from templates."""
