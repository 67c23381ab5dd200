"""One line of a drawn tree without its guides: the names, their description and their form.

src/            # The code             a directory, and what it is for
service-name/                          any service: `<service>/`
tests/{unit,e2e}/                      two directories
package.json or requirements.txt       one of two files
...                                    there may be others
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from structlint.markdown import words
from structlint.markdown.endings import with_endings
from structlint.markdown.known_names import FILES
from structlint.markdown.word_patterns import any_of
from structlint.text.key_escapes import escape_key

# --- Splitting a line into name and description

# The end of a name: a comment sign, a dash or a colon with a blank, brackets, or two blanks.
_APART = re.compile(
    r"\s*#(?=[\s\w(])(?<=[\s/]#)|\s+//+\s*|\s+<-+\s*|\s*←\s*|\s+=>\s*|\s+-{1,3}>?\s+|\s+[–—]\s+"  # noqa: RUF001
    r"|\s*:\s+|\s+;\s*|\s+(?=\()|\s{2,}|[\t\u3000]|\s*[：；]\s*|(?<=[\x00-\x7f])\s*[、，]\s*(?=[^\x00-\x7f])|\s+→\s*|\s*——+\s*|\s*(?=[（【〔「《][^）】〕」》]*[）】〕」》]?$)"  # noqa: RUF001
)
_SIGNS = re.compile(r"^(?:#+|//+|<-+|←|→|=>|[-–—:;]+(?=\s))\s*")  # noqa: RUF001
_LINK = re.compile(r"^(?P<name>(?:(?!\s#|\s{2}|\s\().)+)\s->\s\S+(?P<words>\s+[#(].*)?$")
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
_MARKED = re.compile(r"(`+|\*\*)(?P<name>.+?)\1")
_DUNDER = re.compile(r"(?<![\w*])\*\*(\w+)\*\*(?=\.pyi?\b)|\\_\\_(\w+)\\_\\_")
_GOES_ON = re.compile(r"((?:[^\s,#]+,\s+)+)(?:…|⋯|etc\.?)(?=$|\s{2}|\s*[#(])")  # after several names
_SEVERAL = re.compile(r"(`)\s*/\s*`")  # `a`/`b` are two names
_DIRECTORIES = re.compile(r"[\w.@-]+/(?:\s+[\w.@-]+/)+(?=\s*(?:#|$))")  # `a/ b/` as well
_MARKS = "|".join(["plan", *map(any_of, (words.CHANGED, words.LATER, words.LATER_ALONE))])
_STATUS = re.compile(rf"(?P<mark>\[(?:{_MARKS})\]|\((?:{_MARKS})\))\s+(?=\S)", re.IGNORECASE)
_SIGN = re.compile(r"[+-]\s+(?=[\w.`*@-])")  # of a change: `+ cart.py`, `- legacy/`
_ESCAPED = re.compile(r"(?<=\s)\\(?=#)|(?<=\w)\\(?=_\w)")  # by an editor, in a paragraph
_COLUMNS = re.compile(r"\[(?P<mode>[dl-][rwxsStT-]{9}|\s*[\d.]+[KMGT]?)(?:\s[^\]]*)?\]\s+")
_STRUCK = re.compile(r"~~(?P<name>[^~]+)~~")
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:\s*")
_OPTIONAL = re.compile(r"^\W*optional\b[\s:,.;)\]–—-]*|[(\[]\s*optional\s*[)\]]\s*", re.IGNORECASE)  # noqa: RUF001
_MORE = re.compile(
    r"(?:\.{3,}|…|⋯|⋮|。{3,})(?!/\w).*|\w[^/.]*(?:\.{3}|…|⋯)|etc\.?|usw\.?|"
    r"\[[^\[\]/.\x00-\x7f]+\]|и т\. ?[дп]\.|等等?|\*\*?|\*\*/|\*\.\*|"
    r"[(\[<]\s*(?:\.{3}|…|(?:and |plus |\d+ )?(?:more|others?|additional|further|etc)\b)[^)\]>]*[)\]>]",
    re.IGNORECASE,
)
_OTHERS = re.compile(words.OTHERS, re.IGNORECASE)
# Words with blanks that end in a colon or have brackets, which are not a file name.
_CAPTION = re.compile(
    r"\(root\)|\([^()]*\s[^()]*\):?|[^/`(\[<*]*\s[^/`]*:|[^\W\d_][^/.`(]*\s[^/.`(]*\s\([^()]*\)"
)
_RANGE = re.compile(
    r"(?P<first>[\w.-]*\d[\w.-]*)(?P<slash>/?)\s*(?:\.{2,3}|…|⋯|\s[-–~]\s|\s(?:to|through|bis|до|~)\s)\s*"  # noqa: RUF001
    r"(?P<last>[\w.-]*\d[\w-]*(?:\.\w+)*)(?P=slash)(?=$|\s{2}|\s*[#(（]|\s+(?:<-|←|[-–—]\s))"  # noqa: RUF001
)
_NUMBER = re.compile(r"\d+")
_TIGHT_COMMENT = re.compile(r"^([\w./-]+\.[A-Za-z]\w{0,5})#\s+")  # `a.java# words`
_LAST_COLON = re.compile(r"^(\S+):$")
_BEFORE_COMMENT = re.compile(r"\s+#\s|\s+(?:<-|←|//)\s|\s{2,}(?=\S)")
_OPENING, _CLOSING = tuple("(（【〔「《"), tuple(")）】〕」》")  # noqa: RUF001
# "Data models (Models/)" means the directory in brackets, and `[guides/](guides/)` the target of the link.
_NAMED_IN_BRACKETS = re.compile(
    r"(?P<words>[^/`(（#]+?)\s*[(（](?P<path>(?:[\w.@-]+/)+)[)）](?P<rest>(?:\s.*)?)"  # noqa: RUF001
)
_LINKED_NAME = re.compile(r"\[([^\[\]\s]+(?:/|\.\w+))\](?:\([^()\s]*\))?(?=\s|$)")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef（【「]")  # noqa: RUF001
_JOINING = "\u200d\ufe0f\ufffd🏻🏼🏽🏾🏿"
_CROSSED = re.compile(r"\s*[❌✗✘🚫⛔]")
_IS_DIRECTORY, _IS_FILE = "📁📂🗂", "📄📃📝📜🐍"
_EXTENSION = re.compile(r"[^\s.]\.[A-Za-z][A-Za-z0-9_-]{0,11}\*?$")

# --- Forms

_BRACES = re.compile(r"(?<![{$])\{([^{}]*,[^{}]*|[\w.@-]+(?:[/|][\w.@-]+)+)\}(?!\})")
_OR = re.compile(r" (?:or|\|\|?) |(?<=[\w/])\|(?=[\w.])")
_AND = re.compile(r",\s+|\s/\s|\s(?:and|&|\+)\s|\s*[、，]\s*")  # noqa: RUF001
_SEVERAL_NAMES = 3  # of which one may be unclear, such as `_headers`
_PLAIN_NAME = re.compile(r"[^\s,()#]+")
_NOUN = (
    r"(?:service|microservice|app|application|package|pkg|module|feature|component|plugin|project|model|page|"
    r"library|lib|crate|domain|entity|tool|agent|task|command|resource|screen|view|skill|dataset|experiment|"
    r"pipeline|job|workflow|environment|env|tenant|theme|function|class|file|target|node|role|chart|layer)"
)
_SLOT = re.compile(
    r"\{\{.*?\}\}"  # a plain name in templates
    r"|<(?P<angle>[^<>{}]+)>|\$\{(?P<dollar>\w+)\}"
    r"|\[(?:\w-\w|\d+-\d+)\]|\{\d+\.{2,3}\d+\}|\{(?P<brace>[A-Za-z][\w -]*)\}|\[(?P<square>[A-Za-z][\w -]*)\]"
    r"|^\((?P<group>group|group-name|domain|feature|name)\)$"
    rf"|(?:(?<![\w-])|(?<=(?:NN|XX|xx)-))(?:(?:your|my|some|the)[-_])?(?P<noun>{_NOUN})[-_]name(?![\w-])"
    rf"|(?<![\w-])(?:your|my)[-_](?P<your>{_NOUN})(?![\w-])|(?P<date>YYYY-MM-DD)"
    r"|(?<![\w-])your[-_](?P<thing>[A-Za-z][\w-]*)"
    r"|(?<![A-Za-z])(?:your(?=[a-z]{4})|Your(?=[A-Z]))(?P<yours>[A-Za-z]+)"
    r"|(?<![\w])(?P<number>N{2,4}|X{2,4}|x{3,4})(?=[-_])"
)
# A web framework's file for a part of a URL: `[slug].tsx`, `[id].ts`. `[domain].ts` is any module.
_WEB = re.compile(
    r"\[[^\]]*\]\.(?:tsx|jsx|vue|svelte|astro|html|php)|\[(?:\w*id|\w*slug|locale|lang)\]\.(?:ts|js|mjs)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a line. `kind` is "directory" or "file" if a sign before the name determines it.

    `loose`: only one blank separates the name from more words, so the line may be prose.
    `caption`: this is a caption or a remark, not a name. `pictured`: a pictogram
    other than that of a directory is before it. `crossed`: a cross is before it. `colon`: it is one word
    with a colon at the end.
    """

    name: str
    about: str = ""
    optional: bool = False
    kind: str = ""
    quoted: bool = False
    loose: bool = False
    caption: bool = False
    pictured: bool = False
    crossed: bool = False
    colon: bool = False

    @property
    def more(self) -> bool:
        """Whether this is not a name, but means that there may be others."""
        return not self.quoted and any(more.fullmatch(self.name) for more in (_MORE, _OTHERS))


def is_signed(text: str) -> bool:
    """Whether a line of a tree, without its guides, begins with the sign of an addition or a removal."""
    return _SIGN.match(text) is not None


def with_underscores(text: str) -> str:
    """Restores underscores that a formatter has replaced: `**init**.py` is `__init__.py`."""
    return _DUNDER.sub(lambda match: f"__{match[1] or match[2]}__", text)


def parts_of(text: str) -> Parts:
    """Splits a line of a tree, without its guides, into its parts."""
    text = text.strip()
    struck = _STRUCK.match(text)
    text = f"{struck['name']}{text[struck.end() :]}" if struck else text
    status = _STATUS.match(text) if text[:1] in "[(" else None
    changed = _SIGN.match(text)
    text = text[changed.end() :] if changed else text
    parts = _parts(text[status.end() :] if status else text)
    if status:  # `[NEW] cart.py`
        optional = parts.optional or status["mark"].strip("()[]").lower() == "plan"
        parts = replace(parts, about=f"{status['mark']} {parts.about}".rstrip(), optional=optional)
    pictured = parts.kind != "directory" and unicodedata.category(text[:1] or " ") == "So"
    colon = _LAST_COLON.match(text) is not None
    crossed, optional = _CROSSED.match(text) is not None, parts.optional or bool(struck or changed)
    return replace(parts, optional=optional, pictured=pictured, crossed=crossed, colon=colon)


def _parts(text: str) -> Parts:
    rest, kind = _without_signs(_ESCAPED.sub("", with_underscores(text.strip())))
    if goes_on := _GOES_ON.match(rest):
        rest = f"{goes_on[1]}...{rest[goes_on.end() :]}"
    rest = _LAST_COLON.sub(r"\1", _TIGHT_COMMENT.sub(r"\1  # ", rest))
    rest = _LINKED_NAME.sub(r"\1", rest, count=1) if rest.startswith("[") else rest
    if columns := _COLUMNS.match(rest):
        rest = rest[columns.end() :]
        kind = "directory" if columns["mode"].startswith("d") else kind
    if quoted := _QUOTED.match(rest):
        about, optional = _about(rest[quoted.end() :])
        return Parts(_unescaped(quoted[1]), about, optional, kind, quoted=True)
    if named := _range(rest):
        about, optional = _about(rest[named.end() :])
        return Parts(_form_of(named["first"], named["last"]) + named["slash"], about, optional, kind)
    if _MORE.fullmatch(rest):
        return Parts(rest)
    if (named := _NAMED_IN_BRACKETS.fullmatch(rest)) and not _begins_with_name(named["words"]):
        about, _ = _about(named["rest"])
        return Parts(named["path"], about or named["words"], kind="directory")
    if _CAPTION.fullmatch(_BEFORE_COMMENT.split(rest, maxsplit=1)[0]):
        return Parts(rest, caption=True)
    if link := _LINK.match(rest):  # git keeps a link as it keeps a file
        rest, kind = link["name"] + (link["words"] or ""), kind or "file"
    rest = _SEVERAL.sub(r"\1, \1", rest)
    rest = (
        _DIRECTORIES.sub(lambda match: ", ".join(match[0].split()), rest, count=1) if "/ " in rest else rest
    )
    if marked := _MARKED.match(rest):
        tail = rest[marked.end() :]
        if not (_OR.match(tail) or _AND.match(tail)):
            about, optional = _about(tail.lstrip("/") if tail.startswith("/") else tail)
            slash = "/" if tail.startswith("/") else ""
            bare = marked["name"].strip("* ") if marked[1] == "**" else marked["name"]
            name, mark = _without_mark(bare.strip("` ") + slash)
            return Parts(name, about, optional or mark, kind)
        rest = _MARKED.sub(lambda match: match["name"], rest)
    name, remark, loose = _apart(rest)
    about, optional = _about(remark)
    name, mark = _without_mark(name.strip())
    return Parts(name, about, optional or mark, kind, loose=loose)


def _begins_with_name(words: str) -> bool:
    """Whether words before a path in brackets begin with a name, so that the path is in its description."""
    first, _, others = words.partition(" ")
    return bool(others) and (_looks_named(first) or others.startswith(" "))


def _without_mark(name: str) -> tuple[str, bool]:
    """A name without the `?` of an optional entry, and whether it had one."""
    bare = re.sub(r"(?<=[^/?])\?(?=/?$)|(?<=/)\?$", "", name)
    return bare, bare != name


def _without_signs(text: str) -> tuple[str, str]:
    """A line without the pictograms before its name, and the kind that they indicate."""
    kind, rest = "", text
    while rest and (unicodedata.category(rest[0]) == "So" or rest[0] in _JOINING):
        kind = "directory" if rest[0] in _IS_DIRECTORY else "file" if rest[0] in _IS_FILE else kind
        rest = rest[1:].lstrip()
    if code := _SHORTCODE.match(rest):
        kind = "directory" if "folder" in code[0] else kind
        rest = rest[code.end() :]
    return rest, kind


def _apart(rest: str) -> tuple[str, str, bool]:
    """The name, its description, and whether only a blank separates them.

    `src/ the code` and `main.py the entry` are a name and words, `My Notes.txt` and `Program Files/` are
    names; other words with blanks between them are returned as one.
    """
    match = _APART.search(rest)
    name, remark = (rest[: match.start()], rest[match.start() :]) if match and match.start() else (rest, "")
    if " " not in name or _OR.search(name) or _lists(name) or with_endings(name.strip()):
        return name, remark, False
    first, _, words = name.partition(" ")
    if _looks_named(first) or (first.isascii() and _OTHER_SCRIPT.match(words)):
        return first, f"{words} {remark}".strip(), True
    return name, remark, not _looks_named(name)


def _range(text: str) -> re.Match[str] | None:
    """A range of names: `ADR-001.md ... ADR-020.md`, with one extension, or `w01/ ... w12/`."""
    match = _RANGE.match(text)
    if not match:
        return None
    first, last = match["first"], match["last"]
    if "." in last:
        return match if first.rpartition(".")[2] == last.rpartition(".")[2] else None
    return match if _NUMBER.sub("#", first) == _NUMBER.sub("#", last) != "#" else None


def _form_of(first: str, last: str) -> str:
    """The pattern for a range of names: the common beginning and end."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    start = "".join(letter for letter, _ in pairs).rstrip("0123456789")
    return f"{start}*.{last.rpartition('.')[2]}" if "." in last else f"{start}*"


def names_several(name: str) -> bool:
    """Whether words with blanks name several files or directories, or one of them."""
    return bool(_OR.search(name)) or _lists(name) or bool(with_endings(name)) or "{" in name


def _lists(name: str) -> bool:
    names = _AND.split(name)
    unclear = sum(not (_looks_named(other) or FILES.fullmatch(other)) for other in names)
    plain = all(map(_PLAIN_NAME.fullmatch, names))
    return plain and len(names) > 1 and (not unclear or (unclear == 1 and len(names) > _SEVERAL_NAMES))


def _looks_named(word: str) -> bool:
    return word.endswith("/") or _EXTENSION.search(word) is not None or word.startswith((".", "*"))


def _about(part: str) -> tuple[str, bool]:
    words = part.strip()
    while (shorter := _SIGNS.sub("", words, count=1)) != words:
        words = shorter.strip()
    optional = _OPTIONAL.search(words) is not None
    words = _OPTIONAL.sub("", words).strip() if optional else words
    if words[:1] in _OPENING and words[-1:] in _CLOSING and words.count(words[0]) == 1:
        words = words[1:-1].strip()
    return " ".join(words.replace("`", "").split()), optional


def _unescaped(text: str) -> str:
    r"""Unescapes a name in the notation of `tree -Q`: \" and \\, and octal bytes."""
    data = re.sub(
        rb"\\([0-7]{3}|.)",
        lambda match: bytes([int(match[1], 8) & 0xFF]) if match[1].isdigit() else match[1],
        text.encode("utf-8", "surrogateescape"),
    )
    return data.decode("utf-8", "surrogateescape")


# --- Names as keys of a layout


def names_in(text: str) -> Iterator[list[str]]:
    """The names that a line draws, each with its alternatives: `a.py, b.py` two, `a or b` one of two."""
    for braced in _unfolded(text):
        several: Sequence[str] = _AND.split(braced) if _lists(braced) else [braced]
        several = with_endings(braced) or several
        yield from (_OR.split(part) for part in several)


def _unfolded(text: str) -> Iterator[str]:
    """`tests/{unit,e2e}/` without braces: `tests/unit/`, `tests/e2e/`."""
    braces = _BRACES.search(text)
    if not braces or len(text) > 1000:
        yield text
        return
    for part in braces[1].split(",") if "," in braces[1] else re.split(r"[/|]", braces[1]):
        yield from _unfolded(text[: braces.start()] + part.strip() + text[braces.end() :])


def key_of(step: str, *, route: bool = False, quoted: bool = False) -> str:
    """One name as the key of a layout: placeholders as `<name>`, and other special characters escaped.

    In a `route` of a web framework, `[id]` is a plain name; a `quoted` name is completely plain.
    """
    if quoted:
        return escape_key(step)
    key, at = "", 0
    for slot in _SLOT.finditer(step):
        key += escape_key(step[at : slot.start()], stars=False) + _placeholder(slot, step, route)
        at = slot.end()
    key += escape_key(step[at:], stars=False)
    return re.sub(r"(?<!\\)(?:\*|<[\w-]+>)(?:\*|<[\w-]+>)+", "*", key)  # two in a row match anything


def _placeholder(slot: re.Match[str], step: str, route: bool) -> str:
    named = slot.lastgroup
    if named is None and not slot[0].startswith("{{"):
        return "*"  # a set of characters or numbers
    web = _WEB.fullmatch(step) is not None
    if named is None or (named == "square" and (route or web)):
        return escape_key(slot[0], stars=False)
    words = named if named in ("date", "number") else slot[named]
    return f"<{_noun(words)}>" if _noun(words) else escape_key(slot[0], stars=False)


def _noun(words: str) -> str:
    """The name of a placeholder: `service` for `Your Service Name`."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", words.strip()).strip("-_")
    slug = re.sub(r"^(?:your|my|the|some|a|an)[-_]", "", slug, flags=re.IGNORECASE)
    slug = re.sub(r"(?<=\w)[-_]?name$", "", slug, flags=re.IGNORECASE) or slug
    slug = slug.strip("-_").replace("_", "-").lower()
    return slug if re.fullmatch(r"[a-z][a-z0-9-]*", slug) else ""
