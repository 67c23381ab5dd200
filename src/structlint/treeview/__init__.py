"""What a layout lists and what is there, as one picture: for a terminal, and for the trees of documents.

A document draws what the layout lists and is there or required. A terminal shows besides what is missing
and what is stray. Files of a pattern stand as the layout writes them, once; directories of a pattern stand
by their own names.
"""
