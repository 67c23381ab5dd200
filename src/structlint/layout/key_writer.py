"""Writes the keys of a tree in the syntax of a layout."""

from __future__ import annotations

import re

from structlint.layout.key_text import BadKey, read_key
from structlint.layout.keys import Key, Part
from structlint.text.key_escapes import escape_key, escape_setting, plain_key

# Characters that YAML, or a line of a layout, cannot contain.
_UNWRITABLE = re.compile(r"[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def key_text(key: Key, other: Key | None = None) -> str:
    """The text of a key, including the `other` one of its group; `read_key` reads it as the same key."""
    members = (
        "".join(map(_part_text, member.parts)) + ("/" if one_kind.directory else "")
        for one_kind in filter(None, (key, other))
        for member in one_kind.members
    )
    return escape_setting((" ^ " if key.exclusive else " | ").join(members))


def _part_text(part: Part) -> str:
    return escape_key(part) if isinstance(part, str) else str(part)


def is_writable(name: str) -> bool:
    """Whether a layout can list a file or directory of this name, which must not contain a line break."""
    if _UNWRITABLE.search(name):
        return False
    try:
        read_key(plain_key(name))
    except BadKey:
        return False
    return True
