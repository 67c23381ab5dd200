"""Suggests a layout for a repository: a bundled one that fits, or one learned from the repository.

To learn, similar siblings become one entry with a placeholder, names that nearly all of them have are
required, and names that recur elsewhere are tied. Then the layout is tried on the repository and relaxed
until only outliers are left. Every step counts names and looks them up; it compares no pairs of directories.
"""
