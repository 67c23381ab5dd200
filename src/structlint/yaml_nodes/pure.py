"""PyYAML's own parser, with what YAML 1.2 allows and it refuses: tabs between words, and `?` in a text."""

from __future__ import annotations

import re
from typing import Any

import yaml

_BREAKS = "\r\n\x85\u2028\u2029"


class PureLoader(yaml.SafeLoader):
    """The events of a text. Where it holds a `?` inside a word, they hold `mark` instead.

    PyYAML ends a word between brackets at a `?`, so another character has to stand there for it.
    """

    def __init__(self, text: str) -> None:
        self.mark = stand_in(text)
        super().__init__(re.sub(r"(?<=[^\s,[\]{}])\?", self.mark, text))

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        # Elsewhere a tab would be indentation.
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: yaml.Mark) -> Any:
        length = 0
        while self.peek(length) in " \t":
            length += 1
        blanks = self.prefix(length)
        if "\t" not in blanks:
            return super().scan_plain_spaces(indent, start_mark)
        self.forward(length)
        return super().scan_plain_spaces(indent, start_mark) if self.peek() in _BREAKS else [blanks]


def stand_in(text: str) -> str:
    """A private-use character to replace `?`; `text` does not contain it, not even as an escape."""
    lower = text.lower()
    free = (
        chr(code) for code in range(0xE000, 0xE800) if chr(code) not in lower and f"{code:x}" not in lower
    )
    return next(free, "?")
