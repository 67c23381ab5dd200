"""What speaks of things that are moved: links of documents, build contexts, imports of Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote as percent
from urllib.parse import unquote

from structlint.errors import CannotCheck
from structlint.ports.compose import is_compose
from structlint.steps import Rewrite

_MOST_BYTES = 1 << 20
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_LINK = re.compile(r"(?P<before>\]\(\s*<?)(?P<target>[^()\s<>]+)(?P<after>>?(?:\s+[\"'(][^)]*)?\s*\))")
_DEFINITION = re.compile(r"(?P<before>^ {0,3}\[[^\]]+\]:\s*<?)(?P<target>[^\s<>]+)(?P<after>.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CONTEXT = re.compile(
    r"(?P<before>^\s*(?:-\s+)?(?:build|context):\s*[\"']?)(?P<target>[^\s\"'#{}\[\]]+)(?P<after>.*)"
)
_IMPORT = re.compile(
    r"(?P<before>^\s*(?:from|import)\s+)(?P<module>\.*[\w.]*)(?P<after>(?:\s+import\s+(?P<names>.*)|\s+as\s.*|\s*(?:#.*)?)$)"
)
_ROOTS = ("", "src/")  # where packages of Python lie, as a rule


@dataclass(frozen=True, slots=True)
class Reference:
    """A line that speaks of something under its old path; `mended` is whether it is rewritten."""

    path: str
    line: int
    text: str
    mended: bool


@dataclass(frozen=True)
class Moved:
    """Where each file and directory goes: old paths to new ones, those of directories without "/"."""

    files: Mapping[str, str]
    directories: Mapping[str, str]

    def of(self, path: str) -> str | None:
        """The new path of an old one, which may be a directory's; None for what is not there."""
        return self.files.get(path, self.directories.get(path))


def references(moved: Moved, read: Callable[[str], bytes]) -> tuple[list[Reference], list[Rewrite]]:
    """What speaks of the moved, and the files written anew as far as that is sure, under their new paths."""
    found: list[Reference] = []
    rewrites: list[Rewrite] = []
    modules = _modules(moved)
    for old, new in sorted(moved.files.items()):
        lines = _reader(old, modules)
        data = _content(old, read) if lines else b""
        if lines and data:
            text = data.decode("utf-8", "surrogateescape")
            whole = text.splitlines(keepends=True)
            after = list(lines(enumerate(whole, 1), old, new, moved))
            spoken = [(number, line) for number, line in enumerate(whole, 1) if after[number - 1][1]]
            found += [
                Reference(new, number, line.strip(), mended=after[number - 1][0] != line)
                for number, line in spoken
            ]
            anew = "".join(line for line, _ in after)
            if anew != text:
                rewrites.append(Rewrite(new, data, anew.encode("utf-8", "surrogateescape")))
    return found, rewrites


def _content(path: str, read: Callable[[str], bytes]) -> bytes:
    """The content of a file of text; nothing where it cannot be read or is none."""
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
        return lambda lines, old, new, moved: _python(lines, old, modules)
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
            after = pattern.sub(lambda each: _relinked(each, old, new, moved), after)
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
    """A link's path, and what follows it."""
    at = min((found for sign in "#?" if (found := target.find(sign)) >= 0), default=len(target))
    return target[:at], target[at : at + 1], target[at + 1 :]


def _compose(lines: Iterable[_Line], old: str, new: str, moved: Moved) -> Iterator[tuple[str, bool]]:
    for _, line in lines:
        found = _CONTEXT.match(line)
        if not found or "$" in found["target"] or "://" in found["target"]:
            yield line, False
            continue
        was = normpath(join(dirname(old), found["target"]))
        target = "." if was == "." else moved.of(was)
        if target is None or (target == was and dirname(old) == dirname(new)):
            yield line, False
            continue
        written = relpath(target, dirname(new) or ".")
        lead = "" if written.startswith(".") else "./" * found["target"].startswith("./")
        end = line[found.end() :]
        yield (
            f"{found['before']}{lead}{written}{'/' * found['target'].endswith('/')}{found['after']}{end}",
            True,
        )


def _modules(moved: Moved) -> dict[str, str]:
    """The names of moved modules of Python: old to new, "" where the new one is none."""
    found: dict[str, str] = {}
    for old, new in moved.files.items():
        if old != new and old.endswith(".py"):
            for root in _ROOTS:
                if old.startswith(root):
                    same = new.startswith(root) and new.endswith(".py")
                    found.setdefault(_module(old[len(root) :]), _module(new[len(root) :]) if same else "")
    return {name: now for name, now in found.items() if name and name != now}


def _module(path: str) -> str:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return name if all(step.isidentifier() for step in name.split(".")) else ""


def _python(lines: Iterable[_Line], old: str, modules: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    package = _module(old.removeprefix("src/")).rpartition(".")[0]
    for _, line in lines:
        found = _IMPORT.match(line.rstrip("\r\n"))
        if not found:
            yield line, False
            continue
        name = found["module"]
        if name.startswith("."):
            yield line, _absolute(name, package) in modules
        elif name in modules:
            now = modules[name]
            # `import a.b` is used as `a.b` below, which is more than this line.
            sure = now and line.lstrip().startswith("from ")
            yield f"{found['before']}{now}{line[found.start('after') :]}" if sure else line, True
        else:
            names = re.findall(r"\w+", (found["names"] or "").partition("#")[0])
            yield line, any(f"{name}.{each}" in modules for each in names)


def _absolute(name: str, package: str) -> str:
    """A relative import as an absolute one."""
    up = len(name) - len(name.lstrip(".")) - 1
    steps = package.split(".") if package else []
    return ".".join([*steps[: len(steps) - up], *filter(None, [name.lstrip(".")])])
