"""Splitting names into words, checking cases, and respelling names."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from structlint.text.cases import CASES, caseless, fits, spell, words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("auth-service", ("auth", "service")),
        ("auth_service", ("auth", "service")),
        ("AuthService", ("auth", "service")),
        ("authService", ("auth", "service")),
        ("AUTH_SERVICE", ("auth", "service")),
        ("HTTPServer", ("http", "server")),
        ("parseHTTP", ("parse", "http")),
        ("v2Api", ("v2", "api")),
        ("oauth2", ("oauth2",)),
        ("3d-models", ("3d", "models")),
        ("__init__", ("init",)),
        ("a..b  c", ("a", "b", "c")),
        ("ÉtéÀParis", ("été", "à", "paris")),
        ("cafe\u0301-service", ("cafe\u0301", "service")),
        ("हिन्दी_पाठ", ("हिन्दी", "पाठ")),
        ("", ()),
        ("--", ()),
    ],
)
def test_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


@pytest.mark.parametrize(
    ("case", "matching", "other"),
    [
        (
            "kebab-case",
            ["a", "auth-service", "3d-models", "v2", "café-service", "cafe\u0301-service", "हिन्दी-पाठ"],
            ["Auth", "a_b", "-a", "a--b", "a.b", ""],
        ),
        ("snake_case", ["a", "auth_service", "_private", "__init__", "a__b", "v2"], ["a-b", "aB", "_", ""]),
        ("camelCase", ["auth", "authService", "v2"], ["Auth", "auth-service", "auth_service", ""]),
        ("PascalCase", ["Auth", "AuthService", "README"], ["auth", "Auth_Service", ""]),
        ("SCREAMING_SNAKE_CASE", ["A", "AUTH_SERVICE", "V2"], ["Auth", "A-B", ""]),
        ("lowercase", ["a", "a-b_c.d", ""], ["A", "aB"]),
    ],
)
def test_cases(case: str, matching: list[str], other: list[str]) -> None:
    assert [name for name in matching if not fits(name, case)] == []
    assert [name for name in other if fits(name, case)] == []


@pytest.mark.parametrize(
    ("name", "case", "spelled"),
    [
        ("AuthService", "kebab-case", "auth-service"),
        ("auth service", "snake_case", "auth_service"),
        ("auth-service", "camelCase", "authService"),
        ("auth-service", "PascalCase", "AuthService"),
        ("auth-service", "SCREAMING_SNAKE_CASE", "AUTH_SERVICE"),
        ("Auth-Service", "lowercase", "auth-service"),
        ("__init__", "snake_case", "__init__"),
        ("---", "kebab-case", "---"),
    ],
)
def test_spelling(name: str, case: str, spelled: str) -> None:
    assert spell(name, case) == spelled


_letters = "abzABZ019-_. éÉßÀ"


_texts = st.one_of(st.text(_letters, min_size=1), st.text(min_size=1, max_size=8))


@given(_texts.filter(lambda name: any(map(str.isalnum, name))), st.sampled_from(CASES))
@example("cafe\u0301", "kebab-case")
@example("\u0130a b_", "snake_case")
@example("x\u0131", "SCREAMING_SNAKE_CASE")
@example("0:\U000e0100", "kebab-case")  # a combining mark without a letter before it
def test_spelling_matches_its_case_and_keeps_the_letters(name: str, case: str) -> None:
    spelled = spell(name, case)
    assert fits(spelled, case)
    assert spell(spelled, case) == spelled
    assert caseless(spelled) == caseless(name)


@given(st.text(st.sampled_from("aZ09_-. "), max_size=8), st.sampled_from(CASES))
def test_non_ascii_letters_are_treated_like_ascii_letters(name: str, case: str) -> None:
    """ASCII names are matched by a regular expression, other names letter by letter."""
    for small, large in (("a", "Z"), ("é", "É")):
        other = name.replace("a", small).replace("Z", large)
        assert fits(other, case) is fits(name, case), other
