"""`structlint test` runs the examples of a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Make, Run

from structlint.checking.pages import examples

ROOT = Path(__file__).parent.parent

PAGE = """\
# What our layout allows

A service without a README:

```tree
services/
  billing/
    main.py
```
```console
$ structlint check .
%s
```

Another layout, in the example itself:

```yaml
tree:
  src/:
```
```tree
lib/
  a.py
src/
  a.py
```
```console
$ structlint check . --select 'stray-*'
lib/: error: unlisted directory (structlint.yaml:1) [stray-directory] -- HINT
```
""".replace("HINT", "move it, remove it, or list it in the layout")
MISSING = "services/billing/README.md: error: missing file (structlint.yaml:4) [missing-file] -- create it"
LAYOUT = "tree:\n  services/:\n    <service>/:\n      README.md:\n"


def test_passing_examples(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"structlint.yaml": LAYOUT, "docs/LAYOUT.md": PAGE % MISSING})
    monkeypatch.chdir(git.path)
    assert run("test") == (0, "", "All examples passed (2)\n")


def test_failing_example(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"structlint.yaml": LAYOUT, "tests/layout.md": PAGE % "nothing to see\x1b[31m"})
    monkeypatch.chdir(git.path)
    shown = f'tests/layout.md:5: the output differs\n@@ -1 +1 @@\n-"nothing to see\\x1b[31m"\n+{MISSING}\n'
    assert run("test") == (1, shown, "1 of 2 examples failed\n")


TREE = "```tree\na\n```\n```console\n$ structlint check .%s\n```\n"


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("# Nothing\n", "page.md: no example found; end one with a `console` block"),
        ("```tree\na\n", "page.md:1: this fence is never closed"),
        (TREE.replace("a\n", "a\n    c\n") % "", "page.md:1: line 2: 'c': indented too deep"),
        (TREE % " --fix", "page.md:1: --fix: an example supports only --layout, --select and --ignore"),
        (TREE % "", "page.md:1: no such file: `structlint.yaml`"),
        (TREE % " '", "page.md:4: the first line is not"),
        (None, "no such file: `page.md`"),
    ],
)
def test_invalid_pages(
    page: str | None, message: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page is not None:
        (tmp_path / "page.md").write_text(page, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    status, out, err = run("test", "page.md")
    assert (status, out) == (2, "")
    assert message in err


def test_test_without_a_page(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("test").status == 2


def test_pages_of_the_documentation(run: Run) -> None:
    """Two pages; `test_pages_run` runs the examples on all pages."""
    pages = [str(ROOT / page) for page in ("docs/documents.md", "docs/rules/stray-file.md")]
    assert all(examples(Path(page)) for page in pages)
    status, out, err = run("test", *pages)
    assert (status, out) == (0, "")
    assert err.startswith("All examples passed")
