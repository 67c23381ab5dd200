"""Mending: a plan of steps, foreseen on the tree as it will be, and the journal by which they are done."""
