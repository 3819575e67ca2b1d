"""Information after binning."""
