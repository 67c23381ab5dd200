"""Layouts: the language, and how a file of it becomes a value. See `structlint.layout.load`."""
