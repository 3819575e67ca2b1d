"""A site: its configuration, the immutable library of its essays, and reloading while files change."""
