"""Classifies the first line of a tree: the repository, a path on one machine, or another place."""

from __future__ import annotations

import re

from structlint.markdown import words
from structlint.markdown.entry_names import parts_of
from structlint.markdown.word_patterns import any_of

ROOTS = re.compile(rf"\.|\./|/|{words.ANY_REPOSITORY}", re.IGNORECASE)
_CALLED_ROOT = re.compile(rf"\W*(?:the )?(?:{any_of(words.ROOT)})\W*", re.IGNORECASE)
_ON_ONE_MACHINE = re.compile(
    r"/(?:home|Users|root|opt|srv|mnt|tmp|var|workspaces?)(?:/[^/]+)+/?|[A-Za-z]:[\\/]\w.*|~/.+"
)
_ANOTHER_PLACE = re.compile(
    r"\w[\w+.-]*://|/(?:etc|usr|lib|boot|dev|proc|sys|run|var/(?:lib|log|run|www))/|~/\.|%\w+%|\$[{(]?[A-Z_]{3,}"
    r"|(?:/(?:home|Users)/|[A-Za-z]:[\\/]|~/)(?:[^/\\]+[\\/])*(?:Desktop|Documents|Downloads|Projects|repos)[\\/]?$"
    r"|[\w.]+\(\)|(?:github|gitlab|bitbucket)\.(?:com|org)/"
)

_PACKAGE = re.compile(r"(?:com|org|net|io|dev|app|edu|gov|[a-z]{2})(?:\.[a-z]\w*){2,}/?")


def is_on_one_machine(line: str) -> bool:
    """Whether the first line of a tree is a path on one machine, such as `/home/ann/shop`."""
    return _ON_ONE_MACHINE.fullmatch(parts_of(line).name) is not None


def is_another_place(name: str) -> bool:
    """Whether the first line of a tree is a place outside repositories, such as `/etc/shop/` or `s3://bucket/`.

    This includes a package such as `com.example.shop`, which is somewhere below a source directory.
    """
    return _ANOTHER_PLACE.match(name) is not None or _PACKAGE.fullmatch(name) is not None


def is_called_root(about: str) -> bool:
    """Whether the comment of the first line of a tree calls it the root of the project."""
    return _CALLED_ROOT.fullmatch(about) is not None


def generic_name(line: str) -> str:
    """The name in the first line of a tree, if it is a generic name such as `project-root/`."""
    name = parts_of(line).name
    return name if ROOTS.fullmatch(name) and name.strip("./") else ""
