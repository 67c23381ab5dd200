"""Reads drawn trees line by line, in all styles that people and programs use.

The column of an entry's guide, or of its name if it has none, determines its depth. The characters
before it do not matter, so missing and misaligned guides do no harm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from structlint.errors import LayoutError, Problem
from structlint.markdown import words
from structlint.markdown.endings import KNOWN_ENDINGS, SURE_ENDINGS
from structlint.markdown.entry_names import key_of, names_in
from structlint.markdown.first_line import ROOTS, is_called_root, is_on_one_machine
from structlint.markdown.guides import DrawnLine, drawn_lines, nested
from structlint.markdown.known_names import COMMON, SURE_FILES, is_project, looks_like_a_file, may_be_either
from structlint.markdown.purpose import shows_output
from structlint.markdown.word_patterns import any_of
from structlint.text.quoting import shortened

_MOST_NAMES = 100  # entries that one line may draw with braces
_LONGEST = 255  # bytes of a name that every common file system allows
_GOES_ON = re.compile(r",\s*\.{3}$")  # after several names in one line
_IGNORING = re.compile(r"ignore[sd]?\b|excludes?\b|not committed|not in git|untracked", re.IGNORECASE)
_CLASS = re.compile(r"(?:[\w.-]+/)*(?:[A-Z][a-z0-9]+){2,}")  # a file named after its class, `CartService`
_GROUP = re.compile(r"[A-Z][A-Za-z ]*")  # with a capital letter and no slash
_SLASHED = re.compile(r"\w[\w-]*(?:/\w[\w-]*){2,}\.[A-Za-z]\w{0,5}")
_SEVERAL = re.compile(rf"(?:{any_of(words.SEVERAL)})\W*$", re.IGNORECASE)
_COUNT = re.compile(r"\(?\d+ (?:files?|docs?|documents?|items?)\)?")
_BRACKETED = re.compile(r"\[[A-Z][^\[\]/]*\]")
_ROUTES = re.compile(r"(?:app|pages|routes)/")


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """One entry of a drawn tree.

    `key` is its key in a layout, without the `?` of an `optional` one. A directory's ends in "/", and
    characters that are special in layouts are escaped in plain names. `line` and `column` count from 1.
    `about` is its comment. `more` is whether it has further contents according to the drawing. `certain` is
    false if only a guess distinguishes a file from a directory. `local` is whether it is below words such as
    "git ignores:", `crossed` whether a cross is before it.
    """

    key: str
    line: int
    column: int
    about: str = ""
    optional: bool = False
    more: bool = False
    certain: bool = True
    children: tuple[DrawnEntry, ...] = ()
    local: bool = False
    crossed: bool = False


def read_tree(
    lines: Sequence[tuple[int, str]], file: str, unread: list[Problem] | None = None
) -> tuple[DrawnEntry, ...]:
    """The entries at the top of a drawn tree; `lines` have their numbers in the document.

    Entries with guides but without a line above them are returned in one entry `./`, and so are those below a
    line for the root itself.

    Lines that are not entries, and invalid names with their contents, are left out and added to
    `unread`. Without `unread`, invalid names raise `LayoutError`. It is always raised if the depth of the
    lines is ambiguous.
    """
    drawn, summary = drawn_lines(lines, file)
    reader = _Reader(file, _kinds(drawn, summary), [] if unread is None else unread)
    tops = tuple(reader.tops(nested(drawn, lines, file)))
    if reader.problems and unread is None:
        raise LayoutError(sorted(reader.problems))
    reader.unread.extend(reader.problems)
    return tops


# --- Files and directories


@dataclass(frozen=True)
class _Kinds:
    """Distinguishes files from directories in a drawing if names have no slash.

    `slashes`: some name has one. `plain` is the kind of a name without other evidence.
    """

    slashes: bool
    plain: str = "directory"
    all: str = ""


def _kinds(drawn: Sequence[DrawnLine], summary: re.Match[str] | None) -> _Kinds:
    slashes = any(line.parts.name.endswith(("/", "\\")) for line in drawn if line.guided or line.depth >= 0)
    if slashes or not summary:
        return _Kinds(slashes)
    if summary["files"] is None:
        return _Kinds(False, all="directory")
    above = {id(line) for line in drawn}
    leaves = [
        line
        for line, following in zip(drawn, [*drawn[1:], None], strict=True)
        if not following or following.depth <= line.depth
    ]
    guessed = sum(looks_like_a_file(line.parts.name) for line in leaves if id(line) in above)
    return _Kinds(False, plain="directory" if int(summary["files"]) <= guessed else "file")


def _is_prose(line: DrawnLine) -> bool:
    """Whether a line only describes its directory: several words, and no contents."""
    return line.parts.loose and " " in line.parts.name and not line.inside


def _is_loose_caption(line: DrawnLine) -> bool:
    """Whether a line with contents is a heading: `📱 Main screens`, `📄 Settings`."""
    return _is_pictured(line) and (" " in line.parts.name or line.parts.kind == "file")


def _is_pictured(line: DrawnLine) -> bool:
    """Whether a pictogram other than that of a directory is before words with contents."""
    plain = line.parts.pictured and not line.parts.quoted and not re.search(r"[/.]", line.parts.name)
    return plain and bool(line.inside)


def _heads_files(line: DrawnLine, beside: Iterable[DrawnLine]) -> bool:
    """Whether a caption with the pictogram of a file is above files, and beside pictured directories."""
    files = line.parts.kind == "file" and all(looks_like_a_file(inner.parts.name) for inner in line.inside)
    kinds = {other.parts.kind for other in beside if other.parts.pictured or other.parts.kind}
    return files and kinds == {"directory", "file"}


def _is_described(line: DrawnLine) -> bool:
    """Whether a file is drawn with words below it that are its description."""
    if line.parts.name.endswith(("/", "\\")):
        return False
    below = list(_below(line))
    if any(inner.parts.name.endswith("/") for inner in below):
        return False
    named = any(looks_like_a_file(inner.parts.name) for inner in below)
    sure = SURE_ENDINGS.search(line.parts.name) is not None
    known = re.search(rf"\w\.(?:{KNOWN_ENDINGS})$", line.parts.name) is not None
    return not named and (sure or known)


def _below(line: DrawnLine) -> Iterator[DrawnLine]:
    for inner in line.inside:
        yield inner
        yield from _below(inner)


def _may_be_several(line: DrawnLine) -> bool:
    """Whether slashes may separate several names, as in `cart/menu/login.html   # the pages`."""
    return _SLASHED.fullmatch(line.parts.name) is not None and _SEVERAL.search(line.parts.about) is not None


def _is_file_above(line: DrawnLine) -> bool:
    """Whether entries are drawn below what can only be a file, so that they are beside it."""
    name = line.parts.name
    valid = re.fullmatch(r"[^\x00-\x1f/\\]+", name) is not None
    return bool(line.inside) and valid and SURE_ENDINGS.search(name) is not None


@dataclass
class _Reader:
    file: str
    kinds: _Kinds
    unread: list[Problem]
    problems: list[Problem] = field(default_factory=list)

    def tops(self, tops: Sequence[DrawnLine]) -> Iterator[DrawnEntry]:
        headless: list[DrawnLine] = []
        elsewhere = [line for line in tops if is_on_one_machine(line.parts.name)]
        for line in [*tops, None]:
            if line in elsewhere and len(elsewhere) < len(tops):
                self.skip(line, "a part of the tree in another place")
                continue
            if line and not line.guided and _is_prose(line):
                self.skip(line)
                continue
            if line and line.guided and line.parts.name != "./":
                headless.append(line)
                continue
            if headless:
                first = headless[0]
                inside, more = self.inside(headless, ())
                yield DrawnEntry("./", first.number, first.column, more=more, children=inside)
                headless = []
            if line:
                yield from self.top(line)

    def top(self, line: DrawnLine) -> Iterator[DrawnEntry]:
        name = line.parts.name
        if _is_file_above(line) and not _is_described(line):
            yield from self.inside([replace(line, inside=[]), *line.inside], ())[0]
            return
        stands_for_root = ROOTS.fullmatch(name) or is_on_one_machine(name) or is_called_root(line.parts.about)
        if name in (".", "./", "/") or (line.inside and stands_for_root):
            inside, more = self.inside(line.inside, ())
            yield DrawnEntry("./", line.number, line.column, line.parts.about, more=more, children=inside)
        else:
            line.parts = replace(line.parts, name=name.lstrip("/") if name.strip("/") else "./")
            yield from self.entries(line, ())

    def inside(
        self, lines: Iterable[DrawnLine], above: tuple[str, ...]
    ) -> tuple[tuple[DrawnEntry, ...], bool]:
        """The entries of a directory, and whether it may contain others."""
        entries: list[DrawnEntry] = []
        more = False
        lines = list(lines)
        captioned = any(map(_is_loose_caption, lines))
        for line in lines:
            if _is_file_above(line) and not _is_described(line):
                beside, open_ = self.inside([replace(line, inside=[]), *line.inside], above)
                entries += beside
                more |= open_
            elif line.parts.caption and line.inside and shows_output(line.parts.name):
                more = True
                self.skip(line, "a part of the tree that a program writes")
            elif line.inside and (line.parts.caption or self.is_counted(line) or self.is_titled(line)):
                inside, open_ = self.inside(line.inside, above)
                local = _IGNORING.search(line.parts.name) is not None
                entries += (replace(child, local=child.local or local) for child in inside)
                more |= open_
            elif captioned and _is_pictured(line) and _heads_files(line, lines):
                beside, open_ = self.inside(line.inside, above)
                entries += beside
                more |= open_
            elif captioned and _is_pictured(line):
                more = True
                self.skip(line, "a caption in a tree; the entries below it could be in any directory")
            elif _may_be_several(line):
                more = True
                self.skip(line, f"{shortened(line.parts.name)} may be one path or several names; use braces")
            elif line.parts.more or line.parts.caption or _is_prose(line):
                more = True
                if not line.parts.more:
                    self.skip(line)
            else:
                wrong = len(self.problems)
                entries += self.entries(line, above)
                more |= _GOES_ON.search(line.parts.name) is not None
                more |= len(self.problems) > wrong  # the entry of an invalid name may exist
        return tuple(entries), more

    def is_counted(self, line: DrawnLine) -> bool:
        """Whether a line only counts the files below it, `Basics (8 files)`: they lie beside the others."""
        plain = self.kinds.slashes and not line.parts.kind and _GROUP.fullmatch(line.parts.name) is not None
        files = all(looks_like_a_file(inner.parts.name) for inner in line.inside)
        return plain and files and _COUNT.fullmatch(line.parts.about) is not None

    def is_titled(self, line: DrawnLine) -> bool:
        """Whether a line is a title, `Documentation:` or `[Docs]`, beside directories with slashes."""
        name = line.parts.name
        in_brackets = _BRACKETED.fullmatch(name) is not None and not line.parts.quoted
        return self.kinds.slashes and (in_brackets or (line.parts.colon and not COMMON.fullmatch(name)))

    def entries(self, line: DrawnLine, above: tuple[str, ...]) -> Iterator[DrawnEntry]:
        if line.inside and _is_described(line):
            words = " ".join(inner.parts.name for inner in line.inside)
            name = line.parts.name.rstrip("/")
            about = line.parts.about or words
            line = replace(line, parts=replace(line.parts, name=name, about=about, kind="file"), inside=[])
        parts = line.parts
        if parts.more:
            return
        named = names_in(_GOES_ON.sub("", parts.name))
        names = [[parts.name]] if parts.quoted else list(islice(named, _MOST_NAMES + 1))
        if len(names) > _MOST_NAMES:
            self.wrong(line, f"more than {_MOST_NAMES} names in one line")
            return
        for members in names:
            cut = [re.sub(r"/(?:\.{3}|…)$", "/", member.strip()) for member in members]
            fit = [name for member in cut if (name := self.checked(line, member))]
            if len(fit) < len(cut):
                continue
            certain, directory = self.kind(line, fit)
            if not directory and len(fit) == 1 and _CLASS.fullmatch(fit[0]):
                fit.append(f"{fit[0]}.*")
            key = " | ".join(self.key(name, directory, above, parts.quoted) for name in fit)
            inside, more = self.inside(line.inside, (*above, *fit[0].rstrip("/").split("/")))
            yield DrawnEntry(
                key,
                line.number,
                line.column,
                parts.about,
                parts.optional,
                more or cut != members,
                certain,
                inside,
                crossed=parts.crossed,
            )

    def kind(self, line: DrawnLine, names: Sequence[str]) -> tuple[bool, bool]:
        """Whether the kind of an entry is certain, and whether it is a directory."""
        if line.inside or any(name.endswith("/") for name in names) or self.kinds.all or line.parts.kind:
            kind = line.parts.kind or self.kinds.all
            return True, bool(line.inside) or kind == "directory" or any(name.endswith("/") for name in names)
        name = names[0].rpartition("/")[2]
        if looks_like_a_file(name):
            return name in SURE_FILES or (self.kinds.slashes and not may_be_either(name)), False
        if is_project(name):
            return False, True
        if self.kinds.slashes:
            return False, COMMON.fullmatch(name) is not None or "/" in names[0]
        return False, self.kinds.plain == "directory"

    def key(self, name: str, directory: bool, above: tuple[str, ...], quoted: bool) -> str:
        route = any(_ROUTES.match(f"{step}/") for step in above)
        steps = name.rstrip("/").split("/")
        return "/".join(key_of(step, route=route, quoted=quoted) for step in steps) + "/" * directory

    def checked(self, line: DrawnLine, name: str) -> str:
        """A valid name with `/` between its steps; "" with a problem if it is invalid."""
        if not line.parts.quoted:
            if "\\" in name and "/" not in name and not re.match(r"[A-Za-z]:\\|\\\\", name):
                name = name.replace("\\", "/")
            name = re.sub(r"^(?:\./)+(?=.)", "", re.sub(r"//+", "/", name) if "://" not in name else name)
            name = name[1:] if re.fullmatch(r"/[^/]+/?", name) else name  # `├── /docs` is in the tree
        steps = name.rstrip("/").split("/")
        if wrong := _wrong("" if line.parts.quoted and not name.startswith("/") else name, steps):
            self.wrong(line, f"{shortened(name)} {wrong}")
            return ""
        return "" if any(step == ".git" for step in steps) else name

    def wrong(self, line: DrawnLine, message: str) -> None:
        self.problems.append(Problem(self.file, line.number, line.column, message))

    def skip(self, line: DrawnLine, message: str = "a line of text in a tree; write text after `#`") -> None:
        self.unread.append(Problem(self.file, line.number, line.column, message))


def _wrong(name: str, steps: Sequence[str]) -> str:
    """The problem with a name, and its correction."""
    if re.match(r"[A-Za-z]:\\|\\\\|~(?:/|$)|/", name):
        return "is an absolute path; write paths from the root of the repository"
    if ".." in steps:
        return "leads upwards; draw the entry where it is"
    if any(_is_control(character) for character in name):
        return "contains a control character; remove it"
    if any(step != step.strip() or not step or step == "." for step in steps):
        return "is not a valid name of a file or directory"
    if any(len(step.encode("utf-8", "surrogatepass")) > _LONGEST for step in steps):
        return f"is too long; a name can have at most {_LONGEST} bytes"
    return ""


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
