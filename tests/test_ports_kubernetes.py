"""Ports in Kubernetes manifests: node ports, host ports, kustomizations, and conflicts in a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest
from effort import limit_calls
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.errors import TreeError
from structlint.ports.conflicts import conflicts
from structlint.ports.kubernetes import manifests
from structlint.ports.model import Port, PortScan
from structlint.ports.scan import published_ports

Files = Mapping[str, str]


def scan_ports(files: Files) -> PortScan:
    """The result of scanning files; content `!` cannot be read, `?` does not exist any more."""

    def read(path: str) -> bytes:
        if files[path] == "?":
            raise FileNotFoundError(path)
        if files[path] == "!":
            raise TreeError(f"{path} is not a regular file")
        return dedent(files[path]).encode()

    return published_ports(files, read)


def format_port(port: Port) -> str:
    address = f"{port.address}:" if port.address else ""
    kind = "" if port.kind == "nodePort" else f" {port.kind}"
    return f"{port.service} {address}{port.numbers}{kind} {port.place}"


def ports_in(text: str) -> list[str]:
    """The ports in one manifest, which must have no notes."""
    result = scan_ports({"a.yaml": text})
    assert (result.problems, result.unresolved, result.templates) == ([], [], [])
    return [format_port(port).replace(" a.yaml:", " ") for port in result.ports]


def notes_on(files: Files) -> list[str]:
    result = scan_ports(files)
    return [f"{each.file}:{each.line}: {each.message}" for each in [*result.problems, *result.unresolved]]


def conflicts_in(files: Files) -> list[str]:
    """The conflicts, with `!` if certain and `?` if only possible."""
    return [
        f"{'!' if hit.certain else '?'} {hit.port.service} {hit.port.place}, "
        f"{hit.other.service} {hit.other.place}"
        for hit in conflicts(scan_ports(files).on_hosts)
    ]


def service(name: str, *ports_in: object, more: str = "") -> str:
    """A service with one line per port, starting at line 5."""
    lines = [f"  - {{port: {80 + at}, nodePort: {port}}}" for at, port in enumerate(ports_in)]
    return "\n".join(
        ["apiVersion: v1", "kind: Service", f"metadata: {{name: {name}{more}}}", "spec: {ports: ["]
        + [f"  {line[4:]}," for line in lines]
        + ["]}\n"]
    )


def pod(kind: str, name: str, *containers: str, more: str = "") -> str:
    """A workload with a pod whose containers have these ports in line 4."""
    container_list = ", ".join(f"{{name: c{at}, ports: [{ports}]}}" for at, ports in enumerate(containers))
    spec = f"{{{more}containers: [{container_list}]}}"
    template = {
        "Pod": "spec: {}",
        "PodTemplate": "template: {{spec: {}}}",
        "CronJob": "spec: {{jobTemplate: {{spec: {{template: {{spec: {}}}}}}}}}",
    }.get(kind, "spec: {{template: {{spec: {}}}}}")
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{template.format(spec)}\n"


HOST_PORT = "{containerPort: 1, hostPort: 80}"


# --- Single manifests

SERVICES = [
    ("one", service("a", 30001), ["a 30001 5"]),
    ("several", service("a", 30001, 30002, 30003), ["a 30001 5", "a 30002 6", "a 30003 7"]),
    ("quoted", service("a", '"30001"', "'30002'"), ["a 30001 5", "a 30002 6"]),
    (
        "protocols",
        service("a", "30001, protocol: UDP", "30001, protocol: SCTP"),
        ["a 30001/udp 5", "a 30001/sctp 6"],
    ),
    ("an empty protocol", service("a", "30001, protocol: ~"), ["a 30001 5"]),
    ("none", service("a", "~", "null", "0", ""), []),
    ("by an alias", "x: &p 30001\n" + service("a", "*p"), ["a 30001 1"]),
    ("with an anchor", service("a", "&p 30001"), ["a 30001 5"]),
    ("with a tag", service("a", "!!int 30001"), ["a 30001 5"]),
    (
        "by a merge key",
        "x: &p {nodePort: 30001}\n" + service("a", "~").replace("nodePort: ~", "<<: *p"),
        ["a 30001 1"],
    ),
    (
        "in one line",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{nodePort: 30001}]}}",
        ["a 30001 1"],
    ),
    (
        "as JSON",
        '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"nodePort":30001}]}}',
        ["a 30001 1"],
    ),
    (
        "after a byte order mark",
        "\ufeffkind: Service\napiVersion: v1\nmetadata: {name: a}\nspec: {ports: [{nodePort: 30001}]}",
        ["a 30001 4"],
    ),
    ("with the line ends of Windows", service("a", 30001).replace("\n", "\r\n"), ["a 30001 5"]),
    (
        "on the line of the separator",
        "--- {kind: Service, apiVersion: v1, spec: {ports: [{nodePort: 30001}]}}",
        ["Service 30001 1"],
    ),
    (
        "for health checks",
        service("a", 30001)
        + "---\n"
        + service("b").replace("spec: {", "spec: {healthCheckNodePort: 30002, "),
        ["a 30001 5", "b 30002 11"],
    ),
    ("Knative service", service("a").replace("v1", "serving.knative.dev/v1"), []),
]


@pytest.mark.parametrize(
    ("text", "found"), [each[1:] for each in SERVICES], ids=[each[0] for each in SERVICES]
)
def test_services(text: str, found: list[str]) -> None:
    assert ports_in(text) == found


WORKLOADS = [
    *(
        (kind, pod(kind, "a", HOST_PORT), ["a 80 hostPort 4"])
        for kind in ("Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob")
    ),
    ("a kind of someone else", pod("Rollout", "a", HOST_PORT), ["a 80 hostPort 4"]),
    ("ReplicationController", pod("ReplicationController", "a", HOST_PORT), ["a 80 hostPort 4"]),
    ("PodTemplate", pod("PodTemplate", "a", HOST_PORT), ["a 80 hostPort 4"]),
    (
        "several containers",
        pod("Pod", "a", HOST_PORT, "{hostPort: 81}, {hostPort: 82, protocol: UDP}"),
        ["a 80 hostPort 4", "a 81 hostPort 4", "a 82/udp hostPort 4"],
    ),
    (
        "addresses",
        pod("Pod", "a", "{hostPort: 80, hostIP: 127.0.0.1}", '{hostPort: 80, hostIP: "::1"}'),
        ["a 127.0.0.1:80 hostPort 4", "a ::1:80 hostPort 4"],
    ),
    (
        "a container that runs first",
        pod("Pod", "a", HOST_PORT, more="initContainers: [{ports: [{hostPort: 81}]}], "),
        ["a 81 hostPort 4", "a 80 hostPort 4"],
    ),
    (
        "containers that run one after the other share a port",
        pod(
            "Pod",
            "a",
            HOST_PORT,
            more=f"initContainers: [{{ports: [{HOST_PORT}]}}, {{ports: [{HOST_PORT}]}}], ",
        ),
        ["a 80 hostPort 4"],
    ),
    (
        "the network of the host",
        pod("Pod", "a", "{containerPort: 80}", more="hostNetwork: true, "),
        ["a 80 hostPort 4"],
    ),
    (
        "in other words",
        pod("Pod", "a", "{containerPort: 80}", more="hostNetwork: True, "),
        ["a 80 hostPort 4"],
    ),
    (
        "in words of YAML 1.1",
        pod("Pod", "a", "{containerPort: 80}", more="hostNetwork: yes, "),
        ["a 80 hostPort 4"],
    ),
    ("an own network", pod("Pod", "a", "{containerPort: 80}", more="hostNetwork: false, "), []),
    (
        "the network of the host, and no other port",
        pod(
            "Pod",
            "a",
            "{containerPort: 80, hostPort: 0}, {containerPort: 81, hostPort: ~}",
            more="hostNetwork: true, ",
        ),
        ["a 80 hostPort 4", "a 81 hostPort 4"],
    ),
    (
        "both",
        pod("Pod", "a", "{containerPort: 80, hostPort: 80}", more="hostNetwork: true, "),
        ["a 80 hostPort 4"],
    ),
    ("only inside", pod("Pod", "a", "{containerPort: 80}"), []),
    ("zero", pod("Pod", "a", "{containerPort: 80, hostPort: 0}"), []),
]


@table(("text", "found"), [each[1:] for each in WORKLOADS], ids=[each[0] for each in WORKLOADS])
def test_workloads(text: str, found: list[str]) -> None:
    assert ports_in(text) == found


DOCUMENTS = [
    (
        "comments between them",
        f"# one\n---\n# two\n{service('a', 30001)}---\n# three\n\n---\n{service('b', 30002)}...\n# end\n",
        ["a 30001 8", "b 30002 18"],
    ),
    (
        "a list",
        "kind: List\napiVersion: v1\nitems:\n- " + pod("Pod", "a", HOST_PORT).replace("\n", "\n  "),
        ["a 80 hostPort 7"],
    ),
    (
        "a list of lists",
        """\
        kind: List
        apiVersion: v1
        items:
        - kind: ServiceList
          apiVersion: v1
          items:
          - {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{nodePort: 30001}]}}
        """,
        ["a 30001 7"],
    ),
    ("an empty document and a string", f"---\n---\ntext\n---\n{service('a', 30001)}", ["a 30001 9"]),
    (
        "anchors are of one document",
        f"x: &p 30001\n{service('a', '*p')}---\nx: &p 30002\n{service('b', '*p')}",
        ["a 30001 1", "b 30002 9"],
    ),
]


@pytest.mark.parametrize(
    ("text", "found"), [each[1:] for each in DOCUMENTS], ids=[each[0] for each in DOCUMENTS]
)
def test_documents(text: str, found: list[str]) -> None:
    assert ports_in(text) == found


WITHOUT_PORTS = [
    ("values of a chart", "kind: DaemonSet\nhostPort: 80\nservice: {nodePort: 30080, kind: Service}\n"),
    ("values of a chart with a list", "kind: web\ncontrollers: [{spec: {ports: [{nodePort: 30080}]}}]\n"),
    (
        "a definition",
        """\
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: x}
        spec:
          properties:
            hostPort:
              description: "such as hostPort: 80"
              type: integer
            nodePort: {type: integer, default: 30080}
        """,
    ),
    (
        "a text in a text",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  x: |\n    kind: Service\n    nodePort: 30080\n",
    ),
    ("a list", "[kind, apiVersion, 'nodePort: 1']"),
    ("another kind", service("a", 30001).replace("Service", "Endpoints")),
    ("broken, and no manifest", "nodePort: 30080\nnodePort: 30081\n  x"),
    ("nothing", ""),
    ("odd shapes", "{apiVersion: v1, kind: Service, metadata: [], spec: {ports: {nodePort: 30001}}}"),
    ("odder shapes", "{apiVersion: v1, kind: Pod, spec: [{containers: [{ports: [hostPort: 80]}]}]}"),
    ("a kind that is a list", "{apiVersion: v1, kind: [Service], spec: {ports: [{nodePort: 30001}]}}"),
]


@pytest.mark.parametrize("text", [each[1] for each in WITHOUT_PORTS], ids=[each[0] for each in WITHOUT_PORTS])
def test_manifest_without_ports(text: str) -> None:
    assert ports_in(text) == []


# --- Invalid files

NUMBER = "a port is a number from 1 to 65535"
FORM = "a port is a number, such as 8000, or a range, such as 8001-8099"
NOTES: list[tuple[str, Files, list[str]]] = [
    ("too high", {"a.yaml": service("a", 99999)}, [f"a.yaml:5: `99999` is not a port: {NUMBER}"]),
    ("too low", {"a.yaml": service("a", -1)}, [f"a.yaml:5: `-1` is not a port: {FORM}"]),
    (
        "a word",
        {"a.yaml": service("a", '"$x!"').replace("$x!", "x"), "b.yaml": service("b", "30001, x: 1", "x")},
        [f"b.yaml:6: `x` is not a port: {FORM}"],
    ),
    (
        "a range",
        {"a.yaml": service("a", "30000-30005")},
        ["a.yaml:5: `30000-30005` is not a port: write a single port, not a range"],
    ),
    (
        "with a protocol",
        {"a.yaml": service("a", "30000/udp")},
        ["a.yaml:5: `30000/udp` is not a port: write the protocol under `protocol`"],
    ),
    (
        "an unknown protocol",
        {"a.yaml": service("a", "30000, protocol: HTTP")},
        ["a.yaml:5: `30000` is not a port: a protocol is one of tcp, udp, sctp"],
    ),
    (
        "an invalid address",
        {"a.yaml": pod("Pod", "a", "{hostPort: 80, hostIP: localhost}")},
        ["a.yaml:4: `80` is not a port: an address is written like 127.0.0.1 or [::1]"],
    ),
    (
        "a list for a number",
        {"a.yaml": service("a", "&x [30001]")},
        ["a.yaml:5: this is not a port: a port is a number"],
    ),
    (
        "a variable",
        {"a.yaml": service("a", "'${PORT}'")},
        ["a.yaml:5: `PORT` has no value here; settings that use it are not checked"],
    ),
    (
        "a variable in two overlays",
        {
            "k/a.yaml": service("a", "'${PORT}'"),
            "k/kustomization.yaml": "resources: [a.yaml]",
            "o/kustomization.yaml": "resources: [../k]",
        },
        ["k/a.yaml:5: `PORT` has no value here; settings that use it are not checked"],
    ),
    (
        "broken",
        {"a.yaml": service("a", 30001) + "\t- x\n", "b.yaml": service("b", 30002)},
        ["a.yaml:7: tab in indentation; use spaces; its ports are not read"],
    ),
    (
        "a key twice",
        {"a.yaml": service("a", "30001, nodePort: 30002")},
        ["a.yaml:5: duplicate key `nodePort`, first in line 5; remove one; its ports are not read"],
    ),
    (
        "a kustomization that is broken",
        {"kustomization.yaml": "resources: [a.yaml", "a.yaml": service("a", 30001)},
        ["kustomization.yaml:1: this `[` is never closed; its ports are not read"],
    ),
    (
        "a patch that is broken",
        {"k/kustomization.yaml": "patches:\n- patch: |-\n    a: [nodePort: 1\n    b: 1\n"},
        [
            "k/kustomization.yaml:4: expected `,` or `]` here: "
            "the `[` opened at line 1, column 4 is not closed; this patch is skipped"
        ],
    ),
    (
        "a member that vanishes",
        {"kustomization.yaml": "resources: [a.yaml]", "a.yaml": "?"},
        ["a.yaml:1: it no longer exists; its ports are not read"],
    ),
    (
        "a member that cannot be read",
        {"k/kustomization.yaml": "patches: [{path: a.yaml}]", "k/a.yaml": "!"},
        ["k/a.yaml:1: k/a.yaml is not a regular file; its ports are not read"],
    ),
    (
        "a kustomization that vanishes",
        {"kustomization.yaml": "?"},
        ["kustomization.yaml:1: it no longer exists; its ports are not read"],
    ),
    (
        "large, with ports",
        {"a.yaml": service("a", 30001) + "# x\n" * 300_000},
        ["a.yaml:1: larger than 1 MiB; its ports are not read"],
    ),
    (
        "a bomb",
        {
            "a.yaml": service("a", 30001)
            + "x: [&a [x,x,x,x,x,x,x,x,x,x], "
            + ", ".join(f"&{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 10)}]" for at in range(8))
            + "]"
        },
        ["a.yaml:7: the aliases expand to more than 10,000 values; its ports are not read"],
    ),
]


@pytest.mark.parametrize(("files", "expected"), [each[1:] for each in NOTES], ids=[each[0] for each in NOTES])
def test_notes(files: Files, expected: list[str]) -> None:
    assert notes_on(files) == expected


def test_alias_for_the_port_of_several_services() -> None:
    names = ["a", "b", "c", "d"]
    line = "- {kind: Service, apiVersion: v1, metadata: {name: X}, spec: {ports: [{nodePort: *p}]}}"
    services = "\n".join(line.replace("X", name) for name in names)
    result = scan_ports({"a.yaml": f"kind: List\napiVersion: v1\nx: &p 30001\nitems:\n{services}\n"})
    assert [port.service for port in result.ports] == names


def test_other_files_are_read_after_an_invalid_one() -> None:
    files = {
        "a.yaml": service("a", 99999, 30001),
        "b.yaml": "\t" + service("b", 30001),
        "c.yaml": service("c", 30001),
    }
    assert conflicts_in(files) == ["? c c.yaml:5, a a.yaml:6"]


def test_default_of_a_variable_is_used() -> None:
    assert ports_in(service("a", "'${PORT:-30001}'", '"${PORT:=30002}"')) == ["a 30001 5", "a 30002 6"]


TEMPLATES = [
    ("a name", service("{{ .Name }}", 30001)),
    ("a port", service("a", "{{ .Values.port }}")),
    ("a port in quotes", service("a", '"{{ port }}"')),
    ("the network", pod("Pod", "a", "{containerPort: 1}", more="hostNetwork: {{ .Values.host }}, ")),
    ("conditions", "{{- if .Values.on }}\n" + service("a", 30001) + "{{- end }}\n"),
]


@pytest.mark.parametrize("text", [each[1] for each in TEMPLATES], ids=[each[0] for each in TEMPLATES])
def test_templates_are_skipped_and_counted(text: str) -> None:
    result = scan_ports({"templates/a.yaml": text, "b.yaml": service("b", 30001)})
    assert (result.templates, result.problems) == (["templates/a.yaml"], [])
    assert [port.service for port in result.ports] == ["b"]


CRDS = """\
apiVersion: v1
kind: CustomResourceDefinition
spec:
  a:
    hostPort:
      description: the nodePort or hostPort
      type: integer
---
[no YAML, which who parses it says
"""


def test_custom_resource_definitions_are_not_parsed() -> None:
    files = {
        "crds/a.yaml": CRDS,
        "k/kustomization.yaml": "resources: [../crds/a.yaml, b.yaml]\npatches: [{path: c.yaml}]",
        "k/b.yaml": service("b", 30001),
        "k/c.yaml": service("b", 30002),
    }
    assert (notes_on(files), [port.numbers.first for port in scan_ports(files).ports]) == ([], [30002])


# --- Clusters

A, B = service("a", 30001), service("b", 30001)
CLUSTERS: list[tuple[str, Files, list[str]]] = [
    ("two files of a directory", {"k/a.yaml": A, "k/b.yml": B}, ["? b k/b.yml:5, a k/a.yaml:5"]),
    ("two files at the top", {"a.yaml": A, "b.yml": B}, ["? b b.yml:5, a a.yaml:5"]),
    ("one file", {"a.yaml": f"{A}---\n{B}"}, ["! b a.yaml:12, a a.yaml:5"]),
    ("two directories", {"dev/a.yaml": A, "prod/b.yaml": B}, []),
    ("a directory in another one", {"k/a.yaml": A, "k/more/b.yaml": B}, []),
    ("one object twice", {"k/a.yaml": A, "k/again.yaml": A}, []),
    ("one object twice in a file", {"k/a.yaml": f"{A}---\n{A}"}, []),
    (
        "objects without a name",
        {"a.yaml": service("~", 30001), "b.yaml": service("~", 30001)},
        ["? Service b.yaml:5, Service a.yaml:5"],
    ),
    (
        "objects that get a name",
        {"a.yaml": (pod("Pod", "x", HOST_PORT) + "---\n").replace("name: x", "generateName: x-") * 2},
        ["? x- a.yaml:9, x- a.yaml:4"],
    ),
    (
        "two namespaces",
        {"a.yaml": A, "b.yaml": service("a", 30001, more=", namespace: n")},
        ["? a b.yaml:5, a a.yaml:5"],
    ),
    (
        "the namespace that is meant anyway",
        {"a.yaml": A, "b.yaml": service("a", 30001, more=", namespace: default")},
        [],
    ),
    (
        "two kinds",
        {"a.yaml": A, "b.yaml": pod("DaemonSet", "a", "{hostPort: 30001}")},
        ["! a b.yaml:4, a a.yaml:5"],
    ),
    ("tcp and udp", {"a.yaml": A, "b.yaml": service("b", "30001, protocol: UDP")}, []),
    ("a service with a port twice", {"a.yaml": service("a", 30001, 30001)}, ["! a a.yaml:6, a a.yaml:5"]),
    (
        "two deployments",
        {"a.yaml": pod("Deployment", "a", HOST_PORT), "b.yaml": pod("Deployment", "b", HOST_PORT)},
        ["? b b.yaml:4, a a.yaml:4"],
    ),
    (
        "one on every node",
        {"a.yaml": pod("DaemonSet", "a", HOST_PORT), "b.yaml": pod("Deployment", "b", HOST_PORT)},
        ["! b b.yaml:4, a a.yaml:4"],
    ),
    (
        "both on every node",
        {"a.yaml": pod("DaemonSet", "a", HOST_PORT), "b.yaml": pod("DaemonSet", "b", HOST_PORT)},
        ["! b b.yaml:4, a a.yaml:4"],
    ),
    (
        "both on some nodes",
        {
            name: pod("DaemonSet", name[0], HOST_PORT, more=f"nodeSelector: {{gpu: {name}}}, ")
            for name in ("a.yaml", "b.yaml")
        },
        ["? b b.yaml:4, a a.yaml:4"],
    ),
    (
        "every node of two systems",
        {
            name: pod("DaemonSet", name[0], HOST_PORT, more=f"nodeSelector: {{kubernetes.io/os: {os}}}, ")
            for name, os in (("a.yaml", "linux"), ("b.yaml", "windows"))
        },
        [],
    ),
    (
        "every node, and every node of one system",
        {
            "a.yaml": pod("DaemonSet", "a", HOST_PORT),
            "b.yaml": pod("DaemonSet", "b", HOST_PORT, more="nodeSelector: {kubernetes.io/os: windows}, "),
            "c.yaml": pod("DaemonSet", "c", HOST_PORT, more="nodeSelector: {kubernetes.io/os: linux}, "),
        },
        ["! b b.yaml:4, a a.yaml:4", "! c c.yaml:4, a a.yaml:4"],
    ),
    (
        "every node of one system",
        {
            name: pod("DaemonSet", name[0], HOST_PORT, more="nodeSelector: {kubernetes.io/os: linux}, ")
            for name in ("a.yaml", "b.yaml")
        },
        ["! b b.yaml:4, a a.yaml:4"],
    ),
    (
        "addresses",
        {
            "a.yaml": pod("DaemonSet", "a", "{hostPort: 80, hostIP: 10.0.0.1}"),
            "b.yaml": pod("DaemonSet", "b", "{hostPort: 80, hostIP: 10.0.0.2}"),
        },
        [],
    ),
    (
        "one address and all",
        {
            "a.yaml": pod("DaemonSet", "a", "{hostPort: 80, hostIP: 10.0.0.1}"),
            "b.yaml": pod("DaemonSet", "b", HOST_PORT),
        },
        ["! b b.yaml:4, a a.yaml:4"],
    ),
    (
        "files that are alternatives, and one for all of them",
        {
            "k/dev.yaml": service("a", 30001) + "---\n" + service("b", 30002),
            "k/prod.yaml": service("a", 30002) + "---\n" + service("b", 30001),
            "k/common.yaml": service("c", 30009),
        },
        [],
    ),
    (
        "the earlier of two alternatives collides",
        {
            "k/dev.yaml": service("a", 30009),
            "k/prod.yaml": service("a", 30002),
            "k/common.yaml": service("c", 30009),
        },
        ["? a k/dev.yaml:5, c k/common.yaml:5"],
    ),
]


@table(("files", "found"), [each[1:] for each in CLUSTERS], ids=[each[0] for each in CLUSTERS])
def test_clusters(files: Files, found: list[str]) -> None:
    assert (notes_on(files), conflicts_in(files)) == ([], found)


def test_alternatives_with_the_same_port_are_reported_once() -> None:
    files = {"k/dev.yaml": A, "k/prod.yaml": A, "k/other.yaml": A, "k/b.yaml": B}
    assert conflicts_in(files) == ["? a k/prod.yaml:5, b k/b.yaml:5"]


def test_all_alternatives_are_listed() -> None:
    files = {"k/dev.yaml": service("a", 30001), "k/prod.yaml": service("a", 30002)}
    assert {port.numbers.first for port in scan_ports(files).ports} == {30001, 30002}


# --- Kustomizations

BASE = {"base/kustomization.yaml": "resources: [a.yaml]", "base/a.yaml": service("a", 30001, 30011)}


def overlay(more: str, *resources: str, **files: str) -> dict[str, str]:
    """`base`, and `over` with `base`, `b` and other files, such as `patch` for `over/patch.yaml`."""
    lines = f"resources: [{', '.join(('../base', 'b.yaml', *resources))}]\n{dedent(more)}"
    named = {f"over/{name}.yaml": text for name, text in files.items()}
    return {**BASE, "over/kustomization.yaml": lines, "over/b.yaml": service("b", 30002), **named}


TARGET = "target: {kind: Service, name: a}"
INSIDE = """\
patches:
- patch: |-
    apiVersion: v1
    kind: Service
    metadata: {name: a}
    spec: {ports: [{port: 80, nodePort: 30009}]}
"""
OPERATIONS = f"""\
patches:
- {TARGET}
  patch: |-
    - {{op: replace, path: /spec/ports/0/nodePort, value: 30009}}
    - {{op: remove, path: /spec/ports/1}}
"""
NOWHERE = """\
- {op: remove, path: /spec/x/nodePort}
- {op: remove, path: /spec/ports/7}
- {op: remove, path: /kind/x}
- {op: add, path: /kind/x, value: 1}
- {op: test, path: /spec}
- {op: add}
- x
"""
ELSEWHERE = "resources: [https://example.org/x]\npatches: [{path: p.yaml}]"
HOST_NETWORK = """\
apiVersion: v1
kind: DaemonSet
metadata: {name: d}
spec: {template: {spec: {hostNetwork: true}}}
"""
PATCHES: list[tuple[str, Files, list[str]]] = [
    ("none", overlay(""), ["a 30001", "a 30011", "b 30002"]),
    (
        "a file",
        overlay("patches: [{path: p.yaml}]", p=service("a", 30009)),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "the old name",
        overlay("patchesStrategicMerge: [p.yaml]", p=service("a", 30009)),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "a list of files",
        overlay("patches: [p.yaml]", p=service("a", 30009)),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "of two objects",
        overlay("patches: [{path: p.yaml}]", p=service("a", 30009) + "---\n" + service("b", 30008)),
        ["a 30009", "a 30011", "b 30008"],
    ),
    (
        "of a port that did not exist",
        overlay("patches: [{path: p.yaml}]", p=service("a", 30009).replace("port: 80", "port: 99")),
        ["a 30001", "a 30011", "a 30009", "b 30002"],
    ),
    (
        "of a port of another protocol",
        overlay("patches: [{path: p.yaml}]", p=service("a", "30009, protocol: UDP")),
        ["a 30001", "a 30011", "a 30009/udp", "b 30002"],
    ),
    (
        "that removes a port",
        overlay("patches: [{path: p.yaml}]", p=service("a", "~")),
        ["a 30011", "b 30002"],
    ),
    (
        "that removes an item",
        overlay("patches: [{path: p.yaml}]", p=service("a", "~, $patch: delete")),
        ["a 30011", "b 30002"],
    ),
    (
        "that replaces all",
        overlay("patches: [{path: p.yaml}]", p=service("a", 30009).replace("]}", "{$patch: replace}]}")),
        ["a 30009", "b 30002"],
    ),
    (
        "that removes the object",
        overlay(
            "patches: [{path: p.yaml}]",
            p="apiVersion: v1\nkind: Service\nmetadata: {name: a}\n$patch: delete\n",
        ),
        ["b 30002"],
    ),
    (
        "without ports",
        overlay(
            "patches: [{path: p.yaml}]",
            p="apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort}\n",
        ),
        ["a 30001", "a 30011", "b 30002"],
    ),
    (
        "inside",
        overlay(INSIDE),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "inside, by the old name",
        overlay(INSIDE.replace("patches:", "patchesStrategicMerge:").replace("patch: |", "|")),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "of a target",
        overlay(f"patches: [{{path: p.yaml, {TARGET}}}]", p=service("whatever", 30009)),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "of all services",
        overlay("patches: [{path: p.yaml, target: {kind: Service}}]", p=service("whatever", 30009)),
        ["a 30009", "a 30011", "b 30009"],
    ),
    (
        "of a pattern",
        overlay("patches: [{path: p.yaml, target: {name: 'a|x.*'}}]", p=service("whatever", 30009)),
        ["a 30009", "a 30011", "b 30002"],
    ),
    (
        "of a label",
        overlay("patches: [{path: p.yaml, target: {labelSelector: app=x}}]", p=service("whatever", 30009)),
        ["a 30001", "a 30011", "b 30002"],
    ),
    (
        "of a missing object",
        overlay("patches: [{path: p.yaml, target: {kind: Pod, name: a}}]", p=service("whatever", 30009)),
        ["a 30001", "a 30011", "b 30002"],
    ),
    (
        "operations",
        overlay(OPERATIONS),
        ["a 30009", "b 30002"],
    ),
    (
        "operations in JSON",
        overlay(f"patchesJson6902: [{{path: p.json, {TARGET}}}]")
        | {"over/p.json": '[{"op": "add", "path": "/spec/ports/-", "value": {"nodePort": 30009}}]'},
        ["a 30001", "a 30011", "a 30009", "b 30002"],
    ),
    (
        "operations in a file",
        overlay(
            f"patches: [{{path: p.yaml, {TARGET}}}]",
            p="- op: replace\n  path: /spec/ports\n  value: [{port: 1, nodePort: 30009}]\n",
        ),
        ["a 30009", "b 30002"],
    ),
    (
        "operations that lead nowhere",
        overlay(
            f"patches: [{{path: p.yaml, {TARGET}}}]",
            p=NOWHERE,
        ),
        ["a 30001", "a 30011", "b 30002"],
    ),
    (
        "a component",
        overlay("components: [../part]")
        | {
            "part/kustomization.yaml": "kind: Component\nresources: [c.yaml]\npatches: [{path: p.yaml}]",
            "part/c.yaml": service("c", 30003),
            "part/p.yaml": service("a", 30009),
        },
        ["a 30009", "a 30011", "b 30002", "c 30003"],
    ),
    (
        "a patch of a remote resource",
        {
            "over/kustomization.yaml": ELSEWHERE,
            "over/p.yaml": service("a", 30009),
        },
        ["a 30009"],
    ),
    (
        "operations on a remote resource",
        {
            "over/kustomization.yaml": ELSEWHERE.replace("p.yaml", f"p.yaml, {TARGET}"),
            "over/p.yaml": "[{op: replace, path: /spec/ports/0/nodePort, value: 30009}]",
        },
        ["a 30009"],
    ),
    (
        "of a name with something before it",
        overlay("namePrefix: x-\npatches: [{path: p.yaml}]", p=service("a", 30009))
        | {
            "top/kustomization.yaml": "resources: [../over]\npatches: [{path: p.yaml}]",
            "top/p.yaml": service("x-a", 30008),
        },
        ["a 30009", "a 30011", "b 30002", "a 30008", "a 30011", "b 30002"],
    ),
    (
        "that enables the host network",
        {
            "base/kustomization.yaml": "resources: [d.yaml]",
            "base/d.yaml": pod("DaemonSet", "d", "{containerPort: 80}"),
            "over/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]",
            "over/p.yaml": HOST_NETWORK,
        },
        ["d 80"],
    ),
    (
        "that adds a host port",
        {
            "base/kustomization.yaml": "resources: [d.yaml]",
            "base/d.yaml": pod("Deployment", "d", "{containerPort: 80}", "{containerPort: 81}"),
            "over/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]",
            "over/p.yaml": pod("Deployment", "d", "", "{containerPort: 81, hostPort: 8081}").replace(
                "{name: c0, ports: []}, ", ""
            ),
        },
        ["d 8081"],
    ),
]


@pytest.mark.parametrize(
    ("files", "found"), [each[1:] for each in PATCHES], ids=[each[0] for each in PATCHES]
)
def test_patches(files: Files, found: list[str]) -> None:
    assert notes_on(files) == []
    result = [port for port in scan_ports(files).ports if not port.stack.startswith("kustomization base/")]
    assert [f"{port.service} {port.numbers}" for port in result] == found


def test_port_has_the_line_of_its_patch() -> None:
    result = [format_port(port) for port in scan_ports(overlay(INSIDE)).ports]
    assert "a 30009 over/kustomization.yaml:7" in result
    assert "a 30011 base/a.yaml:6" in result


WEB = """\
resources:
- https://example.org/x
- github.com/a/b//c?ref=1
- git@example.org:a/b
- a.yaml
- b.yaml
"""
JSON = """\
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": [{"nodePort": 30001}]}}
"""
ODD = """\
resources: {a: b}
bases: [[a], {b: c}, ~, '']
patches: [{}, {path: []}, ~, {patch: 1}, {patch: x, target: []}, {target: {kind: Service}, patch: '[]'}]
components: 1
"""
MOVED = overlay("patches: [{path: p.yaml}]", p=service("a", 30002))
KUSTOMIZED: list[tuple[str, Files, list[str]]] = [
    (
        "two overlays of one base",
        {
            **overlay(""),
            "prod/kustomization.yml": "resources: [../base, b.yaml]",
            "prod/b.yaml": service("b", 30002),
        },
        [],
    ),
    (
        "an overlay collides with its base",
        {**overlay(""), "over/b.yaml": service("b", 30011)},
        ["! b over/b.yaml:5, a base/a.yaml:6"],
    ),
    (
        "a patch moves a port away",
        {**overlay("patches: [{path: p.yaml}]", p=service("a", 30009)), "over/b.yaml": service("b", 30001)},
        [],
    ),
    ("a patch moves a port onto another", MOVED, ["! a over/p.yaml:5, b over/b.yaml:5"]),
    (
        "a patch does not move the other port",
        {**overlay("patches: [{path: p.yaml}]", p=service("a", 30009)), "over/b.yaml": service("b", 30011)},
        ["! b over/b.yaml:5, a base/a.yaml:6"],
    ),
    (
        "bases, the old name",
        {
            **BASE,
            "over/kustomization.yaml": "bases: [../base/]\nresources: [b.yaml]",
            "over/b.yaml": service("b", 30001),
        },
        ["! b over/b.yaml:5, a base/a.yaml:5"],
    ),
    (
        "other names of the file",
        {
            "base/Kustomization": "resources: [a.yaml]",
            "base/a.yaml": A,
            "over/kustomization.yml": "resources: [../base, b.yaml]",
            "over/b.yaml": B,
        },
        ["! b over/b.yaml:5, a base/a.yaml:5"],
    ),
    ("a file outside the kustomization", {**BASE, "base/b.yaml": service("b", 30001)}, []),
    (
        "a patch file by itself",
        {**MOVED, "over/c.yaml": service("c", 30002)},
        ["! a over/p.yaml:5, b over/b.yaml:5"],
    ),
    (
        "an absent member",
        {
            "k/kustomization.yaml": "resources: [none.yaml, none, a.yaml, b.yaml]",
            "k/a.yaml": A,
            "k/b.yaml": B,
        },
        ["! b k/b.yaml:5, a k/a.yaml:5"],
    ),
    (
        "addresses of the web",
        {
            "k/kustomization.yaml": WEB,
            "k/a.yaml": A,
            "k/b.yaml": B,
        },
        ["! b k/b.yaml:5, a k/a.yaml:5"],
    ),
    (
        "a circle",
        {
            "a/kustomization.yaml": "resources: [../b, a.yaml]",
            "a/a.yaml": A,
            "b/kustomization.yaml": "resources: [../a, b.yaml]",
            "b/b.yaml": B,
        },
        ["! b b/b.yaml:5, a a/a.yaml:5"],
    ),
    (
        "itself",
        {
            "k/kustomization.yaml": "resources: [., ../k, a.yaml, b.yaml]\ncomponents: [.]",
            "k/a.yaml": A,
            "k/b.yaml": B,
        },
        ["! b k/b.yaml:5, a k/a.yaml:5"],
    ),
    (
        "a file named without an ending",
        {
            "k/kustomization.yaml": "resources: [a.json, b]",
            "k/a.json": JSON,
            "k/b": B,
        },
        ["! b k/b:5, x k/a.json:1"],
    ),
    (
        "one base under two names",
        {
            "base/kustomization.yaml": "resources: [a.yaml]",
            "base/a.yaml": A,
            "x/kustomization.yaml": "resources: [../base]\nnamePrefix: x-",
            "y/kustomization.yaml": "resources: [../base]\nnameSuffix: -y",
            "top/kustomization.yaml": "resources: [../x, ../y]",
        },
        ["! a base/a.yaml:5, a base/a.yaml:5"],
    ),
    (
        "one base in two namespaces",
        {
            "base/kustomization.yaml": "resources: [a.yaml]",
            "base/a.yaml": A,
            "x/kustomization.yaml": "resources: [../base]\nnamespace: x",
            "y/kustomization.yaml": "resources: [../base]\nnamespace: y",
            "top/kustomization.yaml": "resources: [../x, ../y]",
        },
        ["! a base/a.yaml:5, a base/a.yaml:5"],
    ),
    (
        "one base by two ways",
        {
            "base/kustomization.yaml": "resources: [a.yaml]",
            "base/a.yaml": A,
            "x/kustomization.yaml": "resources: [../base]",
            "y/kustomization.yaml": "resources: [../base]",
            "top/kustomization.yaml": "resources: [../x, ../y]",
        },
        [],
    ),
    (
        "odd shapes",
        {
            "kustomization.yaml": ODD,
            "x/kustomization.yaml": "- 1",
            "y/kustomization.yaml": "",
            "z/Kustomization": "text",
        },
        [],
    ),
]


@pytest.mark.parametrize(
    ("files", "found"), [each[1:] for each in KUSTOMIZED], ids=[each[0] for each in KUSTOMIZED]
)
def test_kustomizations(files: Files, found: list[str]) -> None:
    assert (notes_on(files), conflicts_in(files)) == ([], found)


def test_unsupported_selector_is_reported() -> None:
    expected = "over/kustomization.yaml:2: unsupported selector; this patch is skipped"
    for target in ("{name: '[a-z]+'}", "{labelSelector: 'app in (x, y)'}"):
        files = overlay(f"patches: [{{path: p.yaml, target: {target}}}]", p=service("whatever", 30009))
        assert notes_on(files) == [expected]


def nested_kustomizations(key: str, names: str) -> Files:
    """Kustomizations that each include both kustomizations of the next level."""
    files = {}
    for at in range(18):
        built_from = f"{key}: [../k{at + 1}, ../l{at + 1}]\n"
        for side in "kl":
            named = f"namePrefix: {names.format(side, at)}\n"
            files[f"{side}{at}/kustomization.yaml"] = built_from + named
    last = {f"{side}18/kustomization.yaml": "resources: [a.yaml]" for side in "kl"}
    return {**files, **last, "k18/a.yaml": service("a", 30001), "l18/a.yaml": service("b", 30002)}


TOO_MANY = "the kustomizations have more than 5,000 objects; no more are read"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (nested_kustomizations("resources", "x"), False),
        (nested_kustomizations("resources", "{}{}"), True),
        (nested_kustomizations("components", ""), True),
    ],
    ids=["equal objects", "objects with different names", "components"],
)
def test_number_of_kustomized_objects_is_limited(
    files: Files, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "_MOST_BUILT", 5_000)
    with limit_calls(calls=1_000_000):
        assert {each.split(": ", 1)[1] for each in notes_on(files)} == ({TOO_MANY} if expected else set())


def test_nesting_of_kustomizations_is_limited() -> None:
    files = {f"k{at}/kustomization.yaml": f"resources: [../k{at + 1}]" for at in range(200)}
    messages = notes_on({**files, "k200/kustomization.yaml": "resources: [a.yaml]", "k200/a.yaml": A})
    assert messages
    assert all(
        each.endswith("kustomizations are nested more than 20 deep; no more are read") for each in messages
    )


def test_deep_patch_operations() -> None:
    path = "/a" * 5000
    files = overlay(
        f"patches: [{{path: p.yaml, {TARGET}}}]",
        p="["
        + f"{{op: add, path: {path}, value: 1}}, {{op: add, path: /spec/nodePort, value: 1}}," * 3
        + "]",
    )
    assert conflicts_in(files) == []


# --- Random files

TEXTS = st.lists(
    st.sampled_from(
        [
            "kind: Service\n",
            "apiVersion: v1\n",
            "spec: ",
            "ports: ",
            "nodePort: 1",
            "hostPort: x",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "patch",
            "patches: ",
            "path: ",
            "target: ",
            "resources: ",
            "a.yaml",
            "\n",
            "  ",
            "|-\n",
            "&a ",
            "*a",
            ": ",
            ", ",
            "<<: ",
            "$",
            "{{",
            "---\n",
            "/spec/ports/0/nodePort",
            "op: add",
            "namePrefix: x\n",
            "'",
        ]
    ),
    max_size=40,
).map("".join)


@given(TEXTS, TEXTS)
def test_any_text_is_accepted(one: str, other: str) -> None:
    manifest = "apiVersion: v1\nkind: Service\nnodePort: 30000\n"
    files = {
        "a.yaml": manifest + one,
        "kustomization.yaml": other,
        "k/kustomization.yaml": f"resources: [..]\n{one}",
        "k/a.yaml": other,
    }
    conflicts_in(files)
    notes_on(files)


JSON = """\
{
\t"apiVersion": "v1", "kind": "List",
\t"items": [
\t\t{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"},
\t\t "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 31300}]}},
\t\t{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "mail"},
\t\t "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 31300}]}}
\t]
}
"""


def test_json_manifests() -> None:
    path = "env/services.json"
    assert conflicts_in({path: JSON}) == [f"! mail {path}:7, shop {path}:5"]
    other = {path: JSON.replace("31300", "31301", 1), "env/a.yaml": service("a", 31301)}
    assert conflicts_in(other) == [f"? shop {path}:5, a env/a.yaml:5"]
    assert conflicts_in({"data/package.json": JSON}) == []


def test_invalid_json_is_reported() -> None:
    assert notes_on({"a.json": JSON[:-4]}) == ["a.json:1: not valid JSON; its ports are not read"]


REPLACEMENT = """\
source: {kind: ConfigMap, name: ports, fieldPath: data.shop}
targets:
  - select: {kind: Service, name: mail}
    fieldPaths: ['spec.ports.0.nodePort']
"""


def with_replacement(replacement: str, ports_in: str = "{shop: '31200'}") -> dict[str, str]:
    return {
        "env/ports.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: ports}}\ndata: {ports_in}\n",
        "env/shop.yaml": service("shop", 31200),
        "env/mail.yaml": service("mail", 31201),
        "env/same.yaml": replacement,
        "env/kustomization.yaml": "resources: [ports.yaml, shop.yaml, mail.yaml]\n"
        "replacements: [{path: same.yaml}]\n",
    }


@pytest.mark.parametrize(
    ("replacement", "conflict"),
    [
        (REPLACEMENT, True),
        (f"- {REPLACEMENT.replace(chr(10), chr(10) + '  ')}\n", True),
        (REPLACEMENT.replace("ports.0.nodePort", "ports.*.nodePort"), True),
        (REPLACEMENT.replace("ports.0.nodePort", "ports.[port=80].nodePort"), True),
        (REPLACEMENT.replace("ports.0.nodePort", "ports.[port=81].nodePort"), False),
        (REPLACEMENT.replace("ports.0.nodePort", "ports.1.nodePort"), False),
        (REPLACEMENT.replace("name: mail}", "name: news}"), False),
        (REPLACEMENT.replace("    field", "    reject: [{name: mail}]\n    field"), False),
    ],
)
def test_replacements(replacement: str, conflict: bool) -> None:
    files = with_replacement(replacement)
    assert bool(conflicts_in(files)) is conflict
    assert notes_on(files) == []


def test_replacement_with_a_part_of_the_source() -> None:
    replacement = REPLACEMENT.replace("data.shop}", "data.shop, options: {delimiter: ':', index: 1}}")
    assert conflicts_in(with_replacement(replacement, "{shop: 'shop:31200'}"))


@pytest.mark.parametrize(
    "replacement",
    [
        REPLACEMENT.replace("name: ports", "name: other"),
        REPLACEMENT.replace("data.shop", "data.mail"),
        REPLACEMENT + "    options: {delimiter: ':'}\n",
    ],
)
def test_unsupported_replacement_is_reported(replacement: str) -> None:
    note = "env/kustomization.yaml:2: this replacement of a port is not evaluated"
    assert notes_on(with_replacement(replacement)) == [note]
    assert notes_on(with_replacement(replacement.replace("ports.0.nodePort", "replicas"))) == []


def test_manifests_of_alternatives() -> None:
    def conflicts_of(one: str, other: str) -> list[str]:
        return conflicts_in({"k8s/a.yaml": service(one, 31300), "k8s/b.yaml": service(other, 31300)})

    assert conflicts_of("shop-api-mysql", "shop-api-h2") == []
    assert len(conflicts_of("shop-api", "shop-web")) == 1
    assert len(conflicts_of("shop", "mail")) == 1
