"""Ports in compose files: formats, merging, and conflicts, as compose reads the files."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.errors import TreeError
from structlint.ports.conflicts import conflicts
from structlint.ports.model import Port, PortScan
from structlint.ports.scan import published_ports

Files = Mapping[str, str | bytes]
VANISHED = b"\0gone"
NOT_A_FILE = b"\0no file"


def scan_ports(files: Files) -> PortScan:
    """The result of scanning files; `VANISHED` does not exist, `NOT_A_FILE` is a socket or similar."""

    def read(path: str) -> bytes:
        content = files[path]
        if content == VANISHED:
            raise FileNotFoundError(path)
        if content == NOT_A_FILE:
            raise TreeError(f"{path} is not a regular file")
        return content if isinstance(content, bytes) else dedent(content).encode()

    return published_ports(files, read)


def format_port(port: Port) -> str:
    """A port in short form: `web 127.0.0.1:8001/tcp compose.yml:5 [dev,test] from web/`."""
    address = f"[{port.address}]:" if ":" in port.address else f"{port.address}:" if port.address else ""
    first, last, protocol = port.numbers
    numbers = str(first) if first == last else f"{first}-{last}"
    kind = {"compose": "", "expose": "exposes "}[port.kind] + ("any of " if port.any_one else "")
    profiles = f" [{','.join(sorted(port.profiles))}]" if port.profiles else ""
    directory = f" from {port.directory}" if port.directory else ""
    return f"{port.service} {kind}{address}{numbers}/{protocol} {port.place}{profiles}{directory}"


def ports_in(files: Files) -> list[str]:
    """The ports of all projects, without duplicates."""
    return list(dict.fromkeys(format_port(port) for port in scan_ports(files).ports))


def notes_on(files: Files) -> list[str]:
    result = scan_ports(files)
    return [f"{each.file}:{each.line}: {each.message}" for each in [*result.problems, *result.unresolved]]


def collisions(files: Files) -> list[str]:
    """The conflicts: `compose.yaml:4 b - compose.yaml:3 a`, with a `?` if they are only possible."""
    return [
        f"{hit.port.place} {hit.port.service} - {hit.other.place} {hit.other.service}"
        + ("" if hit.certain else " ?")
        for hit in conflicts(scan_ports(files).on_hosts)
    ]


def single_port(item: str) -> Files:
    return {"compose.yml": f"services:\n  web:\n    image: web\n    ports:\n      - {item}\n"}


FORMS = [
    ("3000", []),  # any free port of the host
    ('"3000"', []),
    ("3000-3005", []),
    ('"3000/udp"', []),
    ('":80"', []),
    ('"0:80"', []),
    ('"127.0.0.1::80"', []),
    ("8000:8000", ["8000/tcp"]),
    ('"8000:8000"', ["8000/tcp"]),
    ("'8000:8000'", ["8000/tcp"]),
    ("22:22", ["22/tcp"]),  # a base-60 number in YAML 1.1
    ("49100:22", ["49100/tcp"]),
    ('"49100:22"', ["49100/tcp"]),
    ('"9090-9091:8080-8081"', ["9090-9091/tcp"]),
    ('"8000-9000:80"', ["any of 8000-9000/tcp"]),
    ('"80-80:8080"', ["80/tcp"]),
    ('"80:8080-8080"', ["80/tcp"]),
    ('"080:80"', ["80/tcp"]),
    ('"127.0.0.1:8001:8001"', ["127.0.0.1:8001/tcp"]),
    ('"127.0.0.1:5000-5010:5000-5010"', ["127.0.0.1:5000-5010/tcp"]),
    ('"127.0.0.1:5000-5010:80"', ["any of 127.0.0.1:5000-5010/tcp"]),
    ('"::1:6000:6000"', ["[::1]:6000/tcp"]),
    ('"[::1]:6001:6001"', ["[::1]:6001/tcp"]),
    ('"[::]:80:80"', ["[::]:80/tcp"]),
    ('"0.0.0.0:80:80"', ["0.0.0.0:80/tcp"]),
    ('"6060:6060/udp"', ["6060/udp"]),
    ('"6060:6060/UDP"', ["6060/udp"]),
    ('"6060:6060/tcp"', ["6060/tcp"]),
    ('"6060:6060/sctp"', ["6060/sctp"]),
    ('"6060:6060/"', ["6060/tcp"]),
    ('"127.0.0.1:53:53/udp"', ["127.0.0.1:53/udp"]),
    ("!!str 8080:80", ["8080/tcp"]),
    ("{target: 80}", []),
    ("{target: 80, published: ~}", []),
    ('{target: 80, published: ""}', []),
    ("{target: 80, published: 0}", []),
    ("{target: 80, published: 8080}", ["8080/tcp"]),
    ('{target: "80", published: "8080"}', ["8080/tcp"]),
    ('{target: 80, published: "8080-8089"}', ["any of 8080-8089/tcp"]),
    ("{target: 80, published: 8080, protocol: udp}", ["8080/udp"]),
    ("{target: 80, published: 8080, host_ip: 127.0.0.1}", ["127.0.0.1:8080/tcp"]),
    ('{target: 80, published: 8080, host_ip: "::1"}', ["[::1]:8080/tcp"]),
    ("{target: 80, published: 8080, mode: host}", ["8080/tcp"]),
    ("{target: 80, published: 8080, mode: ingress}", ["8080/tcp"]),
    ("{name: x, target: 80, published: 8080, app_protocol: http, x-more: 1}", ["8080/tcp"]),
    ('!reset "80:80"', []),
    ("{target: 80, published: !reset 80}", []),
]


@table(("item", "ports"), FORMS, ids=[case[0] for case in FORMS])
def test_forms(item: str, ports: list[str]) -> None:
    files = single_port(item)
    expected = [f"web {'any of ' * port.startswith('any')}{port.removeprefix('any of ')}" for port in ports]
    assert ports_in(files) == [f"{port} compose.yml:5" for port in expected]
    assert notes_on(files) == []


INVALID_NUMBER = "a port is a number, such as 8000, or a range, such as 8001-8099"
OUT_OF_RANGE = "a port is a number from 1 to 65535"
INVALID_ADDRESS = "an address is written like 127.0.0.1 or [::1]"
INVALID_PORTS: list[tuple[str, str]] = [
    ("99999:80", f"`99999:80` is not a port: {OUT_OF_RANGE}"),
    ("80:70000", f"`80:70000` is not a port: {OUT_OF_RANGE}"),
    ('"80:0"', f"`80:0` is not a port: {OUT_OF_RANGE}"),
    ('"1-99999999999:1"', f"`1-99999999999:1` is not a port: {OUT_OF_RANGE}"),
    ('"0-5:0-5"', f"`0-5:0-5` is not a port: {OUT_OF_RANGE}"),
    ('"80:-1"', f"`80:-1` is not a port: {INVALID_NUMBER}"),
    ('"80:"', f"`80:` is not a port: {INVALID_NUMBER}"),
    ("a:b", f"`a:b` is not a port: {INVALID_NUMBER}"),
    ("http", f"`http` is not a port: {INVALID_NUMBER}"),
    ('""', f'`""` is not a port: {INVALID_NUMBER}'),
    ("80.5", f"`80.5` is not a port: {INVALID_NUMBER}"),
    ("true", f"`true` is not a port: {INVALID_NUMBER}"),
    ("[80]", f"this is not a port: {INVALID_NUMBER}"),
    ('"80-90-91:80"', f"`80-90-91:80` is not a port: {INVALID_NUMBER}"),
    ('"٨٠:80"', f"`٨٠:80` is not a port: {INVALID_NUMBER}"),
    ('"9-1:80"', "`9-1:80` is not a port: the range ends before it begins"),
    ('"1-3:1-2"', "`1-3:1-2` is not a port: the two ranges are not of the same length"),
    ('"80:80-81"', "`80:80-81` is not a port: the two ranges are not of the same length"),
    ('"80:80/icmp"', "`80:80/icmp` is not a port: a protocol is one of tcp, udp, sctp"),
    ('"localhost:80:80"', f"`localhost:80:80` is not a port: {INVALID_ADDRESS}"),
    ('"1.2.3:80:80"', f"`1.2.3:80:80` is not a port: {INVALID_ADDRESS}"),
    ("{published: 80}", "this is not a port: it has no `target`, the port of the container"),
    ("{target: 80, published: 99999}", f"`published: 99999` is not a port: {OUT_OF_RANGE}"),
    ("{target: 80, published: 80.5}", f"`published: 80.5` is not a port: {INVALID_NUMBER}"),
    ("{target: 80, published: 80, host_ip: here}", f"`host_ip: here` is not an address: {INVALID_ADDRESS}"),
    ('"$$80:80"', f"`$$80:80` is not a port: {INVALID_NUMBER}"),
    ('"$${X}:80"', f"`$${{X}}:80` is not a port: {INVALID_NUMBER}"),
    ('"${:80"', "${:80: a $ is followed by a variable; for the character itself write $$"),
    ('"${X:80"', "${X:80: a ${ is not closed"),
    ('"${X!}:80"', "${X!}:80: a name in ${} is followed by one of :- - :? ? :+ +, or by nothing"),
]


@table(("item", "note"), INVALID_PORTS, ids=[case[0] for case in INVALID_PORTS])
def test_invalid_port_is_reported(item: str, note: str) -> None:
    assert notes_on(single_port(item)) == [f"compose.yml:5: {note}"]
    assert ports_in(single_port(item)) == []


ENV = """\
# ports
WEB=8080
export API="9000"   # quoted
  SPACED = 8090 # and a comment
EMPTY=
AFTER=${WEB}
QUOTED="${WEB}"
LITERAL='$WEB'
BEFORE=$LATER
LATER=8091
DEFAULT=${NOT_SET:-8092}
AGAIN=1
AGAIN=8093
MANY="8094
lines"
LAST=8095"""
VALUES = [
    ("$WEB:80", "8080"),
    ("${WEB}:80", "8080"),
    ("${API}:80", "9000"),
    ("${SPACED}:80", "8090"),
    ("${AFTER}:80", "8080"),
    ("${QUOTED}:80", "8080"),
    ("${LATER}:80", "8091"),
    ("${DEFAULT}:80", "8092"),
    ("${AGAIN}:80", "8093"),
    ("${LAST}:80", "8095"),
    ("${WEB:-1}:80", "8080"),
    ("${WEB-1}:80", "8080"),
    ("${NOT:-81}:80", "81"),
    ("${NOT-81}:80", "81"),
    ("${EMPTY:-82}:80", "82"),
    ("${EMPTY-82}80:80", "80"),
    ("80$EMPTY:80", "80"),
    ("${WEB:?must be set}:80", "8080"),
    ("${WEB?must be set}:80", "8080"),
    ("${WEB?${NOT}}:80", "8080"),
    ("${EMPTY?}83:80", "83"),
    ("${WEB:+84}:80", "84"),
    ("${WEB+84}:80", "84"),
    ("${NOT:+8}5:80", "5"),
    ("${EMPTY:+8}6:80", "6"),
    ("${EMPTY+8}6:80", "86"),
    ("${NOT:+${NOT}}80:80", "80"),
    ("${NOT:-$WEB}:80", "8080"),
    ("${NOT:-${WEB}}:80", "8080"),
    ("${NOT:-${API:+87}}:80", "87"),
    ("${A-${B-${C-${D-88}}}}:80", "88"),
    ("${WEB:-${NOT?x}}:80", "8080"),
    ("${WEB}:${API}", "8080"),
    ("${NOT:-8000}:${NEVER:-9000}", "8000"),
    ("${NOT:-89}-${NOT:-90}:80-81", "89-90"),
    ("${web:-91}:80", "91"),  # names are case-sensitive
    ("92:$NOT", "92"),  # the container port does not matter
    ("92:${NOT}", "92"),
    ("92:${NOT:?must be set}/tcp", "92"),
    ("${WEB}:${NOT}", "8080"),
]


@table(("item", "numbers"), VALUES, ids=[case[0] for case in VALUES])
def test_variables(item: str, numbers: str) -> None:
    files = {**single_port(f'"{item}"'), ".env": ENV}
    assert ports_in(files) == [f"web {numbers}/tcp compose.yml:5"]
    assert notes_on(files) == []


UNSET = [
    ("$NOT:80", "`NOT`"),
    ("${NOT}:80", "`NOT`"),
    ("${NOT?}:80", "`NOT`"),
    ("${EMPTY:?}:80", "`EMPTY`"),
    ("${BEFORE}:80", "`BEFORE`"),
    ("${NOT}:${NEVER}", "`NOT`, `NEVER`"),
    ("${NOT:-${NEVER}}:80", "`NOT`, `NEVER`"),
    ("${WEB:+$NOT}:80", "`NOT`"),
    ("8000-8010:${NOT}", "`NOT`"),  # one of them, or all
    ("$NOT:80:80", "`NOT`"),
]


@pytest.mark.parametrize(("item", "note"), UNSET, ids=[case[0] for case in UNSET])
def test_variable_without_a_value_is_reported(item: str, note: str) -> None:
    files = {**single_port(f'"{item}"'), ".env": ENV}
    have, them = ("have", "them") if "," in note else ("has", "it")
    expected = f"{note} {have} no value here; settings that use {them} are not checked"
    assert notes_on(files) == [f"compose.yml:5: {expected}"]
    assert ports_in(files) == []


ENVS: list[tuple[str, str | bytes, str]] = [
    ("plain", "P=80", "80"),
    ("CRLF", b"A=1\r\nP=80\r\nB=2\r\n", "80"),
    ("a byte order mark", b"\xef\xbb\xbfP=80\n", "80"),
    ("not UTF-8", b"A=\xff\nP=80\n", "80"),
    ("quotes", "P='80'", "80"),
    ("double quotes and a comment", 'P="80" # ="81"', "80"),
    ("a comment after spaces", "P=80   # x", "80"),
    ("commented out", "P=80\n#P=81\n  # P=82", "80"),
    ("export", "export P=80", "80"),
    ("export and a tab", "export\tP=80", "80"),
    ("spaces around", " P  =  80  ", "80"),
    ("not an assignment", "!!\nX\nP=80", "80"),
    ("a quote that is not closed", "A='x\nP=80", "80"),
    ("several lines in quotes", "A='x\nP=1'\nP=80", "80"),
    ("a $ in single quotes", "Q=1\nP='$Q'", "$Q"),
    ("the value of another", "Q=8\nP=${Q}0", "80"),
    ("without value", "P", ""),
    ("another name", "PORT=80", ""),
]


@pytest.mark.parametrize(("content", "value"), [case[1:] for case in ENVS], ids=[case[0] for case in ENVS])
def test_env_file(content: str | bytes, value: str) -> None:
    files = {**single_port('"${P}:80"'), ".env": content, "a/.env": "P=1"}
    assert ports_in(files) == ([f"web {value}/tcp compose.yml:5"] if value.isdigit() else [])
    expected = {"": "`P` has no value here", "$Q": "`${P}:80` is not a port"}.get(value)
    assert expected in notes_on(files)[0] if expected else notes_on(files) == []


WEB = "services:\n  web:\n    image: web\n    ports: ['80:80']\n"


def with_override(more: str, base: str = WEB) -> Files:
    """A compose file and its default override file."""
    return {"compose.yml": base, "compose.override.yml": more}


AND_PROFILE = WEB + "    profiles: [b]\n"
AND_NETWORK = WEB + "    network_mode: host\n"
RANGE = WEB.replace("80:80", "8000-8010:8000-8010")
BASE_TOO = "services: {base: {image: x, ports: ['5:5']}, "
OVERRIDES: list[tuple[str, Files, list[str]]] = [
    (
        "ports add up",
        with_override("services: {web: {ports: ['81:80']}}"),
        ["web 80/tcp compose.yml:4", "web 81/tcp compose.override.yml:1"],
    ),
    (
        "the last occurrence of the same port",
        with_override("services: {web: {ports: ['80:80']}}"),
        ["web 80/tcp compose.override.yml:1"],
    ),
    (
        "the same port in long syntax",
        with_override("services: {web: {ports: [{target: 80, published: '80', protocol: tcp}]}}"),
        ["web 80/tcp compose.override.yml:1"],
    ),
    (
        "0.0.0.0 equals no address",
        with_override("services: {web: {ports: ['0.0.0.0:80:80']}}"),
        ["web 0.0.0.0:80/tcp compose.override.yml:1"],
    ),
    (
        "another address is another port",
        with_override("services: {web: {ports: ['127.0.0.1:81:80']}}"),
        ["web 80/tcp compose.yml:4", "web 127.0.0.1:81/tcp compose.override.yml:1"],
    ),
    (
        "one of a range",
        with_override("services: {web: {ports: ['8005:8005']}}", RANGE),
        [
            "web 8000-8004/tcp compose.yml:4",
            "web 8006-8010/tcp compose.yml:4",
            "web 8005/tcp compose.override.yml:1",
        ],
    ),
    (
        "a range that contains an existing port",
        with_override("services: {web: {ports: ['79-81:79-81']}}"),
        ["web 79-81/tcp compose.override.yml:1"],
    ),
    (
        "!override",
        with_override("services: {web: {ports: !override ['81:80']}}"),
        ["web 81/tcp compose.override.yml:1"],
    ),
    ("empty !override", with_override("services: {web: {ports: !override []}}"), []),
    ("!reset", with_override("services: {web: {ports: !reset []}}"), []),
    ("!reset null", with_override("services: {web: {ports: !reset null}}"), []),
    ("!reset of its own ports", with_override("services: {web: {ports: !reset ['81:80']}}"), []),
    (
        "!reset of one",
        with_override("services: {web: {ports: [!reset '80:80', '81:80']}}"),
        ["web 80/tcp compose.yml:4", "web 81/tcp compose.override.yml:1"],
    ),
    ("!reset through an anchor", with_override("x: &x {ports: !reset []}\nservices: {web: {<<: *x}}"), []),
    (
        "!override through an alias",
        with_override("x: &x !override ['81:80']\nservices: {web: {ports: *x}}"),
        ["web 81/tcp compose.override.yml:1"],
    ),
    (
        "!override where the service extends",
        with_override(BASE_TOO + "web: {extends: base, ports: !override ['81:80']}}"),
        ["web 81/tcp compose.override.yml:1", "base 5/tcp compose.override.yml:1"],
    ),
    ("!reset of a service", with_override("services: {web: !reset null}"), []),
    ("!reset of a service with its own ports", with_override("services: {web: !reset {ports: ['1:1']}}"), []),
    (
        "!override of a service",
        with_override("services: {web: !override {image: x, ports: ['1:1']}}"),
        ["web 1/tcp compose.override.yml:1"],
    ),
    (
        "!override of all services",
        with_override("services: !override {b: {image: x, ports: ['1:1']}}"),
        ["b 1/tcp compose.override.yml:1"],
    ),
    ("empty", with_override("services: {web: {ports: }}"), ["web 80/tcp compose.yml:4"]),
    ("no services", with_override("volumes: {x: {}}"), ["web 80/tcp compose.yml:4"]),
    (
        "profiles add up",
        with_override("services: {web: {profiles: [a]}}", AND_PROFILE),
        ["web 80/tcp compose.yml:4 [a,b]"],
    ),
    (
        "!override of profiles",
        with_override("services: {web: {profiles: !override [c]}}", AND_PROFILE),
        ["web 80/tcp compose.yml:4 [c]"],
    ),
    (
        "!reset of profiles",
        with_override("services: {web: {profiles: !reset [c]}}", AND_PROFILE),
        ["web 80/tcp compose.yml:4"],
    ),
    ("the network of the host", with_override("services: {web: {network_mode: host}}"), []),
    (
        "a network of its own again",
        with_override("services: {web: {network_mode: bridge}}", AND_NETWORK),
        ["web 80/tcp compose.yml:4"],
    ),
    (
        "!reset of the network",
        with_override("services: {web: {network_mode: !reset host}}", AND_NETWORK),
        ["web 80/tcp compose.yml:4"],
    ),
    (
        "the build goes on",
        with_override(
            "services: {web: {build: {args: {A: 1}, dockerfile: api/Dockerfile}}}",
            WEB + "    build: apps\n",
        ),
        ["web 80/tcp compose.yml:4 from apps/api/"],
    ),
    (
        "another context",
        with_override("services: {web: {build: {context: src}}}", WEB + "    build: .\n"),
        ["web 80/tcp compose.yml:4 from src/"],
    ),
    (
        "!reset of the build",
        with_override("services: {web: {build: !reset .}}", WEB + "    build: apps\n"),
        ["web 80/tcp compose.yml:4"],
    ),
    (
        "several documents",
        {
            "compose.yml": WEB
            + "---\nservices: {web: {ports: !override ['81:80']}, b: {image: b, ports: ['1:1']}}"
        },
        ["web 81/tcp compose.yml:6", "b 1/tcp compose.yml:6"],
    ),
    (
        "the first of several overrides",
        {
            **with_override("services: {web: {ports: ['81:80']}}"),
            "docker-compose.override.yml": "services: {web: {ports: ['82:80']}}",
        },
        [
            "web 80/tcp compose.yml:4",
            "web 81/tcp compose.override.yml:1",
            "web 82/tcp docker-compose.override.yml:1",
        ],
    ),
]
EXTENDS: list[tuple[str, Files, list[str]]] = [
    (
        "of the same file, twice",
        {
            "compose.yml": """\
                services:
                  base: {image: b, ports: ["1:1"], profiles: [p]}
                  web:
                    extends: base
                    ports: ["2:2"]
                  again: {extends: {service: web}, ports: ["2:2", "3:3"], profiles: [x]}
                """
        },
        [
            "base 1/tcp compose.yml:2 [p]",
            "web 1/tcp compose.yml:2 [p]",
            "web 2/tcp compose.yml:5 [p]",
            "again 1/tcp compose.yml:2 [p,x]",
            "again 2/tcp compose.yml:6 [p,x]",
            "again 3/tcp compose.yml:6 [p,x]",
        ],
    ),
    (
        "of other files, each from where it lies",
        {
            "compose.yml": "services: {web: {extends: {file: lib/a.yml, service: x}}}",
            "lib/a.yml": "services: {x: {extends: {file: deep/b.yml, service: y}, ports: ['2:2']}}",
            "lib/deep/b.yml": "services: {y: {build: ./z, ports: ['3:3']}}",
        },
        [
            "web 3/tcp lib/deep/b.yml:1 from lib/deep/z/",
            "web 2/tcp lib/a.yml:1 from lib/deep/z/",
        ],
    ),
    (
        "!override in between",
        {
            "compose.yml": "services: {web: {extends: {file: a.yml, service: a}, ports: ['1:1']}}",
            "a.yml": "services: {a: {extends: {file: b.yml, service: b}, ports: !override ['2:2']}}",
            "b.yml": "services: {b: {image: b, ports: ['3:3']}}",
        },
        ["web 2/tcp a.yml:1", "web 1/tcp compose.yml:1"],
    ),
    (
        "!reset of the extended service",
        {
            "compose.yml": "services: {web: {extends: {file: a.yml, service: a}, ports: !reset []}}",
            "a.yml": "services: {a: {image: a, ports: ['2:2']}}",
        },
        [],
    ),
    (
        "!reset of the extension",
        with_override(
            "services: {web: {extends: !reset base, ports: ['2:2']}}", BASE_TOO + "web: {extends: base}}"
        ),
        ["base 5/tcp compose.yml:1", "web 5/tcp compose.yml:1", "web 2/tcp compose.override.yml:1"],
    ),
    (
        "an included service",
        {
            "compose.yml": "include: [a.yml]\nservices: {web: {extends: base, ports: ['2:2']}}",
            "a.yml": "services: {base: {image: b, ports: ['1:1']}}",
        },
        ["base 1/tcp a.yml:1", "web 1/tcp a.yml:1", "web 2/tcp compose.yml:2"],
    ),
    (
        "without includes of the other file",
        {
            "compose.yml": "services: {web: {extends: {file: a.yml, service: base}}}",
            "a.yml": "include: [b.yml]\nservices: {base: {image: b, ports: ['1:1']}}",
            "b.yml": "services: {base: {ports: ['9:9']}}",
        },
        ["web 1/tcp a.yml:2"],
    ),
    (
        "path with variables of the project",
        {
            "compose.yml": "services: {web: {extends: {file: '${LIB:-lib}/a.yml', service: $WHO}}}",
            "lib/a.yml": "services: {x: {image: x, ports: ['$PORT:1']}}",
            ".env": "WHO=x\nPORT=80",
            "lib/.env": "PORT=81",
        },
        ["web 80/tcp lib/a.yml:1"],
    ),
    (
        "of a service of the same name in another file",
        {
            "compose.yml": "services: {web: {extends: {file: a.yml, service: web}, ports: ['1:1']}}",
            "a.yml": "services: {web: {image: b, ports: ['2:2']}}",
        },
        ["web 2/tcp a.yml:1", "web 1/tcp compose.yml:1"],
    ),
]
A = "services: {a: {image: a, ports: ['1:1']}}"
INCLUDES: list[tuple[str, Files, list[str]]] = [
    (
        "short, with the adjacent .env",
        {
            "compose.yml": "include: [db/x.yml]\n" + WEB,
            "db/x.yml": "services: {db: {build: ., ports: ['$DB:1']}}",
            "db/.env": "DB=5432",
        },
        ["db 5432/tcp db/x.yml:1 from db/", "web 80/tcp compose.yml:5"],
    ),
    (
        "the variables of who includes count more",
        {
            "compose.yml": "include: [db/x.yml]",
            "db/x.yml": "services: {db: {image: x, ports: ['$DB:1', '$MORE:2', '$OTHER:3']}}",
            "db/.env": "DB=5432\nMORE=${BASE}1\nOTHER=${DB}0",
            ".env": "DB=543\nBASE=8",
        },
        ["db 543/tcp db/x.yml:1", "db 81/tcp db/x.yml:1", "db 5430/tcp db/x.yml:1"],
    ),
    (
        "in full, with a list of files",
        {
            "compose.yml": """\
                include:
                  - path: [db/a.yml, db/b.yml]
                    project_directory: apps
                    env_file: [db/one, db/two]
                """,
            "db/a.yml": "services: {db: {build: x, ports: ['$A:1']}}",
            "db/b.yml": "services: {db: {ports: ['$B:2', '$C:3']}}",
            "db/one": "A=1\nB=2",
            "db/two": "B=3\nC=${A}4",
            "apps/.env": "A=9",
        },
        [
            "db 1/tcp db/a.yml:1 from apps/x/",
            "db 3/tcp db/b.yml:1 from apps/x/",
            "db 14/tcp db/b.yml:1 from apps/x/",
        ],
    ),
    (
        "without variables",
        {
            "compose.yml": "include: [{path: a/x.yml, env_file: /dev/null}]",
            "a/x.yml": "services: {x: {image: x, ports: ['${A:-7}:1']}}",
            "a/.env": "A=1",
        },
        ["x 7/tcp a/x.yml:1"],
    ),
    (
        "paths are seen from the project directory",
        {
            "compose.yml": "include: [{path: a/x.yml, project_directory: .}]",
            "a/x.yml": "include: [a/y.yml]\nservices: {x: {extends: {file: a/z.yml, service: z}}}",
            "a/y.yml": "services: {y: {build: b, ports: ['2:2']}}",
            "a/z.yml": "services: {z: {image: z, ports: ['3:3']}}",
        },
        ["y 2/tcp a/y.yml:1 from a/b/", "x 3/tcp a/z.yml:1"],
    ),
    (
        "nested",
        {
            "compose.yml": "include: [a/a.yml]",
            "a/a.yml": "include: [b/b.yml]\nservices: {a: {image: a, ports: ['1:1']}}",
            "a/b/b.yml": "services: {b: {image: b, ports: ['2:2']}, a: {ports: ['3:3']}}",
        },
        ["b 2/tcp a/b/b.yml:1", "a 3/tcp a/b/b.yml:1", "a 1/tcp a/a.yml:2"],
    ),
    (
        "one service in two files",
        {"compose.yml": "include: [a.yml, b.yml]", "a.yml": A, "b.yml": A.replace("1:1", "2:2")},
        ["a 2/tcp b.yml:1", "a 1/tcp a.yml:1"],
    ),
    (
        "one file in two ways",
        {
            "compose.yml": "include: [a.yml, b.yml]",
            "a.yml": "include: [c.yml]",
            "b.yml": "include: [c.yml]",
            "c.yml": A,
        },
        ["a 1/tcp c.yml:1"],
    ),
    (
        "and more of it",
        {"compose.yml": "include: [a.yml]\nservices: {a: {ports: ['2:2']}}", "a.yml": A},
        ["a 1/tcp a.yml:1", "a 2/tcp compose.yml:2"],
    ),
    (
        "and !override",
        {"compose.yml": "include: [a.yml]\nservices: {a: {ports: !override ['2:2']}}", "a.yml": A},
        ["a 2/tcp compose.yml:2"],
    ),
    (
        "in an override",
        {
            **with_override("include: [a.yml]\nservices: {web: {ports: ['81:80']}}"),
            "a.yml": A.replace("a:", "web:", 1),
        },
        ["web 80/tcp compose.yml:4", "web 1/tcp a.yml:1", "web 81/tcp compose.override.yml:2"],
    ),
    ("!reset", {"compose.yml": "include: !reset [a.yml]", "a.yml": A}, []),
    (
        "only !reset in the included file",
        {**with_override("include: [a.yml]"), "a.yml": "services: {web: {ports: !reset []}}"},
        ["web 80/tcp compose.yml:4"],
    ),
]
PROD = "services: {web: {ports: ['443:443']}}"
STARTED: list[tuple[str, Files, list[str]]] = [
    (
        "a file that completes the first",
        {"docker-compose.yml": WEB, "docker-compose.prod.yml": PROD},
        ["web 80/tcp docker-compose.yml:4", "web 443/tcp docker-compose.prod.yml:1"],
    ),
    (
        "any default name, in any directory",
        {
            "a/compose.yaml": WEB,
            "b/compose.yml": WEB,
            "c/docker-compose.yml": WEB,
            "d/docker-compose.yaml": WEB,
            "e/podman-compose.yml": WEB,
            "f/compose_dev.yaml": WEB,
            "g/Docker-Compose.CI.yml": WEB,
            "h/dev.compose.yml": WEB,
            "i/filebeat-compose.yml": WEB,
        },
        [
            "web 80/tcp a/compose.yaml:4",
            "web 80/tcp b/compose.yml:4",
            "web 80/tcp c/docker-compose.yml:4",
            "web 80/tcp d/docker-compose.yaml:4",
            "web 80/tcp e/podman-compose.yml:4",
            "web 80/tcp f/compose_dev.yaml:4",
            "web 80/tcp g/Docker-Compose.CI.yml:4",
            "web 80/tcp h/dev.compose.yml:4",
            "web 80/tcp i/filebeat-compose.yml:4",
        ],
    ),
    (
        "not a compose file",
        {"composer.yml": WEB, "compose.json": WEB, "decompose.yml": WEB, "docker-compose.yml.bak": WEB},
        [],
    ),
    (
        "anchors and merge keys",
        {
            "compose.yml": """\
                x-one: &one
                  ports: ["80:80"]
                x-two: &two {profiles: [p], ports: ["90:90"]}
                x-port: &port "81:81"
                services:
                  a: {<<: *one, image: a}
                  b: {<<: [*one, *two]}
                  c: {ports: [*port], <<: *two}
                  d: &d {<<: *two, image: d}
                  e: *d
                  f: {<<: *one, ports: []}
                """
        },
        [
            "a 80/tcp compose.yml:2",
            "b 80/tcp compose.yml:2 [p]",
            "c 81/tcp compose.yml:4 [p]",
            "d 90/tcp compose.yml:3 [p]",
            "e 90/tcp compose.yml:3 [p]",
        ],
    ),
    (
        "profiles",
        {
            "compose.yml": """\
                services:
                  a: {ports: ["1:1"]}
                  b: {profiles: [], ports: ["2:2"]}
                  c: {profiles: [y, x], ports: ["3:3"]}
                  d: {profiles: ["${P}", "$NOT"], ports: ["4:4"]}
                """,
            ".env": "P=z",
        },
        [
            "a 1/tcp compose.yml:2",
            "b 2/tcp compose.yml:3",
            "c 3/tcp compose.yml:4 [x,y]",
            "d 4/tcp compose.yml:5 [$NOT,z]",
        ],
    ),
    (
        "networks",
        {
            "compose.yml": """\
                services:
                  a: {network_mode: host, ports: ["1:1"]}
                  b: {network_mode: "service:a", ports: ["2:2"]}
                  c: {network_mode: "container:x", ports: ["3:3"]}
                  d: {network_mode: none, ports: ["4:4"]}
                  e: {network_mode: bridge, ports: ["5:5"]}
                  f: {networks: [host], ports: ["6:6"]}
                  g: {network_mode: "${MODE}", ports: ["7:7"]}
                """,
            ".env": "MODE=host",
        },
        ["e 5/tcp compose.yml:6", "f 6/tcp compose.yml:7"],
    ),
    (
        "exposed port",
        {
            "compose.yml": 'services: {a: {expose: ["3000", 4000-4001, "53/udp", !reset 1, $P]}}',
            ".env": "P=5",
        },
        [
            "a exposes 3000/tcp compose.yml:1",
            "a exposes 4000-4001/tcp compose.yml:1",
            "a exposes 53/udp compose.yml:1",
            "a exposes 5/tcp compose.yml:1",
        ],
    ),
    (
        "build directory",
        {
            "dev/compose.yml": """\
                services:
                  a: {build: ../apps/a, ports: ["1:1"]}
                  b: {build: {context: .., dockerfile: apps/b/Dockerfile}, ports: ["2:2"]}
                  c: {build: "https://example.org/x.git", ports: ["3:3"]}
                  d: {build: ../.., ports: ["4:4"]}
                  e: {build: {dockerfile: Dockerfile}, ports: ["5:5"]}
                  f: {build: "${APPS}/f", ports: ["6:6"]}
                  g: {build: {context: .., dockerfile: /g/Dockerfile}, ports: ["7:7"]}
                  h: {build: {context: ../apps, dockerfile: ../h/Dockerfile}, ports: ["8:8"]}
                """,
            "dev/.env": "APPS=../apps",
        },
        [
            "a 1/tcp dev/compose.yml:2 from apps/a/",
            "b 2/tcp dev/compose.yml:3 from apps/b/",
            "c 3/tcp dev/compose.yml:4",
            "d 4/tcp dev/compose.yml:5",
            "e 5/tcp dev/compose.yml:6 from dev/",
            "f 6/tcp dev/compose.yml:7 from apps/f/",
            "g 7/tcp dev/compose.yml:8",
            "h 8/tcp dev/compose.yml:9 from apps/",
        ],
    ),
]
ALL = [
    (f"{group}: {name}", files, ports)
    for group, rows in (
        ("over", OVERRIDES),
        ("extends", EXTENDS),
        ("include", INCLUDES),
        ("started", STARTED),
    )
    for name, files, ports in rows
]


@table(("files", "ports"), [row[1:] for row in ALL], ids=[row[0] for row in ALL])
def test_ports_of_projects(files: Files, ports: list[str]) -> None:
    assert sorted(ports_in(files)) == sorted(ports)
    expected = ("`NOT` has no value", "write `!override`")
    assert [note for note in notes_on(files) if not any(part in note for part in expected)] == []


def pair(one: str, other: str, of_one: str = "", of_other: str = "") -> Files:
    services = f"  a: {{ports: ['{one}']{of_one}}}\n  b: {{ports: ['{other}']{of_other}}}\n"
    return {"compose.yml": f"services:\n{services}"}


YES, MAYBE = ["compose.yml:3 b - compose.yml:2 a"], ["compose.yml:3 b - compose.yml:2 a ?"]
NO: list[str] = []
IN_X, IN_Y, IN_Z = ", profiles: [x]", ", profiles: [y]", ", profiles: [z, x]"
PAIRS: list[tuple[str, Files, list[str]]] = [
    ("one port", pair("80:80", "80:81"), YES),
    ("22", pair("22:22", "22:2222"), YES),
    ("one port of two containers", pair("80:80", "81:80"), NO),
    ("a port of a container and one of the host", pair("80:1", "81:80"), NO),
    ("any free port", pair("80", "80"), NO),
    ("any free port and a fixed one", pair("80", "80:80"), NO),
    ("any free port of an address", pair("127.0.0.1::80", "127.0.0.1:80:80"), NO),
    ("tcp and udp", pair("53:53", "53:53/udp"), NO),
    ("udp and udp", pair("53:53/udp", "53:54/udp"), YES),
    ("tcp, spelled out", pair("53:53", "53:53/tcp"), YES),
    ("two addresses", pair("127.0.0.1:80:80", "127.0.0.2:80:80"), NO),
    ("one address", pair("127.0.0.1:80:80", "127.0.0.1:80:81"), YES),
    ("an address and all", pair("127.0.0.1:80:80", "80:80"), YES),
    ("an address and 0.0.0.0", pair("127.0.0.1:80:80", "0.0.0.0:80:80"), YES),
    ("an address of version 6 and all", pair("[::1]:80:80", "80:80"), YES),
    ("an address of version 6 and 0.0.0.0", pair("[::1]:80:80", "0.0.0.0:80:80"), NO),
    ("an address of version 6 and ::", pair("[::1]:80:80", "[::]:80:80"), YES),
    ("0.0.0.0 and ::", pair("0.0.0.0:80:80", "[::]:80:80"), NO),
    ("one address in two spellings", pair("[::1]:80:80", "0:0:0::1:80:80"), YES),
    ("one in a range", pair("80-90:80-90", "85:85"), YES),
    ("the last of a range", pair("80-90:80-90", "90:85"), YES),
    ("after a range", pair("80-90:80-90", "91:85"), NO),
    ("ranges that overlap", pair("80-90:80-90", "90-95:90-95"), YES),
    ("any of a range", pair("80-90:80", "85:85"), NO),
    ("overlapping ranges", pair("80-81:80", "80-82:80-82"), YES),
    ("any of a range, twice", pair("80-90:80", "80-90:81"), NO),
    ("a container's port that is not known", pair("80:$NOT", "80:80"), YES),
    ("a port that is not known", pair("$NOT:80", "80:80"), NO),
    ("an address that is not known", pair("$NOT:80:80", "80:80"), NO),
    ("a default", pair("${NOT:-80}:80", "80:80"), YES),
    ("the network of the host", pair("80:80", "80:80", of_other=", network_mode: host"), NO),
    ("the network of another", pair("80:80", "80:80", of_other=", network_mode: 'service:a'"), NO),
    ("with and without a profile", pair("80:1", "80:2", IN_X), YES),
    ("a common profile", pair("80:1", "80:2", IN_X, IN_Z), YES),
    ("no common profile", pair("80:1", "80:2", IN_X, IN_Y), MAYBE),
    ("a profile that is not known", pair("80:1", "80:2", IN_X, ", profiles: [$NOT]"), MAYBE),
    ("two profiles that are not known", pair("80:1", "80:2", ", profiles: [$A]", ", profiles: [$A]"), YES),
    (
        "exposed only",
        {"compose.yml": "services: {a: {expose: ['80']}, b: {expose: ['80'], ports: ['80:80']}}"},
        NO,
    ),
    (
        "within a service",
        {"compose.yml": "services:\n  a: {ports: ['80:80',\n    '80:81']}\n"},
        ["compose.yml:3 a - compose.yml:2 a"],
    ),
    (
        "the same within a service",
        {"compose.yml": "services: {a: {ports: ['80:80', '80:80', '0.0.0.0:80:80', '79-81:79-81']}}"},
        NO,
    ),
    (
        "an address and all within a service",
        {"compose.yml": "services:\n  a: {ports: ['127.0.0.1:80:80',\n    '80:80']}\n"},
        ["compose.yml:3 a - compose.yml:2 a"],
    ),
    ("a file and its override", with_override("services: {web: {ports: ['80:80']}}"), NO),
    ("a range and its override", with_override("services: {web: {ports: ['8005:8005']}}", RANGE), NO),
    (
        "a file and its override",
        with_override("services: {b: {image: b, ports: ['80:1']}}"),
        ["compose.yml:4 web - compose.override.yml:1 b"],
    ),
    ("removed with !reset", with_override("services: {web: {ports: !reset []}, b: {ports: ['80:1']}}"), NO),
    (
        "replaced with !override",
        with_override("services: {web: {ports: !override ['81:80']}, b: {ports: ['80:1']}}"),
        NO,
    ),
    (
        "a file that completes the first",
        {
            "docker-compose.yml": WEB,
            "docker-compose.dev.yml": "services: {web: {}, b: {image: b, ports: ['80:1']}}",
        },
        ["docker-compose.yml:4 web - docker-compose.dev.yml:1 b"],
    ),
    (
        "a file that depends on the first",
        {
            "docker-compose.yml": WEB,
            "docker-compose.dev.yml": "services: {b: {image: b, depends_on: [web], ports: ['80:1']}}",
        },
        ["docker-compose.yml:4 web - docker-compose.dev.yml:1 b"],
    ),
    (
        "a file that depends on an included file",
        {
            "compose.yml": "include: [a.yml]\n" + WEB,
            "a.yml": A,
            "compose.dev.yml": "services: {b: {image: b, depends_on: {a: {}}, ports: ['80:1']}}",
        },
        ["compose.yml:5 web - compose.dev.yml:1 b"],
    ),
    (
        "an independent file",
        {"docker-compose.yml": WEB, "docker-compose.ci.yml": "services: {b: {image: b, ports: ['80:1']}}"},
        NO,
    ),
    (
        "two files that complete the first",
        {
            "docker-compose.yml": "services: {web: {image: web}}",
            "docker-compose.a.yml": "services: {web: {}, a: {image: a, ports: ['80:1']}}",
            "docker-compose.b.yml": "services: {web: {}, b: {image: b, ports: ['80:1']}}",
        },
        NO,
    ),
    ("two default names", {"compose.yml": WEB, "docker-compose.yml": A.replace("1:1", "80:1")}, NO),
    ("two directories", {"a/compose.yml": WEB, "b/compose.yml": A.replace("1:1", "80:1")}, NO),
    (
        "the files of COMPOSE_FILE",
        {
            "docker-compose.yml": WEB,
            "docker-compose.db.yml": "services: {b: {image: b, ports: ['80:1']}}",
            ".env": "COMPOSE_FILE=docker-compose.yml:./docker-compose.db.yml:none.yml",
        },
        ["docker-compose.yml:4 web - docker-compose.db.yml:1 b"],
    ),
    (
        "the files of COMPOSE_FILE with another separator, and not the first",
        {
            "docker-compose.yml": WEB,
            "docker-compose.a.yml": A.replace("1:1", "80:1"),
            "docker-compose.b.yml": A.replace("1:1", "80:2").replace("a:", "b:", 1),
            ".env": "COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE=docker-compose.a.yml;docker-compose.b.yml",
        },
        ["docker-compose.b.yml:1 b - docker-compose.a.yml:1 a"],
    ),
    (
        "an included service",
        {"compose.yml": "include: [b/x.yml]\n" + WEB, "b/x.yml": A.replace("1:1", "80:1")},
        ["compose.yml:5 web - b/x.yml:1 a"],
    ),
    (
        "two that are included",
        {"compose.yml": "include: [a.yml, b.yml]", "a.yml": A, "b.yml": A.replace("a:", "b:", 1)},
        ["b.yml:1 b - a.yml:1 a"],
    ),
    (
        "one that is included twice",
        {"compose.yml": "include: [a.yml, b.yml]", "b.yml": "include: [a.yml]", "a.yml": A},
        NO,
    ),
    (
        "an extending and an extended service",
        {"compose.yml": "services:\n  a: {image: a, ports: ['1:1']}\n  b: {extends: a}\n"},
        ["compose.yml:2 b - compose.yml:2 a"],
    ),
    (
        "an extending service in another file",
        {"compose.yml": "services: {b: {extends: {file: a.yml, service: a}}}", "a.yml": A},
        NO,
    ),
    (
        "two services of one anchor",
        {"compose.yml": "x: &x {ports: ['1:1']}\nservices:\n  a: *x\n  b: {<<: *x, profiles: [p]}\n"},
        ["compose.yml:1 b - compose.yml:1 a"],
    ),
    (
        "certain in one project, not in another",
        {
            "compose.yml": "services:\n  a: {image: a, ports: ['1:1']}\n  b: {image: b, ports: ['1:2']}\n",
            "compose.dev.yml": "services: {a: {profiles: [x]}, b: {profiles: [y]}}",
        },
        YES,
    ),
    (
        "certain with one, not with another",
        {
            "compose.yml": """\
                services:
                  a: {profiles: [x], ports: ["80:1"]}
                  b: {profiles: [y], ports: ["80:2"]}
                  c: {profiles: [y], ports: ["80:3"]}
                """
        },
        ["compose.yml:3 b - compose.yml:2 a ?", "compose.yml:4 c - compose.yml:3 b"],
    ),
]


@table(("files", "hits"), [case[1:] for case in PAIRS], ids=[case[0] for case in PAIRS])
def test_conflicts(files: Files, hits: list[str]) -> None:
    assert collisions(files) == hits


NOT_READ = "its ports are not read"
BAD: list[tuple[str, Files, list[str]]] = [
    (
        "a tab",
        {"compose.yml": "services:\n\tweb: 1"},
        [f"compose.yml:2: tab in indentation; use spaces; {NOT_READ}"],
    ),
    ("a bracket", {"compose.yml": "a: ["}, [f"compose.yml:1: this `[` is never closed; {NOT_READ}"]),
    (
        "a key twice",
        {"compose.yml": "services: {}\nservices: {}"},
        [f"compose.yml:2: duplicate key `services`, first in line 1; remove one; {NOT_READ}"],
    ),
    (
        "an undefined alias",
        {"compose.yml": "a: *b"},
        [f'compose.yml:1: unknown anchor `&b`; if this is text, quote it: "*b"; {NOT_READ}'],
    ),
    (
        "a recursive alias",
        {"compose.yml": "a: &a {b: *a}"},
        [f"compose.yml:1: `*a` is inside its own anchor; {NOT_READ}"],
    ),
    (
        "not UTF-8",
        {"compose.yml": b"a: b\nc: \xff"},
        [f"compose.yml:2: the byte 0xff here is not UTF-8; save the file as UTF-8; {NOT_READ}"],
    ),
    ("vanished", {"compose.yml": VANISHED}, [f"compose.yml:1: it no longer exists; {NOT_READ}"]),
    (
        "not a regular file",
        {"compose.yml": NOT_A_FILE},
        [f"compose.yml:1: compose.yml is not a regular file; {NOT_READ}"],
    ),
    (
        "a merge of a number",
        {"compose.yml": "a: {<<: 1}"},
        [f"compose.yml:1: `<<` takes a mapping, or a list of mappings; {NOT_READ}"],
    ),
    (
        "ports that are not a list",
        {"compose.yml": "services:\n  a:\n    ports: '80:80'\n  b:\n    ports:\n      80: 80\n"},
        [
            "compose.yml:3: `ports` must be a list; write `- ` before each item",
            "compose.yml:6: `ports` must be a list; write `- ` before each item",
        ],
    ),
    (
        "includes that are not a list",
        {"compose.yml": "include: a.yml", "a.yml": A},
        ["compose.yml:1: `include` must be a list; write `- ` before each item"],
    ),
    (
        "services without names",
        {"compose.yml": "services: [{image: a, ports: ['80:80']}]"},
        ["compose.yml:1: `services` is not a mapping of names to services; no ports are read"],
    ),
    (
        "services of the first version",
        {"compose.yml": "web:\n  image: web\n  ports: ['80:80']\nx-db: {image: db}"},
        ["compose.yml:1: `web` is not in `services`; its ports are not read"],
    ),
    (
        "including itself",
        {"compose.yml": "include: [compose.yml]"},
        ["compose.yml:1: compose.yml includes this file in turn"],
    ),
    (
        "including one another",
        {"compose.yml": "include: [x.yml]", "x.yml": "include:\n- y.yml", "y.yml": "include: [x.yml]"},
        ["y.yml:1: x.yml includes this file in turn"],
    ),
    (
        "invalid includes",
        {"compose.yml": "include:\n- x.yml\n- ../y.yml\n- /z.yml\n- ''\n- {}"},
        [
            f"compose.yml:2: no such file: x.yml; {NOT_READ}",
            f"compose.yml:3: no such file: ../y.yml; {NOT_READ}",
            f"compose.yml:4: no such file: /z.yml; {NOT_READ}",
            f'compose.yml:5: no such file: ""; {NOT_READ}',
        ],
    ),
    (
        "including a remote file",
        {"compose.yml": "include:\n- https://example.org/x.git\n- oci:x\n- git@example.org:x/y.git"},
        [
            f"compose.yml:2: https://example.org/x.git is elsewhere; {NOT_READ}",
            f"compose.yml:3: oci:x is elsewhere; {NOT_READ}",
            f"compose.yml:4: git@example.org:x/y.git is elsewhere; {NOT_READ}",
        ],
    ),
    (
        "including a path with a variable",
        {"compose.yml": "include: ['$X/a.yml']"},
        ["compose.yml:1: `X` has no value here; settings that use it are not checked"],
    ),
    (
        "including an invalid file",
        {"compose.yml": "include: [x.yml]", "x.yml": "["},
        [f"x.yml:1: this `[` is never closed; {NOT_READ}"],
    ),
    (
        "extending itself",
        {"compose.yml": "services: {a: {extends: a}}"},
        ["compose.yml:1: a extends itself, through a"],
    ),
    (
        "extending one another",
        {"compose.yml": "services:\n  a: {extends: b}\n  b: {extends: {service: a}}"},
        ["compose.yml:3: b extends itself, through a", "compose.yml:2: a extends itself, through b"],
    ),
    (
        "extending one another over files",
        {
            "compose.yml": "services: {a: {extends: {file: x.yml, service: a}}}",
            "x.yml": "services: {a: {extends: {file: compose.yml, service: a}}}",
        },
        ["x.yml:1: a extends itself, through a"],
    ),
    (
        "invalid extends",
        {
            "compose.yml": """\
                services:
                  a: {extends: b}
                  c: {extends: {file: x.yml, service: d}}
                  e: {extends: {}}
                """
        },
        [
            "compose.yml:2: no service b in compose.yml",
            f"compose.yml:3: no such file: x.yml; {NOT_READ}",
            'compose.yml:4: no service "" in compose.yml',
        ],
    ),
    (
        "extending a service of an earlier file",
        with_override("services: {b: {extends: web}}"),
        ["compose.override.yml:1: no service web in compose.override.yml"],
    ),
    (
        "an exposed port that is not a number",
        {"compose.yml": "services: {a: {expose: [http, '99999']}}"},
        [
            f"compose.yml:1: `http` is not a port: {INVALID_NUMBER}",
            f"compose.yml:1: `99999` is not a port: {OUT_OF_RANGE}",
        ],
    ),
    (
        "a hostile name",
        {"a\n::error::/compose.yml": "["},
        [f"a\n::error::/compose.yml:1: this `[` is never closed; {NOT_READ}"],
    ),
    (
        "a template",
        {"compose.yml": "services:\n  {{- range .Values }}\n  a: {{ . }}\n"},
        [
            "compose.yml:2: a text that begins with `{` needs quotes; "
            f'quote it: "{{{{- range .Values }}}}"; {NOT_READ}'
        ],
    ),
    ("nothing", {"compose.yml": ""}, []),
    ("no mapping", {"compose.yml": "- services"}, []),
    (
        "services without settings",
        {"compose.yml": "services:\n  a:\n  b: text\n  c: [1]\n  d: {ports: }\n"},
        [],
    ),
]


@table(("files", "expected"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_invalid_file_is_reported_and_other_files_are_read(files: Files, expected: list[str]) -> None:
    files = {**files, "z/compose.yml": WEB}
    assert notes_on(files) == expected
    assert ports_in(files)[-1] == "web 80/tcp z/compose.yml:4"
    assert collisions(files) == []


def test_variable_defined_by_another_project_is_not_reported() -> None:
    files = {
        "compose.yml": "include: [{path: a/compose.yml, env_file: a/defaults.env}]",
        "a/compose.yml": "services: {a: {image: a, ports: ['$P:1', '$Q:2']}}",
        "a/defaults.env": "P=80",
    }
    assert ports_in(files) == ["a 80/tcp a/compose.yml:1"]
    assert notes_on(files) == ["a/compose.yml:1: `Q` has no value here; settings that use it are not checked"]


def test_number_of_included_files_is_limited() -> None:
    files = {f"{n}.yml": f"include: [{n + 1}.yml, {{path: {n + 1}.yml}}]" for n in range(20)}
    messages = notes_on({**files, "compose.yml": "include: [0.yml]"})
    assert any("more than 10,000 files are included" in note for note in messages)


def test_number_of_ports_of_a_service_is_limited() -> None:
    items = ", ".join(f"'{n}-{n + 1}:{n}-{n + 1}'" for n in range(1, 30_000, 3))
    assert len(ports_in({"compose.yml": f"services: {{a: {{ports: [{items}]}}}}"})) == 10_000


def test_number_of_extended_services_is_limited() -> None:
    items = "".join(f"  s{n}: {{extends: s{n + 1}, ports: ['{n + 1}:1']}}\n" for n in range(2_000))
    messages = notes_on({"compose.yml": f"services:\n{items}  s2000: {{image: x}}\n"})
    assert messages[0].endswith("s19 extends itself, through s20")
    assert (
        messages[-1] == "compose.yml:1: more than 100,000 ports and services are extended; no more are read"
    )


def test_length_of_variables_is_limited() -> None:
    files = {**single_port("'$A:80'"), ".env": "A=1\n" + "A=$A$A\n" * 60}
    (note,) = notes_on(files)
    assert "the variables have more than 100,000 characters" in note or "is not a port" in note


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_any_bytes_are_accepted(content: bytes, env: bytes) -> None:
    scan_ports({"compose.yml": content, ".env": env, "a.yml": content})


REAL = """\
x-app: &app
  image: app:${TAG:-latest}
  ports: ["${PORT:-8000}:8000", "127.0.0.1:9090-9099:9090-9099/udp"]
include:
  - path: [a.yml, b.yml]
    project_directory: .
    env_file: .env
services:
  web:
    <<: *app
    extends: {file: a.yml, service: a}
    build: {context: ./web, dockerfile: Dockerfile}
    profiles: [dev, "${P}"]
    depends_on: [db]
    expose: ["3000"]
  db:
    image: db
    network_mode: bridge
    ports: !override
      - {target: 5432, published: "5432", host_ip: "::1", protocol: tcp}
      - "5433:5432"
  gone: !reset null
"""
PIECES = [
    "!reset ",
    "!override ",
    "&app ",
    "*app",
    "${",
    "}",
    "$$",
    "<<: *app",
    "- ",
    "{",
    "]",
    "'",
    '"',
    ":",
    "\n",
    "80-1:",
    "\0",
    "extends: web",
    "é",
]
EDITS = st.lists(
    st.tuples(st.integers(0, len(REAL)), st.integers(0, 12), st.sampled_from(["", *PIECES])), max_size=6
)


@given(EDITS, EDITS)
def test_randomly_edited_files_are_accepted(
    one_edits: list[tuple[int, int, str]], edits: list[tuple[int, int, str]]
) -> None:
    result = scan_ports(
        {
            "compose.yml": apply_edits(REAL, one_edits),
            "compose.override.yml": apply_edits(REAL, edits),
            "a.yml": apply_edits(A, [(at % len(A), count, text) for at, count, text in edits]),
            "b.yml": A,
            ".env": apply_edits(ENV, [(at % len(ENV), count, text) for at, count, text in one_edits]),
        }
    )
    assert all(0 < port.numbers.first <= port.numbers.last < 65536 for port in result.ports)
    assert len(conflicts(result.on_hosts)) <= len(result.ports)


def apply_edits(text: str, edits: list[tuple[int, int, str]]) -> str:
    for at, count, more in edits:
        text = text[:at] + more + text[at + count :]
    return text
