"""Ports in Dockerfiles, `.env` files and dev containers, which are only compared."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.ports.scan import compared_ports

Files = Mapping[str, str]


def all_ports(files: Files) -> list[str]:
    return [
        f"{port.service or '-'} {port.numbers} {port.place}"
        for port in compared_ports(files, lambda path: files[path].encode("utf-8", "surrogatepass")).ports
    ]


def ports(path: str, text: str) -> list[str]:
    """The ports in one file with their lines, such as `80:2`."""
    return [each.partition(" ")[2].replace(f" {path}:", ":") for each in all_ports({path: text})]


DOCKERFILES = [
    ("one", "FROM x\nEXPOSE 80", ["80:2"]),
    (
        "many",
        "FROM x\nEXPOSE 80/udp 443 8000-8010 90/TCP 91/sctp",
        ["80/udp:2", "443:2", "8000-8010:2", "90:2", "91/sctp:2"],
    ),
    ("two instructions", "FROM x\nEXPOSE 80\nEXPOSE 81", ["80:2", "81:3"]),
    ("small letters", "from x\n  expose 80\nExPose 81", ["80:2", "81:3"]),
    ("quoted", "FROM x\nEXPOSE \"80\" '81'", ["80:2", "81:2"]),
    ("no comment at the end of a line", "FROM x\nEXPOSE 80 # why", ["80:2"]),
    ("no port", "FROM x\nEXPOSE http -1 0 99999 80-70 80/http [80] 1:2:3", []),
    ("without FROM", "EXPOSE 80", ["80:1"]),
    ("for images built on it", "FROM x\nONBUILD EXPOSE 80", []),
    ("nothing", "", []),
    ("empty", "FROM x\nEXPOSE\nEXPOSE \n", []),
    ("a byte order mark", "\ufeffFROM x\nEXPOSE 80", ["80:2"]),
    ("a byte order mark before it", "\ufeffEXPOSE 80", ["80:1"]),
    ("CRLF line endings", "FROM x\r\nEXPOSE 80 \\\r\n  81\r\nEXPOSE 82\r\n", ["80:2", "81:2", "82:4"]),
    ("characters that end a line elsewhere", "FROM x\nLABEL a=\u2028b\x0b\x0c\x85\nEXPOSE 80", ["80:3"]),
    ("invalid UTF-8", "FROM x\nLABEL a=\ud800\nEXPOSE 80", ["80:3"]),
    # Stages
    ("the last stage", "FROM x AS build\nEXPOSE 1\nFROM y\nEXPOSE 2", ["2:4"]),
    ("a last stage without one", "FROM x\nEXPOSE 1\nFROM y", []),
    (
        "a stage built on another",
        "FROM x AS base\nEXPOSE 1\nFROM y\nEXPOSE 2\nFROM base\nEXPOSE 3",
        ["1:2", "3:6"],
    ),
    ("in other letters", "FROM x as Base\nEXPOSE 1\nFROM --platform=linux/amd64 BASE AS last", ["1:2"]),
    ("named by a variable", "ARG BASE=first\nFROM x AS first\nEXPOSE 1\nFROM ${BASE}", ["1:3"]),
    ("named like itself", "FROM x AS x\nEXPOSE 1", ["1:2"]),
    # Variables
    ("ARG", "FROM x\nARG PORT=80\nEXPOSE $PORT ${PORT}/udp", ["80:3", "80/udp:3"]),
    ("ENV", "FROM x\nENV A=1 PORT=\"81\" B='82'\nEXPOSE $PORT $B", ["81:3", "82:3"]),
    ("ENV in the old form", "FROM x\nENV PORT 80\nENV OPTS -Da=1 PORT=99\nEXPOSE $PORT", ["80:4"]),
    ("of one another", "FROM x\nARG A=8\nENV B=${A}0\nENV C=$B D=$C\nEXPOSE $B $C $D", ["80:5", "80:5"]),
    ("of the line itself, from before it", "FROM x\nENV A=1\nENV A=2 B=$A\nEXPOSE $A $B", ["2:4", "1:4"]),
    ("without value", "FROM x\nARG PORT\nEXPOSE $PORT 80 ${NONE}", ["80:3"]),
    ("with a default", "FROM x\nEXPOSE ${PORT:-80} ${PORT:+81}", ["80:2"]),
    ("that is set twice", "FROM x\nARG PORT=80\nEXPOSE $PORT\nARG PORT=81\nEXPOSE $PORT", ["80:3", "81:5"]),
    ("with several ports", 'FROM x\nENV PORTS="80 81"\nEXPOSE $PORTS', ["80:3", "81:3"]),
    ("ENV is stronger than ARG", "FROM x\nENV PORT=80\nARG PORT=81\nEXPOSE $PORT", ["80:4"]),
    ("global argument, declared in the stage", "ARG PORT=80\nFROM x\nARG PORT\nEXPOSE $PORT", ["80:4"]),
    ("global argument, not declared in the stage", "ARG PORT=80\nFROM x\nEXPOSE $PORT", []),
    ("global argument, redefined in the stage", "ARG PORT=80\nFROM x\nARG PORT=81\nEXPOSE $PORT", ["81:4"]),
    ("of another stage", "FROM x\nENV PORT=80\nARG OTHER=81\nFROM y\nEXPOSE $PORT $OTHER", []),
    (
        "of the base stage",
        "FROM x AS base\nENV PORT=80\nARG OTHER=81\nFROM base\nEXPOSE $PORT $OTHER",
        ["80:5", "81:5"],
    ),
    ("several in one ARG", "FROM x\nARG A=80 B C=81\nEXPOSE $A $B $C", ["80:3", "81:3"]),
    ("a dollar by itself", "FROM x\nEXPOSE $ 80 $$ ${ ${} $1", ["80:2"]),
    # Lines
    ("continued", "FROM x\nEXPOSE 80 \\\n  81 \\ \n 82\nEXPOSE 83", ["80:2", "81:2", "82:2", "83:5"]),
    ("continued within a number", "FROM x\nEXPOSE 80\\\n81", ["8081:2"]),
    ("comments within", "FROM x\nEXPOSE 80 \\\n# no: 1 \\\n  # why\n  81", ["80:2", "81:2"]),
    ("empty lines within", "FROM x\nEXPOSE 80 \\\n\n\n  81", ["80:2", "81:2"]),
    ("two backslashes do not continue", "FROM x\nRUN x \\\\\nEXPOSE 80", ["80:3"]),
    ("a comment does not continue", "FROM x\n# x \\\nEXPOSE 80", ["80:3"]),
    ("unfinished", "FROM x\nEXPOSE 80 \\", ["80:2"]),
    ("in a continued instruction", "FROM x\nRUN a && \\\n  EXPOSE 1\nEXPOSE 2", ["2:4"]),
    ("another mark", "# escape=`\nFROM x\nEXPOSE 80 `\n  81\nRUN C:\\\nEXPOSE 82", ["80:3", "81:3", "82:6"]),
    (
        "another mark, in other words",
        "# syntax=docker/dockerfile:1\n#ESCAPE = `\r\nFROM x\nEXPOSE 80 `\n 81",
        ["80:4", "81:4"],
    ),
    ("another mark, too late", "FROM x\n# escape=`\nEXPOSE 80 \\\n 81", ["80:3", "81:3"]),
    ("another mark, after a comment", "# hello\n# escape=`\nFROM x\nEXPOSE 80 \\\n 81", ["80:4", "81:4"]),
    ("no mark", "# escape=x\nFROM x\nEXPOSE 80 \\\n 81", ["80:3", "81:3"]),
    # Heredocs
    ("a heredoc", "FROM x\nRUN <<EOF\nEXPOSE 1\nEOF\nEXPOSE 2", ["2:5"]),
    (
        "a quoted heredoc",
        "FROM x\nCOPY <<'a.txt' <<\"B\" /x/\nEXPOSE 1\na.txt\nEXPOSE 2\nB\nEXPOSE 3",
        ["3:7"],
    ),
    ("an indented heredoc", "FROM x\nRUN <<-EOF\n\tEXPOSE 1\n\tEOF\nEXPOSE 2", ["2:5"]),
    ("an indented end marker", "FROM x\nRUN <<EOF\n EOF\nEXPOSE 1\nEOF\nEXPOSE 2", ["2:6"]),
    ("a heredoc with CRLF", "FROM x\r\nRUN <<EOF\r\nEXPOSE 1\r\nEOF\r\nEXPOSE 2", ["2:5"]),
    ("with a number", "FROM x\nRUN 3<<EOF cat\nEXPOSE 1\nEOF\nEXPOSE 2", ["2:5"]),
    ("without an end", "FROM x\nRUN <<EOF\nEXPOSE 1", ["1:3"]),
    ("a shift is not a heredoc", "FROM x\nRUN echo $((1<<EOF)) && cat <<<EOF\nEXPOSE 1\nEOF", ["1:3"]),
    ("in a heredoc", "FROM x\nRUN cat << EOF\nEXPOSE 1\nEOF", ["1:3"]),
    ("not of every instruction", "FROM x\nLABEL a=<<EOF\nEXPOSE 1\nEOF", ["1:3"]),
]


@table(("text", "found"), [each[1:] for each in DOCKERFILES], ids=[each[0] for each in DOCKERFILES])
def test_dockerfiles(text: str, found: list[str]) -> None:
    assert ports("s/api/Dockerfile", text) == found


NAMES = {
    "api/Dockerfile": "api",
    "Dockerfile": "-",
    "api/Dockerfile.dev": "api",
    "api/Dockerfile-dev": "api",
    "api/dockerfile": "api",
    "api/dev.Dockerfile": "api",
    "api/dev.dockerfile": "api",
    "api/Containerfile": "api",
    "api/Containerfile.dev": "api",
    "api/dev.containerfile": "api",
    "api/Dockerfile.dockerignore": None,
    "api/Dockerfiles": None,
    "api/MyDockerfile": None,
    "Dockerfile/x": None,
}


@pytest.mark.parametrize("path", NAMES)
def test_dockerfile_names(path: str) -> None:
    expected = f"{NAMES[path]} 80 {path}:1"
    assert all_ports({path: "EXPOSE 80"}) == ([expected] if NAMES[path] else [])


VARIABLES = [
    ("one", "PORT=8001", ["8001:1"]),
    ("quoted", "PORT='8001'", ["8001:1"]),
    ("double quotes", 'PORT = "8001"  # why', ["8001:1"]),
    ("exported", "export PORT=8001", ["8001:1"]),
    ("after others", "# PORT=1\n\nXPORT=2\nPORT_X=3\nHOST_PORT=4\nPORT=8001 # x\n", ["8001:6"]),
    ("twice: the last counts", "PORT=8001\nA=1\nPORT=8002\n", ["8002:3"]),
    ("twice: the last is nothing", "PORT=8001\nPORT=\n", []),
    ("in many lines of another", 'A="x\nPORT=1\n"\nPORT=8001', ["8001:4"]),
    ("a variable", "BASE=80\nPORT=${BASE}01", ["8001:2"]),
    ("a default", "PORT=${BASE:-8001}", ["8001:1"]),
    ("a variable without value", "PORT=$BASE", []),
    ("no number", "PORT=http\nport=1\n", []),
    ("no value", "PORT", []),
    ("too high", "PORT=99999", []),
    ("CRLF line endings", "A=1\r\nPORT=8001\r\n", ["8001:2"]),
    ("a byte order mark", "\ufeffPORT=8001", ["8001:1"]),
    ("after invalid lines", "A='x\n=\n'''\nPORT=8001\n", ["8001:4"]),
]


@pytest.mark.parametrize(
    ("text", "found"), [each[1:] for each in VARIABLES], ids=[each[0] for each in VARIABLES]
)
def test_env_files(text: str, found: list[str]) -> None:
    assert ports("s/api/.env", text) == found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".env", "-"),
        ("a/.env.example", "a"),
        ("a/.env.local", "a"),
        ("a/dev.env", "a"),
        ("a/.envrc", None),
        ("env", None),
    ],
)
def test_env_file_names(path: str, expected: str | None) -> None:
    assert all_ports({path: "PORT=1"}) == ([f"{expected} 1 {path}:1"] if expected else [])


DEV_CONTAINERS = [
    ("numbers", '{"forwardPorts": [3000, 3001]}', ["- 3000:1", "- 3001:1"]),
    ("of services", '{"forwardPorts": ["db:5432", "my-api:80"]}', ["db 5432:1", "my-api 80:1"]),
    (
        "of the host",
        '{"forwardPorts": ["localhost:3000", "127.0.0.1:3001", "3002"]}',
        ["- 3000:1", "- 3001:1", "- 3002:1"],
    ),
    ("without spaces", '{"a":1,"forwardPorts":[3000,"db:1"],"b":{"c":[]}}', ["- 3000:1", "db 1:1"]),
    (
        "comments",
        '// "forwardPorts": [1]\n{ /* x\n "forwardPorts": [2] */\n"forwardPorts": [3, // 4\n5 /**/, 6]}',
        ["- 3:4", "- 5:5", "- 6:5"],
    ),
    ("commas at the end", '{"forwardPorts": [1, 2,\n],\n}', ["- 1:1", "- 2:1"]),
    ("commas before comments", '{"forwardPorts": [1, // x\n],/* y */}', ["- 1:1"]),
    ("tabs", '{\n\t"a":\t1,\n\t"forwardPorts":\t[\n\t\t80\n\t]\n}', ["- 80:4"]),
    (
        "marks in texts",
        '{"image": "https://x//y", "b": "/*", "c": ",]", "d": "\\"//", "forwardPorts": [1]}',
        ["- 1:1"],
    ),
    ("escapes of JSON", '{"a": "\\/x\\u00e9\\ud83d\\ude00\\\\", "forwardPorts": ["d\\u0062:1"]}', ["db 1:1"]),
    (
        "not a port",
        '{"forwardPorts": ["x", "db:x", 0, 99999, -1, 1.5, null, true, [], {}, "", ":"]}',
        [],
    ),
    ("not a list", '{"forwardPorts": {"a": 1}}', []),
    ("CRLF line endings", '{\r\n"forwardPorts": [ // x\r\n1]}\r\n', ["- 1:3"]),
    ("a byte order mark", '\ufeff{"forwardPorts": [1]}', ["- 1:1"]),
    ("a list", "[1]", []),
    ("nothing", "", []),
    ("a comment", "// x", []),
    *(
        (f"broken: {text}", text, [])
        for text in (
            '{"forwardPorts": [80',
            '{"forwardPorts": [80]',
            '{"forwardPorts": [80]} x',
            '"',
            "/*",
            "{,}",
            "\0",
            "[" * 9999,
            '{"a": \ud800}',
            "{'forwardPorts': &a [*a]}",
        )
    ),
]


@pytest.mark.parametrize(
    ("text", "found"), [each[1:] for each in DEV_CONTAINERS], ids=[each[0][:40] for each in DEV_CONTAINERS]
)
def test_dev_containers(text: str, found: list[str]) -> None:
    path = ".devcontainer/devcontainer.json"
    assert [each.replace(f" {path}:", ":") for each in all_ports({path: text})] == found


def test_dev_container_names() -> None:
    text = '{"forwardPorts": [1]}'
    files = dict.fromkeys(
        (".devcontainer.json", "a/.devcontainer/b/devcontainer.json", "a.devcontainer.json"), text
    )
    assert all_ports(files) == ["- 1 .devcontainer.json:1", "- 1 a/.devcontainer/b/devcontainer.json:1"]


TEXTS = st.lists(
    st.sampled_from(
        [
            *"\\\n\r\t$`\"'/*,:<-=#{}[] 1\ud800\0",
            "FROM ",
            "EXPOSE ",
            "ENV ",
            "ARG A",
            "RUN ",
            "<<E",
            "\nE\n",
            "# escape=`\n",
            "PORT=",
            "forwardPorts",
            "//",
            "${A",
            " AS b",
        ]
    ),
    max_size=40,
).map("".join)


@given(TEXTS)
def test_any_text_is_accepted(text: str) -> None:
    all_ports(
        {
            "Dockerfile": text,
            "a/.env": text,
            "devcontainer.json": text,
            "b/devcontainer.json": f'{{"forwardPorts": [{text}]}}',
        }
    )


@pytest.mark.parametrize("path", ["Dockerfile", ".env", "devcontainer.json"])
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "PORT",
        "<<A ",
        "$",
        "${",
        '"',
        "'",
        "\\\n",
        "/*",
        "[",
        "A=",
        "EXPOSE 1\n",
        "RUN <<A <<B\n",
        "PORT='\n",
        ",",
        '{"a":',
    ],
)
def test_long_files_are_read_quickly(path: str, piece: str) -> None:
    all_ports({path: piece * 5_000})
