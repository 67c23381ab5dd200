"""What a person sees of the commands: on a terminal, in a pipe, and when a shell completes."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Make, Run, write

Show = Callable[..., str]
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


@pytest.fixture
def terminal(tmp_path: Path) -> Show:
    """Runs a command in a repository of files, on a terminal; returns what that shows, with its codes."""

    def show(files: dict[str, str], *command: str, width: int = 80, **environment: str) -> str:
        write(tmp_path, files)
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
        values = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(width), **environment}
        reader, writer = pty.openpty()
        program = [sys.executable, "-m", "structlint", *command]
        with subprocess.Popen(program, cwd=tmp_path, env=values, stdout=writer, stderr=writer):
            os.close(writer)
            data = b""
            while part := _read(reader):
                data += part
        os.close(reader)
        return data.decode().replace("\r\n", "\n")

    return show


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 1 << 16)
    except OSError:  # the other end is closed
        return b""


def bare(text: str) -> str:
    return ESCAPE.sub("", text)


BAD_NAME = {
    "structlint.yaml": "names: {service: kebab-case}\ntree: {services/: {<service>/: }}\n",
    "services/user_bad/x": "",
}


def test_f2_tree_marks_a_bad_name_as_check_does(terminal: Show) -> None:
    tree = terminal(BAD_NAME, "tree")
    line = next(line for line in tree.splitlines() if "user_bad/" in line)
    assert "services/user-bad/" in line
    assert "\x1b[31m" in line or "\x1b[1;31m" in line
    assert "1 error" in bare(tree).splitlines()[-1] or "1 wrong" in bare(tree).splitlines()[-1]


def test_f4_a_finding_is_shown_once(terminal: Show) -> None:
    files = {"structlint.yaml": "tree: {README.md: , src/: {main.py: }}\n", "src/util/x.py": ""}
    lines = bare(terminal(files, "check", ".")).splitlines()
    for name in ("README.md", "src/main.py", "src/util/"):
        assert sum(name in line for line in lines) == 1, lines


def test_f7_a_page_has_no_background(terminal: Show) -> None:
    shown = terminal({"structlint.yaml": "tree: {}\n"}, "explain", "stray-file")
    codes = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", shown) for code in codes.split(";")}
    assert "36" in codes  # code is in color
    assert not [code for code in codes if code.isdigit() and (40 <= int(code) <= 48 or int(code) >= 100)]


@pytest.mark.parametrize(
    ("environment", "option", "colored"),
    [
        ({"FORCE_COLOR": "1"}, (), True),
        ({"CLICOLOR_FORCE": "1"}, (), True),
        ({"CLICOLOR_FORCE": "0"}, (), False),
        ({}, (), False),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, (), False),
        ({"CLICOLOR_FORCE": "1"}, ("--color", "never"), False),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
    ],
)
def test_f8_color_in_a_pipe(
    environment: dict[str, str],
    option: tuple[str, ...],
    colored: bool,
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: }\n"})
    monkeypatch.delenv("CLICOLOR_FORCE", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("check", str(git.path), *option).out) is colored


PORTS = {
    "structlint.yaml": "tree: {.: {unlisted: allow}, services/: {<service>/: }}\n"
    "ports: {<service>: 8000-8099}\n",
    "services/a-rather-long-service-name/x": "",
    "compose.yaml": "services:\n"
    '  a-rather-long-service-name: {image: x, ports: ["127.0.0.1:9000:80"]}\n'
    '  another-long-service-name: {image: y, ports: ["127.0.0.1:9000:80"]}\n',
}


@pytest.mark.parametrize("width", [50, 60, 80, 100, 140])
def test_f10_the_problem_of_a_port_stays_whole(width: int, terminal: Show) -> None:
    lines = bare(terminal(PORTS, "ports", width=width)).splitlines()
    assert max(map(len, lines[:-1])) <= width
    words = " ".join(" ".join(lines).split())
    assert "also a-rather-long-service-name, compose.yaml:2" in words
    assert "problem" in words
    assert "…" not in words


@pytest.mark.parametrize("command", ["check", "tree", "where", "ports"])
@pytest.mark.parametrize("option", ["--output-format", "--format"])
def test_f14_one_name_for_the_format(
    command: str, option: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: }\n", "README.md": ""})
    monkeypatch.chdir(git.path)
    value = {"tree": "markdown", "ports": "markdown"}.get(command, "json")
    assert run(command, "README.md" if command == "where" else ".", option, value).status == 0
    help_ = run(command, "--help").out
    assert help_.index("--output-format") <= help_.index("--format")


def test_f15_the_spelling_that_other_linters_taught(run: Run) -> None:
    ran = run("check", "--fix")
    assert ran.status == 2
    assert "to fix findings, run `structlint fix`" in ran.err


# --- The command line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--check"], "unknown option `--check` (see"),
        (["check", "--seect", "x"], "unknown option `--seect`; did you mean `--select`?"),
        (["tree", "--outputformat", "x"], "unknown option `--outputformat`; did you mean `--output-format`?"),
        (["check", "-z"], "unknown option `-z` (see"),
        (["check", "--select"], "structlint: option `--select` needs a value\n"),
        (["check", "--all=1"], "structlint: option `--all` takes no value\n"),
        (["check", "--format", "sarf"], "--output-format: unknown value `sarf`; did you mean `sarif`?"),
        (["tree", "--format", "x"], "--output-format: unknown value `x`; expected one of `text`, "),
        (["check", "--max-findings", "x"], "--max-findings: `x` is not a whole number of at least 0"),
        (["where"], "missing PATH..."),
        (["tree", "a", "b"], "got unexpected extra argument (b)"),
    ],
)
def test_a_wrong_option_is_named_and_only_a_near_one_suggested(
    arguments: list[str], message: str, run: Run
) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert message in ran.err


# --- The errors of a layout


def test_a_terminal_quotes_the_line_of_a_layout_error(terminal: Show) -> None:
    text = "limits:\n  dept: 4\ntree: {a: 3}\n"
    assert terminal({"structlint.yaml": text}, "check", ".") == (
        "structlint.yaml:2:3: unknown key `dept`; did you mean `depth`?\n"
        " 2 |   dept: 4\n"
        "   |   ^\n"
        "structlint.yaml:3:11: expected nothing, text, `false` or a mapping, found the number `3`; "
        'quote it: `"3"`\n'
        " 3 | tree: {a: 3}\n"
        "   |           ^\n"
    )


def test_a_layout_error_quotes_no_harmful_line(terminal: Show) -> None:
    shown = terminal({"structlint.yaml": 'tre: "\x85[31m ::error::"  # \u202e\n'}, "check", ".")
    assert "\x85" not in shown
    assert "\u202e" not in shown
    assert shown.count("\n") == 1


def test_a_pipe_has_one_line_for_each_layout_error(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "limits:\n  dept: 4\n"})
    ran = run("check", str(git.path))
    assert ran.err == "structlint.yaml:2:3: unknown key `dept`; did you mean `depth`?\n"
