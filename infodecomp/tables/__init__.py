"""Tables of any size: how their files are read, what each column is taken for, and its levels as codes."""
