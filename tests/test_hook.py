"""`structlint hook`: what it answers to the events of coding agents. Its own failure never stops one."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Git, Make, Run

LAYOUT = """\
tree:
  README.md:
  docs/: Documentation
  src/:
    app.py:
belongs: {'*.ipynb': docs/}
"""


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(
        {
            "structlint.yaml": LAYOUT,
            "README.md": "",
            "old.txt": "",
            "src/app.py": "",
            "docs/a": "",
            "olddir/a": "",
        }
    )
    monkeypatch.chdir(git.path)
    return git


def sent(monkeypatch: pytest.MonkeyPatch, event: object) -> None:
    data = event if isinstance(event, bytes) else json.dumps(event).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


NO = "structlint: not allowed by the layout of this repository\n"
STRAY = (
    f"{NO}notes.txt: not allowed; unlisted file (structlint.yaml:1) [stray-file]; "
    "write it elsewhere, or list it in the layout\n"
)
HOME = (
    f"{NO}x.ipynb: not allowed; misplaced file; `*.ipynb` belongs in `docs/` (structlint.yaml:6) "
    f"[misplaced-file]; "
    "use `docs/x.ipynb`\n"
)
DIRECTORY = (
    f"{NO}notes/: not allowed; unlisted directory (structlint.yaml:1) [stray-directory]; "
    "write it elsewhere, or list it in the layout\n"
)
PASSES = ""
PATCH = "*** Begin Patch\n*** Add File: notes.txt\n+x\n*** Update File: src/app.py\n*** End Patch\n"
RENAMES = "*** Begin Patch\n*** Update File: old.txt\n*** Move to: notes.txt\n*** End Patch\n"


def using(name: str, **given: object) -> dict[str, object]:
    """An event as most agents send it."""
    return {"tool_name": name, "tool_input": given}


EVENTS: list[tuple[str, dict[str, Any], str]] = [
    # As the agents document them.
    ("Claude Code", using("Write", file_path="notes.txt", content="x"), STRAY),
    ("Claude Code, a notebook", using("NotebookEdit", notebook_path="x.ipynb"), HOME),
    ("Claude Code, a read", using("Read", file_path="notes.txt"), PASSES),
    ("Claude Code, a search", using("Grep", pattern="x", path="nowhere"), PASSES),
    ("Claude Code, a listing", using("LS", path="nowhere"), PASSES),
    ("Claude Code, a command", using("Bash", command="touch notes.txt"), PASSES),
    ("Claude Code, another server", using("mcp__read_later__save", path="notes.txt"), STRAY),
    (
        "Cursor, a server's tool",
        {"hook_event_name": "beforeMCPExecution", "tool_name": "put", "tool_input": '{"path": "notes.txt"}'},
        STRAY,
    ),
    ("Cursor, a read", {"hook_event_name": "beforeReadFile", "file_path": "notes.txt"}, PASSES),
    ("Cursor, a deletion", using("Delete", path="notes.txt"), PASSES),
    ("Gemini CLI", {"hook_event_name": "BeforeTool", **using("write_file", file_path="notes.txt")}, STRAY),
    ("Gemini CLI, an edit", using("replace", file_path="notes.txt", old_string="", new_string="x"), STRAY),
    ("Gemini CLI, a read", using("read_many_files", include=["nowhere/*"], paths=["nowhere"]), PASSES),
    (
        "Gemini CLI, a server's tool",
        {**using("mcp_files_read_file", path="notes.txt"), "mcp_context": {"command": "npx", "args": ["-y"]}},
        PASSES,
    ),
    ("Codex", using("apply_patch", command=PATCH), STRAY),
    ("Codex, once", using("apply_patch", input=PATCH), STRAY),
    ("Codex, a new name", using("apply_patch", command=RENAMES), STRAY),
    ("Codex, in a shell", using("shell", command=["apply_patch", PATCH]), STRAY),
    ("Codex, as nothing but text", {"tool_name": "apply_patch", "tool_input": PATCH}, STRAY),
    ("a patch of Windows", using("apply_patch", command=PATCH.replace("\n", "\r\n")), STRAY),
    ("a patch with trailing blanks", using("apply_patch", patch=PATCH.replace("txt\n", "txt  \n")), STRAY),
    (
        "a patch of what is there",
        using("apply_patch", command="*** Begin Patch\r\n*** Add File: README.md \r\n*** End Patch\r\n"),
        PASSES,
    ),
    ("VS Code", {"hook_event_name": "PreToolUse", **using("create_file", filePath="notes.txt")}, STRAY),
    ("Windsurf", {"agent_action_name": "pre_write_code", "tool_info": {"file_path": "notes.txt"}}, STRAY),
    ("Windsurf, a read", {"agent_action_name": "pre_read_code", "tool_info": {"file_path": "no"}}, PASSES),
    (
        "Windsurf, a server's tool",
        {
            "agent_action_name": "pre_mcp_tool_use",
            "tool_info": {"mcp_tool_name": "write_file", "mcp_tool_arguments": {"path": "notes.txt"}},
        },
        STRAY,
    ),
    ("OpenCode", {"tool": "write", "args": {"filePath": "notes.txt", "content": "x"}}, STRAY),
    ("Antigravity", {"toolName": "write_to_file", "toolInput": {"TargetFile": "notes.txt"}}, STRAY),
    ("an agent of no name", {"tool_info": {"file_path": "notes.txt"}}, STRAY),
    ("another", {"parameters": {"path": "notes.txt"}}, STRAY),
    ("one with all at the top", {"file_path": "notes.txt"}, STRAY),
    ("one with JSON in JSON", {"name": "x", "arguments": '{"path": "notes.txt"}'}, STRAY),
    # What tools do.
    ("where it belongs", using("Write", file_path="x.ipynb"), HOME),
    ("an edit of what is there", using("Edit", file_path="old.txt"), PASSES),
    ("what may be there", using("Write", file_path="docs/deep/b.md"), PASSES),
    ("outside of all layouts", using("Write", file_path="/nowhere/at/all.txt"), PASSES),
    ("what a file holds", using("Write", file_path="docs/a.json", content='{"path": "notes.txt"}'), PASSES),
    ("a patch that a file holds", using("Write", file_path="docs/a.md", content=PATCH), PASSES),
    ("what is in a place of another kind", using("put", path="s3://bucket/notes.txt"), PASSES),
    ("a text that is no path", using("send", file="one\ntwo"), PASSES),
    (
        "a path with a line in it",
        using("Write", file_path="no\ntes.txt"),
        STRAY.replace("notes.txt", r'"no\ntes.txt"'),
    ),
    ("a tool that searches and replaces", using("search_replace", file_path="notes.txt"), STRAY),
    ("a tool that edits a file of a name", using("editFile", file="notes.txt"), STRAY),
    ("an editor that creates", using("editor", command="create", path="notes.txt"), STRAY),
    ("an editor that shows", using("str_replace_editor", command="view", path="notes.txt"), PASSES),
    ("a list of names", {"tool_input": {"files": ["notes.txt", "docs/b"]}}, STRAY),
    ("a list of paths", {"tool_input": {"paths": ["docs/b", "notes.txt"]}}, STRAY),
    ("a list of files", {"tool_input": {"files": [{"path": "notes.txt", "content": "x"}]}}, STRAY),
    ("a file that comes out", using("render", input="src/app.py", output_path="notes.txt"), STRAY),
    ("a move", using("move_file", source="old.txt", destination="notes.txt"), STRAY),
    ("a move of a directory", using("move_file", source="olddir", destination="notes"), DIRECTORY),
    ("a directory", using("mcp__filesystem__create_directory", path="notes"), DIRECTORY),
    ("a directory that may be there", using("mcp__filesystem__create_directory", path="docs/x"), PASSES),
    ("a read of text", using("mcp__filesystem__read_text_file", path="notes.txt"), PASSES),
    ("a listing", using("mcp__filesystem__list_directory", path="nowhere"), PASSES),
    ("a deletion", using("delete_file", path="notes.txt"), PASSES),
    ("a read of many", using("readFiles", paths=["notes.txt"]), PASSES),
    ("nothing", {}, PASSES),
]


@pytest.mark.parametrize(("event", "said"), [case[1:] for case in EVENTS], ids=[case[0] for case in EVENTS])
def test_events(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, event: dict[str, object], said: str
) -> None:
    sent(monkeypatch, event)
    assert run("hook") == ((2, "", said) if said else (0, "{}\n", ""))


COPILOT = {"toolName": "create", "toolArgs": json.dumps({"path": "notes.txt", "file_text": "x"}), "cwd": "."}
CLINE = {
    "clineVersion": "3.36.0",
    "hookName": "PreToolUse",
    "workspaceRoots": ["."],
    "preToolUse": {"toolName": "write_to_file", "parameters": {"path": "notes.txt", "content": "x"}},
}
CURSOR = {
    "hook_event_name": "preToolUse",
    "cursor_version": "1.7.2",
    "workspace_roots": ["."],
    **using("Write", file_path="notes.txt"),
}
REASON = STRAY.removesuffix("\n")
ANSWERS: list[tuple[str, dict[str, Any], dict[str, object]]] = [
    ("Copilot", COPILOT, {"permissionDecision": "deny", "permissionDecisionReason": REASON}),
    (
        "Copilot, with a mapping",
        {"toolName": "create", "toolArgs": {"path": "notes.txt"}},
        {"permissionDecision": "deny", "permissionDecisionReason": REASON},
    ),
    ("Cline", CLINE, {"cancel": True, "errorMessage": REASON}),
    ("Cursor", CURSOR, {"permission": "deny", "user_message": REASON, "agent_message": REASON}),
]


@pytest.mark.parametrize(
    ("event", "answer"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_agents_that_read_the_reason_on_standard_output(
    shop: Git,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    event: dict[str, object],
    answer: dict[str, object],
) -> None:
    sent(monkeypatch, event)
    status, out, err = run("hook")
    assert (status, json.loads(out), err) == (2, answer, STRAY)


ROOTS = ["cwd", "workspace_root", "workspace_roots", "workspaceRoots"]


@pytest.mark.parametrize("name", ROOTS)
def test_the_directory_that_the_agent_is_in(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = [str(shop.path), "/elsewhere"] if name.endswith("s") else str(shop.path)
    sent(monkeypatch, {name: root, **using("Write", file_path="notes.txt")})
    monkeypatch.chdir("/")
    assert run("hook").err == STRAY


def test_an_event_of_any_size(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, using("Write", content="x" * (17 << 20), file_path="notes.txt"))
    assert run("hook") == (2, "", STRAY)


def test_each_file_of_an_event(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, using("write_files", files=["notes.txt", "docs/b", "x.ipynb", "notes.txt"]))
    assert run("hook").err == STRAY + HOME.removeprefix(NO)


@pytest.mark.parametrize(("severity", "status"), [("error", 2), ("warning", 0), ("off", 0)])
def test_only_what_fails_a_check_is_refused(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, severity: str, status: int
) -> None:
    (shop.path / "structlint.yaml").write_text(f"{LAYOUT}severity: {{stray-file: {severity}}}\n")
    sent(monkeypatch, using("Write", file_path="notes.txt"))
    assert run("hook").status == status
    sent(monkeypatch, using("Write", file_path="x.ipynb"))
    assert run("hook").err == HOME


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"1",
    b"\xff",
    b"[" * 100_000,
    b'{"tool_input": 1}',
    b'{"tool_input": {"path": 1}}',
    b'{"tool_input": {"path": "a\\u0000b"}}',
    b'{"tool_input": {"path": "a\\ud800b"}}',
    b'{"cwd": [], "tool_input": {"path": "docs/x"}}',
    b'{"toolArgs": "{"}',
    b'{"tool_name": {"read": 1}, "workspace_roots": [1]}',
]


@pytest.mark.parametrize("text", BROKEN, ids=[repr(each[:40]) for each in BROKEN])
def test_what_is_no_event_stops_nobody(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    sent(monkeypatch, text)
    assert run("hook") == (0, "{}\n", "")


def test_a_wrong_option_stops_nobody(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, using("Write", file_path="docs/b.md"))
    assert run("hook", "--event", "PreToolUse", "more") == (0, "{}\n", "")
    status, out, err = run("hook", "--color", "bad")
    assert (status, out) == (0, "{}\n")
    assert "--color" in err


def test_a_bug_stops_nobody(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: object) -> None:
        raise RuntimeError("by mistake")

    monkeypatch.setattr("structlint.cli.hook.locate", fails)
    sent(monkeypatch, using("Write", file_path="notes.txt"))
    assert run("hook") == (0, "{}\n", "structlint: nothing was checked: RuntimeError: by mistake\n")


def test_a_broken_layout_stops_nobody(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.path / "structlint.yaml").write_text("tree: [")
    sent(monkeypatch, using("Write", file_path="notes.txt"))
    assert run("hook") == (0, "{}\n", "")
    sent(monkeypatch, using("Write", file_path="notes.txt"))
    assert run("hook", "-v").err.startswith("structlint: nothing was checked: structlint.yaml:1:")
    (shop.path / "structlint.yaml").unlink()
    sent(monkeypatch, using("Write", file_path="notes.txt"))
    assert run("hook") == (0, "{}\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("path", "status"), [("docs/b.md", 0), ("notes.txt", 2)])
def test_what_cannot_be_written_stops_nobody(shop: Git, path: str, status: int) -> None:
    command = [sys.executable, "-m", "structlint", "hook"]
    event = json.dumps({"toolName": "create", "toolArgs": {"path": path}}).encode()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command,
            input=event,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=shop.path,
        )
    assert done.returncode == status
    assert done.stderr.decode() == ("" if status == 0 else STRAY)


PAGE = Path(__file__).parent.parent / "docs/agents.md"
SETTINGS = re.findall(r"(?ms)^```json\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_the_settings_that_the_page_shows_can_be_read(settings: str) -> None:
    hooks = json.loads(settings)["hooks"]
    assert '"command": "structlint hook"' in json.dumps(hooks)
