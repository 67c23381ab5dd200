"""structlint and the reference implementation (`reference.py`) report the same findings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import engine_under_test
import pytest
import reference
import yaml
from reference_cases import Case
from reference_names import Undetermined
from reference_run import UNIMPLEMENTED, Difference, cases, findings_of_both, reduce
from seeded_faults import FAULTS as SEEDED

from structlint.checking.pages import Example, examples
from structlint.tree.drawing import Drawn, drawn

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "docs/language.md", *sorted(ROOT.glob("docs/rules/*.md"))]
LINE = re.compile(r"(?P<path>.*?)(:\d+)?: (?P<severity>error|warning): .* \[(?P<rule>[a-z-]+)\]( --.*)?")
# Parts of the language that the reference does not support.
WORDS = "mentioned-in|unique|consecutive|from|references|imports|ports|together"
UNSUPPORTED = rf"\b({WORDS}):|extends: [^.]"
SEEDS = [1, 2]
CASES_OF_A_SEED = 600
COMPARED = {
    "bad-name",
    "conflicting-entries",
    "empty-directory",
    "forbidden-path",
    "long-path",
    "misplaced-file",
    "missing-directory",
    "missing-file",
    "orphan",
    "stray-directory",
    "stray-file",
    "too-deep",
    "too-few-directories",
    "too-few-files",
    "too-many-directories",
    "too-many-files",
    "tracked-local",
    "unignored-local",
    "unused-ignore",
}


class Yaml12(yaml.SafeLoader):
    """A loader for which `no` and `off` are strings."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, at) for tag, at in every if not tag.endswith(("bool", "timestamp"))]
    for first, every in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def parse_yaml(text: str) -> Any:
    return yaml.load(text, Yaml12)  # noqa: S506 (a subclass of the safe loader)


def supported_examples() -> list[Example]:
    """The examples in the documentation that only use supported parts of the language."""
    every = [
        example
        for page in PAGES
        if not any(word in page.name for word in ("port", "listen", "document", "duplicate"))
        for example in examples(page)
        if example.layout
    ]
    lines = [each for each in every if all(map(LINE.fullmatch, each.output))]
    return [each for each in lines if not re.search(UNSUPPORTED, f"{each.tree}{each.layout}", re.MULTILINE)]


@pytest.mark.parametrize("example", supported_examples(), ids=str)
def test_reference_agrees_with_documented_examples(example: Example) -> None:
    assert example.layout
    layout = parse_yaml(example.layout)
    tree = drawn(example.tree, example.contents, in_git=True)
    assert isinstance(tree.source, Drawn)
    base = [parse_yaml(example.contents[layout["extends"][2:]])] if "extends" in layout else []
    full = {path[: at + 1] for path in tree.files for at, letter in enumerate(path) if letter == "/"}
    gitignore = example.contents.get(".gitignore", "").split()
    ours = reference.findings(
        [*base, layout],
        tree.files,
        tree.source.directories - full - tree.opaque,
        tree.untracked,
        gitignore,
        links={path: link.target for path, link in tree.links.items()},
        submodules=tree.opaque,
    )
    expected = {(m["path"], m["rule"], m["severity"]) for m in map(LINE.fullmatch, example.output) if m}
    assert {f for f in ours if f[1] not in UNIMPLEMENTED} == {
        f for f in expected if f[1] not in UNIMPLEMENTED
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_structlint_agrees_with_the_reference(seed: int) -> None:
    rules: set[str] = set()
    undecided = 0
    for layout, case in islice(cases(seed), CASES_OF_A_SEED):
        try:
            theirs, ours = findings_of_both(case, layout)
        except Undetermined:
            undecided += 1
            continue
        assert theirs == ours, f"\n{reduce(Difference(case, theirs - ours, ours - theirs))}"
        rules |= {rule for _, rule, _ in ours}
    assert rules >= COMPARED
    assert undecided < CASES_OF_A_SEED / 15


class Fault(NamedTuple):
    """A layout and files for which structlint once reported wrong findings."""

    name: str
    layouts: list[str]
    files: str
    empty: str = ""
    untracked: str | None = None
    links: Mapping[str, str] = MappingProxyType({})
    submodules: str = ""

    @property
    def case(self) -> Case:
        untracked = None if self.untracked is None else frozenset(self.untracked.split())
        layouts = [parse_yaml(layout) for layout in self.layouts]
        empty = frozenset(self.empty.split())
        files, submodules = frozenset(self.files.split()), frozenset(self.submodules.split())
        return Case(layouts, files, empty, untracked, self.links, submodules)


FAULTS = [
    Fault(
        "names are compared word by word",
        ["{names: {service: kebab-case}, tree: {services/: {<service>/: }, k8s/: {<service>.yaml: }}}"],
        "services/user-account/x k8s/useraccount.yaml",
    ),
    Fault(
        "names matched by another entry define values, also for earlier entries",
        ["tree: {<any>/: , <package>-tests.ts: , <package>-*/: {'<any>.py?': }}"],
        "x-y/f search-tests.ts search-a/x-y.py",
    ),
    Fault(
        "a path that another entry matches is not missing",
        ["tree: {b/: {<b>/: }, <a>.md: , <b>.txt ^ <b>.md: }"],
        "x.md b/x/f",
    ),
    Fault(
        "a dot does not end a word of a required file in snake_case",
        ["tree: {<module>/: , '<module:snake_case>.ts': }"],
        "v1.ts/x",
    ),
    Fault(
        "a forbidden directory with only excluded files",
        ["{forbid: {old/: no}, exclude: ['*.txt']}"],
        "old/a.txt",
    ),
    Fault(
        "a directory with only excluded files, for an entry with `false`",
        ["{tree: {<package>/: false}, exclude: [.env]}"],
        "v1/page/.env",
    ),
    Fault(
        "an excluded path does not satisfy an alternative",
        ["{tree: {docs/ ^ models/: }, exclude: [docs/]}"],
        "docs/a.txt",
    ),
    Fault(
        "an excluded path does not define a required name",
        ["{tree: {'<module>.<service>/?': {<service>/: }}, exclude: [page*]}"],
        "user-account.page/page/setup.py",
    ),
    Fault(
        "a name similar to a path required by an entry and a `needs`",
        ["tree: {README.md: {needs: Makefile}, Makefile: }"],
        "Makefile/x.txt README.md",
    ),
    Fault(
        "a `holds` with several paths, the first in a forbidden directory",
        ["{tree: {.: {holds: docs/index.md | main.py}}, forbid: {docs/: }}"],
        "",
    ),
    Fault(
        "a `holds` with a path in a forbidden directory",
        ["{tree: {src/: {.: {holds: docs/index.md | main.py}}}, forbid: {docs/: }}"],
        "src/docs/index.ts",
    ),
    Fault(
        "no requirements for and in a forbidden directory",
        ["{tree: {'src/?': {.: {holds: main.py}}}, forbid: {src/: }}"],
        "src/a.ts",
    ),
    Fault(
        "a `**/` closes a directory that lists names for an outer `**/`",
        ["tree: {s/: {'a/?': {x.py: }, '**/': {.: {unlisted: forbid}, '*.ts?': }}, '**/': {'*.md?': }}"],
        "s/a/x.md s/a/x.py s/b/x.md",
    ),
    Fault(
        "path of a directory with only excluded files",
        ["{tree: {src/: {<dir**>/: {'*.py?': }}, tests/: {<dir**>/: {'*.py?': }}}, exclude: [.env]}"],
        "src/mail/.env tests/mail/a.py",
    ),
    Fault(
        "a broken link whose name is not a value of the placeholder",
        ["tree: {<view>/: {'<view>/?': {main.py: }}}"],
        "mail/cart",
        links={"mail/cart": "nowhere"},
    ),
    Fault(
        "`<dir**>/` in the target of a link",
        ["tree: {<module>/: {<dir**>/: {main.py: }}}"],
        "a/main.py a/b/main.py a/b/c/x b",
        links={"b": "a"},
    ),
    Fault(
        "names counted again in a directory reached by another path",
        ["tree: {cart/: {<dir**>/: {<s>.ts: }}, <dir**>/: {<package>-<s>.ts: , x-<package>.py: }}"],
        "cart/a/x.ts x-V1.py",
    ),
    Fault(
        "a broken link in the target of a link",
        ["tree: {b/: {main.py: }, 'a/?': }"],
        "a/main.py b",
        links={"b": "a", "a/main.py": "nowhere"},
    ),
    Fault(
        "a broken link listed as a file by `**/`, in place of a directory",
        ["tree: {'a/': {'<p>/?': {main.py: }}, '**/': {'*.ts?': }}"],
        "a/x.ts a/y",
        links={"a/x.ts": "nowhere", "a/y": "nowhere"},
    ),
    Fault(
        "a name whose words are lost in its case",
        ["{names: {v: lowercase}, tree: {'<v:PascalCase>/?': , test_<v>/: }}"],
        "UserAccount/index.ts test_user-account/f",
    ),
    Fault(
        "a name that is already correct in its case",
        ["{names: {v: SCREAMING_SNAKE_CASE}, tree: {<v>.yaml: , t/: {<v:PascalCase>.ts: }}}"],
        "config.yaml t/x",
    ),
    Fault(
        "an entry lifts `**/` for its own name, not for the other alternatives",
        ["tree: {b/: {setup.py: }, '**/': {LICENSE ^ setup.py: {without: '*'}}}"],
        "b/LICENSE b/setup.py",
    ),
    Fault(
        "a name that matches one of several cases",
        ["{names: {s: {case: [snake_case, SCREAMING_SNAKE_CASE]}}, tree: {a/: {<s>.md: }, <s>.py: }}"],
        "a/README.md",
    ),
    Fault(
        "an `if` with a path that contains only excluded files",
        ["{tree: {<any>/: {.: {if: '**/src/'}}, '<v>.<any>.ts?': }, exclude: [docs/]}"],
        "cart/src/docs/a.txt v.cart.ts",
    ),
    Fault(
        "an inherited `**/` sets `unlisted`",
        ["tree: {s/: {d/: {'<any>/src/?': }, '**/': {.: {unlisted: allow}, 'archive/tests/?': , 'x?': }}}"],
        "s/d/archive/user-account/index.ts",
    ),
    Fault(
        "a forbidden layout in a directory of a path",
        ["tree: {<dir**>/: {structlint.yaml: false}}"],
        "a/b/structlint.yaml",
    ),
    Fault(
        "a missing number of a list",
        ["{names: {n: {values: ['1', '4'], consecutive: true}}, tree: {'<n>.py?': }}"],
        "1.py 4.py",
    ),
    Fault(
        "a unique value of a list",
        ["{names: {n: {values: ['1', '4'], unique: true}}, tree: {'<n>-<t>.py?': }}"],
        "1-a.py 1-b.py 4-a.py",
    ),
    Fault(
        "an `if` that the extending layout removes",
        ["tree: {a/: {.: {if: b/}, 'c?': }}", "tree: {a/: {.: {if: false}}}"],
        "a/x/f",
    ),
    Fault(
        "a `needs` from the root, and a directory that does not meet its `if`",
        ["tree: {a/: {'x?': {needs: /src/}}, 'src/?': {.: {if: main.py}}}"],
        "a/x src/f",
    ),
    Fault(
        "a unique value in a parent directory",
        ["{names: {p: {unique: true}}, tree: {<m>--<p>/: , '<m>/?': {<p>--<m>.py: }}}"],
        "k--1/f o--4/f k/1--k.py",
    ),
    Fault(
        "an empty directory in a `holds` is not also missing",
        ["tree: {.: {holds: src/}, src/: }"],
        "",
        empty="src/",
    ),
    Fault(
        "a `holds` in the target of a link",
        ["tree: {'x-<any>/?': {tests/: {.: {holds: '*.yaml'}}}, src/: }"],
        "src/tests/config.yaml x-old",
        links={"x-old": "src"},
    ),
    Fault("an empty directory of exclusive alternatives", ["tree: {lib/ ^ src/: }"], "", empty="src/"),
    Fault(
        "a directory with only local files is not unlisted",
        ["{tree: {a/: }, local: [.env]}"],
        "a/x web/.env",
        untracked="web/.env",
    ),
    Fault(
        "an ambiguous name with two placeholders",
        ["tree: {services/: {<service>/: }, k8s/: {<service>-<part>.yaml: }}"],
        "services/user-account/x k8s/user-account-web.yaml",
    ),
    Fault(
        "a `false` entry in a forbidden directory is reported once",
        ["{tree: {'.cache/?': {Makefile: false}}, forbid: {.cache/: }}"],
        ".cache/Makefile",
    ),
    Fault("a file and a directory that differ in an `s` are not similar", ["tree: {test: }"], "tests/f"),
    Fault(
        "directories with names of four letters are not similar",
        ["tree: {docs/: {page/: }}"],
        "docs/pgae/f",
    ),
    Fault(
        "a required name is spelled in its case",
        ["{names: {s: kebab-case}, tree: {a/: {<s>/: {<s>.x: }}}}"],
        "a/Mail_Box/f",
    ),
    Fault(
        "the extending layout defines no names for ties of the extended one",
        ["tree: {<stage>/: , search/: {<module>.d: }}", "tree: {<stage>/: {<module>.x: }}"],
        "v1/a.x search/b.d",
    ),
    Fault(
        "the extended layout defines no names for ties of the extending one",
        ["tree: {src/: , <stage>/: }", "tree: {src/: {<module>.md: }, <stage>/: {'<module>.ts?': }}"],
        "src/old.md v1/f",
    ),
    Fault(
        "a name that a tied `false` does not match is an orphan elsewhere",
        ["tree: {src/: {<a>/: }, lib/: {'<a>.ts?': , <a>-*.ts: false}}"],
        "src/x/f lib/y-z.ts",
    ),
    Fault(
        "another entry matches a name, although its values come later",
        ["tree: {<any>.md: , <any>/: , <version>.ts: , <version>/: }"],
        "x.ts x/f y.md y/f",
    ),
    Fault(
        "a short key requires a directory that the extended layout forbids",
        [
            '{tree: {.cache/: {models/: {"<version>/": false}}}}',
            '{tree: {".cache/?": {models/: {"<version>/models/notes.txt": }}}}',
        ],
        ".cache/models/search.md",
    ),
    Fault(
        "a link to its parent directory",
        ['{tree: {src/: {tests/: {"<any>/": {.: {unlisted: forbid}, "<any>/<any>/setup.py": }}}}}'],
        "src/tests/unit/unit src/tests/unit/unit.py",
        links={"src/tests/unit/unit": "../../../src/tests"},
    ),
    Fault(
        "a directory in place of a file in a forbidden directory",
        [
            '{tree: {"<a>.<a>/": {"<dir**>/": {"*/": false}, "tests/?": {config.yaml: }}},'
            " severity: {forbidden-path: warning}}"
        ],
        "OLD.OLD/tests/config.yaml/x.txt",
    ),
    Fault(
        "a misplaced file in such a directory",
        [
            '{tree: {"<package:camelCase>/": {<stage>/docs/index.ts: }}, forbid: {"page*": },'
            ' belongs: {"*.ts": [src/]}, severity: {forbidden-path: warning}}'
        ],
        "userAccount/page/docs/index.ts/x.txt",
    ),
    Fault(
        "no requirements in a forbidden directory, even if the rule is off",
        ["{tree: {'*/': {.: {level: optional}, b: }}, forbid: {a/: no}, severity: {forbidden-path: 'off'}}"],
        "a/c",
    ),
    Fault(
        "exclusive alternatives and a submodule that may be one of them",
        ["tree: {a/ ^ *-b/: {.: {if: m}}}"],
        "a/m a-b/m",
        submodules="c-b/",
    ),
    Fault(
        "an excluded forbidden directory does not hide an unlisted one",
        ["{tree: {a/: , old/: false}, exclude: ['*.tmp']}"],
        "a/x old/y.tmp zzz/f",
    ),
    Fault(
        "an excluded orphan directory does not hide an unlisted one",
        ["{tree: {<a>/: {.: {if: <a>.py}}, '<a>-*/?': }, exclude: ['*.tmp']}"],
        "page-x/y.tmp page/f",
    ),
    Fault(
        "an `if` below a link is met in the target",
        ["tree: {'<a>/': {'b ^ c/': {.: {if: '**/*.py'}, '*/': false}}}"],
        "x/c/d/main.py x/b y",
        links={"y": "x"},
    ),
    Fault(
        "a `holds` below a link is met deeper than the entries",
        ["tree: {real/: , link/: {b/: {.: {holds: '**/*.py'}}, c/: {.: {holds: x/y/z.py}}}}"],
        "real/b/x/y/z.py real/c/x/y/z.py link",
        links={"link": "real"},
    ),
    Fault(
        "an empty directory does not stand for a missing file",
        ["tree: {tests/ | main.py: }"],
        "x",
        empty="main.py/",
    ),
    Fault(
        "files and directories of a group are counted together",
        ["{names: {s: {count: 2}}, tree: {<s>/ | <s>.py: , tests/: {<s>.md: }}}"],
        "mail.py cart/f tests/mail.md tests/cart.md",
    ),
    Fault(
        "each name of a group is counted once",
        ["{names: {s: {count: '2-'}}, tree: {<s>.py | <s>/: }}"],
        "mail.py mail/f",
    ),
    Fault(
        "a name forbidden by `**/` in the target of a link",
        ["tree: {'**/': {'*.pdf': false, 'a.md?': }, real/: , link/: {.: {unlisted: forbid}, b: }}"],
        "real/x.pdf real/a.md real/b link",
        links={"link": "real"},
    ),
    Fault(
        "`<dir**>/` applies in a link matched by its parent entry",
        ["tree: {link/: {<dir**>/: {<m>.py: }}, tests/: {<dir**>/: {test_<m>.py: }}, real/: }"],
        "real/a/x.py real/y.py link tests/a/test_x.py",
        links={"link": "real"},
    ),
    Fault(
        "the strictest `unlisted` of two entries applies",
        ["tree: {a/: {b/: {.: {unlisted: allow}, c: }, <dir**>/: {'<m>/d?': }}}"],
        "a/b/c a/b/e/f",
    ),
    Fault(
        "`needs` is met in the target of a link",
        ["tree: {z.md: {needs: /link/a.md}, x.md: {needs: link/b.md}, link/: , real/: }"],
        "z.md x.md link real/b.md",
        links={"link": "real"},
    ),
    Fault(
        "a name listed by several `**/` counts once",
        ["{names: {a: {unique: true}}, tree: {'**/': {'**/': {'<a>/b?': }}}}"],
        "x/y/z/w/f",
    ),
    Fault(
        "`needs` below a link is met deeper than the entries",
        ["tree: {real/: , link/: {a: {needs: [b/c/d, b/e/f, b/g/]}}}"],
        "real/a real/b/c/d real/b/e/g link",
        links={"link": "real"},
    ),
    Fault(
        "`needs` of a forbidden file, also through a link",
        ["{tree: {'*.a/': {'m?': {needs: /x}}}, forbid: {m: no}}"],
        "page.a/m link.a",
        links={"link.a": "page.a"},
    ),
    Fault(
        "the second of two directories with one name is reported",
        ["tree: {<v>.md/: , <v>-*/: {<a>/: {.: {if: f}}}, tests/: {<a>.md: }}"],
        "user-x.md/g v.md/g user-x-a/cart/f v-a/cart/f tests/cart.md",
    ),
    Fault(
        "a forbidden directory does not hide a more severe forbidden path",
        [
            "{tree: {.: {unlisted: allow}}, forbid: {old/: , '*.pem': secret},"
            " severity: {forbidden-path: {/old/: warning, '*.pem': error}}}"
        ],
        "old/a/x.pem old/y.txt",
    ),
    Fault(
        "a forbidden directory with severity off does not hide a forbidden path",
        [
            "{tree: {.: {unlisted: allow}}, forbid: {old/: , '*.pem': secret},"
            " severity: {forbidden-path: {'*': 'off', '*.pem': error}}}"
        ],
        "old/a/x.pem old/y.txt",
    ),
    Fault(
        "an `ignore` for a path in a forbidden directory is unused",
        [
            "{tree: {.: {unlisted: allow}}, forbid: {old/: , '*.txt': no},"
            " ignore: [{rule: forbidden-path, path: '*.txt', why: a reason}]}"
        ],
        "old/y.txt",
    ),
    Fault(
        "a forbidden submodule in a nested project",
        ["{tree: {src/: }, forbid: {mail/: }}"],
        "src/structlint.yaml",
        submodules="src/mail/",
    ),
    Fault(
        "forbidden patterns do not apply in a link",
        ["{tree: {<v>/: {src/: , b/: false}}, forbid: {page*: }}"],
        "v1/b/f page",
        links={"page": "v1"},
    ),
    Fault(
        "forbidden directory patterns do not apply to a link",
        ["{tree: {<v:kebab-case>/: {'a/?': }, b/: {c/: }}, forbid: {page*: }}"],
        "v1/f page_x b/page b/c/f",
        links={"page_x": "v1", "b/page": "../v1"},
    ),
    Fault(
        "nested directories with only excluded files in the target of a link",
        ["{tree: {m/: {a/: {b/: {.: {holds: c}}}}, k: {needs: [m/a/b/, r/a/b/]}}, exclude: ['*.tmp']}"],
        "r/a/b/c.tmp m k",
        links={"m": "r"},
    ),
    Fault(
        "an ambiguous name is read so that the `if` is met",
        ["tree: {a/: {<v>-<w>/: {.: {if: <w>.py}, <w>.md: }, t/: {x-<v>.ts: }}}"],
        "a/x-y-z/z.py a/q-r-s/r-s.py a/k-l-m/k.py a/t/x-q.ts",
    ),
    Fault(
        "an alternative without the placeholder exists for each value",
        ["{names: {p: [x, y]}, tree: {a/: {<p>/ ^ d/: {.: {if: '*.py'}}}, b/: {<p>/ | d/: {.: {if: e}}}}}"],
        "a/d/e.py b/d/f",
    ),
    Fault(
        "a broken link similar to a `needs`",
        ["tree: {a.yaml: {needs: m.py | i.ts}, b.yaml: {needs: n.py | j.ts}}"],
        "a.yaml b.yaml m.py j.ts",
        links={"m.py": "x/y", "j.ts": "z"},
    ),
    Fault(
        "an entry in another `<dir**>/`",
        ["tree: {s/: {'<x>/?': {<dir**>/: {<m>.ts: }}, <dir**>/: {'t/u/f?': }}}"],
        "s/t/u/g s/t/v/h",
    ),
    Fault(
        "a directory lists one name of a group, the others keep their requirements",
        ["tree: {a/: {'d/?': }, '**/': {'d/ ^ e/ ^ f/?': {.: {holds: x}}}}"],
        "a/e/y a/f/z",
    ),
    Fault(
        "`needs` with a directory that has an `if`, for each value",
        ["tree: {k/: {<s>.ts: {needs: ['/*/main.py', /x-m/]}}, 'x-<s>/?': {.: {if: src/}}}"],
        "k/old.ts x-m/main.py",
    ),
    Fault(
        "`needs` with an adjacent directory that has an `if`",
        ["tree: {<p>/: {m.ts: {needs: '*/main.py'}, '<p>-x/?': {.: {if: src/}}}}"],
        "a/m.ts a/a-x/main.py b/m.ts b/a-x/main.py",
    ),
    Fault(
        "a forbidden link to a directory in a nested project",
        ["{tree: {<a>/: }, forbid: {notes.*: }}"],
        "k/x t/structlint.yaml t/d/notes.txt",
        links={"t/d/notes.txt": "../../k"},
    ),
    Fault(
        "a broken link similar to a tied name",
        ["{names: {s: '/[A-Z].*/'}, tree: {'<s:snake_case>.md': , <s>.yaml: }}"],
        "cart.md cart.yaml",
        links={"cart.yaml": "nowhere"},
    ),
    Fault(
        "a tied name that a closed directory does not allow matches another entry",
        ["tree: {a/: {<x>/: , '**/': {.: {unlisted: allow-files}, 'b?': }}, '**/': {'<x>.md?': , '*.md': }}"],
        "a/c/d.md a/e/e.md",
    ),
    Fault(
        "a similar name is paired with the required path, not the recommended one",
        ["tree: {'*a*/': {.: {level: recommended}}, README.md: }"],
        "README.md/f",
    ),
    Fault(
        "a name in a link is unlisted only if no matching entry lists it",
        ["tree: {k/: {l/: {'x/?': }, <dir**>/: {'l/y/z?': }}, r/: }"],
        "k/l r/x/f r/y/f r/w/f",
        links={"k/l": "../r"},
    ),
    Fault(
        "one similar name for a `holds` and a `needs`",
        ["tree: {.: {holds: 'Makefile | *.yaml'}, 'setup.py?': {needs: Makefile}}"],
        "Makefile/x.txt setup.py",
    ),
    Fault(
        "`unlisted` of `**/` does not apply in the target of a link",
        ["tree: {'**/': {.: {unlisted: forbid}, 'b/?': {'*.py?': }}}"],
        "real/x/c.md a/b",
        links={"a/b": "../real/x"},
    ),
    Fault(
        "a nearer key with `false` below a forbidden directory does not allow the directory",
        ["tree: {archive/ ^ src/: false}", "tree: {src/lib/search/: false}"],
        "archive/b src/a.txt src/lib/search/x",
    ),
    Fault(
        "a nearer key with `false` in a required directory does not make it optional",
        ["tree: {src/: }", "tree: {src/lib/: false, docs/: }"],
        "docs/a",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_former_fault(fault: Fault) -> None:
    case = fault.case
    layout = engine_under_test.load_layouts(case.layouts)
    assert layout
    theirs, ours = findings_of_both(case, layout)
    assert theirs == ours


def test_seeded_faults_match_the_source() -> None:
    """`seeded_faults.py` checks that they are detected, which takes minutes."""
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    counts = {fault.wrong: sum(text.count(fault.text) for text in sources) for fault in SEEDED}
    assert {wrong: count for wrong, count in counts.items() if count != 1} == {}
