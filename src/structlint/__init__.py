"""structlint checks that a repository matches its declared structure."""

__version__ = "0.1.0"
