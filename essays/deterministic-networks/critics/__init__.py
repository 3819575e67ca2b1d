"""Estimates of information, by critics and others."""
