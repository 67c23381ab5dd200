"""Layouts that extend several others combine the requirements of all of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture

from structlint.errors import LayoutError
from structlint.finding import Finding
from structlint.layout.bundled import BUNDLED
from structlint.layout.load import bundled_layout, load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

# Two layouts, the additions of the file that extends them, the files, and the findings.
CASES = {
    "pattern of one and exact name of the other": (
        "tree: {app/: {<package>/: {__init__.py: }}}",
        "tree: {app/: {domain/?: {model.py: }}}",
        "",
        "app/domain/x",
        ["error missing-file app/domain/__init__.py", "error missing-file app/domain/model.py"],
    ),
    "placeholders are local to their layout": (
        "tree: {src/: {<module>.py: }}",
        "tree: {lib/: {<module>.py: }, web/?: {<module>.js: }}",
        "",
        "src/a.py lib/b.py web/b.js",
        [],
    ),
    "placeholders tie names within each layout": (
        "tree: {src/: {<module>.py: }, tests/: {test_<module>.py: }}",
        "tree: {lib/: {<module>.py: }, tests/: {<module>_spec.rb: }}",
        "",
        "src/a.py lib/b.py tests/test_a.py tests/a_spec.rb",
        ["error orphan tests/a_spec.rb", "error missing-file tests/b_spec.rb"],
    ),
    "the extending file shares a placeholder by using it": (
        "tree: {src/: {<module>.py: }}",
        "tree: {tests/: {test_<module>.py: }}",
        "tree: {docs/: {<module>.md: }}",
        "src/a.py tests/test_a.py docs/b.md",
        ["error orphan docs/b.md", "error missing-file docs/a.md"],
    ),
    "two cases for the same names": (
        "names: {x: kebab-case}\ntree: {a/: {<x>.md?: }}",
        "names: {x: snake_case}\ntree: {a/: {<x>.md?: }}",
        "",
        "a/b_c.md",
        ["error bad-name a/b_c.md"],
    ),
    "names listed by one layout are allowed": (
        "tree: {a/: , src/: {.: {unlisted: forbid}, one.txt?: }}",
        "tree: {b/: , src/: {.: {unlisted: forbid}, two.txt?: }}",
        "",
        "a/x b/x src/one.txt src/two.txt src/three.txt c/x",
        ["error stray-directory c/", "error stray-file src/three.txt"],
    ),
    "stricter `unlisted` of the layouts that list contents": (
        "tree: {src/: {.: {unlisted: allow}, a.txt?: }}",
        "tree: {src/: {b.txt?: }}",
        "",
        "src/x/y",
        ["error stray-directory src/x/"],
    ),
    "directory without entries does not allow unlisted names": (
        "tree: {src/: {.: {unlisted: allow}}}",
        "tree: {src/: {b.txt?: }}",
        "",
        "src/x/y",
        ["error stray-directory src/x/"],
    ),
    "inherited `unlisted` applies within one layout": (
        "tree: {.: {unlisted: allow}, a/?: {x/?: {f?: }}}",
        "tree: {a/?: {.: {unlisted: forbid}, g?: }}",
        "",
        "a/x/f a/x/y/z a/h b/c",
        ["error stray-file a/h", "error stray-directory b/"],
    ),
    "required in one": (
        "tree: {a: {level: recommended}, b: }",
        "tree: {a: , b?: }",
        "",
        "c/d",
        ["error missing-file a", "error missing-file b", "error stray-directory c/"],
    ),
    "forbidden in one": ("tree: {a?: }", "tree: {a: false}", "", "a", ["error forbidden-path a"]),
    "`needs` of both": (
        "tree: {a?: {needs: b}, b?: , c?: }",
        "tree: {a?: {needs: c}}",
        "",
        "a",
        ["error missing-file b", "error missing-file c"],
    ),
    "narrower limits": (
        "tree: {a/: {.: {max-files: 1, min-files: 1}}}",
        "tree: {a/: {.: {max-files: 2}}}",
        "",
        "a/x a/y",
        ["error too-many-files a/"],
    ),
    "pattern removed by only one": (
        "forbid: {'*.tmp': scratch}\ntree: {x?: }",
        "forbid: {'*.tmp': false}\ntree: {y/?: }",
        "",
        "y/a.tmp",
        ["error forbidden-path y/a.tmp"],
    ),
    "stricter severity": (
        "severity: {stray-file: warning}\ntree: {x?: }",
        "severity: {stray-file: off}\ntree: {x?: }",
        "",
        "y",
        ["warning stray-file y"],
    ),
    "`belongs` directories of both": (
        "tree: {.: {unlisted: allow}, x?: }\nbelongs: {'*.sql': db/}",
        "tree: {.: {unlisted: allow}, x?: }\nbelongs: {'*.sql': sql/}",
        "",
        "db/a.sql sql/b.sql c/d.sql",
        ["error misplaced-file c/d.sql"],
    ),
    "two `if` conditions, both met": (
        "tree: {app/?: {.: {if: manage.py}, urls.py: }, x/?: }",
        "tree: {app/?: {.: {if: go.mod}, main.go: }, x/?: }",
        "",
        "app/manage.py app/go.mod",
        ["error missing-file app/main.go", "error missing-file app/urls.py"],
    ),
    "two `if` conditions, one met": (
        "tree: {app/?: {.: {if: manage.py}, urls.py: }, x/?: }",
        "tree: {app/?: {.: {if: go.mod}, main.go: }, x/?: }",
        "",
        "app/go.mod",
        ["error missing-file app/main.go"],
    ),
    "`**/` with two `if` conditions": (
        "tree: {.: {unlisted: allow}, '**/': {.: {if: go.mod}, a.md: }}",
        "tree: {.: {unlisted: allow}, '**/': {.: {if: package.json}, b.md: }}",
        "",
        "x/go.mod x/package.json y/go.mod",
        ["error missing-file x/a.md", "error missing-file x/b.md", "error missing-file y/a.md"],
    ),
    "exact name does not override `**/` of the other": (
        "tree: {.: {unlisted: allow}, '**/': {'*.pdf': false}}",
        "tree: {.: {unlisted: allow}, docs/: {a.pdf?: }}",
        "",
        "docs/a.pdf",
        ["error forbidden-path docs/a.pdf"],
    ),
    "overlapping groups: one name of each is required": (
        "tree: {src/ | app/: {a: }}",
        "tree: {src/ | lib/: {b: }}",
        "",
        "lib/c",
        ["error missing-directory src/", "error missing-file lib/b"],
    ),
    "overlapping groups: a common name satisfies both": (
        "tree: {src/ | app/: {a: }}",
        "tree: {src/ | lib/: {b: }}",
        "",
        "src/c",
        ["error missing-file src/a", "error missing-file src/b"],
    ),
    "group with a name that the other layout requires": (
        "tree: {src/ | app/: {a?: }}",
        "tree: {src/: {b?: }}",
        "",
        "app/a",
        ["error missing-directory src/"],
    ),
    "exclusive group": (
        "tree: {a ^ b: }",
        "tree: {a | b | c: }",
        "",
        "a b c",
        ["error conflicting-entries a"],
    ),
    "file or directory, and the other layout requires the directory": (
        "tree: {docs/ | docs.md: }",
        "tree: {docs/: {index.md: }}",
        "",
        "docs.md",
        ["error missing-directory docs/"],
    ),
    "the extending file narrows the groups of both": (
        "tree: {src/ | app/: {a?: }}",
        "tree: {src/ | lib/: {b?: }}",
        "tree: {src/: }",
        "app/a lib/b",
        ["error missing-directory src/", "error stray-directory app/", "error stray-directory lib/"],
    ),
    "the extending file removes a name from both groups": (
        "tree: {src/ | app/: {a?: }}",
        "tree: {src/ | lib/: {b?: }}",
        "tree: {src/: false}",
        "src/a",
        ["error forbidden-path src/", "error missing-directory app/", "error missing-directory lib/"],
    ),
    "the extending file widens the groups of both": (
        "tree: {src/ | app/: {a?: }}",
        "tree: {src/ | lib/: {b?: }}",
        "tree: {src/ | app/ | lib/ | code/: {c: }}",
        "code/x",
        ["error missing-file code/c"],
    ),
    "group with names of several entries of the other": (
        "tree: {apps/?: {<app>/: {a: }}, services/?: {<service>/: {b: }}}",
        "tree: {apps/ | services/ | src/: {<unit>/: {c: }}}",
        "",
        "services/x/z",
        ["error missing-file services/x/b", "error missing-file services/x/c"],
    ),
    "the extending file overrides": (
        "tree: {a/: {<x>/: {one: }}}",
        "tree: {a/: {<y>/: {two: }}}",
        "tree: {a/: {z/?: }}",
        "a/z/f a/w/f",
        ["error missing-file a/w/one", "error missing-file a/w/two"],
    ),
    "severity of some paths": (
        "severity: {stray-file: off}\ntree: {x?: , a/?: }",
        "severity: {stray-file: {/a/: warning}}\ntree: {a/?: {x?: , .: {unlisted: forbid}}}",
        "",
        "b a/b",
        ["warning stray-file a/b"],
    ),
    "severity of different paths": (
        "severity: {stray-file: {/a/: warning, /b/: off}}\ntree: {'*/?': {x?: , .: {unlisted: forbid}}}",
        "severity: {stray-file: {/a/: off, /b/: off}}",
        "",
        "a/y b/y c/y",
        ["warning stray-file a/y", "error stray-file c/y"],
    ),
    "severity of paths in the file that extends both": (
        "severity: {stray-file: {/a/: warning}}\ntree: {'*/?': {x?: , .: {unlisted: forbid}}}",
        "severity: {stray-file: {/b/: error}}",
        "severity: {stray-file: {/a/: off, /b/: off}}",
        "a/y b/y c/y",
        ["error stray-file c/y"],
    ),
    "an exception to a pattern of the other": (
        'tree: {x/: {"*?": }}\nforbid: {"*.tmp": , "!keep.tmp": }',
        'forbid: {"!*.tmp": , "*.q": }',
        "",
        "x/a.tmp x/keep.tmp x/b.q",
        ["error forbidden-path x/a.tmp", "error forbidden-path x/b.q"],
    ),
    "an exception between patterns that both have": (
        'tree: {x/: {"*?": }}\nforbid: {"*.tmp": , "!a.tmp": }',
        'forbid: {"!b.tmp": , "*.tmp": , "!c.tmp": }',
        "",
        "x/a.tmp x/b.tmp x/c.tmp",
        [f"error forbidden-path x/{name}.tmp" for name in "abc"],
    ),
    "an exception in both": (
        'tree: {x/: {"*?": }}\nforbid: {"*.tmp": , "!a.tmp": }',
        'forbid: {"*.tmp": , "!a.tmp": }',
        "",
        "x/a.tmp x/b.tmp",
        ["error forbidden-path x/b.tmp"],
    ),
    "an exception of the file that extends both": (
        'tree: {x/: {"*?": }}\nforbid: {"*.tmp": , "!a.tmp": }',
        'forbid: {"*.tmp": , "!b.tmp": }',
        'forbid: {"!c.tmp": }',
        "x/a.tmp x/b.tmp x/c.tmp",
        ["error forbidden-path x/a.tmp", "error forbidden-path x/b.tmp"],
    ),
    "a pattern that the file that extends both removes": (
        'tree: {x/: {"*?": }}\nforbid: {"*.tmp": , "!a.tmp": }',
        'forbid: {"!b.tmp": , "*.tmp": }',
        'forbid: {"*.tmp": false}',
        "x/a.tmp x/b.tmp x/c.tmp",
        [],
    ),
    "an exception to `belongs` of the other": (
        'tree: {x/: {"*?": }, data/?: {"*?": }, raw/?: {"*?": }}\nbelongs: {"*.csv": data/}',
        'belongs: {"!a.csv": , "*.csv": raw/, "!b.csv": }',
        "",
        "x/a.csv x/b.csv x/c.csv",
        [f"error misplaced-file x/{name}.csv" for name in "abc"],
    ),
    "a home in the other": (
        'tree: {data/: {"*?": }, raw/: {"*?": }}\nbelongs: {"*.csv": data/}',
        'belongs: {"!q.csv": , "*.csv": raw/}',
        "",
        "data/a.csv raw/b.csv",
        [],
    ),
    "an exception to `local` of the other": (
        'tree: {x/: {"*?": }}\nlocal: [.env]',
        'local: ["!.env", "*.pem"]\nseverity: {unignored-local: off}',
        "severity: {unignored-local: off}",
        "x/.env",
        ["error tracked-local x/.env"],
    ),
    "`<dir**>/` in both": (
        "tree: {src/: {<dir**>/: {<m>.py?: }}, tests/: {<dir**>/: {test_<m>.py?: }}}",
        "tree: {src/: {<dir**>/: {<m>.py?: }}, docs/: {<dir**>/: {<m>.md?: }}}",
        "",
        "src/p/a.py tests/p/test_a.py tests/p/test_b.py docs/p/a.md docs/p/c.md",
        ["error orphan docs/p/c.md", "error orphan tests/p/test_b.py"],
    ),
}


@pytest.mark.parametrize("swapped", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize(("one", "other", "near", "files", "expected"), CASES.values(), ids=CASES)
def test_requirements_are_combined(
    found: Findings,  # noqa: F811
    one: str,
    other: str,
    near: str,
    files: str,
    expected: list[str],
    swapped: bool,
) -> None:
    order = "[./l/other.yaml, ./l/one.yaml]" if swapped else "[./l/one.yaml, ./l/other.yaml]"
    git = found.make(f"extends: {order}\n{near}\nexclude: [/l/]\n", files)
    for name, text in (("one", one), ("other", other)):
        path = git.path / "l" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert sorted(found.check()) == sorted(expected)


CONTRADICTIONS = {
    "required and forbidden": (
        "tree: {a: }",
        "tree: {a: false}",
        "`a` is required by another layout (one.yaml:1); extend only one of the two",
    ),
    "alternatives that are all forbidden": (
        'tree: {"a | b": }',
        "tree: {a: false, b: false}",
        "`a | b` is required here, but forbidden (",
    ),
    "a pattern that is forbidden": (
        'tree: {"*.md": }',
        'tree: {"*": false}',
        "`*.md` is required here, but forbidden (",
    ),
    "a `**/` that forbids": (
        "tree: {s/: {t/: {x.py: }}}",
        'tree: {s/: {"**/": {"*.py": false}}}',
        "`s/t/x.py` is required here, but forbidden (other.yaml:1: `**/*.py`)",
    ),
    "different orders of layers": (
        "tree: {a/: , b/: }\nimports: {layers: [a/, b/]}",
        "tree: {a/: , b/: }\nimports: {layers: [b/, a/]}",
        "`layers` differ from those of another layout (one.yaml:2); "
        "write `layers` in the file that extends both",
    ),
}


def load_composed(near: str, **layouts: str) -> Layout:
    files = {f"{name}.yaml": text.encode() for name, text in layouts.items()}
    extended = ", ".join(f"./{name}" for name in files)
    files["near.yaml"] = f"extends: [{extended}]\n{near}".encode()
    return load(LayoutSource(files.__getitem__), "near.yaml")


@pytest.mark.parametrize("swapped", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize(("one", "other", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradictory_layouts(one: str, other: str, message: str, swapped: bool) -> None:
    layouts = {"one": one, "other": other}
    with pytest.raises(LayoutError) as error:
        load_composed("", **(dict(reversed(layouts.items())) if swapped else layouts))
    if not (swapped and "one.yaml" in message):
        assert message in str(error.value)


CONSISTENT = {
    "alternatives of which one is forbidden": ('tree: {"a | b": }', "tree: {a: false}", ""),
    "a name that the file that extends both lists": ("tree: {}", 'tree: {"*": false}', "tree: {a: }"),
    "a name that the layout of a `**/` lists": (
        "tree: {s/?: {}}",
        'tree: {s/: {"**/": {"*.py": false}, t/: {x.py: }}}',
        "",
    ),
    "a name in another directory": ("tree: {s/: {x.py: }}", 'tree: {t/: {"**/": {"*.py": false}}}', ""),
}


@pytest.mark.parametrize("swapped", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize(("one", "other", "near"), CONSISTENT.values(), ids=CONSISTENT)
def test_consistent_layouts(one: str, other: str, near: str, swapped: bool) -> None:
    layouts = {"one": one, "other": other}
    load_composed(near, **(dict(reversed(layouts.items())) if swapped else layouts))


def test_placeholders_are_prefixed_with_layout_name() -> None:
    one = "names: {m: kebab-case}\ntree: {a/: {<m>/: {.: {needs: b}, <m>.py?: }}}\nports: {<m>: 80-89}"
    layout = load_composed("", one=one, two="tree: {c/: {<m>/: }}", three="tree: {d/: {<other>/: }}")
    placeholders = [each for entry in layout.root.children.values() for each in entry.children]
    assert [str(key) for key in placeholders] == ["<other>/", "<two-m>/", "<one-m>/"]
    assert list(layout.names) == ["one-m"]
    assert list(layout.ports) == ["<one-m>"]


def test_common_base_is_merged_once() -> None:
    base = "names: {e: lowercase}\ntree: {config/: {<e>.yaml?: }}"
    layout = load_composed(
        "", base=base, one="extends: ./base.yaml\ntree: {x?: }", two="extends: ./base.yaml\ntree: {y?: }"
    )
    (config,) = (each for each in layout.root.children.values() if str(each.key) == "config/")
    assert [str(key) for key in config.children] == ["<e>.yaml"]


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_line_that_decides_on_unlisted_names(order: tuple[str, str]) -> None:
    layouts = {
        "one": "tree: {src/: {.: {unlisted: forbid}, a: }}",
        "two": "tree: {src/: {.: {unlisted: allow}, b?: }}",
    }
    layout = load_composed("", **{name: layouts[name] for name in order})
    (src,) = layout.root.children.values()
    assert (src.place.file, src.unlisted) == ("one.yaml", "forbid")


def test_exceptions_within_layers() -> None:
    files = {
        "near.yaml": 'extends: [./one.yaml, ./two.yaml]\nforbid: {"!near.tmp": }',
        "one.yaml": 'extends: ./base.yaml\nforbid: {"!*.bak": }',
        "two.yaml": "extends: [./three.yaml, ./four.yaml]\nforbid: {'!*.log': }",
        "base.yaml": 'forbid: {"*.tmp": , "*.bak": }',
        "three.yaml": 'extends: ./base.yaml\nforbid: {"*.log": }',
        "four.yaml": 'forbid: {"*.log": , "!*.tmp": }',
    }
    layout = load(
        LayoutSource({name: text.encode() for name, text in files.items()}.__getitem__), "near.yaml"
    )
    matched = [name for name in ("a.tmp", "near.tmp", "a.bak", "a.log") if layout.forbid.match(name)]
    assert matched == ["a.tmp", "a.bak"]


TREES = {
    "Python service": (
        "README.md pyproject.toml app/__init__.py app/domain/o.py app/application/BadName.py "
        "app/services/mail.py tests/test_a.py"
    ),
    "services": (
        "README.md services/mail/Dockerfile services/Bad_Case/x.py services/auth/package.json "
        "services/auth/src/index.ts pkg/x.go old.orig docs/a.md"
    ),
    "package": (
        "README.md pyproject.toml src/app/__init__.py src/app/main.py src/app/Weird.py src/x/y.py "
        "helpers.py tests/test_x.py tests/Bad.py zzz/a"
    ),
    "models": (
        "README.md dvc.yaml params.yaml data/raw.dvc src/prepare.py src/Train.py notebooks/a.ipynb "
        "b.ipynb models/m.bin"
    ),
    "monorepo": (
        "README.md package.json apps/web/package.json apps/api/go.mod packages/ui/package.json "
        "packages/BadOne/x.ts services/s/package.json libs/x/y.py"
    ),
    "clean architecture": (
        "README.md go.mod internal/domain/o.go internal/usecase/o.go internal/store/p.go cmd/m.go x.sql"
    ),
    "only a README": "README.md",
}


@cache
def findings_alone(name: str, files: str) -> list[Finding]:
    return findings(bundled_layout(name), files)


def findings(layout: Layout, files: str) -> list[Finding]:
    tree = Tree(tuple(sorted(files.split())), Drawn({}, frozenset()))
    return engine.check(match(layout, tree), {name_of(rule) for rule in RULES}, date(2026, 11, 29))


# Layouts of one language are composed in the same way, so architectures are sufficient.
ARCHITECTURES = [
    name
    for name in ("python-service", "clean-architecture", "monorepo", "mlops", "microservices", "base")
    if name in BUNDLED
]


# Each layout with the next one, so that each is once the first and once the second one.
PAIRS = [*pairwise(ARCHITECTURES), (ARCHITECTURES[-1], ARCHITECTURES[0])]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_bundled_layouts_compose_in_pairs(pair: tuple[str, str]) -> None:
    """A pair reports the findings of both, except for names that the other layout lists."""
    layout = load(LayoutSource({"l.yaml": f"extends: [{', '.join(pair)}]".encode()}.__getitem__), "l.yaml")
    for files in TREES.values():
        together = {(each.rule, each.path) for each in findings(layout, files)}
        for name, other in (pair, pair[::-1]):
            others = [each.path for each in findings_alone(other, files) if "stray" in each.rule]
            for each in findings_alone(name, files):
                is_lost = (each.rule, each.path) not in together
                if is_lost and each.rule.startswith("stray-"):
                    assert not any(each.path.startswith(path) for path in others), each
                elif is_lost:
                    assert _has_placeholder(each), each


def _has_placeholder(finding: Finding) -> bool:
    """Whether the missing entry has a placeholder, which is renamed in the composition."""
    return finding.rule in ("missing-directory", "missing-file") and "<" in finding.path
