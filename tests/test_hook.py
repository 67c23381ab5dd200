"""`structlint hook`: what it answers to the events of coding agents. Its own failure never stops one."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest
from conftest import Git, Make, Run

LAYOUT = "tree:\n  README.md:\n  docs/: Documentation\n  src/:\n    app.py:\nbelongs: {'*.ipynb': docs/}\n"


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(
        {"structlint.yaml": LAYOUT, "README.md": "", "old.txt": "", "src/app.py": "", "docs/a": ""}
    )
    monkeypatch.chdir(git.path)
    return git


def sent(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


STRAY = (
    "notes.txt does not fit the layout of this repository: stray file (structlint.yaml:2) [stray-file]. "
    "Move it to where it belongs, remove it, or list it in the layout.\n"
)
HOME = (
    "x.ipynb does not fit the layout of this repository: misplaced: *.ipynb belongs in docs/ "
    "(structlint.yaml:6) [misplaced-file]. Write docs/x.ipynb instead.\n"
)
PATCH = "*** Begin Patch\n*** Add File: notes.txt\n+x\n*** Update File: src/app.py\n*** End Patch\n"

EVENTS = [
    ("Claude Code", {"tool_name": "Write", "tool_input": {"file_path": "notes.txt", "content": "x"}}, STRAY),
    ("where it belongs", {"tool_name": "Write", "tool_input": {"file_path": "x.ipynb"}}, HOME),
    ("a notebook", {"tool_name": "NotebookEdit", "tool_input": {"notebook_path": "x.ipynb"}}, HOME),
    ("an edit of what is there", {"tool_name": "Edit", "tool_input": {"file_path": "old.txt"}}, ""),
    ("what may be there", {"tool_name": "Write", "tool_input": {"file_path": "docs/deep/b.md"}}, ""),
    ("a file that is read", {"tool_name": "Read", "tool_input": {"file_path": "notes.txt"}}, ""),
    ("Gemini CLI", {"tool_name": "write_file", "tool_input": {"absolute_path": "notes.txt"}}, STRAY),
    ("Copilot", {"toolName": "create", "toolInput": {"path": "notes.txt"}}, STRAY),
    ("Cursor", {"tool_name": "edit_file", "arguments": {"target_file": "notes.txt"}}, STRAY),
    ("Windsurf", {"file_path": "notes.txt"}, STRAY),
    (
        "an editor tool",
        {"tool_name": "editor", "tool_input": {"command": "create", "path": "notes.txt"}},
        STRAY,
    ),
    ("its view", {"tool_name": "editor", "tool_input": {"command": "view", "path": "notes.txt"}}, ""),
    ("Codex", {"tool_name": "apply_patch", "tool_input": {"input": PATCH}}, STRAY),
    (
        "a patch as a command",
        {"tool_name": "shell", "tool_input": {"command": ["apply_patch", PATCH]}},
        STRAY,
    ),
    ("another command", {"tool_name": "Bash", "tool_input": {"command": "touch notes.txt"}}, ""),
    ("elsewhere", {"tool_name": "Write", "tool_input": {"file_path": "/nowhere/at/all.txt"}}, ""),
    (
        "Cursor, before a tool",
        {"tool_name": "Write", "tool_input": {"file_path": "notes.txt"}, "workspace_roots": ["."]},
        STRAY,
    ),
    ("nothing", {}, ""),
]


@pytest.mark.parametrize(("event", "said"), [case[1:] for case in EVENTS], ids=[case[0] for case in EVENTS])
def test_events(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, event: dict[str, object], said: str
) -> None:
    sent(monkeypatch, json.dumps(event))
    assert run("hook") == ((2, "", said) if said else (0, "{}\n", ""))


def test_the_directory_that_the_agent_is_in(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, json.dumps({"cwd": str(shop.path), "tool_input": {"file_path": "notes.txt"}}))
    monkeypatch.chdir("/")
    assert run("hook").err == STRAY


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"1",
    b"\xff",
    b"[" * 100_000,
    b'{"tool_input": 1}',
    b'{"tool_input": {"path": 1}}',
]
BROKEN += [b'{"tool_input": {"path": "a\\u0000b"}}', b'{"cwd": [], "tool_input": {"path": "x"}}']


@pytest.mark.parametrize("text", BROKEN, ids=[repr(each[:20]) for each in BROKEN])
def test_what_is_no_event_stops_nobody(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    sent(monkeypatch, text)
    assert run("hook").status in (0, 2)
    assert run("hook").err == ""


def test_a_wrong_option_stops_nobody(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, json.dumps({"tool_input": {"file_path": "docs/b.md"}}))
    assert run("hook", "--event", "PreToolUse", "more") == (0, "{}\n", "")


def test_a_broken_layout_stops_nobody(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.path / "structlint.yaml").write_text("tree: [")
    sent(monkeypatch, json.dumps({"tool_input": {"file_path": "notes.txt"}}))
    assert run("hook") == (0, "{}\n", "")
    (shop.path / "structlint.yaml").unlink()
    sent(monkeypatch, json.dumps({"tool_input": {"file_path": "notes.txt"}}))
    assert run("hook") == (0, "{}\n", "")
