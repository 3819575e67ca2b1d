"""Films: a figure while one of its parameters moves."""
