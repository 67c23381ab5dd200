"""The version, in the one place from which the distribution and all output have it."""

__version__ = "0.1.0"
