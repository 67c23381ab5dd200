"""The expected and the actual tree as one tree: for a terminal, and for marked trees in documents.

A document draws the listed paths that exist or are required. A terminal also shows missing and unlisted
paths. Files that match a pattern are drawn once, as the pattern; directories are drawn by their names.
"""
