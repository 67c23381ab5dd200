"""Reads JSON files, with the comments and trailing commas that `tsconfig.json` may contain."""

from __future__ import annotations

import json
import re
from typing import Any

from structlint.imports.files import SourceFiles

_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|//[^\n]*+|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|,(?=\s*+[\]}])')


def mapping_in(files: SourceFiles, path: str) -> dict[str, Any]:
    """The object in a file; empty if it cannot be read or has other contents."""
    text = files.data(path).decode("utf-8", "replace").removeprefix("\ufeff")
    data = _loaded(text)
    if data is None:
        text = _COMMENT.sub(lambda match: match[1] or " ", text)
        data = _loaded(_TRAILING_COMMA.sub(lambda match: match[1] or "", text))
    return data if isinstance(data, dict) else {}


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a mapping, else an empty mapping."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> list[str]:
    """The texts of a list; a single text counts as a list of one."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
