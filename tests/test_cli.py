"""The command line: options, output and exit status. Most tests run in this process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatch
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import Git, Make, Run, write

from structlint import __version__
from structlint.checking.pages import Example, examples
from structlint.cli import check_run, group, main, output, selection
from structlint.cli.show_config import config
from structlint.finding import Finding
from structlint.layout.bundled import BUNDLED, data
from structlint.layout.entry import entries, placeholders
from structlint.layout.load import bundled_layout, load
from structlint.layout.model import Layout
from structlint.layout.schema import schema_text
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.matching.survey import Survey
from structlint.report import concise
from structlint.rules import RULES, fix_of, name_of, stray_file
from structlint.rules.engine import check as run_rules
from structlint.text.quoting import quote
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn

ROOT = Path(__file__).parent.parent
NAMES = [name_of(rule) for rule in RULES]
RULES_WITHOUT_LAYOUT = ", ".join(name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT)

LAYOUT = """\
tree:
  README.md: Start here
  src/:
  CHANGELOG.md: {level: recommended}
"""
CLEAN = {"structlint.yaml": LAYOUT, "README.md": "", "src/a.py": "", "CHANGELOG.md": ""}
ROOT_ONLY_SUMMARY = "No problems found (4 files; only the root is checked)\n"
WITH_WARNING = {name: text for name, text in CLEAN.items() if name != "CHANGELOG.md"}
WITH_ERROR = {**CLEAN, "todo.txt": ""}


@pytest.fixture
def project(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], Git]:
    """Creates a repository with these files and changes to it."""

    def make(files: Mapping[str, str]) -> Git:
        git = repository(files)
        monkeypatch.chdir(git.path)
        return git

    return make


Project = Callable[[Mapping[str, str]], Git]


# --- The exit status


@pytest.mark.parametrize(
    ("files", "arguments", "status"),
    [
        (CLEAN, [], 0),
        (WITH_WARNING, [], 0),
        (WITH_ERROR, [], 1),
        (WITH_ERROR, ["."], 1),
        (WITH_WARNING, ["--fail-level", "error"], 0),
        (WITH_WARNING, ["--fail-level", "warning"], 1),
        (CLEAN, ["--fail-level", "warning"], 0),
        (WITH_ERROR, ["--fail-level", "never"], 0),
        (WITH_ERROR, ["-e"], 0),
        (WITH_ERROR, ["--exit-zero", "--fail-level", "warning"], 0),
        (WITH_ERROR, ["--ignore", "stray-file"], 0),
        (WITH_ERROR, ["--ignore", "missing-*, stray-*"], 0),
        (WITH_ERROR, ["--select", "stray-file"], 1),
        (WITH_ERROR, ["--select", "missing-file", "--select", "stray-*"], 1),
        (WITH_ERROR, ["--select", "missing-file,bad-name"], 0),
        (WITH_ERROR, ["--select", "*", "--ignore", "stray-*"], 0),
        (WITH_ERROR, ["src"], 0),
        (WITH_ERROR, ["--exclude", "*.txt"], 0),
        (WITH_ERROR, ["--tracked", "--max-findings", "0"], 1),
        (WITH_ERROR, ["--show-files"], 0),
        (WITH_ERROR, ["--show-config"], 0),
        ({"a:b": ""}, [], 0),
        ({"a:b": ""}, ["--fail-level", "warning"], 1),
        (CLEAN, ["--help"], 0),
        (CLEAN, ["-V"], 0),
    ],
)
def test_exit_status(
    files: Mapping[str, str], arguments: list[str], status: int, project: Project, run: Run
) -> None:
    project(files)
    result = run("check", *arguments)
    assert (result.status, result.err) == (status, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chekc"], "structlint: unknown command `chekc`; did you mean `check`?"),
        (["--nope"], "unknown option"),
        (["check", "--nope"], "unknown option"),
        (["check", "--tracked=1"], "takes no value"),
        (["check", "nope"], "structlint: no such directory: `nope`"),
        (["check", "README.md"], "structlint: `README.md` is a file; give the directory that contains it"),
        (
            ["check", "--select", "stray-fiel"],
            "--select: unknown rule `stray-fiel`; did you mean `stray-file`?",
        ),
        (["check", "--ignore", "x*"], "--ignore: unknown rule `x*`; list them with `structlint explain`"),
        (["check", "--select", ","], "--select: expected a rule; list them with `structlint explain`"),
        (["check", "-0"], "structlint: -0 requires --show-files"),
        (["check", "--max-findings", "-1"], "--max-findings"),
        (
            ["check", "--update-baseline", "-o", "x"],
            "--update-baseline writes no report; remove -o",
        ),
        (
            ["check", "--update-baseline", "-o", "-"],
            "--update-baseline writes no report; remove -o",
        ),
        (["check", "--update-baseline", "--report", "json=x"], "report; remove --report"),
        (
            ["check", "--update-baseline", "--output-format", "full"],
            "report; remove --output-format",
        ),
        (["check", "--update-baseline", "--statistics"], "report; remove --statistics"),
        (["check", "--update-baseline", "--max-findings", "1"], "report; remove --max-findings"),
        (
            ["check", "--report", "json=-"],
            "structlint: --report `json=-`: standard output already has a report; use another file",
        ),
        (
            ["check", "-o", "x", "--report", "json=-", "--report", "sarif=-"],
            "structlint: --report `sarif=-`: standard output already has a report; use another file",
        ),
        (
            ["check", "-o", "src/../x", "--report", "json=x"],
            "structlint: --report `json=x`: `x` already has a report; use another file",
        ),
        (
            ["check", "--output-format", "json", "--report", "sarif=nope/x"],
            "structlint: cannot write `nope/x`: No such file or directory",
        ),
        (["check", "--fail-level", "info"], "--fail-level"),
        (["check", "--output-format", "xml"], "--output-format"),
        (["check", "--color", "red"], "--color"),
        (["check", "--rev", "nope"], "structlint: unknown revision `nope` in "),
        (["check", "--paths-from", "nope"], "structlint: --paths-from `nope`: No such file or directory"),
        (["check", "-o", "nope/x.json"], "structlint: cannot write `nope/x.json`: No such file or directory"),
        (["check", "-o", "src"], "structlint: cannot write `src`: Is a directory"),
        (
            ["check", "-o", "structlint.yaml"],
            "structlint: `structlint.yaml` already exists and may be a layout; use another file",
        ),
        (
            ["check", "-c", "base"],
            "structlint: no such file: `base`; for the bundled layout, use `--layout base`",
        ),
        (["check", "-l", "nope"], "structlint: unknown layout `nope`; "),
        (["explain", "nope"], "structlint: unknown rule `nope`; list them with `structlint explain`"),
        (["explain", "stray-files"], "structlint: unknown rule `stray-files`; did you mean `stray-file`?"),
        (
            ["explain", "go"],
            "structlint: unknown rule `go`; for the bundled layout, run `structlint layouts go`\n",
        ),
        (["explain", "a", "b"], "unexpected argument `"),
        (
            ["layouts", "micro-services"],
            "structlint: unknown layout `micro-services`; did you mean `microservices`?",
        ),
        (["schema", "x"], "unexpected argument `"),
        (["check", "\x1b[31m::error::"], r'no such directory: "\x1b[31m::error::"'),
        (["check", "--no\x1b[31m\nx"], r"\x1b[31m"),
    ],
)
def test_usage_errors(arguments: list[str], message: str, project: Project, run: Run) -> None:
    project(CLEAN)
    result = run(*arguments)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert "Traceback" not in result.err
    assert "\x1b" not in result.err


def test_names_are_quoted_once(project: Project, run: Run) -> None:
    project({"\x1b/structlint.yaml": "tre:", "x/structlint.yaml": ""})
    assert run("check").err.startswith(r'"\x1b/structlint.yaml":1:1: unknown key `tre`;')
    assert run("check", "x", "-v", "--config", "\x1b/structlint.yaml").err.startswith(
        r'"\x1b/structlint.yaml":1:1: '
    )


@pytest.mark.parametrize("format_", ["full", "concise", "json"])
def test_all_layout_errors_are_printed(format_: str, project: Project, run: Run) -> None:
    project({"structlint.yaml": "tre: {}\nlimits: {dept: 3}\n"})
    assert run("check", "--output-format", format_) == (
        2,
        "",
        "structlint.yaml:1:1: unknown key `tre`; did you mean `tree`?\n"
        "structlint.yaml:2:10: unknown key `dept`; did you mean `depth`?\n",
    )


def test_number_of_layout_errors_is_limited(project: Project, run: Run) -> None:
    project({"structlint.yaml": "".join(f"k{number}: x\n" for number in range(2000))})
    lines = run("check").err.splitlines()
    assert len(lines) == 51
    assert lines[0].startswith("structlint.yaml:1:1: unknown key `k0`")
    assert lines[49].startswith("structlint.yaml:50:1: ")
    assert lines[50] == "and 1,950 more"


def test_crash_of_a_rule(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(survey: Survey) -> Iterator[Finding]:
        raise RuntimeError("oh\n::error::\x1b[31m")

    project(WITH_ERROR)
    monkeypatch.setenv("STRUCTLINT_SECRET", "hunter2")
    monkeypatch.setattr(stray_file, "find", find)
    result = run("check")
    assert result.status == 3
    assert result.out.startswith("note: stray-file did not finish because of a bug in structlint\n")
    first, second, third = result.err.splitlines()[:3]
    assert first.startswith("structlint: a bug in structlint, not a problem in your repository")
    assert second == f"structlint {__version__}, Python {sys.version.split()[0]}, {sys.platform}"
    assert third == "Traceback (most recent call last):"
    assert '"::error::\\x1b[31m"' in result.err
    assert "\n::" not in result.err
    assert "hunter2" not in result.err


@pytest.mark.parametrize(
    ("error", "status", "err"),
    [
        (KeyboardInterrupt(), 130, "structlint: interrupted\n"),
        (BrokenPipeError(), 141, ""),
        (
            OSError(28, "No space left on device"),
            2,
            "structlint: cannot read or write: No space left on device\n",
        ),
        (MemoryError(), 2, "structlint: not enough memory\n"),
        (
            OSError(36, "File name too long", "a\n"),
            2,
            'structlint: cannot read or write "a\\n": File name too long\n',
        ),
        (RecursionError(), 3, None),
    ],
)
def test_unexpected_exceptions(
    error: BaseException, status: int, err: str | None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(check_run, "open_projects", fail)
    monkeypatch.setattr("structlint.cli.discard_output", lambda: None)
    result = run("check")
    assert (result.status, result.out) == (status, "")
    assert err is None or result.err == err


# --- Output streams


def test_full_format_uses_standard_output_only(project: Project, run: Run) -> None:
    project(WITH_ERROR)
    assert run("check") == (
        1,
        "error    todo.txt: unlisted file\n"
        "         move it, remove it, or list it in the layout"
        "  (structlint.yaml:1, stray-file)\n"
        "\n"
        "Found 1 error (checked 5 files)\n",
        "",
    )


def test_concise_format_prints_notes_and_summary_on_standard_error(project: Project, run: Run) -> None:
    project({**WITH_ERROR, "src/compose.yml": "services: ["})
    line = (
        "todo.txt: error: unlisted file (structlint.yaml:1) [stray-file] -- "
        "move it, remove it, or list it in the layout\n"
    )
    note = "note: src/compose.yml:1: this `[` is never closed; its ports are not read\n"
    assert run("check", "--output-format", "concise") == (1, line, f"{note}Found 1 error (checked 6 files)\n")
    assert run("check", "--output-format", "concise", "-q") == (1, line, "")
    assert run("-q", "check", "--output-format", "concise") == (1, line, "")


def test_output_format_from_environment(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(CLEAN)
    monkeypatch.setenv("STRUCTLINT_OUTPUT_FORMAT", "json")
    assert json.loads(run("check").out)["summary"] == {
        "errors": 0,
        "warnings": 0,
        "files": 4,
        "directories": 1,
        "openDirectories": 1,
        "baselined": 0,
        "fixable": 0,
        "unsafeFixable": 0,
    }
    assert run("check", "--output-format", "full").out == ROOT_ONLY_SUMMARY
    monkeypatch.setenv("STRUCTLINT_OUTPUT_FORMAT", "xml")
    assert run("check").status == 2


def test_quiet_prints_findings_only(project: Project, run: Run) -> None:
    git = project(WITH_ERROR)
    assert run("check", "-q").out.splitlines()[-1].endswith("(structlint.yaml:1, stray-file)")
    (git.path / "todo.txt").unlink()
    assert run("check", "-q") == (0, "", "")


def test_verbose_lists_layouts(project: Project, run: Run) -> None:
    project({**CLEAN, "structlint.yaml": f"extends: base\n{LAYOUT}", "src/structlint.yaml": "about: x"})
    assert run("check", "-v").err.splitlines() == [
        "./: the files that git lists; layouts read: usual, base, structlint.yaml",
        "src/: the files that git lists; layouts read: src/structlint.yaml",
    ]
    assert (
        run("check", "-v", "--tracked", "src").err == "src/: the index; layouts read: src/structlint.yaml\n"
    )
    assert run("check", "-vq", "src").err == ""


def test_findings_of_several_projects_are_sorted_together(project: Project, run: Run) -> None:
    project(
        {
            "structlint.yaml": "tree: {b/: }",
            "b/structlint.yaml": "tree: {c/: }",
            "a.txt": "",
            "z.txt": "",
            "b/x": "",
        }
    )
    lines = run("check", "--output-format", "concise").out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["a.txt", "b/c/", "b/x", "z.txt"]


def test_check_without_layout(project: Project, run: Run) -> None:
    project({"app/main.py": "", "tests/test_a.py": "", "pyproject.toml": "", "x/y": ""})
    result = run("check")
    assert result.out.splitlines() == [
        f"note: No structlint.yaml found; ran only the rules that don't need one: {RULES_WITHOUT_LAYOUT}",
        "note: These files show which bundled layout fits: python: pyproject.toml, app/main.py",
        "note: To try it, run: structlint check . --layout python",
        "note: To adopt it, run: structlint init .",
        "No problems found (4 files; no layout, so the structure was not checked)",
    ]
    inner = run("check", "app").out.splitlines()
    assert inner[0].startswith("note: No structlint.yaml found for `app/`; ran only ")
    assert inner[1].startswith("note: No bundled layout fits this kind of repository. To try `any`, run: ")
    assert run("check", "-q") == (0, "", "")


def test_notes_for_empty_selections(project: Project, run: Run) -> None:
    project(WITH_ERROR)
    assert run("check", "--ignore", "*").out.startswith("note: No rule is selected\n")
    assert run("check", "--exclude", "/*").status == 2  # excludes a required path
    write(Path(), {"structlint.yaml": "limits: {depth: 9}"})
    assert run("check", "--exclude", "/*").out.startswith("note: No files found in ./\n")
    assert (
        run("check", "--select", "bad-name").out
        == "No problems found (5 files; only the selected paths and rules were checked)\n"
    )


def test_changed_without_base_does_not_consume_path(project: Project, run: Run) -> None:
    git = project(WITH_ERROR)
    git("commit", "-q", "-m", "one")
    for arguments in (["--changed", "."], [".", "--changed"], ["--changed=HEAD"], ["--changed", "--", "."]):
        assert run("check", *arguments).status == 0
    write(git.path, {"more.txt": ""})
    assert run("check", "--changed", ".", "--output-format", "concise").out.startswith(
        "more.txt: error: unlisted file"
    )
    assert run("check", "--changed", "main").err.endswith(
        "; to give --changed a base, write --changed=main\n"
    )


def test_paths_from_standard_input(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(CLEAN)
    monkeypatch.setattr(
        sys, "stdin", TextIOWrapper(BytesIO(b"README.md\nsrc/x.py\nCHANGELOG.md\nstructlint.yaml\n"))
    )
    assert run("check", "--paths-from", "-").out == ROOT_ONLY_SUMMARY
    write(Path(), {"list": "README.md\n../x\n"})
    assert run("check", "--paths-from", "list").err.startswith(
        "structlint: list:2: ../x is not a path in the project"
    )
    monkeypatch.setattr(sys, "stdin", None)
    assert run("check", "--paths-from", "-").status == 2


def test_show_files(project: Project, run: Run) -> None:
    project({**CLEAN, "a\nb": "", "src/structlint.yaml": "about: x", "src/caf\udce9": ""})
    names = [
        "CHANGELOG.md",
        "README.md",
        r'"a\nb"',
        "structlint.yaml",
        "src/a.py",
        r'"src/caf\xe9"',
        "src/structlint.yaml",
    ]
    assert run("check", "--show-files").out.splitlines() == names
    assert run("check", "--show-files", "src").out.splitlines() == names[4:]


def test_show_files_with_null_separator(project: Project, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    project({"a\nb": "", "caf\udce9": ""})
    assert main(["check", "--show-files", "-0"]) == 0
    assert capfdbinary.readouterr().out == b"a\nb\0caf\xe9\0"


# --- Output files


def test_output_file_is_replaced(project: Project, run: Run) -> None:
    git = project({**WITH_ERROR, "old.json": "old"})
    (git.path / "old.json").chmod(0o640)
    for name in ("old.json", "src/new.json"):
        result = run("check", "--output-format", "json", "-o", name)
        assert (result.status, result.out) == (1, "")
        assert json.loads((git.path / name).read_text())["summary"]["errors"] >= 1
    assert (git.path / "old.json").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in Path("src").iterdir()) == ["a.py", "new.json"]
    assert run("check", "-o", os.devnull).status == 1


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="requires /dev/stdout")
def test_output_to_open_device_appends(project: Project, tmp_path: Path) -> None:
    project({"structlint.yaml": "tree: {a: }\n"})
    log = tmp_path / "log"
    log.write_text("kept\n")
    with log.open("a") as out:
        command = [
            sys.executable,
            "-m",
            "structlint",
            "-q",
            "check",
            "-o",
            "/dev/stdout",
            "--output-format",
            "concise",
        ]
        subprocess.run(command, stdout=out, check=False)
    kept, finding = log.read_text().splitlines()
    assert (kept, finding.partition(":")[0]) == ("kept", "a")


MEMORY = Path("/dev") / "shm"


@pytest.mark.skipif(not MEMORY.is_dir(), reason="requires /dev/shm")
def test_output_file_in_shared_memory(project: Project, run: Run) -> None:
    project(WITH_ERROR)
    with TemporaryDirectory(dir=MEMORY) as directory:
        for _ in range(2):
            assert run("check", "--output-format", "json", "-o", f"{directory}/report.json").status == 1
        assert json.loads(Path(directory, "report.json").read_text())["summary"]["errors"] == 1


def test_output_file_is_unchanged_if_rendering_fails(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = project({**WITH_ERROR, "old.txt": "old"})

    def render(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(concise, "render", render)
    before = sorted(path.name for path in git.path.iterdir())
    assert run("check", "--output-format", "concise", "-o", "old.txt").status == 3
    assert (git.path / "old.txt").read_text() == "old"
    assert sorted(path.name for path in git.path.iterdir()) == before


def test_full_report_in_file_has_no_color(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(WITH_ERROR)
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("check", "-o", "report.txt")
    assert result.err == "Found 1 error (checked 5 files)\n"
    assert Path("report.txt").read_text().endswith("\n\nFound 1 error (checked 5 files)\n")
    run("check", "-o", "report.txt", "--color", "always")
    assert "\x1b[" in Path("report.txt").read_text()


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "color", "environment", "expected_drawn", "expected_colored"),
    [
        (True, "auto", {}, True, True),
        (True, "auto", {"NO_COLOR": "1"}, True, False),
        (True, "auto", {"NO_COLOR": "", "TERM": "xterm"}, True, True),
        (True, "auto", {"TERM": "dumb"}, True, False),
        (True, "never", {"FORCE_COLOR": "1"}, True, False),
        (True, "always", {"NO_COLOR": "1"}, True, True),
        (False, "auto", {}, False, False),
        (False, "auto", {"FORCE_COLOR": "1"}, True, True),
        (False, "auto", {"FORCE_COLOR": "0"}, False, False),
        (False, "auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        (False, "always", {}, True, True),
        (False, "never", {}, False, False),
    ],
)
def test_color(
    terminal: bool,
    color: str,
    environment: dict[str, str],
    expected_drawn: bool,
    expected_colored: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    look = output.style_of(_Terminal() if terminal else StringIO(), color)
    assert (look.drawn, look.coloured) == (expected_drawn, expected_colored)


@pytest.mark.parametrize(
    ("encoding", "ascii_"), [("utf-8", False), ("ascii", True), ("cp1252", True), ("cp437", True)]
)
def test_ascii_drawing_depends_on_encoding(encoding: str, ascii_: bool) -> None:
    assert output.style_of(TextIOWrapper(BytesIO(), encoding=encoding), "auto").ascii is ascii_


# --- `--show-config`


def check_tree(layout: Layout, tree: Tree) -> list[str]:
    found = run_rules(match(layout, tree, own=["structlint.yaml"]), NAMES, date(2026, 1, 1))
    return [
        f"{each.path} {each.severity} {each.message} {each.about} {each.hint} {each.related}"
        for each in found
    ]


def reload_shown_config(layout: Layout) -> Layout:
    return load(LayoutSource({"structlint.yaml": config(layout).encode()}.__getitem__), "structlint.yaml")


def comparable(found: list[str]) -> list[str]:
    """The findings without locations, unchecked imports and unused `ignore` entries.

    The latter two are reported only for layouts that are not bundled.
    """
    kept = [line for line in found if not re.search("imports are not checked|warning unused ignore", line)]
    return [re.sub(r"structlint\.yaml:\d+", "structlint.yaml", line) for line in kept]


PAGES = [
    ROOT / "docs/language.md",
    ROOT / "docs/tutorial.md",
    *ROOT.glob("docs/rules/*.md"),
    *ROOT.glob("tests/cases/*.md"),
]
CASES = {
    page.stem: [
        example
        for example in examples(page)
        if example.layout and not any(re.match(r"\S+?:\d+:\d+: ", line) for line in example.output)
    ]
    for page in sorted(PAGES)
    if page.name != "errors.md"
}


@pytest.mark.parametrize("page", CASES)
def test_show_config_output_is_an_equivalent_layout(page: str) -> None:
    for example in CASES[page]:
        assert_shown_config_is_equivalent(example)


def assert_shown_config_is_equivalent(example: Example) -> None:
    tree = drawn(example.tree, example.contents, in_git=True)

    def read(path: str) -> bytes:
        return (example.layout or "").encode() if path == "structlint.yaml" else tree.source.read(path)

    layout = load(LayoutSource(read), "structlint.yaml")
    if layout.layers:
        assert_equivalent_except_for_tree(layout)
        return
    tree = tree.without(path for path in (*tree.files, *tree.opaque) if layout.exclude.match(path))
    again = without_bundled_local_patterns(layout, check_tree(reload_shown_config(layout), tree))
    found = without_bundled_local_patterns(layout, check_tree(layout, tree))
    assert comparable(again) == comparable(found), str(example)


def without_bundled_local_patterns(layout: Layout, found: list[str]) -> list[str]:
    """The findings without bundled `local` patterns that git does not ignore.

    Only patterns of other layouts must be ignored before such a file exists.
    """
    patterns = [f"`{entry.pattern}`" for entry in layout.local.items if entry.place.file in BUNDLED]
    message = tuple(f".gitignore warning {each} should stay local, but git does not" for each in patterns)
    return [line for line in found if not line.startswith(message)]


def assert_equivalent_except_for_tree(layout: Layout) -> None:
    """The tree of a combination of layouts cannot be written as a single file."""
    note, *rest = config(layout).splitlines()
    assert note.startswith("# Combined from several layouts")
    settings = without_tree_and_names("\n".join(rest))
    # `imports` may name a placeholder.
    used = "".join(f"of-{name}/?: {{<{name}>/?: }}, " for name in placeholders(layout.root))
    files = {"structlint.yaml": f"{settings}\ntree: {{{used}}}".encode()}
    again = load(LayoutSource(files.__getitem__), "structlint.yaml")
    assert without_locations(without_tree_and_names(config(again))) == without_locations(settings)


def without_tree_and_names(text: str) -> str:
    sections = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
    return "".join(section for section in sections if not section.startswith(("names:", "tree:")))


def without_locations(text: str) -> list[str]:
    note = "(?:, only for patterns of this layout)?"
    return [re.sub(rf" +# \S+:\d+{note}$", "", line) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["base", "python-service", "microservices", "terraform-module", "dbt"])
def test_show_config_of_bundled_layouts(name: str) -> None:
    layout = bundled_layout(name)
    if layout.layers:
        assert_equivalent_except_for_tree(layout)
        return
    again = reload_shown_config(layout)
    assert config(again).count("\n") == config(layout).count("\n")
    files = ["services/a_b/README.md", "src/Bad-Name.py", "x/y", ".env", "old.orig", "main.tf", "a.proto"]
    # Other layouts also report misplaced files whose target directory does not exist.
    homes = {f"{home}a" for reason in layout.belongs.items for home in reason.targets if home != "/"}
    tree = Tree(tuple(sorted({*files, *homes})), Drawn({}, frozenset()))
    assert comparable(check_tree(again, tree)) == check_tree(layout, tree)


UNUSUAL_LAYOUT = r"""
about: "odd: # names"
names: {"n": {case: kebab-case, pattern: "[a-z\"'-]+", count: 0-9}, u: [a, "true", "1.5", "b c"]}
tree:
  .: {about: "the: root", unlisted: forbid, max-files: 30, min-directories: 0}
  'FAQ\?': "yes"
  'a \| b': 'null'
  '\<draft>.md?':
  'back\\slash': {about: "a\nb", needs: ['\<draft>.md', /x/y.txt]}
  '\about': ~
  'level/?': {.: {level: optional}}
  '[id]/': {'*.py?': , 'true?': , '1.5': , '- x?': , 'a: b?': , '#x?': , '*/?': }
  '@scope/ ^ é/?': {'**/': {index.ts?: }}
  x/y.txt:
  <n>.txt | <n:snake_case>.md?: {level: optional}
  '<u>/': {.: {about: x, level: recommended, needs: '<u>.x | <u>.y'}, sub/: {.: {unlisted: allow}, z?: }}
  ~: Tilde
  old/x/?: {y: false}
belongs: {'*.tf': [infra/, 'a b/'], '!x.tf': , '*.c': /}
forbid: {'*.orig': , '*.bak': 'why: not'}
local: [.env, '!.env.x', .env, 'a b']
exclude: [gen/]
limits: {depth: 9, files: 99}
severity: {orphan: off, bad-name: warning}
ignore: [{rule: stray-file, path: '/x y', why: 'it: is', until: 2027-01-31, mentioned-in: [a.py, 'b *']}]
ports: {api: 8000}
"""


def test_show_config_quotes_unusual_names() -> None:
    layout = load(LayoutSource({"structlint.yaml": UNUSUAL_LAYOUT.encode()}.__getitem__), "structlint.yaml")
    again = reload_shown_config(layout)
    assert config(again).replace("structlint.yaml:", "") != ""
    places = re.compile(r" +# \S+:\d+$", re.MULTILINE)
    assert places.sub("", config(again)) == places.sub("", config(layout))
    tree = drawn("'FAQ?'\na | b\n[id]/\n  x.py\nz.txt\nx y\ninfra/\n  q.c".replace("'", ""))
    assert check_tree(again, tree) == check_tree(layout, tree)


def test_show_config_shows_origins(project: Project, run: Run) -> None:
    project(
        {
            "structlint.yaml": "extends: ./team.yaml\ntree:\n  docs/?: Words\n",
            "team.yaml": "tree: {docs/: }\nlocal: [.env]",
        }
    )
    assert run("check", "--show-config", "--exclude", "gen/") == (
        0,
        "tree:\n"
        '  docs/?: "Words"  # structlint.yaml:3\n'
        "local:\n"
        '  - ".env"         # team.yaml:2\n'
        "exclude:\n"
        '  - "gen/"         # --exclude:1\n',
        "",
    )


def test_show_config_of_layouts_side_by_side() -> None:
    files = {
        "structlint.yaml": "extends: [./a.yaml, ./b.yaml]\n",
        "a.yaml": "tree: {.: {holds: x | y}}\nforbid: {'*.o': , '!keep.o': }\n",
        "b.yaml": "tree: {.: {holds: {about: A page, paths: z}}}\nforbid: {'*.tmp': }\n",
    }
    layout = load(LayoutSource(lambda path: files[path].encode()), "structlint.yaml")
    shown = config(layout)
    assert '.: {holds: ["x | y", {about: "A page", paths: "z"}]}' in shown
    assert re.search(r'"!keep.o": +# a.yaml:2, only for patterns of this layout\n', shown)
    assert re.search(r'"\*.o": +# a.yaml:2\n', shown)


def test_show_config_on_narrow_terminal() -> None:
    source = b"tree:\n  README.md: Main project documentation\n  src/:\n    main.py:\n"
    layout = load(LayoutSource({"structlint.yaml": source}.__getitem__), "structlint.yaml")
    assert config(layout, 36) == (
        "tree:\n"
        '  README.md: "Main project documentation"  # structlint.yaml:2\n'
        "  src/:          # structlint.yaml:3\n"
        "    main.py:     # structlint.yaml:4\n"
    )


def test_show_config_accepts_one_project(project: Project, run: Run) -> None:
    project({"a/structlint.yaml": "about: a", "b/structlint.yaml": "about: b"})
    assert run("check", "--show-config", "a").out == 'about: "a"\n'
    assert (
        run("check", "--show-config", "a", "b").err
        == "structlint: --show-config shows one project; give the directory of one\n"
    )
    assert run("check", "--show-config").err == "structlint: no structlint.yaml for `./`; nothing to show\n"


# --- Other commands


def test_explain_lists_rules(run: Run) -> None:
    head, *lines = run("explain").out.splitlines()
    assert head.split() == ["rule", "severity", "fix", "finds"]
    assert [line.split("  ")[0].strip() for line in lines[:-3]] == NAMES
    assert "missing-file          error     safe    a required file that does not exist" in lines
    assert lines[-2] == "Unsafe fixes require --unsafe."
    assert lines[-1].startswith(f"Rules that need no layout: {RULES_WITHOUT_LAYOUT}")


def test_f12_explain_shows_which_rules_have_fixes() -> None:
    """A rule must define `FIX` exactly if its module creates steps."""
    for rule in RULES:
        text = Path(rule.__file__ or "").read_text(encoding="utf-8")  # type: ignore[attr-defined]
        assert bool(fix_of(rule)) == bool(re.search(r"\bfix=|missing_of_kind\(survey", text)), rule


@pytest.mark.parametrize("rule", NAMES)
def test_explain_prints_page_of_rule(rule: str, run: Run) -> None:
    assert run("explain", rule) == (0, data("docs", "rules", f"{rule}.md").decode(), "")


def test_explain_renders_markdown_with_color(run: Run) -> None:
    shown = run("explain", "stray-file", "--color", "always").out
    assert "\x1b[" in shown
    assert "# stray-file" not in shown


def test_layouts_lists_bundled_layouts(run: Run) -> None:
    lines = run("layouts").out.splitlines()
    assert [line.split()[0] for line in lines] == list(BUNDLED)
    assert "microservices       Services that are deployed separately" in lines


@pytest.mark.parametrize("name", BUNDLED)
def test_layouts_draws_layout(name: str, run: Run) -> None:
    layout = bundled_layout(name)
    shown = run("layouts", name).out
    drawn = any(entry.place.file == name for _, entry in entries(layout.root))
    assert re.match(rf"{name}: {re.escape(layout.about)}\n\n{'[├└]── ' if drawn else '[A-Z]'}", shown)
    reasons = (*layout.belongs.items, *layout.forbid.items, *layout.local.items)
    own = {reason.pattern for reason in reasons if reason.place.file == name}
    exceptions = {name for line in re.findall(r"(?m)^  except (.*)$", shown) for name in line.split(", ")}
    for reason in reasons:
        if reason.pattern.startswith("!"):
            listed = quote(reason.pattern[1:]) in exceptions
        else:
            listed = re.search(rf"(?m)^  {re.escape(quote(reason.pattern))}(?:  |$)", shown) is not None
        assert listed is (reason.pattern in own), reason.pattern
    others = [each for each in reversed(layout.files) if each != name]
    assert (f"\nExtends {', '.join(others)}; show one with: structlint layouts" in shown) is bool(others)


def test_layouts_shows_requirement_levels(run: Run) -> None:
    shown = run("layouts", "microservices").out
    assert re.search(r"(?m)^├── README.md \|.*[^?]  # Purpose and first steps$", shown)
    assert re.search(r"(?m)^├── \.gitignore +# recommended: Paths that git ignores$", shown)
    assert re.search(r"(?m)^.   └── <service>/ +# forbidden$|    └── <service>/  # forbidden", shown)


def test_schema(run: Run) -> None:
    assert run("schema") == (0, schema_text(), "")


@pytest.mark.parametrize("command", ["", *group.COMMANDS])
def test_help(command: str, run: Run) -> None:
    arguments = [command] if command else []
    shown = run(*arguments, "--help")
    assert (shown.status, shown.err) == (0, "")
    assert run(*arguments, "-h").out == shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    assert shown.out.count("structlint ") >= 2  # the usage line and an example
    assert "\x08" not in shown.out
    for option in ("-v, --verbose", "-q, --quiet", "--color", "-V, --version", "-h, --help"):
        assert option in shown.out
    assert run(*arguments, "-V").out == f"structlint {__version__}\n"


def test_examples_in_help_run(project: Project, run: Run) -> None:
    git = project(CLEAN)
    git("commit", "-q", "-m", "one")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    write(git.path, {"services/billing/x": ""})
    lines = run("check", "-h").out.splitlines()
    commands = [line.split() for line in lines if line.startswith("    structlint ")]
    assert len(commands) == 6
    for command in commands:
        assert run(*(word.strip("'") for word in command[1:])).status in (0, 1)


def test_completion_protocol(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_STRUCTLINT_COMPLETE", "zsh_source")
    assert "#compdef structlint" in run().out
    monkeypatch.setenv("_STRUCTLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "structlint check --chan")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert run() == (0, "plain,--changed\n", "")
    monkeypatch.setenv("_STRUCTLINT_COMPLETE", "nope")
    assert run().status == 2


# --- Separate processes


def start(*arguments: str, cwd: Path | None = None, **more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "structlint", *arguments],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_modules_in_checked_directory_are_not_imported(project: Project) -> None:
    git = project(
        {f"{name}.py": "raise SystemExit('imported')" for name in ("click", "yaml", "json", "rich", "signal")}
    )
    out, err = (process := start("check", "--output-format", "concise", cwd=git.path)).communicate(
        timeout=120
    )
    assert (process.returncode, out) == (0, b"")
    assert b"imported" not in err


HOSTILE_NAMES = {
    "[red]\n::error::": "",
    "\x1b[31m": "",
    "caf\udce9": "",
    "é": "",
    "structlint.yaml": "tree: {README.md: }",
}


@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii"])
def test_hostile_names_on_standard_output(encoding: str, project: Project) -> None:
    git = project(HOSTILE_NAMES)
    process = start("check", "--all", cwd=git.path, PYTHONIOENCODING=encoding)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, b"")
    assert rb'"\x1b[31m": unlisted file' in out
    assert rb'"[red]\n::error::": unlisted file' in out
    assert rb'"caf\xe9": unlisted file' in out
    assert ("é" if encoding != "ascii" else r"\xe9").encode() + b": unlisted file" in out


def test_closed_pipe_is_silent(project: Project) -> None:
    git = project(dict.fromkeys([f"{number}:{'x' * 200}" for number in range(1500)], ""))
    process = start("check", "--output-format", "concise", cwd=git.path)
    assert process.stdout
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr
    with process.stderr as err:
        assert err.read() == b""
    assert process.wait(timeout=120) == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="requires /dev/full")  # noqa: PTH110
def test_full_disk_is_an_error(project: Project) -> None:
    git = project(WITH_ERROR)
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        completed = subprocess.run(
            [sys.executable, "-m", "structlint", "check"],
            cwd=git.path,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert completed.returncode == 2
    assert completed.stderr == b"structlint: cannot read or write: No space left on device\n"


def test_closed_standard_output_is_an_error(
    project: Project, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    project(WITH_ERROR)
    monkeypatch.setattr(sys, "stdout", None)
    result = run("check")
    assert result.status == 2
    assert result.err == "structlint: standard output is closed\n"
    assert run("check", "-o", "report").status == 1


@pytest.mark.skipif(os.name == "nt", reason="requires Unix signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(number: signal.Signals, status: int, project: Project) -> None:
    git = project(CLEAN)
    os.mkfifo(git.path / "list")
    process = start("check", "--paths-from", "list", cwd=git.path)
    with open(git.path / "list", "wb"):  # noqa: PTH123 - waits until the process reads
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (status, b"")
    assert b"Traceback" not in err


def test_select_by_name_or_pattern() -> None:
    assert selection.selected((), ()) == frozenset(NAMES)
    strays = {name for name in NAMES if fnmatch(name, "stray-*")}
    assert selection.selected(("stray-*, bad-name",), ("stray-file",)) == {*strays, "bad-name"} - {
        "stray-file"
    }


def test_several_reports(project: Project, run: Run) -> None:
    project(WITH_ERROR)
    result = run(
        "check", "-q", "--report", "sarif=a.sarif", "--report", "junit=b.xml", "--report=concise=c.txt"
    )
    assert result.status == 1
    assert json.loads(Path("a.sarif").read_text())["version"] == "2.1.0"
    assert Path("b.xml").read_text().startswith("<?xml")
    assert Path("c.txt").read_text().startswith("todo.txt: error: unlisted file")
    assert run("check", "--report", "sarif").err == (
        "structlint: --report `sarif`: expected FORMAT=FILE, such as sarif=report.sarif\n"
    )
    assert (
        "--report: unknown format `sarff`; did you mean `sarif`?" in run("check", "--report", "sarff=x").err
    )


def test_github_actions_is_detected(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project(WITH_ERROR)
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run("check").out.startswith("::error file=todo.txt")
    assert "stray-file" in summary.read_text()
    assert run("check", "-o", "-").out.startswith("::error file=todo.txt")
    assert run("check", "--output-format", "concise").out.startswith("todo.txt: error")
    assert run("check", "-o", "../report.txt").out == ""
    assert Path("../report.txt").read_text().startswith("error    todo.txt: unlisted file\n")


def test_output_file_dash_is_standard_output(project: Project, run: Run) -> None:
    project(WITH_ERROR)
    assert run("check", "-o", "-") == run("check")
    assert run("tree", "-o", "-") == run("tree")
    result = run("check", "-q", "-o", "../report.txt", "--report", "json=-")
    assert [each["path"] for each in json.loads(result.out)["findings"]] == ["todo.txt"]
    assert sorted(path.name for path in Path().iterdir() if path.name != ".git") == sorted(
        {name.partition("/")[0] for name in WITH_ERROR}
    )


def test_update_baseline_ignores_output_format_from_environment(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(WITH_ERROR)
    monkeypatch.setenv("STRUCTLINT_OUTPUT_FORMAT", "json")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run("check", "--update-baseline").status == 0
