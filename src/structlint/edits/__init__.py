"""Changes to a repository as values, and what new files contain."""
