"""The tree: the files and directories of a repository, as a value. `structlint.tree.scan` reads it."""

from structlint.tree.model import ContentSource, Directory, Link, Tree, holds, holds_below, resolve_links

__all__ = ["ContentSource", "Directory", "Link", "Tree", "holds", "holds_below", "resolve_links"]
