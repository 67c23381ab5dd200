"""The appearance of commands on a terminal and in a pipe."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Make, Run, write
from forked import Command, Server

from structlint.cli.group import COMMANDS

Show = Callable[..., str]
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


@pytest.fixture
def terminal(tmp_path: Path, server: Server) -> Show:
    """Runs a command in a repository with these files, and returns its output on a terminal."""

    def show(files: dict[str, str], *command: str, width: int = 80, **environment: str) -> str:
        write(tmp_path, files)
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
        values = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(width), **environment}
        reader, writer = pty.openpty()
        with Path(os.devnull).open("rb") as null:
            server.start(Command(command, str(tmp_path), values), [null.fileno(), writer, writer])
        os.close(writer)
        data = b""
        while part := _read(reader):
            data += part
        server.wait()
        os.close(reader)
        return data.decode().replace("\r\n", "\n")

    return show


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 1 << 16)
    except OSError:  # the terminal is closed
        return b""


def without_escapes(text: str) -> str:
    return ESCAPE.sub("", text)


BAD_NAME = {
    "structlint.yaml": "names: {service: kebab-case}\ntree: {services/: {<service>/: }}\n",
    "services/user_bad/x": "",
}


def test_f2_tree_marks_bad_names_like_check(terminal: Show) -> None:
    tree = terminal(BAD_NAME, "tree")
    line = next(line for line in tree.splitlines() if "user_bad/" in line)
    assert "services/user-bad/" in line
    assert "\x1b[31m" in line or "\x1b[1;31m" in line
    assert (
        "1 error" in without_escapes(tree).splitlines()[-1]
        or "1 wrong" in without_escapes(tree).splitlines()[-1]
    )


def test_f4_findings_are_shown_once(terminal: Show) -> None:
    files = {"structlint.yaml": "tree: {README.md: , src/: {main.py: }}\n", "src/util/x.py": ""}
    lines = without_escapes(terminal(files, "check", ".")).splitlines()
    for name in ("README.md", "src/main.py", "src/util/"):
        assert sum(name in line for line in lines) == 1, lines


def test_f7_pages_have_no_background_color(terminal: Show) -> None:
    shown = terminal({"structlint.yaml": "tree: {}\n"}, "explain", "stray-file")
    codes = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", shown) for code in codes.split(";")}
    assert "36" in codes  # code has a color
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
def test_f10_port_problems_are_not_truncated(width: int, terminal: Show) -> None:
    lines = without_escapes(terminal(PORTS, "ports", width=width)).splitlines()
    assert max(map(len, lines[:-1])) <= width
    words = " ".join(" ".join(lines).split())
    assert "also a-rather-long-service-name, compose.yaml:2" in words
    assert "problem" in words
    assert "…" not in words


@pytest.mark.parametrize("width", [60, 140])
def test_f13_ports_omits_empty_columns(width: int, terminal: Show) -> None:
    files = {
        "structlint.yaml": "tree: {compose.yaml: }\nports: {api: 9000}\n",
        "compose.yaml": "services: {api: {ports: ['9000:80']}}\n",
    }
    assert without_escapes(terminal(files, "ports", width=width)).splitlines()[:2] == [
        "port  service  in `ports`  where",
        "9000  api      9000        compose.yaml:1",
    ]


def test_f13_new_lists_one_value_per_line(terminal: Show) -> None:
    files = {
        "structlint.yaml": "tree: {services/: {<service>/: {README.md: }}}\n",
        **{f"services/one-with-a-long-name-{number}/README.md": "" for number in range(5)},
    }
    assert without_escapes(terminal(files, "new", width=60)).splitlines()[:4] == [
        "name     entry                existing",
        "service  services/<service>/  one-with-a-long-name-0,",
        "                              one-with-a-long-name-1,",
        "                              one-with-a-long-name-2 and 2",
    ]


@pytest.mark.parametrize("width", [60, 80, 140])
def test_f13_help_has_no_truncated_summaries_and_no_ranges(width: int, terminal: Show) -> None:
    summaries = without_escapes(terminal({}, "--help", width=width)).splitlines()
    assert not [line for line in summaries if line.endswith("...") and "Usage:" not in line]
    for command in COMMANDS:
        assert f"  {command} " in "\n".join(summaries)
    assert not re.search(
        r"[a-z][<>]=?\d|\d[<>]=?[a-z]", without_escapes(terminal({}, "check", "--help", width=width))
    )


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_f13_tree_wraps_problems_between_guides(width: int, terminal: Show) -> None:
    purpose = " ".join(["a rather long purpose"] * 6)
    ports = "{ports: ['9000:80']}"
    files = {
        "structlint.yaml": f"tree: {{a/: {{<b>/: {{c?: , d: {purpose}}}}}, e: {purpose}}}\nports: {{x: 1}}\n",
        "a/b/c": "",
        "a/compose.yaml": f"services: {{one-service: {ports}, other: {ports}}}\n",
    }
    rows = without_escapes(terminal(files, "tree", width=width)).splitlines()
    assert all(len(row) <= width and not row.endswith("…") for row in rows), rows
    words = " ".join(" ".join(row.lstrip("│├└─ ") for row in rows).split())
    assert words.count(f"missing file: {purpose}") == 2
    assert "`other` and `one-service` (a/compose.yaml:1) both publish port 9000" in words
    assert "`one-service` publishes port 9000, but `ports` does not list it" in words
    entry = ""
    beside = {"d": "│   │     ", "compose.yaml": "│         ", "e": "│       "}
    for row in rows[1:-2]:
        if "──" in row:
            entry = row.split("── ")[1].split(" ")[0]
        else:
            assert row.startswith(beside[entry]), rows


@pytest.mark.parametrize("width", [60, 80])
def test_f5_fleet_report_is_wrapped(width: int, terminal: Show) -> None:
    run = ("fleet", "check", ".", "--store", "f.sqlite")
    assert "1 repository: 1 no-revision" in without_escapes(terminal({"README.md": ""}, *run))
    rows = without_escapes(terminal({}, "fleet", "report", "--store", "f.sqlite", width=width)).splitlines()
    assert max(map(len, rows)) <= width
    assert "COULD NOT BE CHECKED" in rows


@pytest.mark.parametrize(("width", "shape"), [(60, "different"), (80, "alike"), (140, "different")])
def test_f3_tree_with_many_findings_is_limited_to_50_rows(width: int, shape: str, terminal: Show) -> None:
    files = {"structlint.yaml": "tree: {src/: {<a>/: {b/: {c.py: }}}}\nports: {x: 1}\n"}
    for number in range(100):
        files |= {f"src/a{number}/b/x": "", f"y{number}": ""}
        if shape == "different":
            ports = f"services: {{s{number}: {{ports: ['{9000 + number}:80']}}}}\n"
            files[f"src/a{number}/compose.yaml"] = ports
    rows = without_escapes(terminal(files, "tree", width=width)).splitlines()
    assert len(rows) <= 50
    numbers = "100 missing, 100 unlisted" + (", 100 wrong" if shape == "different" else "")
    assert rows[-1].endswith(numbers), rows
    assert any("more like" in row for row in rows)
    whole = without_escapes(terminal(files, "tree", "--all", width=width)).splitlines()
    assert len(whole) > 300
    assert whole[-1] == rows[-1]
    deep = without_escapes(terminal(files, "tree", "--depth", "3", width=width)).splitlines()
    assert len(deep) > 50 if shape == "different" else len(deep) <= 50


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_f13_help_fits_the_terminal(command: str, terminal: Show) -> None:
    rows = without_escapes(terminal({}, *command.split(), "--help", width=60)).splitlines()
    assert rows[1] == ""
    assert not [row for row in rows if len(row) > 60]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_f13_help_does_not_wrap_variable_names(width: int, terminal: Show) -> None:
    assert "STRUCTLINT_OUTPUT_FORMAT" in without_escapes(terminal({}, "check", "--help", width=width))


def test_diff_is_limited_on_a_terminal(terminal: Show) -> None:
    files = {"structlint.yaml": "tree: {units/: {<unit>/: {README.md: How to run it, x: }}}\n"}
    files |= {f"units/u{number}/x": "" for number in range(100)}
    lines = without_escapes(terminal(files, "fix", "--diff")).splitlines()
    assert lines[0] == "create  units/u0/README.md"
    assert lines[48:] == ["… and 88 more changes; list all with --all"]
    assert len(without_escapes(terminal(files, "fix", "--diff", "--all")).splitlines()) == 400


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--seect", "orphan"], "unknown option `--seect`; did you mean `--select`?"),
        (["check", ".", "--layout", "python-servic"], "did you mean `python-service`?"),
        (["check", "."], "structlint.yaml:1:1: unknown key `a-misspelled-key`; expected one of"),
        (["check", ".", "-c", f"{'long/' * 12}a.yaml"], f"no such file: `{'long/' * 12}a.yaml`"),
    ],
)
def test_f13_continuation_lines_of_errors_are_indented(
    arguments: list[str], message: str, terminal: Show
) -> None:
    files = {"structlint.yaml": "a-misspelled-key: 1\ntree: {}\n"}
    rows = without_escapes(terminal(files, *arguments, width=60)).splitlines()
    assert all(row.startswith(("Usage: ", "structlint", "  ", " 1 | ")) for row in rows), rows
    assert any(row.startswith("  ") and not row.startswith("   ") for row in rows)
    assert "".join(message.split()) in "".join("".join(rows).split())


@pytest.mark.parametrize("command", ["check", "tree", "where", "ports"])
@pytest.mark.parametrize("option", ["--output-format", "--format"])
def test_f14_output_format_has_the_same_name_in_all_commands(
    command: str, option: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: }\n", "README.md": ""})
    monkeypatch.chdir(git.path)
    value = {"tree": "markdown", "ports": "markdown"}.get(command, "json")
    assert run(command, "README.md" if command == "where" else ".", option, value).status == 0
    help_ = run(command, "--help").out
    assert help_.index("--output-format") <= help_.index("--format")


def test_f15_check_supports_fix(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: Start here}\n"})
    assert run("check", "--fix", str(git.path)).status == 0
    assert (git.path / "README.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "no such directory: `nowhere`"),
        (["check", "is there"], "no such directory: `is there`"),
        (["check", ".", "-c", "a b.yaml"], "no such file: `a b.yaml`"),
        (["check", ".", "--layout", "none"], "unknown layout `none`"),
        (["check", ".", "--select", "none at all"], "unknown rule `none at all`"),
        (["check", ".", "--rev", "no rev"], "unknown revision `no rev`"),
        (["check", ".", "--report", "x y=f"], "unknown format `x y`"),
        (["check", ".", "-o", "not there/f"], "cannot write `not there/f`"),
        (["check", ".", "--paths-from", "not there"], "`not there`"),
        (["layouts", "none"], "unknown layout `none`"),
        (["explain", "stray"], "unknown rule `stray`"),
        (["new", "no noun", "x"], "unknown placeholder `<no noun>`"),
        (["tree", "is there"], "no such directory: `is there`"),
        (["ports", "is there"], "no such directory: `is there`"),
        (["fix", "is there"], "no such directory: `is there`"),
        (["test", "no page.md"], "`no page.md`"),
        (["init", "--from", "no page.md"], "`no page.md`"),
    ],
)
def test_f17_names_are_quoted(
    arguments: list[str], message: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: , <noun>.md?: }\n", "README.md": ""})
    monkeypatch.chdir(git.path)
    result = run(*arguments)
    assert result.status == 2
    assert message in result.err


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
        (["where"], "missing PATH (see"),
        (["tree", "a", "b"], "unexpected argument `b`"),
    ],
)
def test_usage_errors_suggest_only_similar_names(arguments: list[str], message: str, run: Run) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert message in result.err


# --- Hints for new users


def test_new_without_arguments_lists_placeholders(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = (
        "names: {stage: [a, b]}\n"
        "tree: {services/: {<service>/: }, lib/: {<package>/: {<module>.py?: }}, x/?: {<stage>.t?: }}\n"
    )
    files = {f"services/s{number}/x": "" for number in range(5)}
    git = repository({"structlint.yaml": layout, "lib/core/a.py": "", **files})
    monkeypatch.chdir(git.path)
    assert run("new").out == (
        "name     entry                      existing\n"
        "service  services/<service>/        s0, s1, s2 and 2 more\n"
        "package  lib/<package>/             core\n"
        "module   lib/<package>/<module>.py  a\n"
        "\n"
        "Scaffold one with: structlint new service VALUE\n"
    )
    assert "run `structlint new service VALUE`" in run("new", "service").err


def test_origins_in_bundled_layouts_are_explained(repository: Make, run: Run) -> None:
    git = repository(
        {"structlint.yaml": "extends: python\n", "pyproject.toml": "", "src/shop/__init__.py": ""}
    )
    note = "note: `python` is a bundled layout; list the entries with --show-config\n"
    out = run("check", str(git.path)).out
    assert "(python:" in out
    assert out.count(note) == 1
    assert "`README.markdown`" not in out
    assert "README.markdown" in run("check", "--show-config", str(git.path)).out
    assert "note:" not in run("check", "--select", "port-conflict", str(git.path)).out


def test_new_lists_the_placeholders_of_the_repository_first(repository: Make, run: Run) -> None:
    layout = "extends: python\ntree: {zones/: {<zone>.md?: }}"
    git = repository({"structlint.yaml": layout, "src/shop/__init__.py": "", "src/shop/cart.py": ""})
    lines = run("new", "--config", str(git.path / "structlint.yaml")).out.splitlines()
    names = [line.partition(" ")[0] for line in lines[: lines.index("")]]
    assert names[:2] == ["name", "zone"]
    assert "python-subpackage" in names
    assert "language" not in names
    assert re.fullmatch(r"Not listed: \d+ unused placeholders of the bundled layouts", lines[-1])


@pytest.mark.parametrize(
    ("children", "siblings", "created"),
    [
        ("{package.json | Dockerfile: }", {"a/Dockerfile": ""}, "Dockerfile"),
        ("{package.json | Dockerfile: }", {"a/package.json": "", "b/Dockerfile": ""}, "package.json"),
        ("{package.json | Dockerfile: }", {}, "package.json"),
        ("", {"a/__init__.py": "", "a/x.py": "", "b/__init__.py": "", "b/y.py": ""}, "__init__.py"),
        ("", {"a/x.py": "", "b/y.py": ""}, ".gitkeep"),
        ("", {"a/main.py": ""}, ".gitkeep"),
    ],
)
def test_new_creates_a_file_that_siblings_have(
    children: str, siblings: dict[str, str], created: str, repository: Make, run: Run
) -> None:
    layout = f"tree: {{units/: {{<unit>/?: {children or '{.: }'}}}}}\n"
    files = {f"units/{path}": text for path, text in siblings.items()} or {"units/README.md": ""}
    git = repository({"structlint.yaml": layout, **files})
    assert (
        run("new", "unit", "c", str(git.path), "--diff").out.splitlines()[0] == f"create  units/c/{created}"
    )


def test_rejected_fix_prints_no_changes(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: , docs/: }\n", "Readme.md": "", "docs/a": ""})
    git("commit", "-qm", "one")
    (git.path / "docs/a").write_text("changed")
    result = run("fix", str(git.path), "--unsafe")
    assert (result.status, result.out) == (2, "")
    assert "uncommitted changes" in result.err


@pytest.mark.parametrize(
    ("path", "note"),
    [
        ("services/new", "`services/new` is read as a file; write `services/new/` for the directory"),
        ("services/new/", ""),
        ("services/new.txt", ""),
        ("services/old", ""),
        ("README", ""),
    ],
)
def test_where_notes_that_path_is_read_as_a_file(
    path: str, note: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {services/: {<service>/: }}\n", "services/old/x": ""})
    monkeypatch.chdir(git.path)
    assert run("where", path).err == (f"note: {note}\n" if note else "")


def test_where_outside_a_project(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"structlint.yaml": "tree: {}\n", "sub/x": ""})
    monkeypatch.chdir(git.path)
    message = "no structlint.yaml found for `/etc`; give a path in a project that has one"
    assert run("where", "/etc/passwd").err == f"structlint: {message}\n"


@pytest.mark.parametrize("command", ["fix", "tree"])
def test_error_names_path_without_layout(command: str, tmp_path: Path, run: Run) -> None:
    message = f"structlint: no structlint.yaml found for `{tmp_path}`; "
    assert run(command, str(tmp_path)).err.startswith(message)


@pytest.mark.parametrize("options", [[], ["--tracked"], ["--rev", "HEAD"]], ids=str)
def test_check_notes_missing_files_that_exist_on_disk(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    layout = (
        "tree: {.gitignore: , .env.sample: , build/: {out.js: }, docs/: , link: , src/: , 'q x.md': , gone: }"
    )
    ignored = ".env*\n/build/\n/link\n"
    git = repository({"structlint.yaml": f"{layout}\n", ".gitignore": ignored, "docs/a.md": ""})
    git("commit", "-qm", "x")
    write(git.path, {".env.sample": "", "build/out.js": "", "q x.md": "", "src": ""})
    (git.path / "link").symlink_to("/etc")
    monkeypatch.chdir(git.path)
    output = run("check", ".", *options).out
    notes = [
        "`.env.sample` exists, but git ignores it, so it counts as missing",
        "`build/` exists, but git ignores it, so it counts as missing",
        "`link` exists, but git ignores it, so it counts as missing",
        "`q x.md` exists, but is not in git's index; add it with `git add 'q x.md'`",
    ]
    expected = {"[]": notes[:3], "['--tracked']": notes}.get(str(options), [])
    found = [line.removeprefix("note: ") for line in output.splitlines() if " exists, but " in line]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", ["structlint.yml", ".structlint.yml"])
def test_check_names_a_layout_with_the_wrong_extension(repository: Make, run: Run, name: str) -> None:
    git = repository({name: "tree: {docs/: }\n"})
    check = ("check", str(git.path))
    assert f"note: `{name}` is not read; rename it to `structlint.yaml`" in run(*check).out
    expected = f"no structlint.yaml found; rename `{name}` to `structlint.yaml`"
    assert expected in run(*check, "--require-layout").err
    (git.path / name).rename(git.path / "structlint.yaml")
    assert " is not read" not in run(*check).out


@pytest.mark.parametrize("layout", [{}, {"structlint.yaml": "tree: {n/: , m/: , o/: }"}])
def test_check_names_a_nested_layout_with_the_wrong_extension(
    repository: Make, run: Run, layout: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["n/structlint.yml", "m/a/.structlint.yml", "o/structlint.yml", "o/x/structlint.yml"]
    git = repository({**layout, **dict.fromkeys(names, ""), "o/structlint.yaml": "tree: {x/: }"})
    monkeypatch.chdir(git.path)
    named = re.findall("note: `(.*)` is not read; rename it", run("check").out)
    assert named == ["m/a/.structlint.yml", "n/structlint.yml", "o/x/structlint.yml"]
    inside = run("check", "n").out
    assert re.findall("note: `(.*)` is not read; rename it", inside) == ["n/structlint.yml"]


def test_check_tracked_adds_an_ignored_layout_by_force(repository: Make, run: Run) -> None:
    git = repository({".gitignore": "structlint.yaml\n"})
    write(git.path, {"structlint.yaml": "tree: {docs/: }\n"})
    add = "`structlint.yaml` is not in git's index; add it with `git add -f structlint.yaml`"
    assert add in run("check", str(git.path), "--tracked").out
    assert add in run("check", str(git.path), "--tracked", "--require-layout").err


def test_check_tracked_notes_that_layout_is_not_in_the_index(repository: Make, run: Run) -> None:
    git = repository({"README.md": ""})
    write(git.path, {"structlint.yaml": "tree: {docs/: }\n"})
    note = "note: `structlint.yaml` is not in git's index; add it with `git add structlint.yaml`"
    assert note in run("check", str(git.path), "--tracked").out.splitlines()
    git("add", "structlint.yaml")
    assert note not in run("check", str(git.path), "--tracked").out


def test_check_documents_notes_that_no_tree_is_drawn(repository: Make, run: Run) -> None:
    git = repository({"README.md": "# Shop\n"})
    assert "note: No document draws a tree" in run("check", str(git.path), "--documents").out
    drawn = "# Shop\n\n```\n.\n├── README.md\n└── src/\n    └── main.py\n```\n"
    write(git.path, {"README.md": drawn, "src/main.py": ""})
    assert "no document draws" not in run("check", str(git.path), "--documents").out


def test_wrapped_notes_are_indented(terminal: Show) -> None:
    files = {"structlint.yaml": "tree: {README.md: }\n", "README.md": "", "a-file-of-some-length.txt": ""}
    assert without_escapes(terminal(files, "fix", width=60)).splitlines() == [
        "nothing can be fixed automatically",
        "",
        "needs your decision:",
        "error    a-file-of-some-length.txt: unlisted file",
        "         move it, remove it, or list it in the layout",
        "         (structlint.yaml:1, stray-file)",
    ]


# --- Layout errors


def test_layout_errors_quote_the_line_on_a_terminal(terminal: Show) -> None:
    text = "limits:\n  dept: 4\ntree: {a: 3}\n"
    assert terminal({"structlint.yaml": text}, "check", ".") == (
        "structlint.yaml:2:3: unknown key `dept`; did you mean `depth`?\n"
        " 2 |   dept: 4\n"
        "   |   ^\n"
        "structlint.yaml:3:11: expected nothing, text, `false` or a mapping, found the\n"
        '  number `3`; quote it: `"3"`\n'
        " 3 | tree: {a: 3}\n"
        "   |           ^\n"
    )


def test_layout_errors_do_not_quote_lines_with_control_characters(terminal: Show) -> None:
    shown = terminal({"structlint.yaml": 'tre: "\x85[31m ::error::"  # \u202e\n'}, "check", ".")
    assert "\x85" not in shown
    assert "\u202e" not in shown
    assert shown.count("\n") == 1


def test_layout_errors_are_one_line_each_in_a_pipe(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "limits:\n  dept: 4\n"})
    result = run("check", str(git.path))
    assert result.err == "structlint.yaml:2:3: unknown key `dept`; did you mean `depth`?\n"
