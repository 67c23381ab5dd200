"""The tree: what a repository holds, as a value. See `structlint.tree.scan` for where it comes from."""

from structlint.tree.model import ContentSource, Directory, Link, Tree, holds, resolve_links

__all__ = ["ContentSource", "Directory", "Link", "Tree", "holds", "resolve_links"]
