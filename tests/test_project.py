"""The projects that a request opens, and the layout that applies to each."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from conftest import Git, Make, Run, write
from tables import table

from structlint.checking.changed import Change, concerns
from structlint.checking.project import find_problems, open_projects, with_project_paths
from structlint.checking.request import Request
from structlint.errors import CannotCheck, LayoutError
from structlint.finding import Finding
from structlint.rules import RULES, name_of

ALL = {name_of(rule) for rule in RULES}
TODAY = date(2026, 1, 1)


def check(*paths: str, **options: object) -> list[str]:
    """The findings of a request, one line each: the path, the rule and the line of the layout."""
    request = Request(paths=paths or (".",), **options)  # type: ignore[arg-type]
    projects = open_projects(request)
    found = [
        with_project_paths(each, project)
        for project in projects
        for each in find_problems(project, ALL, TODAY)
    ]
    return sorted(f"{each.path} {each.rule} {each.origin or ''}".rstrip() for each in found)


def error_of(*paths: str, **options: object) -> str:
    with pytest.raises(CannotCheck) as error:
        check(*paths, **options)
    return str(error.value)


SERVICES = "tree: {services/: {<service>/: {README.md: }}}\n"
NESTED = {
    "structlint.yaml": SERVICES,
    "services/auth/main.go": "",
    "services/billing/structlint.yaml": "tree: {src/: }\n",
    "services/billing/README.md": "",
    "services/billing/my.structlint.yaml": "",
}


@pytest.fixture
def nested(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(NESTED)
    git("commit", "-q", "-m", "one")
    monkeypatch.chdir(git.path)
    return git


AUTH = "services/auth/README.md missing-file structlint.yaml:1"
BILLING = [
    f"services/billing/{name} services/billing/structlint.yaml:1"
    for name in ("README.md stray-file", "my.structlint.yaml stray-file", "src/ missing-directory")
]


@pytest.mark.parametrize(
    ("directory", "paths", "expected"),
    [
        (".", ["."], [AUTH, *BILLING]),
        (".", [], [AUTH, *BILLING]),
        ("services", ["."], [AUTH, *BILLING]),
        ("services", [".."], [AUTH, *BILLING]),
        (".", ["services/billing"], BILLING),
        ("services/billing", ["."], BILLING),
        (".", ["services/auth"], [AUTH]),
        (".", ["services/auth/"], [AUTH]),
        (".", ["services/auth/../billing"], BILLING),
        (".", ["services/billing", "services/auth"], [AUTH, *BILLING]),
        (".", ["services/billing", "."], [AUTH, *BILLING]),
        (".", [".", "services", "services/auth", "."], [AUTH, *BILLING]),
    ],
)
def test_check_from_different_directories(
    directory: str, paths: list[str], expected: list[str], nested: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(nested.path / directory)
    assert check(*paths) == expected
    assert check(*(os.path.realpath(path) for path in paths or ["."])) == expected


def test_check_through_a_symlink(nested: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(nested.path / "services")
    assert check(str(tmp_path / "link")) == [AUTH, *BILLING]
    monkeypatch.chdir(tmp_path / "link")
    assert check("auth") == [AUTH]


def test_projects_nested_in_nested_projects(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository(
        {
            "structlint.yaml": "tree: {a/: }",
            "a/structlint.yaml": "tree: {b/: {c/: }}",
            "a/b/structlint.yaml": "tree: {d/: }",
            "a/b/c/structlint.yaml": "tree: {e/: }",
        }
    )
    monkeypatch.chdir(git.path)
    inner = ["a/b/c/e/ missing-directory a/b/c/structlint.yaml:1"]
    middle = ["a/b/d/ missing-directory a/b/structlint.yaml:1", *inner]
    outer = sorted(["a/b/c/ stray-directory a/b/structlint.yaml:1", *middle])
    assert check() == check("a") == check("a", "a/b/c") == check("a/b", ".") == outer
    assert check("a/b/c") == check("a/b/c", "a/b/c") == inner


def test_excluded_project_is_not_opened(nested: Git) -> None:
    write(nested.path, {"structlint.yaml": SERVICES + "exclude: [services/billing/]\n"})
    assert check() == [AUTH]
    assert check("services/billing") == BILLING
    write(nested.path, {"structlint.yaml": SERVICES})
    assert check(exclude=("billing/",)) == [AUTH]
    assert check(exclude=("my.*", "billing/README.md")) == [AUTH, BILLING[0], BILLING[2]]


def test_path_in_two_projects_is_reported_once(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"structlint.yaml": "tree: {a/: }", "a/structlint.yaml": "about: x", "a/x:y": ""})
    monkeypatch.chdir(git.path)
    assert check() == ["a/x:y unportable-name"]


def test_hints_contain_paths_from_the_root(nested: Git) -> None:
    write(nested.path, {"services/billing/structlint.yaml": "tree: {README.markdown: }"})
    (project,) = open_projects(Request(("services/billing",)))
    (found,) = find_problems(project, ALL - {"stray-file"}, TODAY)
    finding = with_project_paths(found, project)
    assert finding.hint == "rename `services/billing/README.md` to `services/billing/README.markdown`"
    assert finding.related == ("services/billing/README.md",)


def test_extended_layouts_are_not_unlisted(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository(
        {
            "structlint.yaml": "tree: {a/: , rules/: {.: {unlisted: forbid}, x.yaml: }}",
            "rules/x.yaml": "about: x",
            "rules/team.yaml": "tree: {b/: }",
            "rules/other.yaml": "",
            "a/structlint.yaml": "extends: ../rules/team.yaml",
            "structlint-baseline.json": "{}",
        }
    )
    monkeypatch.chdir(git.path)
    assert check() == [
        "a/b/ missing-directory rules/team.yaml:1",
        "rules/other.yaml stray-file structlint.yaml:1",
    ]


def test_extends_outside_the_repository_is_an_error(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"out.yaml": "about: x"})
    git = repository({"a/structlint.yaml": "extends: ../../out.yaml"})
    monkeypatch.chdir(git.path)
    assert "leads out of the repository" in error_of("a")
    write(git.path, {"a/structlint.yaml": "extends: ../link.yaml"})
    (git.path / "link.yaml").symlink_to(tmp_path / "out.yaml")
    assert "leads out of the repository" in error_of("a")


def test_layout_from_a_revision_and_from_the_index(nested: Git) -> None:
    write(nested.path, {"structlint.yaml": "tree: {docs/: }", "docs/x.md": ""})
    assert check("services/auth") == []
    assert check("services/auth", tracked=True) == check("services/auth", rev="HEAD") == [AUTH]
    nested("add", "structlint.yaml")
    assert check(tracked=True)[0] == "docs/ missing-directory structlint.yaml:1"
    assert check(rev="HEAD") == [AUTH, *BILLING]
    assert check("services/auth", rev="HEAD", layout="structlint.yaml") == [
        "services/auth/main.go stray-file structlint.yaml:1",
        "services/auth/services/ missing-directory structlint.yaml:1",
    ]


def test_directory_that_exists_only_in_a_revision(nested: Git) -> None:
    nested("rm", "-q", "-r", "services/auth")
    nested("commit", "-q", "-m", "two")
    assert check("services/auth", rev="HEAD~1") == [AUTH]
    assert error_of("services/auth", rev="HEAD") == "no such directory: `services/auth/` in the revision HEAD"
    assert error_of("services/auth") == "no such directory: `services/auth`"
    assert error_of(rev="nope").startswith("unknown revision `nope` in ")


def test_check_of_a_bare_repository(nested: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nested("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path)
    assert check("bare.git", rev="HEAD") == [AUTH, *BILLING]
    assert check("bare.git/services/billing", rev="main") == BILLING
    monkeypatch.chdir(tmp_path / "bare.git")
    assert check(rev="HEAD") == [AUTH, *BILLING]
    assert "--rev HEAD" in error_of()
    write(tmp_path, {"mine.yaml": "tree: {docs/: }"})
    assert check(rev="HEAD", config="../mine.yaml")[0] == "docs/ missing-directory ../mine.yaml:1"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            ["structlint.yaml", ".structlint.yaml"],
            "structlint.yaml and .structlint.yaml both exist; keep one of them",
        ),
        (
            ["a/structlint.yaml", "a/.structlint.yaml"],
            "a/structlint.yaml and a/.structlint.yaml both exist; keep one",
        ),
    ],
)
def test_two_layouts_in_one_directory(
    files: list[str], message: str, repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(dict.fromkeys(files, "about: x")).path)
    assert error_of().startswith(message)


def test_configuration_of_another_tool_called_structlint(
    repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({".structlint.yaml": "dir_structure:\n  allowedPaths: [a]\n", "a/b": ""})
    monkeypatch.chdir(git.path)
    message = ".structlint.yaml is the configuration of another tool called structlint (it has the key dir_"
    assert error_of().startswith(message)
    assert error_of("a").startswith(message)
    write(git.path, {"structlint.yaml": "tree: {b/: }"})
    assert check() == ["a/ stray-directory structlint.yaml:1", "b/ missing-directory structlint.yaml:1"]


def test_config(nested: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(nested.path, {"ci/layout.yaml": "tree: {docs/: }", "services/l.yaml": "extends: ../ci/layout.yaml"})
    write(tmp_path, {"out/l.yaml": "extends: ../base.yaml", "base.yaml": "tree: {docs/: }"})
    missing = "docs/ missing-directory"
    assert f"{missing} ci/layout.yaml:1" in check(config="ci/layout.yaml")
    assert f"services/{missing} ci/layout.yaml:1" in check("services", config="services/l.yaml")
    assert check("services/auth", config="services/l.yaml") == [
        "services/auth/ stray-directory services/l.yaml:1"
    ]
    assert f"services/auth/{missing} ci/layout.yaml:1" in check("services/auth", config="ci/layout.yaml")
    monkeypatch.chdir(nested.path / "services")
    assert f"services/{missing} ci/layout.yaml:1" in check(config="l.yaml")
    assert "leads out of the repository" in error_of(config="../../out/l.yaml")
    write(tmp_path, {"out/l.yaml": "tree: {docs/: }"})
    assert f"services/{missing} ../../out/l.yaml:1" in check(config="../../out/l.yaml")


def test_config_is_read_from_the_revision_or_index(nested: Git) -> None:
    write(nested.path, {"new.yaml": "tree: {docs/: }"})
    for options, where in (({"rev": "HEAD"}, "the revision HEAD"), ({"tracked": True}, "the index")):
        message = error_of(config="new.yaml", **options)
        assert message == f"no such file in {where}: `new.yaml`"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "python-servcie"}, "unknown layout `python-servcie`; did you mean `python-service`?"),
        ({"layout": "README.md"}, "no such file: `README.md`"),
        ({"config": "docs/structure.txt"}, "no such file: `docs/structure.txt`"),
        ({"layout": "nope.yaml"}, "no such file: `nope.yaml`"),
        ({"config": "nope.yaml"}, "no such file: `nope.yaml`"),
        ({"config": "services"}, "`services` is a directory; give the layout file in it"),
        (
            {"config": "a.yaml", "layout": "base"},
            "--config and --layout both name a layout; use one of them",
        ),
        (
            {"tracked": True, "rev": "HEAD"},
            "--tracked checks the index and --rev a revision; use one",
        ),
        (
            {"rev": "HEAD", "changed": "HEAD"},
            "--changed applies to the work tree and cannot be used with",
        ),
        (
            {"exclude": ("a", "[")},
            r"--exclude: the pattern `[` has a bracket that is not closed; write `\[` for a bracket itself",
        ),
        ({"changed": "nope"}, "unknown revision `nope` in "),
    ],
)
def test_invalid_options(options: dict[str, object], message: str, nested: Git) -> None:
    assert error_of(**options).startswith(message)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nope", "no such directory: `nope`"),
        ("structlint.yaml", "`structlint.yaml` is a file; give the directory that contains it"),
        ("a\0b", r'"a\x00b": '),
        ("", "the name of the directory to check is empty"),
        (".git", ".git contains git's own data; check the directory above it"),
    ],
)
def test_invalid_paths(path: str, message: str, nested: Git) -> None:
    assert message in error_of(path)


def test_hint_for_a_base_given_as_a_path(nested: Git) -> None:
    assert error_of("main", changed="HEAD").endswith("; to give --changed a base, write --changed=main")


def test_outside_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {f"x/{name}": text for name, text in NESTED.items()})
    expected = [line.replace("x/", "") for line in [AUTH, *BILLING]]
    assert check(str(tmp_path / "x")) == expected
    monkeypatch.chdir(tmp_path / "x" / "services" / "auth")
    assert check("..", "../..") == expected
    assert check() == [AUTH]
    inner = [line.replace("services/billing/", "") for line in BILLING]
    assert check("../billing") == inner
    assert check("../billing", "../..") == check("../../", "../billing") == expected
    assert check("../billing", layout="usual") == ["my.structlint.yaml stray-file usual:9"]


def test_paths_in_several_repositories_start_at_the_common_directory(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        repository({"structlint.yaml": "tree: {a/: }"}, at=name)
    monkeypatch.chdir(tmp_path)
    assert check("one", "two") == [
        f"{each}/a/ missing-directory {each}/structlint.yaml:1" for each in ("one", "two")
    ]
    assert check("one") == ["a/ missing-directory structlint.yaml:1"]


def test_paths_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"p/structlint.yaml": "tree: {a/: {b.txt: }}", "p/other.txt": ""})
    monkeypatch.chdir(tmp_path)
    listed = ("standard input", b"structlint.yaml\na/c.txt\nx/y.txt\n")
    assert check("p", paths_from=listed) == [
        "a/b.txt missing-file structlint.yaml:1",
        "x/ stray-directory structlint.yaml:1",
    ]
    assert check("p", paths_from=("list", b"a/b.txt\0structlint.yaml\0")) == []
    write(tmp_path, {"p/a/c.txt": ""})
    assert error_of("p/a", paths_from=listed) == (
        "`p/a` is in a project, but is not its root; with --paths-from, give `p` as PATH, "
        "and list paths relative to it"
    )
    assert check("p/a", paths_from=listed, isolated=True) == []
    assert error_of("p", ".", paths_from=listed).startswith("--paths-from needs exactly one PATH")
    assert error_of("p", paths_from=listed, rev="HEAD").startswith("--paths-from lists the paths and")
    assert error_of("p", paths_from=("list", b"../x\n")).startswith(
        "list:1: ../x is not a path in the project"
    )


def test_without_a_layout(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"a/x:y": "", "a/b/z:z": "", "c/structlint.yaml": "tree: {d/: }", "c/u:v": ""})
    monkeypatch.chdir(git.path)
    names = ["a/b/z:z unportable-name", "a/x:y unportable-name"]
    inner = ["c/d/ missing-directory c/structlint.yaml:1", "c/u:v stray-file c/structlint.yaml:1"]
    assert check("a/b", "a") == check("a") == names
    assert check() == check(".", "a", "c") == [*names, *inner, "c/u:v unportable-name"]
    assert [project.prefix for project in open_projects(Request(("a/b", "a", "c")))] == ["a/", "c/"]


def test_note_for_a_directory_without_files(nested: Git) -> None:
    write(
        nested.path,
        {".gitignore": "/build/\n", "build/x": "", "structlint.yaml": SERVICES + "exclude: [/gen/]\n"},
    )
    write(nested.path, {"gen/x": ""})
    for path in ("build", "gen"):
        (project,) = open_projects(Request((path,)))
        assert project.notes == (f"No files found in {path}/",)
    assert open_projects(Request(("build",), gitignore=False))[0].notes == ()


def test_no_note_for_a_directory_with_only_nested_projects(repository: Make) -> None:
    git = repository({"a/structlint.yaml": "about: x"})
    assert [project.notes for project in open_projects(Request((str(git.path),)))] == [(), ()]


def test_nested_layout_that_exists_only_in_the_index(nested: Git) -> None:
    nested("update-index", "--skip-worktree", "services/billing/structlint.yaml")
    (nested.path / "services/billing/structlint.yaml").unlink()
    outer, inner = open_projects(Request())
    assert (outer.prefix, inner.prefix) == ("", "services/billing/")
    assert inner.layout is not None  # read from the index


def test_all_errors_in_a_nested_layout_are_reported(nested: Git) -> None:
    write(nested.path, {"services/billing/structlint.yaml": "tre:\nlimit:\n"})
    with pytest.raises(LayoutError) as error:
        check()
    assert [str(problem).partition(": ")[0] for problem in error.value.problems] == [
        "services/billing/structlint.yaml:1:1",
        "services/billing/structlint.yaml:2:1",
    ]
    assert check("services/auth") == [AUTH]


def test_number_of_checked_files_and_directories(nested: Git) -> None:
    numbers = {}
    for project in open_projects(Request()):
        numbers[project.prefix] = (len(project.files()), project.directories())
    assert numbers == {"": (2, 3), "services/billing/": (3, 0)}
    (project,) = open_projects(Request(("services/auth",)))
    assert (len(project.files()), project.directories()) == (1, 1)


CHANGE = Change(
    paths={
        "a/old.txt",
        "a/new.txt",
        "a/changed.txt",
        "b/x.txt",
        "c/sub/y.txt",
        "d/z.txt",
        "e",
        "c/keep.txt",
        "f/g/h.txt",
    },
    added=frozenset(["a/new.txt", "b/x.txt", "c/sub/y.txt", "e"]),
    other=frozenset(["a/changed.txt", "d/gone.txt", "f/lost/1.txt", "f/lost/2.txt", "h/gone.txt"]),
)
RELATED = {
    "an added file": ("stray-file", "a/new.txt", True),
    "a changed file": ("misplaced-file", "a/changed.txt", True),
    "an unchanged file": ("stray-file", "a/old.txt", False),
    "an added opaque directory": ("stray-directory", "e/", True),
    "a directory with a change": ("stray-directory", "a/", True),
    "a new directory": ("bad-name", "c/sub/", True),
    "a directory without a change": ("stray-directory", "f/g/", False),
    "missing in a new directory": ("missing-file", "b/README.md", True),
    "missing in a directory with an added file": ("missing-file", "a/README.md", False),
    "missing because it was removed": ("missing-file", "d/gone.txt", True),
    "missing in a directory with a removed file": ("missing-file", "d/<any>.txt", True),
    "a missing directory that was removed": ("missing-directory", "f/lost/", True),
    "missing in a directory with a removed directory": ("missing-directory", "f/<any>/", True),
    "an empty directory that had files": ("empty-directory", "h/", True),
    "missing in an unchanged directory": ("missing-file", "f/g/README.md", False),
    "missing in the root": ("missing-file", "README.md", True),  # h/ was removed from it
    "too many, one added": ("too-many-files", "a/", True),
    "too many, a directory added": ("too-many-directories", "c/", True),
    "too many, one changed": ("too-many-files", "d/", False),
    "too many in the root, one added": ("too-many-files", "./", True),
    "too few, one removed": ("too-few-files", "d/", True),
    "too few, one added": ("too-few-files", "a/", False),
    "too few in a new directory": ("too-few-files", "b/", True),
}


@table(("rule", "path", "expected"), RELATED.values(), ids=RELATED)
def test_finding_is_related_to_a_change(rule: str, path: str, expected: bool) -> None:
    assert concerns(Finding(path, "", "", rule=rule), CHANGE) is expected


@pytest.mark.parametrize(
    ("rule", "path", "related", "expected"),
    [
        ("missing-file", "f/g/k.yaml", "b/", True),  # its counterpart is new
        ("missing-file", "f/g/k.yaml", "a/", False),
        ("missing-file", "f/g/k.yaml", "a/new.txt", True),
        ("orphan", "f/g/h.txt", "h/", True),  # its counterpart was removed
        ("orphan", "f/g/h.txt", "f/lost/1.txt", True),
        ("orphan", "f/g/h.txt", "f/other.txt", False),
    ],
)
def test_finding_is_related_to_a_change_through_another_path(
    rule: str, path: str, related: str, expected: bool
) -> None:
    assert concerns(Finding(path, "", "", related=(related,), rule=rule), CHANGE) is expected


@pytest.mark.parametrize(
    ("changed", "rule", "path", "expected"),
    [
        (".gitignore", "tracked-ignored", "a/x.log", True),
        ("a/.gitignore", "tracked-ignored", "a/x.log", True),
        ("a/.gitignore", "unignored-local", "b/.env", False),
        ("a/my.gitignore", "tracked-local", "a/x.log", False),
        (".gitignore", "stray-file", "a/x.log", False),
        (".gitignore", "unignored-local", ".gitignore", True),
    ],
)
def test_finding_is_related_to_a_change_of_a_gitignore(
    changed: str, rule: str, path: str, expected: bool
) -> None:
    change = Change({".gitignore", "a/x.log", "a/.gitignore", "b/.env"}, frozenset(), frozenset([changed]))
    assert concerns(Finding(path, "", "", rule=rule), change) is expected


def test_changed_reports_only_related_findings(nested: Git) -> None:
    nested("checkout", "-q", "-b", "work")
    assert check(changed="main") == []
    write(nested.path, {"services/mail/main.go": "", "services/auth/more.go": "", "todo.txt": ""})
    mail = "services/mail/README.md missing-file structlint.yaml:1"
    assert check(changed="HEAD") == [mail, "todo.txt stray-file structlint.yaml:1"]
    nested("add", ".")
    nested("commit", "-q", "-m", "two")
    assert check(changed="HEAD") == []
    assert check("services", changed="main") == [mail]
    write(nested.path, {"services/billing/structlint.yaml": "tree: {src/: }\nlimits: {depth: 9}\n"})
    assert check(changed="HEAD") == BILLING
    write(nested.path, {"structlint.yaml": SERVICES + "\n"})
    assert check(changed="HEAD") == [AUTH, *BILLING, mail, "todo.txt stray-file structlint.yaml:1"]


def test_new_tied_name_is_related_to_its_counterpart(
    repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "structlint.yaml": "tree: {services/: {<s>/: }, k8s/: {<s>.yaml: }}",
        "services/a/x": "",
        "k8s/b.yaml": "",
    }
    git = repository(files)
    git("commit", "-q", "-m", "one")
    monkeypatch.chdir(git.path)
    assert check(changed="HEAD") == []
    write(git.path, {"services/c/x": ""})
    assert check(changed="HEAD") == ["k8s/c.yaml missing-file structlint.yaml:1"]
    git("rm", "-q", "-r", "services/a")
    assert check(changed="HEAD") == ["k8s/c.yaml missing-file structlint.yaml:1"]


def test_absolute_paths_are_not_printed(nested: Git, tmp_path: Path) -> None:
    for project in open_projects(Request()):
        text = repr(find_problems(project, ALL, TODAY)) + repr(project.notes)
        assert not re.search(re.escape(str(tmp_path)), text)


@pytest.mark.parametrize("path", ["**/src/", "n/src/", "n/src/x", "*/src/"])
def test_if_and_holds_ignore_nested_projects(path: str, repository: Make, run: Run) -> None:
    git = repository(
        {
            "structlint.yaml": f"tree: {{p/: {{.: {{holds: '{path}'}}}}, <q>/?: {{.: {{if: '{path}'}}}}}}\n",
            "p/n/structlint.yaml": "tree: {src/: }\n",
            "p/n/src/x": "",
            "r/n/structlint.yaml": "tree: {src/: }\n",
            "r/n/src/x": "",
        }
    )
    result = run("check", str(git.path), "--output-format", "concise")
    assert [line.partition(": ")[0] for line in result.out.splitlines()][:2] == [f"p/{path}", "r/"]
