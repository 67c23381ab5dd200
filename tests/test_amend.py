"""Adding ports to the text of a layout changes nothing else."""

from __future__ import annotations

import pytest
from tables import table

from structlint.errors import CannotCheck
from structlint.layout.edit import with_ports
from structlint.yaml_nodes import MapNode, parse, value

ADDED = {"web": "3000", "queue": "[5672, 15672]"}
CASES = [
    (
        "no ports yet",
        "tree:\n  a/:  # the code\n",
        "tree:\n  a/:  # the code\n\nports:\n  web: 3000\n  queue: [5672, 15672]\n",
    ),
    ("no final newline", "about: x", "about: x\n\nports:\n  web: 3000\n  queue: [5672, 15672]\n"),
    (
        "after the last port, before a comment",
        "ports:\n    api: 8000 # gate\n\n# limits\nlimits: {}\n",
        "ports:\n    api: 8000 # gate\n    web: 3000\n    queue: [5672, 15672]\n\n# limits\nlimits: {}\n",
    ),
    (
        "after a multi-line list",
        "ports:\n  api:\n  - 8000\n  - 8001\nabout: x\n",
        "ports:\n  api:\n  - 8000\n  - 8001\n  web: 3000\n  queue: [5672, 15672]\nabout: x\n",
    ),
    (
        "after an indented flow list",
        "ports:\n  api:\n      [8000,\n       8001]\nabout: x\n",
        "ports:\n  api:\n      [8000,\n       8001]\n  web: 3000\n  queue: [5672, 15672]\nabout: x\n",
    ),
    (
        "at the end of the file",
        "ports:\n  api: 8000",
        "ports:\n  api: 8000\n  web: 3000\n  queue: [5672, 15672]\n",
    ),
    (
        "flow mapping",
        "ports: {api: 8000}  # all\n",
        "ports: {api: 8000, web: 3000, queue: [5672, 15672]}  # all\n",
    ),
    (
        "multi-line flow mapping",
        "ports: {\n  api: [8000],\n}\nabout: x\n",
        "ports: {\n  api: [8000], web: 3000, queue: [5672, 15672]}\nabout: x\n",
    ),
    (
        "CRLF",
        "about: x\r\nports:\r\n  api: 8000\r\n",
        "about: x\r\nports:\r\n  api: 8000\r\n  web: 3000\r\n  queue: [5672, 15672]\r\n",
    ),
    ("empty flow mapping", "ports: {}\nabout: x\n", "ports: {web: 3000, queue: [5672, 15672]}\nabout: x\n"),
    (
        "empty, with a comment",
        "ports:   # who listens where\n\ntree:\n  a:\n",
        "ports:   # who listens where\n  web: 3000\n  queue: [5672, 15672]\n\ntree:\n  a:\n",
    ),
    (
        "empty, at the end of the file",
        "about: x\nports:",
        "about: x\nports:\n  web: 3000\n  queue: [5672, 15672]\n",
    ),
    ("null", "ports: null # none\n", "ports: {web: 3000, queue: [5672, 15672]} # none\n"),
    ("tilde", "about: x\nports: ~\n", "about: x\nports: {web: 3000, queue: [5672, 15672]}\n"),
    (
        "brace in a comment",
        "ports: {api: 8000 # }\n  }\n",
        "ports: {api: 8000 # }\n  , web: 3000, queue: [5672, 15672]}\n",
    ),
    (
        "comment after a comma",
        "ports: {api: 8000, # gate\n}\n",
        "ports: {api: 8000, # gate\n web: 3000, queue: [5672, 15672]}\n",
    ),
    (
        "`together` in a flow mapping",
        "ports: {api: 8000, .: {together: ['a}']}}\n",
        "ports: {api: 8000, .: {together: ['a}']}, web: 3000, queue: [5672, 15672]}\n",
    ),
    (
        "`together`",
        "ports:\n  .:\n    together:\n      - a\n",
        "ports:\n  .:\n    together:\n      - a\n  web: 3000\n  queue: [5672, 15672]\n",
    ),
    (
        "layout as a flow mapping",
        "{about: x, ports: {api: 1}}\n",
        "{about: x, ports: {api: 1, web: 3000, queue: [5672, 15672]}}\n",
    ),
    (
        "layout as a flow mapping, without ports",
        "{about: x}\n",
        "{about: x, ports: {web: 3000, queue: [5672, 15672]}}\n",
    ),
]


@table(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_adds_ports(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(CannotCheck, match=r"add by hand:\n  web: 3000\n  queue: \[5672, 15672\]"):
            with_ports(text.encode(), "structlint.yaml", ADDED)
        return
    assert with_ports(text.encode(), "structlint.yaml", ADDED).decode() == expected


@pytest.mark.parametrize("name", ["no", "1", "a b", "a: b", "*", "é", "[x]", "<x>", "-", "null", "#x", "'"])
def test_added_names_are_quoted_if_necessary(name: str) -> None:
    data = with_ports(b"ports: {api: 1}\n", "f", {name: "7"})
    again = with_ports(b"ports:\n  api: 1\n", "f", {name: "7"})
    for each in (data, again):
        root = parse(each, "f")
        assert isinstance(root, MapNode)
        assert value(root) == {"ports": {"api": 1, name: 7}}
