"""Plans fixes, tries them on a copy of the tree, and applies them with a journal."""
