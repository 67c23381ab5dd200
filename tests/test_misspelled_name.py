"""Names with misspelled words are found by a list of misspellings and by the other names."""

from __future__ import annotations

import tracemalloc
from datetime import date

import pytest
from effort import limit_calls

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import misspelled_name
from structlint.rules.engine import check
from structlint.text.misspellings import frequent, is_word, misspellings
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

OPEN = "tree: {.: {unlisted: allow}}"
OTHERS = [f"{name}_exporter.py" for name in ("csv", "json", "pdf", "xml")]


def found(*files: str, layout: str = OPEN) -> list[tuple[str, str]]:
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()))
    survey = match(load(LayoutSource(lambda path: layout.encode()), "structlint.yaml"), tree)
    return [(finding.path, finding.hint) for finding in check(survey, {"misspelled-name"}, date(2026, 1, 1))]


def test_frequent_misspelling_is_corrected_in_the_same_case() -> None:
    assert found("src/TcpReciever.cs") == [("src/TcpReciever.cs", "rename it to `src/TcpReceiver.cs`")]
    assert found("enviroments/a.py") == [("enviroments/", "rename it to `environments/`")]


def test_longer_misspelling_is_corrected_as_a_whole() -> None:
    assert found("bussiness.py") == [("bussiness.py", "rename it to `business.py`")]


@pytest.mark.parametrize("name", ["yaml_exprter.py", "yaml_exporetr.py", "yaml_expporter.py"])
def test_word_that_differs_from_the_others_is_corrected(name: str) -> None:
    assert found(name, *OTHERS) == [(name, "rename it to `yaml_exporter.py`")]
    assert not found(name, *OTHERS[1:])


@pytest.mark.parametrize("name", ["yaml_exporters.py", "yaml_exported.py", "yaml_exporta.py"])
def test_other_forms_of_a_word_are_allowed(name: str) -> None:
    assert not found(name, *OTHERS)


def test_name_is_allowed_if_the_right_one_exists() -> None:
    assert not found("csv_exporetr.py", *OTHERS)


def test_layout_can_turn_the_rule_off_for_paths() -> None:
    layout = f"{OPEN}\nseverity: {{misspelled-name: {{'**/migrations/**': off}}}}"
    files = ["shop/migrations/0002_enviroment.py", "shop/enviroment.py"]
    assert [path for path, _ in found(*files, layout=layout)] == ["shop/enviroment.py"]


def test_the_most_frequent_spelling_is_suggested() -> None:
    files = [
        f"{name}_{word}.py" for word in ("exporter", "exporrter") for name in ("csv", "pdf", "xml", "yml")
    ]
    assert found("a_exporrter.md", "b_exporrrter.py", *files) == [
        ("b_exporrrter.py", "rename it to `b_exporrter.py`")
    ]


def test_words_that_names_share_are_read_once() -> None:
    """The work depends on the number of different words, not of names."""
    files = [f"{number}_exporter_{number}.py" for number in range(5_000)]
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()))
    survey = match(load(LayoutSource(lambda path: OPEN.encode()), "structlint.yaml"), tree)
    assert survey.tree.file_groups.files.text
    with limit_calls(1_000):
        assert not list(misspelled_name.find(survey))


def test_only_rare_words_are_compared_in_detail() -> None:
    words = [f"{a}{b}{c}otting" for a in "bcdfg" for b in "aeiou" for c in "klmnp"]
    files = [f"{number}_{word}.py" for word in words for number in range(8)]
    files += [f"{number}_configuration.py" for number in range(100)]
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()))
    survey = match(load(LayoutSource(lambda path: OPEN.encode()), "structlint.yaml"), tree)
    assert survey.tree.file_groups.files.text
    with limit_calls(10 * len(words)):
        assert not list(misspelled_name.find(survey))


def test_misspellings_have_a_missing_doubled_or_swapped_letter() -> None:
    wrong = {"eporter", "exporrter", "xeporter", "exportre"}
    assert {*misspellings("exporter", wrong | {"exporter", "exported", "exp", "exporters"})} == wrong
    for each in wrong:
        assert list(misspellings("exporter", {each})) == [each]
    assert list(misspellings("aabb", {"aabb"})) == []


def test_each_misspelling_differs_from_the_right_spelling() -> None:
    for wrong, right in frequent().items():
        assert right.isalpha()
        assert wrong not in right
        assert right not in frequent()


def test_words_are_no_misspellings() -> None:
    assert not list(misspellings("handlers", {"handles"}))
    assert not list(misspellings("labelled", {"labeled"}))
    assert not list(misspellings("labeled", {"labelled"}))
    assert not list(misspellings("behaviour", {"behavior"}))
    assert not list(misspellings("judgement", {"judgment"}))
    assert is_word("tracing")
    assert is_word("though")
    assert not is_word("animaiton")


def test_memory_for_the_parts_of_many_names_is_limited() -> None:
    files = tuple(sorted(f"d{at // 50}/a-{at}-b-{at}-c-{at}-d-{at}.py" for at in range(100_000)))
    tree = Tree(files, Drawn({}, frozenset()))
    survey = match(load(LayoutSource(lambda path: OPEN.encode()), "structlint.yaml"), tree)
    size = len(survey.tree.file_groups.files.text)
    tracemalloc.start()
    assert list(misspelled_name.find(survey)) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * size
