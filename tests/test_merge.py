"""Merging a layout with the layouts that it extends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pytest
from conftest import Make, Run
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.cli.show_config import config
from structlint.errors import LayoutError
from structlint.layout.entry import Entry
from structlint.layout.keys import Key
from structlint.layout.load import load
from structlint.layout.merge import merge_children
from structlint.layout.model import Layout
from structlint.layout.parse import parse_layout
from structlint.layout.source import LayoutSource
from structlint.yaml_nodes import parse

Children: TypeAlias = Mapping[Key, Entry]
Tree: TypeAlias = "dict[str, Tree | str | None]"
TreeItem: TypeAlias = "tuple[str, bool, Tree | str | None]"

# Without `false` and alternatives, which remove inherited entries and therefore depend on the order.
_files = st.sampled_from(["alder.txt", "birch.txt", "<tree>.txt", "*.md"])
_directories = st.sampled_from(["alder/", "birch/", "<tree>/"])
_short = st.sampled_from(["alder/birch.txt", "birch/alder/", "cedar/alder/birch.txt"])
_about = st.sampled_from([None, "one", "two"])


def _trees(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    files = st.tuples(_files | _short.filter(lambda key: not key.endswith("/")), st.booleans(), _about)
    directories = st.tuples(
        _directories | _short.filter(lambda key: key.endswith("/")), st.booleans(), inside
    )
    entry_lines = st.lists(files | directories, max_size=4, unique_by=_first_step)
    return entry_lines.map(
        lambda entry_lines: {key + "?" * optional: value for key, optional, value in entry_lines}
    )


def _first_step(line: TreeItem) -> str:
    first, slash, _ = line[0].partition("/")
    return first + slash


trees = st.recursive(_trees(st.none()), _trees, max_leaves=6)


def children(tree: Tree, file: str) -> Children:
    return parse_layout(parse(json.dumps({"tree": tree}).encode(), file), file, trusted=True).root.children


@given(trees, trees, trees)
def test_merging_is_associative(one: Tree, two: Tree, three: Tree) -> None:
    a, b, c = children(one, "a"), children(two, "b"), children(three, "c")
    left, right = merge_children(merge_children(a, b), c), merge_children(a, merge_children(b, c))
    assert str(left) == str(right)  # including the order: the first occurrence of a placeholder defines it


def nested_keys(children: Mapping[Key, Entry]) -> list[object]:
    """The keys of the entries on all levels, in order."""
    return [(key, nested_keys(each.children)) for key, each in children.items()]


@given(trees)
def test_merging_is_idempotent(tree: Tree) -> None:
    one = children(tree, "a")
    merged = merge_children(one, one)
    assert merged == one
    assert nested_keys(merged) == nested_keys(one)


@given(trees)
def test_empty_layout_is_neutral(tree: Tree) -> None:
    one = children(tree, "a")
    assert str(merge_children(one, {})) == str(merge_children({}, one)) == str(one)


@given(trees, trees)
def test_extending_layout_takes_precedence(far: Tree, near: Tree) -> None:
    def check_entries(merged: Children, nearer: Children) -> None:
        for key, entry in nearer.items():
            if not entry.implied:
                assert (merged[key].place, merged[key].level) == (entry.place, entry.level)
            assert merged[key].about == entry.about or not entry.about
            check_entries(merged[key].children, entry.children)

    merged = merge_children(children(far, "far"), children(near, "near"))
    check_entries(merged, children(near, "near"))
    assert merged.keys() == children(far, "far").keys() | children(near, "near").keys()


def layout(near: str, far: str) -> Layout:
    """The layout `near`, which extends the layout `far`."""
    files = {"near.yaml": f"extends: ./far.yaml\n{near}".encode(), "far.yaml": far.encode()}
    return load(LayoutSource(files.__getitem__), "near.yaml")


def entry_lines(entry: Entry, indent: str = "") -> Iterator[str]:
    """The children of an entry, one line each: key, level, purpose and defining file."""
    for child in entry.children.values():
        level = f" {child.level.value}" if child.level else ""
        about = f" {child.about!r}" if child.about else ""
        yield f"{indent}{child.key}{level}{about} ({child.place.file})"
        yield from entry_lines(child, indent + "  ")


# The trees of the extended and the extending file, and the merged entries.
TREES = {
    "optional over required": ("docs/: For users", "docs/?:", ["docs/ optional 'For users' (near.yaml)"]),
    "required over optional": ("docs/?:", "docs/:", ["docs/ (near.yaml)"]),
    "a level over a level": (
        "a: {level: recommended}",
        "a: {level: optional}",
        ["a optional (near.yaml)"],
    ),
    "a purpose over a setting": ("a: {about: far}", "a: near", ["a 'near' (near.yaml)"]),
    "entries of the extending file come first": (
        "a:\n  b:",
        "c:\n  b:",
        ["c (near.yaml)", "b (near.yaml)", "a (far.yaml)"],
    ),
    "a short key requires its directories": (
        "docs/?: For users",
        "docs/a.md:",
        ["docs/ 'For users' (near.yaml)", "  a.md (near.yaml)"],
    ),
    "an optional short key requires nothing": (
        "docs/: For users",
        "docs/a.md?:",
        ["docs/ 'For users' (far.yaml)", "  a.md optional (near.yaml)"],
    ),
    "the stricter of two short keys": (
        "docs/a.md?:",
        "docs/b.md:",
        ["docs/ (near.yaml)", "  b.md (near.yaml)", "  a.md optional (far.yaml)"],
    ),
    "a short key and a recommended end": (
        "a/b?:",
        "a/c: {level: recommended}",
        ["a/ recommended (near.yaml)", "  c recommended (near.yaml)", "  b optional (far.yaml)"],
    ),
    "false removes the children": (
        "docs/:\n    a.md:",
        "docs/: false",
        ["docs/ forbidden (near.yaml)"],
    ),
    "an entry over false": ("docs/: false", "docs/?:", ["docs/ optional (near.yaml)"]),
    "false over false": (
        "docs/: false",
        "docs/old/a.md: false",
        ["docs/ forbidden (far.yaml)"],
    ),
    "a short key over false": (
        "docs/: false",
        "docs/a.md?:",
        ["docs/ optional (near.yaml)", "  a.md optional (near.yaml)"],
    ),
    "alternatives widen a member": (
        "a: one\n  c:",
        "b ^ a:",
        ["b ^ a 'one' (near.yaml)", "c (far.yaml)"],
    ),
    "alternatives widen several members": (
        "a: one\n  b: two\n  c:",
        "b ^ a:",
        ["b ^ a 'one' (near.yaml)", "c (far.yaml)"],
    ),
    "a member narrows its alternatives": ("a | b: one\n  c:", "a:", ["a 'one' (near.yaml)", "c (far.yaml)"]),
    "members narrow their alternatives": ("a | b | c: one", "c ^ a:", ["c ^ a 'one' (near.yaml)"]),
    "false removes an alternative": (
        "a | b | c: one",
        "b: false",
        ["b forbidden (near.yaml)", "a | c 'one' (far.yaml)"],
    ),
    "the same alternatives in another order": (
        "a | b: one\n  c:",
        "b ^ a:",
        ["b ^ a 'one' (near.yaml)", "c (far.yaml)"],
    ),
    "a file and a directory": ("a:", "a/?:", ["a/ optional (near.yaml)", "a (far.yaml)"]),
    "placeholders are merged by name": (
        "<a>/?: one",
        "<b>.txt?:\n  <a>/:",
        ["<b>.txt optional (near.yaml)", "<a>/ 'one' (near.yaml)"],
    ),
    "every directory below": (
        "'**/a?':",
        "'**/b?':",
        ["**/ (far.yaml)", "  b optional (near.yaml)", "  a optional (far.yaml)"],
    ),
}


@table(("far", "near", "expected"), TREES.values(), ids=TREES)
def test_merged_trees(far: str, near: str, expected: list[str]) -> None:
    assert [*entry_lines(layout(f"tree:\n  {near}\n", f"tree:\n  {far}\n").root)] == expected


OVERLAPPING = {
    "overlapping names": ("a | b:", "b | c:"),
    "two groups": ("a | b:\n  c | d:", "b | c:"),
    "directories": ("x/:\n    a/ | b/:", "x/:\n    b/ | c/:"),
}


@pytest.mark.parametrize(("far", "near"), OVERLAPPING.values(), ids=OVERLAPPING)
def test_overlapping_alternatives_are_an_error(far: str, near: str) -> None:
    with pytest.raises(LayoutError) as error:
        layout(f"tree:\n  {near}\n", f"tree:\n  {far}\n")
    assert "list some of its names to narrow it, or all of them and more to widen it" in str(error.value)
    assert "(far.yaml:" in str(error.value)
    assert error.value.problems[0].file == "near.yaml"


def test_layouts_in_one_extends_list_do_not_narrow_each_other() -> None:
    far = "tree: {src/ | lib/: {a: }, x ^ y: }"
    near = "tree: {src/ | app/: {b: }, x: }"
    found = LayoutSource({"far.yaml": far.encode(), "near.yaml": near.encode(), "l.yaml": ALL}.__getitem__)
    assert [*entry_lines(load(found, "l.yaml").root)] == [
        "src/ | app/ (near.yaml)",
        "  b (near.yaml)",
        "src/ | lib/ (far.yaml)",
        "  a (far.yaml)",
        "x (near.yaml)",
        "x ^ y (far.yaml)",
    ]


ALL = b"extends: [./far.yaml, ./near.yaml]"

# Other settings of the two files, the attribute to compare, and its merged value.
VALUES: dict[str, tuple[str, str, str, object]] = {
    "about: replaced": ("about: far", "about: near", "about", "near"),
    "about: inherited": ("about: far", "", "about", "far"),
    "severity": (
        "severity: {orphan: off, bad-name: warning}",
        "severity: {orphan: error}",
        "severity",
        {"orphan": "error", "bad-name": "warning"},
    ),
}


@pytest.mark.parametrize(("far", "near", "part", "expected"), VALUES.values(), ids=VALUES)
def test_merged_values(far: str, near: str, part: str, expected: object) -> None:
    assert getattr(layout(near, far), part) == expected


# A key with patterns, its values in the two files, and the merged patterns.
PATTERNS = {
    "local adds up": ("local", "[.env]", "[.venv/, '!.env']", [".env", ".venv/", "!.env"]),
    "exclude adds up": ("exclude", "[a/]", "[b/]", ["a/", "b/"]),
    "belongs merges": ("belongs", "{a: x/, b: x/}", "{c: y/, a: y/}", ["a", "b", "c"]),
    "a repeated exception comes last": (
        "belongs",
        "{a: x/, '!c': , b: x/}",
        "{b: y/, '!c': }",
        ["a", "b", "!c"],
    ),
    "belongs is removed": ("belongs", "{a: x/, b: x/}", "{a: false}", ["b"]),
    "forbid is removed": ("forbid", "{a: why, b: why}", "{b: false, c: why}", ["a", "c"]),
}


@pytest.mark.parametrize(("key", "far", "near", "expected"), PATTERNS.values(), ids=PATTERNS)
def test_merged_patterns(key: str, far: str, near: str, expected: list[str]) -> None:
    reasons = getattr(layout(f"{key}: {near}", f"{key}: {far}"), key)
    assert [reason.pattern for reason in reasons.items] == expected


def test_targets_of_belongs_are_replaced() -> None:
    merged = layout("belongs: {'*.tf': b/}", "belongs: {'*.tf': [a/, c/]}")
    assert [reason.targets for reason in merged.belongs.items] == [("b/",)]


def test_limits_are_replaced_and_removed() -> None:
    merged = layout("limits: {depth: 9, files: false}", "limits: {depth: 3, files: 4, root-files: 5}")
    assert {name: bound.number for name, bound in merged.limits.items()} == {"depth": 9, "root-files": 5}


def test_names_are_replaced_and_removed() -> None:
    tree = "tree: {<a>.x: , <b>.y: , <c>.z: }"
    merged = layout("names: {a: false, b: camelCase}", f"names: {{a: lowercase, b: [x], c: [y]}}\n{tree}")
    found = {name: (naming.cases, naming.values) for name, naming in merged.names.items()}
    assert found == {"b": (("camelCase",), ("x",)), "c": ((), ("y",))}


@pytest.mark.parametrize(
    ("near", "far", "merged"),
    [
        (
            '{pattern: "[0-9]+"}',
            "{unique: true, count: 2}",
            '{pattern: "[0-9]+", count: "2-2", unique: true}',
        ),
        ("{unique: false}", "{unique: true, consecutive: true}", "{consecutive: true}"),
        ("{values: false, case: [camelCase, PascalCase]}", "[x]", "{case: [camelCase, PascalCase]}"),
        ("{pattern: false, count: false, case: lowercase}", "{pattern: a, count: 2, unique: true}", None),
        ("[x, y]", "{values: {z: old}}", "[x, y]"),
        ("{case: false, pattern: a}", "kebab-case", '{pattern: "a"}'),
    ],
)
def test_names_merge_field_by_field(near: str, far: str, merged: str | None) -> None:
    shown = config(layout(f"names: {{a: {near}}}", f"names: {{a: {far}}}\ntree: {{<a>?: }}"))
    line = shown.splitlines()[1].partition("  # ")[0].strip()
    assert line == f"a: {merged or '{case: lowercase, unique: true}'}"


def test_entry_settings_are_merged_one_by_one() -> None:
    merged = layout(
        "tree: {a/: {.: {max-files: 2, needs: b}, x: }}",
        "tree: {a/: {.: {min-files: 1, max-files: 9, unlisted: forbid, needs: [c, d]}}}",
    )
    (entry,) = merged.root.children.values()
    assert {name: bound.number for name, bound in entry.bounds.items()} == {"min-files": 1, "max-files": 2}
    assert (entry.unlisted, [str(need.path.steps[0]) for need in entry.needs]) == ("forbid", ["b"])


def test_ignored_findings_are_added_and_marked_as_inherited() -> None:
    merged = layout("ignore: [{rule: orphan, path: a, why: b}]", "ignore: [{rule: orphan, path: c, why: d}]")
    assert [(each.path, each.inherited) for each in merged.ignore] == [("c", True), ("a", False)]


def test_later_layout_in_an_extends_list_takes_precedence() -> None:
    files = {
        "a.yaml": b"extends: [./b.yaml, ./c.yaml]",
        "b.yaml": b"about: b\nlimits: {depth: 1}",
        "c.yaml": b"about: c",
    }
    merged = load(LayoutSource(files.__getitem__), "a.yaml")
    assert (merged.about, merged.limits["depth"].number) == ("c", 1)
    assert sorted(merged.files) == ["a.yaml", "b.yaml", "c.yaml"]


EQUALLY_SPECIFIC = [
    (
        "forbidden by the extending file",
        "tree: {services/: {<service>/?: }}",
        "names: {legacy: /legacy-.*/}\ntree: {l.yaml: , services/: {<legacy>/: false}}",
        {"services/legacy-pay/x": ""},
        "services/legacy-pay/: error: forbidden by the layout",
    ),
    (
        "required by the extending file",
        "tree: {.: {unlisted: allow}, src/: {<a>-x/?: {far.md: }}}",
        "names: {b: /fo+/}\ntree: {src/: {<b>-x/?: {near.md: }}}",
        {"src/foo-x/z": ""},
        "src/foo-x/near.md: error: missing file",
    ),
    (
        "one file",
        "tree: {l.yaml: }",
        'tree: {"b*/q?": , "*b/r": , "b*/<z>?": }',
        {"bb/q": "", "bb/zz": ""},
        "*b/: error: missing directory",
    ),
]


@pytest.mark.parametrize(
    ("far", "near", "files", "expected"),
    [w[1:] for w in EQUALLY_SPECIFIC],
    ids=[w[0] for w in EQUALLY_SPECIFIC],
)
def test_first_of_equally_specific_patterns_applies(
    far: str,
    near: str,
    files: dict[str, str],
    expected: str,
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git = repository({"structlint.yaml": f"extends: ./l.yaml\n{near}", "l.yaml": far, **files})
    monkeypatch.chdir(git.path)
    result = run("check", "--output-format", "concise")
    assert result.status == 1
    assert expected in result.out


# The severity of a rule in the extended and the extending file, and the merged severity.
SEVERITIES = {
    "by path over one value": ("warning", "{src/: error}", '{"*": warning, "src/": error}'),
    "by path over paths": ("{a/: off}", "{b/: error}", '{"a/": off, "b/": error}'),
    "one value over paths": ("{a/: off}", "warning", "warning"),
    "by path alone": ("", "{a/: off}", '{"a/": off}'),
}


@pytest.mark.parametrize(("far", "near", "expected"), SEVERITIES.values(), ids=SEVERITIES)
def test_merged_severities_by_path(far: str, near: str, expected: str) -> None:
    inherited = f"severity: {{stray-file: {far}}}" if far else "tree: {a: }"
    shown = config(layout(f"severity: {{stray-file: {near}}}", inherited))
    assert f"  stray-file: {expected}\n" in shown
