"""Each example in the documentation, a layout and a tree, produces the printed output."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from structlint.checking.examples import run_example
from structlint.checking.pages import examples
from structlint.tree.drawing import drawn

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/cases/*.md")])
EXAMPLES = {
    page.relative_to(ROOT).as_posix(): found
    for page in PAGES
    if page.name != "errors.md" and (found := list(examples(page)))
}


TODAY = date(2026, 1, 1)


@pytest.mark.parametrize("page", EXAMPLES)
def test_ignored_files_of_the_trees_match_their_gitignore(page: str) -> None:
    """A drawn file that `.gitignore` matches must be marked as ignored."""
    for example in EXAMPLES[page]:
        tree = drawn(example.tree, example.contents, in_git=True)
        assert tree.source.would_ignore([*tree.files, *tree.opaque]) == tree.ignored, str(example)


@pytest.mark.parametrize("page", EXAMPLES)
def test_output_of_the_examples(page: str) -> None:
    got = {str(example): run_example(example, TODAY) for example in EXAMPLES[page]}
    expected = {str(example): example.output for example in EXAMPLES[page]}
    wrong = [name for name in expected if got[name] != expected[name]]
    assert len(got) == len(EXAMPLES[page])
    assert wrong == [], "\n".join(line for name in wrong for line in (f"{name}: got", *got[name]))
