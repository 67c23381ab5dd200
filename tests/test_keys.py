"""Parsing of the keys of `tree`, and the names that they match."""

from __future__ import annotations

import re

import pytest
from effort import limit_calls
from hypothesis import given
from hypothesis import strategies as st

from structlint.layout.key_text import BadKey, read_key
from structlint.layout.key_writer import is_writable, key_text
from structlint.layout.keys import EVERYWHERE, STAR, Name, Part, Slot
from structlint.text.key_escapes import ENTRY_SETTINGS, plain_key

# The steps of each key, formatted again; `?` marks an optional entry, and a directory ends in "/".
PARSED = {
    "README.md": ["README.md"],
    "src/": ["src/"],
    "Makefile?": ["Makefile", "?"],
    "docs/?": ["docs/", "?"],
    "a | b": ["a | b"],
    "a ^ b ^ c": ["a ^ b ^ c"],
    "a/ | b/?": ["a/ | b/", "?"],
    "*.yaml | <x>.yml": ["*.yaml | <x>.yml"],
    "a/b/c.yaml": ["a/", "b/", "c.yaml"],
    "a/b/c/?": ["a/", "b/", "c/", "?"],
    "**/": ["**/"],
    "**/tests/": ["**/", "tests/"],
    "src/**/x.py?": ["src/", "**/", "x.py", "?"],
    "test_<module>.py": ["test_<module>.py"],
    "<service:snake_case>/": ["<service:snake_case>/"],
    "<a>-<b>-<c>.<d>": ["<a>-<b>-<c>.<d>"],
    "<a>-<a>": ["<a>-<a>"],
    "[id]/": ["[id]/"],
    "(group)/": ["(group)/"],
    "@scope/": ["@scope/"],
    "{{cookiecutter.slug}}/": ["{{cookiecutter.slug}}/"],
    "a|b^c": ["a|b^c"],
    "who?.md": ["who?.md"],
    "a < b": ["a < b"],
    "a > b": ["a > b"],
    "..a": ["..a"],
    "naïve": ["naïve"],
    "x" * 255: ["x" * 255],
}

# Keys with escapes, and the exact name.
ESCAPED = {
    r"what\?": "what?",
    r"what\??": "what?",
    r"\<plain>": "<plain>",
    r"\*.txt": "*.txt",
    r"\*\*": "**",
    r"a \| b": "a | b",
    r"a \^ b": "a ^ b",
    r"back\\slash": "back\\slash",
    r"back\\": "back\\",
    r"\about": "about",
    r"a\\b": r"a\b",
    r"a/\b": "b",
    r"\.": None,
}

INVALID = {
    "": "an empty name",
    "?": "an empty name",
    "/": "an empty name",
    "/etc/passwd": "an empty name",
    "a//b": "an empty name",
    "a | ": "an empty name",
    "./a": "not a valid name of an entry",
    "a/../b": "not a valid name of an entry",
    r"a/\.": "not a valid name of an entry",
    ".git/": "belongs to git",
    "x/.Git/config": "belongs to git",
    "x" * 256: "at most 255 bytes",
    "ü" * 128: "at most 255 bytes",
    " a": "begins or ends in a space",
    "a /": "begins or ends in a space",
    "a |  b": "begins or ends in a space",
    "a | b ^ c": "cannot be mixed",
    "a/x | b/x": "names in one directory",
    "a? | b": "applies to all the alternatives",
    "a/? | b/": "applies to all the alternatives",
    "a | b/ | a": "the same alternative twice",
    "a | b | a": "the same alternative twice",
    "docs?/": "at the very end",
    "a?/b": "at the very end",
    "a\\": "ends in a backslash",
    r"a\/b": "a name cannot contain a `/`",
    r"src\app.py": r"contains `\a`, which means `a`; write `/` between two names, or `\\` for a backslash",
    r"C:\x | y": r"contains `\x`, which means `x`",
    r"a\\\b/": r"contains `\b`, which means `b`",
    "**": "write `**/`",
    "a/**": "write `**/`",
    "**.py": "must stand alone",
    "a**/b": "must stand alone",
    "a/ | **/": "must stand alone",
    "<a><b>": "two wildcards follow each other",
    "*<b>": "two wildcards follow each other",
    "<a>-<b>-<c>-<d>-<e>": "at most 4 wildcards",
    "<a>-*-*-<a>": "at most 3 wildcards",
    "<a>-<a:PascalCase>": "two cases in one name",
    "<a:kebab>": "unknown case `kebab`",
    "<service name>/": "letters, digits, `-` and `_`",
    "<1st>/": "letters, digits, `-` and `_`",
    "<>": "letters, digits, `-` and `_`",
}


@pytest.mark.parametrize(("text", "steps"), PARSED.items(), ids=PARSED)
def test_parsed_steps(text: str, steps: list[str]) -> None:
    path = read_key(text)
    assert [*map(str, path.steps), *(["?"] if path.optional else [])] == steps


@pytest.mark.parametrize(("text", "name"), ESCAPED.items(), ids=ESCAPED)
def test_backslash_escapes(text: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(BadKey):
            read_key(text)
    else:
        assert read_key(text).steps[-1].exact == name


@pytest.mark.parametrize(("text", "message"), INVALID.items(), ids=INVALID)
def test_invalid_key(text: str, message: str) -> None:
    with pytest.raises(BadKey, match=re.escape(message)):
        read_key(text)


def test_alternatives_with_an_escaped_question_mark() -> None:
    assert [name.exact for name in read_key(r"what\? | why\?").steps[0].members] == ["what?", "why?"]


def test_every_directory_is_a_singleton() -> None:
    assert read_key("**/").steps == (EVERYWHERE,)


# A key, a name, and the values of its placeholders, or None if it does not match.
MATCHES: list[tuple[str, str, dict[str, str] | None]] = [
    ("a.txt", "a.txt", {}),
    ("a.txt", "b.txt", None),
    ("*", "anything", {}),
    ("*.py", ".py", {}),
    ("*.py", "a.pyc", None),
    ("a*a", "a", None),
    ("<x>", "a", {"x": "a"}),
    ("test_<x>.py", "test_a.py", {"x": "a"}),
    ("test_<x>.py", "test_.py", None),
    ("<x>.<x>", "a.a", {"x": "a"}),
    ("<x>.<x>", "a.b", None),
    ("<x>-<y>", "a-b-c", {"x": "a", "y": "b-c"}),
    ("<x>-<y>.yaml", "a.yaml-b.yaml", {"x": "a.yaml", "y": "b"}),
    ("<x>-*-<y>", "a--b", {"x": "a", "y": "b"}),
    ("<x>.tar.*", "a.tar.tar.gz", {"x": "a"}),
    ("<x>", "line\nbreak", {"x": "line\nbreak"}),
    ("*x*", "\udcff x", {}),
    ("<x>é", "eé", {"x": "e"}),
]


def parse_name(key: str) -> Name:
    return read_key(key).steps[0].members[0]


@pytest.mark.parametrize(("key", "name", "values"), MATCHES)
def test_match(key: str, name: str, values: dict[str, str] | None) -> None:
    assert parse_name(key).match(name, lambda slot, value: True) == values


def test_match_depends_on_the_allowed_values() -> None:
    stages = {"prod", "eu-prod"}
    found = parse_name("<service>-<stage>.yaml").match(
        "auth-api-prod.yaml", lambda slot, value: slot.placeholder != "stage" or value in stages
    )
    assert found == {"service": "auth-api", "stage": "prod"}


@pytest.mark.parametrize(
    "key", ["<a>-<b>-<c>", "<a>-<b>-<c>-<d>x", "<a>-*-<a>x", "*-*-*-*x", "<a>-<b>-<a>-x"]
)
@pytest.mark.parametrize("name", ["-" * 255, "a-" * 127, "a-" * 127 + "b"])
def test_match_of_a_hostile_name_is_fast(key: str, name: str) -> None:
    with limit_calls(calls=1_000_000):
        parse_name(key).match(name, lambda slot, value: not value.endswith("-"))


# The parts of a name: texts over a small alphabet, so that they also occur in the values of wildcards.
_texts = st.text("ab-.", min_size=1, max_size=3)
_wildcards: st.SearchStrategy[Part] = st.sampled_from([STAR, Slot("x"), Slot("y"), Slot("z")])


@st.composite
def _names(draw: st.DrawFn) -> Name:
    """A name with alternating texts and wildcards, as `read_key` returns it."""
    wildcards = draw(st.lists(_wildcards, min_size=1, max_size=3))
    parts: list[Part] = [draw(_texts)] if draw(st.booleans()) else []
    for each in wildcards:
        parts += [each, draw(_texts)]
    return Name(tuple(parts[:-1] if draw(st.booleans()) else parts))


def _expression(name: Name) -> re.Pattern[str]:
    """The equivalent regular expression."""
    seen: set[str] = set()
    source = ""
    for part in name.parts:
        if isinstance(part, Slot):
            source += (
                f"(?P={part.placeholder})" if part.placeholder in seen else f"(?P<{part.placeholder}>.+?)"
            )
            seen.add(part.placeholder)
        else:
            source += re.escape(part) if isinstance(part, str) else ".*?"
    return re.compile(source, re.DOTALL)


@given(_names(), st.data())
def test_match_agrees_with_a_regular_expression(name: Name, data: st.DataObject) -> None:
    values = {slot: data.draw(_texts) for slot in "xyz"}
    some = "".join(values[p.placeholder] if isinstance(p, Slot) else str(p) for p in name.parts)
    text = data.draw(st.sampled_from([some, some.replace("*", "b-")]) | st.text("ab-.", max_size=12))
    expected = _expression(name).fullmatch(text)
    assert name.match(text, lambda slot, value: True) == (expected and expected.groupdict())


@given(_names().filter(lambda name: STAR not in name.parts), _texts, _texts, _texts)
def test_matched_values_spell_the_same_name(name: Name, x: str, y: str, z: str) -> None:
    text = name.spelled({"x": x, "y": y, "z": z})
    values = name.match(text, lambda slot, value: True)
    assert values is not None
    assert name.spelled(values) == text


@pytest.mark.parametrize("text", [*PARSED, *ENTRY_SETTINGS, r"\about", r"a\? | b\?", r"x \| y", r"a\*/"])
def test_key_text_round_trips(text: str) -> None:
    path = read_key(text)
    for step in path.steps:
        assert read_key(key_text(step)).steps == (step,)


@given(st.text("ab<>*?|^\\ .:", min_size=1, max_size=8))
def test_plain_key_matches_exactly_one_name(name: str) -> None:
    if is_writable(name):
        [step] = read_key(plain_key(name)).steps
        assert step.exact == name and not step.directory and not read_key(plain_key(name)).optional
        [step] = read_key(f"{plain_key(name)}/").steps
        assert step.exact == name and step.directory


@pytest.mark.parametrize(
    "name", [*ENTRY_SETTINGS, "a | b", "x ^ y", "q?", "a<b>", "c*", "\\", "a b", "max-x"]
)
def test_name_is_writable(name: str) -> None:
    assert is_writable(name)
    assert plain_key(name) not in ENTRY_SETTINGS


@pytest.mark.parametrize("name", ["a\nb", "..", ".git", " a", "\ufeff", "\udc80", "x" * 256])
def test_name_is_not_writable(name: str) -> None:
    assert not is_writable(name)
