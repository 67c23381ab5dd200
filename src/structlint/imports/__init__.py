"""The imports of source files, resolved to files of the tree or to external modules.

`structlint.imports.graph.Imports` is the entry point. A language finds the imports of a file in two steps.
`scan` reads only bytes and may report too much, but never too little. `confirm` decides with a parser which
of the results are imports. It runs only for files in which one of them would violate a rule.
"""
