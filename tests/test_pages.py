"""The parser of the examples in documentation pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from structlint.checking.pages import Example, examples
from structlint.errors import CannotCheck
from structlint.tree.drawing import drawn

PAGE = """\
# stray-directory

Some words, and a block that is no example:

```console
$ git mv a b
```

```yaml
tree:
  src/:
```

```tree
.gitignore
src/
  a.py
old/
  ```x
  compose.yaml
```

```gitignore
*.log
```

```yaml title="old/compose.yaml"
services: {}
```

```console
$ structlint check . --ignore "a,b"
old/: error: unlisted directory

  indented
```

## Without a layout

~~~~tree
.
└── a
~~~~
````console
$ structlint check .
````

```sh
echo done
```
"""


def write_page(directory: Path, text: str) -> Path:
    path = directory / "stray-directory.md"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def test_examples_of_a_page(tmp_path: Path) -> None:
    path = write_page(tmp_path, PAGE)
    first, second = examples(path)
    assert first == Example(
        page=path,
        line=9,
        layout="tree:\n  src/:\n",
        tree=".gitignore\nsrc/\n  a.py\nold/\n  ```x\n  compose.yaml\n",
        contents={".gitignore": "*.log\n", "old/compose.yaml": "services: {}\n"},
        arguments=["check", ".", "--ignore", "a,b"],
        output=["old/: error: unlisted directory", "", "  indented"],
    )
    assert second == Example(path, 40, None, ".\n└── a\n", {}, ["check", "."], [])
    assert str(second) == "stray-directory:40"
    assert drawn(first.tree, first.contents).source.read(".gitignore") == b"*.log\n"


def test_page_with_crlf(tmp_path: Path) -> None:
    path = write_page(tmp_path, "```tree\r\na\r\n```\r\n```console\r\n$ structlint check .\r\nx\r\n```\r\n")
    assert [(example.tree, example.output) for example in examples(path)] == [("a\n", ["x"])]


def blocks(*languages: str) -> str:
    texts = {"tree": "a\n", "console": "$ structlint check .\n"}
    return "".join(f"```{each}\n{texts.get(each, '')}```\n" for each in languages)


def console(command: str) -> str:
    return f"```tree\n```\n```console\n{command}\n```\n"


INVALID_PAGES = {
    "a tree without a console": (blocks("tree"), "1: expected a `console` block"),
    "a layout without a console": (blocks("yaml"), "1: expected a `console` block"),
    "a console without a tree": (blocks("console"), "1: expected a tree before this block"),
    "a layout and a console": (blocks("yaml", "console"), "3: expected a tree before this block"),
    "two trees": (blocks("tree", "tree", "console"), "4: unexpected block"),
    "two layouts": (blocks("yaml", "yaml", "tree", "console"), "3: unexpected block"),
    "a layout after its tree": (blocks("tree", "yaml", "console"), "4: unexpected block"),
    "content before the tree": (blocks("gitignore", "tree", "console"), "1: unexpected block"),
    "duplicate content": (blocks("tree", "gitignore", "gitignore"), "6: unexpected block"),
    "another language": (blocks("tree", "sh", "console"), "4: unexpected block"),
    "another command": (console("$ git status"), "3: the first line is not"),
    "another structlint command": (console("$ structlint fix"), "3: the first line is not"),
    "missing command": (console("a: error"), "3: the first line is not"),
    "an open fence": ("```tree\na\n", "1: this fence is never closed"),
    "a fence closed by a shorter one": ("````tree\na\n```\n", "1: this fence is never closed"),
    "an indented fence": ("- a\n\n  ```tree\n  a\n  ```\n", "3: a fence must not be indented"),
}


@pytest.mark.parametrize(("text", "message"), INVALID_PAGES.values(), ids=INVALID_PAGES)
def test_invalid_page(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CannotCheck, match=rf"stray-directory\.md:{message}"):
        examples(write_page(tmp_path, text))
