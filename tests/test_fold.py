"""Folding repeated parts of a layout into a placeholder does not change its meaning."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.suggest.fold import fold_siblings
from structlint.tree import Tree
from structlint.tree.drawing import Drawn
from structlint.yaml_nodes import MapNode, parse
from structlint.yaml_nodes.writer import write

ALL = frozenset(name_of(rule) for rule in RULES)


def fold(text: str) -> str:
    layout = parse(dedent(text).encode(), "f")
    assert isinstance(layout, MapNode)
    return write(fold_siblings(layout))


FOLDED = {
    "siblings with the same contents": (
        """
        tree:
          services/:
            auth/: {src/: , README.md: What}
            cart/: {src/: , README.md: What}
            shared/:
        """,
        """\
        names:
          service: [auth, cart]

        tree:
          services/:
            <service>/:
              src/:
              README.md: What
            shared/:
        """,
    ),
    "purposes are kept": (
        """
        tree:
          apps/:
            a/: {.: For students, src/: }
            b/: {.: {about: For all, unlisted: allow}, src/: }
            c/: {src/: }
            d/: {.: {unlisted: allow}, src/: }
        """,
        """\
        names:
          app:
            values:
              a: For students
              c:
          app-2:
            values:
              b: For all
              d:

        tree:
          apps/:
            <app>/:
              src/:
            <app-2>/:
              .: {unlisted: allow}
              src/:
        """,
    ),
    "nested folding": (
        """
        tree:
          libraries/:
            x/: {a/: {c.py: }, b/: {c.py: }}
            y/: {a/: {c.py: }, b/: {c.py: }}
        """,
        """\
        names:
          library: [x, y]
          library-2: [a, b]

        tree:
          libraries/:
            <library>/:
              <library-2>/:
                c.py:
        """,
    ),
    "existing placeholder": (
        """
        names:
          service: kebab-case
        tree:
          k8s/:
            <service>.yaml:
          services/:
            a/: {src/: }
            b/: {src/: }
        """,
        """\
        names:
          service: kebab-case
          service-2: [a, b]

        tree:
          k8s/:
            <service>.yaml:
          services/:
            <service-2>/:
              src/:
        """,
    ),
}
UNCHANGED = {
    "competing pattern": "tree:\n  services/:\n    a/: {src/: }\n    b/: {src/: }\n    '*/?':\n",
    "optional siblings": "tree:\n  services/:\n    a/?: {src/: }\n    b/?: {src/: }\n",
    "siblings without contents": "tree:\n  services/:\n    a/: One\n    b/: Two\n",
    "hidden directories": "tree:\n  .a/: {src/: }\n  .b/: {src/: }\n",
}


@pytest.mark.parametrize(("text", "expected"), FOLDED.values(), ids=FOLDED)
def test_folded_layouts(text: str, expected: str) -> None:
    assert fold(text) == dedent(expected)


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED)
def test_unchanged_layouts(text: str) -> None:
    layout = parse(text.encode(), "f")
    assert isinstance(layout, MapNode)
    assert fold_siblings(layout) == layout


CONTENTS = [{}, {"src/": None}, {"src/": None, "a.py": "What"}, {"src/": {"b.py": None}}, {"a.py": "What"}]
Tree_ = dict[str, dict[str, dict[str, object]]]
LAYOUTS = st.dictionaries(
    st.sampled_from(["services/", "apps/", "data/"]),
    st.dictionaries(st.sampled_from(["a/", "b/", "c/", "d/"]), st.sampled_from(CONTENTS), min_size=1),
    min_size=1,
)
FILES = st.sets(
    st.sampled_from(
        [
            f"{top}/{unit}/{file}"
            for top in ("services", "apps", "data")
            for unit in ("a", "b", "c", "e")
            for file in ("src/x", "src/b.py", "a.py", "z/x")
        ]
    )
)


def check_files(text: str, files: set[str]) -> list[tuple[str, str, str, str]]:
    layout = load(LayoutSource({"structlint.yaml": text.encode()}.__getitem__), "structlint.yaml")
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()), in_git=True)
    findings = check(match(layout, tree), ALL, date(2026, 1, 1))
    return [(each.path, each.rule, each.message, each.about) for each in findings]


@settings(max_examples=20)
@given(LAYOUTS, FILES)
def test_folded_layout_reports_the_same(tree: Tree_, files: set[str]) -> None:
    import json

    layout = parse(json.dumps({"tree": tree}).encode(), "f")
    assert isinstance(layout, MapNode)
    assert check_files(write(fold_siblings(layout)), files) == check_files(write(layout), files)
