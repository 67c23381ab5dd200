"""Each example in the documentation, a layout and a tree, produces the printed output."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from structlint.checking.examples import run_example
from structlint.checking.pages import Example, examples
from structlint.tree.drawing import drawn

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/cases/*.md")])
EXAMPLES = [each for page in PAGES if page.name != "errors.md" for each in examples(page)]


TODAY = date(2026, 1, 1)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_ignored_files_of_the_tree_match_its_gitignore(example: Example) -> None:
    """A drawn file that `.gitignore` matches must be marked as ignored."""
    tree = drawn(example.tree, example.contents, in_git=True)
    assert tree.source.would_ignore([*tree.files, *tree.opaque]) == tree.ignored


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_output_of_the_example(example: Example) -> None:
    got = run_example(example, TODAY)
    assert got == example.output, "\n".join([f"{example.page}:{example.line}: got", *got])
