"""A layout learned from a repository: what it holds alike in many places, and what breaks that.

Siblings that hold the same become one entry with a placeholder, what nearly all of them have is required,
and names that come again elsewhere are tied. What is learned is then held against the repository, and
loosened until all that it finds is what few do otherwise: the outliers. Every step counts names and looks
them up; no two directories are compared with one another.
"""
