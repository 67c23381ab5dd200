"""Regression tests for ports: compose file names, several containers, profiles, ranges and others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Make, Run
from test_ports_compose import Files, collisions, notes_on, ports_in

PAIR = "services:\n  web: {image: web, ports: ['7410:80']}\n  help: {image: help, ports: ['7410:81']}\n"


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("docker-compose2.yml", True),
        ("compose3.yaml", True),
        ("docker-compose-2.yml", True),
        ("docker-composev2.yml", True),
        ("docker-compose2.prod.yml", True),
        ("dev.compose2.yml", True),
        ("docker-composeprod.yml", True),
        ("composer.yml", False),
        ("decompose2.yml", False),
        ("composer2.yml", False),
    ],
)
def test_numbers_in_names_of_compose_files(name: str, is_read: bool) -> None:
    assert collisions({name: PAIR}) == ([f"{name}:3 help - {name}:2 web"] if is_read else [])


def services(*lines: str) -> str:
    return "services:\n" + "".join(f"  {line}\n" for line in lines)


WEB = "web: {image: web, ports: ['80:80']}"
CONTAINERS = [
    ("replicas", services("web: {deploy: {replicas: 2}, ports: ['80:80']}"), "", True),
    ("a range that is too small", services("web: {scale: 3, ports: ['80-81:80']}"), "", True),
    ("a range that is large enough", services("web: {scale: 3, ports: ['80-82:80']}"), "", False),
    ("a range of fixed ports", services("web: {scale: 2, ports: ['80-81:80-81']}"), "", True),
    ("any free port", services("web: {scale: 3, ports: ['80']}"), "", False),
    ("one container", services("web: {scale: 1, ports: ['80:80']}"), "", False),
    ("no number", services("web: {scale: many, ports: ['80:80']}"), "", False),
    ("a default", services("web: {scale: '${N:-2}', ports: ['80:80']}"), "", True),
    ("a variable", services("web: {scale: '${N:-2}', ports: ['80:80']}"), "N=1", False),
    ("no value", services("web: {scale: '${N}', ports: ['80:80']}"), "", False),
    (
        "scale before replicas",
        services("web: {scale: 1, deploy: {replicas: 2}, ports: ['80:80']}"),
        "",
        False,
    ),
]


@pytest.mark.parametrize(
    ("text", "env", "conflict"), [each[1:] for each in CONTAINERS], ids=[each[0] for each in CONTAINERS]
)
def test_more_containers_than_ports(text: str, env: str, conflict: bool) -> None:
    assert collisions({"compose.yml": text, ".env": env}) == (
        ["compose.yml:2 web - compose.yml:2 web"] if conflict else []
    )


@pytest.mark.parametrize(
    ("base", "more", "conflict"),
    [
        ("web: {image: web, ports: ['80:80']}", "web: {scale: 2}", True),
        ("web: {image: web, ports: ['80:80']}", "web: {deploy: {replicas: 2}}", True),
        ("web: {image: web, ports: ['80:80'], scale: 2}", "web: {scale: 1}", False),
        ("web: {image: web, ports: ['80:80'], scale: 2}", "web: {scale: !reset null}", False),
        ("web: {image: web, ports: ['80:80'], deploy: {replicas: 2}}", "web: {deploy: !reset {}}", False),
        ("web: {image: web, ports: ['80:80'], deploy: {replicas: 2}}", "web: {deploy: !override {}}", False),
        (
            "web: {image: web, ports: ['80:80'], deploy: {replicas: 2}}",
            "web: {deploy: {replicas: !reset 1}}",
            False,
        ),
        (
            "web: {image: web, ports: ['80:80'], deploy: {replicas: 2}}",
            "web: {deploy: {mode: replicated}}",
            True,
        ),
    ],
)
def test_containers_of_an_override(base: str, more: str, conflict: bool) -> None:
    files = {"compose.yml": services(base), "compose.override.yml": services(more)}
    assert collisions(files) == (["compose.yml:2 web - compose.yml:2 web"] if conflict else [])


@pytest.mark.parametrize(
    "setting", ["scale: 0", "deploy: {replicas: 0}", "scale: '${OLD:-0}'", "deploy: {replicas: '${OLD:-0}'}"]
)
def test_service_without_containers_has_no_conflict(setting: str) -> None:
    old = f"old: {{image: old, {setting}, ports: ['80:80']}}"
    files: Files = {"compose.yml": services(old, WEB)}
    assert collisions(files) == []
    assert ports_in(files) == ["old 80/tcp compose.yml:2", "web 80/tcp compose.yml:3"]
    if "OLD" in setting:
        assert collisions({**files, ".env": "OLD=1"}) == ["compose.yml:3 web - compose.yml:2 old"]


def test_messages_for_several_containers(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = services(
        "web: {image: web, scale: 2, ports: ['80:80']}", "jobs: {image: jobs, scale: 3, ports: ['90-91:80']}"
    )
    monkeypatch.chdir(repository({"compose.yaml": text}).path)
    status, out, _ = run("check", ".", "--select", "port-conflict")
    assert status == 1
    assert "`web` publishes port 80 for each of its 2 containers" in out
    assert "`jobs` runs 3 containers, but publishes only ports 90-91" in out
    _, out, _ = run("ports")
    assert "for each of 2 containers" in out


MERGED = """\
x-web: &web
  image: shop
  ports: ['7600:80']
services:
  web:
    <<: *web
  jobs:
    <<: *web
    {}
"""


@pytest.mark.parametrize(
    ("key", "ports"),
    [
        ("ports: !reset null", ["web 7600/tcp compose.yaml:3", "jobs 7600/tcp compose.yaml:3"]),
        ("ports: !reset []", ["web 7600/tcp compose.yaml:3", "jobs 7600/tcp compose.yaml:3"]),
        ("ports: !override ['7601:80']", ["web 7600/tcp compose.yaml:3", "jobs 7601/tcp compose.yaml:9"]),
        ("ports: []", ["web 7600/tcp compose.yaml:3"]),
    ],
)
def test_reset_next_to_a_merge_key_keeps_merged_ports(key: str, ports: list[str]) -> None:
    assert ports_in({"compose.yaml": MERGED.format(key)}) == ports


def test_reset_next_to_a_merge_key_removes_ports_of_an_earlier_file() -> None:
    files = {
        "compose.yaml": "services: {web: {image: web, ports: ['80:80']}}",
        "compose.override.yaml": "x: &x {ports: ['81:80']}\nservices: {web: {<<: *x, ports: !reset null}}",
    }
    assert ports_in(files) == ["web 81/tcp compose.override.yaml:1"]


@pytest.mark.parametrize(
    "env",
    [
        "WEB_PORT: 7950",
        "WEB_PORT:7950",
        "WEB_PORT : '7950'",
        "export WEB_PORT: 7950",
        '# the port\nexport WEB_PORT="7950" # of web',
        "A: 79\nWEB_PORT: ${A}50",
        "  WEB_PORT = 7950",
        "OTHER='a: b\nc: d'\r\nWEB_PORT: 7950\r\n",
    ],
)
def test_env_file_formats(env: str) -> None:
    text = services("web: {image: web, ports: ['${WEB_PORT}:80']}", "help: {image: help, ports: ['7950:81']}")
    assert collisions({"compose.yaml": text, ".env": env}) == ["compose.yaml:3 help - compose.yaml:2 web"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:81']}}",
            "`b` and `a` (compose.yaml:1) both publish port 80",
        ),
        (
            "x: &x {image: a, ports: ['80:80']}\nservices: {a: *x, b: *x}",
            "`b` and `a` (on the same line) both publish port 80",
        ),
        (
            "services: {a: {image: a, ports: ['80:80']}, b: {extends: a}}",
            "`b` and `a` (on the same line) both publish port 80",
        ),
        (
            services(
                "a: {image: a, profiles: [one], ports: ['80:80']}",
                "b: {image: b, profiles: [two], ports: ['80:81']}",
            ),
            "`b` and `a` (compose.yaml:2) both publish port 80; no profile starts both",
        ),
    ],
)
def test_conflict_messages(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(repository({"compose.yaml": text}).path)
    _, out, _ = run("check", ".", "--select", "port-conflict")
    assert f": {message}\n" in out


POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: edge}}
spec:
  template:
    spec:
{}
"""


@pytest.mark.parametrize(
    ("pod", "hits"),
    [
        (
            """\
      containers:
        - name: web
          ports:
            - {name: web, containerPort: 80, hostPort: 7070}
            - {name: info, containerPort: 90, hostPort: 7070}""",
            ["edge.yaml:11 edge - edge.yaml:10 edge"],
        ),
        (
            """\
      initContainers:
        - {name: log, restartPolicy: Always, ports: [{containerPort: 80, hostPort: 7070}]}
      containers:
        - {name: proxy, ports: [{containerPort: 80, hostPort: 7070}]}""",
            ["edge.yaml:10 edge - edge.yaml:8 edge"],
        ),
        (
            """\
      initContainers:
        - {name: log, ports: [{containerPort: 80, hostPort: 7070}]}
      containers:
        - {name: proxy, ports: [{containerPort: 80, hostPort: 7070}]}""",
            [],
        ),
        (
            """\
      containers:
        - {name: a, ports: [{containerPort: 80, hostPort: 7070, protocol: UDP}]}
        - {name: b, ports: [{containerPort: 80, hostPort: 7070}]}""",
            [],
        ),
    ],
)
def test_duplicate_host_port_in_one_pod(pod: str, hits: list[str]) -> None:
    files = {"edge.yaml": POD.format(pod)}
    assert collisions(files) == hits
    other = {"other.yaml": POD.format(pod).replace("edge", "other")}
    assert [hit for hit in collisions({**files, **other}) if not hit.endswith("?")][: len(hits)] == hits


@pytest.mark.parametrize("argument", ["service", "7001-7099"])
def test_free_port_skips_ports_in_any_file(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    files = {
        "structlint.yaml": "tree: {services/: {<service>/: }}\nports: {<service>: 7001-7099}\n",
        "services/mail/Dockerfile": "FROM scratch\nEXPOSE 7001\n",
        "services/pay/.env.example": "PORT=7002\n",
        "compose.yaml": services("web: {image: web, expose: [7003], ports: ['7004:80']}"),
        ".devcontainer/devcontainer.json": '{"forwardPorts": ["web:7005"]}',
    }
    monkeypatch.chdir(repository(files).path)
    assert run("ports", "--free", argument)[1] == "7006\n"


@pytest.mark.parametrize(
    ("env", "certain"),
    [
        ("COMPOSE_PROFILES=one,two", True),
        ("COMPOSE_PROFILES='two, one'", True),
        ("COMPOSE_PROFILES=*", True),
        ("COMPOSE_PROFILES=one", False),
        ("COMPOSE_PROFILES=", False),
        ("", False),
    ],
)
def test_profiles_enabled_in_the_env_file(env: str, certain: bool) -> None:
    text = services(
        "small: {image: small, profiles: [one], ports: ['7060:80']}",
        "large: {image: large, profiles: [two], ports: ['7060:80']}",
    )
    hit = "compose.yaml:3 large - compose.yaml:2 small"
    assert collisions({"compose.yaml": text, ".env": env}) == [hit if certain else f"{hit} ?"]


PARTS = services("page: {image: p, ports: ['7020:80']}", "feed: {image: f, ports: ['7020:80']}")
EXTENDS = """\
services:
  blue:
    extends: {file: common/parts.compose.yml, service: page}
    ports: !override ['7021:80']
"""
GREEN = """\
  green:
    extends: {file: common/parts.compose.yml, service: feed}
    ports: !override ['7022:80']
"""
DATA = services("db: {image: db, ports: ['${DB:-7030}:5432']}", "view: {image: v, ports: ['7030:80']}")
PART_CASES = [
    (
        "extended",
        {"compose.yml": EXTENDS + GREEN, "common/parts.compose.yml": PARTS},
        ["blue 7021/tcp compose.yml:4", "green 7022/tcp compose.yml:7"],
        [],
    ),
    (
        "extended in part only",
        {"compose.yml": EXTENDS, "common/parts.compose.yml": PARTS},
        None,
        ["common/parts.compose.yml:3 feed - common/parts.compose.yml:2 page"],
    ),
    (
        "extended, and the default file",
        {
            "compose.yml": PARTS,
            "compose.prod.yml": (EXTENDS + GREEN).replace("common/parts.compose.yml", "compose.yml"),
        },
        None,
        ["compose.yml:3 feed - compose.yml:2 page"],
    ),
    (
        "included with variables",
        {
            "compose.yml": "include: [{path: data/compose.yml, env_file: data.env}]",
            "data.env": "DB=7031",
            "data/compose.yml": DATA,
        },
        ["db 7031/tcp data/compose.yml:2", "view 7030/tcp data/compose.yml:3"],
        [],
    ),
    (
        "included by an included file",
        {
            "compose.yml": "include: [{path: a/compose.yml, env_file: data.env}]",
            "data.env": "DB=7031",
            "a/compose.yml": "include: [../data/compose.yml]",
            "data/compose.yml": DATA,
        },
        ["db 7031/tcp data/compose.yml:2", "view 7030/tcp data/compose.yml:3"],
        [],
    ),
    (
        "in a list of paths",
        {
            "compose.yml": "include: [{path: [mail/compose.yml, mail.ports.yml]}]",
            "mail/compose.yml": services(
                "smtp: {image: s, ports: ['7040:25']}", "box: {image: b, ports: ['7040:80']}"
            ),
            "mail.ports.yml": "services: {box: {ports: !override ['7041:80']}}",
        },
        ["smtp 7040/tcp mail/compose.yml:2", "box 7041/tcp mail.ports.yml:1"],
        [],
    ),
    (
        "included, and in conflict there too",
        {"compose.yml": "include: [data/compose.yml]", "data/compose.yml": DATA},
        None,
        ["data/compose.yml:3 view - data/compose.yml:2 db"],
    ),
    (
        "including one another",
        {
            "a/compose.yml": "include: [../b/compose.yml]\n" + DATA,
            "b/compose.yml": "include: [../a/compose.yml]",
        },
        None,
        ["a/compose.yml:4 view - a/compose.yml:3 db"],
    ),
    (
        "included, with an override of its own",
        {
            "compose.yml": "include: [{path: data/compose.yml, env_file: data.env}]",
            "data.env": "DB=7031",
            "data/compose.yml": DATA,
            "data/compose.override.yml": "services: {web: {image: web, ports: ['7030:1']}}",
        },
        None,
        [
            "data/compose.yml:2 db - data/compose.override.yml:1 web",
            "data/compose.yml:3 view - data/compose.override.yml:1 web",
        ],
    ),
]


@pytest.mark.parametrize(
    ("files", "ports", "hits"), [each[1:] for each in PART_CASES], ids=[each[0] for each in PART_CASES]
)
def test_included_and_extended_files_are_not_projects(
    files: Files, ports: list[str] | None, hits: list[str]
) -> None:
    assert collisions(files) == hits
    if ports is not None:
        assert ports_in(files) == ports


def pool(*ports: str, more: str = "") -> str:
    return services(*(f"s{n}: {{image: s{n}, ports: [{port}]{more}}}" for n, port in enumerate(ports)))


LONG = "{target: 80, published: '7100-7102', host_ip: 127.0.0.1}"
POOLS = [
    ("four on three", pool(LONG, LONG, LONG, LONG), ["compose.yml:5 s3 - compose.yml:2 s0"]),
    ("three on three", pool(LONG, LONG, LONG), []),
    ("six on three", pool(*[LONG] * 6), ["compose.yml:5 s3 - compose.yml:2 s0"]),
    (
        "two pools",
        pool("'1-2:80'", "'1-2:80'", "'1-2:80'", "'8-9:80'", "'8-9:80'", "'8-9:80'"),
        ["compose.yml:4 s2 - compose.yml:2 s0", "compose.yml:7 s5 - compose.yml:5 s3"],
    ),
    ("fixed ports", pool("'7110-7111:80'", "'7110:1'", "'7111:1'"), ["compose.yml:2 s0 - compose.yml:3 s1"]),
    ("one is left", pool("'7110-7112:80'", "'7110:1'", "'7111:1'"), []),
    (
        "fixed ports of an address",
        pool("'7110-7111:80'", "'127.0.0.1:7110:1'", "'127.0.0.1:7111:1'"),
        ["compose.yml:2 s0 - compose.yml:3 s1"],
    ),
    ("other addresses", pool("'127.0.0.1:7110-7111:80'", "'127.0.0.2:7110:1'", "'127.0.0.1:7111:1'"), []),
    ("addresses that do not meet", pool("'7110-7111:80'", "'127.0.0.1:7110:1'", "'127.0.0.2:7111:1'"), []),
    ("other protocols", pool("'7110-7111:80'", "'7110:1/udp'", "'7111:1'"), []),
    ("ranges that overlap", pool("'7110-7111:80'", "'7111-7112:80'", "'7112-7113:80'"), []),
    (
        "ranges that overlap too much",
        pool("'7110-7111:80'", "'7111-7112:80'", "'7110-7112:80'", "'7110-7112:80'"),
        ["compose.yml:5 s3 - compose.yml:2 s0"],
    ),
    (
        "a covering range",
        pool("'7110-7111:80'", "'7110-7119:7110-7119'"),
        ["compose.yml:3 s1 - compose.yml:2 s0"],
    ),
    (
        "containers",
        pool("'7110-7112:80'", "'7110-7112:80'", more=", scale: 2"),
        ["compose.yml:3 s1 - compose.yml:2 s0"],
    ),
    (
        "one profile",
        pool("'7110-7111:80'", "'7110:1'", "'7111:1'", more=", profiles: [p]"),
        ["compose.yml:2 s0 - compose.yml:3 s1"],
    ),
    (
        "different profiles",
        services(
            "a: {image: a, ports: ['7110-7111:80']}",
            "b: {image: b, profiles: [b], ports: ['7110:80']}",
            "c: {image: c, profiles: [c], ports: ['7111:80']}",
        ),
        [],
    ),
]


@pytest.mark.parametrize(("text", "hits"), [each[1:] for each in POOLS], ids=[each[0] for each in POOLS])
def test_exhausted_ranges(text: str, hits: list[str]) -> None:
    assert collisions({"compose.yml": text}) == hits


def test_message_for_an_exhausted_range(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository({"compose.yaml": pool(LONG, LONG, LONG, LONG)}).path)
    _, out, _ = run("check", ".", "--select", "port-conflict")
    assert (
        "`s3` needs one of ports 7100-7102, but `s0` (compose.yaml:2) and 2 others publish all of them\n"
        in out
    )


CORE, JOBS = (
    services("core: {image: core, ports: ['7201:80']}"),
    services("jobs: {image: jobs, ports: ['7201:90']}"),
)
SHOP = services(
    "web: {image: web, ports: ['${WEB_PORT:-7301}:80']}", "help: {image: help, ports: ['7302:80']}"
)
COMPOSE_FILE_CASES = [
    (
        "in a directory",
        {
            ".env": "COMPOSE_FILE=stack/core.yml:stack/jobs.yml",
            "stack/core.yml": CORE,
            "stack/jobs.yml": JOBS,
        },
        ["stack/jobs.yml:2 jobs - stack/core.yml:2 core"],
    ),
    (
        "with another separator",
        {
            "deploy/.env": "COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE=../core.yml;jobs.yml",
            "core.yml": CORE,
            "deploy/jobs.yml": JOBS,
        },
        ["deploy/jobs.yml:2 jobs - core.yml:2 core"],
    ),
    (
        "a variable of the root",
        {
            ".env": "COMPOSE_FILE=ops/docker-compose.web.yml\nWEB_PORT=7302",
            "ops/docker-compose.web.yml": SHOP,
        },
        ["ops/docker-compose.web.yml:3 help - ops/docker-compose.web.yml:2 web"],
    ),
    (
        "a variable of the directory of the first file",
        {".env": "COMPOSE_FILE=ops/web.yml", "ops/.env": "WEB_PORT=7302", "ops/web.yml": SHOP},
        ["ops/web.yml:3 help - ops/web.yml:2 web"],
    ),
    (
        "a variable of both",
        {".env": "COMPOSE_FILE=ops/web.yml\nWEB_PORT=7303", "ops/.env": "WEB_PORT=7302", "ops/web.yml": SHOP},
        [],
    ),
    (
        "an include next to the first file",
        {
            ".env": "COMPOSE_FILE=ops/web.yml",
            "ops/web.yml": "include: [jobs.yml]\n" + CORE,
            "ops/jobs.yml": JOBS,
        },
        ["ops/web.yml:3 core - ops/jobs.yml:2 jobs"],
    ),
    ("a missing file", {".env": "COMPOSE_FILE=core.yml", "jobs.yml": JOBS}, []),
    ("files without a reference", {".env": "A=1", "core.yml": CORE, "jobs.yml": JOBS}, []),
]


@pytest.mark.parametrize(
    ("files", "hits"), [each[1:] for each in COMPOSE_FILE_CASES], ids=[each[0] for each in COMPOSE_FILE_CASES]
)
def test_files_in_compose_file_variable(files: Files, hits: list[str]) -> None:
    assert collisions(files) == hits


def test_file_in_compose_file_variable_is_not_a_separate_project() -> None:
    files = {".env": "COMPOSE_FILE=ops/compose.yml\nWEB_PORT=7303", "ops/compose.yml": SHOP}
    assert ports_in(files) == ["web 7303/tcp ops/compose.yml:2", "help 7302/tcp ops/compose.yml:3"]


RANGE = "tree:\n  compose.yaml?:\n  services/: {<service>/: }\nports: {<service>: 7001-7099}\n"
MAIL = {"services/mail/Dockerfile": "FROM scratch\nEXPOSE 7200\n"}
PAY = {"services/pay/.env.example": "PORT=7201\n"}
RANGES = [
    (
        "outside of the range",
        {**MAIL, **PAY},
        ["`mail` uses port 7200 (`EXPOSE`)", "`pay` uses port 7201 (`PORT`)"],
    ),
    ("inside of it", {"services/mail/Dockerfile": "FROM scratch\nEXPOSE 7002\n"}, []),
    ("one of several", {**MAIL, "services/mail/.env.example": "PORT=7003\n"}, []),
    (
        "published",
        {**MAIL, "compose.yaml": services("mail: {build: services/mail, ports: ['7001:7200']}")},
        [],
    ),
    (
        "published by its name",
        {**MAIL, "compose.yaml": services("mail: {image: m, ports: ['7001:7200']}")},
        [],
    ),
    (
        "another one is published",
        {**MAIL, **PAY, "compose.yaml": services("mail: {build: services/mail, ports: ['7001:7200']}")},
        ["`pay` uses port 7201 (`PORT`)"],
    ),
    (
        "a short name",
        {"services/s/Dockerfile": "FROM scratch\nEXPOSE 7200\n"},
        ["`s` uses port 7200 (`EXPOSE`)"],
    ),
    ("no service of the range", {"web/Dockerfile": "FROM scratch\nEXPOSE 7200\n"}, []),
]


@pytest.mark.parametrize(
    ("files", "messages"), [each[1:] for each in RANGES], ids=[each[0] for each in RANGES]
)
def test_range_applies_to_unpublished_ports(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], messages: list[str]
) -> None:
    monkeypatch.chdir(repository({**files, "structlint.yaml": RANGE}).path)
    _, out, _ = run("check", ".", "--select", "port-mismatch")
    lines = [line for line in out.splitlines() if line.startswith("warning")]
    assert [line.partition(": ")[2] for line in lines] == [
        f"{each}, but `ports` assigns each `<service>` a port in 7001-7099" for each in messages
    ]


LONG_ERRORS = [
    ("published: eighty", "`published: eighty` is not a port: a port is a number, such as 8000, or a range,"),
    ("published: 99999", "`published: 99999` is not a port: a port is a number from 1 to 65535"),
    ("protocol: icmp", "`protocol: icmp` is not a protocol: a protocol is one of tcp, udp, sctp"),
    ("host_ip: here", "`host_ip: here` is not an address: an address is written like 127.0.0.1 or [::1]"),
]


@pytest.mark.parametrize(("line", "message"), LONG_ERRORS)
def test_error_in_long_syntax_names_key_and_line(line: str, message: str) -> None:
    text = f"services:\n  web:\n    image: web\n    ports:\n      - target: 80\n        {line}\n"
    (note,) = notes_on({"compose.yaml": text})
    assert note.startswith(f"compose.yaml:6: {message}")


def test_hexadecimal_numbers() -> None:
    text = services("web: {image: web, ports: [{target: 0x50, published: 0x1F40}]}")
    assert ports_in({"compose.yaml": text}) == ["web 8000/tcp compose.yaml:2"]


@pytest.mark.parametrize(
    "empty", ["ports:   # who listens where\n", "ports: {}\n", "ports: ~\n", "ports: null\n"]
)
def test_empty_ports_setting(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    files = {"structlint.yaml": f"{empty}tree: {{compose.yaml: }}\n", "compose.yaml": services(WEB)}
    monkeypatch.chdir(repository(files).path)
    assert run("check", ".")[0] == 0
    assert run("ports", "--write").status == 0
    assert "web: 80" in Path("structlint.yaml").read_text()
    assert run("check", ".")[0] == 0


TABLE = [
    (
        "P11: EXPOSE of a directory that a service is built from",
        "ports: {pay: 7901}\n",
        {
            "compose.yaml": services("pay: {build: services/till}"),
            "services/till/Dockerfile": "FROM scratch\nEXPOSE 7902\n",
        },
        ["port-mismatch services/till/Dockerfile:2"],
    ),
    (
        "P11: a Dockerfile of another name",
        "ports: {pay: 7901}\n",
        {
            "compose.yaml": services("pay: {build: {context: ., dockerfile: docker/pay.Dockerfile}}"),
            "docker/pay.Dockerfile": "FROM scratch\nEXPOSE 7902\n",
        },
        ["port-mismatch docker/pay.Dockerfile:2"],
    ),
    (
        "P28: a product by its name",
        "ports: {postgresql: 5432}\n",
        {"compose.yaml": services("postgres: {image: 'postgres:16', ports: ['5432:5432']}")},
        [],
    ),
    (
        "P28: a product by its image",
        "ports: {postgres: 5432}\n",
        {"compose.yaml": services("db: {image: 'bitnami/postgresql:16-debian', ports: ['5433:5432']}")},
        ["port-mismatch compose.yaml:2"],
    ),
    (
        "P28: two services of one product",
        "ports: {postgresql: 5432}\n",
        {
            "compose.yaml": services(
                "one: {image: postgres, ports: ['5432:5432']}", "two: {image: postgres, ports: ['5433:5432']}"
            )
        },
        ["unknown-port compose.yaml:2", "unknown-port compose.yaml:3"],
    ),
    (
        "P31: PORT= twice",
        "tree: {services/: {<service>/: }}\n",
        {"services/mail/.env.example": "PORT=7140\n", "services/pay/.env.example": "PORT=7140\n"},
        ["listen-conflict services/pay/.env.example:1"],
    ),
    (
        "P31: in containers",
        "tree: {services/: {<service>/: }}\n",
        {
            "services/mail/.env.example": "PORT=7140\n",
            "services/pay/.env.example": "PORT=7140\n",
            "services/pay/Dockerfile": "FROM scratch\n",
        },
        [],
    ),
    (
        "no services in the layout",
        "tree: {services/: {mail/: , pay/: }}\n",
        {"services/mail/.env.example": "PORT=7140\n", "services/pay/.env.example": "PORT=7140\n"},
        [],
    ),
    (
        "P34: scripts",
        "tree: {apps/: {<app>/: }}\nports: {shop: 7130, desk: 7131}\n",
        {
            "apps/shop/package.json": '{"scripts": {"dev": "serve --port 7130"}}',
            "apps/desk/package.json": '{\n"scripts": {\n"dev": "serve --port 7130"}}',
        },
        ["listen-conflict apps/shop/package.json:1", "port-mismatch apps/desk/package.json:3"],
    ),
    (
        "P34: settings of Spring, twice",
        "tree: {apps/: {<app>/: }}\n",
        {
            "apps/shop/src/main/resources/application.yml": "server:\n  port: ${PORT:7130}\n",
            "apps/desk/src/main/resources/application.properties": "a=b\nserver.port=7130\n",
        },
        ["listen-conflict apps/shop/src/main/resources/application.yml:2"],
    ),
    (
        "P34: launchSettings",
        "ports: {Shop: 7130}\n",
        {
            "src/Shop/Properties/launchSettings.json": '{"profiles": {\n"Shop": {"commandName": "Project",\n'
            '"applicationUrl": "https://localhost:7131;http://localhost:7132"}}}'
        },
        ["port-mismatch src/Shop/Properties/launchSettings.json:3"],
    ),
    (
        "P35: a port that leads nowhere",
        "ports: {pay: 7150}\n",
        {
            "compose.yaml": services("pay: {build: services/pay, ports: ['7150:7150']}"),
            "services/pay/Dockerfile": "FROM scratch\nEXPOSE 3000\n",
            "services/pay/.env.example": "PORT=3000\n",
        },
        ["unexposed-port compose.yaml:2"],
    ),
    (
        "P35: a port that the program mentions",
        "ports: {pay: 7150}\n",
        {
            "compose.yaml": services("pay: {build: services/pay, ports: ['7150:7150']}"),
            "services/pay/Dockerfile": "FROM scratch\nEXPOSE 3000\n",
            "services/pay/main.py": "serve(7150)\n",
        },
        [],
    ),
    (
        "P35: another stage",
        "ports: {pay: 7150}\n",
        {
            "compose.yaml": services("pay: {build: {context: pay, target: dev}, ports: ['7150:7150']}"),
            "pay/Dockerfile": "FROM scratch AS dev\nFROM scratch\nEXPOSE 3000\n",
        },
        [],
    ),
    (
        "next to a correct mapping",
        "ports: {pay: [7150, 9229]}\n",
        {
            "compose.yaml": services("pay: {build: pay, ports: ['7150:3000', '9229:9229']}"),
            "pay/Dockerfile": "FROM scratch\nEXPOSE 3000\n",
        },
        [],
    ),
]


@pytest.mark.parametrize(
    ("layout", "files", "expected"), [each[1:] for each in TABLE], ids=[each[0] for each in TABLE]
)
def test_ports_of_all_sources_are_compared(
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
    files: dict[str, str],
    expected: list[str],
) -> None:
    monkeypatch.chdir(repository({**files, "structlint.yaml": layout}).path)
    rules = "port-*,unknown-port,listen-conflict,unexposed-port"
    result = run("check", ".", "--select", rules, "--output-format", "json")
    findings = json.loads(result.out)["findings"]
    assert sorted(f"{each['rule']} {each['path']}:{each['line']}" for each in findings) == expected, (
        result.out
    )


def test_ignored_conflicts_are_marked(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = services("web: {image: web, ports: ['7080:80']}", "help: {image: help, ports: ['7080:81']}")
    accepted = "ignore: [{rule: port-conflict, path: /compose.yaml, why: never run together}]\n"
    monkeypatch.chdir(repository({"structlint.yaml": accepted, "compose.yaml": pair}).path)
    assert run("check", ".")[0] == 0
    _, out, err = run("ports")
    assert "accepted" in out
    assert "conflict" not in out
    assert err == "2 ports\n"
    Path("structlint.yaml").write_text("severity: {port-conflict: off}\n")
    assert "accepted" in run("ports").out


def test_one_row_per_service_and_port(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "structlint.yaml": "ports: {pay: 7110}\n",
        "compose.yaml": services("pay: {build: s/pay, ports: ['7110:7110']}"),
        "s/pay/Dockerfile": "FROM scratch\nEXPOSE 7110\n",
        "s/pay/.env.example": "PORT=7110\n",
    }
    monkeypatch.chdir(repository(files).path)
    _, out, err = run("ports")
    assert [" ".join(line.split()) for line in out.splitlines()[1:]] == ["7110 pay 7110 compose.yaml:2 +2"]
    assert err == "1 port\n"


def test_problems_are_visible_in_80_columns(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, path = "a-service-with-a-rather-long-name", "a/directory/that/is/deep/down/below/compose.yaml"
    text = services(f"{name}: {{image: a, ports: ['80:80']}}", "b: {image: b, ports: ['80:81']}")
    monkeypatch.chdir(repository({"structlint.yaml": "ports: {b: 80}\n", path: text}).path)
    lines = run("ports").out.splitlines()
    assert ["not listed" in lines[1][:80], "conflict" in lines[2][:80]] == [True, True]


def test_ports_of_an_override_are_added(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "structlint.yaml": "ports: {web: 8001}\n",
        "compose.yaml": services("web: {image: web, ports: ['8000:80']}"),
        "compose.override.yaml": services("web: {ports: ['8001:80']}"),
    }
    monkeypatch.chdir(repository(files).path)
    _, out, err = run("check", ".", "--select", "port-*")
    assert "`ports` of several files add up" in out
    note = "compose.override.yaml:2: `web` publishes port 80 of its container as 8001, and also as 8000 ("
    assert note in out + err
    Path("compose.override.yaml").write_text(services("web: {ports: !override ['8001:80']}"))
    assert run("check", ".", "--select", "port-*").status == 0


ALTERNATIVES = [
    ("a word of the name", "ollama-cpu: {image: a", "ollama-gpu: {image: b", True),
    ("the image", "small: {image: llm", "large: {image: llm", True),
    ("the build", "small: {build: llm", "large: {build: ./llm", True),
    ("nothing", "small: {image: a", "large: {image: b", False),
    ("a generic word", "mail-service: {image: a", "shop-service: {image: b", False),
]


@pytest.mark.parametrize(
    ("one", "other", "alternatives"),
    [each[1:] for each in ALTERNATIVES],
    ids=[each[0] for each in ALTERNATIVES],
)
def test_alternatives_in_profiles(one: str, other: str, alternatives: bool) -> None:
    rest = "profiles: [{}], ports: ['7060:80']}}"
    text = services(f"{one}, {rest.format('one')}", f"{other}, {rest.format('two')}")
    assert (collisions({"compose.yaml": text}) == []) is alternatives
    both = {"compose.yaml": text, ".env": "COMPOSE_PROFILES=one,two\n"}
    assert len(collisions(both)) == 1  # a plain `up` starts both
    assert len(collisions({"compose.yaml": text.replace("[two]", "[one]")})) == 1


@pytest.mark.parametrize("directory", ["testdata", "pkg/fixtures/a", "__fixtures__", "tests/test-data"])
def test_fixture_directories_are_skipped(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, directory: str
) -> None:
    path = f"{directory}/compose.yaml"
    repository({path: PAIR, "README.md": "", f"{directory}/mail/Dockerfile": "FROM a\nEXPOSE 8001\n"})
    monkeypatch.chdir(tmp_path / "repo")
    assert run("check").status == 0
    assert "no ports found" in run("ports").err
    declared = f"ports: {{.: {{together: [{path}]}}}}\n"
    repository({path: PAIR, "structlint.yaml": declared}, at="declared")
    monkeypatch.chdir(tmp_path / "declared")
    assert "port-conflict" in run("check", "--output-format", "concise").out
