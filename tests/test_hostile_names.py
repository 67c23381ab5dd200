"""Every command that prints names, in every format and encoding, prints hostile names safely.

Each report must contain each name in a form that can be read back. No output may contain an unescaped
control sequence, workflow command, HTML tag or Markdown markup.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import pytest
from conftest import Result, write
from markdown_it import MarkdownIt
from test_quoting import unquoted

from structlint.cli import main
from structlint.report import FORMATS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux file systems accept these names")

ROOT = Path(__file__).parent.parent
NAMES = {
    "newline": "ok.py\n::error file=x::owned",
    "tab": "a\tb",
    "carriage return": "a\rb",
    "escape": "\x1b[31mred\x1b[0m",
    "link": "\x1b]8;;evil\x07x",
    "C1": "\x9b2J",
    "backspace": "evil\x08\x08good",
    "delete": "\x7f",
    "command": "::error::x",
    "command with a leading space": " ::add-mask::x",
    "old command": "##[add-matcher]x",
    "old command inside": "x##[group]y",
    "Azure": "##vso[task.setvariable]x",
    "TeamCity": "##teamcity[x]",
    "GitLab section": "section_start:1:x\r\x1b[0K",
    "markup": "[red]",
    "closing markup": "[.]",
    "link markup": "[link=https:..evil]x[.link]",
    "emoji code": ":smile:",
    "catch-all": "[[...opt]]",
    "end of CDATA": "]]>",
    "script": "<script>",
    "image": "<img src=x onerror=alert(1)>",
    "entity": "&lt;",
    "percent": "%0A::error::x",
    "properties": "a,line=7:x",
    "emoji": "🛠️.md",
    "not UTF-8": "caf\udce9",
    "lone surrogate": "\udced\udca0\udc80",
    "right to left": "a\u202egpj.exe",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "byte order mark": "\ufeffx",
    "line separator": "a\u2028b",
    "next line": "a\x85b",
    "variation selector": "a\ufe0f",
    "noncharacter": "\uffff",
    "255 bytes": "x" * 255,
    "255 bytes, two-byte characters": "é" * 127 + "x",
    "composed": "\u00e9.txt",
    "decomposed": "e\u0301.txt",
    "option": "-rf",
    "long option": "--help",
    "trailing dot": "a.",
    "trailing space": "a ",
    "leading space": " a",
    "backticks": "`tick``",
    "bar": "a\\|b",
    "mention": "@team",
    "issue": "#1",
    "Markdown link": "](javascript:alert(1))",
    "formula": "=HYPERLINK(1)",
    "command substitution": "$(touch pwned)",
    "two commands": "; touch pwned",
    "quotes": "\"'q",
    "template": "{{x}}",
    "star": "*",
    "backslash": "a\\",
}
LAYOUT = """\
names: {service: kebab-case}
tree:
  README.md:
  services/?: {<service>/: {README.md: }}
  home/?:
  d/?:
  e/?:
belongs: {"*.orig": home/}
local: ["*.local"]
"""
SHORT = [name for name in NAMES.values() if len(os.fsencode(name)) < 200]
COMPOSE = "services:\n  web:\n    ports: ['80:80', '99999:1', '${HOST_PORT}:80']\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with each name in the root, as a directory, as a misplaced file and as a local file."""
    root = tmp_path_factory.mktemp("hostile")
    files = {"structlint.yaml": LAYOUT, "README.md": "", **dict.fromkeys(NAMES.values(), "")}
    files |= {f"services/{name}/x": "" for name in SHORT[::2]}
    files |= {f"e/{name}.orig": "" for name in SHORT[1::2]}
    files |= {f"d/{name}/compose.yaml": COMPOSE for name in SHORT}
    files |= {f"{name}.local": "" for name in SHORT[::3]}
    write(root, files)
    for command in ("init -q", "add -A", "-c user.name=t -c user.email=t@t commit -qm x"):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    for number, names in enumerate(BATCHES):
        listed = "\0".join(["README.md", "structlint.yaml", *names])
        (root.parent / f"ten-{number}").write_bytes(listed.encode("utf-8", "surrogateescape"))
    assert main(["init", "-q", str(root), "-o", str(root.parent / "listed.yaml")]) == 0
    return root


# --- Output

BATCHES = [
    list(NAMES.values())[at : at + 10] for at in range(0, len(NAMES), 10)
]  # GitHub shows at most 10 annotations
EVENTS = [json.dumps({"tool_input": {"file_path": f"{name}.new"}}) for name in SHORT]
LISTED = ["-c", "../listed.yaml"]
COMMANDS: Mapping[str, list[list[str]]] = {
    **{f"check, {name}": [["check", "-v", "--output-format", name]] for name in FORMATS},
    "check, colored": [["check", "--color", "always"]],
    "files": [["check", "--show-files"]],
    "configuration": [["check", "--show-config", *LISTED]],
    "tree": [["tree", "--all"], ["tree", "--all", "--expected"], ["tree", "--all", *LISTED]],
    "tree in Markdown": [["tree", "--all", "--format", "markdown", *LISTED]],
    "tree in SVG": [["tree", "--all", "--format", "svg"]],
    "tree in HTML": [["tree", "--all", "--format", "html"]],
    **{
        f"ports, {name}": [["ports", "-v", "--output-format", name]] for name in ("table", "json", "markdown")
    },
    "where": [["where", "--", *NAMES.values()]],
    "where, json": [["where", "--output-format", "json", "--", *BATCHES[0], *BATCHES[1]]],
    "fix": [["fix", "--diff", "--unsafe"]],
    "plan": [["fix", "--plan"]],
    "init": [["init", "--infer", "-o", "-"]],
    "hook": [["hook"]] * len(EVENTS),
    "reports of all names": [
        [*f"check --all --select stray-file --output-format {name}".split(), *more]
        for name in FORMATS
        for more in (
            [["--paths-from", f"../ten-{number}"] for number in range(len(BATCHES))]
            if name == "github"
            else [[]]
        )
    ],
    "report files": [["check", *(f"--report={name}=../report.{name}" for name in FORMATS)]],
}
# They write what `tree`, `check` and `fix --diff` write, and take the longest.
WITHOUT_LOCALE = ("plan", "init", "tree in Markdown", "tree in SVG", "tree in HTML", "report files")
# One process runs all commands in one encoding; the output of each command ends with its status between NULs.
SCRIPT = """
import io, json, sys
from types import SimpleNamespace
from structlint.cli import main
events = iter(json.loads(sys.argv[2]))
for arguments in json.loads(sys.argv[1]):
    if arguments == ["hook"]:
        sys.stdin = SimpleNamespace(buffer=io.BytesIO(next(events).encode()))
    status = main(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.write(f"\\0{status}\\0")
        stream.flush()
"""
ENCODINGS = {
    "strict UTF-8": {"PYTHONIOENCODING": "utf-8:strict", "LC_ALL": "C.UTF-8"},
    "ASCII": {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C.UTF-8"},
    "the C locale": {"LC_ALL": "C"},
}


class Outputs(NamedTuple):
    """The results of each group of commands, and the text of each report file."""

    results: dict[str, list[Result]]
    files: dict[str, str]


@pytest.fixture(scope="module", params=ENCODINGS)
def outputs(request: pytest.FixtureRequest, project: Path) -> Outputs:
    groups = COMMANDS
    if request.param != "strict UTF-8":  # the commands of a group are encoded in the same way
        groups = {name: several[:1] for name, several in COMMANDS.items()}
    if request.param == "the C locale":  # like UTF-8, except that names that are not UTF-8 could be written
        groups = {name: several for name, several in groups.items() if name not in WITHOUT_LOCALE}
    commands = [command for several in groups.values() for command in several]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands), json.dumps(EVENTS)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **ENCODINGS[request.param]},
        capture_output=True,
        check=True,
    )
    encoding = "ascii" if request.param == "ASCII" else "utf-8"
    outs, errs = (data.decode(encoding).split("\0")[:-1] for data in (done.stdout, done.stderr))
    pending = iter(
        [Result(int(status), *texts) for status, *texts in zip(outs[1::2], outs[::2], errs[::2], strict=True)]
    )
    files = {name: (project.parent / f"report.{name}").read_text(encoding="utf-8") for name in FORMATS}
    return Outputs({name: [next(pending) for _ in several] for name, several in groups.items()}, files)


# --- Safe output

INVISIBLE = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]|a\ufe0f"
)
COLOR = re.compile(r"\x1b\[[\d;]*m")
COMMAND = re.compile(r"##\w*\[|^\s*::", re.MULTILINE)
ANNOTATION = re.compile(r"^::(?:error|warning|notice) (?=(?:file|title)=)", re.MULTILINE)


def unsafe_parts(text: str) -> list[str]:
    """The invisible characters and the commands in a text."""
    return INVISIBLE.findall(text) + COMMAND.findall(ANNOTATION.sub("", text))


def test_output_is_safe(outputs: Outputs) -> None:
    for name, results in outputs.results.items():
        for result in results:
            assert result.status in ((2,) if name == "hook" else (0, 1)), name
            assert unsafe_parts(COLOR.sub("", result.out) if "colored" in name else result.out) == [], name
            assert unsafe_parts(result.err) == [], name


def test_report_files_are_safe(outputs: Outputs) -> None:
    assert {name: unsafe_parts(text) for name, text in outputs.files.items()} == {
        name: [] for name in FORMATS
    }


@pytest.mark.parametrize("outputs", ["strict UTF-8", "ASCII"], indirect=True)
def test_svg_and_html_trees_contain_only_known_elements(outputs: Outputs) -> None:
    (svg,), (html,) = outputs.results["tree in SVG"], outputs.results["tree in HTML"]
    tags = {each.tag.rpartition("}")[2] for each in ET.fromstring(svg.out).iter()}  # noqa: S314 - our own
    assert tags == {"svg", "style", "defs", "clipPath", "rect", "g", "circle", "text"}
    assert set(re.findall(r"<(\w+)", html.out)) == {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "pre",
        "span",
    }


@pytest.mark.parametrize("outputs", ["strict UTF-8", "ASCII"], indirect=True)
@pytest.mark.parametrize("name", ["ports, markdown", "check, markdown", "plan"])
def test_markdown_output_contains_only_text(outputs: Outputs, name: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(outputs.results[name][0].out)
    inline = [each for token in tokens for each in token.children or ()]
    assert {each.type for each in inline} <= {"text", "code_inline", "softbreak"}
    html = {token.content for token in tokens if token.type == "html_block"}
    assert all(
        re.fullmatch(r"</?details>\n(?:<summary>\d+ more findings</summary>\n)?", each) for each in html
    )
    words = " ".join(each.content for each in inline if each.type == "text")
    assert not re.search(r"(?<!\w)[@#]\w|www\.|&lt;", words)


@pytest.mark.parametrize("outputs", ["strict UTF-8"], indirect=True)
def test_commands_of_a_plan_are_quoted_for_bash(outputs: Outputs, project: Path, tmp_path: Path) -> None:
    """bash passes the names on unchanged and substitutes nothing."""
    plan = outputs.results["plan"][0].out
    script = "\n".join(line for line in plan.splitlines() if line.startswith(("git mv ", "git rm ")))
    bash = shutil.which("bash")
    assert bash
    (tmp_path / "git").write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    (tmp_path / "git").chmod(0o755)
    done = subprocess.run(
        [bash, "-c", script], env={"PATH": str(tmp_path)}, cwd=tmp_path, capture_output=True, check=True
    )
    words = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    moved = [word for before, word in pairwise(words) if before in ("mv", "--cached")]
    assert len(moved) > len(SHORT) * 0.7
    assert [word for word in moved if not (project / word).exists()] == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["git"]


@pytest.mark.parametrize("outputs", ["strict UTF-8"], indirect=True)
def test_commands_in_hints_are_quoted_for_the_shell(outputs: Outputs) -> None:
    hints = re.findall(
        r"(?m)-- run `git rm --cached (.*)`; rotate any secrets", outputs.results["check, concise"][0].out
    )
    plain = [hint for hint in hints if not hint.startswith("$'")]
    local = {f"{name}.local" for name in SHORT[::3]}
    assert len(hints) == len(local)
    assert {word.removeprefix("./") for hint in plain for word in shlex.split(hint)} <= local
    assert all(len(shlex.split(hint)) == 1 for hint in plain)
    assert all(re.fullmatch(r"\$'(?:[\w./-]|\\[0-7]{3})*'", hint) for hint in hints if hint not in plain)


@pytest.mark.parametrize("outputs", ["strict UTF-8"], indirect=True)
def test_name_without_letters_has_no_rename_target(outputs: Outputs) -> None:
    moves = re.findall(r"(?m)^(?:rename|move) +(.*) -> (.*)$", outputs.results["fix"][0].out)
    assert len(moves) > len(SHORT) / 2
    assert [one for one in moves if one[0] == one[1] or ".structlint" in one[1]] == []
    assert "[bad-name] -- use a name with letters\n" in outputs.results["check, concise"][0].out


# --- Complete output


def names_in_concise(text: str) -> set[str]:
    return {unquoted(line.partition(": error: unlisted file")[0]) for line in text.splitlines()}


def names_in_full(text: str) -> set[str]:
    found = re.findall(r"(?m)^error    (.*): unlisted file$", text)
    return set(map(unquoted, found))


def names_in_github(text: str) -> set[str]:
    names = re.findall(r"(?m)^::error file=([^,]*),line=1,title=stray-file::", text)
    for escape in ("%0D", "%0A", "%3A", "%2C", "%25"):
        names = [name.replace(escape, chr(int(escape[1:], 16))) for name in names]
    return set(map(unquoted, names))


def names_in_sarif(text: str) -> set[str]:
    results = json.loads(text)["runs"][0]["results"]
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]
    return {unquote_to_bytes(uri).decode("utf-8", "surrogateescape") for uri in uris}


def names_in_junit(text: str) -> set[str]:
    lines = "".join(ET.fromstring(text).itertext()).split("\n")  # noqa: S314 - our own
    found = (line.strip().removeprefix("error: ").partition(": unlisted file") for line in lines)
    return {unquoted(name) for name, unlisted, _ in found if unlisted}


def names_in_markdown(text: str) -> set[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [
        token.children[0].content for token in tokens if token.children and "code" in token.children[0].type
    ]
    return set(map(unquoted, cells))


READERS: Mapping[str, Callable[[str], set[str]]] = {
    "full": names_in_full,
    "concise": names_in_concise,
    "json": lambda text: {unquoted_json_path(each["path"]) for each in json.loads(text)["findings"]},
    "github": names_in_github,
    "gitlab": lambda text: {unquoted_json_path(each["location"]["path"]) for each in json.loads(text)},
    "sarif": names_in_sarif,
    "junit": names_in_junit,
    "rdjson": lambda text: {
        unquoted_json_path(each["location"]["path"]) for each in json.loads(text)["diagnostics"]
    },
    "markdown": names_in_markdown,
}
_BYTES = re.compile(r'"[^"]*\\x[89a-f][0-9a-f][^"]*"')


def unquoted_json_path(path: str) -> str:
    """JSON quotes a path only if it is not UTF-8."""
    return unquoted(path) if _BYTES.fullmatch(path) else path


strict_utf8 = pytest.mark.parametrize("outputs", ["strict UTF-8"], indirect=True)


@strict_utf8
def test_every_format_contains_every_name(outputs: Outputs) -> None:
    assert READERS.keys() == set(FORMATS)
    reports: dict[str, str] = {}
    for arguments, result in zip(
        COMMANDS["reports of all names"], outputs.results["reports of all names"], strict=True
    ):
        name = arguments[arguments.index("--output-format") + 1]
        reports[name] = reports.get(name, "") + result.out
    found = {(format_, name) for format_, read in READERS.items() for name in read(reports[format_])}
    expected = {(format_, name) for format_ in FORMATS for name in NAMES.values()}
    assert expected - found == set()
    assert len(expected) == len(FORMATS) * len(NAMES) > 500


@strict_utf8
def test_every_listing_contains_every_name(outputs: Outputs) -> None:
    def lines(name: str) -> list[str]:
        return outputs.results[name][0].out.splitlines()

    files = set(map(unquoted, lines("files")))
    where = {
        unquoted(line.partition(": not allowed; ")[0].partition(": allowed")[0]) for line in lines("where")
    }
    tree = {unquoted(line[4:].rpartition("  unlisted")[0].rstrip(" ")) for line in lines("tree")}
    for found in (files, where, tree):
        assert set(NAMES.values()) - found == set()
