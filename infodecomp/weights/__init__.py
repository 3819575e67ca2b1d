"""Information in the weights of a network, and what weights drawn from a posterior know."""
