"""The figures of "When does a network stop memorising and start to understand?", in its order."""
