"""`structlint hook` answers events of coding agents; its own errors never block an agent."""

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


def send(monkeypatch: pytest.MonkeyPatch, event: object) -> None:
    data = event if isinstance(event, bytes) else json.dumps(event).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


REFUSED = "structlint: not allowed by the layout of this repository\n"
STRAY = (
    f"{REFUSED}notes.txt: not allowed; unlisted file (structlint.yaml:1) [stray-file]; "
    "write it elsewhere, or list it in the layout\n"
)
MISPLACED = (
    f"{REFUSED}x.ipynb: not allowed; misplaced file; `*.ipynb` belongs in `docs/` (structlint.yaml:6) "
    f"[misplaced-file]; "
    "use `docs/x.ipynb`\n"
)
DIRECTORY = (
    f"{REFUSED}notes/: not allowed; unlisted directory (structlint.yaml:1) [stray-directory]; "
    "write it elsewhere, or list it in the layout\n"
)
ALLOWED = ""
PATCH = "*** Begin Patch\n*** Add File: notes.txt\n+x\n*** Update File: src/app.py\n*** End Patch\n"
RENAMES = "*** Begin Patch\n*** Update File: old.txt\n*** Move to: notes.txt\n*** End Patch\n"


def tool_event(name: str, **tool_input: object) -> dict[str, object]:
    """An event in the most common format."""
    return {"tool_name": name, "tool_input": tool_input}


EVENTS: list[tuple[str, dict[str, Any], str]] = [
    # Events as documented by the agents.
    ("Claude Code", tool_event("Write", file_path="notes.txt", content="x"), STRAY),
    ("Claude Code, notebook", tool_event("NotebookEdit", notebook_path="x.ipynb"), MISPLACED),
    ("Claude Code, read", tool_event("Read", file_path="notes.txt"), ALLOWED),
    ("Claude Code, search", tool_event("Grep", pattern="x", path="nowhere"), ALLOWED),
    ("Claude Code, listing", tool_event("LS", path="nowhere"), ALLOWED),
    ("Claude Code, shell command", tool_event("Bash", command="touch notes.txt"), ALLOWED),
    ("Claude Code, MCP server", tool_event("mcp__read_later__save", path="notes.txt"), STRAY),
    (
        "Cursor, MCP tool",
        {"hook_event_name": "beforeMCPExecution", "tool_name": "put", "tool_input": '{"path": "notes.txt"}'},
        STRAY,
    ),
    ("Cursor, read", {"hook_event_name": "beforeReadFile", "file_path": "notes.txt"}, ALLOWED),
    ("Cursor, deletion", tool_event("Delete", path="notes.txt"), ALLOWED),
    (
        "Gemini CLI",
        {"hook_event_name": "BeforeTool", **tool_event("write_file", file_path="notes.txt")},
        STRAY,
    ),
    ("Gemini CLI, edit", tool_event("replace", file_path="notes.txt", old_string="", new_string="x"), STRAY),
    ("Gemini CLI, read", tool_event("read_many_files", include=["nowhere/*"], paths=["nowhere"]), ALLOWED),
    (
        "Gemini CLI, MCP tool",
        {
            **tool_event("mcp_files_read_file", path="notes.txt"),
            "mcp_context": {"command": "npx", "args": ["-y"]},
        },
        ALLOWED,
    ),
    ("Codex", tool_event("apply_patch", command=PATCH), STRAY),
    ("Codex, `input` argument", tool_event("apply_patch", input=PATCH), STRAY),
    ("Codex, rename", tool_event("apply_patch", command=RENAMES), STRAY),
    ("Codex, shell command", tool_event("shell", command=["apply_patch", PATCH]), STRAY),
    ("Codex, plain string", {"tool_name": "apply_patch", "tool_input": PATCH}, STRAY),
    ("patch with CRLF", tool_event("apply_patch", command=PATCH.replace("\n", "\r\n")), STRAY),
    (
        "patch with trailing whitespace",
        tool_event("apply_patch", patch=PATCH.replace("txt\n", "txt  \n")),
        STRAY,
    ),
    (
        "patch of an existing file",
        tool_event("apply_patch", command="*** Begin Patch\r\n*** Add File: README.md \r\n*** End Patch\r\n"),
        ALLOWED,
    ),
    ("VS Code", {"hook_event_name": "PreToolUse", **tool_event("create_file", filePath="notes.txt")}, STRAY),
    ("Windsurf", {"agent_action_name": "pre_write_code", "tool_info": {"file_path": "notes.txt"}}, STRAY),
    ("Windsurf, read", {"agent_action_name": "pre_read_code", "tool_info": {"file_path": "no"}}, ALLOWED),
    (
        "Windsurf, MCP tool",
        {
            "agent_action_name": "pre_mcp_tool_use",
            "tool_info": {"mcp_tool_name": "write_file", "mcp_tool_arguments": {"path": "notes.txt"}},
        },
        STRAY,
    ),
    ("OpenCode", {"tool": "write", "args": {"filePath": "notes.txt", "content": "x"}}, STRAY),
    ("Antigravity", {"toolName": "write_to_file", "toolInput": {"TargetFile": "notes.txt"}}, STRAY),
    ("unknown agent, `tool_info`", {"tool_info": {"file_path": "notes.txt"}}, STRAY),
    ("unknown agent, `parameters`", {"parameters": {"path": "notes.txt"}}, STRAY),
    ("unknown agent, top-level keys", {"file_path": "notes.txt"}, STRAY),
    ("arguments as a JSON string", {"name": "x", "arguments": '{"path": "notes.txt"}'}, STRAY),
    # Kinds of tools and of arguments.
    ("misplaced file", tool_event("Write", file_path="x.ipynb"), MISPLACED),
    ("edit of an existing unlisted file", tool_event("Edit", file_path="old.txt"), ALLOWED),
    ("allowed path", tool_event("Write", file_path="docs/deep/b.md"), ALLOWED),
    ("path without a layout", tool_event("Write", file_path="/nowhere/at/all.txt"), ALLOWED),
    (
        "path in file content",
        tool_event("Write", file_path="docs/a.json", content='{"path": "notes.txt"}'),
        ALLOWED,
    ),
    ("patch in file content", tool_event("Write", file_path="docs/a.md", content=PATCH), ALLOWED),
    ("URL", tool_event("put", path="s3://bucket/notes.txt"), ALLOWED),
    ("text that is not a path", tool_event("send", file="one\ntwo"), ALLOWED),
    (
        "path with a newline",
        tool_event("Write", file_path="no\ntes.txt"),
        STRAY.replace("notes.txt", r'"no\ntes.txt"'),
    ),
    ("search and replace", tool_event("search_replace", file_path="notes.txt"), STRAY),
    ("edit by file name", tool_event("editFile", file="notes.txt"), STRAY),
    ("editor, create", tool_event("editor", command="create", path="notes.txt"), STRAY),
    ("editor, view", tool_event("str_replace_editor", command="view", path="notes.txt"), ALLOWED),
    ("list of names", {"tool_input": {"files": ["notes.txt", "docs/b"]}}, STRAY),
    ("list of paths", {"tool_input": {"paths": ["docs/b", "notes.txt"]}}, STRAY),
    ("list of files", {"tool_input": {"files": [{"path": "notes.txt", "content": "x"}]}}, STRAY),
    ("output path", tool_event("render", input="src/app.py", output_path="notes.txt"), STRAY),
    ("move", tool_event("move_file", source="old.txt", destination="notes.txt"), STRAY),
    ("directory move", tool_event("move_file", source="olddir", destination="notes"), DIRECTORY),
    ("directory creation", tool_event("mcp__filesystem__create_directory", path="notes"), DIRECTORY),
    ("allowed directory creation", tool_event("mcp__filesystem__create_directory", path="docs/x"), ALLOWED),
    ("file read", tool_event("mcp__filesystem__read_text_file", path="notes.txt"), ALLOWED),
    ("directory listing", tool_event("mcp__filesystem__list_directory", path="nowhere"), ALLOWED),
    ("deletion", tool_event("delete_file", path="notes.txt"), ALLOWED),
    ("read of several files", tool_event("readFiles", paths=["notes.txt"]), ALLOWED),
    ("empty event", {}, ALLOWED),
]


@pytest.mark.parametrize(
    ("event", "message"), [case[1:] for case in EVENTS], ids=[case[0] for case in EVENTS]
)
def test_events(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, event: dict[str, object], message: str
) -> None:
    send(monkeypatch, event)
    assert run("hook") == ((2, "", message) if message else (0, "{}\n", ""))


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
    **tool_event("Write", file_path="notes.txt"),
}
REASON = STRAY.removesuffix("\n")
ANSWERS: list[tuple[str, dict[str, Any], dict[str, object]]] = [
    ("Copilot", COPILOT, {"permissionDecision": "deny", "permissionDecisionReason": REASON}),
    (
        "Copilot, arguments as a mapping",
        {"toolName": "create", "toolArgs": {"path": "notes.txt"}},
        {"permissionDecision": "deny", "permissionDecisionReason": REASON},
    ),
    ("Cline", CLINE, {"cancel": True, "errorMessage": REASON}),
    ("Cursor", CURSOR, {"permission": "deny", "user_message": REASON, "agent_message": REASON}),
]


@pytest.mark.parametrize(
    ("event", "answer"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_agents_that_read_a_json_answer(
    shop: Git,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    event: dict[str, object],
    answer: dict[str, object],
) -> None:
    send(monkeypatch, event)
    status, out, err = run("hook")
    assert (status, json.loads(out), err) == (2, answer, STRAY)


ROOTS = ["cwd", "workspace_root", "workspace_roots", "workspaceRoots"]


@pytest.mark.parametrize("name", ROOTS)
def test_working_directory_of_the_agent(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = [str(shop.path), "/elsewhere"] if name.endswith("s") else str(shop.path)
    send(monkeypatch, {name: root, **tool_event("Write", file_path="notes.txt")})
    monkeypatch.chdir("/")
    assert run("hook").err == STRAY


def test_large_event(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, tool_event("Write", content="x" * (17 << 20), file_path="notes.txt"))
    assert run("hook") == (2, "", STRAY)


def test_event_with_several_files(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, tool_event("write_files", files=["notes.txt", "docs/b", "x.ipynb", "notes.txt"]))
    assert run("hook").err == STRAY + MISPLACED.removeprefix(REFUSED)


@pytest.mark.parametrize(("severity", "status"), [("error", 2), ("warning", 0), ("off", 0)])
def test_only_findings_at_the_fail_level_block(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, severity: str, status: int
) -> None:
    (shop.path / "structlint.yaml").write_text(f"{LAYOUT}severity: {{stray-file: {severity}}}\n")
    send(monkeypatch, tool_event("Write", file_path="notes.txt"))
    assert run("hook").status == status
    send(monkeypatch, tool_event("Write", file_path="x.ipynb"))
    assert run("hook").err == MISPLACED


INVALID_EVENTS = [
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


@pytest.mark.parametrize("text", INVALID_EVENTS, ids=[repr(each[:40]) for each in INVALID_EVENTS])
def test_invalid_event_does_not_block(
    shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    send(monkeypatch, text)
    assert run("hook") == (0, "{}\n", "")


def test_invalid_option_does_not_block(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, tool_event("Write", file_path="docs/b.md"))
    assert run("hook", "--event", "PreToolUse", "more") == (0, "{}\n", "")
    status, out, err = run("hook", "--color", "bad")
    assert (status, out) == (0, "{}\n")
    assert "--color" in err


@pytest.mark.parametrize("options", [[], ["--color", "never"]], ids=["plain", "click"])
def test_internal_error_does_not_block(
    options: list[str], shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("structlint.cli.hook_run.locate_in", fail)
    send(monkeypatch, tool_event("Write", file_path="notes.txt"))
    assert run("hook", *options) == (0, "{}\n", "structlint: nothing was checked: RuntimeError: boom\n")


def test_invalid_layout_does_not_block(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.path / "structlint.yaml").write_text("tree: [")
    send(monkeypatch, tool_event("Write", file_path="notes.txt"))
    assert run("hook") == (0, "{}\n", "")
    send(monkeypatch, tool_event("Write", file_path="notes.txt"))
    assert run("hook", "-v").err.startswith("structlint: nothing was checked: structlint.yaml:1:")
    (shop.path / "structlint.yaml").unlink()
    send(monkeypatch, tool_event("Write", file_path="notes.txt"))
    assert run("hook") == (0, "{}\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("path", "status"), [("docs/b.md", 0), ("notes.txt", 2)])
def test_full_output_device_does_not_change_the_exit_status(shop: Git, path: str, status: int) -> None:
    command = [sys.executable, "-m", "structlint", "hook"]
    event = json.dumps({"toolName": "create", "toolArgs": {"path": path}}).encode()
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            command,
            input=event,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=shop.path,
        )
    assert result.returncode == status
    assert result.stderr.decode() == ("" if status == 0 else STRAY)


PAGE = Path(__file__).parent.parent / "docs/agents.md"
SETTINGS = re.findall(r"(?ms)^```json\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_settings_in_the_documentation_are_valid_json(settings: str) -> None:
    hooks = json.loads(settings)["hooks"]
    assert '"command": "structlint hook"' in json.dumps(hooks)


def test_enclosing_project(shop: Git, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    (shop.path / "docs/inner").mkdir()
    (shop.path / "docs/inner/structlint.yaml").write_text('tree: {"*?": }\n')
    (shop.path / "structlint.yaml").write_text(f'{LAYOUT}forbid: {{"*.tmp": }}\n')
    send(monkeypatch, tool_event("Write", file_path="docs/inner/new.md"))
    assert run("hook").status == 0
    send(monkeypatch, tool_event("Write", file_path="docs/inner/new.tmp"))
    refused = run("hook")
    assert (refused.status, "forbidden by the layout (structlint.yaml:7)" in refused.err) == (2, True)
