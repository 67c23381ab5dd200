"""Defines the layout language, and reads files in it. See `structlint.layout.load`."""

from structlint.markdown import is_document

NAMES = ("structlint.yaml", ".structlint.yaml")  # of the layout of a project
NAMED = "use a name that ends in .yaml or .yml, or a document such as README.md"


def is_layout(path: str) -> bool:
    """Whether a file has the name of a layout and is not part of git's own data."""
    steps = path.replace("\\", "/").lower().split("/")
    return ".git" not in steps and (steps[-1].endswith((".yaml", ".yml")) or is_document(steps[-1]))
