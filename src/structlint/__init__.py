"""structlint holds a repository against a picture of its structure."""

__version__ = "0.1.0"
