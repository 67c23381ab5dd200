"""Trees from git: the work tree, the index and revisions."""
