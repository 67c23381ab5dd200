"""Reading compose files: rows 82 to 88 of the catalogue of bad inputs."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from conftest import Git, Make, Run

FUZZ = int(os.environ.get("STRUCTLINT_FUZZ", "60"))  # set STRUCTLINT_FUZZ=100000 for a long run
TWO_SERVICES = "services:\n  a:\n    ports: [{}]\n  b:\n    ports: [{}]\n"
CONFLICT = (
    "compose.yaml:5: error: `b` and `a` (compose.yaml:3) both publish port {0} [port-conflict] -- "
    "use another port for one of them\n"
)
NO_NUMBER = "a port is a number, such as 8000, or a range, such as 8001-8099"
OUT_OF_RANGE = "a port is a number from 1 to 65535"


class Read(NamedTuple):
    """The ports that `ports` lists, as `service number`, and its notes."""

    ports: list[str]
    notes: list[str]


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository whose layout matches its files."""
    git = repository({"structlint.yaml": "tree: {'*.yaml': , '*?': }\nports: {z: 9999}\n"})
    monkeypatch.chdir(git.path)
    return git


ReadPorts = Callable[..., Read]


@pytest.fixture
def read_ports(shop: Git, run: Run) -> ReadPorts:
    """Runs `structlint ports` on a compose file."""

    def read(text: str | bytes, **others: str) -> Read:
        data = text.encode() if isinstance(text, str) else text
        (shop.path / "compose.yaml").write_bytes(data)
        for name, content in others.items():
            (shop.path / name.replace("_", ".")).write_text(content)
        result = run("ports", "--output-format", "json")
        assert result.status == 0
        ports = [each for each in json.loads(result.out)["ports"] if each["state"] != "unused"]
        return Read(
            [f"{each['service']} {format_numbers(each)}" for each in ports],
            [line.removeprefix("note: ") for line in result.err.splitlines() if line.startswith("note: ")],
        )

    return read


def format_numbers(port: dict[str, Any]) -> str:
    first, last = port["first"], port["last"]
    shown = str(first) if first == last else f"{first}-{last}"
    return (
        f"{port['address']}:{shown}/{port['protocol']}" if port["address"] else f"{shown}/{port['protocol']}"
    )


# --- 82: addresses and protocols


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ('"80:80"', '"80:80"', 80),
        ('"127.0.0.1:80:80"', '"127.0.0.2:80:80"', None),
        ('"127.0.0.1:80:80"', '"127.0.0.1:80:8080"', 80),
        ('"0.0.0.0:80:80"', '"127.0.0.1:80:80"', 80),
        ('"80:80"', '"127.0.0.1:80:80"', 80),
        ('"[::1]:80:80"', '"127.0.0.1:80:80"', None),
        ('"[::1]:80:80"', '"[::1]:80:80"', 80),
        ('"[::]:80:80"', '"[::1]:80:80"', 80),
        ('"[::]:80:80"', '"80:80"', 80),
        ('"127.0.0.1::80"', '"127.0.0.1::80"', None),  # any free port
        ('"80:80/udp"', '"80:80/tcp"', None),
        ('"80:80/udp"', '"80:80/UDP"', "80/udp"),
        ("22:22", '"22:22"', 22),  # a base 60 number in YAML 1.1
        ('"3000-3005:3000-3005"', '"3005:80"', 3005),
        ('"3000-3005:3000-3005"', '"3006:80"', None),
        ('{target: 80, published: "80"}', '"127.0.0.1:80:80"', 80),
        ("{target: 80, published: 80, host_ip: 127.0.0.1}", '"127.0.0.2:80:80"', None),
    ],
)
def test_082_port_conflicts(shop: Git, run: Run, one: str, other: str, number: int | str | None) -> None:
    (shop.path / "compose.yaml").write_text(TWO_SERVICES.format(one, other))
    result = run("check", "-q", "--select", "port-conflict", "--output-format", "concise")
    assert result == ((0, "", "") if number is None else (1, CONFLICT.format(number), ""))


# --- 83 to 85: numbers, variables and the long syntax


@pytest.mark.parametrize(
    ("item", "ports", "note"),
    [
        ('"3000-3005:3000-3005"', ["a 3000-3005/tcp"], None),
        ('"1-65535:1-65535"', ["a 1-65535/tcp"], None),
        ('"3005-3000:80"', [], "`3005-3000:80` is not a port: the range ends before it begins"),
        ('"1-3:1-2"', [], "`1-3:1-2` is not a port: the two ranges are not of the same length"),
        ('"0-99999999999:1"', [], f"`0-99999999999:1` is not a port: {OUT_OF_RANGE}"),
        ('"1-99999999999:1"', [], f"`1-99999999999:1` is not a port: {OUT_OF_RANGE}"),
        (f'"{"9" * 5000}:80"', [], OUT_OF_RANGE),
        ("70000:80", [], f"`70000:80` is not a port: {OUT_OF_RANGE}"),
        ('"-1:80"', [], f"`-1:80` is not a port: {NO_NUMBER}"),
        ("-1", [], f"`-1` is not a port: {NO_NUMBER}"),
    ],
)
def test_083_port_ranges(read_ports: ReadPorts, item: str, ports: list[str], note: str | None) -> None:
    found = read_ports(TWO_SERVICES.format(item, '"99:99"'))
    assert sorted(found.ports) == sorted([*ports, "b 99/tcp"])
    assert [each.startswith("compose.yaml:3: ") for each in found.notes] == [True] * (note is not None)
    assert all(each.endswith(note or "") and len(each) < 300 for each in found.notes)


@pytest.mark.parametrize(
    ("item", "ports", "unknown"),
    [
        ("${PORT:-8080}:80", ["a 8080/tcp"], None),
        ("${PORT-8080}:80", ["a 8080/tcp"], None),
        ("${PORT:-${OTHER:-8081}}:80", ["a 8081/tcp"], None),
        ("${FROM_FILE}:80", ["a 7000/tcp"], None),
        ("$FROM_FILE:80", ["a 7000/tcp"], None),
        ("${FROM_FILE:+7001}:80", ["a 7001/tcp"], None),
        ("$PORT:80", [], "PORT"),
        ("${A?err}:80", [], "A"),
        ("${A:?err}:80", [], "A"),
        ("${FROM_SHELL}:80", [], "FROM_SHELL"),
    ],
)
def test_084_variables_in_ports(
    read_ports: ReadPorts, monkeypatch: pytest.MonkeyPatch, item: str, ports: list[str], unknown: str | None
) -> None:
    """Defaults and the `.env` file count; the environment, which differs between machines, does not."""
    monkeypatch.setenv("FROM_SHELL", "9000")
    monkeypatch.setenv("FROM_FILE", "9000")
    message = f"compose.yaml:3: `{unknown}` has no value here; settings that use it are not checked"
    found = read_ports(f"services:\n  a:\n    ports: ['{item}']\n", _env="FROM_FILE=7000\n")
    assert found == (ports, [message] if unknown else [])


@pytest.mark.parametrize(
    ("item", "ports", "note"),
    [
        ('{target: 80, published: "8080"}', ["a 8080/tcp"], None),
        ("{target: 80, published: 8080}", ["a 8080/tcp"], None),
        ('{target: 80-82, published: "8080-8082"}', ["a 8080-8082/tcp"], None),
        ("{target: 80, published: 8080, mode: host}", ["a 8080/tcp"], None),
        ("{target: 80, published: 8080, mode: [x]}", ["a 8080/tcp"], None),
        ("{target: 80}", [], None),
        ("{published: 8080}", [], "this is not a port: it has no `target`, the port of the container"),
        ("{}", [], "this is not a port: it has no `target`, the port of the container"),
        (
            "{target: [80], published: 8080}",
            [],
            "this is not a port: its `target` is one value, not a list or a mapping",
        ),
        (
            "{target: 80, published: {a: 1}}",
            [],
            "this is not a port: its `published` is one value, not a list or a mapping",
        ),
        ("{target: 80, published: x}", [], f"`published: x` is not a port: {NO_NUMBER}"),
        (
            "{target: 80, published: 8080, protocol: icmp}",
            [],
            "`protocol: icmp` is not a protocol: a protocol is one of tcp, udp, sctp",
        ),
        (
            "{target: 80, published: 8080, host_ip: here}",
            [],
            "`host_ip: here` is not an address: an address is written like 127.0.0.1 or [::1]",
        ),
    ],
)
def test_085_long_syntax(read_ports: ReadPorts, item: str, ports: list[str], note: str | None) -> None:
    found = read_ports(f"services:\n  a:\n    ports: [{item}]\n")
    assert found == (ports, [f"compose.yaml:3: {note}"] if note else [])


# --- 86: unusual but valid files

VALID = {
    "reset": ("services: {a: {ports: !reset ['80:80']}}", []),
    "unknown tags": (
        "x-y: !mine {a: !!python/name:os.system 1}\nservices: {a: {ports: ['80:80']}}",
        ["a 80/tcp"],
    ),
    "merge keys": (
        "x-p: &p {ports: ['80:80']}\nservices: {a: {<<: *p}, b: {<<: [*p]}}",
        ["a 80/tcp", "b 80/tcp"],
    ),
    "extensions": (
        "x-a: {ports: ['1:1']}\nservices: {a: {x-ports: ['2:2'], ports: ['80:80']}}",
        ["a 80/tcp"],
    ),
    "extends": ("services: {a: {ports: ['80:80']}, b: {extends: a}}", ["a 80/tcp", "b 80/tcp"]),
    "profiles": ("services: {a: {profiles: [x], ports: ['80:80']}}", ["a 80/tcp"]),
    "booleans of YAML 1.1": (
        "services: {on: {ports: ['80:80']}, no: {ports: ['81:81']}}",
        ["on 80/tcp", "no 81/tcp"],
    ),
    "version": ("version: 3.10\nservices: {a: {ports: ['80:80']}}", ["a 80/tcp"]),
}


@pytest.mark.parametrize("name", VALID)
def test_086_valid_files(read_ports: ReadPorts, name: str) -> None:
    text, ports = VALID[name]
    assert read_ports(text) == (ports, [])


def test_086_files_are_merged(read_ports: ReadPorts) -> None:
    ports = "".join(
        f"  {name}: {{ports: ['{port}:{port}']}}\n" for name, port in (("a", 80), ("b", 81), ("c", 82))
    )
    text = f"include: [other.yaml]\nservices:\n{ports}"
    override = (
        "services:\n  a: {ports: ['90:90']}\n  b: {ports: !override ['91:91']}\n  c: {ports: !reset null}\n"
    )
    found = read_ports(text, compose_override_yaml=override, other_yaml="services: {d: {ports: ['83:83']}}")
    assert found == (["a 80/tcp", "d 83/tcp", "a 90/tcp", "b 91/tcp"], [])


# --- 87 and 88: invalid files

BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{above}'] * 9)}]\n"
    for above, name in zip("abcdefgh", "bcdefghi", strict=True)
)
INVALID = {
    "truncated": (b"services: {a: {ports: ['80", "compose.yaml:1: "),
    "tab": (b"services:\n\ta: 1\n", "compose.yaml:2: tab in indentation; use spaces"),
    "binary": (b"\x7fELF\x00\xff\xfe", "compose.yaml:1: "),
    "merge conflict": (b"<<<<<<< HEAD\na: 1\n=======\nb: 1\n>>>>>>> x\n", "compose.yaml:1: "),
    "duplicate key": (b"services: {}\nservices: {}\n", "compose.yaml:2: duplicate key `services`"),
    "template": (
        b"services:\n  {{- range .Values }}\n  a: {{ . }}\n",
        "compose.yaml:2: a text that begins with `{` needs quotes",
    ),
}
# Files that compose may read, but structlint does not.
UNSUPPORTED = {
    "UTF-16": ("services: {}".encode("utf-16"), "this is UTF-16; save it as UTF-8 (line 1)"),
    "large": (b"#" * (2 << 20), "larger than 1 MiB (line 1)"),
    "alias bomb": (BOMB.encode(), "the aliases expand to more than 10,000 values (line 5)"),
    "deeply nested": (b"[" * 100_000, "nested deeper than 64 levels (line 1)"),
    "deeply nested, with braces of a template": (
        b"# {{\n" + b"[" * 70,
        "nested deeper than 64 levels (line 2)",
    ),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_087_unsupported_file_is_an_error(shop: Git, run: Run, name: str) -> None:
    """Otherwise a change could use a limit of structlint to hide a conflict."""
    data, reason = UNSUPPORTED[name]
    (shop.path / "compose.yaml").write_bytes(data)
    result = run("check")
    assert result.status == 2
    assert f"structlint: cannot read compose.yaml: {reason}\n" in result.err
    assert run("check", "--ignore", "*-port,port-*,listen-*").status == 0


@pytest.mark.parametrize("name", INVALID)
def test_087_invalid_file_is_a_note(shop: Git, run: Run, name: str) -> None:
    data, note = INVALID[name]
    (shop.path / "compose.yaml").write_bytes(data)
    (shop.path / "d").mkdir()
    (shop.path / "d/compose.yaml").write_text(TWO_SERVICES.format('"80:80"', '"80:80"'))
    (shop.path / "structlint.yaml").write_text("tree: {'*.yaml': , 'd/': {README.md: }}\n")
    result = run("check", "--output-format", "concise")
    assert result.status == 1
    assert result.out.splitlines()[0].startswith("d/README.md: error: missing file")
    assert result.out.splitlines()[1].startswith(
        "d/compose.yaml:5: error: `b` and `a` (d/compose.yaml:3) both publish port 80"
    )
    notes = [line.removeprefix("note: ") for line in result.err.splitlines() if line.startswith("note: ")]
    assert [each.startswith(note or "") for each in notes] == [True] * (note is not None)
    assert all(each.endswith("; its ports are not read") for each in notes)


def test_087_file_of_100_megabytes(shop: Git, run: Run) -> None:
    with (shop.path / "compose.yaml").open("wb") as file:
        file.truncate(100 << 20)
    result = run("check", "--output-format", "concise")
    assert result.status == 0
    assert "note: compose.yaml:1: compose.yaml is larger than 64 MiB; its ports are not read\n" in result.err


@pytest.mark.parametrize(
    "item", ["[80]", "null", "80.5", "true", ".nan", "0x50", "1e3", "2026-11-20", '""', '" "', '"\\0"']
)
def test_088_invalid_port_is_reported_with_line(read_ports: ReadPorts, item: str) -> None:
    found = read_ports(f"services:\n  a:\n    ports:\n      - '80:80'\n      - {item}\n")
    assert found.ports == ["a 80/tcp"]
    (note,) = found.notes
    assert note.startswith("compose.yaml:5: ")
    assert note.endswith(f" is not a port: {NO_NUMBER}")


@pytest.mark.parametrize(
    ("ports", "note"),
    [
        ("{80: 80}", "`ports` must be a list; write `- ` before each item"),
        ("'80:80'", "`ports` must be a list; write `- ` before each item"),
        ("80", "`ports` must be a list; write `- ` before each item"),
        ("null", None),
        ("[]", None),
    ],
)
def test_088_ports_is_not_a_list(read_ports: ReadPorts, ports: str, note: str | None) -> None:
    found = read_ports(f"services:\n  a:\n    ports: {ports}\n")
    assert found == ([], [f"compose.yaml:3: {note}"] if note else [])


FRAGMENTS = [
    "services:",
    "ports:",
    "include:",
    "extends:",
    "profiles:",
    "file:",
    "target:",
    "published:",
    "-",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"80:80"',
    "80",
    "80.5",
    "null",
    "true",
    "${X}",
    "${X:-80}",
    "$",
    "!reset",
    "!override",
    "!!binary",
    "&a",
    "*a",
    "<<:",
    "x-",
    "{{",
    "}}",
    "---",
    "...",
    "|",
    ">",
    "'",
    '"',
    "#",
    "22:22",
    "network_mode:",
    "host",
]


def test_088_random_files_never_cause_a_traceback(shop: Git, run: Run) -> None:
    """Each note names the file."""
    words = random.Random(88)
    for _ in range(FUZZ):
        text = TWO_SERVICES.format('"80:80"', "{target: 80, published: 81}")
        for _ in range(words.randint(1, 6)):
            at = words.randint(0, len(text))
            fragment = words.choice(FRAGMENTS) + words.choice(["", " ", "\n", "\n    "])
            text = text[:at] + fragment + text[at + words.randint(0, 3) :]
        (shop.path / "compose.yaml").write_text(text)
        result = run("check", "-q", "--output-format", "json", "--select", "port-*,unknown-port")
        assert result.status in (0, 1), text
        notes = json.loads(result.out)["notes"]
        assert all(note.startswith("compose.yaml:") for note in notes), text
