"""What is kept of layouts changes how long a check takes, and nothing else."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
from binascii import crc32
from pathlib import Path

import pytest
from conftest import Make, Run

from structlint.document import Mapping, parse
from structlint.layout.kept import keep, kept

TEXT = b"extends: [base]\ntree: {a: 'x', b/: {c: }}\n"
NODE = parse(TEXT, "f")
LAYOUTS = [  # and whether the text itself is as it should be
    ("tree: {a: }", True),
    ("tree: {b: }", True),
    ("extends: base\ntree: {a: }", True),
    ("tree: {<x>.py/: {}, <y>.py/: {}}", True),  # is refused where all that it says is put together
    ("extends: ./nothing-there.yaml", True),
    ("tree: {a: 3}", False),
    ("limits: {files: ten}\ntreee: {}", False),
    ("names: {a: kebab-case}\nnames: {b: kebab-case}", False),
    ("names: {a: sausage-case}", False),
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache directory of one's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("valid/*") if path.is_file())


@pytest.mark.parametrize(("layout", "fits"), LAYOUTS)
def test_the_same_is_said_without_a_cache_and_with_an_empty_and_a_full_one(
    layout: str, fits: bool, repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository({"structlint.yaml": layout, "a": ""}).path)
    without = run("check", "--output-format", "json")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert run("check", "--output-format", "json") == without
    assert run("check", "--output-format", "json") == without
    assert bool(files(tmp_path / "cache")) is fits


WRONG = {
    "another text": "sed -i s/a/b/ FILE",
    "half of it": "truncate -s -3 FILE",
    "more than it": "echo 'b: 3' >> FILE",
    "nothing": "truncate -s 0 FILE",
    "other nodes": "printf x | dd of=FILE bs=1 seek=$(($(stat -c %s FILE) - 1)) conv=notrunc status=none",
    "another version": "sed -i '1s/ 0/ 9/' FILE",
    "others may write it": "chmod 666 FILE",
    "others may write beside it": "chmod 777 .",
    "a link to it": "mv FILE ../it && ln -s ../it FILE",
    "a pipe": "rm FILE && mkfifo FILE",
    "a directory": "rm FILE && mkdir FILE",
    "a link to the directory": "mv ../valid ../it && ln -s it ../valid",
    "a file for the directory": "mv ../valid ../it && touch ../valid",
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=list(WRONG))
def test_what_is_not_as_it_was_kept_stands_for_nothing(spoil: str, cache: Path) -> None:
    keep(TEXT, NODE)
    assert repr(kept(TEXT)) == repr(NODE)  # named tuples of other kinds are equal
    (file,) = files(cache)
    subprocess.run(["sh", "-ec", spoil.replace("FILE", file.name)], cwd=file.parent, check=True)
    assert kept(TEXT) is None


WRONG_NODES = (3, (), ((), 1, 1, ""), ("a",), ([3], 1, 1, ""))
NO_NODES = [b"", b"\xff", *(marshal.dumps(each) for each in WRONG_NODES)]


@pytest.mark.parametrize("nodes", NO_NODES)
def test_what_is_well_kept_and_no_layout_is_none(nodes: bytes, cache: Path) -> None:
    keep(TEXT, NODE)
    (file,) = files(cache)
    above = file.read_bytes()[: file.read_bytes().index(TEXT) + len(TEXT)]
    file.write_bytes(above + crc32(nodes).to_bytes(4, "big") + nodes)
    found = kept(TEXT)
    assert found is None or isinstance(found, Mapping)


def test_what_was_kept_in_another_directory_stands_for_nothing(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(TEXT, NODE)
    shutil.copytree(cache, tmp_path / "restored")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "restored"))
    assert kept(TEXT) is None
    keep(TEXT, NODE)
    assert repr(kept(TEXT)) == repr(NODE)  # named tuples of other kinds are equal


def test_few_are_kept(cache: Path) -> None:
    (cache / "structlint/valid/a-directory").mkdir(parents=True)  # which is none of ours, and in nobody's way
    (cache / "structlint/valid").chmod(0o700)
    for number in range(100):
        text = f"about: {number}".encode()
        keep(text, parse(text, "f"))
    assert len(files(cache)) == 64
    assert kept(b"about: 99")


def test_a_cache_in_the_repository_is_no_stray(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = repository({"structlint.yaml": "tree: {a: }", "a": ""}).path
    monkeypatch.chdir(there)
    monkeypatch.setenv("XDG_CACHE_HOME", str(there / ".cache"))
    for _ in range(2):
        assert run("check", "-q").status == 0
    assert files(there / ".cache")


@pytest.mark.parametrize("home", ["", ".", "home", os.devnull])
@pytest.mark.parametrize("place", ["", "relative", "/dev/null", "/proc/nothing"])
def test_where_nothing_can_be_kept_nothing_is(
    place: str, home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("XDG_CACHE_HOME", place)
    keep(TEXT, NODE)
    assert kept(TEXT) is None
    assert list(tmp_path.iterdir()) == []
