"""Ports in Kubernetes manifests, and those that Dockerfiles and their like name for comparison."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.ports.conflicts import conflicts
from structlint.ports.port import Port, Sighted
from structlint.ports.sight import published, said

Files = Mapping[str, str]


def sighted(files: Files) -> Sighted:
    return published(files, lambda path: dedent(files[path]).encode())


def shown(port: Port) -> str:
    address = f"{port.address}:" if port.address else ""
    return f"{port.service} {address}{port.numbers} {port.place} by {port.kind}"


def told(files: Files) -> list[str]:
    """The notes, and the conflicts with a `!` if they are certain and a `?` if not."""
    seen = sighted(files)
    notes = [f"{each.file}:{each.line}: {each.message}" for each in seen.problems]
    return notes + [
        f"{'!' if hit.certain else '?'} {hit.port.service} {hit.port.place}, "
        f"{hit.other.service} {hit.other.place}"
        for hit in conflicts(seen.on_hosts)
    ]


def service(name: str, *ports: object) -> str:
    lines = [f"- {{port: 80, nodePort: {port}}}" for port in ports]
    spec = "\n".join(f"  {line}" for line in ["ports:", *lines])
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec:\n{spec}\n"


def pod(kind: str, name: str, container: str, more: str = "") -> str:
    """A workload whose pod has one container."""
    spec = f"{{{more}containers: [{{name: x, ports: [{container}]}}]}}"
    around = {
        "Pod": "spec: {}",
        "CronJob": "spec: {{jobTemplate: {{spec: {{template: {{spec: {}}}}}}}}}",
    }.get(kind, "spec: {{template: {{spec: {}}}}}")
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{around.format(spec)}\n"


FOUND: list[tuple[str, str, list[str]]] = [
    ("a service", service("web", 30080), ["web 30080 a.yaml:6 by nodePort"]),
    (
        "several ports, quoted or not",
        service("web", 30080, '"30081"'),
        ["web 30080 a.yaml:6 by nodePort", "web 30081 a.yaml:7 by nodePort"],
    ),
    (
        "a protocol",
        service("dns", "30053, protocol: UDP"),
        ["dns 30053/udp a.yaml:6 by nodePort"],
    ),
    ("none given", service("web", "~"), []),
    *(
        (kind, pod(kind, "web", "{containerPort: 80, hostPort: 8080}"), ["web 8080 a.yaml:4 by hostPort"])
        for kind in ("Pod", "Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob", "ReplicaSet")
    ),
    (
        "an address of the host",
        pod("Pod", "web", "{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}"),
        ["web 127.0.0.1:8080 a.yaml:4 by hostPort"],
    ),
    (
        "the network of the host",
        pod("DaemonSet", "agent", "{containerPort: 9100}", "hostNetwork: true, "),
        ["agent 9100 a.yaml:4 by hostPort"],
    ),
    (
        "containers that run first",
        """\
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - ports: [{hostPort: 81, containerPort: 1}]
          containers:
          - ports: [{hostPort: 82, containerPort: 1}]
        """,
        ["web 81 a.yaml:6 by hostPort", "web 82 a.yaml:8 by hostPort"],
    ),
    (
        "many documents",
        f"# first\n---\n{service('a', 30001)}---\n---\n{service('b', 30002)}...\n",
        ["a 30001 a.yaml:8 by nodePort", "b 30002 a.yaml:16 by nodePort"],
    ),
    (
        "a list",
        """\
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{nodePort: 30001}]}}
        - {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{nodePort: 30002}]}}
        """,
        ["a 30001 a.yaml:4 by nodePort", "b 30002 a.yaml:5 by nodePort"],
    ),
    ("values of a chart", "kind: web\nnodePort: 30080\nservice: {nodePort: 30080}\n", []),
    ("what is no manifest and no YAML", "nodePort: 30080\nnodePort: 30081\n", []),
    (
        "a definition that speaks of ports",
        """\
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: x}
        spec: {properties: {hostPort: {type: integer}, nodePort: {type: integer}}}
        """,
        [],
    ),
]


@pytest.mark.parametrize(("text", "ports"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_manifests(text: str, ports: list[str]) -> None:
    assert [shown(port) for port in sighted({"a.yaml": text}).ports] == ports
    assert told({"a.yaml": text}) == []


KUSTOMIZED = {
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": service("a", 30001),
    "dev/kustomization.yaml": "resources: [../base, b.yaml]\n",
    "dev/b.yaml": service("b", 30002),
    "prod/kustomization.yml": "resources:\n- ../base\n- b.yaml\n",
    "prod/b.yaml": service("b", 30002),
}
CLUSTERS: list[tuple[str, Files, list[str]]] = [
    (
        "two of a directory",
        {"k/a.yaml": service("a", 30001), "k/b.yml": service("b", 30001)},
        ["! b k/b.yml:6, a k/a.yaml:6"],
    ),
    ("two directories", {"dev/a.yaml": service("a", 30001), "prod/b.yaml": service("b", 30001)}, []),
    ("the same object twice", {"k/a.yaml": service("a", 30001), "k/again.yaml": service("a", 30001)}, []),
    ("two protocols", {"a.yaml": service("a", 30001, "30001, protocol: UDP")}, []),
    ("one service twice", {"a.yaml": service("a", 30001, 30001)}, ["! a a.yaml:7, a a.yaml:6"]),
    (
        "two deployments may be on two nodes",
        {
            "a.yaml": pod("Deployment", "a", "{hostPort: 80, containerPort: 1}"),
            "b.yaml": pod("Deployment", "b", "{hostPort: 80, containerPort: 1}"),
        },
        ["? b b.yaml:4, a a.yaml:4"],
    ),
    (
        "one on every node",
        {
            "a.yaml": pod("DaemonSet", "a", "{hostPort: 80, containerPort: 1}"),
            "b.yaml": pod("Deployment", "b", "{hostPort: 80, containerPort: 1}"),
        },
        ["! b b.yaml:4, a a.yaml:4"],
    ),
    ("overlays of one base", KUSTOMIZED, []),
    (
        "an overlay that collides with its base",
        {**KUSTOMIZED, "prod/b.yaml": service("b", 30001)},
        ["! b prod/b.yaml:6, a base/a.yaml:6"],
    ),
    (
        "a patch that moves a port",
        {
            **KUSTOMIZED,
            "prod/kustomization.yml": "resources: [../base, b.yaml]\npatches: [{path: patch.yaml}]\n",
            "prod/patch.yaml": service("a", 30009),
            "prod/b.yaml": service("b", 30001),
        },
        [],
    ),
    (
        "a patch that moves it onto another",
        {
            **KUSTOMIZED,
            "prod/kustomization.yml": "resources: [../base, b.yaml]\npatchesStrategicMerge: [patch.yaml]\n",
            "prod/patch.yaml": service("a", 30002),
        },
        ["! a prod/patch.yaml:6, b prod/b.yaml:6"],
    ),
    (
        "kustomizations in a circle, and what is not there",
        {
            "a/kustomization.yaml": "resources: [../b, c.yaml, https://example.org/x, /y, ../../z]\n",
            "b/kustomization.yaml": "resources: [../a]\nbases: 1\n",
        },
        [],
    ),
    (
        "a port that is none",
        {"a.yaml": service("a", 99999)},
        ["a.yaml:6: 99999 is no port: a port is a number from 1 to 65535"],
    ),
    (
        "a manifest that is no YAML",
        {"a.yaml": service("a", 30001) + "\t- x\n"},
        ["a.yaml:7: tab in indentation; use spaces; its ports are not read"],
    ),
    ("a template", {"t/a.yaml": service("{{ .Name }}", 30001)}, []),
    (
        "large and of concern",
        {"a.yaml": service("a", 30001) + "# x\n" * 300_000},
        ["a.yaml:1: larger than 1 MiB; its ports are not read"],
    ),
    ("large and of no concern", {"a.yaml": "kind: X\n" + "# x\n" * 300_000}, []),
]


@pytest.mark.parametrize(
    ("files", "said"), [case[1:] for case in CLUSTERS], ids=[case[0] for case in CLUSTERS]
)
def test_clusters(files: Files, said: list[str]) -> None:
    assert told(files) == said


def test_templates_are_counted() -> None:
    assert sighted({"t/a.yaml": service("{{ .Name }}", 30001)}).templates == ["t/a.yaml"]


def compared(files: Files) -> list[str]:
    return [
        f"{port.service or '-'} {port.numbers} {port.place} by {port.kind}"
        for port in said(files, lambda path: files[path].encode()).ports
    ]


DOCKERFILES = [
    ("one", "FROM x\nEXPOSE 80", ["80:2"]),
    ("many", "FROM x\nEXPOSE 80/udp 443 8000-8010", ["80/udp:2", "443:2", "8000-8010:2"]),
    ("in small letters", "from x\n  expose 80", ["80:2"]),
    ("of the last stage", "FROM x AS build\nEXPOSE 1\nFROM y\nEXPOSE 2", ["2:4"]),
    ("of a stage that exposes nothing", "FROM x\nEXPOSE 1\nFROM y", []),
    ("with a default", "FROM x\nARG PORT=80\nEXPOSE $PORT ${PORT}/udp", ["80:3", "80/udp:3"]),
    (
        "with a variable of many",
        'FROM x\nENV A=1 PORT="81" B=$PORT\nENV C 82\nEXPOSE $PORT $C',
        ["81:4", "82:4"],
    ),
    ("without a value", "FROM x\nARG PORT\nEXPOSE $PORT 80", ["80:3"]),
    ("over lines", "FROM x\nEXPOSE 80 \\\n  # why\n  81 \\\n\n# x\nRUN y", ["80:2", "81:2"]),
    ("not in a heredoc", "FROM x\nRUN <<EOF\nEXPOSE 1\nEOF\nEXPOSE 2", ["2:5"]),
    ("not in a comment", "# EXPOSE 1\nFROM x", []),
    ("what is no port", "FROM x\nEXPOSE http -1 99999 80", ["80:2"]),
    ("with the line ends of Windows", "FROM x\r\nEXPOSE 80\r\n", ["80:2"]),
    ("unfinished", "FROM x\nEXPOSE 80 \\", ["80:2"]),
]


@pytest.mark.parametrize(
    ("text", "ports"), [case[1:] for case in DOCKERFILES], ids=[case[0] for case in DOCKERFILES]
)
def test_dockerfiles(text: str, ports: list[str]) -> None:
    expected = [f"api {port.replace(':', ' s/api/Dockerfile:')} by EXPOSE" for port in ports]
    assert compared({"s/api/Dockerfile": text}) == expected


ONE = "FROM x\nEXPOSE 80"
OTHERS: list[tuple[str, Files, list[str]]] = [
    (
        "names of Dockerfiles",
        dict.fromkeys(
            ("a/Dockerfile.dev", "a/api.Dockerfile", "Containerfile", "x/docker"), "FROM x\nEXPOSE 80"
        ),
        [
            "- 80 Containerfile:2 by EXPOSE",
            "a 80 a/Dockerfile.dev:2 by EXPOSE",
            "a 80 a/api.Dockerfile:2 by EXPOSE",
        ],
    ),
    (
        "a .env",
        {"a/.env.example": "# PORT=1\n\nexport PORT=8001 # x\nXPORT=2\nPORT_X=3\n"},
        ["a 8001 a/.env.example:3 by PORT"],
    ),
    ("quoted", {"a/.env": "PORT='8001'\n"}, ["a 8001 a/.env:1 by PORT"]),
    ("no number", {"a/.env": "PORT=$X\nPORT=\nPORT\n"}, []),
    (
        "a dev container",
        {
            ".devcontainer/devcontainer.json": """{
\t// 1
\t"image": "http://x", /* 2,
\t"forwardPorts": [1] */
\t"forwardPorts": [3000, "db:5432", "localhost:81", "x",],
}""",
        },
        [
            f"{name} {port} .devcontainer/devcontainer.json:5 by forwardPorts"
            for name, port in (("-", 3000), ("db", 5432), ("-", 81))
        ],
    ),
    ("a dev container that is broken", {".devcontainer.json": '{"forwardPorts": [80'}, []),
]


@pytest.mark.parametrize(("files", "ports"), [case[1:] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_others(files: Files, ports: list[str]) -> None:
    assert compared(files) == ports


TEXTS = st.text(st.sampled_from("FROMEXPOSEENV 80$\\\n{}[]\"'/*,:<-=#x"), max_size=80)


@given(TEXTS)
def test_any_text_is_read(text: str) -> None:
    compared({"Dockerfile": text, "a/.env": text, "devcontainer.json": text})
    sighted({"a.yaml": f"kind: Service\nnodePort: 30000\n{text}", "kustomization.yaml": text})
