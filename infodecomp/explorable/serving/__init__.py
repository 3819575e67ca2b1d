"""Serving without a framework: settings, response cache, limits, logs, event streams and feedback."""
