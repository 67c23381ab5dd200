"""Ties, and directories that are not read: symlinks, submodules and nested repositories."""

from __future__ import annotations

import pytest
from conftest import Git
from test_language import Findings, found  # noqa: F401 - a fixture

SERVICES = "tree: {services/: {<s>/: {Dockerfile: , src/: {main.py: }}}, k8s/: {<s>.yaml: }}"
LINKED = {
    "to a directory that lacks all of it": (
        SERVICES,
        "services/a/Dockerfile services/a/src/main.py k8s/a.yaml k8s/b.yaml",
        {"services/b": "../k8s"},
        ["missing-file services/b/Dockerfile", "missing-directory services/b/src/"],
    ),
    "to a directory that has it": (
        SERVICES,
        "services/a/Dockerfile services/a/src/main.py k8s/a.yaml k8s/b.yaml",
        {"services/b": "a"},
        [],
    ),
    "to the root": (
        "tree: {.: {unlisted: allow}, docs/: {guide/: {index.md: }}}",
        "x",
        {"docs": "."},
        ["missing-directory docs/guide/"],
    ),
    "link inside the target of a link": (
        "tree: {.: {unlisted: allow}, docs/: {guide/: {index.md: }}}",
        "site/x other/index.md",
        {"docs": "site", "site/guide": "../other"},
        [],
    ),
    "without requirements": ("tree: {docs/: , k8s/: }", "k8s/a", {"docs": "k8s"}, []),
    "unlisted contents": (
        "tree: {.: {unlisted: allow}, a/: {.: {unlisted: forbid}, x.txt?: , y/?: {z?: }}}",
        "b/x.txt b/bad.txt b/old/f b/y/z b/y/z2",
        {"a": "b"},
        ["stray-file a/bad.txt", "stray-directory a/old/", "stray-file a/y/z2"],
    ),
    "unlisted contents, listed by `**/`": (
        "tree: {.: {unlisted: allow}, '**/': {'*.md?': }, a/: {.: {unlisted: forbid}, x.txt?: }}",
        "b/x.txt b/good.md",
        {"a": "b"},
        [],
    ),
    "forbidden contents": (
        "tree: {.: {unlisted: allow}, a/: {'*.exe': false, x?: }}",
        "b/x b/a.exe",
        {"a": "b"},
        ["forbidden-path a/a.exe"],
    ),
    "allowed contents": (
        "tree: {.: {unlisted: allow}, a/: {.: {unlisted: allow}, x?: }}",
        "b/x b/y/z",
        {"a": "b"},
        [],
    ),
    "only directories are reported": (
        "tree: {.: {unlisted: allow}, a/: {.: {unlisted: allow-files}, x?: }}",
        "b/y b/z/f",
        {"a": "b"},
        ["stray-directory a/z/"],
    ),
    "out of the repository, at a placeholder": (
        "tree: {svc/: {<s>/: {Dockerfile: }}}",
        "svc/a/Dockerfile",
        {"svc/extra": "../../elsewhere"},
        ["missing-directory svc/extra/"],
    ),
    "dangling, at a pattern": (
        "tree: {svc/: {'*/?': {Dockerfile: }}}",
        "svc/a/Dockerfile",
        {"svc/extra": "nowhere"},
        ["missing-directory svc/extra/"],
    ),
    "dangling, without requirements": (
        "tree: {svc/: {<s>/: }}",
        "svc/a/Dockerfile",
        {"svc/extra": "nowhere"},
        [],
    ),
    "only forbidden contents are listed": (
        "tree: {.: {unlisted: allow}, a/: {x: false, y/: false}, c/: {<d>/: {'*.exe': false}}}",
        "b/x b/y/z b/e.exe",
        {"a": "b", "c/d": "../b"},
        ["forbidden-path a/x", "forbidden-path a/y/", "forbidden-path c/d/e.exe"],
    ),
    "a pattern for directories does not forbid it": (
        "tree: {.: {unlisted: allow}, a/?: {x/: {y: }}}\nforbid: {a/: }",
        "b/c",
        {"a": "b"},
        ["missing-directory a/x/"],
    ),
    "a pattern for files forbids it": (
        "tree: {.: {unlisted: allow}, a/?: {x/: {y: }}}\nforbid: {a: }",
        "b/c",
        {"a": "b"},
        ["forbidden-path a"],
    ),
    "no entries in it": (
        "tree: {d/: {.: {unlisted: forbid}, a/: {x.md: false}, b/: }}",
        "d/b/x/y d/b/z",
        {"d/a": "b"},
        [],
    ),
    "a link to itself is forbidden in it": (
        "tree: {.: {unlisted: allow}, a/: {b/: {<c>/: false}}}",
        "a/x",
        {"a/b": "../a"},
        ["forbidden-path a/b/b/"],
    ),
    "similar name in it": (
        "tree: {.: {unlisted: allow}, a/: {Makefile: , README.md: , y?: }}",
        "b/Makefile/x b/readme.md",
        {"a": "b"},
        ["missing-file a/Makefile", "missing-file a/README.md"],
    ),
    "name in it similar to a recommended one": (
        "tree: {.: {unlisted: allow}, a/: {.: {unlisted: forbid}, README.md: {level: recommended}}}",
        "b/readme.md",
        {"a": "b"},
        ["missing-file a/README.md", "stray-file a/readme.md"],
    ),
    "to a directory with only excluded files": (
        "tree: {.: {unlisted: allow}, a/: {x/: , '*.md': }}\nexclude: ['*.txt']",
        "b/c/d.txt",
        {"a": "b/c"},
        ["missing-directory a/x/", "missing-file a/*.md"],
    ),
    "to a directory that is excluded": (
        "tree: {.: {unlisted: allow}, a/: {x: }, c/: {<d>/: {x: }}}\nexclude: [b/]",
        "b/x c/y/x",
        {"a": "b", "c/d": "../b"},
        ["missing-file a/x", "missing-file c/d/x"],
    ),
    "a directory in it with only excluded files": (
        "tree: {.: {unlisted: allow}, a/: {.: {unlisted: forbid}, x/: }}\nexclude: ['*.txt']",
        "b/x/d.txt b/y/d.txt",
        {"a": "b"},
        [],
    ),
    "a directory in it with only excluded files, with required contents": (
        "tree: {.: {unlisted: allow}, a/: {x/: {z: }, y/: false}}\nexclude: ['*.txt']",
        "b/x/d.txt b/y/d.txt",
        {"a": "b"},
        ["missing-file a/x/z", "forbidden-path a/y/"],
    ),
    "dangling, at an exact name": (
        "tree: {.: {unlisted: allow}, docs/?: {a.md: }}",
        "x",
        {"docs": "/etc"},
        ["missing-directory docs/"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "links", "expected"), LINKED.values(), ids=LINKED)
def test_requirements_in_symlinked_directories(
    found: Findings,  # noqa: F811
    layout: str,
    files: str,
    links: dict[str, str],
    expected: list[str],
) -> None:
    git = found.make(layout, files)
    for path, target in links.items():
        (git.path / path).parent.mkdir(exist_ok=True)
        (git.path / path).symlink_to(target)
    recommended = "level: recommended" in layout
    assert sorted(found.check()) == sorted(
        f"{'warning' if recommended and each.startswith('missing') else 'error'} {each}" for each in expected
    )


def test_fix_does_not_create_files_through_a_symlink(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {.: {unlisted: allow}, docs/: {index.md: }, site/: }", "site/x")
    (git.path / "docs").symlink_to("site")
    result = found.run("check", ".")
    assert "missing file; `docs` is a link to `site/`" in result.out
    assert "create it in `site/`, or replace the link" in result.out
    assert found.run("fix").status == 1
    assert not (git.path / "site/index.md").exists()


@pytest.mark.parametrize("directory", ["main.py", "Main.py", "mian.py"])
def test_symlink_inside_a_directory_similar_to_a_missing_name(found: Findings, directory: str) -> None:  # noqa: F811
    layout = "tree: {.: {unlisted: allow}, main.py: , srcs/: }\nlimits: {depth: 3}"
    git = found.make(layout, "src/x")
    (git.path / directory).mkdir()
    (git.path / directory / "x").symlink_to(f"../{directory}")
    (git.path / "src/y").symlink_to("../src")
    assert found.check() == ["error missing-file main.py", "error missing-directory srcs/"]


def add_gitlink(git: Git, path: str) -> None:
    git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")


LAYOUT = "tree: {.: {unlisted: allow}, README.md: , src/: {main.py: }}"


@pytest.mark.parametrize("options", [["--tracked"], ["--rev", "HEAD"], []], ids=str)
@pytest.mark.parametrize("declared", ["", "lib", "src"])
def test_undeclared_submodule(found: Findings, declared: str, options: list[str]) -> None:  # noqa: F811
    git = found.make(LAYOUT, "README.md")
    if declared:
        module = f'[submodule "x"]\n\tpath = {declared}\n\turl = ../x\n'
        (git.path / ".gitmodules").write_text(module)
    git("add", "-A")
    add_gitlink(git, "src")
    git("commit", "-qm", "x")
    (git.path / "src").mkdir()
    (git.path / "src/evil.exe").write_text("")
    assert found.check(*options) == ([] if declared == "src" else ["error missing-directory src/"])
    result = found.run("check", ".", *options)
    if declared == "src":
        assert "note: `src/` is a separate repository and was not checked" in result.out
    else:
        assert "`.gitmodules` does not declare" in result.out


@pytest.mark.parametrize("options", [["--tracked"], ["--rev", "HEAD"], []], ids=str)
@pytest.mark.parametrize(
    ("entry", "level"),
    [
        ("src/: ", "error"),
        ("<lib>/: ", "error"),
        ("src/: {.: {level: recommended}}", "warning"),
        ("src/?: ", ""),
    ],
)
def test_undeclared_submodule_without_required_contents(
    found: Findings,  # noqa: F811
    entry: str,
    level: str,
    options: list[str],
) -> None:
    """git cannot fetch it, so it does not satisfy an entry that requires the directory itself."""
    git = found.make(f"tree: {{README.md: , .gitmodules?: , {entry}}}", "README.md")
    git("add", "-A")
    add_gitlink(git, "src")
    git("commit", "-qm", "x")
    (git.path / "src").mkdir()
    assert found.check(*options) == ([f"{level} missing-directory src/"] if level else [])
    (git.path / ".gitmodules").write_text('[submodule "x"]\n\tpath = src\n\turl = ../x\n')
    git("add", ".gitmodules")
    git("commit", "-qm", "y")
    assert found.check(*options) == []


def test_nested_repository_that_may_be_a_member_is_not_an_orphan(found: Findings) -> None:  # noqa: F811
    git = found.make(
        "tree: {<a>--<b>/?: , <any>/: {.: {if: '*.yaml'}}, <b>-*/?: }", "one--two/x user-account/x"
    )
    git("rm", "-rq", "--cached", "user-account")
    git("init", "-q", "user-account")
    result = found.run("check", ".")
    assert result.status == 0, result
    assert "`user-account/` was not read" in result.out


def test_note_for_an_unchecked_nested_repository(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {src/: {main.py: }, lib/: }\nforbid: {'*.exe': no}", "src/evil.exe lib/x")
    for name in ("src", "lib"):
        git("rm", "-rq", "--cached", name)
        git("init", "-q", name)
    result = found.run("check", ".")
    assert result.status == 0
    assert "note: `src/` is a separate repository and was not checked" in result.out
    assert "lib/" not in result.out


@pytest.mark.parametrize("target", ["src", "src/x", "gone"])
def test_local_symlink_need_not_be_ignored(found: Findings, target: str) -> None:  # noqa: F811
    git = found.make("tree: {.: {unlisted: allow}}\nlocal: ['*.key']", "src/x")
    (git.path / ".gitignore").write_text("*.key\n!c.key\n")
    (git.path / "c.key").symlink_to(target)
    assert found.check() == []
    (git.path / "c.key").unlink()
    (git.path / "c.key").touch()
    assert found.check() == ["warning unignored-local c.key"]


@pytest.mark.parametrize("target", ["src", "src/x"])
def test_untracked_local_symlink_is_not_unlisted(found: Findings, target: str) -> None:  # noqa: F811
    git = found.make("tree: {src/: }\nlocal: [page*]", "src/x")
    (git.path / "page").symlink_to(target)
    assert [each for each in found.check() if "stray" in each] == []
    git("add", "page")
    assert [each.split()[1] for each in found.check() if "stray" in each] == [
        "stray-directory" if target == "src" else "stray-file"
    ]


@pytest.mark.parametrize("target", ["svc", "svc/docs", "b"])
def test_note_for_a_symlink_to_an_unchecked_directory(found: Findings, target: str) -> None:  # noqa: F811
    git = found.make("tree: {.: {unlisted: allow}, a/: {c/: {x: }}}", "svc/docs/c/x b/y")
    (git.path / "svc/structlint.yaml").write_text("tree: {.: {unlisted: allow}}")
    (git.path / "a").symlink_to(target)
    (git.path / "b/c").symlink_to("../svc")
    result = found.run("check", ".")
    assert result.status == 0
    name = "a/c/" if target == "b" else "a/"
    assert f"note: `{name}` is a link to a directory that was not checked" in result.out


@pytest.mark.parametrize("key", ["docs/", "src/ | docs/"])
def test_keep_file_does_not_satisfy_an_if(found: Findings, key: str) -> None:  # noqa: F811
    git = found.make(f"tree: {{.: {{unlisted: allow}}, {key}: {{.: {{if: '*.yaml'}}}}}}", "x")
    (git.path / "docs").mkdir()
    expected = [f"error missing-directory {key.partition(' ')[0]}"]
    assert found.check() == expected
    (git.path / "docs/.gitkeep").touch()
    assert len(found.check()) == 1


# --- Ties

TIES = {
    "other words": (
        "names: {service: kebab-case}\ntree: {services/: {<service>/: }, k8s/: {<service>.yaml: }}",
        "services/user-account/x k8s/useraccount.yaml",
        ["missing-file k8s/user-account.yaml", "orphan k8s/useraccount.yaml"],
    ),
    "three names with the same letters": (
        "severity: {twin-name: off}\nnames: {service: kebab-case}\n"
        "tree: {services/: {<service>/: }, k8s/: {<service>.yaml: }}",
        "services/a-bc/x services/ab-c/x services/abc/x k8s/a-bc.yaml",
        ["missing-file k8s/ab-c.yaml", "missing-file k8s/abc.yaml"],
    ),
    "equal in the case of the tied name": (
        "names: {s: kebab-case}\n"
        "tree: {services/: {<s>/: }, a/: {'<s:lowercase>.x': }, b/: {'<s:camelCase>.x': }}",
        "services/user-account/x services/a-1/x a/useraccount.x a/a-1.x b/userAccount.x b/a1.x",
        [],
    ),
    "a dot makes a different name": (
        "names: {s: kebab-case}\ntree: {a/: {<s>/: }, b/: {<s>/: }}",
        "a/x-y/f b/x.y/f",
        ["missing-directory b/x-y/", "orphan b/x.y/"],
    ),
    "digits": (
        "names: {s: SCREAMING_SNAKE_CASE}\ntree: {a/: {<s>/: }, b/: {'<s:kebab-case>.x': }}",
        "a/V1A_X/f b/v1a-x.x",
        [],
    ),
    "another entry for the name": (
        "tree: {<alpha>/?: {<beta>.md?: }, lib/: {test_<alpha>.go: }, <beta>.d/?: }",
        "lib/keep.txt ivy.d/x",
        ["missing-file lib/test_ivy.d.go"],
    ),
    "no other entry for the name": (
        "tree: {<alpha>/?: {<beta>.md?: }, lib/: {test_<alpha>.go: }}",
        "lib/keep.txt ivy.d/x",
        ["missing-file lib/test_ivy.d.go"],
    ),
    "the other entry matches": (
        "tree: {<alpha>/?: {<beta>.md?: }, lib/: {test_<alpha>.go?: }, <beta>.d/?: }",
        "lib/test_ivy.d.go ivy.d/x lib/test_a.go a/ivy.md",
        ["orphan lib/test_ivy.d.go"],
    ),
    "one alternative has a placeholder": (
        "tree: {zoo/ ^ <beta>/: {'*/': {<alpha>?: }, <beta>.d/: {<alpha>.md?: }}}",
        "zoo/lamp/ivy zoo/j.d/ivy.md",
        [],
    ),
    "orphan, one alternative has a placeholder": (
        "tree: {zoo/ | <beta>/: {'*/': {<alpha>?: }, <beta>.d/: {<alpha>.md?: }}}",
        "zoo/lamp/ivy zoo/j.d/oak.md",
        ["orphan zoo/j.d/oak.md"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), TIES.values(), ids=TIES)
def test_ties(found: Findings, layout: str, files: str, expected: list[str]) -> None:  # noqa: F811
    lines = layout.splitlines()
    lines[-1] = lines[-1].replace("tree: {", "tree: {.: {unlisted: allow}, ", 1)
    assert found("\n".join(lines), files) == [f"error {each}" for each in expected]


def test_tied_name_is_derived_from_the_known_value(found: Findings) -> None:  # noqa: F811
    layout = "names: {s: kebab-case}\ntree: {a/: {<s>/: {'<s:PascalCase>.x': }}}"
    git = found.make(layout, "a/user-account/UserAccount.x")
    assert found.check() == []
    (git.path / "a/user-account/UserAccount.x").rename(git.path / "a/user-account/Useraccount.x")
    assert found.check() == ["error missing-file a/user-account/UserAccount.x"]


CORRECTIONS = {
    "two places at any depth": (
        "tree: {src/: {'**/': {<m>.py?: }}, tests/: {'**/': {test_<m>.py: }}}",
        "write `<dir**>/` instead of `**/` in both places",
    ),
    "a place outside": (
        "tree: {src/: {'**/': {<m>.py?: }}, tests/: {test_<m>.py: }}",
        "write the entry outside it first, or write `<dir**>/`",
    ),
    "`needs` in every directory": (
        "tree: {'**/': {a.py: {needs: b/}}}",
        "`b/` would be required in every directory, including itself, without end; "
        "make `a.py` optional with `?`",
    ),
    "`needs` of a recommended file, deeper": (
        "tree: {'**/': {a.py: {needs: b/c.py, level: recommended}}}",
        "`b/c.py` would be required in every directory",
    ),
}


@pytest.mark.parametrize(("layout", "correction"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_error_suggests_a_correction(found: Findings, layout: str, correction: str) -> None:  # noqa: F811
    found.make(layout, "src/p/a.py tests/p/test_a.py")
    result = found.run("check", ".")
    assert result.status == 2
    assert correction in result.err


CORRECTED = [
    "tree: {src/: {'<dir**>/?': {<m>.py?: }}, tests/: {'<dir**>/?': {test_<m>.py: }}}",
    "tree: {tests/: {test_<m>.py?: }, src/: {'**/': {<m>.py?: }}}",
    "tree: {'**/': {a.py?: {needs: b/}}}",
    "tree: {'**/': {a.py: {needs: c.py}}}",
    "tree: {'**/': {a.py: {needs: /b/}}}",
]


@pytest.mark.parametrize("layout", CORRECTED)
def test_corrected_layout_is_valid(found: Findings, layout: str) -> None:  # noqa: F811
    found.make(layout, "src/p/a.py tests/p/test_a.py")
    assert found.run("check", ".").status != 2


def test_hint_of_an_orphan_uses_the_existing_alternative(found: Findings) -> None:  # noqa: F811
    found.make(
        "tree: {src/ | internal/: {<m>.go: }, tests/: {<m>_test.go: }}", "internal/a.go tests/b_test.go"
    )
    out = found.run("check", ".").out
    assert "internal/b.go" in out
    assert "src/" not in out
