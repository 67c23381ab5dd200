"""One check, from what is asked for to the findings in each project."""
