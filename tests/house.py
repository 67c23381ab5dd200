"""Measures the package: its size, import cycles, and the number of calls to reach a rule.

    python tests/house.py           prints each measure with its limit
    python tests/house.py --layers  prints the layers, from the contract in `pyproject.toml`
    python tests/house.py --write   writes the layers and the table of rules into the pages in `docs`

`test_house.py` checks the limits and that both pages are up to date.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import FrameType
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "structlint"


class Measure(NamedTuple):
    """A number, its upper limit, and the place where it was measured."""

    name: str
    number: int
    limit: int
    where: str = ""

    def __str__(self) -> str:
        return f"{self.name:<46}{self.number:>6,}  at most {self.limit:<6,}{self.where}"


@cache
def modules() -> dict[str, ast.Module]:
    """The parsed modules of the package, by their dotted names."""
    return {_name(path): ast.parse(path.read_bytes()) for path in sorted(PACKAGE.rglob("*.py"))}


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _length(node: ast.stmt) -> int:
    assert node.end_lineno
    return node.end_lineno - node.lineno + 1


def _node_lengths(trees: dict[str, ast.Module], *kinds: type[ast.stmt]) -> Iterator[tuple[int, str]]:
    """The length and the name of each node of these kinds."""
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield _length(node), f"{module}.{getattr(node, 'name', '')}"


def imports(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """The modules that each module imports, including imports in functions and for type checking."""
    found: dict[str, set[str]] = {module: set() for module in trees}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{each.name}" for each in node.names}
                found[module] |= {name if name in trees else node.module for name in names} & trees.keys()
            elif isinstance(node, ast.Import):
                found[module] |= {each.name for each in node.names} & trees.keys()
    return found


def siblings(graph: dict[str, set[str]], package: str) -> dict[str, set[str]]:
    """The imports between the direct children of a package, including the imports of their submodules."""
    depth = package.count(".") + 2
    inside = {name for name in graph if name.startswith(f"{package}.")}
    found: dict[str, set[str]] = {}
    for name in inside:
        child = ".".join(name.split(".")[:depth])
        others = {".".join(each.split(".")[:depth]) for each in graph[name] & inside}
        found.setdefault(child, set()).update(others - {child})
    return found


def cycles(graph: dict[str, set[str]]) -> list[str]:
    """One import cycle for each package whose children import each other."""
    found = []
    for package in sorted({name.rpartition(".")[0] for name in graph} - {""}):
        try:
            TopologicalSorter(siblings(graph, package)).prepare()
        except CycleError as error:
            found.append(" -> ".join(error.args[1]))
    return found


def hops() -> list[str]:
    """The longest chain of calls from the command `check` to a rule, without the rule itself."""
    from structlint.cli import main

    chains: list[list[str]] = []
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "structlint.yaml").write_text("tree: {a: }\n", encoding="utf-8")
        with Path(directory, "out").open("w") as null:
            before, sys.stdout = sys.stdout, null
            sys.setprofile(_watch(chains))
            try:
                main(["check", "--quiet", directory])
            finally:
                sys.setprofile(None)
                sys.stdout = before
    assert chains, "no rule was called"
    return max(chains, key=len)


def _watch(chains: list[list[str]]) -> Callable[[FrameType, str, object], None]:
    def watch(frame: FrameType, event: str, argument: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and frame.f_code.co_name == "find" and module.startswith("structlint.rules."):
            chain: list[str] = []
            at = frame.f_back
            while at and not (chain and chain[-1] == "structlint.cli.plain.run_plain"):
                name = at.f_globals.get("__name__", "")
                if name.startswith("structlint.") and not at.f_code.co_name.startswith("<"):
                    chain.append(f"{name}.{at.f_code.co_name}")
                at = at.f_back
            chains.append(chain[::-1])

    return watch


def files_per_rule() -> list[str]:
    """The files that mention the rule with the fewest mentions: a new rule changes as many.

    Pages that `--write` generates do not count.
    """
    from structlint.finding import RULE_NAMES

    places = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.json"), *(ROOT / "docs" / "rules").rglob("*.md")]
    by_hand = [path for path in places if path not in generated_pages()]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in by_hand}
    rules = [(rule, rule.replace("-", "_")) for rule in RULE_NAMES]
    found = [
        [path for path, text in texts.items() if any(name in text or name in path for name in names)]
        for names in rules
    ]
    return min(found, key=len)


def layers() -> str:
    """The packages and modules of each layer, the highest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    names = next(each["layers"] for each in contracts if each["type"] == "layers")
    arrows = ["  |"] * (len(names) - 1) + ["  v"]
    return "".join(
        f"{arrow}  {name.replace(' | ', '   ')}\n" for arrow, name in zip(arrows, names, strict=True)
    )


def rule_table() -> str:
    """The table of rules, in Markdown."""
    from structlint.rules import RULES, name_of

    rows = [f"| [{name_of(rule)}]({name_of(rule)}.md) | {rule.ABOUT} | {rule.SEVERITY} |" for rule in RULES]
    return "\n".join(["| rule | finds | severity |", "|---|---|---|", *rows, ""])


def generated_pages() -> dict[Path, str]:
    """The expected contents of the pages that `--write` writes."""
    rules, architecture = ROOT / "docs" / "rules" / "README.md", ROOT / "docs" / "architecture.md"
    parts = {rules: (r"(?m)(?:^\|.*\n)+", rule_table()), architecture: (r"(?<=```text\n)[^`]*", layers())}
    found = {}
    for page, (pattern, part) in parts.items():
        before, after = re.split(pattern, page.read_text(encoding="utf-8"), maxsplit=1)
        found[page] = before + part + after
    return found


def measures() -> list[Measure]:
    """Measures the package on disk."""
    trees = modules()
    top = {name.split(".")[1] for name in trees if "." in name} - {"__main__"}
    lines = [(len(path.read_bytes().splitlines()), _name(path)) for path in PACKAGE.rglob("*.py")]
    functions = list(_node_lengths(trees, ast.FunctionDef, ast.AsyncFunctionDef))
    nearly_all = statistics.quantiles([length for length, _ in functions], n=10)[-1]
    found = cycles(imports(trees))
    chain, files = hops(), files_per_rule()
    return [
        Measure("names at the top of the package", len(top), 20, ", ".join(sorted(top))),
        Measure("lines of the longest module", *_longest(lines, 400)),
        Measure("lines of the longest class", *_longest(_node_lengths(trees, ast.ClassDef), 250)),
        Measure("lines of the longest function", *_longest(functions, 50)),
        Measure("lines that nine of ten functions do not exceed", round(nearly_all), 20),
        Measure("packages with an import cycle", len(found), 0, "; ".join(found)),
        Measure("calls from the command to a rule", len(chain), 4, " -> ".join(chain)),
        Measure("files that a new rule touches", len(files), 3, ", ".join(files)),
    ]


def _longest(found: Iterator[tuple[int, str]] | list[tuple[int, str]], limit: int) -> tuple[int, int, str]:
    number, where = max(found)
    return number, limit, where


def main(arguments: list[str]) -> None:
    if arguments == ["--write"]:
        for page, text in generated_pages().items():
            page.write_text(text, encoding="utf-8")
    elif arguments == ["--layers"]:
        sys.stdout.write(layers())
    elif arguments:
        sys.exit(__doc__)
    else:
        sys.stdout.write("".join(f"{each}\n" for each in measures()))


if __name__ == "__main__":
    main(sys.argv[1:])
