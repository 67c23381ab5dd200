"""Compose files that run together: incomplete files, dev containers, commands and networks."""

from __future__ import annotations

import pytest
from conftest import Make, Run
from tables import table
from test_ports_compose import Files, collisions


def services(*lines: str) -> str:
    return "services:\n" + "".join(f"  {line}\n" for line in lines)


WEB = services("web: {image: web, ports: ['7700:80']}")
COPY = "ports: ['127.0.0.1:7700:90']"
HIT = ["compose.yaml:2 web - compose.x.yaml:2 copy"]


def incomplete_file(base: str, used: str) -> Files:
    """A default file that ends with `base`, and a second file whose service uses something of it."""
    return {"compose.yaml": WEB + base, "compose.x.yaml": services(f"copy: {{image: copy, {used}, {COPY}}}")}


STORE = services("store: {image: store, ports: ['7710:80']}", "find: {image: find, ports: ['7711:80']}")
SHOP = "shop: {image: shop, depends_on: {find: {condition: service_started}}, ports: ['7711:8080']}"
INCOMPLETE = [
    (
        "a network",
        incomplete_file("networks: {inner: {driver: bridge}}\n", "networks: {inner: {aliases: [t]}}"),
        HIT,
    ),
    ("a network in a list", incomplete_file("networks: {inner: }\n", "networks: [inner]"), HIT),
    ("a volume", incomplete_file("volumes: {files: }\n", "volumes: ['files:/in:ro']"), HIT),
    (
        "a volume in the long syntax",
        incomplete_file("volumes: {files: }\n", "volumes: [{type: volume, source: files, target: /in}]"),
        HIT,
    ),
    ("a config", incomplete_file("configs: {rules: {file: rules}}\n", "configs: [rules]"), HIT),
    (
        "a config with a target",
        incomplete_file("configs: {rules: {file: x}}\n", "configs: [{source: rules}]"),
        HIT,
    ),
    ("a secret", incomplete_file("secrets: {key: {file: key}}\n", "secrets: [key]"), HIT),
    ("a service that it depends on", incomplete_file("", "depends_on: [web]"), HIT),
    ("a link", incomplete_file("", "links: ['web:www']"), HIT),
    ("a network namespace", incomplete_file("", "pid: 'service:web'"), HIT),
    ("volumes of a service", incomplete_file("", "volumes_from: ['web:ro']"), HIT),
    ("a directory of the host", incomplete_file("volumes: {files: }\n", "volumes: ['./files:/in']"), []),
    ("a drive of Windows", incomplete_file("volumes: {c: }\n", r"volumes: ['c:\in:/in']"), []),
    ("a volume without a name", incomplete_file("volumes: {files: }\n", "volumes: ['/files']"), []),
    (
        "the predefined network",
        incomplete_file("networks: {default: {driver: bridge}}\n", "networks: [default]"),
        [],
    ),
    ("a service that it does without", incomplete_file("", "depends_on: {web: {required: false}}"), []),
    ("a container", incomplete_file("", "volumes_from: ['container:web']"), []),
    ("not defined anywhere", incomplete_file("", "networks: [inner]"), []),
    (
        "defined in the same file",
        {
            "compose.yaml": WEB + "networks: {inner: }\n",
            "compose.x.yaml": services(f"copy: {{image: copy, networks: [inner], {COPY}}}")
            + "networks: {inner: }\n",
        },
        [],
    ),
    (
        "defined in an included file",
        {
            "compose.yaml": WEB + "networks: {inner: }\n",
            "compose.x.yaml": services(f"copy: {{image: copy, networks: [inner], {COPY}}}")
            + "include: [net.yml]\n",
            "net.yml": "networks: {inner: }\n",
        },
        [],
    ),
    (
        "without a default file",
        {"compose.store.yaml": STORE, "compose.shop.yaml": services(SHOP)},
        ["compose.store.yaml:3 find - compose.shop.yaml:2 shop"],
    ),
    (
        "two files, each with a part",
        {
            "compose.net.yaml": services("net: {image: n, ports: ['7711:1']}") + "networks: {inner: }\n",
            "compose.find.yaml": services("find: {image: f}"),
            "compose.shop.yaml": services(SHOP.replace("ports", "networks: [inner], ports")),
        },
        ["compose.shop.yaml:2 shop - compose.net.yaml:2 net"],
    ),
    (
        "each of two alternatives",
        {
            "compose.a.yaml": STORE,
            "compose.b.yaml": services("find: {image: f}", "b: {image: b, ports: ['7711:1']}"),
            "compose.shop.yaml": services(SHOP),
        },
        [
            "compose.shop.yaml:2 shop - compose.a.yaml:3 find",
            "compose.shop.yaml:2 shop - compose.b.yaml:3 b",
        ],
    ),
    (
        "the default file of a directory above",
        {"compose.yaml": WEB, "deploy/compose.prod.yaml": services("web: {ports: ['7701:80']}")},
        [],
    ),
    (
        "the default file above, in conflict",
        {
            "compose.yaml": WEB,
            "deploy/compose.prod.yaml": services(
                "web: {restart: always}", "more: {image: m, ports: ['7700:1']}"
            ),
        },
        ["deploy/compose.prod.yaml:3 more - compose.yaml:2 web"],
    ),
]


@table(("files", "hits"), [each[1:] for each in INCOMPLETE], ids=[each[0] for each in INCOMPLETE])
def test_file_that_cannot_run_alone(files: Files, hits: list[str]) -> None:
    assert collisions(files) == hits


DB = services("db: {image: db, ports: ['7800:5432']}")
WORK = services("work: {image: work, ports: ['7800:3000']}")
CONTAINER = ".devcontainer/devcontainer.json"
DEV_CONTAINERS = [
    ("a list", '["../compose.yaml", "compose.dev.yaml"]', True),
    ("with comments", '[\n // ours\n "../compose.yaml", "./compose.dev.yaml",]', True),
    ("one file", '"compose.dev.yaml"', False),
    ("a missing file", '["../compose.yaml", "compose.dev.yaml", "no.yaml"]', False),
    ("outside of the repository", '["../../compose.yaml", "compose.dev.yaml"]', False),
    ("nothing", "null", False),
]


@pytest.mark.parametrize(
    ("value", "hit"), [each[1:] for each in DEV_CONTAINERS], ids=[x[0] for x in DEV_CONTAINERS]
)
def test_compose_files_of_a_dev_container(value: str, hit: bool) -> None:
    files = {
        "compose.yaml": DB,
        ".devcontainer/compose.dev.yaml": WORK,
        CONTAINER: f'{{"dockerComposeFile": {value}, "service": "work"}}',
    }
    expected = ["compose.yaml:2 db - .devcontainer/compose.dev.yaml:2 work"]
    assert collisions(files) == (expected if hit else [])


COMMANDS = [
    ("Makefile", "up:\n\tdocker compose -f db.yml -f work.yml up -d\n", True),
    ("Makefile", "DC := docker-compose --file=db.yml --file work.yml\nup:\n\t$(DC) up\n", True),
    ("ops/dev.mk", "up:\n\tdocker compose \\\n\t  -f db.yml \\\n\t  -f work.yml up\n", True),
    ("package.json", '{"scripts": {"up": "docker compose -f \\"db.yml\\" -f ./work.yml up"}}', True),
    ("scripts/up.sh", "cd .. && docker compose -p x --ansi never -f db.yml -f work.yml up\n", True),
    ("scripts/up.sh", "docker compose -f ../db.yml -f ../work.yml up\n", True),
    (".github/workflows/ci.yml", "jobs: {a: {steps: [{run: docker compose -fdb.yml -fwork.yml up}]}}", True),
    (".github/workflows/ci.yml", "env: {COMPOSE_FILE: 'db.yml:work.yml'}\n", True),
    (".gitlab-ci.yml", "up: {script: ['docker compose -f db.yml -f work.yml up']}", True),
    ("justfile", "up:\n  docker compose -f db.yml -f work.yml up\n", True),
    ("up.ps1", "docker compose -f db.yml `\n  -f work.yml up\n", True),
    ("up.sh", "export COMPOSE_FILE=db.yml:work.yml\n", True),
    ("up.sh", "docker compose -f db.yml up; docker compose -f work.yml up\n", False),
    ("up.sh", "# docker compose -f db.yml -f work.yml up\n", False),
    ("up.sh", "docker compose -f db.yml -f $FILE up\n", False),
    ("up.sh", "docker compose -f db.yml exec db psql -f work.yml\n", False),
    ("up.sh", "docker compose -f db.yml -f work.yml -f none.yml up\n", False),
    ("up.txt", "docker compose -f db.yml -f work.yml up\n", False),
    ("src/up.sh.py", "docker compose -f db.yml -f work.yml up\n", False),
]


@pytest.mark.parametrize(("path", "text", "hit"), COMMANDS)
def test_compose_files_in_commands(path: str, text: str, hit: bool) -> None:
    files = {"db.yml": DB, "work.yml": WORK, path: text}
    assert collisions(files) == (["work.yml:2 work - db.yml:2 db"] if hit else [])


def test_variables_and_profiles_in_commands() -> None:
    files = {
        "db.yml": services("db: {image: db, ports: ['${DB}:5432']}"),
        "work.yml": services(
            "work: {image: work, profiles: [a], ports: ['7800:3000']}",
            "more: {image: more, profiles: [b], ports: ['7800:3000']}",
        ),
        "env/dev.env": "DB=7801\n",
        "up.sh": "docker compose --env-file env/dev.env -f db.yml -f work.yml --profile a --profile=b up",
    }
    assert collisions(files) == ["work.yml:3 more - work.yml:2 work"]
    files["env/dev.env"] = "DB=7800\n"
    assert collisions(files) == ["work.yml:2 work - db.yml:2 db", "work.yml:3 more - db.yml:2 db"]


def test_file_in_a_command_is_a_project_if_it_has_the_default_name() -> None:
    """`docker compose up` starts the default file without the other files in the command."""
    more = services("db: {image: db, ports: !override ['7801:5432']}")
    both = services("db: {image: db, ports: ['7800:1']}", "b: {image: b, ports: ['7800:1']}")
    up = "docker compose -f {} -f more.yml up"
    assert collisions({"base.yml": both, "more.yml": more, "up.sh": up.format("base.yml")}) == []
    assert collisions({"compose.yml": both, "more.yml": more, "up.sh": up.format("compose.yml")}) == [
        "compose.yml:3 b - compose.yml:2 db"
    ]


A, B = services("a: {image: a, ports: ['7900:80']}"), services("b: {image: b, ports: ['7900:80']}")
NODES = """\
kind: Service
apiVersion: v1
metadata: {{name: {}}}
spec: {{type: NodePort, ports: [{{port: 80, nodePort: 31000}}]}}
"""
TOGETHER = [
    ("two projects", "[/a/compose.yaml, /b/compose.yaml]", {"a/compose.yaml": A, "b/compose.yaml": B}, True),
    ("a pattern", "[/*/compose.yaml]", {"a/compose.yaml": A, "b/compose.yaml": B}, True),
    ("one of them", "[/a/]", {"a/compose.yaml": A, "b/compose.yaml": B}, False),
    ("files of other names", "[/stacks/]", {"stacks/a.yaml": A, "stacks/b.yaml": B}, True),
    ("nothing", "[]", {"a/compose.yaml": A, "b/compose.yaml": B}, False),
    ("all but one", "['*.yaml', '!/b/compose.yaml']", {"a/compose.yaml": A, "b/compose.yaml": B}, False),
    (
        "one project twice",
        "['*.yaml']",
        {"a/compose.yaml": A, "a/compose.x.yaml": "services: {a: {scale: 1}}"},
        False,
    ),
    (
        "manifests",
        "[deploy/]",
        {"deploy/a/s.yaml": NODES.format("a"), "deploy/b/s.yaml": NODES.format("b")},
        True,
    ),
    (
        "included by a project",
        "[/a/compose.yaml, /b/]",
        {"a/compose.yaml": "include: [../x.yml]", "x.yml": A, "b/compose.yaml": B},
        True,
    ),
]


@pytest.mark.parametrize(
    ("patterns", "files", "hit"), [each[1:] for each in TOGETHER], ids=[each[0] for each in TOGETHER]
)
def test_together_setting(
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    patterns: str,
    files: dict[str, str],
    hit: bool,
) -> None:
    layout = f"ports: {{.: {{together: {patterns}}}}}\n"
    monkeypatch.chdir(repository({**files, "structlint.yaml": layout}).path)
    status, out, err = run("check", ".", "--select", "port-conflict")
    assert (status, "(port-conflict)" in out) == (int(hit), hit), out + err
    assert "error" not in run("ports").err


def test_together_setting_is_inherited(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"structlint.yaml": "extends: base.yaml\nports: {.: {together: [b]}, x: 1}\n"}
    files["base.yaml"] = "ports: {.: {together: [a]}}\n"
    monkeypatch.chdir(repository(files).path)
    shown = run("check", "--show-config").out
    lines = [line.partition("  #")[0].rstrip() for line in shown.splitlines()]
    assert lines[lines.index("ports:") :][:6] == [
        "ports:",
        "  .:",
        "    together:",
        '      - "a"',
        '      - "b"',
        "  x: 1",
    ]


PROXY = "networks: {proxy: {external: true}}\n"
NETWORKS = [
    ("one external network", {"a/compose.yml": A + PROXY, "b/compose.yml": B + PROXY}, True),
    (
        "by its name",
        {"a/compose.yml": A + "networks: {x: {external: true, name: proxy}}", "b/compose.yml": B + PROXY},
        True,
    ),
    (
        "in the old form",
        {"a/compose.yml": A + "networks: {x: {external: {name: proxy}}}", "b/compose.yml": B + PROXY},
        True,
    ),
    (
        "networks of their own",
        {"a/compose.yml": A + "networks: {proxy: }", "b/compose.yml": B + PROXY},
        False,
    ),
    (
        "another network",
        {"a/compose.yml": A + PROXY, "b/compose.yml": B + PROXY.replace("proxy", "p")},
        False,
    ),
    ("variants of one directory", {"a/compose.yml": A + PROXY, "a/compose.b.yml": B + PROXY}, False),
    (
        "variants of one project",
        {"a/compose.yml": A + PROXY, "b/compose.yml": B + "  a: {image: a, ports: ['1:1']}\n" + PROXY},
        False,
    ),
]


@pytest.mark.parametrize(
    ("files", "hit"), [each[1:] for each in NETWORKS], ids=[each[0] for each in NETWORKS]
)
def test_projects_in_one_external_network(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], hit: bool
) -> None:
    monkeypatch.chdir(repository(files).path)
    status, out, _ = run("check", ".", "--select", "port-conflict")
    assert status == 0, "a warning"
    assert ("both join the network `proxy`" in out) == hit


def test_project_in_several_commands_is_read_once() -> None:
    """Also with another directory, variables or profiles: no port is reported twice."""
    files = {"a/compose.yml": A, "Makefile": "docker compose -f a/compose.yml --profile x up\n"}
    files |= {"a/up.sh": "docker compose -f compose.yml up\n", ".env": "X=1\n"}
    assert collisions(files) == []


def compose_files(*directories: str, port: str = "8080:80") -> dict[str, str]:
    """A compose file in each directory, with one service of that name."""
    return {
        f"{directory}compose.yaml": services(f"s-{number}: {{image: x, ports: ['{port}']}}")
        for number, directory in enumerate(directories)
    }


NOTE = (
    "note: Compose files in {} directories publish port {}, such as `a/compose.yaml` and `b/compose.yaml`; "
    "if they run on one machine, list them under `together` in `ports`"
)
TIED = "networks: {shop: {external: true}}\n"
SHARED = {
    "three directories": ("", compose_files("a/", "b/", "c/"), NOTE.format(3, 8080)),
    "two directories": ("", compose_files("a/", "b/"), ""),
    "one port of a range": ("", compose_files("a/", "b/", "c/", port="8080-8090:80"), ""),
    "examples": ("", compose_files("a/", "b/", "examples/c/"), ""),
    "a network": ("", {path: text + TIED for path, text in compose_files("a/", "b/", "c/").items()}, ""),
    "declared": ("ports: {.: {together: [/a/]}}\n", compose_files("a/", "b/", "c/"), ""),
    "other ports": ("", compose_files("a/", "b/") | compose_files("c/", "d/", port="81:80"), ""),
}


@pytest.mark.parametrize(("layout", "files", "note"), SHARED.values(), ids=SHARED)
def test_same_port_in_many_directories_is_a_note(
    layout: str, files: dict[str, str], note: str, repository: Make, run: Run
) -> None:
    git = repository({"structlint.yaml": layout + "tree: {.: {unlisted: allow}}\n", **files})
    lines = [line for line in run("check", str(git.path)).out.splitlines() if "directories publish" in line]
    assert lines == ([note] if note else [])
