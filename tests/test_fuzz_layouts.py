"""Randomly damaged layouts are loaded or rejected, without a traceback.

A mutation changes some values of a valid layout (another type, a hostile string or number, a renamed,
repeated or removed key), or some bytes of its text. By default, the seed is fixed and the number of mutations
is small. For a long run, set STRUCTLINT_FUZZ to the number of mutations, and STRUCTLINT_FUZZ_SEED to another
seed:

    STRUCTLINT_FUZZ=100000 python -m pytest -q tests/test_fuzz_layouts.py
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from conftest import Run
from effort import CallLimitExceeded, limit_calls

from structlint.errors import CannotCheck, LayoutError
from structlint.layout.bundled import BUNDLED, data
from structlint.layout.load import load
from structlint.layout.schema import layout_schema
from structlint.layout.source import LayoutSource
from structlint.yaml_nodes import parse, value

Json: TypeAlias = Any  # JSON, and numbers that JSON does not have
Step: TypeAlias = "str | int"

NUMBER = int(os.environ.get("STRUCTLINT_FUZZ", "0"))
SEED = int(os.environ.get("STRUCTLINT_FUZZ_SEED", "1"))
LOADED, CHECKED, STRIDE = (NUMBER, NUMBER // 50, 1) if NUMBER else (150, 25, 12)
MOST_CALLS = 10_000_000  # of functions; most mutations need a few thousand

# Together, these layouts have every key of the language in all of its forms.
SMALL: tuple[Json, ...] = (
    {
        "extends": ["./other.yaml"],
        "about": "A layout",
        "evidence": {
            "go.mod": None,
            "manage.py | */manage.py": "Django",
            "*/apps.py": {"about": "Applications", "mentions": "django", "count": 2, "weight": -1},
            "pyproject.toml": [{"mentions": ["flask", "Flask"], "weight": 1}, {"count": 1}],
        },
        "structlint": "0.1",
        "names": {
            "service": "kebab-case",
            "stage": ["dev", "prod"],
            "version": "/v[0-9]+/",
            "module": {"case": "snake_case", "pattern": "[a-z_]+", "count": "1-20"},
            "zone": {"values": {"eu": "Europe", "us": None}},
            "team": {"count": 3},
            "number": {"unique": True, "consecutive": True, "case": ["camelCase", "PascalCase"]},
            "unit": {"from": "package.json#/workspaces"},
        },
        "tree": {
            ".": {"unlisted": "forbid", "about": "The root", "max-files": 20},
            "README.md": "Start here",
            "Makefile?": None,
            "old.txt": False,
            "a | b": {"about": "One of two", "level": "recommended"},
            "x.json ^ y.json?": None,
            "services/<service>/": {
                ".": {"about": "One", "needs": ["/k8s/<service>.yaml"], "min-files": 1},
                "src/?": {"<module>.py": None, "*.txt?": None},
                "Dockerfile?": {"needs": ".dockerignore"},
                ".dockerignore?": None,
            },
            "k8s/<service>.yaml": None,
            "config/": {".": "Settings", "<stage>.yaml": None, "<zone>-<version>?": None},
            "lib/": {"**/": {"__init__.py": None}},
            "teams/<team>/": None,
            "apps/?": {"<app>/?": {".": {"if": "go.mod | **/*.csproj | src/main/"}, "x": None}},
            "yarn.lock?": {"without": ["package-lock.json", "/a*"]},
            "code/?": {"<dir**>/": {"<unit>.c?": None}},
            "checks/?": {"<dir**>/?": {"test_<unit>.c": None}},
            "adr/?": {"<number>-<title>.md?": None},
            "jobs/?": {".": {"if": False, "holds": False}},
            "src/ | app/?": {".": {"holds": "**/domain/ | main.*"}},
            "*/?": None,
        },
    },
    {
        "tree": {
            "d/": {
                ".": {"max-directories": 3, "min-directories": 0, "unlisted": "allow"},
                "<a:PascalCase>": None,
            }
        },
        "belongs": {"*.tf": "infra/", "*.ipynb": ["notebooks/", "d/"], "!x.tf": None, "jest.config.js": "/"},
        "forbid": {"*.orig": "left over", "**/tmp/": None, "a[0-9]?.log": "log"},
        "local": [".env", "!x", "/cache/"],
        "exclude": ["vendor/", "**/gen/**"],
        "references": ["tsconfig.json#/references", "pyproject.toml#/a/b"],
        "limits": {"root-files": 20, "files": 100, "depth": 8, "path-length": 200},
        "ports": {
            ".": {"together": ["deploy/", "!x/"]},
            "web": 8000,
            "<a>": "8001-8099",
            "db": [5432, "53/udp"],
        },
        "imports": {
            "layers": [["d/api/", "d/cli/ | cli/"], "d/core/", "d/one.py"],
            "apart": {"d/*/": {"through": "d/*/contracts/", "why": "alone"}, "apps/*/": None},
            "never": {"**/domain/": {"sqlalchemy": "no database", "d/api/": None}},
            "types": "allowed",
            "roots": ["libs/*/python/"],
        },
        "severity": {
            "orphan": "off",
            "stray-file": "warning",
            "missing-file": "error",
            "bad-name": {"*": "warning", "/d/": "error", "x/": "off"},
        },
        "ignore": [
            {
                "rule": "orphan",
                "path": "legacy/",
                "why": "moves out",
                "until": "2099-01-31",
                "mentioned-in": ["Makefile"],
            }
        ],
    },
)
TEXTS = [data("layouts", f"{name}.yaml").decode() for name in BUNDLED]
TEXTS += [(Path(__file__).parent.parent / "structlint.yaml").read_text(encoding="utf-8")]
SEEDS: list[Json] = [*SMALL, *(value(parse(text.encode(), "f")) for text in TEXTS)]
TEXTS += [json.dumps(each, indent=1) for each in SMALL]

HOSTILE: list[Json] = [
    *(None, True, False, 0, -1, 1, 3.0, 3.5, 1e300, -1e300, 10**99, 10**300, float("inf"), float("nan")),
    *([], {}, [[]], [None], [{}], {"": None}, {"a": {}}, {".": {}}, [1, "1", True]),
    *({"a/": {"b/": {"c": False}}},),
    *("", " ", "a", "a ", ".", "..", "/", "//", "a/", "/a", "../a", "./a", "a//b", "a/./b", "~", "-"),
    *("*", "**",),
    *("**/", "*/", "?", "a?", "a?/", "a/?", "\\", "\\a", "a\\", "a | b", "a ^ b", "a | b ^ c", "a/ | b"),
    *("|", "^",),
    *("<a>", "<a>/", "<service>", "<a", "<>", "<a:b>", "<a:kebab-case>", "<a><b>", "<a>-<a>"),
    *("<a>.<b>.<c>.<d>",),
    *("!", "!a", "#", "[", "[]", "[z-a]", "[[:alpha:]]", "{a,b}", "a**b", "*a*a*a*a*a*b", "**/a/**/a/**"),
    *("\\/",),
    *("/(/", "/[/", "/(a+)+/", "/(?i)a/", "/a{9999}/", "/(a{99}){99}/", "/\\1/", "/(?=a)/", "//", "/./"),
    *("/^$|a$/",),
    *("a\nb", "a\n", "\n::error::x", "##[error]x", "\t", "a\tb", "\u202e", "\u200b", "é", "e\u0301"),
    *("\u0130", "ß",),
    *("0", "1", "01", "0x1", "1e3", "1-2", "2-1", "1-", "-1", "80/tcp", "99999", "2027-02-30"),
    *("2027-01-31\n",),
    *("kebab-case", "base", "./other.yaml", "./structlint.yaml", "../x.yaml", "http://x/y.yaml"),
    *("package:a/b", "x.md",),
    *("required", "forbid", "off", "true", "null", "no", "99", "0.1\n", "orphan", "con", ".git", ".git/"),
    *("\ufffd",),
    *("x" * 300, "x" * 5000, "a/" * 70, "a/" * 505, "9" * 5000, "(" * 200, "/" + "(" * 5000 + "/", "<" * 300),
]  # fmt: skip
FRAGMENTS = [
    *("\n", "\r", "\t", "\0", "\x85", "\u2028", "\ufeff", ": ", "- ", "? ", " #", "[", "]", "{", "}"),
    *(",", "&a ", "*a",),
    *("!", "!!str ", "%", "@", "`", "|", ">", "'", '"', "\\", "<<: *a", "---\n", "...\n", "<<<<<<< x\n"),
    *("  ", "~", "é",),
    *("[" * 200, "{a: " * 100, "a/" * 200, "\\ud800", "\\x00", "<a>", "*", "?", "null", "true"),
    *("1" * 200, "x" * 1100,),
]  # fmt: skip


def places(tree: Json, above: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The path of every value in a layout, starting with the layout itself."""
    yield above
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, inside in items:
        yield from places(inside, (*above, step))


def at(tree: Json, path: tuple[Step, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def nested(content: Json, deep: int) -> Json:
    for level in range(deep):
        content = [content] if level % 2 else {"a/": content}
    return content


def changed(dice: random.Random, seed: Json) -> Json:
    """A layout with one changed value."""
    tree: Json = json.loads(json.dumps(seed))
    path = dice.choice(list(places(tree)))
    hostile = dice.choice(HOSTILE)
    if not path:
        return hostile
    parent, last = at(tree, path[:-1]), path[-1]
    kind = dice.choice(["value", "value", "value", "key", "drop", "add", "swap", "deep"])
    if kind == "key" and isinstance(parent, dict):
        name = str(
            dice.choice(
                [hostile, hostile, f"{hostile}/", f"<{hostile}>", f"{last}/", str(last)[1:], f"{last}x"]
            )
        )
        items = [(name if key == last else key, inside) for key, inside in parent.items()]
        parent.clear()
        parent.update(items)
    elif kind == "drop":
        del parent[last]
    elif kind == "add" and isinstance(parent, dict):
        parent[str(hostile)] = dice.choice(HOSTILE)
    elif kind == "add":
        parent += [hostile, parent[0]]
    elif kind == "swap":
        other = at(tree, dice.choice(list(places(tree))))
        parent[last] = json.loads(json.dumps(other))
    elif kind == "deep":
        parent[last] = nested(parent[last], dice.choice([2, 30, 70, 200]))
    else:
        parent[last] = hostile
    return tree


def to_yaml(dice: random.Random, tree: Json) -> bytes:
    """A layout as YAML: JSON, plus numbers and duplicate keys that only YAML allows."""
    text = json.dumps(tree, indent=1, ensure_ascii=dice.random() < 0.5)
    text = text.replace("-Infinity", "-.inf").replace("Infinity", ".inf").replace("NaN", ".nan")
    if dice.random() < 0.05:
        lines = text.splitlines()
        line = dice.randrange(len(lines))
        text = "\n".join([*lines[: line + 1], *lines[line:]])
    return text.encode("utf-8", "surrogatepass")


def damage_text(dice: random.Random, text: str) -> bytes:
    """A layout with some changed bytes."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randint(0, len(text))
        end = start + dice.choice([0, 0, 1, 2, 5, 20, 200])
        text = text[:start] + dice.choice([*FRAGMENTS, ""]) + text[end:]
    data = bytearray(text.encode())
    for _ in range(dice.choice([0, 0, 1, 3])):
        data[dice.randrange(len(data)) : dice.randrange(len(data))] = dice.randbytes(dice.randint(0, 3))
        data = data or bytearray(b" ")
    return bytes(data)


def random_mutation(dice: random.Random) -> bytes:
    # Prefer the small layouts: together they have more keys than all others, and they load faster.
    seeds, texts = (SEEDS, TEXTS) if dice.random() < 0.2 else (SMALL, TEXTS[-len(SMALL) :])
    if dice.random() < 0.35:
        return damage_text(dice, dice.choice(texts))
    tree = dice.choice(seeds)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        tree = changed(dice, tree) if isinstance(tree, dict | list) else tree
    return to_yaml(dice, tree)


def mutations(count: int, offset: int) -> Iterator[tuple[int, bytes]]:
    """Numbered mutations, which can be reproduced by their number."""
    for number in range(count):
        yield number, random_mutation(random.Random(f"{SEED}-{offset}-{number}"))


class Failure(NamedTuple):
    """A mutation with an unexpected result."""

    number: int
    layout: bytes
    problem: str


_LINE = re.compile(r"""(?:[\w./-]+|"[^"]*"):([1-9][0-9]*):([1-9][0-9]*): \S.*""")


def problem_in(message: str, layout: bytes) -> str:
    """The problem with the message for a layout, or ""."""
    lines = (
        layout.count(b"\n") + layout.count(b"\r") + layout.count(b"\xc2\x85") + layout.count(b"\xe2\x80") + 1
    )
    for line in message.splitlines():
        found = _LINE.fullmatch(line)
        if not found:
            return f"no location: {line[:300]}"
        if line.startswith("structlint.yaml:") and int(found[1]) > lines:
            return f"unknown line: {line[:300]}"
        if len(line) > 2_000:
            return f"floods: {line[:300]}"
    return ""


def problem_on_load(layout: bytes) -> str:
    """The problem that occurs when a layout is loaded, or ""."""
    files = {"structlint.yaml": layout, "other.yaml": b"about: Other\nforbid: {'*.o': built}"}

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    try:
        load(LayoutSource(read), "structlint.yaml")
    except LayoutError as error:
        return problem_in(str(error), layout)
    except CannotCheck as error:
        return f"no location: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def failures(count: int, offset: int, judge: Callable[[bytes], str]) -> list[Failure]:
    found = []
    for number, layout in mutations(count, offset):
        try:
            with limit_calls(MOST_CALLS):
                problem = judge(layout)
        except CallLimitExceeded as error:
            problem = str(error)
        if problem:
            found.append(Failure(number, layout, problem))
    return found


def test_seeds_have_every_key_of_the_schema() -> None:
    schema = layout_schema()
    text = " ".join(json.dumps(each) for each in SMALL)
    known = [*schema["properties"], *schema["definitions"]["itself"]["properties"]]
    known += [*schema["definitions"]["naming"]["properties"], *schema["properties"]["limits"]["properties"]]
    known += schema["properties"]["ignore"]["items"]["properties"]
    known += schema["definitions"]["evidence"]["properties"]
    known += schema["properties"]["ports"]["properties"]["."]["properties"]
    known += schema["properties"]["imports"]["properties"]
    assert [key for key in known if f'"{key}":' not in text] == []


@pytest.mark.parametrize("text", TEXTS)
def test_seeds_are_valid(text: str) -> None:
    assert problem_on_load(text.encode()) == ""
    assert parse(text.encode(), "f")


def test_021_damaged_layout_is_loaded_or_rejected() -> None:
    assert failures(LOADED, 0, problem_on_load) == []


@pytest.mark.parametrize(("number", "hostile"), list(enumerate(HOSTILE[:24])))
def test_021_each_type_at_each_path(number: int, hostile: Json) -> None:
    """A short run tests each type at different paths; a long run tests all combinations."""
    for seed in SMALL:
        for path in list(places(seed))[1 + number % STRIDE :: STRIDE]:
            tree: Json = json.loads(json.dumps(seed))
            at(tree, path[:-1])[path[-1]] = hostile
            layout = to_yaml(random.Random(1), tree)
            assert problem_on_load(layout) == "", layout


def test_021_check_with_damaged_layout(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "README.md",
        "services/auth/src/main.py",
        "services/Billing/a.txt",
        "k8s/auth.yaml",
        "config/dev.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "other.yaml").write_text("about: Other")

    def problem_on_check(layout: bytes) -> str:
        (tmp_path / "structlint.yaml").write_bytes(layout)
        result = run("check", ".")
        if result.status not in (0, 1, 2):
            return result.err
        if result.status == 2:
            err = re.sub(r"\nand [0-9,]+ more\n\Z", "\n", result.err)
            return problem_in(err, layout) if not result.out and err else "no word"
        return "" if result.out else "no word"

    assert failures(CHECKED, 1, problem_on_check) == []
