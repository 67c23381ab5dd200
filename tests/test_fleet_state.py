"""The state of a repository: as long as it is the same, git's answer is the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fleet_repositories import commit, git
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structlint.tree.git import state as module
from structlint.tree.git.state import state_of as found_state

pytest.importorskip("resource", reason="`fleet` needs a POSIX system")

REVISIONS = ("HEAD", "main", "other", "refs/heads/main", "v1", "a/b", "0abc")
TICK = 0.01  # s; more than the resolution of times in a file system


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the times of files that changed just now."""
    monkeypatch.setattr(module, "_RECENT", 0)
    module._user.cache_clear()


def answer(place: Path, rev: str) -> str:
    """The tree of a revision by git, "" if it has none."""
    command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{tree}}"]
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(place.parent)}
    completed = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False)
    return "" if completed.returncode else completed.stdout.decode().strip()


def state_of(place: Path, rev: str, tree: str = "0" * 40) -> str:
    """The digest of a state, "" if it is uncertain."""
    state = found_state(place, rev)
    return state.digest(tree) if state else ""


def bare(place: Path, *options: str) -> Path:
    place.mkdir()
    git(place, "init", "-q", "--bare", "-b", "main", "--template=", *options)
    commit(place, {"a": "1"})
    return place


def work_tree(place: Path) -> Path:
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    git(place, "commit", "-qm", "x", "--allow-empty")
    return place


def packed(place: Path) -> Path:
    bare(place)
    git(place, "pack-refs", "--all")
    git(place, "repack", "-adq")
    return place


def chain(place: Path) -> Path:
    bare(place)
    git(place, "symbolic-ref", "refs/heads/trunk", "refs/heads/main")
    git(place, "symbolic-ref", "HEAD", "refs/heads/trunk")
    return place


def detached(place: Path) -> Path:
    bare(place)
    git(place, "update-ref", "--no-deref", "HEAD", git(place, "rev-parse", "main").strip())
    return place


def sha256(place: Path) -> Path:
    return bare(place, "--object-format=sha256")


def linked_work_tree(place: Path) -> Path:
    bare(place.with_name("of"))
    git(place.with_name("of"), "worktree", "add", "-q", str(place), "-b", "other")
    return place


def alternates(place: Path) -> Path:
    bare(place.with_name("of"))
    git(place.parent, "clone", "-q", "--shared", "--bare", "of", place.name)
    return place


def replaced(place: Path) -> Path:
    bare(place)
    old = git(place, "rev-parse", "main").strip()
    commit(place, {"a": "2"})
    git(place, "replace", "main", old)
    return place


def packed_replaced(place: Path) -> Path:
    replaced(place)
    git(place, "pack-refs", "--all")
    shutil.rmtree(place / "refs/replace", ignore_errors=True)
    return place


def configured(text: str) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        bare(place)
        with (place / "config").open("a") as config:
            config.write(text)
        return place

    return make


def other_file(name: str, change: Callable[[Path], object]) -> Callable[[Path], Path]:
    """A packed repository in which a file is something else."""

    def make(place: Path) -> Path:
        packed(place)
        (place / name).unlink(missing_ok=True)
        change(place / name)
        return place

    return make


USUAL = {"loose": bare, "packed": packed, "chain": chain, "detached": detached, "sha256": sha256}
USUAL["work tree"] = work_tree
UNUSUAL = {
    "linked work tree": linked_work_tree,
    "alternates": alternates,
    "replaced": replaced,
    "replaced, packed": packed_replaced,
    "included configuration": configured("[include]\npath = more\n"),
    "conditionally included": configured('[includeIf "gitdir:/"]\npath = more\n'),
    "reftable": configured("[extensions]\nrefStorage = reftable\n"),
    "configuration of a work tree": configured("[extensions]\nworktreeConfig = true\n"),
    "packed-refs is a FIFO": other_file("packed-refs", os.mkfifo),
    "packed-refs is a link": other_file("packed-refs", lambda file: file.symlink_to("elsewhere")),
    "HEAD is a FIFO": other_file("HEAD", os.mkfifo),
    "HEAD is a link": other_file("HEAD", lambda file: file.symlink_to("refs/heads/main")),
    "HEAD is a directory": other_file("HEAD", Path.mkdir),
    "HEAD is empty": other_file("HEAD", Path.touch),
    "config is a FIFO": other_file("config", os.mkfifo),
    "a pack is a FIFO": other_file("objects/pack/pack-x.idx", os.mkfifo),
    "HEAD names itself": other_file("HEAD", lambda file: file.write_text("ref: HEAD\n")),
    "HEAD names a file outside": other_file("HEAD", lambda file: file.write_text("ref: refs/../../x\n")),
    "no commit": other_file("HEAD", lambda file: file.write_text("ref: refs/heads/none\n")),
}


@pytest.mark.parametrize("kind", USUAL)
def test_a_usual_repository_has_a_state(kind: str, tmp_path: Path) -> None:
    place = USUAL[kind](tmp_path.resolve() / "r.git")
    time.sleep(TICK)
    assert answer(place, "HEAD")
    assert state_of(place, "HEAD") and state_of(place, "HEAD") == state_of(place, "HEAD")
    assert state_of(place, "main") != state_of(place, "HEAD")


@pytest.mark.parametrize("kind", UNUSUAL)
def test_an_unusual_repository_has_none(kind: str, tmp_path: Path) -> None:
    place = UNUSUAL[kind](tmp_path.resolve() / "r.git")
    time.sleep(TICK)
    assert state_of(place, "HEAD") == ""


@pytest.mark.parametrize(
    "rev", ["HEAD~1", "HEAD^{}", "main..", "@", "abcd", "v1-0-gabcd", "-x", "\udcff", ""]
)
def test_other_revisions_have_none(rev: str, tmp_path: Path) -> None:
    place = bare(tmp_path.resolve() / "r.git")
    time.sleep(TICK)
    assert state_of(place, rev) == ""


def test_what_changed_just_now_has_no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert state_of(bare(tmp_path.resolve() / "r.git"), "HEAD") == ""


def test_the_configuration_of_the_user_is_part_of_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = bare(tmp_path.resolve() / "r.git")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    found = []
    for text in (
        "",
        "[safe]\ndirectory = /x\n",
        "[safe]\nbareRepository = explicit\n",
        "[include]\npath = x\n",
        "[",
    ):
        (tmp_path / "config").write_text(text)
        module._user.cache_clear()
        time.sleep(TICK)
        found.append(state_of(place, "HEAD"))
    assert len({*found[:3], ""}) == 4
    assert found[3:] == ["", ""]


# --- Whatever is done to a repository


def _file(name: str, text: bytes) -> Callable[[Path], object]:
    def write(place: Path) -> None:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).unlink(missing_ok=True)
        (place / name).write_bytes(text)

    return write


def _gone(pattern: str) -> Callable[[Path], object]:
    def remove(place: Path) -> None:
        for file in sorted(place.glob(pattern))[:1]:
            file.unlink()

    return remove


def _damaged(pattern: str) -> Callable[[Path], object]:
    def damage(place: Path) -> None:
        for file in sorted(place.glob(pattern))[-1:]:
            data = file.read_bytes()
            file.chmod(0o644)
            file.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))

    return damage


def _git(*arguments: str) -> Callable[[Path], object]:
    def run(place: Path) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "gc.auto=0", *arguments]
        subprocess.run(command, cwd=place, capture_output=True, check=False)

    return run


_NEW = count()  # no commit has the contents of another


def _commit(place: Path) -> None:
    text = b"commit refs/heads/main\ncommitter t <t@t> 0 +0000\ndata 0\nM 644 inline %d\ndata 0\n"
    arguments = ["git", "fast-import", "--quiet", "--force"]
    subprocess.run(arguments, cwd=place, input=text % next(_NEW), capture_output=True, check=False)


ACTIONS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "commit": _commit,
    "branch": _git("branch", "-f", "other", "main"),
    "a branch like an object": _git("branch", "-f", "0abc", "main"),
    "a branch with a slash": _git("branch", "-f", "a/b", "main"),
    "delete a branch": _git("branch", "-D", "other"),
    "tag": _git("tag", "-f", "-a", "-m", "x", "v1", "main"),
    "a tag like the branch": _git("tag", "-f", "main", "other"),
    "a tag HEAD": _git("update-ref", "refs/tags/HEAD", "other"),
    "a file main": _file("main", b"ref: refs/heads/other\n"),
    "no file main": _gone("main"),
    "pack the references": _git("pack-refs", "--all"),
    "repack": _git("repack", "-adq"),
    "prune": _git("prune", "--expire=now"),
    "commit graph": _git("commit-graph", "write", "--reachable"),
    "multi-pack index": _git("multi-pack-index", "write"),
    "detach": _git("update-ref", "--no-deref", "HEAD", "main"),
    "HEAD is other": _git("symbolic-ref", "HEAD", "refs/heads/other"),
    "HEAD is main": _git("symbolic-ref", "HEAD", "refs/heads/main"),
    "main is other": _git("symbolic-ref", "refs/heads/main", "refs/heads/other"),
    "main is broken": _file("refs/heads/main", b"x\n"),
    "main is empty": _file("refs/heads/main", b""),
    "main is nothing": _file("refs/heads/main", b"0" * 39 + b"1\n"),
    "main is gone": _gone("refs/heads/main"),
    "packed-refs is broken": _file("packed-refs", b"x\n"),
    "packed-refs is gone": _gone("packed-refs"),
    "replace": _git("replace", "-f", "main", "other"),
    "replace no more": _git("replace", "-d", "main"),
    "shallow": _file("shallow", b"x\n"),
    "not shallow": _gone("shallow"),
    "bad configuration": _git("config", "core.repositoryFormatVersion", "9"),
    "good configuration": _git("config", "core.repositoryFormatVersion", "0"),
    "broken configuration": _file("config", b"["),
    "an object is gone": _gone("objects/??/*"),
    "an object is damaged": _damaged("objects/??/*"),
    "a pack is gone": _gone("objects/pack/*.pack"),
    "an index is gone": _gone("objects/pack/*.idx"),
    "a pack is damaged": _damaged("objects/pack/*.pack"),
    "a graph is damaged": _damaged("objects/info/commit-graph"),
    "a repository inside": _git("init", "-q", ".git"),
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(USUAL)), st.lists(st.sampled_from(sorted(ACTIONS)), min_size=1, max_size=8))
def test_the_same_state_has_the_same_answer(kind: str, actions: list[str]) -> None:
    """git is asked after each action; where it answers otherwise, the state is another one or uncertain."""
    with TemporaryDirectory() as directory:
        place = USUAL[kind](Path(directory).resolve() / "r.git")
        git(place, "branch", "other")
        _commit(place)
        inside = place / ".git" if kind == "work tree" else place
        remembered: dict[str, str] = {}
        for action in ("nothing", *actions):
            ACTIONS[action](inside)
            time.sleep(TICK)
            for rev in REVISIONS:
                now = answer(place, rev)
                for tree in {*remembered.values()}:
                    if remembered.get(state_of(place, rev, tree)) == tree:
                        assert now == tree, (action, rev)
                if now and (state := state_of(place, rev, now)):
                    remembered[state] = now
