"""Drawn trees: documents read as layouts, and layouts drawn in documents."""

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".txt")


def is_document(name: str) -> bool:
    """Whether a file of this name is read as a document with drawn trees, and not as YAML."""
    return name.lower().endswith(_SUFFIXES)
