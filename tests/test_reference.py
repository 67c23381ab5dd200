"""structlint and a second reading of the language (`reference.py`) find the same."""

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
from reference_run import NOT_READ, cases, compared, found, smaller
from seeded_faults import FAULTS as SEEDED

from structlint.checking.pages import Example, examples
from structlint.tree.drawing import Drawn, drawn

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "docs/language.md", *sorted(ROOT.glob("docs/rules/*.md"))]
LINE = re.compile(r"(?P<path>.*?)(:\d+)?: (?P<severity>error|warning): .* \[(?P<rule>[a-z-]+)\]( --.*)?")
# Parts of the language that the reference does not read.
WORDS = "unique|consecutive|from|references|imports|ports|together"
NOT_READ_YET = rf"\b({WORDS}):|extends: \["
SEEDS = [1, 2]
CASES_OF_A_SEED = 1000
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
    """`no` and `off` are text."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, at) for tag, at in every if not tag.endswith(("bool", "timestamp"))]
    for first, every in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def parsed(text: str) -> Any:
    return yaml.load(text, Yaml12)  # noqa: S506 (a subclass of the safe loader)


def readable() -> list[Example]:
    """The examples of the pages on the language that speak of no more than the reference reads."""
    every = [
        example
        for page in PAGES
        if not any(word in page.name for word in ("port", "listen", "document", "duplicate"))
        for example in examples(page)
        if example.layout
    ]
    lines = [each for each in every if all(map(LINE.fullmatch, each.output))]
    return [each for each in lines if not re.search(NOT_READ_YET, f"{each.tree}{each.layout}", re.MULTILINE)]


@pytest.mark.parametrize("example", readable(), ids=str)
def test_the_reference_reads_the_examples_of_the_pages(example: Example) -> None:
    assert example.layout
    layout = parsed(example.layout)
    tree = drawn(example.tree, example.contents, in_git=True)
    assert isinstance(tree.source, Drawn)
    base = [parsed(example.contents[layout["extends"][2:]])] if "extends" in layout else []
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
    assert {f for f in ours if f[1] not in NOT_READ} == {f for f in expected if f[1] not in NOT_READ}


@pytest.mark.parametrize("seed", SEEDS)
def test_structlint_and_the_reference_agree(seed: int) -> None:
    rules: set[str] = set()
    undecided = 0
    for layout, case in islice(cases(seed), CASES_OF_A_SEED):
        try:
            difference = compared(case, layout)
        except Undetermined:
            undecided += 1
            continue
        assert not difference, f"\n{smaller(difference)}"
        rules |= {rule for _, rule, _ in engine_under_test.findings(layout, *case.tree)}
    assert rules >= COMPARED
    assert undecided < CASES_OF_A_SEED / 15


class Fault(NamedTuple):
    """A layout and files of which structlint once reported something else than the language says."""

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
        layouts = [parsed(layout) for layout in self.layouts]
        empty = frozenset(self.empty.split())
        files, submodules = frozenset(self.files.split()), frozenset(self.submodules.split())
        return Case(layouts, files, empty, untracked, self.links, submodules)


FAULTS = [
    Fault(
        "L8 names are compared by their words",
        ["{names: {service: kebab-case}, tree: {services/: {<service>/: }, k8s/: {<service>.yaml: }}}"],
        "services/user-account/x k8s/useraccount.yaml",
    ),
    Fault(
        "L9 what another entry takes defines names, also for what was read before",
        ["tree: {<any>/: , <package>-tests.ts: , <package>-*/: {'<any>.py?': }}"],
        "x-y/f search-tests.ts search-a/x-y.py",
    ),
    Fault(
        "R1 what another entry governs is not missing",
        ["tree: {b/: {<b>/: }, <a>.md: , <b>.txt ^ <b>.md: }"],
        "x.md b/x/f",
    ),
    Fault(
        "R2 a dot ends no word of a file that is required in snake_case",
        ["tree: {<module>/: , '<module:snake_case>.ts': }"],
        "v1.ts/x",
    ),
    Fault(
        "R13 a forbidden directory of which every file is excluded",
        ["{forbid: {old/: no}, exclude: ['*.txt']}"],
        "old/a.txt",
    ),
    Fault(
        "R14 a directory of which every file is excluded, where the layout says `false`",
        ["{tree: {<package>/: false}, exclude: [.env]}"],
        "v1/page/.env",
    ),
    Fault(
        "R15 what is excluded itself is no alternative",
        ["{tree: {docs/ ^ models/: }, exclude: [docs/]}"],
        "docs/a.txt",
    ),
    Fault(
        "R15 what is excluded itself has no required name",
        ["{tree: {'<module>.<service>/?': {<service>/: }}, exclude: [page*]}"],
        "user-account.page/page/setup.py",
    ),
    Fault(
        "R16 a near twin of what an entry and a `needs` require",
        ["tree: {README.md: {needs: Makefile}, Makefile: }"],
        "Makefile/x.txt README.md",
    ),
    Fault(
        "R17 what a directory holds, and of several paths the first is in a forbidden one",
        ["{tree: {.: {holds: docs/index.md | main.py}}, forbid: {docs/: }}"],
        "",
    ),
    Fault(
        "R17 a directory that holds what is in a forbidden one",
        ["{tree: {src/: {.: {holds: docs/index.md | main.py}}}, forbid: {docs/: }}"],
        "src/docs/index.ts",
    ),
    Fault(
        "R17 nothing is asked for in a forbidden directory, and of it neither",
        ["{tree: {'src/?': {.: {holds: main.py}}}, forbid: {src/: }}"],
        "src/a.ts",
    ),
    Fault(
        "R18 a `**/` that closes a directory which lists names itself closes it for a `**/` farther up",
        ["tree: {s/: {'a/?': {x.py: }, '**/': {.: {unlisted: forbid}, '*.ts?': }}, '**/': {'*.md?': }}"],
        "s/a/x.md s/a/x.py s/b/x.md",
    ),
    Fault(
        "R19 a directory of which every file is excluded has a path",
        ["{tree: {src/: {<dir**>/: {'*.py?': }}, tests/: {<dir**>/: {'*.py?': }}}, exclude: [.env]}"],
        "src/mail/.env tests/mail/a.py",
    ),
    Fault(
        "R20 a broken link with another name than the placeholder stands for",
        ["tree: {<view>/: {'<view>/?': {main.py: }}}"],
        "mail/cart",
        links={"mail/cart": "nowhere"},
    ),
    Fault(
        "R21 a `<dir**>/` in a directory that a link leads to",
        ["tree: {<module>/: {<dir**>/: {main.py: }}}"],
        "a/main.py a/b/main.py a/b/c/x b",
        links={"b": "a"},
    ),
    Fault(
        "R22 names that are counted anew in a directory which another place of a path has",
        ["tree: {cart/: {<dir**>/: {<s>.ts: }}, <dir**>/: {<package>-<s>.ts: , x-<package>.py: }}"],
        "cart/a/x.ts x-V1.py",
    ),
    Fault(
        "R23 a broken link in a directory that a link leads to",
        ["tree: {b/: {main.py: }, 'a/?': }"],
        "a/main.py b",
        links={"b": "a", "a/main.py": "nowhere"},
    ),
    Fault(
        "R23 a broken link that a `**/` lists as a file, where a directory could be too",
        ["tree: {'a/': {'<p>/?': {main.py: }}, '**/': {'*.ts?': }}"],
        "a/x.ts a/y",
        links={"a/x.ts": "nowhere", "a/y": "nowhere"},
    ),
    Fault(
        "R24 a name that loses its words in its own case",
        ["{names: {v: lowercase}, tree: {'<v:PascalCase>/?': , test_<v>/: }}"],
        "UserAccount/index.ts test_user-account/f",
    ),
    Fault(
        "R24 a name that in its own case is right for its place already",
        ["{names: {v: SCREAMING_SNAKE_CASE}, tree: {<v>.yaml: , t/: {<v:PascalCase>.ts: }}}"],
        "config.yaml t/x",
    ),
    Fault(
        "R25 what a directory lists itself lifts a `**/` for this name, and for no other of its group",
        ["tree: {b/: {setup.py: }, '**/': {LICENSE ^ setup.py: {without: '*'}}}"],
        "b/LICENSE b/setup.py",
    ),
    Fault(
        "R26 one of several cases that fits is kept",
        ["{names: {s: {case: [snake_case, SCREAMING_SNAKE_CASE]}}, tree: {a/: {<s>.md: }, <s>.py: }}"],
        "a/README.md",
    ),
    Fault(
        "R27 what an `if` looks for is there, although everything in it is excluded",
        ["{tree: {<any>/: {.: {if: '**/src/'}}, '<v>.<any>.ts?': }, exclude: [docs/]}"],
        "cart/src/docs/a.txt v.cart.ts",
    ),
    Fault(
        "R28 a `**/` that a directory inherits decides what may be unlisted",
        ["tree: {s/: {d/: {'<any>/src/?': }, '**/': {.: {unlisted: allow}, 'archive/tests/?': , 'x?': }}}"],
        "s/d/archive/user-account/index.ts",
    ),
    Fault(
        "R29 a layout that is forbidden in a directory of a path",
        ["tree: {<dir**>/: {structlint.yaml: false}}"],
        "a/b/structlint.yaml",
    ),
    Fault(
        "R30 a number of a list may be missing",
        ["{names: {n: {values: ['1', '4'], consecutive: true}}, tree: {'<n>.py?': }}"],
        "1.py 4.py",
    ),
    Fault(
        "R30 a value of a list may be unique",
        ["{names: {n: {values: ['1', '4'], unique: true}}, tree: {'<n>-<t>.py?': }}"],
        "1-a.py 1-b.py 4-a.py",
    ),
    Fault(
        "R31 an `if` that a nearer layout takes back",
        ["tree: {a/: {.: {if: b/}, 'c?': }}", "tree: {a/: {.: {if: false}}}"],
        "a/x/f",
    ),
    Fault(
        "R32 a directory that does not meet its `if` is not what is needed from the root",
        ["tree: {a/: {'x?': {needs: /src/}}, 'src/?': {.: {if: main.py}}}"],
        "a/x src/f",
    ),
    Fault(
        "R33 what a unique value determines is not what a directory above has",
        ["{names: {p: {unique: true}}, tree: {<m>--<p>/: , '<m>/?': {<p>--<m>.py: }}}"],
        "k--1/f o--4/f k/1--k.py",
    ),
    Fault(
        "R34 an empty directory is not also missing, because the one around it must hold it",
        ["tree: {.: {holds: src/}, src/: }"],
        "",
        empty="src/",
    ),
    Fault(
        "R35 what a directory in the target of a link holds",
        ["tree: {'x-<any>/?': {tests/: {.: {holds: '*.yaml'}}}, src/: }"],
        "src/tests/config.yaml x-old",
        links={"x-old": "src"},
    ),
    Fault("R3 any alternative may be empty", ["tree: {lib/ ^ src/: }"], "", empty="src/"),
    Fault(
        "R4 a directory of nothing but what stays on one machine is not unlisted",
        ["{tree: {a/: }, local: [.env]}"],
        "a/x web/.env",
        untracked="web/.env",
    ),
    Fault(
        "R5 a name with two placeholders has several readings",
        ["tree: {services/: {<service>/: }, k8s/: {<service>-<part>.yaml: }}"],
        "services/user-account/x k8s/user-account-web.yaml",
    ),
    Fault(
        "R11 a `false` entry in a forbidden directory is not reported again",
        ["{tree: {'.cache/?': {Makefile: false}}, forbid: {.cache/: }}"],
        ".cache/Makefile",
    ),
    Fault(
        "R10 a file and a directory that differ in an `s` are not near twins", ["tree: {test: }"], "tests/f"
    ),
    Fault(
        "R6 directories with names of four letters are not near twins",
        ["tree: {docs/: {page/: }}"],
        "docs/pgae/f",
    ),
    Fault(
        "R7 a required name is in its case",
        ["{names: {s: kebab-case}, tree: {a/: {<s>/: {<s>.x: }}}}"],
        "a/Mail_Box/f",
    ),
    Fault(
        "R8 a nearer layout defines no names that a farther one ties",
        ["tree: {<stage>/: , search/: {<module>.d: }}", "tree: {<stage>/: {<module>.x: }}"],
        "v1/a.x search/b.d",
    ),
    Fault(
        "R8 a farther layout defines no names that a nearer one ties",
        ["tree: {src/: , <stage>/: }", "tree: {src/: {<module>.md: }, <stage>/: {'<module>.ts?': }}"],
        "src/old.md v1/f",
    ),
    Fault(
        "R12 a name that a tied `false` does not match may be an orphan at another place",
        ["tree: {src/: {<a>/: }, lib/: {'<a>.ts?': , <a>-*.ts: false}}"],
        "src/x/f lib/y-z.ts",
    ),
    Fault(
        "R9 another entry takes a name though its own names come later",
        ["tree: {<any>.md: , <any>/: , <version>.ts: , <version>/: }"],
        "x.ts x/f y.md y/f",
    ),
    Fault(
        "R16 a nearer short key requires a directory that a farther layout forbids",
        [
            '{tree: {.cache/: {models/: {"<version>/": false}}}}',
            '{tree: {".cache/?": {models/: {"<version>/models/notes.txt": }}}}',
        ],
        ".cache/models/search.md",
    ),
    Fault(
        "R17 a link to a directory that contains it",
        ['{tree: {src/: {tests/: {"<any>/": {.: {unlisted: forbid}, "<any>/<any>/setup.py": }}}}}'],
        "src/tests/unit/unit src/tests/unit/unit.py",
        links={"src/tests/unit/unit": "../../../src/tests"},
    ),
    Fault(
        "R18 a directory in place of a file that is not required, because its directory is forbidden",
        [
            '{tree: {"<a>.<a>/": {"<dir**>/": {"*/": false}, "tests/?": {config.yaml: }}},'
            " severity: {forbidden-path: warning}}"
        ],
        "OLD.OLD/tests/config.yaml/x.txt",
    ),
    Fault(
        "R19 a file in such a directory that belongs elsewhere",
        [
            '{tree: {"<package:camelCase>/": {<stage>/docs/index.ts: }}, forbid: {"page*": },'
            ' belongs: {"*.ts": [src/]}, severity: {forbidden-path: warning}}'
        ],
        "userAccount/page/docs/index.ts/x.txt",
    ),
    Fault(
        "R18 nothing is required in a forbidden directory, also if the rule is off",
        ["{tree: {'*/': {.: {level: optional}, b: }}, forbid: {a/: no}, severity: {forbidden-path: 'off'}}"],
        "a/c",
    ),
    Fault(
        "R19 alternatives that exclude each other, beside a submodule that may be one of them",
        ["tree: {a/ ^ *-b/: {.: {if: m}}}"],
        "a/m a-b/m",
        submodules="c-b/",
    ),
    Fault(
        "S1 an excluded directory that is forbidden hides no unlisted one",
        ["{tree: {a/: , old/: false}, exclude: ['*.tmp']}"],
        "a/x old/y.tmp zzz/f",
    ),
    Fault(
        "S1 an excluded directory that is an orphan hides no unlisted one",
        ["{tree: {<a>/: {.: {if: <a>.py}}, '<a>-*/?': }, exclude: ['*.tmp']}"],
        "page-x/y.tmp page/f",
    ),
    Fault(
        "S2 the `if` of a directory below a link is met in what the link leads to",
        ["tree: {'<a>/': {'b ^ c/': {.: {if: '**/*.py'}, '*/': false}}}"],
        "x/c/d/main.py x/b y",
        links={"y": "x"},
    ),
    Fault(
        "S2 so is a `holds`, further down than the entries list",
        ["tree: {real/: , link/: {b/: {.: {holds: '**/*.py'}}, c/: {.: {holds: x/y/z.py}}}}"],
        "real/b/x/y/z.py real/c/x/y/z.py link",
        links={"link": "real"},
    ),
    Fault(
        "S3 an empty directory is not the missing file that may be in the place of a directory",
        ["tree: {tests/ | main.py: }"],
        "x",
        empty="main.py/",
    ),
    Fault(
        "S4 the files and directories of a group count together",
        ["{names: {s: {count: 2}}, tree: {<s>/ | <s>.py: , tests/: {<s>.md: }}}"],
        "mail.py cart/f tests/mail.md tests/cart.md",
    ),
    Fault(
        "S4 and each name once",
        ["{names: {s: {count: '2-'}}, tree: {<s>.py | <s>/: }}"],
        "mail.py mail/f",
    ),
    Fault(
        "S5 a name that a `**/` forbids is not one that it allows where a link leads to",
        ["tree: {'**/': {'*.pdf': false, 'a.md?': }, real/: , link/: {.: {unlisted: forbid}, b: }}"],
        "real/x.pdf real/a.md real/b link",
        links={"link": "real"},
    ),
    Fault(
        "S6 a `<dir**>/` applies in a link that the entry around it governs",
        ["tree: {link/: {<dir**>/: {<m>.py: }}, tests/: {<dir**>/: {test_<m>.py: }}, real/: }"],
        "real/a/x.py real/y.py link tests/a/test_x.py",
        links={"link": "real"},
    ),
    Fault(
        "S7 the strictest `unlisted` of two entries of a directory applies",
        ["tree: {a/: {b/: {.: {unlisted: allow}, c: }, <dir**>/: {'<m>/d?': }}}"],
        "a/b/c a/b/e/f",
    ),
    Fault(
        "S8 what is needed is looked for where a link leads to",
        ["tree: {z.md: {needs: /link/a.md}, x.md: {needs: link/b.md}, link/: , real/: }"],
        "z.md x.md link real/b.md",
        links={"link": "real"},
    ),
    Fault(
        "S9 a name that several `**/` list is there once",
        ["{names: {a: {unique: true}}, tree: {'**/': {'**/': {'<a>/b?': }}}}"],
        "x/y/z/w/f",
    ),
    Fault(
        "S14 what is needed below a link is looked for further down than the entries list",
        ["tree: {real/: , link/: {a: {needs: [b/c/d, b/e/f, b/g/]}}}"],
        "real/a real/b/c/d real/b/e/g link",
        links={"link": "real"},
    ),
    Fault(
        "S15 a forbidden file needs nothing, nor does it through a link",
        ["{tree: {'*.a/': {'m?': {needs: /x}}}, forbid: {m: no}}"],
        "page.a/m link.a",
        links={"link.a": "page.a"},
    ),
    Fault(
        "S16 of two directories with one name, the second in alphabetical order is reported",
        ["tree: {<v>.md/: , <v>-*/: {<a>/: {.: {if: f}}}, tests/: {<a>.md: }}"],
        "user-x.md/g v.md/g user-x-a/cart/f v-a/cart/f tests/cart.md",
    ),
    Fault(
        "S11 a forbidden directory hides no forbidden path in it that is more severe",
        [
            "{tree: {.: {unlisted: allow}}, forbid: {old/: , '*.pem': secret},"
            " severity: {forbidden-path: {/old/: warning, '*.pem': error}}}"
        ],
        "old/a/x.pem old/y.txt",
    ),
    Fault(
        "S11 also if its own finding is off",
        [
            "{tree: {.: {unlisted: allow}}, forbid: {old/: , '*.pem': secret},"
            " severity: {forbidden-path: {'*': 'off', '*.pem': error}}}"
        ],
        "old/a/x.pem old/y.txt",
    ),
    Fault(
        "S12 an `ignore` of a path in a forbidden directory accepts nothing",
        [
            "{tree: {.: {unlisted: allow}}, forbid: {old/: , '*.txt': no},"
            " ignore: [{rule: forbidden-path, path: '*.txt', why: a reason}]}"
        ],
        "old/y.txt",
    ),
    Fault(
        "S13 a submodule in a nested project can be forbidden",
        ["{tree: {src/: }, forbid: {mail/: }}"],
        "src/structlint.yaml",
        submodules="src/mail/",
    ),
    Fault(
        "S17 nothing in a link is reported that a pattern forbids",
        ["{tree: {<v>/: {src/: , b/: false}}, forbid: {page*: }}"],
        "v1/b/f page",
        links={"page": "v1"},
    ),
    Fault(
        "S18 nor is the link, as a directory",
        ["{tree: {<v:kebab-case>/: {'a/?': }, b/: {c/: }}, forbid: {page*: }}"],
        "v1/f page_x b/page b/c/f",
        links={"page_x": "v1", "b/page": "../v1"},
    ),
    Fault(
        "S19 directories in one another of which every file is excluded, where a link leads to",
        ["{tree: {m/: {a/: {b/: {.: {holds: c}}}}, k: {needs: [m/a/b/, r/a/b/]}}, exclude: ['*.tmp']}"],
        "r/a/b/c.tmp m k",
        links={"m": "r"},
    ),
    Fault(
        "S20 the way to read a name that meets the `if` counts",
        ["tree: {a/: {<v>-<w>/: {.: {if: <w>.py}, <w>.md: }, t/: {x-<v>.ts: }}}"],
        "a/x-y-z/z.py a/q-r-s/r-s.py a/k-l-m/k.py a/t/x-q.ts",
    ),
    Fault(
        "S21 an alternative without the placeholder that meets the `if` is there for each of its values",
        ["{names: {p: [x, y]}, tree: {a/: {<p>/ ^ d/: {.: {if: '*.py'}}}, b/: {<p>/ | d/: {.: {if: e}}}}}"],
        "a/d/e.py b/d/f",
    ),
    Fault(
        "S22 a broken link is the near twin of what is needed in its place",
        ["tree: {a.yaml: {needs: m.py | i.ts}, b.yaml: {needs: n.py | j.ts}}"],
        "a.yaml b.yaml m.py j.ts",
        links={"m.py": "x/y", "j.ts": "z"},
    ),
    Fault(
        "S23 an entry in another `<dir**>/` does not exclude a directory from one",
        ["tree: {s/: {'<x>/?': {<dir**>/: {<m>.ts: }}, <dir**>/: {'t/u/f?': }}}"],
        "s/t/u/g s/t/v/h",
    ),
    Fault(
        "S24 of a group of which a directory lists a name, the others must hold what they must",
        ["tree: {a/: {'d/?': }, '**/': {'d/ ^ e/ ^ f/?': {.: {holds: x}}}}"],
        "a/e/y a/f/z",
    ),
    Fault(
        "S25 what a name stands for does not decide whether a directory that it needs meets its `if`",
        ["tree: {k/: {<s>.ts: {needs: ['/*/main.py', /x-m/]}}, 'x-<s>/?': {.: {if: src/}}}"],
        "k/old.ts x-m/main.py",
    ),
    Fault(
        "S25 nor a directory that it needs beside it",
        ["tree: {<p>/: {m.ts: {needs: '*/main.py'}, '<p>-x/?': {.: {if: src/}}}}"],
        "a/m.ts a/a-x/main.py b/m.ts b/a-x/main.py",
    ),
    Fault(
        "S26 a link to a directory can be forbidden in a nested project",
        ["{tree: {<a>/: }, forbid: {notes.*: }}"],
        "k/x t/structlint.yaml t/d/notes.txt",
        links={"t/d/notes.txt": "../../k"},
    ),
    Fault(
        "S27 a broken link is the near twin of a tied name in its place",
        ["{names: {s: '/[A-Z].*/'}, tree: {'<s:snake_case>.md': , <s>.yaml: }}"],
        "cart.md cart.yaml",
        links={"cart.yaml": "nowhere"},
    ),
    Fault(
        "S28 a tied name that a closed directory no longer allows goes to another entry before",
        ["tree: {a/: {<x>/: , '**/': {.: {unlisted: allow-files}, 'b?': }}, '**/': {'<x>.md?': , '*.md': }}"],
        "a/c/d.md a/e/e.md",
    ),
    Fault(
        "S29 a name is rather the near twin of what is required than of what is recommended",
        ["tree: {'*a*/': {.: {level: recommended}}, README.md: }"],
        "README.md/f",
    ),
    Fault(
        "S30 a name in a link is unlisted only if none of the entries that govern the link lists it",
        ["tree: {k/: {l/: {'x/?': }, <dir**>/: {'l/y/z?': }}, r/: }"],
        "k/l r/x/f r/y/f r/w/f",
        links={"k/l": "../r"},
    ),
    Fault(
        "S31 what a directory must hold and what is needed have one near twin",
        ["tree: {.: {holds: 'Makefile | *.yaml'}, 'setup.py?': {needs: Makefile}}"],
        "Makefile/x.txt setup.py",
    ),
    Fault(
        "S10 no `unlisted` of a `**/` applies where a link leads to",
        ["tree: {'**/': {.: {unlisted: forbid}, 'b/?': {'*.py?': }}}"],
        "real/x/c.md a/b",
        links={"a/b": "../real/x"},
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_former_faults(fault: Fault) -> None:
    case = fault.case
    layout = engine_under_test.load_layouts(case.layouts)
    assert layout
    theirs, ours = found(case, layout)
    assert theirs == ours


def test_each_seeded_fault_can_be_planted() -> None:
    """Whether it is found takes minutes: `seeded_faults.py` tries it."""
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    counts = {fault.wrong: sum(text.count(fault.text) for text in sources) for fault in SEEDED}
    assert {wrong: count for wrong, count in counts.items() if count != 1} == {}
