"""A hostile change cannot make structlint read or quote files outside the repository."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import Make, Run, write

from structlint.errors import TreeError
from structlint.tree.scan import scan

WORD = "swordfish"
CONTENTS = {
    "text": f"the word is {WORD}\n",
    "a variable": f"{WORD}=hunter2\n",
    "a key": f"{WORD}: 1\n",
    "a value": f"tree: {{a: {{level: {WORD}}}}}\n",
    "a name": f"tree: {{a: , a/../{WORD}: }}\n",
    "a required version": "structlint: '99'\nx: swordfish\n",
    "an alias": f"tree: *{WORD}\n",
    "a syntax error": f"tree: [{WORD}\n",
    "an extended layout": f"extends: {WORD}\n",
    "a drawing": f"```\n{WORD}\n├── {WORD}/ # {WORD}\n  ??? {WORD} <\n```\n",
}


# --- Distributions


def install_distribution(place: Path, record: str, files: dict[str, str]) -> None:
    """Install a distribution called evil with a RECORD that may claim other files."""
    write(place / "evil-1.0.dist-info", {"METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n"})
    write(place / "evil-1.0.dist-info", {"RECORD": record})
    write(place, files)


OUTSIDE_PATHS = {
    "evil/../../secret.yaml,,": "../../secret.yaml",
    "../secret.yaml,,": "secret.yaml",
    "evil/sub/../../../secret.yaml,,": "sub/../../../secret.yaml",
    "{secret},,": "{secret}",
    "evil/{secret},,": "{secret}",
    "evil/link.yaml,,": "link.yaml",
    "evil/linked/secret.yaml,,": "linked/secret.yaml",
    "evil/neighbour.yaml,,": "neighbour.yaml",
    "evil/environment.yaml,,": "environment.yaml",
    "other/in-another.yaml,,": "../other/in-another.yaml",
    "evil\\..\\..\\secret.yaml,,": "..\\..\\secret.yaml",
    "evil/secret.env,,": "secret.env",
    "evil/pipe.yaml,,": "pipe.yaml",
    "evil/nothing.yaml,,": "nothing.yaml",
    "evil/.git/x.yaml,,": ".git/x.yaml",
}


@pytest.mark.parametrize(("record", "requested"), OUTSIDE_PATHS.items())
def test_s12_record_with_paths_outside_the_distribution(
    record: str, requested: str, repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(CONTENTS["text"])
    place = tmp_path / "site"
    files = {"evil/__init__.py": "", "other/in-another.yaml": CONTENTS["text"], "evil/secret.env": WORD}
    install_distribution(place, record.format(secret=secret) + "\n", {**files, "evil/.git/x.yaml": WORD})
    (place / "evil/link.yaml").symlink_to(secret)
    (place / "evil/linked").symlink_to(tmp_path)
    (place / "evil/neighbour.yaml").symlink_to("../other/in-another.yaml")
    (place / "evil/environment.yaml").symlink_to("secret.env")
    if hasattr(os, "mkfifo"):
        os.mkfifo(place / "evil/pipe.yaml")
    monkeypatch.syspath_prepend(place)
    extends = f"package:evil/{requested.format(secret=secret)}"
    git = repository({"structlint.yaml": f"extends: '{extends}'\n"})
    result = run("check", str(git.path))
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("structlint.yaml:1:10: no such file: ")
    assert result.err.endswith(" in the package `evil`\n")
    assert WORD not in result.err.replace(requested, "")


def test_s12_layout_of_a_distribution_extends_only_its_own_files(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "site"
    record = "evil/a.yaml,,\nevil/sub/b.yaml,,\nevil/../c.yaml,,\n"
    files = {"evil/a.yaml": "extends: ./sub/b.yaml", "evil/sub/b.yaml": "tree: {wanted: }", "c.yaml": "x"}
    install_distribution(place, record, files)
    monkeypatch.syspath_prepend(place)
    git = repository({"structlint.yaml": "extends: package:evil/a.yaml\n"})
    assert run("check", str(git.path), "--output-format=concise").out.startswith(
        "wanted: error: missing file"
    )
    write(place, {"evil/sub/b.yaml": "extends: ../../c.yaml"})
    result = run("check", str(git.path))
    assert (result.status, result.err.count("\n")) == (2, 1)
    assert result.err.startswith("package:evil/sub/b.yaml:1:10: ")


@pytest.mark.parametrize("record", ["\0", "evil/a.yaml,x", "evil/a.yaml,x=y,a-number", '"', "\udcff"])
def test_s12_invalid_record(
    record: str, repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_distribution(tmp_path / "site", "", {"evil/a.yaml": "tree: {}"})
    info = tmp_path / "site/evil-1.0.dist-info/RECORD"
    info.write_bytes(record.encode("utf-8", "surrogateescape"))
    monkeypatch.syspath_prepend(tmp_path / "site")
    git = repository({"structlint.yaml": "extends: package:evil/a.yaml\n"})
    result = run("check", str(git.path))
    assert result.status in (0, 2)
    assert result.status == 0 or result.err.startswith("structlint.yaml:1:10: ")


# --- Text that no message quotes


@pytest.mark.parametrize("content", CONTENTS.values(), ids=list(CONTENTS))
def test_s12_layout_of_a_distribution_is_not_quoted(
    content: str, repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.yaml", "a.md"):
        install_distribution(tmp_path / "site", f"evil/{name},,\n", {f"evil/{name}": content})
        monkeypatch.syspath_prepend(tmp_path / "site")
        git = repository({"structlint.yaml": f"extends: package:evil/{name}\n"}, at=name)
        check_is_silent(run, git.path, f"package:evil/{name}:")


def check_is_silent(run: Run, place: Path, starts: str, *arguments: str) -> None:
    result = run("check", str(place), *arguments)
    if result.status == 2:  # some contents are a valid document
        assert result.err.startswith(starts), result.err
        assert result.out == ""
    assert WORD not in result.err + result.out or result.status < 2
    assert "Traceback" not in result.err


NOT_LAYOUTS = [".env", ".git/config", ".git/info/exclude", "id_rsa", "secrets.json", "x/yaml", ".git/x.yaml"]


@pytest.mark.parametrize(
    ("file", "content"),
    [  # each file, and each content
        *((file, CONTENTS["a variable"]) for file in NOT_LAYOUTS),
        *((".env", content) for name, content in CONTENTS.items() if name != "a variable"),
    ],
)
def test_s12_file_without_a_layout_name_is_not_read(
    file: str, content: str, repository: Make, run: Run
) -> None:
    git = repository({"structlint.yaml": f"extends: ./{file}\n", "team/x.yaml": "extends: ../team.yaml"})
    if file != ".git/config":
        write(git.path, {file: content})
    else:
        git("config", "http.extraheader", content.strip())
    (git.path / "team.yaml").symlink_to(file)
    (git.path / "linked.yaml").symlink_to("team.yaml")
    check_is_silent(run, git.path, "structlint.yaml:1:10: ")
    for extends in ("./team.yaml", "./linked.yaml", "team/x.yaml"):
        write(git.path, {"structlint.yaml": f"extends: {extends}\n"})
        result = run("check", str(git.path))
        assert (result.status, result.out) == (2, "")
        assert f"is a link to {file}, which does not have the name of a layout" in result.err
        assert WORD not in result.err
    (git.path / "structlint.yaml").unlink()
    (git.path / "structlint.yaml").symlink_to(file)
    check_is_silent(run, git.path, "structlint: structlint.yaml is a link to ")
    check_is_silent(run, git.path, "structlint: ", "--layout", str(git.path / file))
    check_is_silent(run, git.path, "structlint: ", "-c", str(git.path / "team.yaml"))


@pytest.mark.parametrize("way", ["itself", "by a link", "by a layout between", "as structlint.yaml"])
def test_s12_ignored_layout_is_not_quoted(way: str, repository: Make, run: Run) -> None:
    git = repository({".gitignore": "secrets.yaml\n", "between.yaml": "extends: ./secrets.yaml\n"})
    (git.path / "linked.yaml").symlink_to("secrets.yaml")
    if way == "as structlint.yaml":
        (git.path / "structlint.yaml").symlink_to("secrets.yaml")
    else:
        name = {"itself": "secrets", "by a link": "linked", "by a layout between": "between"}[way]
        write(git.path, {"structlint.yaml": f"extends: ./{name}.yaml\n"})
    for kind, content in CONTENTS.items():
        write(git.path, {"secrets.yaml": content})
        result = run("check", str(git.path))
        assert (result.status, result.out) == (2, ""), kind
        assert WORD not in result.err, kind
        assert "the text is not shown, because the file is not in the repository" in result.err, kind


def test_s12_layout_given_by_the_user_is_quoted(repository: Make, run: Run) -> None:
    git = repository({".gitignore": "mine.yaml\n"})
    write(git.path, {"mine.yaml": f"{WORD}: 1"})
    assert f"unknown key `{WORD}`" in run("check", str(git.path), "--layout", str(git.path / "mine.yaml")).err


@pytest.mark.parametrize("target", [".env", ".git/config", "ignored.yaml", "../outside.yaml"])
@pytest.mark.parametrize("name", ["compose.yaml", "deploy.yaml", ".env.example", "structlint-baseline.json"])
def test_s12_other_files_are_not_read_through_symlinks_out_of_the_tree(
    name: str, target: str, repository: Make, run: Run, tmp_path: Path
) -> None:
    content = f"apiVersion: v1\nkind: Service\nspec: {{ports: [{{nodePort: {WORD}}}]}}\n"
    content += f"services: {{a: {{ports: ['{WORD}:80']}}}}\n"
    layout = "tree: {'*?': }\nports: {a: 80}\n"
    git = repository({"structlint.yaml": layout, ".gitignore": ".env\nignored.yaml\n"})
    for place in (".env", "ignored.yaml", "../outside.yaml"):
        write(git.path, {place: content})
    (git.path / name).symlink_to(target)
    git("add", name)
    result = run("check", str(git.path))
    assert WORD not in result.out + result.err
    assert WORD not in "".join(run("ports", str(git.path))[1:])
    with pytest.raises(TreeError, match=r"which is not a file of the repository|leads out of the repository"):
        scan(git.path).read(name)


@pytest.mark.parametrize("target", ["..", "../other", "/", "absolute"])
@pytest.mark.parametrize("option", ["--config", "--layout"])
def test_layout_option_through_a_symlink_out_of_the_repository(
    option: str, target: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user gives a file of the repository, and a change has replaced its directory by a link."""
    git = repository({"README.md": "", "conf/structlint.yaml": "tree: {README.md: }\n"})
    monkeypatch.chdir(git.path)
    outside = git.path.parent / "other"
    write(outside, {"structlint.yaml": f"{WORD}: 1\n", "repo/x": ""})
    write(git.path.parent, {"structlint.yaml": f"{WORD}: 1\n"})
    (git.path / "linked").symlink_to(str(outside) if target == "absolute" else target)
    inside = str(outside).lstrip("/") + "/" if target == "/" else ""
    (git.path / "also").symlink_to("conf")  # a link within the repository is allowed
    elsewhere = git.path.parent / "link-of-the-users"
    elsewhere.symlink_to(outside)
    for command in ("check", "check --show-config", "tree", "where x", "ports", "fix"):
        result = run(*command.split(), option, f"linked/{inside}structlint.yaml")
        assert (result.status, result.out) == (2, ""), command
        assert "through a link that leads out of the repository" in result.err, command
        assert WORD not in result.err, command
        assert run(*command.split(), option, "also/structlint.yaml").status in (0, 1), command
        assert WORD in run(*command.split(), option, str(elsewhere / "structlint.yaml")).err, command


# --- `where` reads directories without scanning the tree


_TIED = "tree: {.: {unlisted: allow}, linked/: {<x>.py: }, docs/: {<x>.md: }}\n"
_TIED_DEEPER = "tree: {.: {unlisted: allow}, linked/: {in/: {<x>.py: }}, docs/: {<x>.md: }}\n"
_NEEDING = "tree: {.: {unlisted: allow}, docs/: {<x>.md: {needs: 'linked/<x>.py'}}}\n"


@pytest.mark.parametrize("layout", [_TIED, _TIED_DEEPER, _NEEDING], ids=["tied", "deeper", "needs"])
@pytest.mark.parametrize("target", ["../other", "../other/deeper/..", "real"])
def test_where_does_not_read_through_symlinks_out_of_the_repository(
    target: str, layout: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in `check`, files outside the repository do not define names."""
    git = repository({"structlint.yaml": layout, "docs/secret.md": "", "docs/own.md": "", "real/in/x": ""})
    write(git.path, {"real/secret.py": "", "real/in/secret.py": ""})
    for name in ("secret.py", "in/secret.py", "deeper/x"):
        write(git.path.parent, {f"other/{name}": ""})
    (git.path / "linked").symlink_to(target)
    monkeypatch.chdir(git.path)
    found = json.loads(run("check", "--output-format", "json", "--ignore", "missing-*,unused-*").out)
    reported = {each["path"] for each in found["findings"]}
    answers = {path: run("where", path).status for path in ("docs/secret.md", "docs/own.md")}
    assert answers == {path: int(path in reported) for path in answers}


def test_symlink_out_of_the_repository_is_not_a_directory_for_where(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = "tree: {kinds/: {<kind>/: }, docs/: {<kind>.md: }}\n"
    git = repository({"structlint.yaml": layout, "kinds/a/x": "", "docs/a.md": "", "docs/b.md": ""})
    (git.path / "kinds/b").symlink_to(git.path.parent)
    monkeypatch.chdir(git.path)
    assert "docs/b.md: error: orphan" in run("check", "--output-format", "concise").out
    assert [run("where", f"docs/{name}.md").status for name in "ab"] == [0, 1]


# --- `init` reads documents


@pytest.mark.parametrize("target", ["../../out/S.md", "../.git/S.md"])
def test_init_does_not_read_documents_through_symlinks_of_the_repository(
    target: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"README.md": ""})
    drawing = "```\n.\n├── secret.md\n└── a/\n```\n"
    write(git.path, {"../out/S.md": drawing, ".git/S.md": drawing, "docs/x.md": ""})
    (git.path / "docs/S.md").symlink_to(target)
    monkeypatch.chdir(git.path)
    result = run("init", "--from", "docs/S.md", "-o", "-")
    assert (result.status, result.out) == (2, "")
    assert "docs/S.md" in result.err


def test_init_reads_documents_through_symlinks_of_the_user(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git = repository({"README.md": ""})
    write(tmp_path, {"own/S.md": "```\n.\n├── README.md\n└── a/\n```\n"})
    (tmp_path / "linked.md").symlink_to("own/S.md")
    monkeypatch.chdir(git.path)
    assert "a/?" in run("init", "--from", str(tmp_path / "linked.md"), "-o", "-").out.replace("a/:", "a/?:")


@pytest.mark.parametrize("option", ["--config", "--layout"])
def test_empty_layout_option_is_an_error(option: str, repository: Make, run: Run) -> None:
    """An unset variable in CI must not select another layout."""
    git = repository({"structlint.yaml": "tree: {gone: }"})
    result = run("check", str(git.path), option, "")
    assert (result.status, result.out) == (2, "")
    assert f"{option} is empty" in result.err
