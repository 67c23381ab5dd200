"""Blobs read from git in batches have the same contents as blobs read one at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from conftest import Make, Run, write

from structlint.errors import CannotCheck
from structlint.tree import sources
from structlint.tree.git import listing, objects, unchanged
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


LAYOUT = "tree: {src/: }\nimports: {never: {src/a/: {src/b/: }}}\n"


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
    modules = {f"src/a/m{number}.py": "import os\n" for number in range(200)}
    git = repository({"structlint.yaml": LAYOUT, "src/b/m.py": "", **modules})
    for path in modules:
        (git.path / path).unlink()
    assert run("check", "--tracked", str(git.path)).status == 0
    assert sum(batch_sizes) >= 200
    assert len(batch_sizes) < 20


@pytest.fixture
def read_from_git(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the objects that are read from git."""
    names: list[str] = []
    read = objects.BlobReader.read

    def recorded(reader: objects.BlobReader, name: str) -> bytes | None:
        names.append(name.rpartition("/")[2])
        return read(reader, name)

    monkeypatch.setattr(objects.BlobReader, "read", recorded)
    return names


@pytest.mark.parametrize("state", [["--tracked"], ["--rev=HEAD"]])
@pytest.mark.parametrize("hash_name", ["sha1", "sha256"])
def test_unchanged_files_are_read_from_disk(
    state: list[str], hash_name: str, repository: Make, run: Run, read_from_git: list[str]
) -> None:
    """Of a file that differs on disk, whatever its size and time, the content is the one in git."""
    modules = {f"src/a/m{number}.py": f"import os, a{number}\n" for number in range(300)}
    git = repository({})
    shutil.rmtree(git.path / ".git")
    git("init", "-q", f"--object-format={hash_name}")
    write(
        git.path, {"structlint.yaml": LAYOUT, "src/b/m.py": "", **modules, "src/a/m7.py": "import src.b.m\n"}
    )
    git("add", ".")
    git("commit", "-qm", "all")
    changed = git.path / "src/a/m7.py"
    before = changed.stat()
    changed.write_text("import src.b.x\n")
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    (git.path / "src/a/m8.py").unlink()
    (git.path / "src/a/m9.py").unlink()
    (git.path / "src/a/m9.py").symlink_to("m10.py")
    found = run("check", *state, str(git.path))
    assert "src/a/m7.py" in found.out
    assert "src.b.m" in found.out or "src/b/m.py" in found.out
    assert sorted(name for name in read_from_git if name.startswith("m")) == ["m7.py", "m8.py", "m9.py"]


def test_a_work_tree_with_other_contents_is_not_read_file_by_file(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    read = sources.read_file

    def recorded(root: Path, path: str, directories: dict[str, str]) -> bytes:
        opened.append(path)
        return read(root, path, directories)

    monkeypatch.setattr(unchanged, "read_file", recorded)
    modules = {f"src/a/m{number}.py": "import os\n" for number in range(300)}
    git = repository({"structlint.yaml": LAYOUT, "src/b/m.py": "", **modules})
    for path in modules:
        (git.path / path).write_text("import sys\n")
    assert run("check", "--tracked", str(git.path)).status == 0
    assert len(opened) < 100


def test_the_index_is_read_in_blocks(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of all kinds are the same, wherever a block ends."""
    git = repository({f"src/file-{number}.txt": "" for number in range(30)} | {"é/ü": "", "src.txt": ""})
    (git.path / "link").symlink_to("src.txt")
    git("add", ".")
    git("commit", "-qm", "all")
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD').strip()},module")
    git("update-index", "--skip-worktree", "src/file-3.txt")
    blob = git("rev-parse", ":src.txt").strip()
    entries = "".join(f"100644 {blob} {stage}\tsrc/merged.txt\n" for stage in (1, 2, 3))
    subprocess.run(
        ["git", "update-index", "--index-info"], cwd=git.path, input=entries, text=True, check=True
    )
    whole = scan(git.path, tracked=True)
    assert {"link", "src/merged.txt", "é/ü"} <= {*whole.files}
    assert whole.opaque == {"module/"}
    assert len({*whole.files}) == len(whole.files)
    for size in (1, 50, 200):
        monkeypatch.setattr(listing, "_BLOCK", size)
        tree = scan(git.path, tracked=True)
        assert (tree.files, tree.links, tree.opaque) == (whole.files, whole.links, whole.opaque)
