"""A layout that requires a path and forbids it is invalid; other layouts are not rejected.

The automata that decide this are compared with enumerated paths and with the patterns themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import table

from structlint.errors import LayoutError
from structlint.finding import Severity
from structlint.layout.gitignore import PatternError, Patterns
from structlint.layout.inclusion import ANY_DEPTH, Budget, PathStep, Prohibition, Undecided
from structlint.layout.keys import STAR, Name, Part, Slot
from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.tree import Tree
from structlint.tree.sources import WorkTreeFiles


def errors_of(text: str, **more: str) -> list[str]:
    """The errors of a layout, one line each."""
    files = {"structlint.yaml": text, **{f"{name}.yaml": each for name, each in more.items()}}
    try:
        load(LayoutSource(lambda path: files[path].encode()), "structlint.yaml")
    except LayoutError as error:
        return [str(problem) for problem in error.problems]
    return []


NO = "forbid: {'*.py': no}\n"

CONTRADICTORY = {
    "the only path of an `if`": (
        "tree: {a/: {.: {if: x.tmp}}}\nforbid: {'*.tmp': no}\n",
        "1:21: `x.tmp` is required in `a/`, but forbidden (structlint.yaml:2: `*.tmp`)",
    ),
    "all paths of an `if`": (
        "tree: {a/: {.: {if: x.tmp | b/*.tmp}}}\nforbid: {'*.tmp': no}\n",
        "1:21: `x.tmp` is required in `a/`, but forbidden (structlint.yaml:2: `*.tmp`)",
    ),
    "a `holds` at any depth": (
        "tree: {a/ | b/: {.: {holds: '**/x.tmp'}}}\nforbid: {'*.tmp': no}\n",
        "1:29: `**/x.tmp` is required in `a/ | b/`, but forbidden (structlint.yaml:2: `*.tmp`)",
    ),
    "an `if` that an entry forbids": (
        "tree: {a/: {.: {if: x}, x: false}}\n",
        "1:21: `x` is required in `a/`, but forbidden (structlint.yaml:1: `x`)",
    ),
    "forbidden by a pattern": (
        f"tree: {{src/: {{'*.py': }}}}\n{NO}",
        "1:15: `src/*.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "alternatives, all forbidden": (
        f"tree: {{src/: {{a.py | b.py: }}}}\n{NO}",
        "1:15: `src/a.py | b.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "a list": (
        f"names: {{n: [a, b]}}\ntree: {{src/: {{<n>.py: }}}}\n{NO}",
        "2:15: `src/a.py` is required here, but forbidden (structlint.yaml:3: `*.py`)",
    ),
    "one name of a list": (
        "names: {n: [a, b]}\ntree: {src/: {<n>.py: }}\nforbid: {b.py: no}\n",
        "2:15: `src/b.py` is required here, but forbidden (structlint.yaml:3: `b.py`)",
    ),
    "`needs` of an entry": (
        f"tree: {{src/: {{a.c: {{needs: a.py}}}}}}\n{NO}",
        "1:28: `src/a.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "`needs` from the root": (
        f"tree: {{src/: {{a.c: {{needs: /lib/a.py}}}}}}\n{NO}",
        "1:28: `lib/a.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "`needs` with a list of names": (
        "names: {n: [a, b]}\ntree: {src/: {<n>.c: {needs: <n>.h}}}\nforbid: {b.h: no}\n",
        "2:30: `src/b.h` is required here, but forbidden (structlint.yaml:3: `b.h`)",
    ),
    "a placeholder": (
        f"names: {{m: snake_case}}\ntree: {{src/: {{<m>.py: }}}}\n{NO}",
        "2:15: `src/<m>.py` is required here, but forbidden (structlint.yaml:3: `*.py`)",
    ),
    "by a part of it": (
        "tree: {'test_*.py': }\nforbid: {'*t_*': no}\n",
        "1:8: `test_*.py` is required here, but forbidden (structlint.yaml:2: `*t_*`)",
    ),
    "by several patterns together": (
        "tree: {'*.py | *.pyi': }\nforbid: {'*.py': no, '*.p?i': no}\n",
        "1:8: `*.py | *.pyi` is required here, but forbidden "
        "(structlint.yaml:2: `*.py`, structlint.yaml:2: `*.p?i`)",
    ),
    "by several patterns that part the letters among them": (
        "tree: {'?.py | *.py': }\nforbid: {'[a-m]*.py': no, '[!a-m]*.py': no, '/.py': no, '[?].py': no}\n",
        None,
    ),
    "below a directory of any name": (
        f"tree: {{<service>/: {{main.py: }}}}\n{NO}",
        "1:21: `<service>/main.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "by a path": (
        "tree: {src/: {<pkg>/: {'*.c': }}}\nforbid: {'/src/**/*.c': no}\n",
        "1:24: `src/<pkg>/*.c` is required here, but forbidden (structlint.yaml:2: `/src/**/*.c`)",
    ),
    "in every directory": (
        f"tree: {{src/: {{'**/': {{__init__.py: }}}}}}\n{NO}",
        "1:23: `src/**/__init__.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "directories": (
        "tree: {'*-app/': }\nforbid: {'*-*/': no}\n",
        "1:8: `*-app/` is required here, but forbidden (structlint.yaml:2: `*-*/`)",
    ),
    "negated pattern for another directory": (
        "tree: {src/: {x/: {'*.py': }}}\nforbid: {'*.py': no, '!/lib/*.py': }\n",
        "1:20: `src/x/*.py` is required here, but forbidden (structlint.yaml:2: `*.py`)",
    ),
    "negated pattern in a forbidden directory": (
        "tree: {<a>/: {src/?: {x/: {'*.py': }}}}\nforbid: {'x/': no, '!*.py': }\n",
        "1:23: `<a>/src/x/` is required here, but forbidden (structlint.yaml:2: `x/`)",
    ),
    "local": (
        "tree: {conf/: {'*.local.yaml': }}\nlocal: ['*.local.*']\n",
        "1:16: `conf/*.local.yaml` is required here, but local, so never in git "
        "(structlint.yaml:2: `*.local.*`)",
    ),
    "a file and a directory": (
        "tree: {docs/ | docs.md: }\nforbid: {docs/: no, docs.md: no}\n",
        "1:8: `docs/` is required here, but forbidden (structlint.yaml:2: `docs/`)",
    ),
    "excluded": (
        "tree: {gen/: {'*.go': }}\nexclude: ['*.go']\n",
        "1:15: `gen/*.go` is required here, but excluded (structlint.yaml:2: `*.go`)",
    ),
    "belongs elsewhere": (
        "tree: {src/: {'*.proto': }, proto/: }\nbelongs: {'*.proto': proto/}\n",
        "1:15: `src/*.proto` is required here, but belongs elsewhere (structlint.yaml:2: `*.proto`)",
    ),
    "`false` in every directory": (
        "tree: {src/: {'<x>a.py': }, '**/': {'*.py': false}}\n",
        "1:15: `src/<x>a.py` is required here, but forbidden (structlint.yaml:1: `**/*.py`)",
    ),
    "a pattern, `false` in every directory": (
        "tree: {src/: {'a*.py': }, '**/': {'*.py': false}}\n",
        "1:15: `src/a*.py` is required here, but forbidden (structlint.yaml:1: `**/*.py`)",
    ),
    "one of a list, `false`": (
        "names: {n: [a, b]}\ntree: {src/: {<n>.py: , a.py: false}}\n",
        "2:15: `src/a.py` is required here, but forbidden (structlint.yaml:2: `a.py`)",
    ),
    "`needs`, `false`": (
        "tree: {src/: {a.c: {needs: b.py}, b.py: false}}\n",
        "1:28: `src/b.py` is required here, but forbidden (structlint.yaml:1: `b.py`)",
    ),
    "`needs` elsewhere, `false`": (
        "tree: {a.c: {needs: /lib/x/b.py}, lib/: {x/: {'*.py': false}}}\n",
        "1:21: `lib/x/b.py` is required here, but forbidden (structlint.yaml:1: `*.py`)",
    ),
    "tied to a required entry": (
        "tree: {src/: {<m>.c: }, tests/: {test_<m>.c: }}\nforbid: {'test_*': no}\n",
        "1:34: `tests/test_<m>.c` is required here, but forbidden (structlint.yaml:2: `test_*`)",
    ),
    "in a directory of a list": (
        "names: {s: [a, b]}\ntree: {<s>/: {'*.py': }}\nforbid: {'/b/*.py': no}\n",
        "2:15: `b/*.py` is required here, but forbidden (structlint.yaml:3: `/b/*.py`)",
    ),
}


@table("case", CONTRADICTORY)
def test_contradictory_layout(case: str) -> None:
    text, expected = CONTRADICTORY[case]
    if expected is not None:
        assert errors_of(text) == [f"structlint.yaml:{expected}"]
    else:
        assert len(errors_of(text)) == 1


LIMITED = {
    "more exact names than a directory may contain": (
        "src/: {.: {max-files: 1}, a.py: , b.py: , c.py?: }",
        "`src/b.py` is required here, but `max-files` allows at most 1 (structlint.yaml:1)",
    ),
    "a pattern where no file is allowed": (
        "src/?: {.: {max-files: 0}, '*.py': }",
        "`src/*.py` is required here, but `max-files` allows at most 0 (structlint.yaml:1)",
    ),
    "directories": (
        "src/: {.: {max-directories: 1}, a/: , b/c/: }",
        "`src/b/` is required here, but `max-directories` allows at most 1 (structlint.yaml:1)",
    ),
    "a list": (
        "src/: {.: {max-files: 1}, <n>.py: }",
        "`src/b.py` is required here, but `max-files` allows at most 1 (structlint.yaml:1)",
    ),
    "a count": (
        "src/: {.: {max-directories: 1}, <m>/?: }",
        "`src/<m>/` is required here, but `max-directories` allows at most 1 (structlint.yaml:1)",
    ),
    "`needs`": (
        "src/: {.: {max-files: 1}, a.py: {needs: b.py}}",
        "`src/b.py` is required here, but `max-files` allows at most 1 (structlint.yaml:1)",
    ),
    "`holds`": (
        "src/: {.: {max-files: 0, holds: b.py}}",
        "`src/b.py` is required here, but `max-files` allows at most 0 (structlint.yaml:1)",
    ),
    "two groups": (
        "src/: {.: {max-files: 1}, a | b: , c ^ d: }",
        "`src/c ^ d` is required here, but `max-files` allows at most 1 (structlint.yaml:1)",
    ),
    "a name that every directory requires": (
        "src/: {'**/': {a.py: }, lib/: {.: {max-files: 1}, b.py: }}",
        "`src/lib/a.py` is required here, but `max-files` allows at most 1 (structlint.yaml:1)",
    ),
    "a minimum that the entries do not allow": (
        "src/: {.: {min-files: 2, unlisted: forbid}, a.py: }",
        "`min-files` requires 2 in `src/`, but its entries allow at most 1 (structlint.yaml:1)",
    ),
    "a minimum where all other names are `false`": (
        "src/: {.: {min-files: 2}, a.py: , '*': false}",
        "`min-files` requires 2 in `src/`, but its entries allow at most 1 (structlint.yaml:1)",
    ),
    "a minimum of directories": (
        "src/: {.: {min-directories: 2}, a/: }",
        "`min-directories` requires 2 in `src/`, but its entries allow at most 1 (structlint.yaml:1)",
    ),
    "a minimum where all files are forbidden": (
        "logs/?: {.: {min-files: 1}}",
        "`logs/*` is required here, but forbidden (structlint.yaml:3: `/logs/*`)",
    ),
    "a directory that is too deep": (
        "a/b/c/d/e.txt: ",
        "`a/b/c/d/` is required here, but `depth` allows at most 3 (structlint.yaml:2)",
    ),
    "a path that is too long": (
        "src/a-file-with-a-long-name.py: ",
        "`src/a-file-with-a-long-name.py` is required here, "
        "but `path-length` allows at most 25 (structlint.yaml:2)",
    ),
    "more files than any directory may contain": (
        "a: , b: , c: , d: , e: ",
        "`e` is required here, but `root-files` allows at most 4 (structlint.yaml:2)",
    ),
}
WITHIN = {
    "as many as allowed": "src/: {.: {max-files: 2}, a.py: , b.py: , '*.c?': }",
    "an exact name of a list": "src/: {.: {max-files: 2}, <n>.py: , a.py: }",
    "a file or a directory": "src/: {.: {max-directories: 0}, a | b/: }",
    "recommended by a pattern": "src/: {.: {max-files: 0}, '*.py': {level: recommended}}",
    "tied to an entry without names": "src/: {<x>.c?: }, test/: {.: {max-files: 0}, test_<x>.c: }",
    "the file that a `**/` requires, listed": (
        "src/: {'**/': {a.py: }, lib/: {.: {max-files: 1}, b.py: , a.py?: }}"
    ),
    "a minimum of unlisted files": "src/: {.: {min-files: 2}, a.py: }",
    "a minimum that a pattern can reach": "src/: {.: {min-files: 2, unlisted: forbid}, '*.py': }",
    "a directory that an optional pattern allows": "src/: {.: {min-directories: 2}, a/: , '*/?': }",
    "the layout itself": ".: {min-files: 2, unlisted: forbid}, a: ",
    "in every directory": "'**/': {.: {min-files: 2, unlisted: forbid}, a: }",
}


def _limited(tree: str) -> str:
    values = {"n": "[a, b]", "m": "{count: 2-}"}
    names = ", ".join(f"{name}: {value}" for name, value in values.items() if f"<{name}>" in tree)
    limits = "limits: {depth: 3, path-length: 25, root-files: 4}\n"
    return f"tree: {{{tree}}}\n{limits}forbid: {{/logs/*: no}}\nnames: {{{names}}}\n"


@pytest.mark.parametrize("case", LIMITED)
def test_entries_beyond_a_limit(case: str) -> None:
    tree, expected = LIMITED[case]
    assert [error.split(": ", 1)[1] for error in errors_of(_limited(tree))] == [expected]


@pytest.mark.parametrize("case", WITHIN)
def test_entries_within_a_limit(case: str) -> None:
    assert errors_of(_limited(WITHIN[case])) == []


@pytest.mark.parametrize(
    "setting",
    [
        "severity: {too-many-files: off}",
        "severity: {too-many-files: {/src/: off}}",
        "ignore: [{rule: too-many-files, path: src/, why: no}]",
    ],
)
def test_limit_that_reports_nothing_contradicts_nothing(setting: str) -> None:
    assert errors_of(f"tree: {{src/: {{.: {{max-files: 0}}, a: }}}}\n{setting}\n") == []


CONSISTENT = {
    "a `**/` with an `if`": "tree: {a/: {'*.py': }, '**/': {.: {if: x}, '*.py': false}}\n",
    "one of the paths at any depth": "tree: {a/: {.: {if: '**/x.tmp | y'}}}\nforbid: {x.tmp: no}\n",
    "at any depth, only directly in it": "tree: {a/: {.: {if: '**/x.tmp'}}}\nforbid: {/a/x.tmp: no}\n",
    "the `if` of an optional directory": "tree: {a/?: {.: {if: x.tmp}}}\nforbid: {x.tmp: no}\n",
    "a `holds` that one of two directories can contain": (
        "tree: {a/ | b/: {.: {holds: x.tmp}}}\nforbid: {/a/x.tmp: no}\n"
    ),
    "another name is allowed": "tree: {src/: {'*.p*': }}\nforbid: {'*.py': no}\n",
    "one alternative is allowed": "tree: {src/: {a.py | a.c: }}\nforbid: {'*.py': no}\n",
    "one of the paths of an `if`": "tree: {a/: {.: {if: x.tmp | y.py}}}\nforbid: {'*.tmp': no}\n",
    "one of the paths of a `holds`": "tree: {a/: {.: {holds: x.tmp | y}}}\nforbid: {'*.tmp': no}\n",
    "in a directory that may be absent": "tree: {a/?: {.: {holds: x.tmp}}}\nforbid: {'*.tmp': no}\n",
    "the file of a group": "tree: {docs/ | docs.md: }\nforbid: {docs/: no}\n",
    "one of two exclusive alternatives": "tree: {src/: {a.py ^ a.c: }}\nforbid: {'*.py': no}\n",
    "a pattern with one letter more": "tree: {'??.py': , '*.py': }\nforbid: {'?.py': no}\n",
    "all but one letter": "tree: {'*.c': }\nforbid: {'[!q]*.c': no, .c: no}\n",
    "optional": f"tree: {{src/: {{'*.py?': , a.py | b.py?: }}}}\n{NO}",
    "recommended": f"tree: {{src/: {{'*.py': {{level: recommended}}}}}}\n{NO}",
    "recommended alternatives": f"tree: {{src/: {{a.py | b.py: {{level: recommended}}}}}}\n{NO}",
    "an exact name, which no `**/` forbids": "tree: {src/: {a.py: }, '**/': {'*.py': false}}\n",
    "recommended, `false` in every directory": (
        "tree: {src/: {a.py: {level: recommended}}, '**/': {'*.py': false}}\n"
    ),
    "a list, optional": f"names: {{n: [a, b]}}\ntree: {{src/: {{<n>.py?: }}}}\n{NO}",
    "one of an optional list of directories": (
        "names: {s: [a, b]}\ntree: {<s>/?: {'*.py': }}\nforbid: {'/b/*.py': no}\n"
    ),
    "`needs` of an optional entry": f"tree: {{src/: {{a.c?: {{needs: a.py}}}}}}\n{NO}",
    "`needs` of a recommended entry": f"tree: {{src/: {{a.c: {{level: recommended, needs: a.py}}}}}}\n{NO}",
    "negated pattern": "tree: {src/: {'*.py': }}\nforbid: {'*.py': no, '!/src/*.py': }\n",
    "negated pattern for some names": "tree: {src/: {'*.py': }}\nforbid: {'*.py': no, '!/src/a*': }\n",
    "pattern removed with `false`": "tree: {'*.py': }\nextends: ./base.yaml\nforbid: {'*.py': false}\n",
    "elsewhere": "tree: {src/: {'*.py': }}\nforbid: {'/*.py': no, '/lib/**/*.py': no}\n",
    "below some directories": "tree: {<s>/: {main.py: }}\nforbid: {'/old/main.py': no}\n",
    "directories of that name": "tree: {src/: {'*.py': }}\nforbid: {'*.py/': no}\n",
    "in a directory that is optional and forbidden": (
        "tree: {old/?: {'*.py': }, '*-old/?': {a.py: }}\nforbid: {old/: no, '*-old/': no, '*.py': no}\n"
    ),
    "tied to an optional entry": (
        "tree: {src/: {<m>.c?: }, tests/: {test_<m>.c: }}\nforbid: {'test_*': no}\n"
    ),
    "in other directories": "tree: {'**/': {'*.md': }}\nforbid: {'/*.md': no, '/docs/*.md': no}\n",
    "`false` in the same directory, after it": "tree: {src/: {a.py: , '*.py': false}}\n",
    "`false` for a more specific pattern": "tree: {src/: {'*.py': , 'a*.py': false}}\n",
    "`false` in directories below": "tree: {a.py: , '**/': {'*.py': false}}\n",
    "`false` next to an entry for the file": ("tree: {src/: {a.py: }, '**/': {a.py?: , '*.py': false}}\n"),
    "`false` with a tied placeholder": (
        "tree: {<s>/: {src/: {'x_*.py': }}, lib/: {'<s>_*.py': false}, '**/': {'<s>_*.py': false}}\n"
    ),
    "excluded directory": "tree: {src/: {'*-gen/': }}\nexclude: ['*-gen/']\n",
    "belongs elsewhere, exact name": "tree: {src/: {a.proto: }}\nbelongs: {'*.proto': proto/}\n",
    "belongs to a parent directory": "tree: {proto/: {x/: {'*.proto': }}}\nbelongs: {'*.proto': proto/}\n",
    "belongs to one of several directories": "tree: {<d>/: {'*.proto': }}\nbelongs: {'*.proto': proto/}\n",
    "belongs to the root": "tree: {'*.md': }\nbelongs: {'*.md': /}\n",
    "belongs elsewhere, listed in every directory": (
        "tree: {src/: {'*.proto': }, '**/': {a.proto?: }}\nbelongs: {'*.proto': proto/}\n"
    ),
    "hidden files": "tree: {'*rc': }\nforbid: {'[!.]*rc': no, rc: no}\n",
}


@table("case", CONSISTENT)
def test_consistent_layout(case: str) -> None:
    assert errors_of(CONSISTENT[case], base="forbid: {'*.py': no}\n") == []


def test_error_names_lines_in_two_files() -> None:
    errors = errors_of("extends: ./base.yaml\nforbid:\n  '*.py': no\n", base="tree:\n  src/:\n    '*.py':\n")
    expected = "`src/*.py` is required here, but forbidden (structlint.yaml:3: `*.py`)"
    assert errors == [f"base.yaml:3:5: {expected}"]


def test_layout_beyond_the_search_budget_is_accepted() -> None:
    forbid = ", ".join(f"'*{a}*{b}*{c}*': no" for a, b, c in product("abcdefgh", repeat=3))
    tree = ", ".join(f"'<a>x<b{n}>y<c{n}>z{n}': " for n in range(200)).replace("<a>", "*")
    errors_of(f"tree: {{{tree}}}\nforbid: {{{forbid}, '*': no, '!q': }}\n")
    with pytest.raises(Undecided):
        Prohibition.of_patterns(Patterns(["*a*", "!b"]).items).escape(
            [PathStep(((STAR, "a"),))], Budget(10), directory=False
        )


@pytest.mark.parametrize(
    "entry", ["a{n}", "'a{n}*.py'", "d{n}/: {{'*.py'"], ids=["exact", "pattern", "deeper"]
)
def test_number_of_pattern_matches_is_limited(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    match_path = Patterns.match

    def count(patterns: Patterns, path: str) -> int | None:
        nonlocal tried
        tried += len(patterns.items)
        return match_path(patterns, path)

    monkeypatch.setattr(Patterns, "match", count)
    close = " }" * ("{{" in entry)
    tree = ", ".join(entry.format(n=n) + ": " + close for n in range(50))
    forbid = ", ".join(f"'*x{n}*': no" for n in range(200))
    text = f"tree: {{{tree}}}\nforbid: {{{forbid}}}\n"
    assert errors_of(text) == []
    assert tried >= 50 * 200
    monkeypatch.setattr("structlint.layout.impossible._MOST_TRIES", 2_000)
    tried = 0
    assert errors_of(text) == []
    assert tried <= 2_000


# --- Whole layouts: with such an error, every tree has a finding

_FORBID = ["*.p", "a.*", "b.*", "/src/*.p", "/*.p", "/src/**", "x/", "!b.p", "!/src/a.*", "!*.q", "[ab].p"]
_KEYS = ["a.p", "b.q", "'*.p'", "'*.q'", "a.p | b.p", "a.p ^ a.q", "<m>.p", "<n>.p", "'a*'", "<m>.q"]
_LEVELS = ["", "", "", "{level: recommended}", "{level: optional}", "false", "{needs: b.p}", "{needs: /a.q}"]
_ENTRIES = st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(_LEVELS), min_size=1, max_size=2)
_BOUNDS = st.dictionaries(
    st.sampled_from(["max-files", "min-files", "unlisted"]), st.integers(0, 3), max_size=2
).map(lambda bounds: bounds | {"unlisted": "forbid"} if "unlisted" in bounds else bounds)
_FORBIDDEN = st.dictionaries(st.sampled_from(_KEYS[:5]), st.just("false"), max_size=1)
_CANDIDATES = [f"{above}{name}" for above in ("", "src/") for name in ("a.p", "b.p", "a.q", "b.q")]
_TREES = [each for size in range(9) for each in combinations(_CANDIDATES, size)]


def _mapping(entries: dict[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in entries.items())


@given(
    *(
        _ENTRIES,
        _ENTRIES,
        _FORBIDDEN,
        _BOUNDS,
        st.lists(st.sampled_from(_FORBID), min_size=1, max_size=3, unique=True),
    ),
    st.sampled_from(["forbid", "local", "exclude"]),
)
@settings(max_examples=25)
def test_every_tree_fails_a_contradictory_layout(
    inner: dict[str, str],
    outer: dict[str, str],
    everywhere: dict[str, str],
    bounds: dict[str, int | str],
    patterns: list[str],
    kind: str,
) -> None:
    listed = [f"'{each}'" for each in patterns]
    setting = f"{{{': no, '.join([*listed, ''])}}}" if kind == "forbid" else f"[{', '.join(listed)}]"
    own = f".: {{{_mapping({key: str(value) for key, value in bounds.items()})}}}"
    tree = f"src/: {{{own}, {_mapping(inner)}}}, {_mapping(outer)}, '**/': {{q/?: , {_mapping(everywhere)}}}"
    text = f"names: {{n: [a, b], m: kebab-case}}\ntree: {{{tree}}}\n{kind}: {setting}\n"
    errors = errors_of(text)
    if not any("is required here, but" in each or "allow at most" in each for each in errors):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("structlint.layout.validate.contradictions", lambda layout: [])
        layout = load(LayoutSource(lambda path: text.encode()), "structlint.yaml")
    for files in _TREES[::4]:
        left = [path for path in files if not layout.exclude.match(path)]
        tree_of_files = Tree(tuple(sorted(left)), WorkTreeFiles(Path("/nonexistent"), ()), in_git=True)
        found = engine.check(match(layout, tree_of_files), {name_of(rule) for rule in RULES}, date.today())
        assert any(each.severity is Severity.ERROR for each in found), (text, errors, files)


# --- The automata

_LETTERS = "ab."
_TEXTS = ["".join(each) for size in (1, 2, 3) for each in product(_LETTERS, repeat=size)]
_PATHS = [
    *_TEXTS,
    *(f"{a}/{b}" for a in _TEXTS[:12] for b in _TEXTS),
    *map("/".join, product(_TEXTS[:6], repeat=3)),
]
_PATTERN = st.lists(st.sampled_from([*"aab.*?/", "**/", "/**", "[ab]", "[!a]"]), min_size=1, max_size=5).map(
    "".join
)
_PART: list[Part] = ["a", "b", ".", "ab", STAR, Slot("m")]
_PARTS = st.lists(st.sampled_from(_PART), min_size=1, max_size=3)


@st.composite
def _patterns(draw: st.DrawFn) -> Patterns:
    lines = []
    for text in draw(st.lists(_PATTERN, min_size=1, max_size=4)):
        line = ("!" if draw(st.integers(0, 3)) == 0 else "") + text
        try:
            Patterns([line])
        except PatternError:
            continue
        lines.append(line)
    return Patterns(lines)


@st.composite
def _steps(draw: st.DrawFn) -> list[PathStep]:
    steps = []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.integers(0, 5)) == 0:
            steps.append(ANY_DEPTH)
        else:
            steps.append(
                PathStep(
                    tuple(
                        tuple(_without_adjacent_wildcards(draw(_PARTS)))
                        for _ in range(draw(st.integers(1, 2)))
                    )
                )
            )
    return steps


def _without_adjacent_wildcards(parts: list[Part]) -> Iterator[Part]:
    """Keys cannot contain two adjacent wildcards."""
    before: Part = ""
    for part in parts:
        if isinstance(before, str) or isinstance(part, str):
            yield part
            before = part


def _expression(steps: list[PathStep]) -> str:
    """A regular expression for the paths of some steps."""

    def name(parts: Sequence[Part]) -> str:
        if parts == (STAR,):
            return "[^/]+"
        return "".join(
            re.escape(part) if isinstance(part, str) else "[^/]*" if part is STAR else "[^/.][^/]*"
            for part in parts
        )

    return "/".join(
        "[^/]+(?:/[^/]+)*" if step.anywhere else f"(?:{'|'.join(map(name, step.names))})" for step in steps
    )


@given(_patterns(), _steps(), st.booleans())
@settings(max_examples=200)
def test_automata_agree_with_enumerated_paths(
    patterns: Patterns, steps: list[PathStep], directory: bool
) -> None:
    matches = re.compile(_expression(steps)).fullmatch
    slash = "/" * directory
    found = Prohibition.of_patterns(patterns.items).escape(steps, Budget(), directory=directory)
    if found is not None:
        assert matches(found)
        assert patterns.match(f"{found}{slash}") is None
    else:
        assert [path for path in _PATHS if matches(path) and patterns.match(f"{path}{slash}") is None] == []


@given(st.lists(st.tuples(_PARTS, st.booleans()), min_size=1, max_size=4), _PARTS)
def test_automata_agree_with_names_of_a_directory(
    table: list[tuple[list[Part], bool]], wanted: list[Part]
) -> None:
    names = [(tuple(_without_adjacent_wildcards(parts)), forbidden) for parts, forbidden in table]
    step = tuple(_without_adjacent_wildcards(wanted))
    found = Prohibition.of_names(names).escape([PathStep((step,))], Budget(), directory=False)

    def matches(parts: tuple[Part, ...], name: str) -> bool:
        texts = Name(_joined(parts))
        return texts.match(name, lambda slot, value: not value.startswith(".")) is not None or (
            len({*texts.slots}) < len(texts.slots)
        )

    def forbidden(name: str) -> bool:
        return next((forbids for parts, forbids in reversed(names) if matches(parts, name)), False)

    repeated = any(len({*Name(parts).slots}) < len(Name(parts).slots) for parts in (*dict(names), step))
    if found is not None:
        assert repeated or (matches(step, found) and not forbidden(found))
    elif not repeated:
        assert all(forbidden(name) for name in _TEXTS if matches(step, name))


def _joined(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return Name(parts).given({}).parts
