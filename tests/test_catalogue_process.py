"""Processes, signals and untrusted code: rows 102 to 108 of the catalogue of bad inputs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import FrameType

import pytest
from conftest import Git, Make, Run, write
from junitparser import JUnitXml

from structlint.cli import check_run
from structlint.finding import Finding
from structlint.matching.survey import Survey
from structlint.report import FORMATS
from structlint.rules import stray_file
from structlint.yaml_nodes import parse, value

ROOT = Path(__file__).parent.parent
LAYOUT = "tree: {README.md: }\n"
WITH_FINDING = {"structlint.yaml": LAYOUT, "README.md": "", "todo.txt": ""}
MANY_PATHS = "\n".join(["README.md", "structlint.yaml", *(f"{number}-{'x' * 100}" for number in range(2000))])
linux = pytest.mark.skipif(sys.platform != "linux", reason="requires Linux signals, limits and devices")


def start(
    cwd: Path,
    *arguments: str,
    limit: Callable[[], object] | None = None,
    environment: Mapping[str, str] = {},
    by: Sequence[str] = ("-m",),
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *by, "structlint", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,
    )


def wait_for(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(timeout=120)
    assert b"Traceback" not in err
    return process.returncode, out, err


# --- 102: output that cannot be written


@linux
@pytest.mark.parametrize(
    ("name", "unbuffered"), [("full", ""), ("json", ""), ("full", "1"), ("json", "1"), ("junit", "1")]
)
def test_102_closed_pipe(tmp_path: Path, name: str, unbuffered: str) -> None:
    """The status is neither 0 nor 1, even with PYTHONUNBUFFERED, which makes Python ignore write errors."""
    write(tmp_path, {"structlint.yaml": LAYOUT, "list": MANY_PATHS})
    arguments = ["check", "-q", "--all", "--paths-from", "list", "--output-format", name]
    process = start(tmp_path, *arguments, environment={"PYTHONUNBUFFERED": unbuffered})
    assert process.stdout
    assert process.stdout.read(1)
    process.stdout.close()
    process.stdout = None
    status, _, err = wait_for(process)
    assert (status, err) == (141, b"")


@linux
@pytest.mark.parametrize("command", ["check", "check -q --output-format json", "tree"])
def test_102_output_device_is_full(repository: Make, command: str) -> None:
    git = repository(WITH_FINDING)
    with Path("/dev/full").open("wb") as full:
        process = start(git.path, *command.split(), limit=lambda: os.dup2(full.fileno(), 1))
    assert wait_for(process) == (2, b"", b"structlint: cannot read or write: No space left on device\n")


@linux
@pytest.mark.parametrize("command", ["check", "where x"])
def test_102_standard_output_is_closed(repository: Make, command: str) -> None:
    process = start(repository(WITH_FINDING).path, *command.split(), limit=lambda: os.close(1))
    message = b"structlint: standard output is closed\n"
    assert wait_for(process) == (2, b"", message)


@linux
@pytest.mark.parametrize("option", ["-o=/dev/full", "--report=json=/dev/full"])
def test_102_device_of_output_file_is_full(repository: Make, run: Run, option: str) -> None:
    git = repository(WITH_FINDING)
    result = run("check", str(git.path), "-q", *option.replace("-o=", "-o ").split())
    assert (result.status, result.err) == (
        2,
        "structlint: cannot write `/dev/full`: No space left on device\n",
    )


@linux
def test_102_standard_error_is_closed(repository: Make) -> None:
    git = repository(WITH_FINDING)
    status, out, _ = wait_for(
        start(git.path, "check", "-v", "--output-format", "concise", limit=lambda: os.close(2))
    )
    assert status == 1
    assert out.startswith(b"todo.txt: error: unlisted file")


# --- 103: signals


@linux
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_103_interrupted_fix_can_be_undone(repository: Make, number: signal.Signals, status: int) -> None:
    """After the signal, no file is lost or duplicated, and the fix can be undone."""
    files = {f"src/Unit_{at}/a": str(at) for at in range(60)}
    layout = "names: {unit: kebab-case}\ntree: {src/: {<unit>/: }}\n"
    git = repository({"structlint.yaml": layout, **files})
    before = file_contents(git.path)
    process = start(git.path, "fix", "--unsafe", "--force", "-q")
    while process.poll() is None and not any((git.path / "src").glob("unit-*")):
        time.sleep(0.001)
    process.send_signal(number)
    # A signal after the fix terminates Python; a shell reports the same status.
    result = wait_for(process)
    assert result[0] in (status, -number, 0), result
    assert sorted(file_contents(git.path).values()) == sorted(before.values())
    undone = wait_for(start(git.path, "fix", "--undo"))
    assert undone[0] == 0 or undone[2] == b"structlint: no fix to undo\n"
    assert file_contents(git.path) == before


def lines_of_structlint(frame: FrameType | None) -> tuple[str, ...]:
    """The lines of structlint that are being run, from the innermost one."""
    lines = []
    while frame:
        if frame.f_globals["__name__"].startswith("structlint."):
            lines.append(f"{frame.f_globals['__name__']}:{frame.f_lineno}")
        frame = frame.f_back
    return tuple(lines)


@linux
def test_103_interrupt_after_any_close(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal during `os.close` is handled as a signal, not as an error."""
    layout = "names: {unit: kebab-case}\ntree: {src/: {<unit>/: {README.md: }}}\n"
    git = repository({"structlint.yaml": layout, "src/Unit_1/a": "1", "src/Unit_2/README.md": "2"})
    before = file_contents(git.path)
    closing, at = os.close, 0
    callers: list[tuple[str, ...]] = []

    def close(handle: int) -> None:
        closing(handle)
        if sys._getframe(1).f_globals["__name__"] in (
            "structlint.filesystem.reading",
            "structlint.filesystem.writing",
            "structlint.fix.apply",
            "structlint.fix.operations",
        ):
            callers.append(lines_of_structlint(sys._getframe(1)))
            if len(callers) == at:
                raise KeyboardInterrupt

    def fix_and_undo() -> int:
        callers.clear()
        with monkeypatch.context() as interrupting:
            interrupting.setattr(os, "close", close)
            status = run("fix", "--unsafe", "--force", "-q", str(git.path)).status
        undone = run("fix", "--undo", str(git.path))
        assert undone.status == 0 or undone.err == "structlint: no fix to undo\n"
        assert file_contents(git.path) == before
        return status

    assert fix_and_undo() == 0
    last_of_each = {caller: number for number, caller in enumerate(callers, 1)}
    assert len(last_of_each) > 10
    for at in last_of_each.values():  # noqa: B007 (`close` reads it)
        assert fix_and_undo() == 130, callers[-1]


def file_contents(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


# --- 104: a bug in one rule


@pytest.fixture
def faulty_rule(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository with findings of two rules, one of which raises an exception."""
    find = stray_file.find

    def fail(survey: Survey) -> Iterator[Finding]:
        yield from find(survey)
        raise KeyError("oh")

    monkeypatch.setattr(stray_file, "find", fail)
    monkeypatch.setenv("STRUCTLINT_SECRET", "hunter2")
    layout = "tree: {README.md: , a.md: }\nignore: [{rule: stray-file, path: x, why: y}]\n"
    git = repository({"structlint.yaml": layout, "todo.txt": "", "README.md": ""})
    monkeypatch.chdir(git.path)
    return git


NOTE = "stray-file did not finish because of a bug in structlint"


@pytest.mark.parametrize("name", FORMATS)
def test_104_findings_of_other_rules_are_reported(faulty_rule: Git, run: Run, name: str) -> None:
    result = run("check", "--output-format", name)
    assert result.status == 3
    assert "a.md" in result.out
    assert "todo.txt" not in result.out
    assert NOTE in result.out + result.err
    assert "structlint: a bug in structlint, not a problem in your repository" in result.err
    assert result.err.rstrip().endswith("KeyError: 'oh'")
    assert "hunter2" not in result.out + result.err


def test_104_failed_rule_is_skipped_in_junit(faulty_rule: Git, run: Run) -> None:
    (suite,) = JUnitXml.fromstring(run("check", "--output-format", "junit").out.encode())
    kinds = {case.name: [type(each).__name__ for each in case.result] for case in suite}
    assert kinds["stray-file"] == ["Skipped"]
    assert kinds["missing-file"] == ["Failure"]
    found = json.loads(run("check", "--output-format", "json").out)["findings"]
    assert [each["rule"] for each in found] == ["missing-file"]  # no `unused-ignore` for the failed rule


def test_104_baseline_is_not_written(faulty_rule: Git, run: Run) -> None:
    assert run("check", "--update-baseline").status == 3
    assert not (faulty_rule.path / "structlint-baseline.json").exists()


def test_104_fix_changes_nothing(faulty_rule: Git, run: Run) -> None:
    assert run("fix").status == 3
    assert not (faulty_rule.path / "a.md").exists()


def test_104_ignored_rule_does_not_run(faulty_rule: Git, run: Run) -> None:
    assert run("check", "--ignore", "stray-file").status == 1


# --- 105: resource limits


@linux
def test_105_limits_of_files_and_memory(repository: Make) -> None:
    import resource

    git = repository(WITH_FINDING)

    def run_with_limit(resource_kind: int, most: int) -> tuple[int, bytes, bytes]:
        return wait_for(
            start(git.path, "check", "-q", limit=lambda: resource.setrlimit(resource_kind, (most, most)))
        )

    assert run_with_limit(resource.RLIMIT_NOFILE, 64)[0] == 1
    assert run_with_limit(resource.RLIMIT_AS, 300 << 20)[0] == 1
    script = (
        "import resource, sys; from structlint.cli import check, main; "
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3)); sys.exit(main(['check', '-q']))"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=git.path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
    )
    assert (completed.returncode, completed.stdout) == (2, b"")
    assert re.fullmatch(rb"structlint: cannot [^\n]*: Too many open files\n", completed.stderr)


def test_105_no_option_jobs(run: Run) -> None:
    result = run("check", "--jobs", "64")
    assert (result.status, result.out) == (2, "")
    assert "unknown option `--jobs`" in result.err


# --- 106: pre-commit


def test_106_hook_does_not_receive_file_names() -> None:
    hooks = value(parse((ROOT / ".pre-commit-hooks.yaml").read_bytes(), "x"))
    assert isinstance(hooks, list)
    assert [(each["pass_filenames"], each["require_serial"]) for each in hooks] == [(False, True)]


def test_106_many_file_names(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository(WITH_FINDING)
    monkeypatch.chdir(git.path)
    names = [f"src/{number}.py" for number in range(40_000)]
    result = run("check", "README.md", *names[:1000])
    assert (result.status, result.out) == (2, "")
    assert result.err == "structlint: `README.md` is a file; give the directory that contains it\n"
    Path("list").write_text("\n".join([*WITH_FINDING, *names, "build/x"]))
    result = run("check", "--paths-from", "list", "--exclude", "build/", "--output-format", "concise")
    assert (result.status, result.err) == (1, "Found 2 errors (checked 40,003 files)\n")


# --- 107: code in the repository

PLANTED_CODE = "raise SystemExit('the code of the repository was run')\n"
MODULES = ("click", "yaml", "json", "sitecustomize", "usercustomize", "conftest", "evil", "signal", "rich")
PLUGINS = """\
[tool.structlint]
plugins = ["evil"]
required-version = "99"
[project.entry-points.structlint]
x = "evil"
"""


@pytest.mark.parametrize("command", ["check", "ports", "fix --diff"])
def test_107_code_in_the_repository_does_not_run(repository: Make, command: str) -> None:
    git = repository(
        {
            **{f"{name}.py": PLANTED_CODE for name in MODULES},
            "evil.dist-info/METADATA": "Name: evil\nVersion: 1\n",
            "evil.dist-info/entry_points.txt": "[structlint]\nx = evil\n",
            "pyproject.toml": PLUGINS,
            "setup.cfg": "[structlint]\nplugins = evil\n",
            "structlint.yaml": "tree: {'*.py': , evil.dist-info/: , pyproject.toml: , setup.cfg: }\n",
        }
    )
    status, _, err = wait_for(start(git.path, *command.split()))
    assert status in (0, 1)
    assert b"the code of the repository" not in err


def test_107_package_named_structlint_is_not_imported(repository: Make) -> None:
    """The command does not import from the current directory. `python -m structlint` would, without `-P`."""
    git = repository({**WITH_FINDING, "structlint/__init__.py": PLANTED_CODE, "structlint.py": PLANTED_CODE})
    assert wait_for(start(git.path, "check", "-q", by=("-P", "-m")))[0] == 1


def test_107_extends_does_not_use_packages_in_the_repository(repository: Make) -> None:
    git = repository(
        {
            "structlint.yaml": "extends: evil:layout.yaml\n",
            "evil.py": PLANTED_CODE,
            "layout.yaml": "tree: {README.md: }\n",
            "evil-1.dist-info/METADATA": "Name: evil\nVersion: 1\n",
            "evil-1.dist-info/RECORD": "layout.yaml,,\n",
        }
    )
    status, out, err = wait_for(start(git.path, "check"))
    assert (status, out) == (2, b"")
    assert err.startswith(b"structlint.yaml:1:10: ")
    assert b"the code of the repository" not in err


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        ("plugins: [evil]\n", "structlint.yaml:1:1: unknown key `plugins`"),
        ("tree: !!python/object/apply:os.system ['touch pwned']\n", "structlint.yaml:1:7: "),
        ("extends: evil.py\n", "structlint.yaml:1:10: "),
        ("structlint: '>=99'\n", "structlint.yaml:1:13: "),
    ],
)
def test_107_layout_cannot_run_code(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, layout: str, message: str
) -> None:
    git = repository({"structlint.yaml": layout, "evil.py": PLANTED_CODE})
    monkeypatch.chdir(git.path)
    result = run("check")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith(message)
    assert not (git.path / "pwned").exists()


# --- 108: clock and locale


@linux
def test_108_output_does_not_depend_on_clock_or_locale(repository: Make) -> None:
    git = repository({**WITH_FINDING, "I.txt": "", "\u0131.txt": "", "src/IZMIR.py": ""})
    (git.path / "structlint.yaml").write_text(
        "names: {m: lowercase}\ntree: {README.md: , src/: {<m>.py: }}\n"
    )
    outputs = set()
    for seconds, environment in (
        (0, {"TZ": "UTC", "LC_ALL": "C"}),
        (2**31, {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}),
        (-86400, {"TZ": "nonsense", "LC_ALL": "nonsense"}),
    ):
        for path in git.path.rglob("*.*"):
            os.utime(path, (seconds, seconds))
        status, out, _ = wait_for(
            start(git.path, "check", "--output-format", "json", environment=environment)
        )
        outputs.add((status, out))
    ((status, out),) = outputs
    assert status == 1
    assert "src/izmir.py" in out.decode()


def test_108_wrong_clock(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The date matters only for `until`."""
    layout = f"{LAYOUT}ignore: [{{rule: stray-file, path: todo.txt, why: x, until: 2026-11-20}}]\n"
    git = repository({**WITH_FINDING, "structlint.yaml": layout, "x": ""})
    found = {}
    for today in (date(1970, 1, 1), date(2026, 11, 20), date(2026, 11, 21), date.max):
        monkeypatch.setattr(check_run, "date", type("Clock", (), {"today": lambda today=today: today}))
        report = run("check", str(git.path), "--output-format", "json")
        found[today.year, today.day] = [each["path"] for each in json.loads(report.out)["findings"]]
    assert found == {
        (1970, 1): ["x"],
        (2026, 20): ["x"],
        (2026, 21): ["todo.txt", "x"],
        (9999, 31): ["todo.txt", "x"],
    }
