"""The bundled layouts: their pages, and repositories with drift planted in them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Git

from structlint.checking.pages import examples
from structlint.finding import Finding
from structlint.layout.bundled import BUNDLED
from structlint.layout.entry import entries
from structlint.layout.load import bundled_layout
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

PAGES = Path(__file__).parent.parent / "docs" / "layouts"
KINDS = [name for name in BUNDLED if name not in ("base", "usual")]
IGNORED = ".env\n*.log\nnode_modules/\n"

# What each kind of repository holds when nothing is wrong with it.
CLEAN = {
    "python-service": """
        README.md LICENSE pyproject.toml uv.lock Dockerfile .dockerignore compose.yaml .env.example
        .github/workflows/ci.yml .pre-commit-config.yaml alembic.ini migrations/env.py docs/index.md
        app/__init__.py app/main.py app/api/__init__.py app/api/v1/__init__.py app/api/v1/users.py
        app/core/__init__.py app/core/config.py app/services/__init__.py app/services/billing.py
        tests/conftest.py tests/unit/test_billing.py tests/integration/test_api.py
        config/environments/production.yaml scripts/seed.py
    """,
    "clean-architecture": """
        README.md LICENSE go.mod go.sum Makefile Dockerfile .golangci.yml docs/architecture.md
        src/domain/order.go src/application/place_order.go src/infrastructure/postgres/orders.go
        src/api/v1/orders.go src/main/main.go src/modules/billing/domain/invoice.go
        src/modules/billing/application/issue.go src/modules/billing/infrastructure/invoices.go
        tests/unit/order_test.go tests/e2e/checkout_test.go config/environments/staging.yaml
        k8s/base/kustomization.yaml k8s/overlays/staging/kustomization.yaml
    """,
    "monorepo": """
        README.md LICENSE package.json pnpm-lock.yaml pnpm-workspace.yaml turbo.json tsconfig.json
        .github/workflows/ci.yml .changeset/config.json .nvmrc docs/README.md e2e/checkout.spec.ts
        apps/web/package.json apps/web/README.md apps/web/src/index.ts apps/web/public/icon.svg
        apps/admin/package.json apps/admin/src/index.ts
        services/billing/package.json services/billing/src/index.ts
        packages/ui/package.json packages/ui/README.md packages/ui/src/button.tsx
        packages/@acme/types/package.json packages/@acme/types/src/index.ts
        .archive/services/invoices/README.md
    """,
    "mlops": """
        README.md LICENSE pyproject.toml poetry.lock dvc.yaml dvc.lock params.yaml .dvcignore
        .github/workflows/ci.yml .github/workflows/cd.yml .github/workflows/security.yml
        src/data/load.py src/features/build.py src/models/training/train.py src/api/main.py
        tests/unit/test_features.py configs/model.yaml data/raw/.gitkeep notebooks/01_explore.ipynb
        model_artifacts/features.txt ops/docker/api/Dockerfile ops/k8s/base/deployment.yaml
        ops/k8s/overlays/staging/patch.yaml
    """,
    "microservices": """
        README.md LICENSE Makefile docker-compose.yml .github/workflows/ci.yml docs/README.md
        services/README.md services/auth/README.md services/auth/go.mod services/auth/Dockerfile
        services/auth/src/main.go services/billing/README.md services/billing/package.json
        services/billing/tests/tax.test.js services/billing/.env.example services/redis/redis.conf
        shared/proto/billing.proto tests/contract/billing.js infrastructure/terraform/main.tf
        k8s/base/kustomization.yaml k8s/overlays/production/kustomization.yaml
        .archive/services/invoices/README.md
    """,
}


class Plant(NamedTuple):
    """Drift: what is taken away (with all below it), what is put there, and what is to be found of it."""

    rule: str
    path: str
    severity: str = "error"
    gone: str = ""
    put: str = ""


def missing(path: str, severity: str = "error") -> Plant:
    rule = "missing-directory" if path.endswith("/") else "missing-file"
    return Plant(rule, path, severity, gone=path)


def found(rule: str, path: str, put: str = "", severity: str = "error") -> Plant:
    return Plant(rule, path, severity, put=put or path)


EVERYWHERE = [
    missing("README.md"),
    found("stray-file", "notes.txt"),
    found("stray-directory", "old_stuff/", "old_stuff/a.txt"),
    found("misplaced-file", "meeting.md"),
    found("tracked-local", ".env"),
    found("too-many-files", "./", " ".join(f"requirements-{n}.txt" for n in range(20)), "warning"),
]
PLANTED = {
    "python-service": [
        *EVERYWHERE,
        missing("pyproject.toml"),
        missing("tests/", "warning"),
        found("bad-name", "app/services/userMailer.py"),
        found("bad-name", "app/api/V2/", "app/api/V2/README.md"),
        found("missing-file", "app/models/__init__.py", "app/models/user.py"),
        found("bad-name", "config/environments/Staging.yaml"),
        found("misplaced-file", "test_smoke.py"),
        found("misplaced-file", "fix_users.py"),
        found("forbidden-path", "app/main.py.orig"),
        found("forbidden-path", "app/__pycache__/", "app/__pycache__/main.cpython-312.pyc"),
        found("tracked-local", "app/.env"),
        found("tracked-ignored", "app/debug.log", severity="warning"),
    ],
    "clean-architecture": [
        *EVERYWHERE,
        missing("src/application/"),
        missing("src/modules/billing/domain/"),
        missing("tests/", "warning"),
        Plant("missing-file", "pyproject.toml", "warning", gone="go.mod"),
        found("missing-file", "k8s/overlays/qa/kustomization.yaml", "k8s/overlays/qa/patch.yaml"),
        found("bad-name", "config/environments/Production.yaml"),
        found("misplaced-file", "schema.sql"),
        found("forbidden-path", ".DS_Store"),
    ],
    "monorepo": [
        *EVERYWHERE,
        missing("packages/"),
        missing("packages/ui/package.json"),
        found("bad-name", "apps/AdminPanel/", "apps/AdminPanel/README.md"),
        found("bad-name", "packages/MyTools/", "packages/MyTools/package.json"),
        found("misplaced-file", "packages/ui/nx.json"),
        found("forbidden-path", "apps/web/package-lock.json"),
        found("forbidden-path", "packages/ui/node_modules/", "packages/ui/node_modules/x/index.js"),
        found("forbidden-path", "apps/web/.env.production"),
        found("forbidden-path", ".archive/services/billing/", ".archive/services/billing/README.md"),
        found("tracked-local", "apps/web/.env"),
    ],
    "mlops": [
        *EVERYWHERE,
        missing("src/"),
        missing("pyproject.toml", "warning"),
        missing("dvc.lock"),
        missing("ops/k8s/base/"),
        missing("tests/", "warning"),
        found("bad-name", "src/trainModel.py"),
        found("misplaced-file", "src/data/explore.ipynb"),
        found("misplaced-file", "train.csv"),
        found("forbidden-path", "model_cache/", "model_cache/bert/weights.bin"),
        found("forbidden-path", "mlruns/", "mlruns/0/meta.yaml"),
        found("forbidden-path", "src/models/best.ckpt"),
    ],
    "microservices": [
        *EVERYWHERE,
        missing("services/"),
        missing("services/billing/package.json"),
        missing("services/auth/README.md", "warning"),
        missing("k8s/base/"),
        found("bad-name", "services/MailJob/", "services/MailJob/go.mod services/MailJob/README.md"),
        found("misplaced-file", "main.tf"),
        found("misplaced-file", "billing.proto"),
        found("forbidden-path", "services/auth/main.go.rej"),
        found("forbidden-path", ".archive/services/auth/", ".archive/services/auth/README.md"),
        found("tracked-local", "services/billing/.env"),
    ],
}


@cache
def bundled(name: str) -> Layout:
    return bundled_layout(name)


def checked(layout: Layout, tree: Tree) -> list[Finding]:
    survey = match(layout, tree, own=["structlint.yaml"])
    return check(survey, {name_of(rule) for rule in RULES}, date(2026, 1, 1))


def drifted(name: str, *plants: Plant) -> set[str]:
    """The files of a clean repository with drift planted in it."""
    gone = [plant.gone for plant in plants if plant.gone]
    left = {path for path in CLEAN[name].split() if not path.startswith(tuple(gone))}
    return left | {".gitignore"} | {path for plant in plants for path in plant.put.split()}


def tree_of(files: set[str]) -> Tree:
    source = Drawn({".gitignore": IGNORED.encode()}, frozenset())
    return Tree(tuple(sorted(files)), source, in_git=True, ignored=source.would_ignore(files))


def told(findings: list[Finding]) -> list[Plant]:
    return [Plant(each.rule, each.path, str(each.severity)) for each in findings]


def alone(plant: Plant) -> Plant:
    return plant._replace(gone="", put="")


ALL = [
    pytest.param(name, plant, id=f"{name}-{plant.rule}-{plant.path}")
    for name in KINDS
    for plant in PLANTED[name]
]


@pytest.mark.parametrize("name", KINDS)
def test_a_clean_repository_passes(name: str) -> None:
    assert checked(bundled(name), tree_of(drifted(name))) == []


@pytest.mark.parametrize(("name", "plant"), ALL)
def test_what_is_planted_is_found_and_nothing_else(name: str, plant: Plant) -> None:
    assert told(checked(bundled(name), tree_of(drifted(name, plant)))) == [alone(plant)]


def together(name: str) -> list[Plant]:
    """The drift that can be planted at once: nothing goes in which something else is planted."""
    plants = PLANTED[name]

    def touched(plant: Plant) -> str:
        return plant.put or plant.gone

    return [
        plant
        for plant in plants
        if not plant.gone
        or not any(touched(other).startswith(plant.gone) for other in plants if other is not plant)
    ]


def written(files: set[str]) -> dict[str, str]:
    return {path: IGNORED if path == ".gitignore" else "" for path in files}


def printed(directory: Path, name: str) -> tuple[int, str]:
    arguments = ["check", ".", "-q", "--layout", name, "--output-format", "concise"]
    command = [sys.executable, "-m", "structlint", *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def read(line: str) -> Plant:
    parts = re.fullmatch(r"([^:]+): (error|warning): .* \[([a-z-]+)\] -- .+", line)
    assert parts, line
    return Plant(parts[3], parts[1], parts[2])


@pytest.mark.parametrize("name", KINDS)
def test_a_git_repository_with_all_that_drift(name: str, repository: Callable[..., Git]) -> None:
    plants = together(name)
    assert len(plants) > 10
    git = repository(written(drifted(name, *plants)))
    status, output = printed(git.path, name)
    assert (status, sorted(map(read, output.splitlines()))) == (1, sorted(map(alone, plants)))


@pytest.mark.parametrize("name", KINDS)
def test_a_git_repository_that_is_clean(name: str, repository: Callable[..., Git]) -> None:
    git = repository(written(drifted(name)))
    assert printed(git.path, name) == (0, "")


@pytest.mark.parametrize("name", BUNDLED)
def test_only_services_and_apps_stand_in_several_places(name: str) -> None:
    """A placeholder in two places ties them: what is not meant so has a name of its own."""
    layout = bundled(name)
    ties = layout.ties
    assert {placeholder for tied in ties.tied.values() for placeholder in tied} <= {"service", "app"}


@pytest.mark.parametrize("name", BUNDLED)
def test_every_entry_says_what_it_is_for(name: str) -> None:
    for _, entry in entries(bundled(name).root):
        assert entry.about or entry.forbidden or str(entry.key) == "**/", f"{entry.place}: {entry.key}"


@pytest.mark.parametrize("name", BUNDLED)
def test_a_page_shows_what_passes_and_what_does_not(name: str) -> None:
    shown = examples(PAGES / f"{name}.md")
    assert {bool(example.output) for example in shown} == {True, False}
    assert all(name in (example.layout or "").split() for example in shown)
