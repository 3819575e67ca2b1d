"""Estimators of mutual information from samples; every one returns an `Estimate`."""
