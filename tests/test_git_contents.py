"""Contents in git are the same whether they are read one by one or several at a time."""

from __future__ import annotations

import os
from random import Random

import pytest
from conftest import Make, Run, write

from structlint.errors import CannotCheck
from structlint.tree.git import objects
from structlint.tree.model import ContentSource
from structlint.tree.scan import scan

FILES = {
    **{f"src/{'long-' * 40}{number}.txt": f"{number}" * (number % 9) for number in range(150)},
    "empty": "",
    "large": "x" * 5_000_000,
    "a b\tc": "blank",
    "line\nbreak": "two lines",
    "é/ü": "letters",
}


def contents(source: ContentSource, paths: list[str]) -> dict[str, bytes | str]:
    found: dict[str, bytes | str] = {}
    for path in paths:
        try:
            found[path] = source.read(path)
        except (CannotCheck, FileNotFoundError) as error:
            found[path] = str(error)
    return found


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("most_kept", [0, 10, objects._MOST_KEPT])
def test_expected_contents_are_those_read_alone(
    most_kept: int, repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_MOST_KEPT", most_kept)
    git = repository(FILES)
    (git.path / "link").symlink_to("empty")
    git("add", "link")
    write(git.path, {"untracked": ""})
    paths = [*FILES, "link", "untracked", "missing/file", "src", "src/"]
    alone = contents(scan(git.path, tracked=True).source, paths)
    assert alone["large"] == b"x" * 5_000_000
    for seed in range(3):
        source, random = scan(git.path, tracked=True).source, Random(seed)
        expected, read = (random.sample(paths, len(paths)) for _ in range(2))
        source.expect(expected)
        assert contents(source, expected) == alone
        source.expect(expected)
        assert contents(source, read) == alone  # in another order, and
        assert contents(source, paths[:40]) == contents(source, paths[:40])  # more than once


def test_the_imports_of_a_commit_are_read_several_at_a_time(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    with_others = objects.BlobReader._asked_with

    def recorded(reader: objects.BlobReader, name: str) -> list[str]:
        names = with_others(reader, name)
        asked.append(len(names))
        return names

    monkeypatch.setattr(objects.BlobReader, "_asked_with", recorded)
    layout = "tree: {src/: }\nimports: {never: {src/a/: {src/b/: }}}\n"
    modules = {f"src/a/m{number}.py": "import os\n" for number in range(200)}
    git = repository({"structlint.yaml": layout, "src/b/m.py": "", **modules})
    assert run("check", "--tracked", str(git.path)).status == 0
    assert sum(asked) >= 200
    assert len(asked) < 20
