"""Tests that detect small mutations of the code that no other test detects."""

from __future__ import annotations

import pytest
from conftest import Make, Run

from structlint.layout.gitignore import Patterns, escape_pattern

MESSAGES = {
    "the first few of many alternatives": (
        "tree:\n  a | b | c | d | e | f | g:\n",
        "structlint.yaml",
        "a: error: missing file; expected `a`, `b`, `c`, `d` or one of 3 others",
    ),
    "all of a few alternatives": (
        "tree:\n  a | b | c | d | e:\n",
        "structlint.yaml",
        "a: error: missing file; expected `a`, `b`, `c`, `d` or `e`",
    ),
    "required in a missing directory": (
        "tree:\n  src/:\n    README.md?:\n    <m>/:\n      notes?:\n      main.py:\n",
        "structlint.yaml",
        "src/: error: missing directory; it must contain `<m>/main.py`",
    ),
    "required in a missing directory, real names": (
        "tree:\n  s/:\n    <service>/:\n      src/: {<m>.py: }\n      tests/: {test_<m>.py: }\n",
        "structlint.yaml s/a/src/app.py s/a/src/db.py s/b/src/mail.py",
        "s/a/tests/: error: missing directory; it must contain `test_app.py` and 1 more entry "
        "(structlint.yaml:5) [missing-directory] -- create it\n"
        "s/b/tests/: error: missing directory; it must contain `test_mail.py` (",
    ),
    "real name, defined in the root": (
        "tree:\n  s/: {<service>/: {.: A service}}\n  k8s/: {<service>.yaml: }\n",
        "structlint.yaml s/a/x",
        "k8s/: error: missing directory; it must contain `a.yaml` (",
    ),
    "path listed only by a placeholder": (
        "tree:\n  services/?:\n    <service>/?:\nimports:\n  layers: [services/cart/, services/mail/]\n",
        "structlint.yaml",
        "structlint.yaml:5: warning: `services/cart/` matches nothing",
    ),
}


@pytest.mark.parametrize(("layout", "files", "line"), MESSAGES.values(), ids=MESSAGES)
def test_messages(
    layout: str, files: str, line: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": layout, **dict.fromkeys(files.split()[1:], "")})
    monkeypatch.chdir(git.path)
    assert line in run("check", ".", "--output-format", "concise").out


@pytest.mark.parametrize("path", ["a b", "ab ", "a  ", " a", "a*", "[x]", "!a", "#a", "a\\b", "a?"])
def test_escaped_path_matches_only_itself(path: str) -> None:
    patterns = Patterns([f"/{escape_pattern(path)}"])
    assert patterns.match(path) is not None
    assert patterns.match(f"x{path}") is None
    assert patterns.match(f"{path}x") is None
