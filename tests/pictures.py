"""Draws the output of each command on narrow and wide terminals, for visual inspection.

    python tests/pictures.py DIRECTORY

writes an SVG to DIRECTORY for each command, width and background. It creates repositories with 0, 3, 40 and
400 findings, and one with long, wide and harmful names. It also draws the output of ruff, zizmor and alint if
they are installed. The page `index.html` shows all pictures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, DIMMED_MONOKAI, TerminalTheme
from rich.text import Text

STRUCTLINT = [sys.executable, "-m", "structlint"]
WIDTHS = (60, 80, 140)
BACKGROUNDS: Mapping[str, TerminalTheme] = {"light": DEFAULT_TERMINAL_THEME, "dark": DIMMED_MONOKAI}
LAYOUT = """\
names: {service: kebab-case}
tree:
  README.md: Main project documentation
  compose.yaml?:
  broken.yaml?:
  .alint.yml | layout.md?:
  .github/ | empty/?:
  services/:
    <service>/:
      .: One deployable service
      README.md: How to run it
      src/: {main.py: }
  docs/?:
belongs: {"*.ipynb": docs/}
forbid: {"*.orig": merge leftovers}
ports: {<service>: 8000-8099}
"""
COMMANDS = {
    "check": ["check", "."],
    "check-all": ["check", ".", "--all"],
    "check-statistics": ["check", ".", "--statistics"],
    "check-documents": ["check", ".", "--documents"],
    "check-concise": ["check", ".", "--output-format", "concise"],
    "tree": ["tree"],
    "tree-open": ["tree", "--open"],
    "tree-from": ["tree", "--from", "layout.md"],
    "show-config": ["check", ".", "--show-config"],
    "fix": ["fix", "--diff", "--unsafe"],
    "fix-plan": ["fix", "--plan"],
    "fix-document": ["fix", "--document"],
    "new": ["new", "service", "search", "--diff"],
    "new-list": ["new"],
    "init": ["init", "--output-file", "-", "empty"],
    "test": ["test", "layout.md"],
    "schema": ["schema", "--help"],
    "hook": ["hook", "--help"],
    "where": ["where", "notes.txt", "services/auth/src/main.py", "services/Auth/x"],
    "ports": ["ports"],
    "explain": ["explain"],
    "explain-rule": ["explain", "missing-file"],
    "layouts": ["layouts"],
    "layouts-one": ["layouts", "python-service"],
    "help": ["--help"],
    "check-help": ["check", "--help"],
    "fleet-help": ["fleet", "--help"],
    "layout-error": ["check", ".", "--config", "broken.yaml"],
    "usage-error": ["check", "--seect", "orphan"],
}
# Other linters in the same repository, for comparison.
_PLACES = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
OTHERS = {
    "ruff": ["ruff", "check", "--isolated", "--no-cache", "."],
    "zizmor": ["zizmor", "--offline", "--no-progress", "."],
    "alint": ["alint", "check"],
}
WORKFLOW = """\
on: pull_request_target
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.pull_request.title }}
"""
ALINT = """\
version: 1
extends: [alint://bundled/oss-baseline@v1]
"""
NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
PAGE = """\
```tree
README.md
```
```console
$ structlint check .
```
"""


# A repository with long, wide or harmful names.
NAMES = """\
tree:
  自述.md: 项目的主要文档、介绍如何安装和测试所有服务
  服务/: {<service>/: {说明.md: 如何运行它}}
  src/: {main/: {java/: {com/: {example/: {<module:kebab-case>/: {README.md: How to run it}}}}}}
belongs: {"*.ipynb": 服务/}
"""
HOSTILE_NAMES = (
    "服务/支付🚀/主程序.py",
    "服务/账户/说明.md",
    "笔记📝.txt",
    "分析.ipynb",
    "日本語のとても長いファイル名で端末の幅を超えるかどうかを確認するためのもの.txt",
    "src/main/java/com/example/UserAccountsAndPermissions/AbstractSingletonProxyFactoryBean.java",
    "\x1b[31mred.txt",
    "line\nbreak.txt",
    "::error file=x::hi.txt",
    "back`tick.txt",
    "[bold]markup.txt",
)


def create_hostile_repository(place: Path) -> None:
    """Creates the repository with the names in `HOSTILE_NAMES`."""
    for name, content in {"structlint.yaml": NAMES, **dict.fromkeys(HOSTILE_NAMES, "")}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    subprocess.run(["git", "add", "-A"], cwd=place, check=True)


def create_repository(place: Path, findings: int) -> None:
    """Creates a repository with about this many findings, of several kinds."""
    auth = {"services/auth/README.md": "", "services/auth/src/main.py": ""}
    files = {"structlint.yaml": LAYOUT, "README.md": "# Shop\n", "broken.yaml": "tre:\n  a: \n", **auth}
    if findings:
        files |= {"services/auth/src/main.py": "import os\n", ".alint.yml": ALINT, "layout.md": PAGE}
        files |= {".github/workflows/ci.yaml": WORKFLOW, "empty/main.py": ""}
    for number in range(findings // 4):
        service = f"service-{number:03}" if number % 5 else f"service_{number:03}"
        files |= {
            f"note_{number}.py": "import os\n",
            f"services/{service}/src/a.orig": "",
            f"b{number}.ipynb": NOTEBOOK,
        }
    if findings == 3:
        files |= {"notes.txt": "", "services/mail/src/main.py": ""}
        files |= {name.replace("auth", "user_accounts"): "" for name in auth}
    if findings >= 40:
        ports = '{image: x, ports: ["9000:80"]}'
        files["compose.yaml"] = f"services:\n  a-rather-long-name: {ports}\n  another-long-name: {ports}\n"
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    subprocess.run(["git", "add", "-A"], cwd=place, check=True)


def terminal_output(program: list[str], place: Path, width: int) -> str:
    """The output of a program on a terminal of this width."""
    import pty

    environment = {**os.environ, "COLUMNS": str(width), "TERM": "xterm-256color", "FORCE_COLOR": "1"}
    reader, writer = pty.openpty()
    with subprocess.Popen(program, cwd=place, env=environment, stdout=writer, stderr=writer):
        os.close(writer)
        data = b""
        while True:
            try:
                part = os.read(reader, 65536)
            except OSError:  # the program has ended
                break
            if not part:
                break
            data += part
    os.close(reader)
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def picture(text: str, width: int, theme: TerminalTheme, title: str) -> str:
    """The text as an SVG."""
    console = Console(
        record=True, width=width, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.from_ansi(text), overflow="fold")
    return console.export_svg(title=title, theme=theme)


def pictures(
    findings: int, names: Collection[str] = ("check", "tree")
) -> Iterator[tuple[str, list[str], str]]:
    """The name, program and title of each picture of a repository with this many findings."""
    own = COMMANDS if findings == 40 else {name: COMMANDS[name] for name in names}
    for name, command in own.items():
        yield name, [*STRUCTLINT, *command], f"structlint {' '.join(command)}"
    for name, program in OTHERS.items():
        if findings and (path := shutil.which(program[0], path=_PLACES)):
            yield name, [path, *program[1:]], " ".join(program)


def draw(directory: Path, place: Path, programs: Iterable[tuple[str, list[str], str]]) -> Iterator[str]:
    """Writes the pictures of programs in a repository, and yields their HTML."""
    for name, program, title in programs:
        for width in WIDTHS:
            text = terminal_output(program, place, width)
            for background, theme in BACKGROUNDS.items():
                kind = place.name.removeprefix("repository-")
                target = directory / f"{name}-{kind}-{width}-{background}.svg"
                target.write_text(picture(text, width, theme, title), encoding="utf-8")
                yield f'<img src="{target.name}" alt="{target.name}">'


def main(directory: Path) -> None:
    """Writes all pictures and a page that shows them."""
    images: list[str] = []
    for findings in (0, 3, 40, 400):
        place = directory / f"repository-{findings}"
        place.mkdir(parents=True)
        create_repository(place, findings)
        images += draw(directory, place, pictures(findings))
    place = directory / "repository-names"
    place.mkdir()
    create_hostile_repository(place)
    commands = (
        ("check", COMMANDS["check"]),
        ("tree", COMMANDS["tree"]),
        ("new", ["new"]),
        ("fix", COMMANDS["fix"]),
    )
    own = ((name, [*STRUCTLINT, *command], f"structlint {' '.join(command)}") for name, command in commands)
    images += draw(directory, place, own)
    (directory / "index.html").write_text("\n".join(images), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
