"""What a layout means where a check used to be wrong: one function for each kind of case, `l01`, `l02`, ..."""

from __future__ import annotations

import pytest
from conftest import Git, Make, Run


@pytest.fixture
def found(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> Findings:
    return Findings(repository, run, monkeypatch)


class Findings:
    """Makes repositories and runs structlint in them."""

    def __init__(self, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        self.repository, self.run, self.monkeypatch = repository, run, monkeypatch

    def make(self, layout: str, files: str) -> Git:
        """A repository with a layout and some files, separated by blanks, each of which holds nothing."""
        git = self.repository({"structlint.yaml": layout, **dict.fromkeys(files.split(), "")})
        self.monkeypatch.chdir(git.path)
        return git

    def check(self, *arguments: str) -> list[str]:
        """The findings of `check`, each as `severity rule path`; exit status 1 means an error among them."""
        ran = self.run("check", ".", "--output-format", "concise", *arguments)
        lines = [line for line in ran.out.splitlines() if line]
        found = []
        for line in lines:
            path, severity, rest = line.split(": ", 2)
            found.append(f"{severity} {rest.rpartition('] -- ')[0].rpartition('[')[2]} {path}")
        assert ran.status == int(any(each.startswith("error") for each in found)), ran
        return found

    def __call__(self, layout: str, files: str, *arguments: str) -> list[str]:
        """The findings in a new repository."""
        self.make(layout, files)
        return self.check(*arguments)


# --- A near twin hides no stray

CLOSED = "tree: {README.md: , src/: }\n"
STRAYS = ["error stray-file readme.md", "error stray-directory srcs/"]
PAIRED = ["error missing-file README.md", "error missing-directory src/"]
SOFT = ["warning missing-file README.md", *STRAYS[:1], "warning missing-directory src/", *STRAYS[1:]]
L01 = {
    "both are errors": ("", [], PAIRED),
    "only strays are selected": ("", ["--select", "stray-*"], STRAYS),
    "only missing ones are selected": ("", ["--select", "missing-*"], PAIRED),
    "missing ones are ignored": ("", ["--ignore", "missing-*"], STRAYS),
    "missing ones are off": ("severity: {missing-file: off, missing-directory: off}", [], STRAYS),
    "missing ones only warn": ("severity: {missing-file: warning, missing-directory: warning}", [], SOFT),
    "strays are off": ("severity: {stray-file: off, stray-directory: off}", [], PAIRED),
    "all of them only warn": (
        "severity: {missing-file: warning, missing-directory: warning, stray-file: warning, "
        "stray-directory: warning}",
        [],
        ["warning missing-file README.md", "warning missing-directory src/"],
    ),
    "the missing file is accepted": (
        "ignore: [{rule: missing-file, path: README.md, why: later}]",
        [],
        [STRAYS[0], PAIRED[1]],
    ),
}


@pytest.mark.parametrize(("more", "arguments", "expected"), L01.values(), ids=L01)
def test_l01_a_twin_of_what_is_not_reported(
    found: Findings, more: str, arguments: list[str], expected: list[str]
) -> None:
    assert sorted(found(CLOSED + more, "srcs/x readme.md", *arguments)) == sorted(expected)


L02 = {
    "a recommended file and directory": (
        'tree: {CHANGELOG.md: {level: recommended}, docs/: {".": {level: recommended}}}',
        "doc/x changelog.txt",
        ["error stray-file changelog.txt", "error stray-directory doc/"],
    ),
    "below the root": (
        'tree: {a/: {.: {strays: all}, b.md: {level: recommended}, c/: {".": {level: recommended}}}}',
        "a/B.md a/C/x",
        ["error stray-directory a/C/", "error stray-file a/B.md"],
    ),
    "where strays are allowed": (
        'tree: {a/: {.: {strays: none}, b.md: {level: recommended}, c/: {".": {level: recommended}}}}',
        "a/B.md a/C/x",
        [],
    ),
    "a path that a recommended entry needs": (
        "tree: {a.txt: {level: recommended, needs: Guide.md}}",
        "a.txt guide.md",
        ["error stray-file guide.md"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), L02.values(), ids=L02)
def test_l02_a_twin_of_what_is_recommended(
    found: Findings, layout: str, files: str, expected: list[str]
) -> None:
    errors = [each for each in found(layout, files) if each.startswith("error")]
    assert sorted(errors) == sorted(expected)


def test_l02_the_twin_can_still_be_renamed(found: Findings) -> None:
    git = found.make("tree: {.: {strays: all}, docs/: {.: {level: recommended}}}", "doc/x")
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "x")
    assert found.run("fix", "--unsafe").status == 0
    assert (git.path / "docs/x").exists()
    assert found.check() == []
