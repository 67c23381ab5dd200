"""What has one name in several places has it in all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from structlint.checking.pages import examples
from structlint.finding import RULE_NAMES, Severity
from structlint.layout.bundled import BUNDLED, data
from structlint.layout.parse import parse_layout
from structlint.layout.schema import schema_text
from structlint.rules import RULES, Rule, name_of
from structlint.text.key_escapes import ENTRY_SETTINGS
from structlint.yaml_nodes import parse

ROOT = Path(__file__).parent.parent
RULE_PAGES = ROOT / "docs" / "rules"
NAMES = [name_of(rule) for rule in RULES]
SECTIONS = ["Why", "Fix", "Settings"]


def page(rule: Rule) -> Path:
    return RULE_PAGES / f"{name_of(rule)}.md"


def stems(directory: Path, pattern: str) -> list[str]:
    return sorted(path.stem for path in directory.glob(pattern) if path.name != "README.md")


def test_the_rules_are_listed_by_their_names() -> None:
    assert sorted(NAMES) == NAMES == list(RULE_NAMES)
    modules = stems(ROOT / "src" / "structlint" / "rules", "[!_]*.py")
    rules = [name for name in modules if name not in ("engine", "trial")]
    assert rules == [name.replace("-", "_") for name in NAMES]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_is_a_module_with_all_that_a_rule_has(rule: Rule) -> None:
    assert isinstance(rule.ABOUT, str) and isinstance(rule.SEVERITY, Severity)
    assert isinstance(rule.NEEDS_LAYOUT, bool) and callable(rule.find)


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert stems(RULE_PAGES, "*.md") == NAMES


def test_the_schema_knows_every_rule() -> None:
    assert json.loads(schema_text())["definitions"]["rule"]["enum"] == NAMES


def test_the_table_names_those_that_need_no_layout() -> None:
    text = (RULE_PAGES / "README.md").read_text(encoding="utf-8")
    need_none = {name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT}
    assert (
        set(re.findall(r"`([a-z-]+)`", text.partition("need no layout:")[2].partition("\n\n")[0]))
        == need_none
    )


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_page_says_what_its_rule_says(rule: Rule) -> None:
    text = page(rule).read_text(encoding="utf-8")
    about = f"{rule.ABOUT[0].upper()}{rule.ABOUT[1:]}."
    assert text.startswith(f"# {name_of(rule)}\n\n{about}\n\n## Why\n")
    sections = re.findall(r"(?m)^## (.+)$", text)
    assert [section for section in sections if section != "Examples"] == SECTIONS
    assert f"- Default severity: {rule.SEVERITY}.\n" in text


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_page_shows_where_its_rule_finds_something_and_where_not(rule: Rule) -> None:
    found = [f"[{name_of(rule)}]" in "\n".join(example.output) for example in examples(page(rule))]
    assert {True, False} <= set(found)


def test_a_page_fits_a_terminal() -> None:
    """Only blocks of code, whose lines are not broken, may be wider than 80 characters."""
    for path in RULE_PAGES.glob("*.md"):
        prose = re.sub(r"(?ms)^```.*?^```$|^\|.*?$", "", path.read_text(encoding="utf-8"))
        assert max(map(len, prose.splitlines())) <= 80, path.name


def test_every_bundled_layout_has_its_file_and_its_page() -> None:
    assert stems(ROOT / "layouts", "*.yaml") == stems(ROOT / "docs" / "layouts", "*.md") == sorted(BUNDLED)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_layout_says_what_it_is_for(name: str) -> None:
    assert parse_layout(parse(data("layouts", f"{name}.yaml"), name), name).about


def _anchors(text: str) -> set[str]:
    """The anchors that a Markdown page's headings have."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```$", "", text))
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("path", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target.read_text(encoding="utf-8")), link


def test_the_settings_of_an_entry_are_those_of_the_schema() -> None:
    """A file of such a name is written with a backslash."""
    definitions = json.loads(schema_text())["definitions"]
    settings = {*definitions["itself"]["properties"], *definitions["file-entry"]["properties"]}
    assert sorted(settings) == sorted(ENTRY_SETTINGS)


def test_every_setting_of_the_schema_is_in_the_reference() -> None:
    definitions = json.loads(schema_text())
    reference = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    kinds = [definitions["properties"], definitions["definitions"]["itself"]["properties"]]
    kinds += [
        definitions["properties"]["limits"]["properties"],
        definitions["definitions"]["naming"]["properties"],
    ]
    for name in (name for properties in kinds for name in properties):
        assert re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", reference), name


def _properties(schema: dict[str, object], path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every property of a schema, with those within it."""
    for name, each in cast("dict[str, dict[str, object]]", schema.get("properties", {})).items():
        yield f"{path}/{name}", each
        yield from _properties(each, f"{path}/{name}")
    for part in ("items", "additionalProperties"):
        if isinstance(inside := schema.get(part), dict):
            yield from _properties(inside, f"{path}/{part}")


def test_the_schema_teaches_the_language_in_an_editor() -> None:
    schema = json.loads(schema_text())
    parts = [schema, *schema["definitions"].values()]
    for path, each in (found for part in parts for found in _properties(part)):
        assert "description" in each or "$ref" in each, path
        mapping_or_items = {"properties", "additionalProperties", "items"} & each.keys()
        assert mapping_or_items or {"examples", "enum", "$ref"} & each.keys(), path
