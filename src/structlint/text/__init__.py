"""Text: letter cases, quoting, and suggestions for misspelled names."""
