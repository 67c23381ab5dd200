"""`structlint ports`: the table, the next free port, `--write`, and the ports in `init`."""

from __future__ import annotations

import json

import pytest
from conftest import Make, Run

COMPOSE = """\
services:
  gateway:
    image: gateway
    ports: ["8000:80", "8443:443"]
  auth:
    build: services/auth-service
    ports: ["8001:80"]
  billing:
    build: services/billing
    expose: [9000]
    ports: ["${BILLING:-8001}:80"]
  dns:
    image: dns
    profiles: [extra]
    ports: ["127.0.0.1:53:53/udp"]
"""
LAYOUT = """\
tree:
  compose.yaml:
  services/: {<service>/: }
ports:
  gateway: 8000  # the only one outside
  <service>: 8001-8003
  grafana: 3000
"""
FILES = {
    "compose.yaml": COMPOSE,
    "services/auth-service/Dockerfile": "FROM scratch\nEXPOSE 80\n",
    "services/billing/.env.example": "PORT=9000\n",
}


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository({**FILES, "structlint.yaml": LAYOUT}).path)


def table_cells(out: str) -> list[list[str]]:
    head, *lines = out.splitlines()
    starts = [head.index(name) for name in ("port", "service", "status", "in `ports`", "where")]
    spans = list(zip(starts, [*starts[1:], None], strict=True))
    return [[line[start:end].strip() for start, end in spans] for line in lines]


def test_table(shop: None, run: Run) -> None:
    status, out, err = run("ports")
    assert status == 0
    assert [[" ".join(cell.split()) for cell in row] for row in table_cells(out)] == [
        ["53/udp", "dns", "not listed", "", "compose.yaml:15"],
        ["8000", "gateway", "", "8000", "compose.yaml:4"],
        ["8001", "auth", "", "8001-8003", "compose.yaml:7 +1"],
        ["8001", "billing", "conflict", "8001-8003", "compose.yaml:11 also auth, compose.yaml:7"],
        ["8443", "gateway", "mismatch", "8000", "compose.yaml:4"],
        ["9000", "billing", "", "8001-8003", "compose.yaml:10 +1"],
        ["3000", "grafana", "unused", "3000", "structlint.yaml:7 not published"],
    ]
    assert err == "6 ports, 3 with problems; run `structlint check` for details\n"


def test_markdown_output(shop: None, run: Run) -> None:
    lines = run("ports", "--output-format", "markdown").out.splitlines()
    assert lines[0] == "| port | service | status | in `ports` | where | problem |"
    expected = "| 8001 | billing | conflict | 8001-8003 | `compose.yaml:11` | `also auth, compose.yaml:7` |"
    assert lines[5] == expected
    assert len({line.count("|") for line in lines}) == 1


def test_json_output(shop: None, run: Run) -> None:
    ports = json.loads(run("ports", "--output-format", "json").out)["ports"]
    assert ports[0] == {
        "service": "dns",
        "first": 53,
        "last": 53,
        "protocol": "udp",
        "address": "127.0.0.1",
        "kind": "compose",
        "file": "compose.yaml",
        "line": 15,
        "profiles": ["extra"],
        "declared": None,
        "given": None,
        "state": "unknown",
        "says": "",
    }
    assert [each["state"] for each in ports][1:5] == ["ok", "ok", "conflict", "mismatch"]


def test_json_output_with_hostile_names(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Different names stay different, and no name is a workflow command."""
    compose = "services: {web: {ports: ['80:80']}}\n"
    git = repository({f"{name}/compose.yaml": compose for name in (r"\xff", "\udcff", "##[error]x")})
    monkeypatch.chdir(git.path)
    out = run("ports", "--output-format", "json").out
    files = {each["file"] for each in json.loads(out)["ports"]}
    assert files == {r"\xff/compose.yaml", r'"\xff/compose.yaml"', "##[error]x/compose.yaml"}
    assert "##[" not in out


FREE = [
    ("8000-8100", 0, "8002\n"),
    ("service", 0, "8002\n"),
    ("<service>", 0, "8002\n"),
    ("3000-3001", 0, "3001\n"),
    ("8001", 2, "no port in 8001 is free"),
    ("9-1", 2, "--free `9-1`: the range ends before it begins"),
    ("8000-99999", 2, "--free `8000-99999`: a port is a number from 1 to 65535"),
    ("web", 2, "`ports` has no range for `<web>`: it has one for `<service>`; write a range as 8000-8099"),
]


@pytest.mark.parametrize(("argument", "status", "expected"), FREE, ids=[case[0] for case in FREE])
def test_next_free_port(shop: None, run: Run, argument: str, status: int, expected: str) -> None:
    result = run("ports", "--free", argument)
    assert (result.status, result.out or result.err) == (
        status,
        expected if status == 0 else f"structlint: {expected}\n",
    )


def test_write_adds_unlisted_services(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    git = repository(
        {**FILES, "structlint.yaml": LAYOUT.replace("  gateway: 8000  # the only one outside\n", "")}
    )
    monkeypatch.chdir(git.path)
    status, out, err = run("ports", "--write")
    assert (status, out) == (0, "")
    assert err.splitlines()[-1] == "structlint.yaml: added gateway: [8000, 8443], dns: 53/udp"
    text = (git.path / "structlint.yaml").read_text()
    assert text.endswith("  grafana: 3000\n  gateway: [8000, 8443]\n  dns: 53/udp\n")
    assert run("ports", "--write").err == "`ports` lists every published service\n"
    assert "unknown-port" not in run("check").out


def test_write_skips_a_port_of_two_services(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    two = 'services: {b: {image: x, ports: ["80:80"]}}'
    files = {"a/compose.yml": two.replace("b:", "a:", 1), "b/compose.yml": two}
    git = repository({**files, "structlint.yaml": "about: x\n"})
    monkeypatch.chdir(git.path)
    err = run("ports", "--write").err.splitlines()
    assert err[0] == "skipped: `b` publishes port 80 of `a`"
    assert (git.path / "structlint.yaml").read_text() == "about: x\n\nports:\n  a: 80\n"
    assert run("check", "--select", "port-*").status == 0


REFUSED = [
    (("--write", "--rev", "HEAD"), "--write needs the files on disk; remove --rev and --tracked"),
    (
        ("--write", "-l", "microservices"),
        "--write needs a layout in a YAML file; `microservices` is not one",
    ),
    (("--write", "--free", "1-2"), "--free and --write cannot be used together; use one of them"),
]


@pytest.mark.parametrize(("arguments", "expected"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_invalid_options(shop: None, run: Run, arguments: tuple[str, ...], expected: str) -> None:
    result = run("ports", *arguments)
    assert result.status == 2
    assert result.err == f"structlint: {expected}\n"


def test_without_a_layout(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(repository(FILES).path)
    assert [row[1] for row in table_cells(run("ports").out)][:2] == ["dns", "gateway"]
    assert run("ports", "--write").err == (
        "structlint: no structlint.yaml to add ports to; create one with `structlint init`\n"
    )


def test_project_without_ports(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(repository({"a.py": ""}).path)
    assert run("ports") == (0, "", "no ports found\n")


@pytest.mark.parametrize("arguments", [(), ("--infer",)], ids=["fitted", "inferred"])
def test_init_fills_ports(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, arguments: tuple[str, ...]
) -> None:
    git = repository({**FILES, "compose.yaml": COMPOSE.replace("8001", "8002", 1), "README.md": "# Shop\n"})
    monkeypatch.chdir(git.path)
    assert run("init", *arguments).status == 0
    text = (git.path / "structlint.yaml").read_text()
    assert text.endswith("\nports:\n  gateway: [8000, 8443]\n  auth: 8002\n  billing: 8001\n  dns: 53/udp\n")
    assert run("check", "-q", "--select", "*port*") == (0, "", "")


def test_port_assigned_by_name_is_excluded_from_the_range(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    compose = 'services: {auth: {build: services/auth-service, ports: ["8000:80"]}}'
    layout = LAYOUT.replace("8001-8003", "8000-8003")
    monkeypatch.chdir(repository({**FILES, "compose.yaml": compose, "structlint.yaml": layout}).path)
    assert "[port-mismatch]" in run("check", "--output-format", "concise", "--select", "port-*").out


def test_exact_service_name_takes_precedence(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = """\
services:
  web1: {build: ./web, ports: ["81:80"]}
  web2: {build: ./web, ports: ["82:80"]}
  web: {image: x, ports: ["80:80"]}
  other: {image: x, ports: ["127.0.0.1:80:80"]}
"""
    monkeypatch.chdir(
        repository({"structlint.yaml": "ports: {web1: 81, web2: 82, web: 80}", "compose.yaml": compose}).path
    )
    result = run("check", "--select", "port-mismatch,unknown-port", "--output-format", "concise")
    assert result.out == (
        "compose.yaml:5: warning: `other` publishes port 80, but `ports` does not list it [unknown-port] -- "
        "use another port (`ports` assigns this one to `web`), or add it to `ignore`\n"
    )


def test_service_directory_is_determined_by_the_layout(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    layout = "tree: {services/: {<service>/: }}\nports: {<service>: 8000-8099}\n"
    dockerfiles = ("services/auth/build/prod/Dockerfile", "services/mail/docker/Dockerfile")
    files = {"structlint.yaml": layout, **dict.fromkeys(dockerfiles, "EXPOSE 8001\n")}
    monkeypatch.chdir(repository(files).path)
    assert [row[1] for row in table_cells(run("ports").out)] == ["auth", "mail"]
