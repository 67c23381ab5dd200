"""Compares the results of structlint for real repositories with the judgement of people.

    python tests/judgement/score.py DIRECTORY choice      the layouts that structlint chooses
    python tests/judgement/score.py DIRECTORY findings    the findings of the chosen layouts, with verdicts
    python tests/judgement/score.py DIRECTORY precision   the share of findings that are useful
    python tests/judgement/score.py DIRECTORY recall      the share of the experts' remarks that are found

DIRECTORY contains the repositories as bare git directories: `OWNER+NAME/repo` or `OWNER+NAME.git`. Missing
repositories are skipped and listed. Names after the command select repositories, `--aside` scores the
held-out ones, `--all` both. With `--init`, the layout is the one that `structlint init` writes.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml

from structlint.checking.project import open_projects
from structlint.checking.request import Request
from structlint.finding import Finding
from structlint.layout.bundled import LANGUAGES
from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.suggest.choice import choose
from structlint.tree import Tree

HERE = Path(__file__).parent


class Repository(NamedTuple):
    """The description of a repository, written before anything was run on it."""

    name: str
    right: tuple[frozenset[str], ...]
    also: frozenset[str]
    aside: bool

    @classmethod
    def read(cls, name: str, said: dict[str, object]) -> Repository:
        right = tuple(frozenset(each.split(" | ")) for each in said["is"])  # type: ignore[attr-defined]
        return cls(name, right, frozenset(said["may"]), bool(said.get("aside")))  # type: ignore[call-overload]

    def is_right(self, chosen: set[str]) -> bool:
        """Whether the chosen layouts are correct: all required ones, and none of another kind."""
        chosen = chosen | {part for name in chosen for part in PARTS.get(name, ())}
        allowed = self.also.union(
            *self.right, *(PARTS.get(name, ()) for name in chosen if name in self.named())
        )
        return all(chosen & each for each in self.right) and chosen - set(LANGUAGES) <= allowed

    def named(self) -> frozenset[str]:
        return self.also.union(*self.right)


# The layouts that the choice of a layout implies.
PARTS = {
    "python-service": ("python", "service"),
    "django": ("python",),
    "flask": ("python", "service", "python-service"),
    "kedro": ("python",),
    "mlops": ("python",),
    "nextjs": ("node",),
    "web-app": ("node",),
}


class Verdict(NamedTuple):
    """The verdict of a person on a finding, without knowledge of the layout that caused it."""

    path: str
    rule: str
    keep: bool
    why: str


def repositories(which: str) -> list[Repository]:
    listed = yaml.safe_load((HERE / "repositories.yaml").read_text(encoding="utf-8"))
    every = [Repository.read(name, said) for name, said in listed.items()]
    return [each for each in every if which == "all" or each.aside == (which == "aside")]


def judged(name: str) -> dict[str, object]:
    """The file with the remarks of an expert on a repository, or an empty mapping."""
    file = HERE / "verdicts" / f"{name.replace('/', '+')}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def verdicts(name: str) -> dict[tuple[str, str], Verdict]:
    found = judged(name).get("verdicts") or []
    read = [Verdict(each["path"], each["rule"], each["keep"], each.get("why", "")) for each in found]  # type: ignore[attr-defined]
    return {(each.path, each.rule): each for each in read}


def tree_of(top: Path, name: str) -> Tree | None:
    """The tree of a repository at the judged commit, or at its newest one."""
    flat = name.replace("/", "+")
    place = next((each for each in (top / flat / "repo", top / f"{flat}.git") if each.exists()), None)
    if place is None:
        return None
    commit = str(judged(name).get("commit", "HEAD"))
    return open_projects(Request(paths=(str(place),), rev=commit, layout="base"))[0].tree


def findings(tree: Tree, chosen: list[str]) -> list[Finding]:
    """The findings of the chosen layouts for a tree, or of the rules that need no layout."""
    if not chosen:
        return checked(tree, b"tree: {.: {unlisted: allow}}\n")
    return checked(tree, f"extends: [{', '.join(chosen)}]\n".encode())


def checked(tree: Tree, layout: bytes) -> list[Finding]:
    survey = match(load(LayoutSource(lambda path: layout), "structlint.yaml"), tree, own=["structlint.yaml"])
    return engine.check(survey, {name_of(rule) for rule in RULES}, date(2026, 1, 1), lambda rule, error: None)


def found_in(tree: Tree, options: argparse.Namespace) -> list[Finding]:
    """The findings of the layouts chosen for a tree, or of the layout that `init` writes."""
    if options.init:
        from learned import findings as findings_of
        from learned import learned

        return findings_of(learned(tree).layout, tree)
    return findings(tree, [each.name for each in choose(tree)])


def present(options: argparse.Namespace) -> Iterator[tuple[Repository, Tree]]:
    for repository in repositories(options.which):
        if options.names and not any(each in repository.name for each in options.names):
            continue
        tree = tree_of(options.directory, repository.name)
        if tree is None:
            print(f"{repository.name}: not here", file=sys.stderr)
        else:
            yield repository, tree


def choice(options: argparse.Namespace) -> None:
    right = number = 0
    for repository, tree in present(options):
        choices = choose(tree)
        good = repository.is_right({each.name for each in choices})
        right, number = right + good, number + 1
        print(f"{'right' if good else 'WRONG'} {repository.name}: {'; '.join(map(str, choices)) or 'none'}")
    print(f"choice: {right} of {number}")


def show(options: argparse.Namespace) -> None:
    for repository, tree in present(options):
        known = verdicts(repository.name)
        chosen = [each.name for each in choose(tree)]
        print(f"## {repository.name}: {', '.join(chosen) or 'none'}")
        for finding in found_in(tree, options):
            verdict = known.get((finding.path, finding.rule))
            said = "?" if verdict is None else "keep" if verdict.keep else "noise"
            print(f"{said:5} {finding.path}: {finding.severity}: {finding.message} [{finding.rule}]")


def precision(options: argparse.Namespace) -> None:
    by_rule: dict[str, Counter[str]] = {}
    per_repository = []
    for repository, tree in present(options):
        known = verdicts(repository.name)
        found = found_in(tree, options)
        per_repository.append(len(found))
        for finding in found:
            verdict = known.get((finding.path, finding.rule))
            said = "unjudged" if verdict is None else "keep" if verdict.keep else "noise"
            by_rule.setdefault(finding.rule, Counter())[said] += 1
    total: Counter[str] = sum(by_rule.values(), Counter())
    for rule, count in [*sorted(by_rule.items()), ("all", total)]:
        judged_ = count["keep"] + count["noise"]
        share = f"{count['keep'] / judged_:4.0%}" if judged_ else "   -"
        print(f"{rule:24} keep {count['keep']:4} of {judged_:4} {share}, unjudged {count['unjudged']}")
    silent = per_repository.count(0)
    print(f"{len(per_repository)} repositories, {sum(per_repository)} findings, {silent} without one")


def recall(options: argparse.Namespace) -> None:
    hit = number = 0
    for repository, tree in present(options):
        paths = {each.path for each in found_in(tree, options)}
        for remark in judged(repository.name).get("expert") or []:  # type: ignore[attr-defined]
            caught = any(path in paths for path in remark["paths"])
            hit, number = hit + caught, number + 1
            print(f"{'found ' if caught else 'MISSED'} {repository.name}: {remark['says']}")
    print(f"recall: {hit} of {number}")


COMMANDS = {"choice": choice, "findings": show, "precision": precision, "recall": recall}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--aside", dest="which", action="store_const", const="aside", default="worked")
    parser.add_argument("--all", dest="which", action="store_const", const="all")
    parser.add_argument("--init", action="store_true", help="with the layout that `init` writes")
    options = parser.parse_args()
    COMMANDS[options.command](options)


if __name__ == "__main__":
    main()
