"""Findings of the bundled layouts in small repositories of one kind, and the choice of layouts.

In lists of files, `{a,b}` and `{1..3}` are expanded as in a shell. Each repository has a `.gitignore` with
`.env` unless another one is given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Git, Make, Run

from structlint.layout.bundled import BUNDLED
from structlint.suggest.choice import choose
from structlint.tree import Tree
from structlint.tree.drawing import Drawn


def expand_braces(text: str) -> Iterator[str]:
    found = re.search(r"\{([^{}]*)\}", text)
    if not found:
        yield text
        return
    for each in found[1].split(","):
        yield from expand_braces(text[: found.start()] + each + text[found.end() :])


def files(text: str) -> dict[str, str]:
    paths = [path for word in text.split() for path in expand_braces(word)]
    return {".gitignore": ".env\n", **dict.fromkeys(paths, "")}


def paths_of(output: str) -> list[str]:
    return [line.partition(": ")[0] for line in output.splitlines()]


# --- The choice of layouts

MANIFESTS = {
    "requirements.txt": "Flask==3.0\n",
    "package.json": '{"dependencies": {"express": "4"}}',
    "go.mod": "module x\nrequire github.com/gin-gonic/gin v1\n",
}

CHOSEN = [
    ("mlops", "dvc.yaml dvc.lock params.yaml data/raw.dvc src/{prepare,train}.py"),
    ("mlops", "MLproject conda.yaml train.py"),
    ("mlops", "notebooks/a.ipynb src/training/train.py params.yaml"),
    ("python-service", "pyproject.toml alembic.ini src/app/{__init__,main}.py src/app/middleware/cache.py"),
    ("terraform-module", "{main,variables,outputs,versions}.tf modules/e/main.tf examples/s/main.tf"),
    ("nextjs", "package.json next.config.js public/f.ico src/app/page.tsx src/lib/db.ts"),
    ("web-app", "package.json=react index.html src/App.tsx"),
    ("node", "package.json=react src/Button.tsx"),
    ("node monorepo", "package.json=react pnpm-workspace.yaml index.html packages/{a,b}/package.json a.js"),
    # The same sample in several languages is not a system of services
    ("", "{a,b}/{python,javascript,go}/Dockerfile"),
    ("django", "requirements.txt manage.py shop/{__init__,settings}.py orders/models.py"),
    ("django", "requirements.txt backend/manage.py backend/shop/{__init__,settings}.py"),
    ("flask", "requirements.txt=Flask app.py templates/index.html"),
    ("node service", "package.json=express src/index.js"),
    ("go service", "go.mod=gin main.go"),
    ("go", "go.mod main.go"),
    ("rust", "Cargo.toml src/main.rs"),
    ("rust library", "Cargo.toml src/lib.rs"),
    ("jvm", "build.gradle src/main/java/o/Main.java"),
    ("dotnet clean-architecture", "Shop.sln src/Shop.{Domain,Application,Infrastructure}/a.csproj"),
    ("go clean-architecture", "go.mod internal/{entity,usecase}/a.go"),
    ("clean-architecture", "src/{domain,application,infrastructure}/a.php"),
    ("go microservices", "{auth,mail}-service/{go.mod,Dockerfile,main.go}"),
    ("node microservices", "services/{auth,mail}/{package.json,index.js}"),
    ("node monorepo", "package.json pnpm-workspace.yaml turbo.json packages/{a,b}/{package.json,index.ts}"),
    ("dbt", "dbt_project.yml models/a.sql"),
    ("kedro", "pyproject.toml conf/base/catalog.yml src/shop/pipeline_registry.py"),
    ("helm", "charts/shop/{Chart.yaml,values.yaml}"),
    ("gitops", "clusters/production/flux-system/gotk-sync.yaml apps/base/x/kustomization.yaml"),
    ("ansible-role", "tasks/main.yml meta/main.yml defaults/main.yml"),
    ("docs-site", "mkdocs.yml docs/index.md"),
    # No matching layout
    ("", "notes.txt pictures/a.png"),
    ("", "docker-compose.yml {elasticsearch,kibana,logstash}/{Dockerfile,config.yml}"),
    ("", ".zshrc .vimrc install.sh"),
    ("", "examples/manage.py tests/fixtures/dvc.yaml docs/mkdocs/index.md"),
    ("", ""),
]


def make_tree(text: str) -> Tree:
    """A tree of files; `name=dependency` stands for a manifest that mentions the dependency."""
    named = [word.partition("=") for word in text.split()]
    paths = sorted({path for name, _, _ in named for path in expand_braces(name)})
    contents = {
        name: (
            MANIFESTS[name] if text in MANIFESTS[name].lower() else f'{{"dependencies": {{"{text}": "1"}}}}'
        ).encode()
        for name, sign, text in named
        if sign
    }
    return Tree(tuple(paths), Drawn(contents, frozenset()))


@pytest.mark.parametrize(("names", "text"), CHOSEN)
def test_chosen_layouts(names: str, text: str) -> None:
    choices = choose(make_tree(text))
    assert [each.name for each in choices] == names.split()
    assert all(each.signs and str(each).startswith(f"{each.name}: ") for each in choices)


def test_chosen_layouts_are_in_the_order_of_the_bundled_layouts() -> None:
    chosen = [
        each.name for each in choose(make_tree("dbt_project.yml Cargo.toml go.mod main.tf variables.tf"))
    ]
    assert chosen == sorted(chosen, key=BUNDLED.index)


NOTES = [
    (
        "dvc.yaml params.yaml src/train.py",
        "These files show which bundled layout fits: mlops: dvc.yaml, params.yaml, src/train.py",
    ),
    (
        "a.txt b/c.txt",
        "No bundled layout fits this kind of repository. "
        "To try `any`, run: structlint check PATH --layout any",
    ),
    (
        "dvc.yaml package.json index.js",
        "These files show which bundled layouts fit: node: package.json, index.js; mlops: dvc.yaml",
    ),
]


@pytest.mark.parametrize(("text", "note"), NOTES)
def test_note_contains_the_evidence(text: str, note: str, repository: Make, run: Run) -> None:
    path = str(repository(files(text)).path)
    assert f"note: {note.replace('PATH', '.')}\n" in run("check", path).out


# --- The paths of the findings of each layout, in order

FOUND = [
    # The essential files of the kind are missing
    ("clean-architecture", "README.md package.json src/components/A.tsx tests/a.test.ts", "domain/"),
    ("clean-architecture", "README.md go.mod cmd/main.go handlers/a_test.go", "domain/"),
    ("microservices", "README.md src/main.py", "*/*/Dockerfile"),
    ("monorepo", "README.md package.json src/index.ts", "*/*/package.json"),
    ("mlops", "README.md pyproject.toml app/web.py tests/test_web.py", "dvc.yaml"),
    ("go", "README.md docs/a.md", "go.mod"),
    ("helm", "README.md values.yaml", "Chart.yaml"),
    # Requirements of two layouts combined
    (
        "[python-service, clean-architecture]",
        "README.md pyproject.toml uv.lock app/__init__.py app/domain/o.py app/application/BadName.py"
        " app/services/mail.py tests/test_a.py",
        "app/ app/application/BadName.py",
    ),
    (
        "python-service",
        "README.md pyproject.toml uv.lock app/{__init__,domain/o,application/BadName}.py tests/test_a.py",
        "app/application/BadName.py app/application/__init__.py app/domain/__init__.py",
    ),
    # Output of an earlier run
    (
        "mlops",
        "README.md pyproject.toml mlflow.db MLproject dvc.yaml dvc.lock notebooks/n.ipynb src/a/{t,u}.py",
        "mlflow.db",
    ),
    # A package with an arbitrary name
    (
        "python-service",
        "README.md requirements.txt parcel/{__init__,app,BadName}.py parcel/user/{__init__,models}.py"
        " parcel/orders/views.py tests/test_a.py",
        "parcel/BadName.py parcel/orders/__init__.py",
    ),
    # Common variants of the kind
    (
        "microservices",
        "README.md docker-compose.yml {auth,mail}-service/{go.mod,Dockerfile}",
        "auth-service/README.md mail-service/README.md",
    ),
    ("microservices", "README.md src/Services/Basket/Basket.API/{Basket.API.csproj,Dockerfile}", ""),
    ("microservices", "README.md services/{core/{auth,mail}/{pom.xml,README.md},postgres/init.sql}", ""),
    (
        "clean-architecture",
        "README.md go.mod domain/o.go usecase/{o,o_test}.go internal/store/p.go cmd/server/main.go",
        "",
    ),
    (
        "clean-architecture",
        "README.md build.gradle src/main/java/o/shop/domain/O.java src/test/java/o/OTest.java",
        "",
    ),
    (
        "clean-architecture",
        "README.md Shop.sln src/Shop.{Domain,Application}/a.csproj tests/Shop.Tests/a.cs",
        "",
    ),
    (
        "python-service",
        "README.md requirements.txt manage.py shop/{__init__,settings}.py orders/{__init__,models}.py"
        " orders/tests/test_a.py",
        "",
    ),
    ("service", "README.md Cargo.toml Cargo.lock src/main.rs src/parse_test.rs", ""),
    ("[jvm, service]", "README.md pom.xml src/main/java/a/Main.java src/test/java/a/MainTest.java", ""),
    # One finding for several directories with the same missing file
    (
        "microservices",
        "README.md services/{a,b,c,d,e,f}/go.mod",
        "services/",
    ),
    ("microservices", "README.md {a,b}/Dockerfile c-service/pom.xml", "./"),
    # Two layouts that extend `python`, beside one with a `**/` of its own
    (
        "[node, python-service, mlops]",
        "README.md .gitignore uv.lock package.json package-lock.json a/{__init__,Train}.py models/b.py"
        " tests/test_a.py",
        "a/Train.py",
    ),
    ("python", "README.md pyproject.toml a/__init__.py a/{b,c,d}/m.py", "a/"),
    ("python", "README.md pyproject.toml a/__init__.py a/{b,c}/m.py", "a/b/__init__.py a/c/__init__.py"),
    ("python", "README.md pyproject.toml a/__init__.py a/tests/{__init__,b/m,c/m,d/m}.py", ""),
    # A license under any of its usual names
    ("library", "README.md LICENSE.txt tests/a.c", ""),
    ("library", "README.md COPYING tests/a.c", ""),
    ("library", "README.md MIT-LICENSE tests/a.c", ""),
    ("library", "README.md License.txt tests/a.c", ""),
    # Pages in the root
    ("base", "README.md SECURITY.md CONTRIBUTING.md {a,b,c,d}.md", ""),
    ("base", "README.md {A,B,C,D,E}.md", "./"),
    # Two files of which only one is read
    ("base", "README.md CODEOWNERS .github/CODEOWNERS", ".github/CODEOWNERS"),
    ("base", "README.md CONTRIBUTING.rst .github/CONTRIBUTING.md", ".github/CONTRIBUTING.md"),
    ("node", "README.md package.json .eslintrc.json eslint.config.js", ".eslintrc.json"),
    ("node", "README.md package.json web/{package.json,vite.config.js,vite.config.ts}", "web/vite.config.js"),
    ("node", "README.md package.json web/{package.json,vite.config.js,jest.config.ts}", ""),
    # Templates in the root, with and without other settings for GitHub
    ("base", "README.md ISSUE_TEMPLATE.md .github/workflows/a.yml", "ISSUE_TEMPLATE.md"),
    ("base", "README.md ISSUE_TEMPLATE.md", ""),
    # A deployed program needs exactly one lock file
    ("[node, service]", "README.md package.json src/a.js src/a.test.js", "package-lock.json"),
    ("[rust, service]", "README.md Cargo.toml src/main.rs tests/a.rs", "Cargo.lock"),
    ("base", "README.md scripts/a.sh script/b.sh examples/a.c samples/b.c", "examples/ script/"),
    # Settings files by suffix, pointers to data
    (
        "mlops",
        "README.md requirements.txt data.dvc models.dvc knip.json FUNDING.json .flaskenv skaffold-e2e.yaml"
        " src/train.py tests/test_t.py",
        "",
    ),
    ("node", "README.md package.json .lintstagedrc.json .npmrc biome.json .yarnrc.yml index.ts", ""),
    # Leftover files, other spellings
    (
        "python",
        "README.md pyproject.toml a/__init__.py a/b.py.bak a/c_old.py DockerFile"
        " docs/a.md documentation/b.md",
        "DockerFile a/b.py.bak a/c_old.py docs/",
    ),
]


def test_hint_for_misspelled_name_contains_the_correct_name(repository: Make, run: Run) -> None:
    paths = [
        "DockerFile",
        "web/Dockerfile",
        "web/DockerFile",
        "lib/a .py",
        "requirments.txt",
        ".gitingore",
        "a.orig",
    ]
    git = repository({**dict.fromkeys(paths, ""), "README.md": "", "structlint.yaml": "extends: base\n"})
    result = run("check", str(git.path), "-q", "--output-format", "concise", "--select", "forbidden-path")
    hints = {line.partition(": ")[0]: line.partition(" -- ")[2] for line in result.out.splitlines()}
    assert hints == {
        ".gitingore": "rename it to `.gitignore`",
        "DockerFile": "rename it to `Dockerfile`",
        "a.orig": "remove it",
        "lib/a .py": "rename it to `lib/a.py`",
        "requirments.txt": "rename it to `requirements.txt`",
        "web/DockerFile": "remove it",
    }


@pytest.mark.parametrize(("layout", "text", "found"), FOUND)
def test_findings_of_a_layout(layout: str, text: str, found: str, repository: Make, run: Run) -> None:
    git = repository({**files(text), "structlint.yaml": f"extends: {layout}\n"})
    result = run("check", str(git.path), "-q", "--output-format", "concise")
    assert paths_of(result.out) == found.split()


# --- Paths without findings of `base`


def findings_of_base(git: Git, run: Run) -> list[str]:
    (git.path / "structlint.yaml").write_text("extends: base\ntree: {'*/?': , '*?': }\n")
    git("add", "-f", "-A")
    return paths_of(run("check", str(git.path), "-q", "--output-format", "concise").out)


TEST_DATA = [
    "tests/fixtures/a/.env tests/fixtures/a/node_modules/x/i.js packages/a/__fixtures__/.env.local",
    "testdata/.DS_Store pkg/testdata/a.orig src/__snapshots__/a.bak",
    "{{cookiecutter.name}}/.env examples/web/.env",
]


@pytest.mark.parametrize("text", TEST_DATA)
def test_test_data_has_no_findings(text: str, repository: Make, run: Run) -> None:
    paths = dict.fromkeys(text.split(), "")
    assert findings_of_base(repository({"README.md": "", ".gitignore": "", **paths}), run) == []


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_env_symlink_is_not_reported(repository: Make, run: Run) -> None:
    git = repository({"README.md": "", ".gitignore": ".env\n", "apps/web/a.js": ""})
    Path(git.path / "apps/web/.env").symlink_to("../../.env")
    assert findings_of_base(git, run) == []


def test_keep_file_in_an_ignored_directory_is_not_reported(repository: Make, run: Run) -> None:
    git = repository({"README.md": "", ".gitignore": "logs/\n", "logs/.gitkeep": "", "logs/a.txt": ""})
    assert findings_of_base(git, run) == ["logs/a.txt"]


IGNORING = [
    # The files, the `.gitignore`, and whether `.env` should be added to it
    ({"Cargo.toml": "", "src/lib.rs": ""}, "target\n", False),
    ({".env.example": ""}, "target\n", True),
    ({"example.env": ""}, "target\n", True),
    ({"requirements.txt": "python-dotenv==1.0\n"}, "target\n", True),
    ({"compose.yaml": "services: {a: {env_file: .env}}\n"}, "target\n", True),
    ({"compose.yaml": "services: {a: {image: b}}\n"}, "target\n", False),
    ({".env.example": ""}, ".env\n", False),
    ({"web/.env.example": "", "web/.gitignore": ".env\n"}, "target\n", False),
]


@pytest.mark.parametrize(("contents", "ignored", "reported"), IGNORING)
def test_unignored_env_is_reported_if_the_project_uses_one(
    contents: dict[str, str], ignored: str, reported: bool, repository: Make, run: Run
) -> None:
    git = repository({"README.md": "", ".gitignore": ignored, **contents})
    assert findings_of_base(git, run) == [".gitignore"] * reported


TRACKED = [
    ("PORT=8000\nDEBUG=true\n", False),
    ("REACT_APP_TITLE=Shop\n", False),
    ("DATABASE_URL=postgres://u:p@db/x\n", True),
    ("export API_KEY=abc\n", True),
    ("SECRET_KEY=\n", False),
    ("", True),
]


@pytest.mark.parametrize(("content", "reported"), TRACKED)
def test_tracked_env_is_reported_if_it_may_contain_a_secret(
    content: str, reported: bool, repository: Make, run: Run
) -> None:
    git = repository({"README.md": "", ".gitignore": "target\n.env\n", ".env": content})
    found = [path for path in findings_of_base(git, run) if path == ".env"]
    result = run("check", str(git.path), "-q", "--output-format", "concise", "--select", "tracked-local")
    assert (found == [".env"], bool(result.out)) == (True, reported)


# --- Misplaced files


MISPLACED = [
    ("python-service", "README.md pyproject.toml docs/a.md meeting.md tests/test_a.py", ["meeting.md"]),
    ("python-service", "README.md pyproject.toml meeting.md tests/test_a.py", []),
    ("mlops", "README.md dvc.yaml dvc.lock train.csv a.py data/b.csv", ["train.csv"]),
]


@pytest.mark.parametrize(("layout", "text", "misplaced"), MISPLACED)
def test_misplaced_file_needs_an_existing_target_directory(
    layout: str, text: str, misplaced: list[str], repository: Make, run: Run
) -> None:
    git = repository({**files(text), "structlint.yaml": f"extends: {layout}\n"})
    result = run("check", str(git.path), "-q", "--output-format", "concise", "--select", "misplaced-file")
    assert paths_of(result.out) == misplaced


# --- Files that `fix` creates and moves

FIXED = [
    # The layout, the files, and the steps of the fix
    (
        "clean-architecture",
        "README.md src/Shop.Domain/Shop.Domain.csproj src/Shop.Application/Shop.Application.csproj",
        [],
    ),
    ("library", "README.md src/lib.rs", []),
    ("python-service", "README.md app/__init__.py app/main.py tests/test_a.py", []),
    (
        "python-service",
        "README.md requirements.txt app/{__init__,main}.py tests/test_a.py app/orders/a.py",
        [],
    ),
    ("nextjs", "README.md package.json next.config.js app/page.tsx", []),
    (
        "python-service",
        "README.md requirements.txt app/{__init__,main}.py helpers.py tests.py",
        ["move helpers.py -> app/helpers.py"],
    ),
    (
        "python-service",
        "README.md requirements.txt src/shop/{__init__,main}.py helpers.py test_a.py tests/test_b.py",
        ["move helpers.py -> src/helpers.py", "move test_a.py -> tests/test_a.py"],
    ),
    ("monorepo", "README.md package.json packages/a/package.json packages/b/index.ts", []),
]


@pytest.mark.parametrize(("layout", "text", "steps"), FIXED)
def test_fix_steps(layout: str, text: str, steps: list[str], repository: Make, run: Run) -> None:
    git = repository({**files(text), "structlint.yaml": f"extends: {layout}\n"})
    git("commit", "-q", "-m", "all")
    result = run("fix", "--unsafe", "--diff", "-q", str(git.path))
    found = [re.sub(" +", " ", line) for line in result.out.splitlines()]
    assert [line for line in found if line.startswith(("create ", "move "))] == steps


def test_fix_does_not_create_a_manifest(repository: Make, run: Run) -> None:
    git = repository({**files("README.md"), "structlint.yaml": "tree: {package.json: , '*?': }\n"})
    git("commit", "-q", "-m", "all")
    result = run("fix", "--diff", str(git.path))
    assert "package.json" in result.out + result.err
    assert "write it, or run the tool that generates it" in result.out + result.err
