"""Paths in files of other programs: the `references` setting."""

from __future__ import annotations

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture

OPEN = "tree: {.: {unlisted: allow}}\n"
COMPOSE = "services: {api: {build: services/api}, web: {build: {context: ., dockerfile: web/Dockerfile}}}\n"

OWNERS = {
    "everything": ("* @a", []),
    "a directory": ("/src/ @a", []),
    "a missing directory": ("/lib/ @a", ["1 `/lib/`"]),
    "a file anywhere": ("*.py @a\n*.rs @a", ["2 `*.rs`"]),
    "a path without a leading slash": ("src/a.py @a\nsrc/b.py @a", ["2 `src/b.py`"]),
    "a directory anywhere": ("core/ @a\nghost/ @a", ["2 `ghost/`"]),
    "comments and sections": ("# x\n\n[Docs][2] @a\n^[Other]\n/src/ @a # /lib/\n", []),
    "a name with a space": ("/my\\ dir/ @a\n/your\\ dir/ @a", ["2 `/your dir/`"]),
    "without an owner": ("/src/core/", []),
    "an ignored path": ("/dist/ @a", []),
    "an invalid pattern": ("[ @a", []),
}


@pytest.mark.parametrize(("text", "expected"), OWNERS.values(), ids=OWNERS)
def test_codeowners(found: Findings, text: str, expected: list[str]) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: .github/CODEOWNERS", "src/a.py src/core/b.py")
    (git.path / "my dir").mkdir()
    (git.path / "my dir/x").touch()
    (git.path / ".gitignore").write_text("/dist/\n")
    (git.path / ".github").mkdir()
    (git.path / ".github/CODEOWNERS").write_text(text)
    assert _reported(found) == [f".github/CODEOWNERS:{each} matches nothing" for each in expected]


COPIED = {
    "a file and a directory": ("COPY go.mod src ./", []),
    "a missing file": ("COPY go.mod go.sum ./", ["1 `go.sum`"]),
    "a JSON list": ('COPY ["go.mod", "my file", "./"]', ["1 `my file`"]),
    "with options": ("COPY --chown=a:b --chmod=644 ./x ./", ["1 `x`"]),
    "from another stage": ("COPY --from=build /app /app", []),
    "the whole directory": ("COPY . .\nADD ./ /x", []),
    "a wildcard": ("COPY *.mod *.toml ./", ["1 `*.toml`"]),
    "on several lines": ("COPY go.mod \\\n  nothing \\\n  ./", ["1 `nothing`"]),
    "a variable": ("COPY ${FILE} $X ./", []),
    "a URL": ("ADD https://example.com/x git@example.com:x.git ./", []),
    "a heredoc": ("COPY <<EOF /x\ngone\nEOF", []),
    "an ignored path": ("COPY dist/ target/*.jar ./", []),
    "an absolute path": ("COPY /go.mod /gone ./", ["1 `gone`"]),
}


@pytest.mark.parametrize(("text", "expected"), COPIED.values(), ids=COPIED)
def test_paths_copied_by_a_dockerfile(found: Findings, text: str, expected: list[str]) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: '**/Dockerfile'", "services/api/go.mod services/api/src/a.go go.sum")
    (git.path / ".gitignore").write_text("dist/\ntarget/\n")
    (git.path / "compose.yaml").write_text(COMPOSE)
    (git.path / "services/api/Dockerfile").write_text(text)
    reported = [each.replace("matches nothing", "does not exist") for each in _reported(found)]
    assert reported == [f"services/api/Dockerfile:{each} does not exist" for each in expected]


def test_paths_copied_from_a_nested_repository_are_not_reported(found: Findings) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: ['**/Dockerfile']", "services/api/go.mod services/api/lib/x")
    git("rm", "-rq", "--cached", "services/api/lib")
    git("init", "-q", "services/api/lib")
    (git.path / "compose.yaml").write_text(COMPOSE)
    (git.path / "services/api/Dockerfile").write_text("COPY lib/a/b lib/*/c gone/a gone/*/c ./\n")
    reported = [each.replace("matches nothing", "does not exist") for each in _reported(found)]
    assert sorted(reported) == [
        "services/api/Dockerfile:1 `gone/*/c` does not exist",
        "services/api/Dockerfile:1 `gone/a` does not exist",
    ]


def test_build_context_is_read_from_compose(found: Findings) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: ['**/Dockerfile', '**/*.dockerfile']", "web/a go.mod")
    (git.path / "compose.yaml").write_text(COMPOSE)
    (git.path / "web/Dockerfile").write_text("COPY web/a go.mod a ./\n")
    (git.path / "other.dockerfile").write_text("COPY gone ./\n")
    assert _reported(found) == ["web/Dockerfile:1 `a` does not exist"]
    note = "The build context of `other.dockerfile` is unknown, so the paths that it copies were not checked"
    assert note in found.run("check", ".").out


def test_pattern_for_several_files(found: Findings) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: packages/*/tsconfig.json#/references", "packages/c/x")
    for name, other in (("a", "b"), ("b", "z")):
        (git.path / "packages" / name).mkdir()
        (git.path / f"packages/{name}/tsconfig.json").write_text(
            f'{{"references": [{{"path": "../{other}"}}]}}'
        )
    assert _reported(found) == ["packages/b/tsconfig.json:1 `../z` does not exist"]


def test_references_into_a_nested_project(found: Findings) -> None:  # noqa: F811
    layout = f"{OPEN}references: ['tsconfig.json#/references', CODEOWNERS]"
    git = found.make(layout, "api/src/x api/structlint.yaml")
    (git.path / "tsconfig.json").write_text(
        '{"references": ["api/src", "api/*", "api/gone", "api/src/*.ts"]}'
    )
    (git.path / "CODEOWNERS").write_text("/api/src/ @a\n/api/gone/ @a\n")
    (git.path / "api/structlint.yaml").write_text(OPEN)
    assert found.check() == [
        "error dangling-reference CODEOWNERS:2",
        "error dangling-reference tsconfig.json:1",
        "error dangling-reference tsconfig.json:1",
    ]


def test_values_from_a_file_in_a_nested_project(found: Findings) -> None:  # noqa: F811
    layout = "names: {p: {from: web/list.json#/w}}\ntree: {web/: , <p>.md: }"
    git = found.make(layout, "a.md b.md web/structlint.yaml")
    (git.path / "web/list.json").write_text('{"w": ["a", "c"]}')
    (git.path / "web/structlint.yaml").write_text(OPEN)
    assert found.check() == ["error orphan b.md", "error dangling-reference web/list.json:1"]


LINKS = {
    "a link": ("[a](src/a.py)\n[b](src/b.py)", ["2 `src/b.py`"]),
    "a picture in a link": ("[![x](x.png)](src/a.py)", ["1 `x.png`"]),
    "HTML": ("<p>\n<img width=1 src=\"x.png\">\n<a href='src/core'>x</a></p>", ["2 `x.png`"]),
    "a fragment and a title": ('[a](src/a.py#L1 "A") [b](b.md?plain=1#b "B")', ["1 `b.md?plain=1#b`"]),
    "a definition": ("[a][x] [b]\n\n[x]: src/a.py\n> [b]: <b.md>", ["4 `b.md`"]),
    "a definition of two lines": ("[a]\n\n[a]:\n  b.md", ["3 `b.md`"]),
    "several links to one path": ("[a](./b.md)\n[a](b.md)", ["1 `./b.md`"]),
    "a table": ("| a |\n|---|\n| [b](b.md) |", ["3 `b.md`"]),
    "code": ("`[b](b.md)` ``a ` [b](b.md)``\n```\n[b](b.md)\n```\n\n    [b](b.md)", []),
    "a comment": ("<!-- [b](b.md)\n[b](b.md) --> x <!-- [b](b.md)", []),
    "an escaped bracket": ("\\[b\\](b.md)", []),
    "a name with a space": ("[a](my%20dir/x) [b](<my dir/y>)", ["1 `my dir/y`"]),
    "parentheses": ("[a](b(1).md)", ["1 `b(1).md`"]),
    "a URL": ("[a](https://x.y/b.md) <https://x.y> [b](mailto:x@y) [c](x.org/y) [d](x@y.org)", []),
    "a fragment only": ("[a](#b) [b](?x)", []),
    "an absolute path": ("[a](/b.md)", []),
    "a path outside the repository": ("[a](../../issues) [b](..)", []),
    "a placeholder": ("[a](link) [b](path/to/b.md) [c](<file>) [d]({{ url }}) [e](...)", []),
    "a file without an extension": ("[a](LICENSE)", ["1 `LICENSE`"]),
    "an ignored path": ("[a](dist/x.html)", []),
    "a file in a submodule": ("[a](lib/x)", []),
}


@pytest.mark.parametrize(("text", "expected"), LINKS.values(), ids=LINKS)
def test_links_of_a_markdown_document(found: Findings, text: str, expected: list[str]) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: README*.md", "src/a.py src/core/b.py lib/y")
    git("rm", "-rq", "--cached", "lib")
    git("init", "-q", "lib")
    (git.path / "my dir").mkdir()
    (git.path / "my dir/x").touch()
    (git.path / ".gitignore").write_text("/dist/\n")
    (git.path / "README.md").write_text(text)
    assert _reported(found) == [f"README.md:{each} does not exist" for each in expected]


HINTS = {
    "a file in another directory": ("[a](old/a.md)", "link to `guide/a.md`"),
    "another case": ("[a](Guide/b.md)", "link to `guide/b.md`"),
    "two files with the name": ("[a](b.md)", "create it, or correct the link"),
    "no file with the name": ("[a](c.md)", "create it, or correct the link"),
}


@pytest.mark.parametrize(("text", "hint"), HINTS.values(), ids=HINTS)
def test_hints_for_links(found: Findings, text: str, hint: str) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: docs/*.md", "docs/guide/a.md docs/guide/b.md b.md")
    (git.path / "docs/README.md").write_text(text)
    out = found.run("check", ".", "--output-format", "concise").out.splitlines()
    assert [line.partition(" -- ")[2] for line in out if line.startswith("docs/")] == [hint]


def test_links_of_one_document_are_one_item_of_the_report(found: Findings) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: '*.md'", "x")
    (git.path / "a.md").write_text("".join(f"[x]({letter}/x.md)\n" for letter in "abcdefgh"))
    (git.path / "b.md").write_text("[x](x.md)\n[y](y.md)\n")
    lines = found.run("check", ".").out.splitlines()
    assert [line for line in lines if line.startswith("error")] == [
        "error    8 dangling links in a.md: `a/x.md`, `b/x.md`, `c/x.md`, `d/x.md`, `e/x.md` and 3 more",
        "error    b.md:1: `x.md` does not exist",
        "error    b.md:2: `y.md` does not exist",
    ]
    assert len(found.run("check", ".", "--output-format", "concise").out.splitlines()) == 10


def test_optional_file_with_references(found: Findings) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: ['CODEOWNERS?', 'README.md?', '*.markdown']", "x")
    assert _reported(found) == []
    (git.path / "CODEOWNERS").write_text("/y @a\n")
    (git.path / "README.md").write_text("[z](z.md)\n")
    assert _reported(found) == ["CODEOWNERS:1 `/y` matches nothing", "README.md:1 `z.md` does not exist"]


@pytest.mark.parametrize(
    "pattern", ["my\\ docs/*.md", "my?docs/a.md", "*/a.md", "**/*.md", "my docs/\\a*.md"]
)
def test_patterns_of_documents(found: Findings, pattern: str) -> None:  # noqa: F811
    git = found.make(f"{OPEN}references: '{pattern}'", "x")
    (git.path / "my docs").mkdir()
    (git.path / "my docs/a.md").write_text("[b](b.md)")
    assert _reported(found) == ["my docs/a.md:1 `b.md` does not exist"]


def test_base_warns_about_dangling_links(found: Findings) -> None:  # noqa: F811
    git = found.make("extends: base", "x.md")
    (git.path / "README.md").write_text("[x](x.md)\n[y](y.md)\n")
    assert found.check() == ["warning dangling-reference README.md:2"]


def test_missing_file_with_references(found: Findings) -> None:  # noqa: F811
    found.make(f"{OPEN}references: [CODEOWNERS, Dockerfile]", "x")
    assert _reported(found) == [
        "CODEOWNERS missing file; its paths cannot be checked",
        "Dockerfile missing file; its paths cannot be checked",
    ]


@pytest.mark.parametrize(
    "text", ["README.txt", "src/", "[x/CODEOWNERS", "../CODEOWNERS", "x.txt#/a", "a.json"]
)
def test_invalid_reference(found: Findings, text: str) -> None:  # noqa: F811
    found.make(f"{OPEN}references: ['{text}']", "x")
    result = found.run("check", ".")
    assert result.status == 2
    assert "structlint.yaml:2:14: " in result.err


def _reported(found: Findings) -> list[str]:  # noqa: F811
    """The findings, each as `file:line message`."""
    lines = found.run("check", ".", "--output-format", "concise").out.splitlines()
    assert all("[dangling-reference]" in line for line in lines)
    return [line.partition(" (structlint.yaml")[0].replace(": error: ", " ") for line in lines]
