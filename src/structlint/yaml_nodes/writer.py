"""Writes the nodes of a layout as readable YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from structlint.text.quoting import in_quotes, is_harmless
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode, value

_WIDEST = 100  # what is short enough stands on one line
# Plain in YAML: no indicator at the begin, no ": " or " #" inside, no blank at an end; of what one might
# write plainly only what needs no second look. https://yaml.org/spec/1.2.2/#733-plain-style
_BEGINS_PLAIN = re.compile(r"(?!-(?:\s|$)|---|\.\.\.)[\w./<(+^$;=\\~-]")
_BREAKS_PLAIN = re.compile(r"^<<$|:(?:\s|$)|\s#|^\s|\s$")
_SETTING = re.compile(
    r"about|level|if|holds|needs|without|unlisted|why|case|pattern|count|unique|consecutive|(min|max)-\w+"
    r"|(root-)?files|depth|path-length"
)
_BREAKS_FLOW = re.compile(r"[\[\]{},]")


def write(layout: MapNode, header: Sequence[str] = (), remarks: Mapping[TextNode, str] = {}) -> str:
    """A layout as the text of a YAML file, which `parse` reads as the same nodes.

    `header` are the lines of a comment at the top, `remarks` comments that go above their keys.
    """
    lines = [f"# {line}".rstrip() for line in header]
    if not layout.items:
        lines.append("{}")
    for number, item in enumerate(layout.items):
        if number or header:
            lines.append("")
        lines += _item(item, "", remarks)
    return "".join(f"{line}\n" for line in lines)


def _item(item: tuple[TextNode, Node], indent: str, remarks: Mapping[TextNode, str]) -> Iterator[str]:
    key, node = item
    if key in remarks:
        yield f"{indent}# {remarks[key]}"
    name = _scalar(key, key=True)
    flow = _flow(node)
    short = flow if len(indent) + len(name) + 2 + len(flow) <= _WIDEST else ""
    if isinstance(node, TextNode) or not node.items or (short and _is_short(key, node)):
        yield f"{indent}{name}: {flow}".rstrip()
    elif isinstance(node, ListNode):
        yield f"{indent}{name}:"
        yield from (f"{indent}  - {_flow(item) or 'null'}" for item in node.items)
    else:
        yield f"{indent}{name}:"
        for item in node.items:
            yield from _item(item, f"{indent}  ", remarks)


def _is_short(key: TextNode, node: Node) -> bool:
    """Whether a mapping or list fits on one line: a list of words, or settings."""
    if isinstance(node, ListNode):
        return True
    if not isinstance(node, MapNode):
        return False
    return all(
        isinstance(value, TextNode | ListNode) and _SETTING.fullmatch(name.text) for name, value in node.items
    )


def _flow(node: Node) -> str:
    """A node on one line."""
    if isinstance(node, TextNode):
        return _scalar(node)
    if isinstance(node, ListNode):
        return f"[{', '.join(_in_flow(item) or 'null' for item in node.items)}]"
    items = (f"{_in_flow(key, key=True)}: {_in_flow(value) or 'null'}" for key, value in node.items)
    return f"{{{', '.join(items)}}}"


def _in_flow(node: Node, *, key: bool = False) -> str:
    if isinstance(node, TextNode):
        text = _scalar(node, key=key)
        return in_quotes(node.text) if not text.startswith('"') and _BREAKS_FLOW.search(text) else text
    return _flow(node)


def _scalar(node: TextNode, *, key: bool = False) -> str:
    """A text without quotes if YAML reads it as the same text, else in double quotes."""
    if not node.text:
        return "" if node.plain and not key else '""'
    stays = key or value(node) == value(TextNode(node.text, True, 1, 1))
    plain = _BEGINS_PLAIN.match(node.text) and not _BREAKS_PLAIN.search(node.text) and is_harmless(node.text)
    return node.text if plain and stays else in_quotes(node.text)
