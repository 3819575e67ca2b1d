"""Serving: what a server of figures needs and no framework brings. Settings, places, limits, logs, and its description."""
