"""Readers' own tables: where they are stored, and the routes that take, decompose and delete them."""
