"""The imports of source files: what a file imports, and which file or module outside that is.

`structlint.imports.graph.Imports` is the way in. A language finds imports in the text of a file in two steps.
`scan` looks at bytes only and may report too much, never too little. `confirm` decides with a parser which of
those are imports, and runs only for files in which one of them would break a rule.
"""
