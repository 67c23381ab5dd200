"""The tree: what a repository holds, as a value. See `structlint.tree.scan` for where it comes from."""

from structlint.tree.model import Directory, Link, Source, Tree, holds, resolved

__all__ = ["Directory", "Link", "Source", "Tree", "holds", "resolved"]
