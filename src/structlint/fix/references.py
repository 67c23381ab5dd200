"""Finds references to files that are moved: links in documents, build contexts, Python imports."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote as percent
from urllib.parse import unquote

from structlint.edits.steps import Rewrite
from structlint.errors import CannotCheck
from structlint.ports.files import is_compose
from structlint.text.paths import ancestors, name_of

_MOST_BYTES = 1 << 20
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_LINK = re.compile(r"(?P<before>\]\(\s*<?)(?P<target>[^()\s<>]+)(?P<after>>?(?:\s+[\"'(][^)]*)?\s*\))")
_DEFINITION = re.compile(r"(?P<before>^ {0,3}\[[^\]]+\]:\s*<?)(?P<target>[^\s<>]+)(?P<after>.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CONTEXT = re.compile(
    r"(?P<before>^(?:.*[\s{,])?(?:build|context):\s*[\"']?)(?P<target>[^\s\"'#{}\[\],]+)(?P<after>.*)"
)
_IMPORT = re.compile(
    r"(?P<before>^\s*(?:from|import)\s+)(?P<module>\.*[\w.]*)(?P<after>(?:\s+import\s+(?P<names>.*)|\s+as\s.*|\s*(?:#.*)?)$)"
)
_OF_PATTERNS = (".gitignore", ".gitattributes", ".dockerignore", "CODEOWNERS")
_PATTERN = re.compile(r"(?P<before>!?/?)(?P<path>[^\s*?\[\\#!]+)(?P<after>.*)", re.DOTALL)
_ROOTS = ("", "src/")  # the usual directories of Python packages


@dataclass(frozen=True, slots=True)
class Reference:
    """A line with the old path of a moved file or directory; `fixed` is true if it is rewritten."""

    path: str
    line: int
    text: str
    fixed: bool


@dataclass(frozen=True)
class Moved:
    """The moved files and directories, old paths to new paths; directories without their "/"."""

    files: Mapping[str, str]
    directories: Mapping[str, str]

    def of(self, path: str) -> str | None:
        """The new path of a file or directory; None if it does not exist."""
        return self.files.get(path, self.directories.get(path))


def references(
    moved: Moved, read: Callable[[str], bytes], links: Mapping[str, str]
) -> tuple[list[Reference], list[Rewrite]]:
    """The references to moved files, and the new contents of files with references, by new path.

    `read` returns the content of a file by its new path. `links` has the targets of symbolic links by
    their old paths.
    """
    edits = list(_links(moved, links))
    rewrites: list[Rewrite] = []
    modules = _modules(moved)
    mentioned = _mentioned(moved)
    for old, new in sorted(moved.files.items()):
        data = _content(new, read) if old not in links else b""
        if not data:
            continue
        text = data.decode("utf-8", "surrogateescape")
        lines = _reader(old, modules) or _prose
        whole = text.splitlines(keepends=True)
        after = list(lines(enumerate(whole, 1), old, new, moved))
        for number, (before, (now, concerned)) in enumerate(zip(whole, after, strict=True), 1):
            if concerned or mentioned(now):
                edits.append(
                    Reference(new, number, before.strip(), fixed=before != now and not mentioned(now))
                )
        anew = "".join(line for line, _ in after)
        if anew != text:
            rewrites.append(Rewrite(new, data, anew.encode("utf-8", "surrogateescape")))
    return edits, rewrites


def _links(moved: Moved, links: Mapping[str, str]) -> Iterator[Reference]:
    """The symbolic links that will be broken or lead elsewhere."""
    for old, target in sorted(links.items()):
        if target.startswith("/"):
            continue
        new, was = moved.files.get(old, old), normpath(join(dirname(old), target))
        now = moved.of(was) or was
        if normpath(join(dirname(new), target)) != now:
            yield Reference(new, 1, f"-> {target}", fixed=False)


def _mentioned(moved: Moved) -> Callable[[str], bool]:
    """A function that returns whether a line contains the old path of a moved file."""
    gone = {old for paths in (moved.files, moved.directories) for old, new in paths.items() if old != new}
    tops = {old for old in gone if not gone.intersection(ancestors(old))}
    if not tops:
        return lambda line: False
    # A single word can mean anything; as a directory it is followed by a slash.
    names = [
        re.escape(old) + r"(?![\w-])" if "/" in old or "." in old else re.escape(f"{old}/")
        for old in sorted(tops, key=len, reverse=True)
    ]
    expression = re.compile(rf"(?:(?<![\w./-])|\./)(?:{'|'.join(names)})")
    return lambda line: expression.search(line) is not None


def _prose(lines: Iterable[_Line], old: str, new: str, moved: Moved) -> Iterator[tuple[str, bool]]:
    """The lines of a file, none of them rewritten."""
    return ((line, False) for _, line in lines)


def _content(path: str, read: Callable[[str], bytes]) -> bytes:
    """The content of a text file; empty if it cannot be read or is not text."""
    try:
        data = read(path)
    except (FileNotFoundError, CannotCheck):
        return b""
    return data if len(data) <= _MOST_BYTES and b"\0" not in data else b""


_Line = tuple[int, str]
_Lines = Callable[[Iterable[_Line], str, str, Moved], Iterator[tuple[str, bool]]]


def _reader(path: str, modules: Mapping[str, str]) -> _Lines | None:
    if path.lower().endswith(_MARKDOWN):
        return _markdown
    if path.endswith(".py"):
        return lambda lines, old, new, moved: _python(lines, old, modules, moved)
    if name_of(path) in _OF_PATTERNS:
        return _patterns
    return _compose if is_compose(path) else None


def _markdown(lines: Iterable[_Line], old: str, new: str, moved: Moved) -> Iterator[tuple[str, bool]]:
    fence = ""
    for _, line in lines:
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        if fence:
            yield line, False
            continue
        after = line
        for pattern in (_LINK, _DEFINITION):
            after = pattern.sub(lambda match: _relinked(match, old, new, moved), after)
        yield after, after != line


def _relinked(link: re.Match[str], old: str, new: str, moved: Moved) -> str:
    path, sign, rest = _split(link["target"])
    if not path or "://" in path or path.startswith(("/", "mailto:", "tel:", "{")):
        return link[0]
    target = moved.of(normpath(join(dirname(old), unquote(path))))
    if target is None or (
        target == normpath(join(dirname(old), unquote(path))) and dirname(old) == dirname(new)
    ):
        return link[0]
    written = percent(relpath(target, dirname(new) or "."), safe="/@!$&'*+,;=~")
    lead = "./" if path.startswith("./") and not written.startswith("../") else ""
    return f"{link['before']}{lead}{written}{'/' * path.endswith('/')}{sign}{rest}{link['after']}"


def _split(target: str) -> tuple[str, str, str]:
    """The path in a link, and the rest of the link."""
    at = min((index for sign in "#?" if (index := target.find(sign)) >= 0), default=len(target))
    return target[:at], target[at : at + 1], target[at + 1 :]


def _compose(lines: Iterable[_Line], old: str, new: str, moved: Moved) -> Iterator[tuple[str, bool]]:
    for _, line in lines:
        match = _CONTEXT.match(line)
        if not match or "$" in match["target"] or "://" in match["target"]:
            yield line, False
            continue
        was = normpath(join(dirname(old), match["target"]))
        target = "." if was == "." else moved.of(was)
        if target is None or (target == was and dirname(old) == dirname(new)):
            yield line, False
            continue
        written = relpath(target, dirname(new) or ".")
        lead = "" if written.startswith(".") else "./" * match["target"].startswith("./")
        end = line[match.end() :]
        path = f"{lead}{written}{'/' * match['target'].endswith('/')}"
        yield f"{match['before']}{path}{match['after']}{end}", path != match["target"]


def _patterns(lines: Iterable[_Line], old: str, new: str, moved: Moved) -> Iterator[tuple[str, bool]]:
    """The lines of a file with gitignore patterns; anchored ones contain a path from its directory."""
    base, home = dirname(old), dirname(new)
    for _, line in lines:
        match = _PATTERN.match(line)
        path = match["path"].rstrip("/") if match else ""
        if not match or not ("/" in path or match["before"].endswith("/")):
            yield line, False
            continue
        steps = path.split("/")
        for number in range(len(steps), 0, -1):
            was = normpath(join(base, *steps[:number]))
            target = moved.of(was)
            if target is not None and (target != was or base != home):
                written = relpath(target, home or ".")
                rest = match["path"][len("/".join(steps[:number])) :]
                inside = not written.startswith("..")
                yield (f"{match['before']}{written}{rest}{match['after']}" if inside else line), True
                break
        else:
            yield line, False


def _modules(moved: Moved) -> dict[str, str]:
    """The names of moved Python modules, old to new; "" if the new path is not a module."""
    modules: dict[str, str] = {}
    for old, new in moved.files.items():
        if old != new and old.endswith(".py"):
            for root in _ROOTS:
                if old.startswith(root):
                    same = new.startswith(root) and new.endswith(".py")
                    modules.setdefault(_module(old[len(root) :]), _module(new[len(root) :]) if same else "")
    return {name: now for name, now in modules.items() if name and name != now}


def _module(path: str) -> str:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return name if all(step.isidentifier() for step in name.split(".")) else ""


def _python(
    lines: Iterable[_Line], old: str, modules: Mapping[str, str], moved: Moved
) -> Iterator[tuple[str, bool]]:
    package = _module(old.removeprefix("src/")).rpartition(".")[0]
    for _, line in lines:
        match = _IMPORT.match(line.rstrip("\r\n"))
        if not match or _is_elsewhere(match["module"], old, moved):
            yield line, False
            continue
        name = match["module"]
        if name.startswith("."):
            yield line, _absolute(name, package) in modules
        elif name in modules:
            now = modules[name]
            # The lines below use `import a.b` as `a.b`, so this line alone cannot be rewritten.
            sure = now and line.lstrip().startswith("from ")
            yield f"{match['before']}{now}{line[match.start('after') :]}" if sure else line, True
        else:
            names = re.findall(r"\w+", (match["names"] or "").partition("#")[0])
            yield line, any(f"{name}.{imported}" in modules for imported in names)


def _is_elsewhere(name: str, old: str, moved: Moved) -> bool:
    """Whether an import refers to a module of the standard library or one beside the file."""
    first = name.partition(".")[0]
    if not first:
        return False
    beside = join(dirname(old), first)
    there = f"{beside}.py" in moved.files or f"{beside}/__init__.py" in moved.files
    return first in sys.stdlib_module_names or (there and dirname(old) not in ("", "src"))


def _absolute(name: str, package: str) -> str:
    """A relative import as an absolute one."""
    up = len(name) - len(name.lstrip(".")) - 1
    steps = package.split(".") if package else []
    return ".".join([*steps[: len(steps) - up], *filter(None, [name.lstrip(".")])])
