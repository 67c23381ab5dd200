"""Fixes: a plan of steps, tried on the tree as it will be, and the journal with which they are applied."""
