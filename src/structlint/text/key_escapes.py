"""Writes a name as a key of a layout's `tree`, with backslashes before characters that have a meaning."""

from __future__ import annotations

import re

BOUNDS = ("min-files", "max-files", "min-directories", "max-directories")
# The settings of an entry. A file of such a name is written with a backslash.
ENTRY_SETTINGS = ("about", "level", "if", "holds", "needs", "without", "unlisted", *BOUNDS)

_SPECIAL = r"[\\<*]|(?<= )[|^](?= )|\?\Z"
_SPECIAL_BUT_STARS = r"[\\<]|(?<= )[|^](?= )|\?\Z"
# Within a name, a backslash before such a character changes nothing.
_NEEDLESS = re.compile(r"(?<=[^\s/\\!])(?:\\\\)*(\\([\w.]))")


def escape_key(text: str, *, stars: bool = True) -> str:
    """Literal text, as a part of a key. Without `stars`, a `*` stays a wildcard."""
    return re.sub(_SPECIAL if stars else _SPECIAL_BUT_STARS, r"\\\g<0>", text)


def needless_escape(text: str) -> str:
    """The problem with a backslash in a key or pattern that has no effect, as in a Windows path; or ""."""
    if needless := _NEEDLESS.search(text):
        remedy = r"write `/` between two names, or `\\` for a backslash itself"
        return f"contains `{needless[1]}`, which means `{needless[2]}`; {remedy}"
    return ""


def escape_setting(key: str) -> str:
    """A key that is not a setting, even if it is spelled like one."""
    return f"\\{key}" if key in ENTRY_SETTINGS else key


def plain_key(name: str) -> str:
    """The key of the file of this name, or without its `/`, of the directory."""
    return escape_setting(escape_key(name))
