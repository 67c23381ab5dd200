"""The bundled layouts: their pages, and repositories with drift planted in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Git, Run

from structlint.checking.pages import examples
from structlint.finding import Finding
from structlint.layout.bundled import BUNDLED, GENERAL
from structlint.layout.entry import entries
from structlint.layout.load import bundled_layout
from structlint.layout.model import Layout
from structlint.layout.validate import contradictions
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

PAGES = Path(__file__).parent.parent / "docs" / "layouts"
KINDS = [name for name in BUNDLED if name not in GENERAL]
IGNORED = ".env\n*.out\nnode_modules/\n"

# What each kind of repository holds when nothing is wrong with it.
CLEAN = {
    "python": """
        README.md LICENSE pyproject.toml uv.lock requirements-dev.txt noxfile.py scripts/build-docs.py
        parcel/__init__.py parcel/app.py parcel/orders/__init__.py parcel/orders/models.py
        parcel/templates/a.html parcel/migrations/0001_first.py
        src/other/__init__.py src/other/deep/__init__.py src/other/deep/x.py
        tests/test_app.py tests/unit/test_orders.py docs/conf.py
        parcel/migrations/versions/1a2b_add_a_long_name_.py parcel/revisions/core/env.py
        tests/unit/data/a-1.0-py3-none-any.whl
    """,
    "node": """
        README.md LICENSE package.json package-lock.json tsconfig.json index.ts .eslintrc.json knip.json
        src/index.ts src/components/Button.tsx test/button.test.ts public/favicon.ico
        test/app/.env.local test/app/localhost.p12 a.yaml-sample
    """,
    "go": "README.md LICENSE go.mod go.sum main.go cmd/server/main.go internal/a/a.go internal/a/a_test.go",
    "jvm": """
        README.md pom.xml mvnw .mvn/wrapper/maven-wrapper.properties src/main/java/shop/Order.java
        src/main/java/shop/package-info.java src/test/java/shop/OrderTest.java src/main/resources/a.yaml
    """,
    "dotnet": """
        README.md package-readme.md docs/a.md Shop.sln Shop.snk Directory.Build.props global.json
        src/Shop.Domain/Shop.Domain.csproj src/Shop.Domain/Order.cs src/Shop.Api/Shop.Api.csproj
        tests/Shop.Tests/Shop.Tests.csproj
    """,
    "rust": "README.md LICENSE Cargo.toml Cargo.lock src/lib.rs src/parse_tree.rs tests/parse.rs",
    "library": """
        README.md LICENSE CHANGELOG.md CONTRIBUTING.md pyproject.toml src/parcel/__init__.py
        tests/test_parcel.py docs/index.md .github/workflows/ci.yml
    """,
    "service": """
        README.md package.json package-lock.json Dockerfile compose.yaml .env.example config/production.yaml
        src/a.js src/a.test.js
    """,
    "python-service": """
        README.md LICENSE pyproject.toml uv.lock Dockerfile .dockerignore compose.yaml .env.example
        .github/workflows/ci.yml .pre-commit-config.yaml alembic.ini migrations/env.py docs/index.md
        app/__init__.py app/main.py app/api/__init__.py app/api/v1/__init__.py app/api/v1/users.py
        app/core/__init__.py app/core/config.py app/services/__init__.py app/services/billing.py
        tests/conftest.py tests/unit/test_billing.py tests/integration/test_api.py
        config/environments/production.yaml scripts/seed.py
    """,
    "django": """
        README.md requirements.txt manage.py shop/__init__.py shop/settings.py
        orders/__init__.py
        orders/models.py orders/migrations/__init__.py orders/migrations/0001_initial.py
        orders/tests/test_a.py
        apps/users/__init__.py apps/users/apps.py templates/base.html static/a.css
    """,
    "flask": """
        README.md requirements.txt wsgi.py .flaskenv config.py app/__init__.py app/models.py
        app/auth/__init__.py app/auth/routes.py app/templates/index.html tests/test_auth.py
    """,
    "nextjs": """
        README.md package.json pnpm-lock.yaml next.config.js tsconfig.json postcss.config.js components.json
        src/app/page.tsx src/app/layout.tsx src/lib/db.ts src/lib/db.test.ts public/favicon.ico middleware.ts
    """,
    "web-app": """
        README.md package.json pnpm-lock.yaml vite.config.ts tsconfig.json index.html public/favicon.ico
        src/main.tsx src/App.tsx src/components/Button.tsx e2e/start.spec.ts
    """,
    "clean-architecture": """
        README.md LICENSE go.mod go.sum Makefile Dockerfile .golangci.yml docs/architecture.md
        src/domain/order.go src/application/place_order.go src/infrastructure/postgres/orders.go
        src/api/v1/orders.go src/main/main.go src/modules/billing/domain/invoice.go
        src/modules/billing/application/issue.go src/modules/billing/infrastructure/invoices.go
        tests/unit/order_test.go tests/e2e/checkout_test.go config/environments/staging.yaml
        k8s/base/kustomization.yaml k8s/overlays/staging/kustomization.yaml
    """,
    "microservices": """
        README.md LICENSE Makefile docker-compose.yml .github/workflows/ci.yml docs/README.md
        services/README.md services/auth/README.md services/auth/go.mod services/auth/Dockerfile
        services/auth/src/main.go services/billing/README.md services/billing/package.json
        services/billing/tests/tax.test.js services/billing/.env.example services/redis/redis.conf
        shared/proto/billing.proto tests/contract/billing.js infrastructure/terraform/main.tf
        k8s/base/kustomization.yaml k8s/overlays/production/kustomization.yaml
        .archive/services/invoices/README.md mail-service/pom.xml mail-service/README.md proto/a.proto
        src/Basket.API/Basket.API.csproj src/shared/a.cs
    """,
    "monorepo": """
        README.md LICENSE package.json pnpm-lock.yaml pnpm-workspace.yaml turbo.json tsconfig.json
        .github/workflows/ci.yml .changeset/config.json .nvmrc docs/README.md e2e/checkout.spec.ts
        apps/web/package.json apps/web/README.md apps/web/src/index.ts apps/web/public/icon.svg
        apps/admin/package.json apps/admin/src/index.ts
        services/billing/package.json services/billing/src/index.ts
        packages/ui/package.json packages/ui/README.md packages/ui/src/button.tsx
        packages/@acme/types/package.json packages/@acme/types/src/index.ts
        .archive/apps/invoices/README.md
    """,
    "mlops": """
        README.md LICENSE pyproject.toml poetry.lock dvc.yaml dvc.lock params.yaml .dvcignore data.dvc
        .github/workflows/ci.yml .github/workflows/cd.yml .github/workflows/security.yml
        src/data/load.py src/features/build.py src/models/training/train.py src/api/main.py
        tests/unit/test_features.py configs/model.yaml data/raw/.gitkeep notebooks/01_explore.ipynb
        model_artifacts/features.txt ops/docker/api/Dockerfile ops/k8s/base/deployment.yaml
        ops/k8s/overlays/staging/patch.yaml
    """,
    "kedro": """
        README.md pyproject.toml conf/base/catalog.yml conf/base/parameters.yml conf/local/.gitkeep
        src/shop/__init__.py src/shop/pipeline_registry.py src/shop/pipelines/__init__.py notebooks/a.ipynb
    """,
    "dbt": """
        README.md dbt_project.yml packages.yml package-lock.yml models/staging/stg_orders.sql
        models/staging/schema.yml models/marts/orders.sql macros/cents.sql seeds/raw_orders.csv
    """,
    "terraform-module": """
        README.md LICENSE main.tf variables.tf outputs.tf versions.tf modules/endpoints/README.md
        modules/endpoints/main.tf modules/endpoints/variables.tf modules/endpoints/outputs.tf
        examples/simple/README.md examples/simple/main.tf
    """,
    "helm": """
        README.md LICENSE ct.yaml charts/shop/Chart.yaml charts/shop/values.yaml charts/shop/README.md
        charts/shop/templates/deployment.yaml charts/shop/charts/crds/Chart.yaml
    """,
    "gitops": """
        README.md clusters/production/flux-system/gotk-sync.yaml clusters/production/apps.yaml
        apps/base/shop/kustomization.yaml apps/production/kustomization.yaml
    """,
    "ansible-role": """
        README.md LICENSE defaults/main.yml handlers/main.yml meta/main.yml molecule/default/molecule.yml
        tasks/main.yml tasks/install.yml templates/app.conf.j2 vars/debian.yml
    """,
    "docs-site": "README.md LICENSE mkdocs.yml docs/index.md docs/guide/first-steps.md",
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
    found("forbidden-path", "old_stuff/", "old_stuff/a.txt"),
    found("forbidden-path", "a_backup.sql"),
    found("forbidden-path", "gitignore"),
    found("forbidden-path", "config/server.p12"),
    found("forbidden-path", ".github/ISSUE_TEMPLATE/PULL_REQUEST_TEMPLATE.md"),
    found("tracked-local", ".env"),
    found("too-many-files", "./", " ".join(f"requirements-{n}.txt" for n in range(40)), "warning"),
]
RECOMMENDING = [missing("README.md", "warning"), *EVERYWHERE[1:]]
PLANTED = {
    "python": [
        *RECOMMENDING,
        missing("parcel/orders/__init__.py"),
        missing("src/other/deep/__init__.py"),
        found("bad-name", "parcel/BadName.py"),
        found("bad-name", "src/other/BadName.py"),
        found("conflicting-entries", "poetry.lock"),
        found("forbidden-path", "htmlcov/", "htmlcov/index.html"),
        found("forbidden-path", "parcel/migrations/versions/1a2b_.py"),
    ],
    "node": [
        *RECOMMENDING,
        found("conflicting-entries", "package-lock.json", "yarn.lock"),
        found(
            "conflicting-entries",
            "web/package-lock.json",
            "web/package.json web/package-lock.json web/yarn.lock",
        ),
        found("forbidden-path", ".next/", ".next/a.js"),
        found("forbidden-path", "src/a.tsbuildinfo"),
    ],
    "go": [
        *RECOMMENDING,
        Plant("missing-file", "go.work", gone="go.mod"),
        found("forbidden-path", "coverage.out"),
    ],
    "jvm": [
        *RECOMMENDING,
        missing(".mvn/wrapper/maven-wrapper.properties"),
        found("bad-name", "src/main/java/shop/orderService.java"),
        found("forbidden-path", "target/", "target/a.jar"),
    ],
    "dotnet": [
        *RECOMMENDING,
        found("forbidden-path", ".vs/", ".vs/a"),
        found("forbidden-path", "bench/BenchmarkDotNet.Artifacts/", "bench/BenchmarkDotNet.Artifacts/a.md"),
        found("forbidden-path", "src/Shop.Api/obj/project.assets.json"),
    ],
    "rust": [
        *RECOMMENDING,
        Plant("missing-file", "**/Cargo.toml", gone="Cargo.toml"),
        found("bad-name", "src/ParseTree.rs"),
        found("forbidden-path", "target/", "target/debug/a.d"),
    ],
    "library": [
        *EVERYWHERE,
        Plant("missing-file", "LICENSE*", gone="LICENSE"),
        Plant("missing-directory", "tests/", gone="tests/"),
        found("conflicting-entries", "docs/", "documentation/a.md"),
    ],
    "service": [
        *EVERYWHERE,
        Plant("missing-directory", "tests/", gone="src/a.test.js"),
        found("forbidden-path", ".env.production"),
        Plant("missing-file", "package-lock.json", gone="package-lock.json"),
    ],
    "python-service": [
        *EVERYWHERE,
        Plant("missing-directory", "tests/", gone="tests/"),
        found("bad-name", "app/services/userMailer.py"),
        found("missing-file", "app/models/__init__.py", "app/models/user.py"),
        found("bad-name", "config/environments/Staging.yaml"),
        found("misplaced-file", "meeting.md"),
        found("misplaced-file", "fix_users.sh"),
        found("forbidden-path", "app/main.py.orig"),
        found("forbidden-path", "app/__pycache__/", "app/__pycache__/main.cpython-312.pyc"),
        found("tracked-local", "app/.env"),
        found("tracked-ignored", "app/debug.out", severity="warning"),
    ],
    "django": [
        *EVERYWHERE,
        missing("orders/migrations/__init__.py"),
        found("missing-file", "orders/services/__init__.py", "orders/services/pay.py"),
        found("bad-name", "orders/Views.py"),
        found("forbidden-path", "db.sqlite3"),
    ],
    "flask": [
        *EVERYWHERE,
        missing("app/auth/__init__.py"),
        found("forbidden-path", "app.db"),
        found("forbidden-path", "instance/", "instance/a.py"),
    ],
    "nextjs": [
        *RECOMMENDING,
        Plant("missing-file", "package-lock.json", "warning", gone="pnpm-lock.yaml"),
        Plant("missing-directory", "app/", gone="src/app/"),
        found("forbidden-path", ".next/", ".next/a.js"),
    ],
    "web-app": [
        *RECOMMENDING,
        Plant("missing-file", "package-lock.json", gone="pnpm-lock.yaml"),
        found("forbidden-path", "dist/", "dist/a.js"),
        Plant("missing-directory", "tests/", gone="e2e/"),
    ],
    "clean-architecture": [
        *EVERYWHERE,
        found("missing-file", "k8s/overlays/qa/kustomization.yaml", "k8s/overlays/qa/patch.yaml"),
        found("bad-name", "config/environments/Production.yaml"),
        found("forbidden-path", "src/domain/persistence/", "src/domain/persistence/a.go"),
        found("forbidden-path", "src/modules/billing/domain/infra/", "src/modules/billing/domain/infra/a.go"),
        found("stray-file", "schema.sql"),
    ],
    "microservices": [
        *EVERYWHERE,
        found("stray-directory", "services/odd/", "services/odd/notes.txt"),
        missing("services/auth/README.md", "warning"),
        missing("k8s/base/"),
        found("bad-name", "services/MailJob/", "services/MailJob/go.mod services/MailJob/README.md"),
        found("misplaced-file", "main.tf"),
        found("misplaced-file", "billing.proto"),
        found("forbidden-path", "services/auth/main.go.rej"),
        found("forbidden-path", ".archive/services/auth/", ".archive/services/auth/README.md"),
        found("tracked-local", "services/billing/.env"),
    ],
    "monorepo": [
        *EVERYWHERE,
        Plant("missing-file", "packages/idea/package.json", put="packages/idea/index.ts"),
        found("bad-name", "apps/AdminPanel/", "apps/AdminPanel/package.json"),
        found("bad-name", "packages/MyTools/", "packages/MyTools/package.json"),
        found("misplaced-file", "packages/ui/nx.json"),
        found("forbidden-path", "apps/web/package-lock.json"),
        found("forbidden-path", "packages/ui/node_modules/", "packages/ui/node_modules/x/index.js"),
        found("forbidden-path", "apps/web/.env.local"),
        found("forbidden-path", ".archive/apps/web/", ".archive/apps/web/README.md"),
        found("tracked-local", "apps/web/.env"),
    ],
    "mlops": [
        *EVERYWHERE,
        missing("dvc.lock"),
        found("bad-name", "src/trainModel.py"),
        found("misplaced-file", "src/data/explore.ipynb"),
        found("misplaced-file", "train.csv"),
        found("forbidden-path", "model_cache/", "model_cache/bert/weights.bin"),
        found("forbidden-path", "mlruns/", "mlruns/0/meta.yaml"),
        found("forbidden-path", "src/models/best.ckpt"),
    ],
    "kedro": [
        *EVERYWHERE,
        missing("conf/base/"),
        found("tracked-local", "conf/local/credentials.yml"),
    ],
    "dbt": [
        *RECOMMENDING,
        found("bad-name", "models/BadName.sql"),
        found("forbidden-path", "target/", "target/a"),
    ],
    "terraform-module": [
        *EVERYWHERE,
        missing("outputs.tf", "warning"),
        missing("modules/endpoints/README.md", "warning"),
        found("forbidden-path", "terraform.tfvars"),
        found("forbidden-path", "terraform.tfstate"),
    ],
    "helm": [
        *EVERYWHERE,
        missing("charts/shop/values.yaml", "warning"),
        found("forbidden-path", "charts/shop/requirements.yaml"),
    ],
    "gitops": [*EVERYWHERE, found("forbidden-path", "kubeconfig"), found("forbidden-path", "age.key")],
    "ansible-role": [
        *EVERYWHERE,
        missing("meta/"),
        Plant("missing-file", "handlers/main.yml", gone="handlers/main.yml", put="handlers/other.yml"),
        found("forbidden-path", "site.retry"),
    ],
    "docs-site": [*RECOMMENDING, found("forbidden-path", "site/", "site/index.html")],
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


def printed(run: Run, directory: Path, name: str) -> tuple[int, str]:
    ran = run("check", str(directory), "-q", "--layout", name, "--output-format", "concise")
    assert ran.err == ""
    return ran.status, ran.out


def read(line: str) -> Plant:
    parts = re.fullmatch(r"([^:]+): (error|warning): .* \[([a-z-]+)\] -- .+", line)
    assert parts, line
    return Plant(parts[3], parts[1], parts[2])


@pytest.mark.parametrize("name", KINDS)
def test_a_git_repository_with_all_that_drift(name: str, repository: Callable[..., Git], run: Run) -> None:
    plants = together(name)
    assert len(plants) > 6
    git = repository(written(drifted(name, *plants)))
    status, output = printed(run, git.path, name)
    assert (status, sorted(map(read, output.splitlines()))) == (1, sorted(map(alone, plants)))


@pytest.mark.parametrize("name", KINDS)
def test_a_git_repository_that_is_clean(name: str, repository: Callable[..., Git], run: Run) -> None:
    git = repository(written(drifted(name)))
    assert printed(run, git.path, name) == (0, "")


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_layout_does_not_contradict_itself(name: str) -> None:
    """A check does not search it again."""
    assert contradictions(bundled_layout(name)) == []


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
    assert all(name in re.split(r"[^\w-]+", example.layout or "") for example in shown)


FORBIDDEN = {
    "a space before an extension": ("base", "docs/Order .md", ["docs/Order .md"]),
    "a space in a name": ("base", "docs/New order.md", []),
    "a snapshot that a test names": ("base", "web/.snapshots/Order should match .json", []),
    "logs that tests read": ("base", "unittests/scans/one.log", []),
    "old data that tests read": ("base", "unittests/scans/one_old.json", []),
    "settings of a service that has shut down": ("base", ".lgtm.yml", [".lgtm.yml"]),
    "settings that GitHub no longer reads": ("base", ".dependabot/config.yml", [".dependabot/"]),
    "installed packages": ("base", "web/node_modules/a/index.js", ["web/node_modules/"]),
    "packages that a test resolves": ("base", "tests/project/node_modules/a/index.js", []),
    "a local file": ("base", "web/.env.local", ["web/.env.local"]),
    "a local file that a test reads": ("base", "test/project/.env.local", []),
    "a key store": ("base", "config/server.p12", ["config/server.p12"]),
    "a key store of tests": ("base", "tests/certs/server.p12", []),
    "a key store of tests in projects of tests": ("base", "Shop.Tests/server.pfx", []),
    "an archive": ("base", "theme/theme.zip", ["theme/theme.zip"]),
    "an archive that a test unpacks": ("base", "tests/files/theme.zip", []),
    "an archive for users": ("base", "web/public/theme.zip", []),
    "a library": ("base", "plugins/validator.jar", ["plugins/validator.jar"]),
    "the library of a wrapper": ("base", "gradle/wrapper/gradle-wrapper.jar", []),
    "a library that a test loads": ("jvm", "app/src/test/resources/fake.jar", []),
    "the state of an editor": ("base", ".idea/workspace.xml", [".idea/workspace.xml"]),
    "shared settings of an editor": ("base", ".idea/codeStyles/Project.xml", []),
    "middleware among the routes": ("nextjs", "app/middleware.ts", ["app/middleware.ts"]),
    "middleware beside them": ("nextjs", "middleware.ts", []),
}


@pytest.mark.parametrize(("layout", "path", "expected"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden(layout: str, path: str, expected: list[str]) -> None:
    findings = checked(bundled(layout), tree_of({"README.md", ".gitignore", path}))
    assert [finding.path for finding in findings if finding.rule == "forbidden-path"] == expected


def test_a_service_for_continuous_integration_that_workflows_have_replaced() -> None:
    def found_with(*paths: str) -> list[str]:
        findings = checked(bundled("base"), tree_of({"README.md", ".gitignore", ".travis.yml", *paths}))
        return [finding.path for finding in findings if finding.rule == "conflicting-entries"]

    assert found_with(".github/workflows/test.yml") == [".travis.yml"]
    assert found_with(".github/CODEOWNERS") == []


def test_a_template_for_issues_beside_a_directory_of_them() -> None:
    def found_with(*names: str) -> list[str]:
        paths = {"README.md", ".gitignore", *(f".github/{name}" for name in names)}
        findings = checked(bundled("base"), tree_of(paths))
        return [finding.path for finding in findings if finding.rule == "conflicting-entries"]

    assert found_with("ISSUE_TEMPLATE.md", "ISSUE_TEMPLATE/bug.md") == [".github/ISSUE_TEMPLATE.md"]
    assert found_with("ISSUE_TEMPLATE.md") == found_with("ISSUE_TEMPLATE/bug.md") == []
