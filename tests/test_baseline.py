"""Baselines: they accept existing findings, shrink automatically and grow only with `--allow-growth`."""

from __future__ import annotations

import json

import pytest
from conftest import Git, Make, Run, write
from hypothesis import given
from hypothesis import strategies as st

from structlint.checking.baseline import baseline_text, compare, read_baseline, update_baseline
from structlint.errors import CannotCheck
from structlint.finding import Finding, FindingId

LAYOUT = "tree: {src/: }\nlimits: {root-files: 2}\n"
FILES = {"structlint.yaml": LAYOUT, "src/a.py": "", "old.txt": "", "older.txt": "", "oldest.txt": ""}
BASELINE = """\
{
  "version": 1,
  "findings": [
    {"rule": "stray-file", "path": "old.txt"},
    {"rule": "stray-file", "path": "older.txt"},
    {"rule": "stray-file", "path": "oldest.txt"},
    {"rule": "too-many-files", "path": "./", "number": 4}
  ]
}
"""


@pytest.fixture
def project_with_findings(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    monkeypatch.chdir(git.path)
    return git


def test_update_baseline_creates_baseline(project_with_findings: Git, run: Run) -> None:
    assert run("check", "-q").status == 1
    result = run("check", "--update-baseline")
    assert result == (0, "", "structlint-baseline.json: created with 4 findings\n")
    assert (project_with_findings.path / "structlint-baseline.json").read_text() == BASELINE
    status, out, _ = run("check")
    assert status == 0
    assert out == "No problems found (6 files, 4 baselined; only the root is checked)\n"


def test_new_findings_are_reported(project_with_findings: Git, run: Run) -> None:
    run("check", "--update-baseline")
    write(project_with_findings.path, {"new.txt": ""})
    status, out, _ = run("check", "--output-format", "concise")
    assert status == 1
    assert [line.partition(": ")[0] for line in out.splitlines()] == ["./", "new.txt"]
    assert "5 files; at most 2 allowed" in out
    result = run("check", "--update-baseline")
    assert result.status == 1
    assert (
        "2 findings not in the baseline, such as too-many-files at ./; add them with --allow-growth"
        in result.err
    )
    assert "new.txt" not in (project_with_findings.path / "structlint-baseline.json").read_text()
    assert run("check", "--update-baseline", "--allow-growth").status == 0
    assert run("check", "-q").status == 0


def test_fixed_findings_are_noted_and_removed(project_with_findings: Git, run: Run) -> None:
    run("check", "--update-baseline")
    (project_with_findings.path / "oldest.txt").unlink()
    status, out, _ = run("check")
    assert status == 0
    assert (
        "note: structlint-baseline.json accepts findings that no longer exist: stray-file at oldest.txt "
        "and 1 more; "
        "remove them with `--update-baseline`\n"
    ) in out
    assert run("check", "--update-baseline").err == "structlint-baseline.json: 3 findings, 4 before\n"
    write(project_with_findings.path, {"other.txt": ""})
    assert "4 files; at most 2 allowed" in run("check").out  # the baseline now accepts 3


def test_unchanged_baseline_is_not_rewritten(project_with_findings: Git, run: Run) -> None:
    run("check", "--update-baseline")
    before = (project_with_findings.path / "structlint-baseline.json").stat().st_mtime_ns
    assert run("check", "--update-baseline").err == ("structlint-baseline.json: unchanged, 4 findings\n")
    assert (project_with_findings.path / "structlint-baseline.json").stat().st_mtime_ns == before


def test_baseline_option(project_with_findings: Git, run: Run) -> None:
    assert run("check", "--baseline", "known.json", "--update-baseline").status == 0
    assert run("check", "-q").status == 1
    assert (
        run("check", "-q", "--baseline", "known.json").status == 0
    )  # the file itself is neither unlisted nor counted
    assert run("check", "--baseline", "known.json", "--update-baseline").err.startswith(
        "known.json: unchanged"
    )
    assert run("check", "--baseline", "none.json").err == (
        "structlint: no such file: `none.json`; create it with `structlint check --update-baseline`\n"
    )


def test_baseline_in_index_and_revision(project_with_findings: Git, run: Run) -> None:
    run("check", "--update-baseline")
    assert run("check", "-q", "--tracked").status == 1  # the baseline is not staged yet
    project_with_findings("add", "-A")
    project_with_findings("commit", "-q", "-m", "x")
    (project_with_findings.path / "structlint-baseline.json").unlink()
    assert run("check", "-q", "--tracked").status == 0
    assert run("check", "-q", "--rev", "HEAD").status == 0


COMPOSE = "services:\n  a: {{image: a, ports: ['{}:80']}}\n  b: {{image: b, ports: ['{}:80']}}\n"
PROFILES = """\
  y: {image: y, profiles: [p], ports: ['9000:80']}
  z: {image: z, profiles: [q], ports: ['9000:80']}
"""
PAGES = """\
names: {page: {case: kebab-case, count: 1-2}}
tree:
  docs/: {.: {max-files: 4}, <page>.md: , "*.txt?": }
"""
FEW = "names: {page: {case: kebab-case, count: 5-}}\ntree: {docs/: {<page>.md: }}"
LOCAL = "tree: {secrets/?: {}, .gitignore: }\nlocal: [secrets/]"


def pages(names: str, extension: str = "md") -> dict[str, str]:
    return {f"docs/{name}.{extension}": "" for name in names}


WORSENED = [
    (
        "certain conflict replaces a possible one",
        {"structlint.yaml": "tree: {c.yml: }", "compose.yml": COMPOSE.format(8080, 8081) + PROFILES},
        {"compose.yml": COMPOSE.format(8080, 8080) + PROFILES},
        ["error: `b` and `a` (compose.yml:2) both publish port 8080"],
    ),
    (
        "different conflict in the same file",
        {"structlint.yaml": "tree: {c*.yml: }", "compose.yml": COMPOSE.format(8080, 8080)},
        {"compose.yml": COMPOSE.format(5432, 5432)},
        ["5432"],
    ),
    (
        "different service on a wrong port",
        {
            "structlint.yaml": "tree: {c*.yml: }\nports: {a: 8080, b: 8081}",
            "compose.yml": COMPOSE.format(9000, 8081),
        },
        {"compose.yml": COMPOSE.format(8080, 9001)},
        ["9001"],
    ),
    (
        "more names but fewer files",
        {"structlint.yaml": PAGES, **pages("abc"), **pages("uvwxyz", "txt")},
        {**pages("defghi"), **dict.fromkeys(pages("uvwxyz", "txt"))},
        ["9 `<page>` files; at most 2 allowed"],
    ),
    (
        "too few files, and one removed",
        {"structlint.yaml": FEW, **pages("abcd")},
        {"docs/d.md": None},
        ["3 `<page>` files"],
    ),
    (
        "new tracked file in a baselined local directory",
        {"structlint.yaml": LOCAL, "secrets/a.pem": "", ".gitignore": ""},
        {"secrets/prod.key": ""},
        ["secrets/: error: tracked"],
    ),
    (
        "new file in an unlisted directory",
        {"structlint.yaml": "tree: {src/?: {}}", "old/a.py": ""},
        {"old/deep/b.py": ""},
        ["old/: error: unlisted directory; worse than the baseline accepts"],
    ),
    (
        "unlisted name similar to a missing one",
        {"structlint.yaml": "tree: {README.md: , src/: , tests/: }", "src/a": ""},
        {"README.rst": "", "test/evil": ""},
        [
            "README.md: error: missing file; `README.rst` exists",
            "tests/: error: missing directory; `test/` exists",
        ],
    ),
    (
        "new file in a directory similar to a missing one",
        {"structlint.yaml": "tree: {src/: , tests/: }", "src/a": "", "test/a": ""},
        {"test/b": ""},
        ["tests/: error: missing directory; `test/` exists; worse than"],
    ),
    (
        "too deep, and one level more",
        {"structlint.yaml": "tree: {a/: }\nlimits: {depth: 2}", "a/b/c/f": ""},
        {"a/b/c/d/e/f": ""},
        ["a/b/c/: error: nested 3 levels deep; the limit is 2; worse than"],
    ),
    (
        "longer gap in consecutive numbers",
        {
            "structlint.yaml": "names: {n: {consecutive: true}}\ntree: {m/: {<n>.sql: }}",
            **dict.fromkeys(("m/1.sql", "m/2.sql", "m/4.sql"), ""),
        },
        {"m/2.sql": None},
        ["m/4.sql: error: number gap; `<n>` 2 does not exist; worse than the baseline accepts"],
    ),
    (
        "different conflicting alternative",
        {"structlint.yaml": "tree: {a.lock ^ b.lock ^ c.lock: }", "a.lock": "", "b.lock": ""},
        {"b.lock": None, "c.lock": ""},
        ["conflicts with `c.lock`"],
    ),
    (
        "more names missing from a marked tree",
        {
            "structlint.yaml": "tree: {README.md: , b/?: , c/?: }\nseverity: {stale-document: error}",
            "README.md": "<!-- structlint:tree -->\n<!-- /structlint:tree -->\n",
            "b/x": "",
        },
        {"c/x": ""},
        ["and 2 more; worse than the baseline accepts"],
    ),
    (
        "new file in a forbidden directory",
        {"structlint.yaml": "tree: {src/?: {}}\nforbid: {dist/: }", "dist/a": ""},
        {"dist/b": ""},
        ["dist/: error: forbidden by the layout; worse than the baseline accepts"],
    ),
]


@pytest.mark.parametrize(
    ("before", "now", "messages"), [each[1:] for each in WORSENED], ids=[w[0] for w in WORSENED]
)
def test_baseline_does_not_accept_worsened_findings(
    before: dict[str, str],
    now: dict[str, str | None],
    messages: list[str],
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git = repository(before)
    monkeypatch.chdir(git.path)
    git("add", "-A")
    assert run("check", "--update-baseline").status == 0
    assert run("check", "-q").status == 0
    write(git.path, {path: text for path, text in now.items() if text is not None})
    for path in (path for path, text in now.items() if text is None):
        (git.path / path).unlink()
    git("add", "-A")
    result = run("check", "--output-format", "concise")
    assert result.status == 1
    assert all(each in result.out.replace(":1: ", ": ") for each in messages), result.out


def test_each_project_has_its_own_baseline(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = "tree: {src/?: {}}"
    git = repository(
        {
            "structlint.yaml": "tree: {services/: {<s>/: {}}}",
            **{f"services/{each}/structlint.yaml": layout for each in "ab"},
            **{f"services/{each}/stray": "" for each in "ab"},
        }
    )
    monkeypatch.chdir(git.path)
    assert run("check", "-q").status == 1
    result = run("check", "--update-baseline")
    assert result.status == 0
    assert "services/a/structlint-baseline.json: created with 1 finding\n" in result.err
    assert '"path": "stray"' in (git.path / "services/b/structlint-baseline.json").read_text()
    for directories in ([], ["."], ["services/a"], ["services/a", "services/b"], ["services"]):
        assert run("check", "-q", *directories).status == 0, directories
    monkeypatch.chdir(git.path / "services/a")
    assert run("check", "-q").status == 0
    result = run("check", str(git.path / "services/a"), str(git.path / "services/b"), "--baseline", "x.json")
    assert result.err == ("structlint: --baseline is for one project; give the directory of one\n")


def test_nested_repository_in_unlisted_directory_is_counted(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {src/?: {}}", "legacy/a": ""})
    monkeypatch.chdir(git.path)
    run("check", "--update-baseline")
    write(git.path, {"legacy/sub/x": ""})
    git("init", "-q", "legacy/sub")
    assert "legacy/: error: unlisted directory; worse" in run("check", "--output-format", "concise").out


def test_number_of_leaked_files_counts_only_tracked_files(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "local: [data/]\ntree: {data/?: }", "data/1": ""})
    monkeypatch.chdir(git.path)
    git("add", "-A")
    write(git.path, {f"data/{number}": "" for number in range(2, 10)})
    run("check", "--update-baseline")
    kept = '"path": "data/", "which": "data/", "number": 1'
    assert kept in (git.path / "structlint-baseline.json").read_text()


def test_nested_project_gets_baseline_only_with_allow_growth(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouts = {"structlint.yaml": "tree: {svc/: {'*/': }}", "svc/b/structlint.yaml": "tree: {src/?: }"}
    git = repository({**layouts, "note.txt": ""})
    monkeypatch.chdir(git.path)
    assert run("check", "--update-baseline").status == 0
    write(git.path, {"svc/b/stray": ""})
    result = run("check", "--update-baseline")
    assert result.status == 1
    assert (
        "1 finding not in the baseline, such as stray-file at svc/b/stray; add them with --allow-growth"
        in result.err
    )
    assert not (git.path / "svc/b/structlint-baseline.json").exists()
    assert run("check", "--update-baseline", "--allow-growth").status == 0


def test_baseline_of_a_nested_project_keeps_findings_of_the_enclosing_project(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid = 'forbid: {"*.tmp": scratch files}\n'
    git = repository(
        {
            "structlint.yaml": "tree: {src/: }\n" + forbid,
            "src/a/structlint.yaml": 'tree: {"*?": }\n' + forbid,
            "src/a/y.tmp": "",
        }
    )
    assert run("check", str(git.path / "src/a"), "--update-baseline").status == 0
    monkeypatch.chdir(git.path)
    result = run("check", "--output-format", "concise")
    assert result.out.splitlines() == [
        "src/a/y.tmp: error: forbidden by the layout: scratch files (structlint.yaml:2) [forbidden-path]"
        " -- remove it"
    ]
    assert "no longer exist" not in result.err
    run("check", "--update-baseline", "--allow-growth")
    assert "1 baselined" in run("check", str(git.path / "src/a")).out
    assert "1 baselined" in run("check").out


def test_tracked_reads_named_baseline_from_index(project_with_findings: Git, run: Run) -> None:
    run("check", "--baseline", "b.json", "--update-baseline")
    project_with_findings("add", "-A")
    write(project_with_findings.path, {"new.txt": ""})
    project_with_findings("add", "new.txt")
    run("check", "--baseline", "b.json", "--update-baseline", "--allow-growth")
    assert run("check", "-q", "--baseline", "b.json").status == 0
    assert run("check", "-q", "--tracked", "--baseline", "b.json").status == 1  # the change is not staged


def test_baseline_accepts_empty_directory_missing_in_clone(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {src/: , tests/: }", "src/a": ""})
    monkeypatch.chdir(git.path)
    (git.path / "tests").mkdir()
    run("check", "--update-baseline")
    git("add", "-A")
    assert run("check", "-q", "--tracked").status == 0
    (git.path / "tests").rmdir()
    assert run("check", "-q").status == 0


def test_baseline_keeps_limit_when_findings_increase(project_with_findings: Git, run: Run) -> None:
    run("check", "--update-baseline")
    write(project_with_findings.path, {"new.txt": ""})
    assert "accepts findings that no longer exist" not in run("check").out
    run("check", "--update-baseline")
    (project_with_findings.path / "new.txt").unlink()
    assert run("check", "-q").status == 0


def test_fix_skips_baselined_findings(project_with_findings: Git, run: Run) -> None:
    assert run("fix").status == 1
    run("check", "--update-baseline")
    assert run("fix") == (0, "", "nothing to fix except baselined findings\n")
    (project_with_findings.path / "structlint-baseline.json").rename(
        project_with_findings.path / "known.json"
    )
    assert run("fix", "--baseline", "known.json") == (
        0,
        "",
        "nothing to fix except baselined findings\n",
    )
    assert run("fix").status == 1
    assert run("fix", "--baseline", "none.json").err.startswith("structlint: no such file: `none.json`")


REJECTED_OPTIONS = [
    *(
        (("--update-baseline", *narrowed), "--update-baseline needs a full check: run it in the root")
        for narrowed in (
            ("--select", "stray-file"),
            ("--ignore", "stray-file"),
            ("src",),
            ("--exclude", "old.txt"),
            ("--no-gitignore",),
            ("--paths-from", "old.txt"),
        )
    ),
    (("--update-baseline", "--tracked"), "--update-baseline needs the files on disk"),
    (("--allow-growth",), "--allow-growth requires --update-baseline"),
]


@pytest.mark.parametrize(
    ("arguments", "message"), REJECTED_OPTIONS, ids=[" ".join(case[0]) for case in REJECTED_OPTIONS]
)
def test_option_conflicts(
    project_with_findings: Git, run: Run, arguments: tuple[str, ...], message: str
) -> None:
    result = run("check", *arguments)
    assert result.status == 2
    assert result.err.startswith(f"structlint: {message}")
    assert not (project_with_findings.path / "structlint-baseline.json").exists()


ITEM = '{"rule": "x", "path": "y"'
INVALID = [
    ("", "b.json is not a valid baseline: line 1: Expecting value"),
    ("{", "b.json is not a valid baseline: line 1: "),
    ("{\n<<<<<<< HEAD\n}", "b.json is not a valid baseline: line 2: "),
    (
        "{\n<<<<<<< HEAD\n}",
        "(unresolved merge conflict); fix it, or restore it from git",
    ),
    ("[]", "b.json is not a valid baseline: it has no list of `findings`"),
    ('{"version": 1}', "it has no list of `findings`"),
    ('{"version": 1, "findings": {}}', "it has no list of `findings`"),
    ('{"version": 1, "findings": [3]}', "finding 1: expected an object with `rule` and `path`"),
    ('{"version": 1, "findings": [{"rule": "x"}]}', "finding 1: `path` is missing"),
    (f'{{"version": 1, "findings": [{ITEM}}}, {ITEM}}}]}}', "finding 2: listed twice"),
    (f'{{"version": 1, "findings": [{ITEM}, "why": 3}}]}}', "finding 1: unknown key `why`"),
    (f'{{"version": 1, "findings": [{ITEM}, "which": 3}}]}}', "finding 1: `which` is not a string"),
    (
        f'{{"version": 1, "findings": [{ITEM}, "severity": "x"}}]}}',
        "`severity` is neither `error` nor `warning`",
    ),
    *(
        (
            f'{{"version": 1, "findings": [{ITEM}, "count": {count}}}]}}',
            "`count` is not a whole number of at least 1",
        )
        for count in ('"z"', "0", "-1", "1.5", "true", "null", "1e999", "Infinity", "NaN")
    ),
    (
        '{"version": 1, "findings": [{"rule": "x\\n::error::", "path": "y"}]}',
        "finding 1: `rule` is not the name of a rule",
    ),
    ('{"version": 2, "findings": []}', "b.json: unsupported baseline version 2; expected 1"),
    ('{"version": true, "findings": []}', "b.json: unsupported baseline version True; expected 1"),
    ("[" * 100_000, "b.json is not a valid baseline: it is not valid JSON"),
    ("\udcff", "b.json is not a valid baseline: it is not valid JSON"),
]


@pytest.mark.parametrize(("text", "message"), INVALID, ids=[case[0][:30] for case in INVALID])
def test_invalid_baseline(text: str, message: str) -> None:
    with pytest.raises(CannotCheck) as caught:
        read_baseline(text.encode("utf-8", "surrogateescape"), "b.json")
    assert message in str(caught.value)


def make_finding(rule: str, path: str, number: int | None = None) -> Finding:
    return Finding(path, "message", "hint", number=number, rule=rule)


PATHS = st.sampled_from(["x", "y/", "odd \udce9\n::error::"])
FINDINGS = st.builds(
    lambda plain, counted: [*plain, *counted],
    st.lists(st.builds(make_finding, st.just("a-b"), PATHS), max_size=5),
    st.lists(
        st.builds(make_finding, st.just("too-many"), PATHS, st.integers(1, 3)),
        max_size=3,
        unique_by=lambda each: each.path,
    ),
)


@given(FINDINGS, FINDINGS)
def test_baseline_never_accepts_more_than_its_limits(before: list[Finding], now: list[Finding]) -> None:
    baseline = update_baseline(before, None, grows=False)
    assert read_baseline(baseline_text(baseline), "f") == baseline
    against = compare(now, baseline)
    assert len(against.left) + len(against.accepted) == len(now)
    for known, limit in baseline.items():
        accepted = [
            each for each in against.accepted if FindingId(each.rule, each.path, each.discriminator) == known
        ]
        assert len(accepted) <= limit.times
        assert all((each.number or 0) <= (limit.number or 0) for each in accepted)
    shrunk = update_baseline(now, baseline, grows=False)
    assert all(limit.times <= baseline[known].times for known, limit in shrunk.items())
    assert compare(now, shrunk).accepted == against.accepted
    assert compare(now, update_baseline(now, baseline, grows=True)).left == ()


def test_baseline_text_does_not_depend_on_order() -> None:
    found = [make_finding("a", path) for path in "cab"]
    assert baseline_text(update_baseline(found, None, grows=False)) == baseline_text(
        update_baseline(found[::-1], None, grows=False)
    )
    assert json.loads(baseline_text({}))["findings"] == []
