"""Drawn trees: reads documents as layouts, and draws layouts in documents."""

import re

DOCUMENT_SUFFIXES = (
    ".md",
    ".markdown",
    ".mdown",
    ".mkd",
    ".mdx",
    ".mdc",
    ".txt",
    ".rst",
    ".adoc",
    ".asciidoc",
)
_MARKER = rb"<!--\s*/?\s*structlint:(?!\s*(?:ignore|layout)\s*-->)"


def is_document(name: str) -> bool:
    """Whether a file of this name is read as a document with drawn trees, and not as YAML."""
    return name.lower().endswith(DOCUMENT_SUFFIXES)


def is_marked(data: bytes) -> bool:
    """Whether a document may contain the markers of a tree that structlint updates; a cheap test."""
    return re.search(_MARKER, data) is not None
