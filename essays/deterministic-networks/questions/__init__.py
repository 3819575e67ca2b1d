"""Information of what, with what, given what."""
