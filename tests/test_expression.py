"""Regular expressions in layouts agree with Python's, and match in linear time."""

from __future__ import annotations

import re

import pytest
from effort import limit_calls
from hypothesis import given
from hypothesis import strategies as st

from structlint.layout.regex import SafeRegex


@pytest.mark.parametrize(
    ("source", "fitting", "unfitting"),
    [
        ("v[0-9]+", ["v1", "v12"], ["v", "V1", "v1\n", "xv1"]),
        ("^v[0-9]+$", ["v1"], ["v", "v1\n"]),
        ("[a-z0-9]+(-[a-z0-9]+)*", ["a", "auth-service"], ["-a", "a--b", "a-"]),
        ("(dev|staging|prod)", ["dev", "prod"], ["devstaging", ""]),
        ("[a-z]{2,3}(_[A-Z]{2})?", ["de", "de_AT", "gsw"], ["d", "de_", "de_A"]),
        (r"\d{4}-\d{2}-\d{2}", ["2026-11-20"], ["2026-11-2"]),
        ("(?:foo|bar)-.*", ["foo-", "bar-x"], ["baz-x"]),
        (r"v[0-9]+\.[0-9]+\.[0-9]+", ["v1.2.3"], ["v1x2x3"]),
        ("(?P<name>a)|b", ["a", "b"], ["ab"]),
        ("[^_.][^.]*?", ["a_", "é"], ["_a", "a.b"]),
        (r"\w+\s\W", ["a !"], ["a!"]),
        ("", [""], ["a"]),
    ],
)
def test_typical_expressions(source: str, fitting: list[str], unfitting: list[str]) -> None:
    expression = SafeRegex(source)
    assert [name for name in fitting if not expression.fullmatch(name)] == []
    assert [name for name in unfitting if expression.fullmatch(name)] == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("[", "unterminated character set, at character 1"),
        ("(?P<a>x)(?P<a>y)", "redefinition of group name 'a' as group 2; was group 1, at character 13"),
        ("(?i)a", r"contains a flag such as `\(\?i\)`, which is not supported; write `\[Aa\]`"),
        ("(?i:a)", "a group with flags, which is not supported"),
        (r"(a)\1", "a reference to a group, which is not supported"),
        ("(?=a)b", "a lookahead or lookbehind, which is not supported"),
        ("a^b", "an anchor within the pattern, which is not supported"),
        (r"\ba", "an anchor within the pattern, which is not supported"),
        ("a++", "a repetition of this kind, which is not supported"),
        ("a" * 201, "is longer than 200 characters"),
        ("a{5000}", "repeats too much; write smaller numbers"),
        ("((a{30}){30}){30}", "repeats too much; write smaller numbers"),
    ],
)
def test_unsupported_expressions(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SafeRegex(source)


@pytest.mark.parametrize(
    "source", ["(a+)+b", "(a|a)*b", "(a|ab)*c", "(.*)*x", ".*.*.*.*.*x", r"(\w+\s?)*x", "(a*)*b"]
)
def test_no_backtracking(source: str) -> None:
    with limit_calls(calls=100_000):  # backtracking would not finish
        assert not SafeRegex(source).fullmatch("a" * 255)


_SOURCES = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", r"\d", "-"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
    ),
    max_leaves=6,
)


@given(_SOURCES, st.text("ab1-\né", max_size=8))
def test_same_result_as_python(source: str, name: str) -> None:
    assert SafeRegex(source).fullmatch(name) == (re.fullmatch(source, name) is not None)


@pytest.mark.parametrize(
    "source", ["(){4000000000}", "((){40000000}){40000000}", "(a{0}){4000000000}", "(?:(?:)){3,4000000000}"]
)
def test_repeated_empty_groups(source: str) -> None:
    with limit_calls(calls=100_000):  # must not repeat them
        try:
            assert SafeRegex(source).fullmatch("")
        except ValueError as error:
            assert "repeats too much" in str(error)


@pytest.mark.parametrize("source", ["[[a]", "[a&&b]", "[a||b]", "[a--b]", "[a~~b]"])
def test_ambiguous_sets_are_rejected(source: str) -> None:
    with pytest.raises(ValueError, match=r"Possible .* at position \d\); write"):
        SafeRegex(source)


def test_bounded_repeat_is_fast() -> None:
    expression = SafeRegex("[a-z0-9-]{1,255}")
    with limit_calls(calls=20 * 255):  # following all states would need 255 * 255
        assert expression.fullmatch("a" * 255)
