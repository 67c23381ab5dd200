"""`structlint fix`: its plans, its changes, and the findings that remain."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from conftest import Git, Make, Run, write
from hypothesis import HealthCheck, given, settings
from tables import table
from test_any_layout import _layouts, _paths
from test_perform import snapshot

from structlint.checking.project import Project, find_problems, open_projects
from structlint.checking.request import Request
from structlint.cli import fix as fixing
from structlint.edits.hollow import why_hollow
from structlint.edits.steps import Create, Move, Rewrite, Step, Untrack
from structlint.errors import CannotCheck, LayoutError
from structlint.finding import Finding
from structlint.fix.apply import apply, undo
from structlint.fix.plan import FixContext, Plan, plan
from structlint.fix.references import Moved, references
from structlint.layout.bundled import BUNDLED
from structlint.layout.load import bundled_layout, load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.rules import RULES, name_of
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn

ALL = frozenset(name_of(rule) for rule in RULES)
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
DOCUMENTS = sorted([*(Path(__file__).parent / "documents").glob("*.md"), *SEEDS.glob("*.md")])


def load_layout(text: str) -> Layout:
    return load(LayoutSource({"structlint.yaml": text.encode()}.__getitem__), "structlint.yaml")


def make_plan(layout: Layout, tree: Tree, *, unsafe: bool = True) -> Plan:
    return plan(FixContext(layout, tree, frozenset(), "", ALL, date(2026, 1, 1)), unsafe=unsafe)


def describe(step: Step) -> str:
    match step:
        case Create(path, content):
            return f"+ {path}" + (f": {content.decode()!r}" if content else "")
        case Move(source, target):
            return f"{source} -> {target}"
        case Untrack(path):
            return f"- {path}"
        case Rewrite(path, before, after):
            return f"* {path}: {before.decode()!r} {after.decode()!r}"
    raise AssertionError(step)


# A layout, a drawn tree, file contents, and the planned steps.
PLANS: list[tuple[str, str, str, Mapping[str, str], list[str]]] = [
    (
        "missing entries and their contents",
        "tree: {services/: {.: Services, auth/: {README.md: Who may, src/: {__init__.py: }, docs/: }}}",
        ".",
        {},
        [
            "+ services/auth/README.md: '# Auth\\n\\nWho may\\n'",
            "+ services/auth/docs/.gitkeep",
            "+ services/auth/src/__init__.py",
        ],
    ),
    (
        "nested layout, which must not be empty",
        "tree: {a/: {structlint.yaml: What is in a}, b/: {.structlint.yaml: }}",
        ".",
        {},
        ["+ a/structlint.yaml: 'tree: {}\\n'", "+ b/.structlint.yaml: 'tree: {}\\n'"],
    ),
    (
        "empty directory",
        "tree: {cache/: }",
        "cache/",
        {},
        ["+ cache/.gitkeep"],
    ),
    (
        "first of the alternatives",
        "tree: {a.md | b.md: , c/ ^ d/: , '*.py': , <x>.txt: }\nnames: {x: snake_case}",
        ".",
        {},
        ["+ example.py", "+ example.txt", "+ a.md: '# A\\n'", "+ c/.gitkeep"],
    ),
    (
        "every value of a list, and counterparts",
        "tree: {<env>.yaml: , s/: {<svc>/: {a.md: }}, k/: {<svc>.yaml: }}\nnames: {env: [dev, prod]}",
        "s/\n  x/\n    a.md\n  y/\n    a.md\nk/\n  x.yaml",
        {},
        ["+ dev.yaml", "+ k/y.yaml", "+ prod.yaml"],
    ),
    (
        "misnamed directory with misnamed contents",
        "tree: {<svc>/: {<m>.py: , tests/: }}\nnames: {svc: kebab-case, m: snake_case}",
        "user_accounts/\n  MainFile.py\n  tests/\n    x.txt",
        {},
        ["user_accounts/ -> user-accounts/", "user-accounts/MainFile.py -> user-accounts/main_file.py"],
    ),
    (
        "similar names",
        "tree: {README.md: , tests/: {a.py: }}",
        "readme.md\ntest/\n  a.py",
        {},
        ["readme.md -> README.md", "test/ -> tests/"],
    ),
    (
        "misplaced files",
        "tree: {infra/: , src/: , nb/?: , '*.cfg?': }\nbelongs: {'*.tf': infra/, '*.ipynb': nb/, '*.cfg': /}",
        "infra/\n  x.tf\nsrc/\n  main.tf\n  a.ipynb\n  x.cfg",
        {},
        ["src/a.ipynb -> nb/a.ipynb", "src/main.tf -> infra/main.tf", "src/x.cfg -> x.cfg", "+ src/.gitkeep"],
    ),
    (
        "existing file is not replaced",
        "tree: {infra/: , src/: }\nbelongs: {'*.tf': infra/}",
        "infra/\n  x.tf\nsrc/\n  x.tf",
        {},
        [],
    ),
    (
        "local files",
        "tree: {src/: }\nlocal: [.env, '*.log']",
        ".env\nsrc/\n  a.log\n.gitignore",
        {".gitignore": "dist/"},
        ["- .env", "- src/a.log", "* .gitignore: 'dist/' 'dist/\\n*.log\\n.env\\n'", "+ src/.gitkeep"],
    ),
    (
        "required .gitignore",
        "tree: {.gitignore: }\nlocal: [.env, '!.env.x']",
        ".",
        {},
        ["+ .gitignore: '.env\\n'"],
    ),
    (
        "tracked and ignored directory",
        "tree: {build/?: }",
        "build/\n  a.o  # ignored\n.gitignore",
        {".gitignore": "build/\n"},
        ["- build/"],
    ),
    (
        "marked tree in a document",
        "tree: {README.md: , src/: The code}",
        "README.md",
        {"README.md": "<!-- structlint:tree -->\n<!-- /structlint:tree -->\n"},
        [
            "* README.md: '<!-- structlint:tree -->\\n<!-- /structlint:tree -->\\n' "
            "'<!-- structlint:tree -->\\n\\n```text\\n.\\n├── README.md\\n└── src/  # The code\\n```\\n\\n"
            "<!-- /structlint:tree -->\\n'",
            "+ src/.gitkeep",
        ],
    ),
    (
        "ignored directory",
        "tree: {dist/: , src/: }",
        ".gitignore",
        {".gitignore": "dist/\n"},
        ["+ src/.gitkeep"],
    ),
    (
        "files that swap directories",
        "tree: {a/: , b/: }\nbelongs: {'*.x': b/, '*.y': a/}",
        "a/\n  1.x\nb/\n  1.y",
        {},
        ["a/1.x -> b/1.x", "b/1.y -> a/1.y"],
    ),
    (
        "findings without a fix",
        "tree: {src/: }\nforbid: {'*.orig': }",
        "notes.txt\nsrc/\n  a.orig\nold/\n  x",
        {},
        [],
    ),
]


@pytest.mark.parametrize(
    ("layout", "tree", "contents", "steps"), [case[1:] for case in PLANS], ids=[case[0] for case in PLANS]
)
def test_plans(layout: str, tree: str, contents: Mapping[str, str], steps: list[str]) -> None:
    drawn_tree = drawn(tree, contents, in_git=True)
    found = make_plan(load_layout(layout), drawn_tree)
    assert [describe(each.step) for each in found.steps] == steps


UNFIXABLE = [
    ("git ignores `dist/.gitkeep`", "tree: {dist/: }", ".gitignore", True),
]


@pytest.mark.parametrize(
    ("reason", "layout", "tree", "unsafe"), UNFIXABLE, ids=[case[0] for case in UNFIXABLE]
)
def test_reason_for_unfixed_finding(reason: str, layout: str, tree: str, unsafe: bool) -> None:
    contents = {".gitignore": "dist/\n"} if ".gitignore" in tree else {}
    found = make_plan(load_layout(layout), drawn(tree, contents, in_git=True), unsafe=unsafe)
    assert any(reason in each.why for each in found.left), found.left


REASONS_FOR_EMPTY_FILES = {why_hollow(name) for name in ("package.json", "yarn.lock", "LICENSE")}


@pytest.mark.parametrize("name", BUNDLED)
def test_fix_creates_bundled_layout_in_empty_repository(name: str) -> None:
    """Everything except the evidence for the layout and files that must not be empty."""
    found = make_plan(bundled_layout(name), Tree((), Drawn({}, frozenset()), in_git=True), unsafe=False)
    left = [each for each in found.left if each.by_hand not in REASONS_FOR_EMPTY_FILES]
    assert {each.finding.about for each in left} <= {
        contents.about for contents in bundled_layout(name).root.holds
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.stem for path in DOCUMENTS])
def test_fix_creates_drawn_tree_in_empty_repository(path: Path) -> None:
    layout = load(LayoutSource({path.name: path.read_bytes()}.__getitem__), path.name)
    found = make_plan(layout, Tree((), Drawn({}, frozenset()), in_git=True), unsafe=False)
    assert [each.finding for each in found.left if each.by_hand not in REASONS_FOR_EMPTY_FILES] == []
    assert found.steps


# --- On disk


def finding_keys(found: list[Finding]) -> set[tuple[str, str]]:
    return {(each.rule, each.path) for each in found}


def open_project(root: Path) -> Project:
    return open_projects(Request(paths=(str(root),)))[0]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(_layouts, _paths)
def test_remaining_findings_are_those_of_check(written: dict[str, object], paths: list[str]) -> None:
    files = {path: "" for path in paths if not any(other.startswith(f"{path}/") for other in paths)}
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve()
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        write(root, {"structlint.yaml": json.dumps(written), **files})
        subprocess.run(["git", "add", "-A", "-f"], cwd=root, check=True)
        before, staged = snapshot(root), (root / ".git/index").read_bytes()
        try:
            project = open_project(root)
        except LayoutError:
            return
        found = fixing.plan_fixes(project, ALL, unsafe=True)
        if not found.plan.steps:
            return
        apply(root, [each.step for each in found.plan.steps])
        left = find_problems(open_project(root), ALL, date.today())
        assert finding_keys(left) == finding_keys([each.finding for each in found.plan.left])
        undo(root)
        assert snapshot(root) == before
        assert (root / ".git/index").read_bytes() == staged


LAYOUT = """\
names: {service: kebab-case}
tree:
  README.md: Start here
  .gitignore:
  docs/:
  services/:
    <service>/: {src/: , tests/: , README.md: What it does}
  notebooks/?:
belongs: {"*.ipynb": notebooks/}
local: [.env]
"""
FILES = {
    "structlint.yaml": LAYOUT,
    "README.md": "See [it](services/user_accounts/src/m.py#L1) and [docs](docs/).\n",
    "docs/a.md": "[m](../services/user_accounts/src/m.py)\n",
    "services/user_accounts/src/m.py": "",
    "services/billing/src/b.py": "",
    "services/billing/test/t.py": "",
    "x.ipynb": "{}",
    ".env": "SECRET=1",
}


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    git("commit", "-q", "-m", "x")
    monkeypatch.chdir(git.path)
    return git


SAFE = """\
create  .gitignore
create  services/billing/README.md
create  services/user_accounts/README.md
create  services/user_accounts/tests/.gitkeep
"""
UNSAFE = """\
rename  services/billing/test/ -> services/billing/tests/
rename  services/user_accounts/ -> services/user-accounts/
move    x.ipynb -> notebooks/x.ipynb
untrack .env (it stays on disk)
rewrite README.md
rewrite docs/a.md
create  .gitignore
create  services/billing/README.md
create  services/user-accounts/README.md
create  services/user-accounts/tests/.gitkeep
"""


def test_safe_fixes(shop: Git, run: Run) -> None:
    status, out, err = run("fix")
    assert (status, out) == (1, SAFE)
    made, _, header, *left = err.splitlines()
    assert (made, header) == ("4 changes made; undo with `structlint fix --undo`", "needs your decision:")
    # Findings are printed as by `check`.
    checked = run("check").out.splitlines()
    assert left[:-2] == checked[: len(left) - 2]
    assert left[-2:] == ["", "4 of 4 can be fixed: structlint fix --unsafe --diff"]
    assert (shop.path / ".gitignore").read_text() == ".env\n"
    assert run("fix").out == ""


def test_unsafe_fixes_and_undo(shop: Git, run: Run) -> None:
    before, staged = snapshot(shop.path), (shop.path / ".git/index").read_bytes()
    status, out, err = run("fix", "--unsafe")
    assert (status, out) == (0, UNSAFE)
    assert err == "10 changes made; undo with `structlint fix --undo`\n"
    assert run("check", "-q") == (0, "", "")
    assert (shop.path / ".env").exists()
    assert "services/user-accounts/src/m.py#L1" in (shop.path / "README.md").read_text()
    assert "R  services/billing/test/t.py -> services/billing/tests/t.py" in shop("status", "--short")
    assert run("fix", "--undo").status == 0
    assert snapshot(shop.path) == before
    assert (shop.path / ".git/index").read_bytes() == staged


def test_diff_changes_nothing(shop: Git, run: Run) -> None:
    before = snapshot(shop.path)
    status, out, _ = run("fix", "--diff", "--unsafe")
    assert status == 1
    assert [line for line in out.splitlines() if not line.startswith(" ")] == UNSAFE.splitlines()
    assert "        -[m](../services/user_accounts/src/m.py)\n" in out
    assert "        +[m](../services/user-accounts/src/m.py)\n" in out
    assert "        ++" not in out
    assert snapshot(shop.path) == before
    assert not (shop.path / ".git/structlint").exists()


def test_similar_changes_are_folded(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    layout = "names: {service: kebab-case}\ntree: {services/: {<service>/: {README.md: , x.py: }}}\n"
    names = [*(f"s{number}" for number in range(100, 150)), "t_1", "t_2", "t_3"]
    git = repository({"structlint.yaml": layout, **{f"services/{name}/x.py": "" for name in names}})
    git("commit", "-q", "-m", "x")
    monkeypatch.chdir(git.path)
    listed = [f"create  services/{name.replace('_', '-')}/README.md" for name in names]
    shown = run("fix", "--diff", "--unsafe").out.splitlines()  # in a file, the whole diff
    assert [line for line in shown[3:] if not line.startswith(" ")] == listed
    _, out, err = run("fix", "--unsafe")
    assert out == (
        "rename  3 directories in services/: t_1/ -> t-1/, t_2/ -> t-2/, t_3/ -> t-3/\n"
        "create  53 files in services/: s100/README.md, s101/README.md, s102/README.md, s103/README.md, "
        "s104/README.md and 48 more\n"
    )
    assert err.startswith("56 changes made; ")
    run("fix", "--undo")
    assert run("fix", "--unsafe", "--all").out.splitlines()[3:] == listed


def test_different_changes_are_limited(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    layout = "tree:\n" + "".join(f"  {number}.md: Page {number}\n" for number in range(100, 160))
    git = repository({"structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    lines = run("fix").out.splitlines()
    assert lines[49:] == ["create  149.md", "… and 10 more changes; list all with --all"]
    assert len(list(git.path.glob("*.md"))) == 60


def test_select(shop: Git, run: Run) -> None:
    assert run("fix", "--diff", "--select", "unignored-*").out == "create  .gitignore\n        +.env\n"


def test_uncommitted_changes_are_not_moved(shop: Git, run: Run) -> None:
    (shop.path / "README.md").write_text("mine, [it](services/user_accounts/)\n")
    message = "structlint: there are uncommitted changes (README.md); commit or stash them, or use --force\n"
    result = run("fix", "--unsafe")
    assert (result.status, result.err) == (2, message)
    assert not (shop.path / ".gitignore").exists()
    assert run("fix", "--unsafe", "--force").status == 0
    assert (shop.path / "README.md").read_text() == "mine, [it](services/user-accounts/)\n"


def test_changed_times_are_not_uncommitted_changes(shop: Git, run: Run) -> None:
    for path in shop.path.rglob("*.py"):
        path.touch()
    assert run("fix", "--unsafe").status == 0


def test_target_is_an_empty_directory(shop: Git, run: Run) -> None:
    """git does not show it, but it has the name of a file to create."""
    (shop.path / "notebooks/x.ipynb").mkdir(parents=True)
    result = run("fix", "--unsafe", "--force")
    assert result.status == 2
    assert "nothing was done, because\n  `notebooks/x.ipynb` already exists\n" in result.err
    assert (shop.path / "notebooks/x.ipynb").is_dir()
    assert (shop.path / "services/user_accounts").exists()


MIGRATION = ["1. Create", "2. Rename", "3. Move", "4. Create, in new places", "5. Clean", "6. Decide"]


def test_plan_commands_have_the_same_result_as_fix(shop: Git, run: Run, tmp_path: Path) -> None:
    text = run("fix", "--plan").out
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == MIGRATION
    assert text.endswith("## 6. Decide\n\nNothing.\n")
    blocks = text.split("```sh\n")[1:]
    script = "".join(block.partition("```\n")[0] for block in blocks)
    subprocess.run(["bash", "-e"], input=script, text=True, cwd=shop.path, check=True, capture_output=True)
    by_hand = {path: each[1] for path, each in snapshot(shop.path).items()}
    shop("reset", "-q", "--hard")
    shop("clean", "-fdxq")
    (shop.path / ".env").write_text("SECRET=1")
    assert run("fix", "--unsafe", "-q").status == 0
    assert {path: each[1] for path, each in snapshot(shop.path).items()} == by_hand


def test_fix_in_nested_project(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a/: }", "a/structlint.yaml": LAYOUT, "a/readme.md": ""})
    git("commit", "-q", "-m", "x")
    monkeypatch.chdir(git.path / "a")
    out = run("fix", "--unsafe").out
    assert out.splitlines()[0] == "rename  a/readme.md -> a/README.md"
    assert (git.path / "a/README.md").exists()
    assert run("fix", "--undo").status == 0
    assert (git.path / "a/readme.md").exists()


USAGE_ERRORS = [
    (("--undo",), "no fix to undo"),
    (("--resume",), "no interrupted fix to resume"),
    (("--undo", "--diff"), "--undo, --resume, --plan and --diff cannot be used together; use one of them"),
    (("--select", "nonsense"), "--select: unknown rule `nonsense`; list them with `structlint explain`"),
    (("nowhere",), "no such directory: `nowhere`"),
]


@pytest.mark.parametrize(
    ("arguments", "message"), USAGE_ERRORS, ids=[" ".join(case[0]) for case in USAGE_ERRORS]
)
def test_usage_errors(shop: Git, run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run("fix", *arguments)
    assert (result.status, result.err) == (2, f"structlint: {message}\n")


def test_fix_without_layout(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(repository({"a": ""}).path)
    assert "create one with `structlint init`" in run("fix").err


def test_nothing_to_fix(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(repository({"structlint.yaml": "tree: {a: }", "a": ""}).path)
    assert run("fix") == (0, "", "nothing to fix\n")


SMALL_LAYOUT = (
    'names: {s: kebab-case}\ntree:\n  "*.md?":\n  Makefile?:\n  .gitignore?:\n  services/: {<s>/: }\n'
)


@pytest.fixture
def make_small_repository(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Git]:
    """Creates a committed repository with a misnamed service and other files."""

    def make(**more: str) -> Git:
        git = repository({"structlint.yaml": SMALL_LAYOUT, "services/a_b/x": "1", **more})
        git("commit", "-q", "-m", "x")
        monkeypatch.chdir(git.path)
        return git

    return make


def test_change_with_same_size_and_time_is_detected(
    make_small_repository: Callable[..., Git], run: Run
) -> None:
    git = make_small_repository()
    (git.path / "services/a_b/x").write_text("2")
    assert run("fix", "--unsafe").err.startswith("structlint: there are uncommitted changes (services/a_b/x)")
    assert run("check", "--changed", "--output-format", "concise").out.startswith("services/a_b/: error")


def test_ignored_files_stay_ignored(make_small_repository: Callable[..., Git], run: Run) -> None:
    git = make_small_repository(**{".gitignore": "/services/a_b/key\nservices/a_b/*.log\n"})
    (git.path / "services/a_b/key").write_text("SECRET")
    assert run("fix", "--unsafe").status == 0
    assert (git.path / ".gitignore").read_text() == "/services/a-b/key\nservices/a-b/*.log\n"
    assert "key" not in git("status", "--short", "--untracked-files=all")


def test_index_flags_are_kept(make_small_repository: Callable[..., Git], run: Run) -> None:
    git = make_small_repository(**{"services/a_b/cfg": "1", "services/a_b/odd": "1"})
    git("update-index", "--skip-worktree", "services/a_b/cfg")
    git("update-index", "--assume-unchanged", "services/a_b/odd")
    (git.path / "services/a_b/cfg").write_text("my own")
    assert run("fix", "--unsafe", "--force").status == 0
    assert "S services/a-b/cfg" in git("ls-files", "-v")
    assert "h services/a-b/odd" in git("ls-files", "-v")
    assert "M services/a-b/cfg" not in git("status", "--short")


@pytest.mark.parametrize("staged", [[], ["services/a_b/empty"]], ids=["only the intent", "with the content"])
def test_move_of_a_file_with_intent_to_add_is_refused(
    staged: list[str], make_small_repository: Callable[..., Git], run: Run
) -> None:
    git = make_small_repository()
    write(git.path, {"services/a_b/empty": "", "services/a_b/new": "my own"})
    git("add", "--intent-to-add", "services/a_b/empty", "services/a_b/new")
    git("add", "services/a_b/new", *staged)
    result = run("fix", "--unsafe")
    if staged:
        assert result.status == 0
        assert git("diff", "--cached", "--name-only", "--diff-filter=A").split() == [
            "services/a-b/empty",
            "services/a-b/new",
        ]
    else:
        assert result.status == 2
        assert "services/a_b/empty was added with `git add --intent-to-add`; add its content" in result.err
        assert (git.path / "services/a_b/empty").exists()


def test_references_in_links_are_reported_and_not_changed(
    make_small_repository: Callable[..., Git], run: Run
) -> None:
    git = make_small_repository(
        **{"CLAUDE.md": "[a](services/a_b/x)\n", "Makefile": "all:\n\tcd services/a_b\n"}
    )
    (git.path / "AGENTS.md").symlink_to("CLAUDE.md")
    (git.path / "p.md").symlink_to("services/a_b/x")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    result = run("fix", "--unsafe")
    assert result.status == 0
    assert "Makefile:2: refers to a moved file: cd services/a_b\n" in result.err
    assert "p.md:1: refers to a moved file: -> services/a_b/x\n" in result.err
    assert (git.path / "AGENTS.md").is_symlink()
    assert (git.path / "CLAUDE.md").read_text() == "[a](services/a-b/x)\n"


def test_name_that_cannot_be_fixed_does_not_stop_other_fixes(
    make_small_repository: Callable[..., Git], run: Run
) -> None:
    git = make_small_repository(**{"docs/b\n.ipynb": ""})
    (git.path / "structlint.yaml").write_text(
        SMALL_LAYOUT + "  docs/?:\n  nb/?:\nbelongs: {'*.ipynb': nb/}\n"
    )
    git("commit", "-qam", "y")
    result = run("fix", "--unsafe")
    assert "contains a control character" in result.err
    assert (git.path / "services/a-b/x").exists()


def test_unlisted_gitignore_is_not_created(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(repository({"structlint.yaml": "tree: {a: }\nlocal: [.env]\n", "a": ""}).path)
    result = run("fix")
    assert (result.status, result.out) == (0, "")
    assert "the layout does not list a `.gitignore` for the pattern" in result.err


def test_nested_projects_are_noted(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    files = {"structlint.yaml": "tree: {sub/: }", "sub/structlint.yaml": "tree: {a.txt: }"}
    monkeypatch.chdir(repository(files).path)
    assert "`sub/` has its own layout; fix it with `structlint fix sub`\n" in run("fix").err


def test_undo_outside_git_in_subdirectory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    write(tmp_path, {"structlint.yaml": "tree: {a/: {b.txt: }}", "a/c.txt": ""})
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path.parent / "state"))
    monkeypatch.chdir(tmp_path / "a")
    assert run("fix").status == 0
    assert (tmp_path / "a/b.txt").exists()
    assert run("fix", "--undo").status == 0
    assert not (tmp_path / "a/b.txt").exists()


# --- References to moved files

MOVED = {
    "a/b.md": "c/d/b.md",
    "src/pkg/old.py": "src/pkg/new.py",
    "services/x/Dockerfile": "apps/x/Dockerfile",
    "types.py": "lib/types.py",
    "helper.py": "lib/helper.py",
}
REFERENCES: list[tuple[str, str, str, str, list[str]]] = [
    ("link", "README.md", "[b](a/b.md)\n", "[b](c/d/b.md)\n", ["README.md:1 fixed"]),
    ("link with a fragment", "README.md", "[b](a/b.md#x?y)\n", "[b](c/d/b.md#x?y)\n", ["README.md:1 fixed"]),
    ("link with a title", "README.md", '[b](a/b.md "T")\n', '[b](c/d/b.md "T")\n', ["README.md:1 fixed"]),
    ("link with a dot", "README.md", "[b](./a/b.md)\n", "[b](./c/d/b.md)\n", ["README.md:1 fixed"]),
    (
        "link from another directory",
        "docs/x.md",
        "![b](../a/b.md)\n",
        "![b](../c/d/b.md)\n",
        ["docs/x.md:1 fixed"],
    ),
    ("link definition", "README.md", "[b]: a/b.md 'T'\n", "[b]: c/d/b.md 'T'\n", ["README.md:1 fixed"]),
    ("link to a directory", "README.md", "[x](services/x/)\n", "[x](apps/x/)\n", ["README.md:1 fixed"]),
    ("other links", "README.md", "[b](https://a/b.md) [c](/a/b.md) [d](#x) [e](z/c.md)\n", "", []),
    ("link in code", "README.md", "```\n[b](a/b.md)\n```\n", "", ["README.md:2"]),
    (
        "link in a moved file",
        "a/b.md",
        "[r](../README.md)\n",
        "[r](../../README.md)\n",
        ["c/d/b.md:1 fixed"],
    ),
    ("CRLF", "README.md", "[b](a/b.md)\r\nx", "[b](c/d/b.md)\r\nx", ["README.md:1 fixed"]),
    (
        "build context",
        "compose.yaml",
        "  x:\n    build: ./services/x\n  y:\n    build:\n      context: services/x/ # why\n",
        "  x:\n    build: ./apps/x\n  y:\n    build:\n      context: apps/x/ # why\n",
        ["compose.yaml:2 fixed", "compose.yaml:5 fixed"],
    ),
    (
        "import from",
        "src/app.py",
        "from pkg.old import x\nfrom pkg.older import y\n",
        "from pkg.new import x\nfrom pkg.older import y\n",
        ["src/app.py:1 fixed"],
    ),
    ("import of the module", "src/app.py", "import pkg.old\n", "", ["src/app.py:1"]),
    ("import by name", "src/app.py", "from pkg import a, old\n", "", ["src/app.py:1"]),
    ("relative import", "src/pkg/b.py", "from .old import x\n", "", ["src/pkg/b.py:1"]),
    ("text", "README.md", "a/b.md is nice, xa/b.md not\n", "", ["README.md:1"]),
    ("other file", "Makefile", "all:\n\tcd ./services/x\n", "", ["Makefile:2"]),
    (
        "braces",
        "compose.yaml",
        "services: {x: {build: {context: services/x}}}\n",
        "services: {x: {build: {context: apps/x}}}\n",
        ["compose.yaml:1 fixed"],
    ),
    (
        "patterns",
        ".gitignore",
        "/services/x/key\n!services/x/*.y\n*.md\nkey\n",
        "/apps/x/key\n!apps/x/*.y\n*.md\nkey\n",
        [".gitignore:1 fixed", ".gitignore:2 fixed"],
    ),
    ("owners", "CODEOWNERS", "/services/x/ @a\n", "/apps/x/ @a\n", ["CODEOWNERS:1 fixed"]),
    ("module of the standard library", "src/app.py", "from types import x\n", "", []),
    ("module in the same directory", "src/other/app.py", "from helper import x\n", "", []),
]


@table(
    ("path", "before", "after", "expected"),
    [case[1:] for case in REFERENCES],
    ids=[case[0] for case in REFERENCES],
)
def test_references(path: str, before: str, after: str, expected: list[str]) -> None:
    names = ("README.md", "docs/x.md", "compose.yaml", "src/app.py", "src/pkg/b.py", "Makefile", ".gitignore")
    files = {name: name for name in (*names, "CODEOWNERS", "src/other/app.py", "src/other/helper.py")}
    moved = Moved({**files, **MOVED}, {"services/x": "apps/x", "a": "c/d", "docs": "docs"})
    contents = {moved.files[path]: before.encode()}

    def read(name: str) -> bytes:
        if name not in contents:
            raise CannotCheck("no file")
        return contents[name]

    found, rewrites = references(
        moved, read, {"docs/link": "../a/b.md", "fine": "README.md", "abs": "/a/b.md"}
    )
    assert (found[0].path, found[0].text) == ("docs/link", "-> ../a/b.md")
    assert [f"{each.path}:{each.line}" + " fixed" * each.fixed for each in found[1:]] == expected
    assert [each.after.decode() for each in rewrites] == ([after] if after else [])


def test_build_context_moves_with_its_file(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository(
        {
            "structlint.yaml": "names: {s: kebab-case}\n"
            "tree: {services/: {<s>/: {compose.yaml: , Dockerfile: }}}",
            "services/a_b/compose.yaml": "services: {web: {build: .}}\n",
            "services/a_b/Dockerfile": "",
        }
    )
    monkeypatch.chdir(git.path)
    result = run("fix", "--unsafe", "--diff")
    assert "services/a-b/" in result.out
    assert "moved file" not in result.out + result.err


def test_unfixed_findings_in_nested_layout_have_full_paths(repository: Make, run: Run) -> None:
    layout = "tree: {a.md: }\nignore: [{rule: stray-file, path: nothing.md, why: x}]\n"
    git = repository({"sub/structlint.yaml": layout, "sub/a.md": ""})
    left = run("fix", str(git.path / "sub"), "--diff").err
    assert "warning  sub/structlint.yaml:2: unused ignore" in left
