"""Output formats and terminals: rows 70 to 81 of the catalogue of bad inputs."""

from __future__ import annotations

import json
import os
import random
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from conftest import Make, Result, Run, write
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from structlint.report import FORMATS
from structlint.text.quoting import quote

ROOT = Path(__file__).parent.parent
LAYOUT = "tree: {README.md: }\n"
COMMAND = re.compile(r"(?m)##\w*\[|^\s*::(?!(?:error|warning|notice) )|[\0-\x09\x0b-\x1f\x7f-\x9f]")
linux = pytest.mark.skipif(sys.platform != "linux", reason="requires a Linux file system")


@pytest.fixture
def check_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """Checks a list of paths that need not exist on disk."""
    write(tmp_path, {"structlint.yaml": LAYOUT})
    monkeypatch.chdir(tmp_path)

    def check(names: Iterable[str], *arguments: str) -> Result:
        listed = "\0".join(["README.md", "structlint.yaml", *names])
        Path("list").write_bytes(listed.encode("utf-8", "surrogateescape"))
        return run("check", "--paths-from", "list", "--select", "stray-file", *arguments)

    return check


def concise_names(check_paths: Run, *names: str) -> list[str]:
    """The names as printed in a concise report."""
    result = check_paths(names, "--output-format", "concise")
    assert result.status == 1
    return [line.partition(": error: unlisted file")[0] for line in result.out.split("\n")[:-1]]


# --- 70 to 73: control characters and workflow commands


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[31mred", r'"\x1b[31mred"'),
        ("\x1b]8;;evil\x07x", r'"\x1b]8;;evil\x07x"'),
        ("\x9b2J", r'"\u009b2J"'),
        ("a\x07", r'"a\x07"'),
        ("a\rb", r'"a\rb"'),
        ("evil\x08\x08\x08\x08good", r'"evil\x08\x08\x08\x08good"'),
        ("a\x7f", r'"a\x7f"'),
    ],
)
def test_070_control_characters_are_escaped(check_paths: Run, name: str, shown: str) -> None:
    assert concise_names(check_paths, name) == [shown]
    colored = check_paths([name], "--color", "always").out
    assert shown in colored
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f]", re.sub(r"\x1b\[[\d;]*m", "", colored))


def test_071_newline_is_escaped(check_paths: Run) -> None:
    name = "ok.py\n::error file=x::owned"
    assert concise_names(check_paths, name) == [r'"ok.py\n::error file=x::owned"']
    (line,) = check_paths([name], "--output-format", "github").out.splitlines()
    assert line.startswith(
        r'::error file="ok.py\n%3A%3Aerror file=x%3A%3Aowned",line=1,title=stray-file::"ok'
    )


@pytest.mark.parametrize("name", ["%0A::error::x", "%25", "a,line=7", "a:b", "100%", "%2C%3A"])
def test_072_github_properties_are_escaped(check_paths: Run, name: str) -> None:
    (line,) = check_paths([name], "--output-format", "github").out.splitlines()
    properties, _, message = line.removeprefix("::error ").partition("::")
    file, *others = properties.split(",")
    assert others == ["line=1", "title=stray-file"]
    assert unescape(file.removeprefix("file=")) == name
    assert unescape(message).startswith(f"{name}: unlisted file")


def unescape(text: str) -> str:
    """Unescapes like GitHub's runner, "%25" last."""
    for escape in ("%0D", "%0A", "%3A", "%2C", "%25"):
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("##vso[task.setvariable variable=x]y", r'"##vso\x5btask.setvariable variable=x]y"'),
        ("a##[add-matcher]x.json", r'"a##\x5badd-matcher]x.json"'),
        ("##teamcity[buildStatus]", r'"##teamcity\x5bbuildStatus]"'),
        ("::stop-commands::x", '"::stop-commands::x"'),
        ("section_start:1:x\r\x1b[0K", r'"section_start:1:x\r\x1b[0K"'),
    ],
)
def test_073_commands_of_other_services_are_escaped(check_paths: Run, name: str, shown: str) -> None:
    assert concise_names(check_paths, name) == [shown]
    for format_ in FORMATS:
        assert not COMMAND.search(check_paths([name], "--output-format", format_).out)


# --- 74: encodings


@pytest.mark.parametrize("encoding", ["ascii:strict", "cp1252:strict"])
def test_074_output_encoding_other_than_utf_8(repository: Make, encoding: str) -> None:
    git = repository({"structlint.yaml": LAYOUT, "README.md": "", "é日.txt": ""})
    for arguments in (("--color=always",), ("--output-format=markdown",)):
        completed = run_process(git.path, "check", *arguments, PYTHONIOENCODING=encoding)
        assert (completed.returncode, completed.stderr.partition(b"Found 1 error")[0]) == (1, b"")
        shown = completed.stdout.decode(encoding.partition(":")[0])
        assert r"\u65e5.txt" in shown
        assert not re.search("[├└─│…]", shown)


def run_process(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Runs `structlint` in a separate process."""
    return subprocess.run(
        [sys.executable, "-m", "structlint", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )


@linux
@pytest.mark.parametrize("command", ["check", "where é", "init -o -"])
def test_074_file_system_encoding_must_be_utf_8(repository: Make, command: str) -> None:
    """With ASCII, `é` on disk would differ from `é` in the layout."""
    git = repository({"structlint.yaml": "tree: {é: }\n", "é": ""})
    other = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    completed = run_process(git.path, *command.split(), **other)
    assert (completed.returncode, completed.stdout) == (2, b"")
    assert completed.stderr == (
        b"structlint: Python reads file names as ascii, not UTF-8; set PYTHONUTF8=1 or use a UTF-8 locale\n"
    )


@linux
def test_074_c_locale_uses_utf_8(repository: Make) -> None:
    git = repository({"structlint.yaml": "tree: {é: }\n", "é": ""})
    assert run_process(git.path, "check", LC_ALL="C").returncode == 0


# --- 75 to 78: output that other programs parse


MARKUP = [
    "`tick`",
    "``two``x`",
    "a|b",
    "a\\|b",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "<.details>",
    "@team",
    "#1",
    "[x](javascript:alert(1))",
    "](javascript:x)",
    "![x](y)",
    "www.evil.org",
    "**bold**",
    "&lt;",
    "a~~b~~",
]


@pytest.mark.parametrize("name", MARKUP)
def test_075_names_are_code_in_markdown(check_paths: Run, name: str) -> None:
    text = check_paths([name], "--output-format", "markdown").out
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inline = [each for token in tokens for each in token.children or ()]
    assert {each.type for each in inline} == {"text", "code_inline"}
    assert not [token for token in tokens if token.type.startswith("html")]
    shown = next(each.content for each in inline if each.type == "code_inline")
    assert shown in (name, '"a\\\\\\x7cb"')
    assert name not in "".join(each.content for each in inline if each.type == "text")


def test_075_names_are_code_in_table_of_ports(repository: Make, run: Run) -> None:
    compose = (
        "services:\n  '@team': {ports: ['80:80']}\n  '#1': {ports: ['81:81']}\n  '<b>': {ports: ['82:82']}\n"
    )
    git = repository({"compose.yaml": compose})
    text = run("ports", str(git.path), "--output-format", "markdown").out
    assert re.findall(r"\| (`[^|]*`) \|[^`]*\| `compose", text) == ["`@team`", "`#1`", "`<b>`"]


def test_076_csv_is_not_supported(check_paths: Run) -> None:
    result = check_paths(["=HYPERLINK(1)"], "--output-format", "csv")
    assert (result.status, result.out) == (2, "")
    assert "--output-format: unknown value `csv`; expected one of `full`, `concise`, " in result.err


INVALID_IN_XML = ["\ufffe", "\uffff", "\x01", "\x1b", "]]>", "<&\"'>", "\udced\udca0\udcbd", "caf\udce9", "🛠️"]


@pytest.mark.parametrize("name", INVALID_IN_XML)
def test_077_junit_and_sarif_are_well_formed(check_paths: Run, name: str) -> None:
    junit = check_paths([name], "--output-format", "junit").out
    suites = JUnitXml.fromstring(junit.encode())
    (failure,) = [
        each for suite in suites for case in suite if case.name == "stray-file" for each in case.result
    ]
    assert quote(name) in failure.text
    sarif = json.loads(check_paths([name], "--output-format", "sarif").out)
    (result,) = sarif["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"(?:[\w.~-]|%[0-9A-F]{2})+", uri, re.ASCII)
    assert unquote_to_bytes(uri) == name.encode("utf-8", "surrogateescape")


@linux
def test_077_svg_is_well_formed(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": LAYOUT, "README.md": "", **dict.fromkeys(INVALID_IN_XML, "")})
    picture = run("tree", str(git.path), "--format", "svg").out
    texts = ["".join(each.itertext()) for each in ET.fromstring(picture).iter() if each.tag.endswith("text")]  # noqa: S314
    for name in INVALID_IN_XML:
        assert any(quote(name).replace(" ", "\xa0") in text for text in texts)


def test_078_sarif_is_limited_to_5000_findings(check_paths: Run) -> None:
    names = [f"{number}.txt" for number in range(6_000)]
    result = check_paths(names, "--output-format", "sarif")
    (sarif,) = json.loads(result.out)["runs"]
    assert (result.status, len(sarif["results"])) == (1, 5000)
    (message, *_) = sarif["invocations"][0]["toolExecutionNotifications"]
    assert message["message"]["text"].startswith("1,000 more findings are not in this file")


# --- 79: terminals


@linux
@pytest.mark.parametrize("columns", [0, 10])
def test_079_narrow_terminal_does_not_truncate(repository: Make, columns: int) -> None:
    name = "long-" * 40 + "[bold]x"
    git = repository({"structlint.yaml": LAYOUT, "README.md": "", name: ""})
    status, shown = run_on_terminal(git.path, columns, "check")
    assert (status, "\x1b[" in shown) == (1, True)
    plain = re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", shown)
    assert f"{name}:unlistedfile" in re.sub(r"\s", "", plain)


@linux
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_079_color_is_disabled_by_environment(repository: Make, environment: dict[str, str]) -> None:
    git = repository({"structlint.yaml": LAYOUT, "README.md": "", "x": ""})
    status, shown = run_on_terminal(git.path, 80, "check", **environment)
    assert (status, "\x1b" in shown) == (1, False)


@pytest.mark.parametrize("width", ["0", "-5", "abc", "10"])
def test_079_log_lines_are_not_truncated(
    repository: Make, run: Run, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "x" * 200
    compose = {f"{name}/compose.yaml": "services: {web: {ports: ['80:80']}}"}
    git = repository({"structlint.yaml": LAYOUT, "README.md": "", **compose})
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", width)
    for command in (["check", "--output-format=full"], ["tree"], ["ports"]):
        shown = re.sub(r"\x1b\[[\d;]*m", "", run(command[0], str(git.path), *command[1:]).out)
        assert [name in line for line in shown.splitlines() if "xxx" in line] == [True] * shown.count(name)
        assert name in shown


def run_on_terminal(cwd: Path, columns: int, *arguments: str, **environment: str) -> tuple[int, str]:
    """Returns the exit status and the output on a terminal with this many columns."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "structlint", *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", **environment},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123
        try:
            while data := terminal.read(65536):
                shown += data
        except OSError:  # Linux reports a closed terminal as an error
            pass
    return process.wait(timeout=120), shown.decode().replace("\r\n", "\n")


# --- 80: invisible characters


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202egpj.exe", r'"a\u202egpj.exe"'),
        ("a\u2066b", r'"a\u2066b"'),
        ("READ\u200bME.md", r'"READ\u200bME.md"'),
        ("README.md\ufeff", r'"README.md\ufeff"'),
        ("README\u00ad.md", r'"README\u00ad.md"'),
        ("README.md\ufe0f", r'"README.md\ufe0f"'),
        ("README\U000e0041.md", r'"README\U000e0041.md"'),
        ("README\U000e0100.md", r'"README\U000e0100.md"'),
        ("a\u00a0b", r'"a\u00a0b"'),
        ("\u3164", r'"\u3164"'),
        ("\u2800", r'"\u2800"'),
    ],
)
def test_080_invisible_characters_are_escaped(check_paths: Run, name: str, shown: str) -> None:
    assert concise_names(check_paths, name) == [shown]


# --- 81: reproducible output


UNSORTED_NAMES = ["B", "a", "b-", "b.txt", "b/x", "\u0131", "İ", "é", "Z", "10", "9", "b_"]


def test_081_output_does_not_depend_on_hash_seed_or_locale(repository: Make) -> None:
    git = repository({"structlint.yaml": LAYOUT, "README.md": "", **dict.fromkeys(UNSORTED_NAMES, "")})
    outputs = {
        run_process(git.path, "check", "--output-format", "json", **environment).stdout
        for environment in (
            {"PYTHONHASHSEED": "0"},
            {"PYTHONHASHSEED": "1", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Tokyo"},
        )
    }
    assert len(outputs) == 1


class ShuffledScandir:
    """The entries of a directory in random order."""

    def __init__(self, scandir: Callable[[bytes], Any], order: random.Random, path: bytes) -> None:
        with scandir(path) as listing:
            self.entries = sorted(listing, key=lambda entry: entry.name)
        order.shuffle(self.entries)

    def __enter__(self) -> Iterator[os.DirEntry[bytes]]:
        return iter(self.entries)

    def __exit__(self, *raised: object) -> None: ...


def test_081_output_does_not_depend_on_order_of_directory_entries(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"structlint.yaml": LAYOUT, "README.md": "", **dict.fromkeys(UNSORTED_NAMES, "")})
    monkeypatch.setenv("PATH", "")  # without git, structlint reads the directories itself
    outputs = set()
    for seed in range(5):
        with monkeypatch.context() as shuffled:
            shuffled.setattr(os, "scandir", partial(ShuffledScandir, os.scandir, random.Random(seed)))
            outputs.add(run("check", str(tmp_path), "--output-format", "json"))
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop().out)["findings"]) > 9


def test_081_output_does_not_depend_on_order_of_paths(check_paths: Run) -> None:
    names = [f"{name}.txt" for name in "zaBé1_-"]
    outputs = {
        check_paths(random.Random(seed).sample(names, len(names)), "--output-format", "json")
        for seed in range(5)
    }
    assert len(outputs) == 1
