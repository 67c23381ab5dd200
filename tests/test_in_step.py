"""The rules, the bundled layouts, the schema and the pages in `docs/` agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from tables import table

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


def test_rules_match_their_modules() -> None:
    assert sorted(NAMES) == NAMES == list(RULE_NAMES)
    modules = stems(ROOT / "src" / "structlint" / "rules", "[!_]*.py")
    rules = [name for name in modules if name not in ("allowed", "engine", "needed", "trial")]
    assert rules == [name.replace("-", "_") for name in NAMES]


@table("rule", RULES, ids=NAMES)
def test_rule_module_has_the_required_attributes(rule: Rule) -> None:
    assert isinstance(rule.ABOUT, str) and isinstance(rule.SEVERITY, Severity)
    assert isinstance(rule.NEEDS_LAYOUT, bool) and callable(rule.find)


def test_rules_match_their_pages() -> None:
    assert stems(RULE_PAGES, "*.md") == NAMES


def test_rules_match_the_schema() -> None:
    assert json.loads(schema_text())["definitions"]["rule"]["enum"] == NAMES


def test_page_lists_the_rules_that_need_no_layout() -> None:
    text = (RULE_PAGES / "README.md").read_text(encoding="utf-8")
    need_none = {name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT}
    assert (
        set(re.findall(r"`([a-z-]+)`", text.partition("need no layout:")[2].partition("\n\n")[0]))
        == need_none
    )


@table("rule", RULES, ids=NAMES)
def test_page_matches_the_description_and_severity_of_its_rule(rule: Rule) -> None:
    text = page(rule).read_text(encoding="utf-8")
    about = f"{rule.ABOUT[0].upper()}{rule.ABOUT[1:]}."
    assert text.startswith(f"# {name_of(rule)}\n\n{about}\n\n## Why\n")
    sections = re.findall(r"(?m)^## (.+)$", text)
    assert [section for section in sections if section != "Examples"] == SECTIONS
    assert f"- Default severity: {rule.SEVERITY}.\n" in text


@table("rule", RULES, ids=NAMES)
def test_page_has_examples_with_and_without_a_finding(rule: Rule) -> None:
    found = [f"[{name_of(rule)}]" in "\n".join(example.output) for example in examples(page(rule))]
    assert {True, False} <= set(found)


def test_prose_of_rule_pages_is_at_most_80_columns_wide() -> None:
    for path in RULE_PAGES.glob("*.md"):
        prose = re.sub(r"(?ms)^```.*?^```$|^\|.*?$", "", path.read_text(encoding="utf-8"))
        assert max(map(len, prose.splitlines())) <= 80, path.name


def test_bundled_layouts_match_their_files_and_pages() -> None:
    assert stems(ROOT / "layouts", "*.yaml") == stems(ROOT / "docs" / "layouts", "*.md") == sorted(BUNDLED)


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_layout_has_a_description(name: str) -> None:
    assert parse_layout(parse(data("layouts", f"{name}.yaml"), name), name).about


def _anchors(text: str) -> set[str]:
    """The anchors of the headings of a Markdown page."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```$", "", text))
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@table("path", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_links_between_pages_have_a_target(path: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target.read_text(encoding="utf-8")), link


def test_entry_settings_match_the_schema() -> None:
    """A file with the name of a setting needs a backslash in its key."""
    definitions = json.loads(schema_text())["definitions"]
    settings = {*definitions["itself"]["properties"], *definitions["file-entry"]["properties"]}
    assert sorted(settings) == sorted(ENTRY_SETTINGS)


def test_every_setting_of_the_schema_is_documented() -> None:
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
    """Every property of a schema, recursively, with its path."""
    for name, each in cast("dict[str, dict[str, object]]", schema.get("properties", {})).items():
        yield f"{path}/{name}", each
        yield from _properties(each, f"{path}/{name}")
    for part in ("items", "additionalProperties"):
        if isinstance(inside := schema.get(part), dict):
            yield from _properties(inside, f"{path}/{part}")


def test_every_property_of_the_schema_has_a_description_and_an_example() -> None:
    schema = json.loads(schema_text())
    parts = [schema, *schema["definitions"].values()]
    for path, each in (found for part in parts for found in _properties(part)):
        assert "description" in each or "$ref" in each, path
        mapping_or_items = {"properties", "additionalProperties", "items"} & each.keys()
        assert mapping_or_items or {"examples", "enum", "$ref"} & each.keys(), path
