"""Nodes from the events of PyYAML.

No constructor runs, so no tag starts code, no value becomes a date or a number to base 60, and every bound
holds before a node is built. PyYAML's C parser (libyaml) is used where PyYAML has it, as in its wheels,
because it is several times as fast. What it refuses, and everything where it is missing, is read by PyYAML's
own parser. So the limits and the words of libyaml, which differ between its versions, reach nobody: it only
ever decides how fast a text is read that both parsers accept. Most layouts need neither parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from structlint.errors import LayoutError, NotRead, Problem
from structlint.text.quoting import short_name
from structlint.yaml_nodes.nodes import MOST_DIGITS, NUMBER, ListNode, MapNode, Node, TextNode
from structlint.yaml_nodes.simple import simple_nodes
from structlint.yaml_nodes.source import NO_CHARACTER, At, SourceText, decode_text, unusable

if TYPE_CHECKING:
    import yaml

    from structlint.yaml_nodes.errors import Failure

MOST_DEPTH = 64
MOST_EXPANDED = 10_000  # nodes that all aliases together may stand for

T = TypeVar("T")

_EMPTY = "the layout is empty"
_TOO_DEEP = f"nested deeper than {MOST_DEPTH} levels"


def parse(data: bytes, file: str) -> Node:
    """The one YAML document in `data`, which is UTF-8; `file` is its name in messages.

    Lines and columns count from 1, columns in characters. An alias gives the very node that its anchor
    names, which has that node's place. Raises `LayoutError` with all duplicate keys and unusable values,
    up to and with the first mistake that makes the rest unreadable.
    """
    text = decode_text(data, file)
    if (simple := simple_nodes(text)) is not None:
        return simple
    source = SourceText(file, text)
    return with_either_parser(lambda fast: Composer(source, fast).document())


def with_either_parser(read: Callable[[bool], T]) -> T:
    """The result of `read(True)`, or of `read(False)` if libyaml refuses the text or is missing.

    libyaml looks ahead, so that it may refuse a text for its own reason before one of our limits is reached:
    for a hundred thousand brackets it reports that they exceed its depth.
    """
    import yaml

    if hasattr(yaml, "CSafeLoader"):
        try:
            return read(True)
        except LibyamlError:
            pass
    return read(False)


class LibyamlError(Exception):
    """libyaml does not accept a text."""


class Composer:
    """Builds the nodes of one document, and collects the errors in them."""

    def __init__(self, source: SourceText, fast: bool) -> None:
        """`fast`: with libyaml, and `LibyamlError` for what it does not accept."""
        import yaml

        self.source = source
        self.fast = fast
        self.mark = "?"
        self.loader: Any
        if fast:
            self.loader = yaml.CSafeLoader(source.text)
        else:
            from structlint.yaml_nodes.pure import PureLoader

            self.loader = PureLoader(source.text)
            self.mark = self.loader.mark
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}  # None: the node is not whole yet
        self.expanded = 0
        self.brackets: list[At] = []  # that are open
        self.last = TextNode("", True, 1, 1)  # the text read last, a key too

    def document(self) -> Node:
        import yaml

        self.next()  # the start of the stream
        if isinstance(self.next(), yaml.StreamEndEvent):
            raise self.stop((1, 1), _EMPTY)
        root = self.node(self.next(), 1)
        self.next()  # the end of the document
        if not isinstance(after := self.next(), yaml.StreamEndEvent):
            raise self.stop(start(after), "a second YAML document begins here; a layout is one document")
        if isinstance(root, TextNode) and root.plain and not root.text:
            raise self.stop((1, 1), _EMPTY)
        if self.problems:
            raise LayoutError(self.problems)
        return root

    def wrong(self, at: At, message: str) -> None:
        self.problems.append(Problem(self.source.file, *at, message))

    def stop(self, at: At, message: str) -> LayoutError:
        """The error that makes the rest unreadable, with all errors before it."""
        self.wrong(at, message)
        return LayoutError(self.problems)

    def not_read(self, at: At, message: str) -> NotRead:
        """The error for what one of our limits makes unreadable, with the errors before it."""
        self.wrong(at, message)
        return NotRead(self.problems)

    def next(self) -> yaml.Event:
        import yaml

        try:
            event: yaml.Event = self.loader.get_event()
        except yaml.YAMLError as error:
            if self.fast:
                raise LibyamlError from None
            from structlint.yaml_nodes.errors import explained

            raise self.stop(*explained(self.failure(error))) from None
        except (ValueError, OverflowError):  # of "\UFFFFFFFF"
            at = (self.loader.line + 1, self.loader.column - 1)  # of the backslash
            raise self.stop(at, NO_CHARACTER) from None
        return event

    def failure(self, error: yaml.YAMLError) -> Failure:
        from structlint.yaml_nodes.errors import Failure

        began, noticed = (getattr(error, name, None) for name in ("context_mark", "problem_mark"))
        at = min(marked(noticed or began), self.source.end)
        return Failure(
            source=self.source,
            problem=getattr(error, "problem", None) or "the parser gives no reason",
            context=getattr(error, "context", None) or "",
            at=at,
            began=min(marked(began), self.source.end) if began else at,
            bracket=self.brackets[-1] if self.brackets else None,
            last=self.last,
        )

    def node(self, event: yaml.Event, depth: int) -> Node:
        import yaml

        at = start(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor, at, depth)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        tag = self.tag(event.tag, at) if event.tag is not None else ""
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        node = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else self.collection(event, depth)
        if tag:
            node = node._replace(tag=tag)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def tag(self, tag: str, at: At) -> str:
        """The tag of a node, as far as it is kept."""
        from structlint.yaml_nodes.errors import tagged

        raise self.stop(at, tagged(self.source, at, bool(self.brackets)))

    def alias(self, name: str | None, at: At, depth: int) -> Node:
        if name is None or name not in self.anchors:
            from structlint.yaml_nodes.errors import quote_it

            words = self.source.meant(at, bool(self.brackets))
            raise self.stop(at, f"unknown anchor `&{name}`; if this is text, {quote_it(words)}")
        node = self.anchors[name]
        if node is None:
            raise self.stop(at, f"`*{name}` is inside its own anchor")
        for below in _depths(node, depth):
            self.expanded += 1
            if self.expanded > MOST_EXPANDED:
                raise self.not_read(at, f"the aliases expand to more than {MOST_EXPANDED:,} values")
            if below > MOST_DEPTH:
                raise self.not_read(at, _TOO_DEEP)
        return node

    def scalar(self, event: yaml.ScalarEvent, is_key: bool = False) -> TextNode:
        at, text = self.at(event), event.value.replace(self.mark, "?")
        self.last = TextNode(text, not event.style, *at)
        if len(text) > MOST_DIGITS and self.last.plain and not is_key and re.fullmatch(NUMBER, text):
            self.wrong(at, f"a number of {len(text):,} characters; if this is text, quote it")
        if character := unusable(text):
            code = ord(character)
            problem = f"the text contains the character U+{code:04X}; remove it"
            self.wrong(at, NO_CHARACTER if 0xD800 <= code <= 0xDFFF else problem)
        return self.last

    def at(self, event: yaml.ScalarEvent) -> At:
        """The place of a text. An empty one may be after the last line."""
        return start(event) if event.value else min(start(event), self.source.end)

    def collection(self, event: yaml.CollectionStartEvent, depth: int) -> Node:
        import yaml

        at, bracket = start(event), self.bracket(event)
        if depth > MOST_DEPTH:
            raise self.not_read(at, _TOO_DEEP)
        if bracket:
            self.brackets.append(bracket)
        node: Node
        if isinstance(event, yaml.MappingStartEvent):
            node = MapNode(tuple(self.merged(self.pairs(depth + 1))), *at)
        else:
            node = ListNode(tuple(self.entries(depth + 1)), *at)
        if bracket:
            self.brackets.pop()
        return node

    def bracket(self, event: yaml.CollectionStartEvent) -> At | None:
        """The place of a bracket, which ends the event; an anchor may come before it."""
        line, column = marked(event.end_mark)
        at = (line, max(1, column - 1))
        # `[a: b]` holds a mapping without brackets.
        return at if event.flow_style and self.source.character(at) in ("[", "{") else None

    def entries(self, depth: int) -> Iterator[Node]:
        import yaml

        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self.node(event, depth)

    def pairs(self, depth: int) -> Iterator[tuple[TextNode, Node]]:
        import yaml

        lines: dict[str, int] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.key(event)
            at = (key.line, key.column)
            if key.text in lines and not is_merge(key):
                self.wrong(
                    at,
                    f"duplicate key {short_name(key.text)}, first in line {lines[key.text]}; remove one",
                )
            lines.setdefault(key.text, key.line)
            node = self.node(self.next(), depth)
            nothing = isinstance(node, TextNode) and node.plain and not node.text
            # The parsers do not agree where nothing stands; what is said of it is said of its key.
            yield key, node._replace(line=key.line, column=key.column) if nothing else node

    def merged(self, entries: Iterable[tuple[TextNode, Node]]) -> Iterable[tuple[TextNode, Node]]:
        """The entries of a mapping, with those that merge keys add."""
        for key, node in entries:
            if is_merge(key):
                at = (key.line, key.column)
                self.wrong(at, "merge keys are not supported; write the entries out, or use `extends`")
            yield key, node

    def key(self, event: yaml.Event) -> TextNode:
        import yaml

        at = start(event)
        # An anchor would be read off `&name?`, and leave `?`.
        if (
            not isinstance(event, yaml.ScalarEvent)
            or event.tag is not None
            or event.anchor is not None
            or not (event.value or event.style)
        ):
            from structlint.yaml_nodes.errors import no_key

            raise self.stop(*no_key(self.source, at))
        return self.scalar(event, is_key=True)


def is_merge(key: TextNode) -> bool:
    """Whether a key is the merge key of YAML 1.1, https://yaml.org/type/merge.html."""
    return key.plain and key.text == "<<"


def marked(mark: yaml.Mark | yaml._yaml.Mark | None) -> At:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def start(event: yaml.Event) -> At:
    """The line and column of an event."""
    return marked(event.start_mark)


def _depths(node: Node, depth: int) -> Iterator[int]:
    """The depths of a node, which is at `depth`, and of all nodes in it."""
    yield depth if not isinstance(node, TextNode) else 0
    if isinstance(node, TextNode):
        return
    for child in [inside for _, inside in node.items] if isinstance(node, MapNode) else node.items:
        yield from _depths(child, depth + 1)
