"""The bundled layouts: their pages, and their findings in repositories with known problems."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Git, Run
from tables import table

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

# The files of a repository of each kind without findings.
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


class Drift(NamedTuple):
    """The expected finding, and the removed (with everything in them) and added files that cause it."""

    rule: str
    path: str
    severity: str = "error"
    removed: str = ""
    added: str = ""


def missing(path: str, severity: str = "error") -> Drift:
    rule = "missing-directory" if path.endswith("/") else "missing-file"
    return Drift(rule, path, severity, removed=path)


def addition(rule: str, path: str, added: str = "", severity: str = "error") -> Drift:
    return Drift(rule, path, severity, added=added or path)


EVERYWHERE = [
    missing("README.md"),
    addition("stray-file", "notes.txt"),
    addition("forbidden-path", "old_stuff/", "old_stuff/a.txt"),
    addition("forbidden-path", "a_backup.sql"),
    addition("forbidden-path", "gitignore"),
    addition("forbidden-path", "keys/server.p12"),
    addition("forbidden-path", ".github/ISSUE_TEMPLATE/PULL_REQUEST_TEMPLATE.md"),
    addition("forbidden-path", ".github/workflows/ci.yml.disabled"),
    addition("forbidden-path", "keys/tempkey.jwk"),
    addition(
        "conflicting-entries",
        ".github/ISSUE_TEMPLATE/bug.md",
        ".github/ISSUE_TEMPLATE/bug.md .github/ISSUE_TEMPLATE/bug.yml",
        "warning",
    ),
    addition("tracked-local", ".env"),
    addition("too-many-files", "./", " ".join(f"settings-{n}.yaml" for n in range(40)), "warning"),
]
WITH_RECOMMENDED_README = [missing("README.md", "warning"), *EVERYWHERE[1:]]
DRIFTS = {
    "python": [
        *WITH_RECOMMENDED_README,
        missing("parcel/orders/__init__.py"),
        missing("src/other/deep/__init__.py"),
        addition("bad-name", "parcel/BadName.py"),
        addition("bad-name", "src/other/BadName.py"),
        addition("conflicting-entries", "poetry.lock"),
        addition("forbidden-path", "htmlcov/", "htmlcov/index.html"),
        addition("forbidden-path", "requirements-lint.txt"),
        addition("forbidden-path", "parcel/migrations/versions/1a2b_.py"),
    ],
    "node": [
        *WITH_RECOMMENDED_README,
        addition("conflicting-entries", "package-lock.json", "yarn.lock"),
        addition(
            "conflicting-entries",
            "web/package-lock.json",
            "web/package.json web/package-lock.json web/yarn.lock",
        ),
        addition("forbidden-path", ".next/", ".next/a.js"),
        addition("forbidden-path", "src/a.tsbuildinfo"),
    ],
    "go": [
        *WITH_RECOMMENDED_README[:-1],
        Drift("missing-file", "go.mod", removed="go.mod"),
        addition("forbidden-path", "coverage.out"),
    ],
    "jvm": [
        *WITH_RECOMMENDED_README,
        missing(".mvn/wrapper/maven-wrapper.properties"),
        addition("bad-name", "src/main/java/shop/orderService.java"),
        addition("forbidden-path", "target/", "target/a.jar"),
    ],
    "dotnet": [
        *WITH_RECOMMENDED_README,
        addition("forbidden-path", ".vs/", ".vs/a"),
        addition(
            "forbidden-path", "bench/BenchmarkDotNet.Artifacts/", "bench/BenchmarkDotNet.Artifacts/a.md"
        ),
        addition("forbidden-path", "src/Shop.Api/obj/project.assets.json"),
    ],
    "rust": [
        *WITH_RECOMMENDED_README,
        Drift("missing-file", "Cargo.toml", removed="Cargo.toml"),
        addition("bad-name", "src/ParseTree.rs"),
        addition("forbidden-path", "target/", "target/debug/a.d"),
    ],
    "library": [
        *EVERYWHERE,
        Drift("missing-file", "LICENSE*", removed="LICENSE"),
        Drift("missing-directory", "tests/", removed="tests/"),
        addition("conflicting-entries", "docs/", "documentation/a.md"),
    ],
    "service": [
        *EVERYWHERE,
        Drift("missing-directory", "tests/", removed="src/a.test.js"),
        addition("forbidden-path", ".env.production"),
        Drift("missing-file", "package-lock.json", removed="package-lock.json"),
    ],
    "python-service": [
        *EVERYWHERE,
        Drift("missing-directory", "tests/", removed="tests/"),
        addition("bad-name", "app/services/userMailer.py"),
        addition("missing-file", "app/models/__init__.py", "app/models/user.py"),
        addition("bad-name", "config/environments/Staging.yaml"),
        addition("misplaced-file", "meeting.md"),
        addition("misplaced-file", "fix_users.sh"),
        addition("forbidden-path", "app/main.py.orig"),
        addition("forbidden-path", "app/__pycache__/", "app/__pycache__/main.cpython-312.pyc"),
        addition("tracked-local", "app/.env"),
        addition("tracked-ignored", "app/debug.out", severity="warning"),
    ],
    "django": [
        *EVERYWHERE,
        missing("orders/migrations/__init__.py"),
        addition("missing-file", "orders/services/__init__.py", "orders/services/pay.py"),
        addition("bad-name", "orders/Views.py"),
        addition("forbidden-path", "db.sqlite3"),
    ],
    "flask": [
        *EVERYWHERE,
        missing("app/auth/__init__.py"),
        addition("forbidden-path", "app.db"),
        addition("forbidden-path", "instance/", "instance/a.py"),
    ],
    "nextjs": [
        *WITH_RECOMMENDED_README,
        Drift("missing-file", "package-lock.json", "warning", removed="pnpm-lock.yaml"),
        Drift("missing-directory", "app/", removed="src/app/"),
        addition("forbidden-path", ".next/", ".next/a.js"),
    ],
    "web-app": [
        *WITH_RECOMMENDED_README,
        Drift("missing-file", "package-lock.json", removed="pnpm-lock.yaml"),
        addition("forbidden-path", "dist/", "dist/a.js"),
        Drift("missing-directory", "tests/", removed="e2e/"),
    ],
    "clean-architecture": [
        *EVERYWHERE,
        addition("missing-file", "k8s/overlays/qa/kustomization.yaml", "k8s/overlays/qa/patch.yaml"),
        addition("bad-name", "config/environments/Production.yaml"),
        addition("forbidden-path", "src/domain/persistence/", "src/domain/persistence/a.go"),
        addition(
            "forbidden-path", "src/modules/billing/domain/infra/", "src/modules/billing/domain/infra/a.go"
        ),
        addition("stray-file", "schema.sql"),
    ],
    "microservices": [
        *EVERYWHERE,
        addition("stray-directory", "services/odd/", "services/odd/notes.txt"),
        missing("services/auth/README.md", "warning"),
        missing("k8s/base/"),
        addition("bad-name", "services/MailJob/", "services/MailJob/go.mod services/MailJob/README.md"),
        addition("misplaced-file", "main.tf"),
        addition("misplaced-file", "billing.proto"),
        addition("forbidden-path", "services/auth/main.go.rej"),
        addition("forbidden-path", ".archive/services/auth/", ".archive/services/auth/README.md"),
        addition("tracked-local", "services/billing/.env"),
    ],
    "monorepo": [
        *EVERYWHERE,
        Drift("missing-file", "packages/idea/package.json", added="packages/idea/index.ts"),
        addition("bad-name", "apps/AdminPanel/", "apps/AdminPanel/package.json"),
        addition("bad-name", "packages/MyTools/", "packages/MyTools/package.json"),
        addition("misplaced-file", "packages/ui/nx.json"),
        addition("forbidden-path", "apps/web/package-lock.json"),
        addition("forbidden-path", "packages/ui/node_modules/", "packages/ui/node_modules/x/index.js"),
        addition("forbidden-path", "apps/web/.env.local"),
        addition("forbidden-path", ".archive/apps/web/", ".archive/apps/web/README.md"),
        addition("tracked-local", "apps/web/.env"),
    ],
    "mlops": [
        *EVERYWHERE,
        missing("dvc.lock"),
        addition("bad-name", "src/trainModel.py"),
        addition("misplaced-file", "src/data/explore.ipynb"),
        addition("misplaced-file", "train.csv"),
        addition("forbidden-path", "model_cache/", "model_cache/bert/weights.bin"),
        addition("forbidden-path", "mlruns/", "mlruns/0/meta.yaml"),
        addition("forbidden-path", "src/models/best.ckpt"),
    ],
    "kedro": [
        *EVERYWHERE,
        missing("conf/base/"),
        addition("tracked-local", "conf/local/credentials.yml"),
    ],
    "dbt": [
        *WITH_RECOMMENDED_README,
        Drift("missing-file", "dbt_project.yml", removed="dbt_project.yml"),
        addition("bad-name", "models/BadName.sql"),
        addition("forbidden-path", "target/", "target/a"),
    ],
    "terraform-module": [
        *EVERYWHERE,
        missing("outputs.tf", "warning"),
        missing("modules/endpoints/README.md", "warning"),
        addition("forbidden-path", "terraform.tfvars"),
        addition("forbidden-path", "terraform.tfstate"),
    ],
    "helm": [
        *EVERYWHERE,
        missing("charts/shop/values.yaml", "warning"),
        addition("forbidden-path", "charts/shop/requirements.yaml"),
    ],
    "gitops": [*EVERYWHERE, addition("forbidden-path", "kubeconfig"), addition("forbidden-path", "age.key")],
    "ansible-role": [
        *EVERYWHERE,
        missing("meta/"),
        Drift("missing-file", "handlers/main.yml", removed="handlers/main.yml", added="handlers/other.yml"),
        addition("forbidden-path", "site.retry"),
    ],
    "docs-site": [*WITH_RECOMMENDED_README, addition("forbidden-path", "site/", "site/index.html")],
}


@cache
def load_bundled(name: str) -> Layout:
    return bundled_layout(name)


def check_tree(layout: Layout, tree: Tree) -> list[Finding]:
    survey = match(layout, tree, own=["structlint.yaml"])
    return check(survey, {name_of(rule) for rule in RULES}, date(2026, 1, 1))


def files_with_drifts(name: str, *drifts: Drift) -> set[str]:
    """The files of a clean repository, changed by the drifts."""
    removed = [drift.removed for drift in drifts if drift.removed]
    left = {path for path in CLEAN[name].split() if not path.startswith(tuple(removed))}
    return left | {".gitignore"} | {path for drift in drifts for path in drift.added.split()}


def make_tree(files: set[str]) -> Tree:
    source = Drawn({".gitignore": IGNORED.encode()}, frozenset())
    return Tree(tuple(sorted(files)), source, in_git=True, ignored=source.would_ignore(files))


def findings_as_drifts(findings: list[Finding]) -> list[Drift]:
    return [Drift(each.rule, each.path, str(each.severity)) for each in findings]


def finding_only(drift: Drift) -> Drift:
    return drift._replace(removed="", added="")


@pytest.mark.parametrize("name", KINDS)
def test_clean_tree_passes(name: str) -> None:
    assert check_tree(load_bundled(name), make_tree(files_with_drifts(name))) == []


@pytest.mark.parametrize("name", [name for name in BUNDLED if name not in ("any", "base", "usual")])
def test_repository_of_another_kind_does_not_pass(name: str) -> None:
    found = check_tree(load_bundled(name), make_tree({"README", "LICENSE", ".gitignore", "src/a.f90"}))
    assert "error" in {str(each.severity) for each in found}


@pytest.mark.parametrize("name", KINDS)
def test_drifts_are_the_only_findings(name: str) -> None:
    found = check_tree(load_bundled(name), make_tree(files_with_drifts(name, *DRIFTS[name])))
    assert sorted(findings_as_drifts(found)) == sorted(map(finding_only, DRIFTS[name]))


@pytest.mark.parametrize("drift", DRIFTS["python-service"], ids=lambda drift: f"{drift.rule}-{drift.path}")
def test_drift_is_the_only_finding(drift: Drift) -> None:
    """Each drift alone; together, they do not hide or cause other findings."""
    found = check_tree(load_bundled("python-service"), make_tree(files_with_drifts("python-service", drift)))
    assert findings_as_drifts(found) == [finding_only(drift)]


def with_contents(files: set[str]) -> dict[str, str]:
    return {path: IGNORED if path == ".gitignore" else "" for path in files}


def run_check(run: Run, directory: Path, name: str) -> tuple[int, str]:
    result = run("check", str(directory), "-q", "--layout", name, "--output-format", "concise")
    assert result.err == ""
    return result.status, result.out


def parse_finding(line: str) -> Drift:
    parts = re.fullmatch(r"([^:]+): (error|warning): .* \[([a-z-]+)\] -- .+", line)
    assert parts, line
    return Drift(parts[3], parts[1], parts[2])


# In a repository, the findings are the same as in the trees in memory above, whatever the layout.
IN_GIT = ("python-service", "monorepo", "terraform-module")


@pytest.mark.parametrize("name", IN_GIT)
def test_all_drifts_in_a_git_repository(name: str, repository: Callable[..., Git], run: Run) -> None:
    drifts = DRIFTS[name]
    git = repository(with_contents(files_with_drifts(name, *drifts)))
    status, output = run_check(run, git.path, name)
    assert (status, sorted(map(parse_finding, output.splitlines()))) == (1, sorted(map(finding_only, drifts)))


@pytest.mark.parametrize("name", IN_GIT)
def test_clean_git_repository_passes(name: str, repository: Callable[..., Git], run: Run) -> None:
    git = repository(with_contents(files_with_drifts(name)))
    assert run_check(run, git.path, name) == (0, "")


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_layout_is_consistent(name: str) -> None:
    """`check` skips the search for contradictions in bundled layouts."""
    assert contradictions(bundled_layout(name)) == []


@table("name", BUNDLED)
def test_only_services_and_apps_are_tied(name: str) -> None:
    """A placeholder that occurs twice is a tie, so other placeholders need distinct names."""
    layout = load_bundled(name)
    ties = layout.ties
    assert {placeholder for tied in ties.tied.values() for placeholder in tied} <= {"service", "app"}


@table("name", BUNDLED)
def test_every_entry_has_a_purpose(name: str) -> None:
    for _, entry in entries(load_bundled(name).root):
        assert entry.about or entry.forbidden or str(entry.key) == "**/", f"{entry.place}: {entry.key}"


@table("name", BUNDLED)
def test_page_has_passing_and_failing_examples(name: str) -> None:
    shown_examples = examples(PAGES / f"{name}.md")
    assert {bool(example.output) for example in shown_examples} == {True, False}
    assert all(name in re.split(r"[^\w-]+", example.layout or "") for example in shown_examples)


FORBIDDEN = {
    "a space before an extension": ("base", "docs/Order .md", ["docs/Order .md"]),
    "a space in a name": ("base", "docs/New order.md", []),
    "a test snapshot": ("base", "web/.snapshots/Order should match .json", []),
    "logs that tests read": ("base", "unittests/scans/one.log", []),
    "old data that tests read": ("base", "unittests/scans/one_old.json", []),
    "a copy that macOS has made": ("base", "src/Button 2.tsx", ["src/Button 2.tsx"]),
    "a directory that is kept, but empty": ("base", "tmp/pids/.keep", []),
    "temporary files": ("base", "tmp/pids/server.pid", ["tmp/"]),
    "results of a run": ("mlops", "wandb/run-1/logs/a.txt", ["wandb/run-1/"]),
    "code that is named for a service": ("mlops", "src/loggers/wandb/__init__.py", []),
    "results of dbt": ("dbt", "docs/run_results.json", ["docs/run_results.json"]),
    "settings of a discontinued service": ("base", ".lgtm.yml", [".lgtm.yml"]),
    "settings that GitHub no longer reads": ("base", ".dependabot/config.yml", [".dependabot/"]),
    "installed packages": ("base", "web/node_modules/a/index.js", ["web/node_modules/"]),
    "packages that a test resolves": ("base", "tests/project/node_modules/a/index.js", []),
    "a local file": ("base", "web/.env.local", ["web/.env.local"]),
    "a local file that a test reads": ("base", "test/project/.env.local", []),
    "a key store": ("base", "config/server.p12", ["config/server.p12"]),
    "a key in a directory of keys": ("base", "config/keys/a1.pem", ["config/keys/a1.pem"]),
    "a public key": ("base", "config/keys/public.pem", []),
    "a key of tests": ("base", "src/test/tls/server.key", []),
    "a key store of tests": ("base", "tests/certs/server.p12", []),
    "a key store of a test project": ("base", "Shop.Tests/server.pfx", []),
    "an archive": ("base", "theme/theme.zip", ["theme/theme.zip"]),
    "an archive that a test unpacks": ("base", "tests/files/theme.zip", []),
    "an archive for users": ("base", "web/public/theme.zip", []),
    "a library": ("base", "plugins/validator.jar", ["plugins/validator.jar"]),
    "a wrapper library": ("base", "gradle/wrapper/gradle-wrapper.jar", []),
    "a library that a test loads": ("jvm", "app/src/test/resources/fake.jar", []),
    "editor state": ("base", ".idea/workspace.xml", [".idea/workspace.xml"]),
    "shared editor settings": ("base", ".idea/codeStyles/Project.xml", []),
    "Xcode user settings": ("base", "A.xcodeproj/xcuserdata/a.plist", ["A.xcodeproj/xcuserdata/"]),
    "a local environment": ("base", "test-env/pyvenv.cfg", ["test-env/pyvenv.cfg"]),
    "compiled code": ("base", "src/main.o", ["src/main.o"]),
    "compiled code that a test reads": ("base", "tests/data/main.o", []),
    "workflows of a project that has moved": (
        "base",
        "web/.github/workflows/ci.yml",
        ["web/.github/workflows/ci.yml"],
    ),
    "workflows": ("base", ".github/workflows/ci.yml", []),
    "workflows of a package that is also a repository": (
        "base",
        "src/Ftp/.github/workflows/close-pull-request.yml",
        [],
    ),
    "workflows of a template": ("base", "templates/app/.github/workflows/ci.yml", []),
    "settings of an app that has shut down": ("base", ".github/stale.yml", [".github/stale.yml"]),
    "a chart that was downloaded": ("helm", "charts/a/charts/b-1.0.0.tgz", ["charts/a/charts/b-1.0.0.tgz"]),
    "charts that are published": ("helm", "docs/charts/a-1.0.0.tgz", []),
    "middleware in the routes": ("nextjs", "app/middleware.ts", ["app/middleware.ts"]),
    "middleware next to the routes": ("nextjs", "middleware.ts", []),
}


@pytest.mark.parametrize(("layout", "path", "expected"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden(layout: str, path: str, expected: list[str]) -> None:
    findings = check_tree(load_bundled(layout), make_tree({"README.md", ".gitignore", path}))
    assert [finding.path for finding in findings if finding.rule == "forbidden-path"] == expected


def test_ci_configuration_next_to_workflows() -> None:
    def conflicts_with(*paths: str) -> list[str]:
        findings = check_tree(
            load_bundled("base"), make_tree({"README.md", ".gitignore", ".travis.yml", *paths})
        )
        return [f"{each.hint}: {each.path}" for each in findings if each.rule == "conflicting-entries"]

    assert conflicts_with(".github/workflows/test.yml") == ["remove it: .travis.yml"]
    assert conflicts_with(".github/CODEOWNERS") == []


def test_issue_template_next_to_a_template_directory() -> None:
    def conflicts_with(*names: str) -> list[str]:
        paths = {"README.md", ".gitignore", *(f".github/{name}" for name in names)}
        findings = check_tree(load_bundled("base"), make_tree(paths))
        return [finding.path for finding in findings if finding.rule == "conflicting-entries"]

    assert conflicts_with("ISSUE_TEMPLATE.md", "ISSUE_TEMPLATE/bug.md") == [".github/ISSUE_TEMPLATE.md"]
    assert conflicts_with("ISSUE_TEMPLATE.md") == conflicts_with("ISSUE_TEMPLATE/bug.md") == []


def test_gitkeep_in_a_directory_that_is_not_empty() -> None:
    def conflicts_with(*paths: str) -> list[str]:
        findings = check_tree(load_bundled("base"), make_tree({"README.md", ".gitignore", *paths}))
        return [f"{each.severity} {each.path}" for each in findings if each.rule == "conflicting-entries"]

    assert conflicts_with("docs/.gitkeep", "docs/a.md", "docs/b.md") == ["warning docs/.gitkeep"]
    many = (f"docs/{name}/{file}" for name in "abc" for file in (".gitkeep", "a.md"))
    assert conflicts_with(*many) == ["warning docs/"]
    assert conflicts_with("docs/.gitkeep") == conflicts_with("docs/.gitkeep", "docs/pages/a.md") == []
