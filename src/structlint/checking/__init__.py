"""Runs one check, from the request to the findings of each project."""
