"""Reads the `imports` of a layout file."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from structlint.layout.import_rules import Apart, ImportRules, Never, Side, Target
from structlint.layout.key_text import BadKey, read_key
from structlint.layout.keys import KeyPath
from structlint.layout.parse_settings import SettingsReader, is_false, map_items, text_in, texts_in
from structlint.text.quoting import short_name
from structlint.yaml_nodes import MOST_DEPTH, ListNode, TextNode

if TYPE_CHECKING:
    from structlint.yaml_nodes import Node

# A path of the repository; without a directory, `chart.js` is a package, as `github.com/nats-io/nats.go` is.
_SOURCE_FILE = re.compile(
    r"(?:^|/)[^/]+\.(?:py|pyi|[cm]?tsx?|jsx|\w+proj)$|/[^/]+\.[cm]?js$|^(?:[^./]+/)*[^./]+\.go$"
)
_MODULE = re.compile(r"[^\s/<>|?*][^\s<>|?*]*")


def parse_imports(reader: SettingsReader, node: Node) -> ImportRules:
    """The rules in the value of `imports`. `reader` collects the problems."""
    parts = {key.text: value for key, value in map_items(node)}
    return ImportRules(
        layers=_layers(reader, parts.get("layers")),
        apart={key.text: _apart(reader, key, value) for key, value in map_items(parts.get("apart"))},
        never={key.text: _never(reader, key, value) for key, value in map_items(parts.get("never"))},
        types=text_in(parts.get("types")),
        roots=tuple(_side(reader, text, directory=True) for text in texts_in(parts.get("roots"))),
    )


def _layers(reader: SettingsReader, node: Node | None) -> tuple[tuple[Side, ...], ...] | None:
    if node is None:
        return ()
    if is_false(node):
        return None
    items = node.items if isinstance(node, ListNode) else ()
    layers = tuple(tuple(_side(reader, text) for text in texts_in(item)) for item in items)
    if sum(map(len, layers)) < 2:
        reader.wrong(node, "a single layer has no effect; list at least two, the outermost first")
    known: dict[KeyPath, Side] = {}
    for side in (side for line in layers for side in line):
        for path in side.paths:
            if other := known.get(path):
                name = short_name("".join(map(str, path.steps)))
                reader.wrong_at(side.place, f"{name} is in two layers (see line {other.place.line})")
            known[path] = side
    return layers


def _apart(reader: SettingsReader, key: TextNode, node: Node) -> Apart | None:
    if is_false(node):
        return None
    side = _side(reader, key)
    if side.paths and all(step.exact is not None for path in side.paths for step in path.steps):
        reader.wrong(
            key, f"{short_name(key.text)} is one directory; write a placeholder or `*` for several of a kind"
        )
    if isinstance(node, TextNode):
        return Apart(side, text_in(node))
    settings = {name.text: child for name, child in map_items(node)}
    through = tuple(_side(reader, text) for text in texts_in(settings.get("through")))
    for passed in through:
        for name in passed.placeholders:
            if name not in side.placeholders:
                message = f"`<{name}>` has no value here: it is not in {short_name(key.text)}"
                reader.wrong_at(passed.place, message)
    return Apart(side, text_in(settings.get("why")), through)


def _never(reader: SettingsReader, key: TextNode, node: Node) -> Never | None:
    if is_false(node):
        return None
    for target, _ in map_items(node):
        if target.text == key.text:
            problem = f"{short_name(key.text)} may always import itself"
            reader.wrong(target, f"{problem}; write another directory here, or use `apart`")
    return Never(
        _side(reader, key), {target.text: _target(reader, target, why) for target, why in map_items(node)}
    )


def _target(reader: SettingsReader, key: TextNode, node: Node) -> Target | None:
    if is_false(node):
        return None
    if key.text.endswith("/") or " | " in key.text or _SOURCE_FILE.search(f"{key.text}"):
        return Target(key.text, reader.place(key), _side(reader, key), text_in(node))
    if not _MODULE.fullmatch(key.text):
        reader.wrong(
            key,
            f"{short_name(key.text)}: write an external module, such as `requests`, "
            "or a directory with a `/` at its end",
        )
    return Target(key.text, reader.place(key), None, text_in(node))


def _side(reader: SettingsReader, node: TextNode, directory: bool = False) -> Side:
    paths = []
    for text in node.text.split(" | "):
        try:
            path = read_key(text)
        except BadKey as error:
            reader.wrong(node, f"{short_name(node.text)}: {error}")
            continue
        last = path.steps[-1]
        if path.optional:
            reader.wrong(node, f"{short_name(node.text)}: write the path without `?`")
        elif directory and not last.directory:
            reader.wrong(node, f"{short_name(text)}: write a directory, with a `/` at its end")
        elif not (last.directory or re.search(r"\.\w+$", str(last))):
            reader.wrong(node, f"{short_name(text)}: for a directory write {short_name(f'{text}/')}")
        elif len(path.steps) > MOST_DEPTH:
            reader.wrong(node, f"{short_name(node.text)}: deeper than {MOST_DEPTH} directories")
        elif any(step.path_placeholder for step in path.steps):
            reader.wrong(
                node, f"{short_name(text)}: a placeholder for a path is not allowed here; write `**/`"
            )
        elif any(a.everywhere and b.everywhere for a, b in pairwise(path.steps)):
            reader.wrong(node, f"{short_name(text)}: write `**/` once")
        else:
            paths.append(path)
    return Side(node.text, reader.place(node), tuple(paths))
