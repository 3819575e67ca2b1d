"""Reading essay files: encoding, front matter, bibliography."""
