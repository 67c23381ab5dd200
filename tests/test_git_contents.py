"""Blobs read from git in batches have the same contents as blobs read one at a time."""

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


def read_all(source: ContentSource, paths: list[str]) -> dict[str, bytes | str]:
    found: dict[str, bytes | str] = {}
    for path in paths:
        try:
            found[path] = source.read(path)
        except (CannotCheck, FileNotFoundError) as error:
            found[path] = str(error)
    return found


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("most_kept", [0, 10, objects._MOST_KEPT])
def test_batched_reads_match_single_reads(
    most_kept: int, repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_MOST_KEPT", most_kept)
    git = repository(FILES)
    (git.path / "link").symlink_to("empty")
    git("add", "link")
    write(git.path, {"untracked": ""})
    paths = [*FILES, "link", "untracked", "missing/file", "src", "src/"]
    alone = read_all(scan(git.path, tracked=True).source, paths)
    assert alone["large"] == b"x" * 5_000_000
    for seed in range(3):
        source, random = scan(git.path, tracked=True).source, Random(seed)
        expected, read = (random.sample(paths, len(paths)) for _ in range(2))
        source.expect(expected)
        assert read_all(source, expected) == alone
        source.expect(expected)
        assert read_all(source, read) == alone  # read in a different order than expected
        assert read_all(source, paths[:40]) == read_all(source, paths[:40])  # read more than once


def test_import_scan_reads_blobs_in_batches(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_sizes: list[int] = []
    asked_with = objects.BlobReader._asked_with

    def record(reader: objects.BlobReader, name: str) -> list[str]:
        names = asked_with(reader, name)
        batch_sizes.append(len(names))
        return names

    monkeypatch.setattr(objects.BlobReader, "_asked_with", record)
    layout = "tree: {src/: }\nimports: {never: {src/a/: {src/b/: }}}\n"
    modules = {f"src/a/m{number}.py": "import os\n" for number in range(200)}
    git = repository({"structlint.yaml": layout, "src/b/m.py": "", **modules})
    assert run("check", "--tracked", str(git.path)).status == 0
    assert sum(batch_sizes) >= 200
    assert len(batch_sizes) < 20
