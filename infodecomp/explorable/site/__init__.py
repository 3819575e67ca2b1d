"""A site: its configuration, the immutable library of its essays and figures, and reloading while files change."""
