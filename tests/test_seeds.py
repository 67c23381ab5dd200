"""Five real structure documents as layouts: the drawn tree passes, and each rule in the text is enforced.

For each document, `seeds/` contains the layout and the drawn tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from structlint.finding import Finding
from structlint.layout.load import load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.text.paths import parent
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn

SEEDS = Path(__file__).parent / "seeds"
NAMES = ("python-service", "clean-architecture", "monorepo", "mlops", "microservices")
ALL = frozenset(name_of(rule) for rule in RULES)
IGNORES = ".env\n.env.production\n.env.staging\nmodel_cache/\n.venv/\n"

# Directories in which the layouts allow more entries of the same kind.
OPEN = {
    "python-service": {"app/api/"},
    "monorepo": {"packages/@azora/"},
    "microservices": {"data-pipeline/sensor-adapters/"},
    "clean-architecture": set[str](),
    "mlops": set[str](),
}


@cache
def load_seed(name: str) -> Layout:
    return load(LayoutSource(lambda path: (SEEDS / path).read_bytes()), f"{name}.yaml")


@cache
def drawn_paths(name: str) -> tuple[str, ...]:
    """Every path in the drawn tree; directories end with "/"."""
    tree = drawn((SEEDS / f"{name}.tree").read_text(encoding="utf-8"))
    assert isinstance(tree.source, Drawn)
    return tuple(sorted({*tree.files, *tree.source.directories}))


def files(name: str) -> set[str]:
    """The files of a repository that matches the drawn tree, with at least one in each directory."""
    paths = drawn_paths(name)
    found = {path for path in paths if not path.endswith("/")} | {".gitignore"}
    directories = [path for path in paths if path.endswith("/")]
    if name == "monorepo":  # "a README in every directory"
        found.update(f"{path}README.md" for path in directories)
    found.update(f"{d}.gitkeep" for d in directories if not any(file.startswith(d) for file in found))
    return found


def check_paths(
    name: str, paths: Iterable[str], ignores: str = IGNORES, rules: Collection[str] = ALL
) -> list[Finding]:
    source = Drawn({".gitignore": ignores.encode()}, frozenset())
    tree = Tree(tuple(sorted(paths)), source, in_git=True)
    return check(match(load_seed(name), tree), rules, date(2026, 1, 1))


def summarize(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.path) for finding in findings]


@pytest.mark.parametrize("name", NAMES)
def test_drawn_tree_passes(name: str) -> None:
    assert summarize(check_paths(name, files(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_drawn_path_is_required(name: str) -> None:
    whole = files(name)
    for removed in separate(drawn_paths(name)):
        remaining = {file for file in whole if not file.startswith(removed)}
        remaining.update(
            f"{parent}.gitkeep"
            for parent in {parent for path in removed for parent in parents(path)}
            if not any(f.startswith(parent) for f in remaining)
        )
        findings = check_paths(name, remaining, rules={"missing-file", "missing-directory"})
        assert len(findings) == len(removed)
        for path in removed:
            rule = "missing-directory" if path.endswith("/") else "missing-file"
            above, base_name = parent(path.rstrip("/")), path.rpartition("/")[2] or path
            of_rule = [each for each in findings if each.rule == rule and each.path.startswith(above)]
            assert any(each.path == path or base_name in each.message for each in of_rule), path


def separate(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Groups of paths that can be missing at the same time: of one depth, and not next to each other."""
    groups: dict[tuple[int, int], list[str]] = {}
    for number, path in enumerate(paths):
        groups.setdefault((path.rstrip("/").count("/"), number % 3), []).append(path)
    return list(map(tuple, groups.values()))


def parents(path: str) -> Iterator[str]:
    """The parent directories of a path."""
    at = path.find("/")
    while 0 <= at < len(path) - 1:
        yield path[: at + 1]
        at = path.find("/", at + 1)


@pytest.mark.parametrize("name", NAMES)
def test_other_paths_are_unlisted(name: str) -> None:
    whole = files(name)
    paths = drawn_paths(name)
    closed = {parent for path in paths if path.endswith("/") for parent in parents(path)} - OPEN[name]
    added = {f"{directory}zzz/README.md" for directory in ("", *closed)}
    expected = sorted(("stray-directory", path.removesuffix("README.md")) for path in added)
    assert sorted(summarize(check_paths(name, whole | added))) == expected
    assert summarize(check_paths(name, whole | {"zzz.txt"})) == [("stray-file", "zzz.txt")]


# A layout, the added and removed paths, and the rule that reports it, with the path if it is different.
BROKEN = [
    ("python-service", "+app/api/v3/a.py", ""),
    ("python-service", "+app/api/next/a.py", "stray-directory app/api/next/"),
    ("python-service", "+config/environments/qa.yaml", "stray-file"),
    ("python-service", "+fix_data.py", "misplaced-file"),
    ("python-service", "+001_init.sql", "misplaced-file"),
    ("python-service", "+test_api.py", "misplaced-file"),
    ("python-service", "+app/main.tf", "misplaced-file"),
    ("python-service", "+.env", "tracked-local"),
    ("python-service", "-tests/e2e/ +tests/e2", "missing-directory"),
    ("clean-architecture", "-src/core/domain/__init__.py", "missing-file"),
    ("clean-architecture", "+src/services/billing_service.py", ""),
    ("clean-architecture", "+src/api/v2/a.py", "missing-file src/api/v2/__init__.py"),
    ("clean-architecture", "+tests/unit/domain.py", "stray-file"),
    ("clean-architecture", "+tests/unit/test_domain.py", ""),
    ("clean-architecture", "+config/qa.yaml", "stray-file"),
    ("clean-architecture", "+src/main.tf", "misplaced-file"),
    ("clean-architecture", "-README.md +readme.md", "missing-file"),
    ("monorepo", "+apps/pay-ui/jest.config.js", "misplaced-file"),
    ("monorepo", "+infrastructure/docker/docker-compose.yml", "misplaced-file"),
    ("monorepo", "+.env.production", "tracked-local"),
    ("monorepo", "+services/azora-mint/.env.staging", "tracked-local"),
    ("monorepo", "+.archive/services/azora-mint/README.md", "forbidden-path .archive/services/azora-mint/"),
    ("monorepo", "+.archive/apps/pay-ui/README.md", "forbidden-path .archive/apps/pay-ui/"),
    ("monorepo", "+.archive/tests/README.md", "forbidden-path .archive/tests/"),
    ("monorepo", "+.archive/configs/production.json", "forbidden-path"),
    ("monorepo", "+.archive/services/azora-chat/README.md", ""),
    ("monorepo", "+services/chat/README.md", "stray-directory services/chat/"),
    ("monorepo", "+packages/@other/README.md", "stray-directory packages/@other/"),
    ("monorepo", "-docs/examples/README.md +docs/examples/a.md", "missing-file"),
    (
        "monorepo",
        "+services/azora-mint/src/models/deep/a.ts",
        "missing-file services/azora-mint/src/models/deep/README.md",
    ),
    ("mlops", "+.github/workflows/nightly.yml", "stray-file"),
    ("mlops", "+src/explore.ipynb", "misplaced-file"),
    ("mlops", "+docker-compose.yml", "misplaced-file"),
    ("mlops", "+ops/k8s/overlays/qa/a.yaml", "stray-directory ops/k8s/overlays/qa/"),
    ("mlops", "+model_cache/bert.bin", "tracked-local model_cache/"),
    ("mlops", "+mlruns/0/meta.yaml", "stray-directory mlruns/"),
    ("microservices", "-services/api-gateway/package.json +services/api-gateway/requirements.txt", ""),
    ("microservices", "-services/auth-service/.env.example", "missing-file"),
    ("microservices", "+services/chat-service/README.md", "stray-directory services/chat-service/"),
    ("microservices", "+services/auth-service/.env", "tracked-local"),
    ("microservices", "+data-pipeline/sensor-adapters/clarity/a.py", ""),
    ("microservices", "+config/environments/qa.yaml", "stray-file"),
    ("microservices", "+ml/main.tf", "misplaced-file"),
    ("microservices", "+api-contracts/openapi/v2/a.yaml", ""),
]


@pytest.mark.parametrize(("name", "change", "found"), BROKEN)
def test_each_rule_is_enforced(name: str, change: str, found: str) -> None:
    removed = tuple(each[1:] for each in change.split() if each.startswith("-"))
    added = {each[1:] for each in change.split() if each.startswith("+")}
    filled = {f"{parent(path)}.gitkeep" for path in added}
    remaining = {path for path in files(name) if not path.startswith(removed)} - filled | added
    rule, _, path = found.partition(" ")
    assert summarize(check_paths(name, remaining)) == (
        [(rule, path or change.split()[0][1:])] if found else []
    )


def test_number_of_root_files_is_limited() -> None:
    more = {f"tsconfig.{number}.json" for number in range(11)}
    assert summarize(check_paths("monorepo", files("monorepo") | more)) == [("too-many-files", "./")]


def test_environment_files_must_be_ignored() -> None:
    findings = check_paths("monorepo", files("monorepo"), ignores=".env\n")
    assert [finding.message.split()[0] for finding in findings] == ["`.env.production`", "`.env.staging`"]
