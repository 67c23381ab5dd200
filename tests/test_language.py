"""Semantics of the layout language that earlier versions got wrong."""

from __future__ import annotations

import re

import pytest
from conftest import Git, Make, Run


@pytest.fixture
def found(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> Findings:
    return Findings(repository, run, monkeypatch)


class Findings:
    """Create repositories and run structlint in them."""

    def __init__(self, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        self.repository, self.run, self.monkeypatch = repository, run, monkeypatch

    def make(self, layout: str, files: str) -> Git:
        """A repository with a layout and empty files, separated by spaces."""
        git = self.repository({"structlint.yaml": layout, **dict.fromkeys(files.split(), "")})
        self.monkeypatch.chdir(git.path)
        return git

    def check(self, *arguments: str) -> list[str]:
        """The findings of `check`, each as `severity rule path`; exit status 1 if one is an error."""
        result = self.run("check", ".", "--output-format", "concise", *arguments)
        lines = [line for line in result.out.splitlines() if line]
        found = []
        for line in lines:
            path, severity, rest = line.split(": ", 2)
            found.append(f"{severity} {rest.rpartition('] -- ')[0].rpartition('[')[2]} {path}")
        assert result.status == int(any(each.startswith("error") for each in found)), result
        return found

    def __call__(self, layout: str, files: str, *arguments: str) -> list[str]:
        """The findings in a new repository."""
        self.make(layout, files)
        return self.check(*arguments)


# --- A name similar to a missing one is reported together with it

CLOSED = "tree: {README.md: , src/: }\n"
STRAYS = ["error stray-file readme.md", "error stray-directory srcs/"]
MISSING = ["error missing-file README.md", "error missing-directory src/"]
WARNINGS = ["warning missing-file README.md", *STRAYS[:1], "warning missing-directory src/", *STRAYS[1:]]
SIMILAR_NAMES = {
    "both are errors": ("", [], MISSING),
    "only strays are selected": ("", ["--select", "stray-*"], STRAYS),
    "only missing ones are selected": ("", ["--select", "missing-*"], MISSING),
    "missing ones are ignored": ("", ["--ignore", "missing-*"], STRAYS),
    "missing ones are off": ("severity: {missing-file: off, missing-directory: off}", [], STRAYS),
    "missing ones only warn": ("severity: {missing-file: warning, missing-directory: warning}", [], WARNINGS),
    "strays are off": ("severity: {stray-file: off, stray-directory: off}", [], MISSING),
    "all of them only warn": (
        "severity: {missing-file: warning, missing-directory: warning, stray-file: warning, "
        "stray-directory: warning}",
        [],
        ["warning missing-file README.md", "warning missing-directory src/"],
    ),
    "the missing file is accepted": (
        "ignore: [{rule: missing-file, path: README.md, why: later}]",
        [],
        [STRAYS[0], MISSING[1]],
    ),
}


@pytest.mark.parametrize(("more", "arguments", "expected"), SIMILAR_NAMES.values(), ids=SIMILAR_NAMES)
def test_similar_name_is_reported_if_the_missing_path_is_not(
    found: Findings, more: str, arguments: list[str], expected: list[str]
) -> None:
    assert sorted(found(CLOSED + more, "srcs/x readme.md", *arguments)) == sorted(expected)


RECOMMENDED = {
    "a recommended file and directory": (
        'tree: {CHANGELOG.md: {level: recommended}, docs/: {".": {level: recommended}}}',
        "doc/x changelog.txt",
        ["error stray-file changelog.txt", "error stray-directory doc/"],
    ),
    "below the root": (
        'tree: {a/: {.: {unlisted: forbid}, b.md: {level: recommended}, c/: {".": {level: recommended}}}}',
        "a/B.md a/C/x",
        ["error stray-directory a/C/", "error stray-file a/B.md"],
    ),
    "where strays are allowed": (
        'tree: {a/: {.: {unlisted: allow}, b.md: {level: recommended}, c/: {".": {level: recommended}}}}',
        "a/B.md a/C/x",
        [],
    ),
    "a path that a recommended entry needs": (
        "tree: {a.txt: {level: recommended, needs: Guide.md}}",
        "a.txt guide.md",
        ["error stray-file guide.md"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), RECOMMENDED.values(), ids=RECOMMENDED)
def test_name_similar_to_a_recommended_entry(
    found: Findings, layout: str, files: str, expected: list[str]
) -> None:
    errors = [each for each in found(layout, files) if each.startswith("error")]
    assert sorted(errors) == sorted(expected)


RENAMES = {
    "a pattern": ("README.* | README", "Readme.rst", "rename `Readme.rst` to `README.rst`"),
    "a single pattern": ("'*.toml'", "Pyproject.TOML", "rename `Pyproject.TOML` to `Pyproject.toml`"),
    "the similar alternative": ("LICENSE | LICENSE.md", "license.md", "rename `license.md` to `LICENSE.md`"),
    "the first alternative": ("LICENSE | LICENSE.md", "License", "rename `License` to `LICENSE`"),
    "a later alternative with a typo": ("setup.py | pyproject.toml", "pyprojct.toml", "to `pyproject.toml`"),
    "a file, with a directory as alternative": (
        "docs/ | notes.md",
        "Notes.md",
        "rename `Notes.md` to `notes.md`",
    ),
    "one of several directories": ("src/ | source/", "sources/a", "rename `sources/` to `source/`"),
    "a typo in a pattern": ("README.*", "REDME.md", "create a file that matches"),
}


@pytest.mark.parametrize(("key", "file", "hint"), RENAMES.values(), ids=RENAMES)
def test_similar_name_for_patterns_and_alternatives(found: Findings, key: str, file: str, hint: str) -> None:
    git = found.make(f"tree: {{{key}: }}", file)
    result = found.run("check", ".", "--output-format", "concise")
    assert hint in result.out
    if hint.startswith("rename"):
        assert len(result.out.splitlines()) == 1
        git("add", "-A")
        git("commit", "-qm", "x")
        assert found.run("fix", "--unsafe").status == 0
        assert found.check() == []


def test_fix_renames_a_name_similar_to_a_recommended_entry(found: Findings) -> None:
    git = found.make("tree: {.: {unlisted: forbid}, docs/: {.: {level: recommended}}}", "doc/x")
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "x")
    assert found.run("fix", "--unsafe").status == 0
    assert (git.path / "docs/x").exists()
    assert found.check() == []


# --- Excluded files do not satisfy requirements

EXCLUDED = {
    "a required file in it": (
        "tree: {docs/: {index.md: }}\nexclude: ['*.png']",
        "docs/a.png",
        ["error missing-file docs/index.md"],
    ),
    "a lower limit": (
        "tree: {docs/: {.: {min-files: 1}}}\nexclude: ['*.png']",
        "docs/a.png",
        ["error too-few-files docs/"],
    ),
    "a directory in it": (
        "tree: {docs/: {img/: {index.md: }}}\nexclude: ['*.png']",
        "docs/img/a.png",
        ["error missing-file docs/img/index.md"],
    ),
    "a directory next to a file": (
        "tree: {docs/: {img/: {index.md: }, a.md: }}\nexclude: ['*.png']",
        "docs/img/a.png docs/a.md",
        ["error missing-file docs/img/index.md"],
    ),
    "a placeholder": (
        "tree: {pkgs/: {<p>/: {package.json: }}}\nexclude: ['*.png']",
        "pkgs/a/a.png pkgs/b/package.json",
        ["error missing-file pkgs/a/package.json"],
    ),
    "a tied name": (
        "tree: {pkgs/: {<p>/: }, docs/: {<p>.md: }}\nexclude: ['*.png']",
        "pkgs/a/a.png docs/x.png",
        ["error missing-file docs/a.md"],
    ),
    "nothing in it is required": ("tree: {docs/: }\nexclude: ['*.png']", "docs/a.png", []),
    "an unlisted directory": ("tree: {docs/: }\nexclude: ['*.png']", "docs/a.md tmp/a.png", []),
    "a forbidden directory": (
        "tree: {old/: false}\nexclude: ['*.png']",
        "old/a.png",
        ["error forbidden-path old/"],
    ),
    "the directory itself is excluded": (
        "tree: {docs/?: {.: {min-files: 1}}}\nexclude: [docs/]",
        "docs/a.png",
        [],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), EXCLUDED.values(), ids=EXCLUDED)
def test_directory_with_only_excluded_files(
    found: Findings, layout: str, files: str, expected: list[str]
) -> None:
    assert found(layout, files) == expected


def test_exclude_option_matches_the_setting(found: Findings) -> None:
    assert found("tree: {docs/: {index.md: }}", "docs/a.png", "--exclude", "*.png") == [
        "error missing-file docs/index.md"
    ]


def test_tree_shows_missing_file_next_to_excluded_files(found: Findings) -> None:
    found.make("tree: {docs/: {index.md: }}\nexclude: ['*.png']", "docs/a.png")
    assert "index.md" in found.run("tree").out


# --- `**/` does not change the `unlisted` setting of a directory

ALL = "tree: {.: {unlisted: allow}, '**/': {index.ts?: }, data/: {.: {unlisted: forbid}, a.txt: }}"
UNLISTED = {
    "unlisted file": (
        ALL,
        "data/a.txt data/bad.txt data/x/y",
        ["stray-file data/bad.txt", "stray-directory data/x/"],
    ),
    "what `**/` lists is listed": (ALL, "data/a.txt data/index.ts", []),
    "unlisted files allowed": (
        "tree: {.: {unlisted: forbid}, '**/': {index.ts?: }, data/: {.: {unlisted: allow}, a.txt: }}",
        "data/a.txt data/b",
        [],
    ),
    "an entry below `**/` for the same directory": (
        "tree: {'**/': {data/?: {.: {unlisted: allow}, b?: }}, s/: {dat*/: {.: {unlisted: forbid}, a: }}}",
        "s/data/a s/data/b s/data/c",
        ["stray-file s/data/c"],
    ),
    "a directory inside it": (
        "tree: {.: {unlisted: allow}, '**/': {index.ts?: }, data/: {.: {unlisted: forbid}, in/: {a: }}}",
        "data/in/a data/in/b",
        ["stray-file data/in/b"],
    ),
    "`unlisted` set only by `**/`": (
        "tree: {.: {unlisted: allow}, '**/': {data/?: {.: {unlisted: forbid}, b?: }}, src/: }",
        "src/data/b src/data/c",
        ["stray-file src/data/c"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), UNLISTED.values(), ids=UNLISTED)
def test_directory_keeps_its_unlisted_setting(
    found: Findings, layout: str, files: str, expected: list[str]
) -> None:
    assert found(layout, files) == [f"error {each}" for each in expected]


# --- `**/` can be overridden and closed

NAMES = "names: {f: '/[a-z]+/', d: '/[a-z]+/'}\n"
EVERYWHERE = {
    "a directory's exact name lifts a requirement": (
        "tree: {docs/: {'**/': {README.md: }, assets/: {README.md?: }, '*/?': }}",
        "docs/assets/a docs/guide/b",
        ["missing-file docs/guide/README.md"],
    ),
    "it lifts a prohibition for this file": (
        "tree: {src/: {'**/': {'*.spec.js': false}, legacy/: {x.spec.js?: }}}",
        "src/legacy/x.spec.js src/legacy/y.spec.js src/a/x.spec.js",
        ["stray-directory src/a/", "forbidden-path src/legacy/y.spec.js"],
    ),
    "one of several names lifts it too": (
        "tree: {docs/: {'**/': {README.md: }, assets/: {README.md | README.rst?: }}}",
        "docs/assets/a",
        [],
    ),
    "a directory's pattern lifts no requirement": (
        "tree: {docs/: {'**/': {README.md: }, assets/: {'*.md?': }}}",
        "docs/assets/a",
        ["missing-file docs/assets/README.md"],
    ),
    "a directory's pattern lifts no prohibition": (
        "tree: {src/: {'**/': {'*.spec.js': false}, legacy/: {'*.js?': }}}",
        "src/legacy/x.spec.js",
        ["forbidden-path src/legacy/x.spec.js"],
    ),
    "a directory's pattern decides the case": (
        "tree: {src/: {'**/': {'<k:snake_case>.js?': }, legacy/: {'<m:kebab-case>.js?': }}}",
        "src/legacy/x-y.js src/legacy/x_y.js",
        ["bad-name src/legacy/x_y.js"],
    ),
    "a directory's pattern without a case": (
        "tree: {src/: {'**/': {'<k:snake_case>.js?': }, legacy/: {'*.js?': }}}",
        "src/legacy/x-y.js",
        ["bad-name src/legacy/x-y.js"],
    ),
    "a directory that an exact entry governs": (
        "tree: {s/: {'**/': {data/?: {b: }}, data/: {a: }}}",
        "s/data/a",
        [],
    ),
    "closed: names with a pattern at any depth": (
        NAMES + "tree: {src/: {'**/': {.: {unlisted: forbid}, '<f>.ts?': , '<d>/?': }}}",
        "src/a/fine.ts src/a/NOT_FINE.ts src/a/Not_Dir/x.ts src/a/b/c.ts src/a/b/d.js",
        ["stray-file src/a/NOT_FINE.ts", "stray-directory src/a/Not_Dir/", "stray-file src/a/b/d.js"],
    ),
    "closed for directories only": (
        "tree: {src/: {'**/': {.: {unlisted: allow-files}, gen/?: }}}",
        "src/a/x src/a/gen/y src/a/b/z",
        ["stray-directory src/a/b/"],
    ),
    "a directory that allows unlisted names stays open": (
        "tree: {src/: {'**/': {.: {unlisted: forbid}, '*.ts?': , '*/?': }, '*/?': , "
        "old/: {.: {unlisted: allow}, a.ts: }}}",
        "src/old/a.ts src/old/b.js src/old/in/c.js src/new/d.js",
        ["stray-file src/new/d.js"],
    ),
    "closed: a farther `**/` no longer allows": (
        "tree: {'**/': {'*.md?': , '*.exe': false}, src/: {'**/': {.: {unlisted: forbid}, '*.ts?': }}}",
        "src/a/b.ts src/a/c.md src/a/d.exe",
        ["stray-file src/a/c.md", "forbidden-path src/a/d.exe"],
    ),
    "closed: what a farther `**/` requires": (
        "tree: {'**/': {index.ts: }, src/: {'**/': {.: {unlisted: forbid}, '*.ts?': }}}",
        "src/index.ts src/a/b.ts",
        ["missing-file src/a/index.ts"],
    ),
    "closed: what a nearer `**/` allows": (
        "tree: {src/: {'**/': {.: {unlisted: forbid}, '*.ts?': , '*/?': }, "
        "'*/?': , a/: {'**/': {'*.md?': }}}}",
        "src/a/b/c.md src/b/c/d.md",
        ["stray-file src/b/c/d.md"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), EVERYWHERE.values(), ids=EVERYWHERE)
def test_entries_below_any_directory(found: Findings, layout: str, files: str, expected: list[str]) -> None:
    assert found(layout, files) == [f"error {each}" for each in expected]


WITHOUT_EFFECT = {
    "files and directories": (
        NAMES + "tree: {src/: {'**/': {'<f>.ts?': , '<d>/?': }}}",
        ["<f>.ts", "<d>/"],
    ),
    "a list": ("names: {f: [a, b]}\ntree: {src/: {'**/': {'<f>.ts?': }}}", ["<f>.ts"]),
    "files where directories are closed": (
        NAMES + "tree: {d/: {'**/': {'<f>.ts?': }, a/: {b: }}}",
        ["<f>.ts"],
    ),
    "all alternatives": (NAMES + "tree: {src/: {'**/': {'<f>.ts | <d>.js?': }}}", ["<f>.ts | <d>.js"]),
}


@pytest.mark.parametrize(("layout", "keys"), WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_placeholder_without_effect_is_an_error(found: Findings, layout: str, keys: list[str]) -> None:
    found.make(f"{layout}", "src/a/b d/a/b")
    result = found.run("check", ".")
    assert result.status == 2
    for key in keys:
        assert f"`{key}` cannot report anything" in result.err
    assert "close these directories with `.: {unlisted: forbid}` under `**/`" in result.err


WITH_EFFECT = {
    "closed": NAMES + "tree: {src/: {'**/': {.: {unlisted: forbid}, '<f>.ts?': , '<d>/?': }}}",
    "required": NAMES + "tree: {src/: {'**/': {'<f>.ts': }}, s/: {<d>.a: }}",
    "a closed directory below": NAMES
    + "tree: {src/: {'**/': {'<f>.ts?': , '<d>/?': }, a/: {.: {unlisted: forbid}, b: }}, d/: }",
    "a nearer `**/` closes": NAMES
    + "tree: {src/: {'**/': {'<f>.ts?': , '<d>/?': }, a/: {'**/': {.: {unlisted: forbid}, b?: }}}}",
    "entries in it": NAMES + "tree: {src/: {'**/': {'<d>/?': {a: }}}, s/: {<f>.a: }}",
    "tied": NAMES + "tree: {s/: {<f>.a: , <d>.a: }, src/: {'**/': {'<f>.ts?': }}}",
    "an exact name": NAMES + "tree: {src/: {'**/': {a.ts?: , b/?: }}, s/: {<f>.a: , <d>.a: }}",
}


@pytest.mark.parametrize("layout", WITH_EFFECT.values(), ids=WITH_EFFECT)
def test_placeholder_with_effect_is_valid(found: Findings, layout: str) -> None:
    found.make(layout, "x/a")
    assert found.run("check", ".", "--quiet").status == 1


# --- Nothing is required in a forbidden directory

INDEX_EVERYWHERE = "'**/': {index.ts: }"
FORBIDDEN = {
    "by `**/` in a directory that an entry forbids": (
        f"tree: {{lib/: false, {INDEX_EVERYWHERE}}}",
        "lib/x lib/in/y",
        ["forbidden-path lib/"],
    ),
    "by `**/` in a directory that `forbid` matches": (
        f"tree: {{{INDEX_EVERYWHERE}}}\nforbid: {{tmp/: scratch}}",
        "tmp/x tmp/in/y",
        ["forbidden-path tmp/"],
    ),
    "by an entry": (
        "tree: {pkgs/: {<p>/: {package.json: , src/: }}}\nforbid: {tmp/: scratch}",
        "pkgs/tmp/x pkgs/a/package.json pkgs/a/src/b",
        ["forbidden-path pkgs/tmp/"],
    ),
    "by a limit": (
        "tree: {pkgs/: {<p>/: {.: {min-files: 2}}}}\nforbid: {tmp/: scratch}",
        "pkgs/tmp/x",
        ["forbidden-path pkgs/tmp/"],
    ),
    "by a forbidden file that needs another": (
        "tree: {.: {unlisted: allow}, '*.old': {level: optional, needs: a.txt}}\nforbid: {'*.old': no}",
        "b.old",
        ["forbidden-path b.old"],
    ),
    "by a file that is forbidden and by one that is not": (
        "tree: {'**/': {x.ts?: {needs: /a.txt}}}\nforbid: {old/: no}",
        "old/x.ts src/x.ts",
        ["missing-file a.txt", "forbidden-path old/"],
    ),
    "in an adjacent directory": (
        f"tree: {{lib/: false, {INDEX_EVERYWHERE}}}",
        "lib/x src/y",
        ["forbidden-path lib/", "missing-file src/index.ts"],
    ),
}


@pytest.mark.parametrize(("layout", "files", "expected"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden_path_has_no_requirements(
    found: Findings, layout: str, files: str, expected: list[str]
) -> None:
    got = found(layout, files)
    assert [each for each in got if "stray-directory" not in each] == [f"error {each}" for each in expected]


# --- A forbidden entry defines no names

FORBIDDEN_ENTRIES = {
    "an optional directory": ("archive/?: {<service>/: false}", "services/: {<service>/: }"),
    "a file": ("archive/?: {<service>.txt: false}", "services/: {<service>/: }"),
    "a nested directory": ("archive/?: {old/: {<service>/: false}}", "services/: {<service>/: }"),
    "in the same directory": ("<service>.txt: false", "<service>/?: "),
}
FILES = {
    "an optional directory": ("services/mail/m archive/mail/m", "archive/mail/"),
    "a file": ("services/mail/m archive/mail.txt", "archive/mail.txt"),
    "a nested directory": ("services/mail/m archive/old/mail/m", "archive/old/mail/"),
    "in the same directory": ("mail/m mail.txt", "mail.txt"),
}


@pytest.mark.parametrize("swapped", [False, True], ids=["first", "last"])
@pytest.mark.parametrize("case", FORBIDDEN_ENTRIES)
def test_forbidden_entry_defines_no_names(found: Findings, case: str, swapped: bool) -> None:
    entries = FORBIDDEN_ENTRIES[case][::-1] if swapped else FORBIDDEN_ENTRIES[case]
    files, forbidden = FILES[case]
    assert found(f"tree: {{{', '.join(entries)}}}", files) == [f"error forbidden-path {forbidden}"]


# --- One finding per path, rule and reason

BAD_NAME = ["error bad-name src/Bad_One.js"]
SAME_REASON = {
    "an entry and `**/`": (
        "src/: {<m:kebab-case>.js?: }, '**/': {<k:kebab-case>.js?: }",
        "src/Bad_One.js",
        BAD_NAME,
    ),
    "`**/` first": (
        "'**/': {<k:kebab-case>.js?: }, src/: {<m:kebab-case>.js?: }",
        "src/Bad_One.js",
        BAD_NAME,
    ),
    "two of `**/`": (
        "'**/': {<k:kebab-case>.js?: }, a/: {'**/': {<m:kebab-case>.js?: }}",
        "a/b/Bad_One.js",
        ["error bad-name a/b/Bad_One.js"],
    ),
    "forbidden twice": (
        "src/: {a.txt: false, b: }, '**/': {a.txt: false}",
        "src/a.txt src/b",
        ["error forbidden-path src/a.txt"],
    ),
    "two cases are two reasons": (
        "'**/': {<m:kebab-case>.js?: }, src/: {'**/': {<k:snake_case>.js?: }}",
        "src/a/BadOne.js",
        ["error bad-name src/a/BadOne.js"] * 2,
    ),
}


@pytest.mark.parametrize(("entries", "files", "expected"), SAME_REASON.values(), ids=SAME_REASON)
def test_one_problem_is_one_finding(found: Findings, entries: str, files: str, expected: list[str]) -> None:
    assert found(f"tree: {{.: {{unlisted: allow}}, {entries}}}", files) == expected


def test_finding_names_the_more_specific_entry(found: Findings) -> None:
    layout = (
        "tree:\n  .: {unlisted: allow}\n  '**/': {<k:kebab-case>.js?: }\n  src/: {<m:kebab-case>.js?: }\n"
    )
    found.make(layout, "src/Bad_One.js")
    assert "(structlint.yaml:4, bad-name, unsafe fix)" in found.run("check", ".").out


# --- The baseline applies to every command and format

BASELINED = "tree: {README.md: , docs/guide.md: , Makefile: }\nforbid: {'*.exe': no}"


def test_fix_skips_baselined_missing_files(found: Findings) -> None:
    git = found.make(BASELINED, "docs/a.md Makefile x.exe")
    assert found.run("check", "--update-baseline").status == 0
    (git.path / "Makefile").unlink()
    assert found.run("fix").status == 0
    assert (git.path / "Makefile").exists()
    assert not (git.path / "README.md").exists()
    assert not (git.path / "docs/guide.md").exists()


def test_fix_does_not_rename_baselined_files(found: Findings) -> None:
    git = found.make("tree: {.: {unlisted: allow}, src/: {<m:kebab-case>.js?: }}", "src/Bad_One.js")
    found.run("check", "--update-baseline")
    git("add", "-A")
    git("commit", "-qm", "x")
    assert found.run("fix", "--unsafe").status == 0
    assert (git.path / "src/Bad_One.js").exists()


def test_summary_counts_baselined_findings(found: Findings) -> None:
    git = found.make(BASELINED, "docs/a.md Makefile")
    found.run("check", "--update-baseline")
    assert found.run("check", ".").out.splitlines()[-1].endswith(", 2 baselined)")
    (git.path / "y.exe").write_text("")
    assert found.run("check", ".").out.splitlines()[-1].endswith("2 findings baselined)")


BASELINED_DIRECTORY = {
    "another pattern of `forbid`": (
        "forbid: {old/: no, '*.exe': never}",
        "old/a old/b",
        "old/a",
        "old/evil.exe",
        1,
    ),
    "a pattern before the directory's": (
        "forbid: {old/: no, 'evil.*': never}",
        "old/in/a old/b",
        "old/in/a",
        "old/in/evil.exe",
        1,
    ),
    "another pattern of `local`": ("local: [old/, '*.pem']", "old/a old/b", "old/a", "old/evil.pem", 1),
    "the same pattern": ("forbid: {old/: no, '*.exe': never}", "old/a old/b", "old/a", "old/c", 0),
    "more for the same pattern": ("forbid: {old/: no, '*.exe': never}", "old/a old/b", "", "old/c", 1),
}


@pytest.mark.parametrize(
    ("more", "files", "gone", "new", "status"), BASELINED_DIRECTORY.values(), ids=BASELINED_DIRECTORY
)
def test_baselined_directory_covers_one_pattern(
    found: Findings, more: str, files: str, gone: str, new: str, status: int
) -> None:
    git = found.make(f"tree: {{.: {{unlisted: allow}}}}\n{more}", files)
    assert found.run("check", "--update-baseline").status == 0
    if gone:
        (git.path / gone).unlink()
    (git.path / new).write_text("")
    git("add", "-f", "-A")
    assert found.run("check", ".").status == status


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_missing_and_empty_directory_have_the_same_fingerprint(found: Findings, form: str) -> None:
    git = found.make("tree: {logs/: }", "")

    def fingerprints() -> list[str]:
        lines = found.run("check", ".", "--output-format", form).out.splitlines()
        return [line.strip() for line in lines if "ingerprint" in line]

    before = fingerprints()
    (git.path / "logs").mkdir()
    assert found.check() == ["error empty-directory logs/"]
    assert before
    assert [_digests(line) for line in fingerprints()] == [_digests(line) for line in before]


def _digests(line: str) -> list[str]:
    return re.findall(r"[0-9a-f]{16}:[0-9]+", line)


# --- A name is wrong only if no alternative matches it

CASES = {
    "the second case": ("<a:camelCase>.ts | <b:PascalCase>.ts", "src/VNode.ts src/apiWatch.ts", []),
    "the first case": ("<b:PascalCase>.ts | <a:camelCase>.ts", "src/VNode.ts src/apiWatch.ts", []),
    "cases of `names`": ("<kebab>.ts | <snake>.ts", "src/a-b.ts src/a_b.ts", []),
    "no case": ("<a:camelCase>.ts | <b:PascalCase>.ts", "src/V_Node.ts", ["bad-name src/V_Node.ts"]),
    "other texts around it": ("<a:camelCase>.ts | <b:PascalCase>.t*", "src/VNode.ts src/aB.ts", []),
    "an alternative that lists its values": (
        "<a:camelCase>.ts | <listed>.ts",
        "src/VNode.ts src/UP.ts",
        ["bad-name src/VNode.ts"],
    ),
    "directories": ("<a:camelCase>/ | <b:PascalCase>/", "src/VNode/x src/aB/x", []),
}


@pytest.mark.parametrize(("key", "files", "expected"), CASES.values(), ids=CASES)
def test_name_may_match_any_alternative(found: Findings, key: str, files: str, expected: list[str]) -> None:
    names = "names: {kebab: kebab-case, snake: snake_case}\n" if "<kebab>" in key else ""
    names = "names: {listed: [UP]}\n" if "<listed>" in key else names
    layout = f"{names}tree: {{.: {{unlisted: allow}}, src/: {{'{key}': }}}}"
    assert found(layout, files) == [f"error {each}" for each in expected]


def test_hint_names_every_alternative_but_fix_renames_nothing(found: Findings) -> None:
    layout = "tree: {.: {unlisted: allow}, src/: {'<a:camelCase>.ts | <b:PascalCase>.ts': }}"
    git = found.make(layout, "src/V_Node.ts")
    git("commit", "-qm", "x")
    out = found.run("check", ".", "--output-format", "concise").out
    assert "`V_Node` is not camelCase or PascalCase" in out
    assert "-- rename it to `src/vNode.ts` or `src/VNode.ts`" in out
    assert found.run("fix", "--unsafe").status == 1
    assert (git.path / "src/V_Node.ts").exists()


# --- A hint does not suggest forbidden names

SUGGESTIONS = {
    "a name with another value": (
        "names: {s: [mail, auth]}\n"
        "tree: {.: {unlisted: allow}, svc/: {<s>/: {.: {unlisted: forbid}, <s>.yaml?: }}}",
        "svc/mail/mail.yaml svc/auth/mails.yaml",
        "svc/auth/mails.yaml",
        "",
    ),
    "a name with the value of its directory": (
        "names: {s: [mail, auth]}\n"
        "tree: {.: {unlisted: allow}, svc/: {<s>/: {.: {unlisted: forbid}, <s>.yaml?: }}}",
        "svc/mail/mail.yaml svc/auth/auths.yaml",
        "svc/auth/auths.yaml",
        "svc/auth/auth.yaml",
    ),
    "a name that `forbid` matches": (
        "tree: {config.yaml?: }\nforbid: {/config.yaml: secret}",
        "confg.yaml",
        "confg.yaml",
        "",
    ),
}


@pytest.mark.parametrize(("layout", "files", "stray", "suggested"), SUGGESTIONS.values(), ids=SUGGESTIONS)
def test_suggested_name_is_allowed(
    found: Findings, layout: str, files: str, stray: str, suggested: str
) -> None:
    found.make(layout, files)
    lines = found.run("check", ".", "--output-format", "concise").out.splitlines()
    [line] = [each for each in lines if each.startswith(f"{stray}: error: unlisted")]
    assert f"rename it to `{suggested}`" in line if suggested else "rename" not in line


def test_forbidden_name_is_not_suggested(found: Findings) -> None:
    found.make("tree: {.: {unlisted: allow}, a/: {<m:kebab-case>.js: }}\nforbid: {/a/b-c.js: no}", "a/b_c.js")
    assert "-- rename it\n" in found.run("check", ".", "--output-format", "concise").out
    assert found.run("fix", "--unsafe", "--diff").out == ""


# --- `needs` requires a member of the entry

NEEDED = {
    "not a member": (
        "tree: {a?: {needs: svc/}, svc/?: {.: {if: go.mod}}, x/?: }",
        "a svc/x x/y",
        ["error missing-directory svc/"],
    ),
    "a member": ("tree: {a?: {needs: svc/}, svc/?: {.: {if: go.mod}}}", "a svc/go.mod", []),
    "a pattern, one match is a member": (
        "tree: {a?: {needs: '*/'}, '*/?': {.: {if: go.mod}}, y/?: }",
        "a x/go.mod y/b",
        [],
    ),
    "from the root": (
        "tree: {k8s/?: {<s>.yaml?: {needs: /services/<s>/}}, services/?: {<s>/?: {.: {if: go.mod}}}}",
        "k8s/a.yaml services/a/x services/b/go.mod",
        [
            "error missing-directory services/a/",
            "error orphan k8s/a.yaml",
            "error stray-directory services/a/",
        ],
    ),
    "in a directory that is not a member": (
        "tree: {a?: {needs: svc/x}, svc/?: {.: {if: go.mod}}, y/?: }",
        "a svc/x",
        ["error missing-file svc/x", "error stray-directory svc/"],
    ),
    "another entry governs it": (
        "tree: {a?: {needs: svc/}, svc/?: {.: {if: go.mod}}, '*/?': }",
        "a svc/x",
        [],
    ),
    "next to a directory that is not a member": (
        "tree: {a?: {without: svc/}, svc/?: {.: {if: go.mod}}, '*/?': {b?: }}",
        "a svc/go.mod",
        ["error conflicting-entries a"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layout", "files", "expected"), NEEDED.values(), ids=NEEDED)
def test_needs_requires_a_member(found: Findings, layout: str, files: str, expected: list[str]) -> None:
    assert sorted(found(layout, files)) == sorted(expected)
