"""The formats in which a state of a figure can be had."""
