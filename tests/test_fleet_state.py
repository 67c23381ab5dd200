"""While the state of a repository is unchanged, git resolves revisions to the same trees."""

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
from structlint.tree.git.state import state_of

pytest.importorskip("resource", reason="`fleet` needs a POSIX system")

REVISIONS = ("HEAD", "main", "other", "refs/heads/main", "v1", "a/b", "0abc")
TICK = 0.01  # seconds; more than the resolution of file times


@pytest.fixture(autouse=True)
def trust_recent_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trusts the times of recently changed files."""
    monkeypatch.setattr(module, "_RECENT", 0)
    module._user.cache_clear()


def resolve(place: Path, rev: str) -> str:
    """The tree of a revision according to git, or ""."""
    command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{tree}}"]
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(place.parent)}
    completed = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False)
    return "" if completed.returncode else completed.stdout.decode().strip()


def state_digest(place: Path, rev: str, tree: str = "0" * 40) -> str:
    """The digest of a state, or "" if it is uncertain."""
    state = state_of(place, rev)
    return state.digest(tree) if state else ""


def make_bare(place: Path, *options: str) -> Path:
    place.mkdir()
    git(place, "init", "-q", "--bare", "-b", "main", "--template=", *options)
    commit(place, {"a": "1"})
    return place


def make_work_tree(place: Path) -> Path:
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    git(place, "commit", "-qm", "x", "--allow-empty")
    return place


def make_packed(place: Path) -> Path:
    make_bare(place)
    git(place, "pack-refs", "--all")
    git(place, "repack", "-adq")
    return place


def make_chain(place: Path) -> Path:
    make_bare(place)
    git(place, "symbolic-ref", "refs/heads/trunk", "refs/heads/main")
    git(place, "symbolic-ref", "HEAD", "refs/heads/trunk")
    return place


def make_detached(place: Path) -> Path:
    make_bare(place)
    git(place, "update-ref", "--no-deref", "HEAD", git(place, "rev-parse", "main").strip())
    return place


def make_sha256(place: Path) -> Path:
    return make_bare(place, "--object-format=sha256")


def make_linked_work_tree(place: Path) -> Path:
    make_bare(place.with_name("of"))
    git(place.with_name("of"), "worktree", "add", "-q", str(place), "-b", "other")
    return place


def make_alternates(place: Path) -> Path:
    make_bare(place.with_name("of"))
    git(place.parent, "clone", "-q", "--shared", "--bare", "of", place.name)
    return place


def make_replaced(place: Path) -> Path:
    make_bare(place)
    old = git(place, "rev-parse", "main").strip()
    commit(place, {"a": "2"})
    git(place, "replace", "main", old)
    return place


def make_packed_replaced(place: Path) -> Path:
    make_replaced(place)
    git(place, "pack-refs", "--all")
    shutil.rmtree(place / "refs/replace", ignore_errors=True)
    return place


def with_configuration(text: str) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        make_bare(place)
        with (place / "config").open("a") as config:
            config.write(text)
        return place

    return make


def with_replaced_file(name: str, change: Callable[[Path], object]) -> Callable[[Path], Path]:
    """A packed repository in which something else replaces a file."""

    def make(place: Path) -> Path:
        make_packed(place)
        (place / name).unlink(missing_ok=True)
        change(place / name)
        return place

    return make


USUAL = {
    "loose": make_bare,
    "packed": make_packed,
    "chain": make_chain,
    "detached": make_detached,
    "sha256": make_sha256,
}
USUAL["work tree"] = make_work_tree
UNUSUAL = {
    "linked work tree": make_linked_work_tree,
    "alternates": make_alternates,
    "replaced": make_replaced,
    "replaced, packed": make_packed_replaced,
    "included configuration": with_configuration("[include]\npath = more\n"),
    "conditionally included": with_configuration('[includeIf "gitdir:/"]\npath = more\n'),
    "reftable": with_configuration("[extensions]\nrefStorage = reftable\n"),
    "configuration of a work tree": with_configuration("[extensions]\nworktreeConfig = true\n"),
    "packed-refs is a FIFO": with_replaced_file("packed-refs", os.mkfifo),
    "packed-refs is a link": with_replaced_file("packed-refs", lambda file: file.symlink_to("elsewhere")),
    "HEAD is a FIFO": with_replaced_file("HEAD", os.mkfifo),
    "HEAD is a link": with_replaced_file("HEAD", lambda file: file.symlink_to("refs/heads/main")),
    "HEAD is a directory": with_replaced_file("HEAD", Path.mkdir),
    "HEAD is empty": with_replaced_file("HEAD", Path.touch),
    "config is a FIFO": with_replaced_file("config", os.mkfifo),
    "a pack is a FIFO": with_replaced_file("objects/pack/pack-x.idx", os.mkfifo),
    "HEAD names itself": with_replaced_file("HEAD", lambda file: file.write_text("ref: HEAD\n")),
    "HEAD names a file outside": with_replaced_file(
        "HEAD", lambda file: file.write_text("ref: refs/../../x\n")
    ),
    "no commit": with_replaced_file("HEAD", lambda file: file.write_text("ref: refs/heads/none\n")),
}


@pytest.mark.parametrize("kind", USUAL)
def test_usual_repository_has_a_state(kind: str, tmp_path: Path) -> None:
    place = USUAL[kind](tmp_path.resolve() / "r.git")
    time.sleep(TICK)
    assert resolve(place, "HEAD")
    assert state_digest(place, "HEAD") and state_digest(place, "HEAD") == state_digest(place, "HEAD")
    assert state_digest(place, "main") != state_digest(place, "HEAD")


@pytest.mark.parametrize("kind", UNUSUAL)
def test_unusual_repository_has_no_state(kind: str, tmp_path: Path) -> None:
    place = UNUSUAL[kind](tmp_path.resolve() / "r.git")
    time.sleep(TICK)
    assert state_digest(place, "HEAD") == ""


@pytest.mark.parametrize(
    "rev", ["HEAD~1", "HEAD^{}", "main..", "@", "abcd", "v1-0-gabcd", "-x", "\udcff", ""]
)
def test_other_revisions_have_no_state(rev: str, tmp_path: Path) -> None:
    place = make_bare(tmp_path.resolve() / "r.git")
    time.sleep(TICK)
    assert state_digest(place, rev) == ""


def test_recently_changed_repository_has_no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert state_digest(make_bare(tmp_path.resolve() / "r.git"), "HEAD") == ""


def test_user_configuration_is_part_of_the_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_bare(tmp_path.resolve() / "r.git")
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
        found.append(state_digest(place, "HEAD"))
    assert len({*found[:3], ""}) == 4
    assert found[3:] == ["", ""]


# --- Random changes of a repository


def _write_file(name: str, text: bytes) -> Callable[[Path], object]:
    def write(place: Path) -> None:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).unlink(missing_ok=True)
        (place / name).write_bytes(text)

    return write


def _remove_first(pattern: str) -> Callable[[Path], object]:
    def remove(place: Path) -> None:
        for file in sorted(place.glob(pattern))[:1]:
            file.unlink()

    return remove


def _damage_last(pattern: str) -> Callable[[Path], object]:
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


_NEW = count()  # makes the contents of each commit unique


def _commit(place: Path) -> None:
    text = b"commit refs/heads/main\ncommitter t <t@t> 0 +0000\ndata 0\nM 644 inline %d\ndata 0\n"
    arguments = ["git", "fast-import", "--quiet", "--force"]
    subprocess.run(arguments, cwd=place, input=text % next(_NEW), capture_output=True, check=False)


ACTIONS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "commit": _commit,
    "branch": _git("branch", "-f", "other", "main"),
    "branch with the name of an object": _git("branch", "-f", "0abc", "main"),
    "branch with a slash": _git("branch", "-f", "a/b", "main"),
    "delete branch": _git("branch", "-D", "other"),
    "tag": _git("tag", "-f", "-a", "-m", "x", "v1", "main"),
    "tag with the name of a branch": _git("tag", "-f", "main", "other"),
    "tag `HEAD`": _git("update-ref", "refs/tags/HEAD", "other"),
    "file `main`": _write_file("main", b"ref: refs/heads/other\n"),
    "remove file `main`": _remove_first("main"),
    "pack the references": _git("pack-refs", "--all"),
    "repack": _git("repack", "-adq"),
    "prune": _git("prune", "--expire=now"),
    "commit graph": _git("commit-graph", "write", "--reachable"),
    "multi-pack index": _git("multi-pack-index", "write"),
    "detach": _git("update-ref", "--no-deref", "HEAD", "main"),
    "HEAD is other": _git("symbolic-ref", "HEAD", "refs/heads/other"),
    "HEAD is main": _git("symbolic-ref", "HEAD", "refs/heads/main"),
    "main is other": _git("symbolic-ref", "refs/heads/main", "refs/heads/other"),
    "main is broken": _write_file("refs/heads/main", b"x\n"),
    "main is empty": _write_file("refs/heads/main", b""),
    "main has an unknown object": _write_file("refs/heads/main", b"0" * 39 + b"1\n"),
    "main is removed": _remove_first("refs/heads/main"),
    "packed-refs is broken": _write_file("packed-refs", b"x\n"),
    "packed-refs is removed": _remove_first("packed-refs"),
    "replace": _git("replace", "-f", "main", "other"),
    "remove replacement": _git("replace", "-d", "main"),
    "shallow": _write_file("shallow", b"x\n"),
    "not shallow": _remove_first("shallow"),
    "bad configuration": _git("config", "core.repositoryFormatVersion", "9"),
    "good configuration": _git("config", "core.repositoryFormatVersion", "0"),
    "broken configuration": _write_file("config", b"["),
    "object is removed": _remove_first("objects/??/*"),
    "object is damaged": _damage_last("objects/??/*"),
    "pack is removed": _remove_first("objects/pack/*.pack"),
    "pack index is removed": _remove_first("objects/pack/*.idx"),
    "pack is damaged": _damage_last("objects/pack/*.pack"),
    "commit graph is damaged": _damage_last("objects/info/commit-graph"),
    "nested repository": _git("init", "-q", ".git"),
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(USUAL)), st.lists(st.sampled_from(sorted(ACTIONS)), min_size=1, max_size=8))
def test_same_state_resolves_to_same_trees(kind: str, actions: list[str]) -> None:
    """After each action, a state with the same digest must resolve to the same tree as git."""
    with TemporaryDirectory() as directory:
        place = USUAL[kind](Path(directory).resolve() / "r.git")
        git(place, "branch", "other")
        _commit(place)
        inside = place / ".git" if kind == "work tree" else place
        trees_by_state: dict[str, str] = {}
        for action in ("nothing", *actions):
            ACTIONS[action](inside)
            time.sleep(TICK)
            for rev in REVISIONS:
                if not (state := state_of(place, rev)):
                    continue
                now = resolve(place, rev)
                for tree in {*trees_by_state.values()}:
                    if trees_by_state.get(state.digest(tree)) == tree:
                        assert now == tree, (action, rev)
                if now:
                    trees_by_state[state.digest(now)] = now
