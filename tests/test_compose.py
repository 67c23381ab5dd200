"""Ports in compose files: every form of the specification, what is started together, and what is no port."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.errors import TreeError
from structlint.ports.conflicts import conflicts
from structlint.ports.port import Port, Sighted
from structlint.ports.sight import published

Files = Mapping[str, str]


def sighted(files: Files) -> Sighted:
    """What is found in files; one whose content is `!` cannot be read, one with `?` has vanished."""

    def read(path: str) -> bytes:
        if path not in files or files[path] == "?":
            raise FileNotFoundError(path)
        if files[path] == "!":
            raise TreeError(f"{path} is no regular file")
        return dedent(files[path]).encode()

    return published(files, read)


def shown(port: Port) -> str:
    """A port in short: `web 127.0.0.1:80/udp a/compose.yml:4 in a/ of x,y`."""
    address = f"[{port.address}]:" if ":" in port.address else f"{port.address}:" if port.address else ""
    kind = "" if port.kind == "compose" else f" by {port.kind}"
    where = f" in {port.directory}" if port.directory else ""
    profiles = f" of {','.join(sorted(port.profiles))}" if port.profiles else ""
    some = "one of " if port.any_one else ""
    return f"{port.service} {some}{address}{port.numbers} {port.place}{kind}{where}{profiles}"


def found(files: Files) -> list[str]:
    return [shown(port) for port in sighted(files).ports]


def told(files: Files) -> list[str]:
    """The notes, and the conflicts with a `!` if they are certain and a `?` if not."""
    seen = sighted(files)
    hits = conflicts(seen.on_hosts)
    notes = [f"{each.file}:{each.line}: {each.message}" for each in [*seen.problems, *seen.unresolved]]
    return notes + [
        f"{'!' if hit.certain else '?'} {hit.port.service} {hit.port.place}, "
        f"{hit.other.service} {hit.other.place}"
        for hit in hits
    ]


def compose(item: str) -> Files:
    return {"compose.yaml": f"services:\n  web:\n    ports:\n      - {item}\n"}


SHORT = [
    ("3000", []),  # any free port of the host
    ('"3000"', []),
    ("3000-3005", []),
    ('"8000:8000"', ["8000"]),
    ("8000:8000", ["8000"]),
    ("22:22", ["22"]),
    ("443:59", ["443"]),
    ('"9090-9091:8080-8081"', ["9090-9091"]),
    ('"49100:22"', ["49100"]),
    ('"8000-9000:80"', ["one of 8000-9000"]),
    ('"127.0.0.1:8001:8001"', ["127.0.0.1:8001"]),
    ('"127.0.0.1:5000-5010:5000-5010"', ["127.0.0.1:5000-5010"]),
    ('"::1:6000:6000"', ["[::1]:6000"]),
    ('"[::1]:6001:6001"', ["[::1]:6001"]),
    ('"[::]:80:80"', ["[::]:80"]),
    ('"0.0.0.0:80:80"', ["0.0.0.0:80"]),
    ('"6060:6060/udp"', ["6060/udp"]),
    ('"6060:6060/UDP"', ["6060/udp"]),
    ('"6060:6060/tcp"', ["6060"]),
    ('"127.0.0.1::80"', []),
    ('"0:80"', []),
    ("!!str 8080:80", ["8080"]),
    ("{target: 80, published: 8080}", ["8080"]),
    ('{target: 80, published: "8080-8089", protocol: udp}', ["one of 8080-8089/udp"]),
    ("{target: 80, published: 8080, host_ip: 127.0.0.1, mode: host, name: x}", ["127.0.0.1:8080"]),
    ("{target: 80}", []),
    ("{target: 80, published: ~}", []),
    ('{target: "443", published: "8443"}', ["8443"]),
]


@pytest.mark.parametrize(("item", "ports"), SHORT, ids=[case[0] for case in SHORT])
def test_one_port(item: str, ports: list[str]) -> None:
    assert found(compose(item)) == [f"web {port} compose.yaml:4" for port in ports]
    assert told(compose(item)) == []


NO_PORT = [
    ("99999:80", "99999:80 is no port: a port is a number from 1 to 65535"),
    ('"80:-1"', "80:-1 is no port: a port is a number, such as 8000, or a range, such as 8001-8099"),
    ("a:b", "a:b is no port: a port is a number, such as 8000, or a range, such as 8001-8099"),
    ('"0-99999999999:80"', "is no port: a port is a number, such as 8000, or a range"),
    ('"9-1:80"', "9-1:80 is no port: the range ends before it begins"),
    ('"80:80/icmp"', "80:80/icmp is no port: a protocol is one of tcp, udp, sctp"),
    ('"1-3:1-2"', "1-3:1-2 is no port: the two ranges are not of the same length"),
    ('"host:80:80"', "host:80:80 is no port: an address is written like 127.0.0.1 or [::1]"),
    ('"1.2.3:80:80"', "1.2.3:80:80 is no port: an address is written like 127.0.0.1 or [::1]"),
    ("80.5", "80.5 is no port: a port is a number"),
    ("true", "true is no port: a port is a number"),
    ('""', "is no port: a port is a number"),
    ("[80]", "this is no port: a port is a number"),
    ("{published: 80}", "this is no port: a port is a number"),
    ("{target: 80, published: x}", "this is no port: a port is a number"),
    ('"$-1:80"', "$-1:80: a $ is followed by a variable; for the character itself write $$"),
    ('"${A:80"', "${A:80: a ${ is not closed"),
    ("[[[", "this [ is never closed; its ports are not read"),
]


@pytest.mark.parametrize(("item", "said"), NO_PORT, ids=[case[0] for case in NO_PORT])
def test_what_is_no_port_is_told(item: str, said: str) -> None:
    files = compose(item)
    assert found(files) == []
    (note,) = told(files)
    assert note.startswith("compose.yaml:4: ")
    assert said in note


ENV = """\
# ports
WEB=8080
export API="9000"   # quoted
ONE='$WEB'
TWO=${WEB}1
EMPTY=
"""
VARIABLES = [
    ("$WEB:80", "8080"),
    ("${WEB}:80", "8080"),
    ("${WEB:-1}:80", "8080"),
    ("${NOT:-81}:80", "81"),
    ("${NOT-81}:80", "81"),
    ("${EMPTY:-82}:80", "82"),
    ("${EMPTY-82}80:80", "80"),
    ("${NOT:-${ALSO_NOT:-83}}:80", "83"),
    ("${NOT:-$WEB}:80", "8080"),
    ("${WEB:+84}:80", "84"),
    ("${NOT:+127.0.0.1:}85:80", "85"),
    ("${EMPTY+8}6:80", "86"),
    ("${WEB:?must be set}:80", "8080"),
    ("${API}:80", "9000"),
    ("${TWO}:80", "80801"),
    ("${WEB}-${WEB}:80", "8080"),
]


@pytest.mark.parametrize(("item", "port"), VARIABLES, ids=[case[0] for case in VARIABLES])
def test_variables(item: str, port: str) -> None:
    files = {**compose(f'"{item}"'), ".env": ENV}
    if int(port) > 65535:
        assert "from 1 to 65535" in told(files)[0]
    else:
        assert found(files) == [f"web {port} compose.yaml:4"]


UNRESOLVED = [
    ("$NOT:80", "NOT has no value here"),
    ("${NOT:?must be set}:80", "NOT has no value here"),
    ("${NOT}:${NEVER}", "NOT, NEVER have no value here"),
    ("${NOT:-${NEVER}}:80", "NOT, NEVER have no value here"),
    ("${EMPTY:?}:80", "EMPTY has no value here"),
]


@pytest.mark.parametrize(("item", "said"), UNRESOLVED, ids=[case[0] for case in UNRESOLVED])
def test_a_variable_without_value_is_told(item: str, said: str) -> None:
    files = {**compose(f'"{item}"'), ".env": ENV}
    assert found(files) == []
    assert told(files) == [f"compose.yaml:4: {said}; what depends on it is not checked"]


def test_a_dollar_itself() -> None:
    assert "$80 is no port" not in told(compose('"80:80"'))
    assert "$$8:80 is no port" in told(compose('"$$8:80"'))[0]


BASE = """\
services:
  web:
    image: web
    ports: ["80:80"]
"""
PROJECTS: list[tuple[str, Files, list[str]]] = [
    (
        "an override adds",
        {"compose.yaml": BASE, "compose.override.yaml": 'services: {web: {ports: ["81:80"]}}'},
        ["web 80 compose.yaml:4", "web 81 compose.override.yaml:1"],
    ),
    (
        "the same port once",
        {"compose.yaml": BASE, "docker-compose.override.yml": 'services: {web: {ports: ["80:80"]}}'},
        ["web 80 docker-compose.override.yml:1"],
    ),
    (
        "!override replaces",
        {"compose.yaml": BASE, "compose.override.yml": 'services: {web: {ports: !override ["81:80"]}}'},
        ["web 81 compose.override.yml:1"],
    ),
    (
        "!reset takes away",
        {"compose.yaml": BASE, "compose.override.yml": "services: {web: {ports: !reset []}}"},
        [],
    ),
    (
        "!reset of a service",
        {"compose.yaml": BASE, "compose.override.yml": "services: {web: !reset null}"},
        [],
    ),
    (
        "!override of a service",
        {
            "compose.yaml": BASE,
            "compose.override.yml": 'services: {web: !override {image: x, ports: ["1:1"]}}',
        },
        ["web 1 compose.override.yml:1"],
    ),
    (
        "another file that completes the first",
        {"docker-compose.yml": BASE, "docker-compose.prod.yml": 'services: {web: {ports: ["443:443"]}}'},
        ["web 80 docker-compose.yml:4", "web 80 docker-compose.yml:4", "web 443 docker-compose.prod.yml:1"],
    ),
    (
        "another file that stands alone",
        {"docker-compose.yml": BASE, "docker-compose.ci.yml": 'services: {web: {image: x, ports: ["80:1"]}}'},
        ["web 80 docker-compose.yml:4", "web 80 docker-compose.ci.yml:1"],
    ),
    (
        "two of the default names",
        {"compose.yaml": BASE, "docker-compose.yml": BASE},
        ["web 80 compose.yaml:4", "web 80 docker-compose.yml:4"],
    ),
    (
        "in any directory",
        {"a/b/podman-compose.yml": BASE, "a/compose_dev.yaml": BASE, "composer.yml": BASE},
        ["web 80 a/b/podman-compose.yml:4", "web 80 a/compose_dev.yaml:4"],
    ),
    (
        "anchors and merge keys",
        {
            "compose.yml": """\
                x-common: &common
                  ports: ["80:80"]
                x-more: &more {profiles: [p], ports: ["90:90"]}
                services:
                  a: {<<: *common, image: a}
                  b:
                    <<: [*common, *more]
                  c: {ports: ["81:81"], <<: *more}
                """
        },
        ["a 80 compose.yml:2", "b 80 compose.yml:2 of p", "c 81 compose.yml:8 of p"],
    ),
    (
        "include",
        {
            "compose.yaml": "include: [infra/compose.yaml]\n" + BASE,
            "infra/compose.yaml": 'services: {db: {image: db, build: ., ports: ["${DB}:1"]}}',
            "infra/.env": "DB=5432",
        },
        [
            "db 5432 infra/compose.yaml:1 in infra/",
            "web 80 compose.yaml:5",
            "db 5432 infra/compose.yaml:1 in infra/",
        ],
    ),
    (
        "include in full",
        {
            "compose.yaml": """\
                include:
                  - path: [infra/db.yaml, infra/more.yaml]
                    project_directory: other
                    env_file: infra/vars
                """,
            "infra/db.yaml": 'services: {db: {build: x, ports: ["${DB}:1"]}}',
            "infra/more.yaml": 'services: {db: {ports: ["${MORE}:2"]}}',
            "infra/vars": "DB=1\nMORE=2\n",
            ".env": "MORE=3",
        },
        ["db 1 infra/db.yaml:1 in other/x/", "db 3 infra/more.yaml:1 in other/x/"],
    ),
    (
        "extends",
        {
            "compose.yaml": """\
                services:
                  base: {image: b, ports: ["1:1"], profiles: [never]}
                  web:
                    extends: base
                    ports: ["2:2"]
                  far: {extends: {file: lib/all.yaml, service: x}}
                """,
            "lib/all.yaml": 'services: {x: {extends: y}, y: {build: ./z, ports: ["3:3"]}}',
        },
        [
            "base 1 compose.yaml:2 of never",
            "web 1 compose.yaml:2 of never",
            "web 2 compose.yaml:5 of never",
            "far 3 lib/all.yaml:1 in lib/z/",
        ],
    ),
    (
        "the network of the host, or of another",
        {
            "compose.yaml": """\
                services:
                  a: {network_mode: host, ports: ["80:80"]}
                  b: {network_mode: "service:a", ports: ["80:80"]}
                  c: {network_mode: bridge, ports: ["80:80"]}
                """
        },
        ["c 80 compose.yaml:4"],
    ),
    (
        "expose",
        {"compose.yaml": 'services: {a: {expose: ["3000", 4000-4001, "53/udp"]}}'},
        [
            "a 3000 compose.yaml:1 by expose",
            "a 4000-4001 compose.yaml:1 by expose",
            "a 53/udp compose.yaml:1 by expose",
        ],
    ),
    (
        "what it is built from",
        {
            "dev/compose.yaml": """\
                services:
                  a: {build: ../services/a, ports: ["1:1"]}
                  b: {build: {context: .., dockerfile: services/b/Dockerfile}, ports: ["2:2"]}
                  c: {build: {context: "https://example.org/x.git"}, ports: ["3:3"]}
                  d: {build: ../.., ports: ["4:4"]}
                  e: {build: {dockerfile_inline: "FROM x"}, ports: ["5:5"]}
                """
        },
        [
            "a 1 dev/compose.yaml:2 in services/a/",
            "b 2 dev/compose.yaml:3 in services/b/",
            "c 3 dev/compose.yaml:4",
            "d 4 dev/compose.yaml:5",
            "e 5 dev/compose.yaml:6 in dev/",
        ],
    ),
    (
        "files without services",
        {"compose.yaml": "volumes: {}", "a/compose.yaml": "", "b/compose.yaml": "- 1", "c/compose.yaml": "x"},
        [],
    ),
    (
        "a service that is nothing",
        {"compose.yaml": "services:\n  a:\n  b: text\n  c: {ports: }\n"},
        [],
    ),
]


@pytest.mark.parametrize(
    ("files", "ports"), [case[1:] for case in PROJECTS], ids=[case[0] for case in PROJECTS]
)
def test_projects(files: Files, ports: list[str]) -> None:
    assert found(files) == ports
    assert [note for note in told(files) if not note.startswith(("!", "?"))] == []


def two(one: str, other: str, more: str = "", also: str = "") -> Files:
    return {
        "compose.yaml": f'services:\n  a: {{ports: ["{one}"]{more}}}\n  b: {{ports: ["{other}"]{also}}}\n'
    }


HIT, MAYBE = ["! b compose.yaml:3, a compose.yaml:2"], ["? b compose.yaml:3, a compose.yaml:2"]
PAIRS: list[tuple[str, Files, list[str]]] = [
    ("the same", two("80:80", "80:81"), HIT),
    ("22:22", two("22:22", "22:2222"), HIT),
    ("container ports only", two("80:80", "81:80"), []),
    ("a container port and one of the host", two("80:1", "81:80"), []),
    ("tcp and udp", two("80:80", "80:80/udp"), []),
    ("udp twice", two("80:80/udp", "80:81/udp"), HIT),
    ("two addresses", two("127.0.0.1:80:80", "127.0.0.2:80:80"), []),
    ("one address", two("127.0.0.1:80:80", "127.0.0.1:80:81"), HIT),
    ("one address of all", two("127.0.0.1:80:80", "80:80"), HIT),
    ("one address of all of its kind", two("127.0.0.1:80:80", "0.0.0.0:80:80"), HIT),
    ("addresses of two kinds", two("127.0.0.1:80:80", "[::1]:80:80"), []),
    ("all of two kinds", two("0.0.0.0:80:80", "[::]:80:80"), []),
    ("one spelling of an address and another", two("[::1]:80:80", "[0:0::1]:80:80"), HIT),
    ("overlapping ranges", two("80-90:80-90", "90-95:90-95"), HIT),
    ("ranges side by side", two("80-89:80-89", "90-95:90-95"), []),
    ("one in a range", two("80-90:80-90", "85:85"), HIT),
    ("any free one", two("80-90:80", "85:85"), []),
    ("any free one of what is taken", two("80-81:80", "80-81:1-2"), HIT),
    ("any free ones", two("80-90:80", "80-90:80"), []),
    ("disjoint profiles", two("80:1", "80:2", ", profiles: [x]", ", profiles: [y]"), MAYBE),
    ("a common profile", two("80:1", "80:2", ", profiles: [x, z]", ", profiles: [y, z]"), HIT),
    ("one always, one in a profile", two("80:1", "80:2", ", profiles: [x]"), HIT),
    ("unresolved", two("${X:-80}:1", "${X:-81}:2"), []),
    (
        "twice in one service",
        {"compose.yaml": 'services:\n  a: {ports: ["80:80", "80:81"]}\n'},
        ["! a compose.yaml:2, a compose.yaml:2"],
    ),
    (
        "a file and its override",
        {"compose.yaml": BASE, "compose.override.yaml": 'services: {web: {ports: ["80:80"]}}'},
        [],
    ),
    (
        "through an include",
        {
            "compose.yaml": "include: [b/x.yaml]\n" + BASE,
            "b/x.yaml": 'services: {db: {image: db, ports: ["80:1"]}}',
        },
        ["! web compose.yaml:5, db b/x.yaml:1"],
    ),
    ("projects apart", {"a/compose.yaml": BASE, "b/compose.yaml": BASE.replace("web", "other")}, []),
    (
        "once, though two projects have it",
        {
            "compose.yml": 'services:\n  a: {image: a, ports: ["80:1"]}\n  b: {image: b, ports: ["80:2"]}\n',
            "compose.dev.yml": "services: {a: {environment: {}}}",
        },
        ["! b compose.yml:3, a compose.yml:2"],
    ),
    (
        "a certain one is told before one that may be",
        {
            "compose.yml": """\
                services:
                  a: {profiles: [x], ports: ["80:1"]}
                  b: {profiles: [y], ports: ["80:2"]}
                  c: {profiles: [y], ports: ["80:3"]}
                """
        },
        ["? b compose.yml:3, a compose.yml:2", "! c compose.yml:4, b compose.yml:3"],
    ),
]


@pytest.mark.parametrize(("files", "said"), [case[1:] for case in PAIRS], ids=[case[0] for case in PAIRS])
def test_conflicts(files: Files, said: list[str]) -> None:
    assert told(files) == said


DEEP = "{a: " * 70 + "1" + "}" * 70
BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + above] * 9)}]\n"
    for above, name in zip("abcdefg", "bcdefgh", strict=True)
)
BAD: list[tuple[str, Files, str]] = [
    (
        "broken YAML",
        {"compose.yaml": "services:\n\tweb: 1"},
        "compose.yaml:2: tab in indentation; use spaces; its ports",
    ),
    ("a key twice", {"compose.yaml": "services: {}\nservices: {}"}, "compose.yaml:2: services is here twice"),
    ("an alias of nothing", {"compose.yaml": "a: *b"}, "compose.yaml:1: there is no &b before this"),
    ("an alias of what it is in", {"compose.yaml": "a: &a [*a]"}, "compose.yaml:1: *a stands inside what it"),
    ("an alias bomb", {"compose.yaml": BOMB}, "the aliases expand to more than 10,000 values; its ports"),
    ("too deep", {"compose.yaml": DEEP}, "compose.yaml:1: nested deeper than 64 levels; its ports"),
    ("large", {"compose.yaml": "a: b\n" * 300_000}, "compose.yaml:1: larger than 1 MiB; its ports"),
    ("vanished", {"compose.yaml": "?"}, "compose.yaml:1: it has vanished; its ports are not read"),
    ("no file", {"compose.yaml": "!"}, "compose.yaml:1: compose.yaml is no regular file; its ports"),
    ("UTF-16", {"compose.yaml": "\0s\0e"}, "compose.yaml:1: this is UTF-16; save it as UTF-8"),
    (
        "a list of ports that is none",
        {"compose.yaml": 'services: {a: {ports: "80:80"}}'},
        "`ports` is a list",
    ),
    (
        "including itself",
        {"compose.yaml": "include: [compose.yaml]"},
        "compose.yaml:1: compose.yaml includes this file in turn",
    ),
    (
        "including one another",
        {"compose.yaml": "include: [x.yaml]", "x.yaml": "include:\n- compose.yaml"},
        "x.yaml:2: compose.yaml includes this file in turn",
    ),
    ("including nothing", {"compose.yaml": "include: [x.yaml]"}, "compose.yaml:1: there is no file x.yaml"),
    ("including what is outside", {"compose.yaml": "include: [../x.yaml]"}, "there is no file ../x.yaml"),
    (
        "extending itself",
        {"compose.yaml": "services: {a: {extends: a}}"},
        "compose.yaml:1: a extends itself, through a",
    ),
    (
        "extending one another",
        {"compose.yaml": "services:\n  a: {extends: b}\n  b: {extends: {service: a}}"},
        "compose.yaml:3: b extends itself, through a",
    ),
    (
        "extending nothing",
        {"compose.yaml": "services: {a: {extends: b}}"},
        "compose.yaml:1: there is no service b in compose.yaml",
    ),
    ("a merge of nothing", {"compose.yaml": "a: {<<: 1}"}, "`<<` takes a mapping, or a list of mappings"),
    ("a hostile name", {"a\n::error::x/compose.yaml": "["}, "this [ is never closed"),
]


@pytest.mark.parametrize(("files", "said"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_cannot_be_read_is_told_and_the_rest_goes_on(files: Files, said: str) -> None:
    also = {"z/compose.yaml": BASE.replace("web", "z")}
    notes = told({**files, **also})
    assert any(said in note for note in notes), notes
    assert found({**files, **also})[-1:] == ["z 80 z/compose.yaml:4"]


def test_a_template_is_passed_over_and_counted() -> None:
    seen = sighted({"chart/compose.yaml": "services:\n  {{- range .Values }}\n  a: {{ . }}\n"})
    assert (seen.problems, seen.templates) == ([], ["chart/compose.yaml"])


def test_many_that_include_one_another_come_to_an_end() -> None:
    """Each of 20 files includes the next one twice."""
    files = {f"{n}.yaml": f"include: [{{path: {n + 1}.yaml}}, {n + 1}.yaml]" for n in range(20)}
    assert any(
        "more than 10,000 files are included" in note
        for note in told({**files, "compose.yaml": "include: [0.yaml]"})
    )


TEXTS = st.text(st.sampled_from("services:\n  - ab{}[]&*!<,\"'$\t#|>80/.-"), max_size=120)


@given(TEXTS)
def test_any_text_is_read_or_told(text: str) -> None:
    sighted({"compose.yaml": text, "a/compose.yml": f"services:\n  a:\n    ports:\n      - {text}"})
