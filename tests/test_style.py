"""The rules of docs/style.md that can be tested: in messages, hints, help and pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from structlint.checking.pages import examples
from structlint.cli.group import COMMANDS, structlint
from structlint.rules import RULES, name_of

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "structlint").rglob("*.py"))
MODULES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCES}
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
EXECUTED = [page for page in PAGES if page.name != "style.md" and page.parent.name != "decisions"]

# Uncommon words that have an established synonym, and negated nouns.
FORBIDDEN = [
    r"\bspeaks? of\b",
    r"\bmend(?:s|ed|ing)?\b",
    r"\bstrays?\b(?![-_])",
    r"\bpassed over\b",
    r"\bwere asked\b",
    r"\bsays? more\b",
    r"\bthere is no (?:file|directory|rule|layout|format|command|revision)\b",
    r"\bis no (?:key|file|path|name|directory|regular)\b",
    r"\bare no files\b",
    r"\bplease\b",
    r"\bsimply\b",
    r"\bcolour",
    r"\bbehaviour",
    r"\brecognise",
]
# The verbs with which a hint may begin.
VERBS = {
    "add", "choose", "correct", "create", "give", "import", "keep", "link", "list", "move", "number",
    "publish", "point", "remove", "rename", "replace", "run", "shorten", "use", "write",
}  # fmt: skip
# Not for users: click arguments, keys, and words that documents may contain.
_DATA = ("markdown/status.py", "markdown/plausible.py", "suggest/")


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The strings of a module that a user may read, with their lines; expressions in them are `{}`."""
    parts = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts_of_text = (
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            yield node.lineno, "".join(parts_of_text)
        elif not isinstance(node, ast.Constant) or id(node) in parts | docs:
            continue
        elif isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value


def findings() -> Iterator[tuple[str, str, str]]:
    """Each finding printed in the documentation: its position, message and hint."""
    for page in EXECUTED:
        for example in examples(page) if page.name != "errors.md" else ():
            for line in example.output:
                if found := re.match(
                    r".*?: (?:error|warning): (.*?)(?: \(\S+:\d+\))? \[[a-z-]+\] -- (.*)", line
                ):
                    yield f"{page.name}:{example.line}", found[1], found[2]


FINDINGS = sorted(set(findings()))


def test_messages_contain_no_forbidden_phrase() -> None:
    found = [
        (file.as_posix(), line, text)
        for file, tree in MODULES.items()
        if not any(part in file.as_posix() for part in _DATA)
        for line, text in texts(tree)
        if not re.search(r"\(\?|\\b|\[\^", text)  # a pattern
        if re.search("|".join(FORBIDDEN), text, re.IGNORECASE)
    ]
    assert found == []


def test_no_docstring_begins_with_a_question_word() -> None:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = [
        (file.as_posix(), doc)
        for file, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, documented)
        and re.match(r"(?:What|Which|How|Why|Where|Who)\b", doc := ast.get_docstring(node) or "")
    ]
    assert found == []


def test_documentation_contains_findings() -> None:
    assert len(FINDINGS) > 100


def test_hint_begins_with_a_verb() -> None:
    assert [(where, hint) for where, _, hint in FINDINGS if hint.split()[0] not in VERBS] == []


def test_messages_and_hints_have_no_period() -> None:
    assert [finding for finding in FINDINGS if finding[1].endswith(".") or finding[2].endswith(".")] == []


def test_paths_are_quoted() -> None:
    for where, message, hint in FINDINGS:
        for text in (message.partition(": ")[0], hint):
            bare = re.sub(r"`[^`]*`|\"(?:[^\"\\]|\\.)*\"|\([^)]*\)", "", text)
            assert not re.search(r"\w/\w|\w/(?= |$)|\.\w{2,4}\b", bare), (where, text)


def test_rule_descriptions_are_noun_phrases() -> None:
    for rule in RULES:
        assert re.match(r"(?:an? |fewer |more |several |two |imports |files )", rule.ABOUT), name_of(rule)
        assert not rule.ABOUT.endswith(".") and len(rule.ABOUT) <= 90


def commands() -> Iterator[tuple[str, click.Command]]:
    yield "structlint", structlint
    for name in COMMANDS:
        yield f"structlint {name}", import_module(f"structlint.cli.{name}").command


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[each[0] for each in commands()])
def test_help_fits_80_columns(name: str, command: click.Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with command.make_context(name, [], resilient_parsing=True, terminal_width=80) as context:
        lines = command.get_help(context).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if line.endswith("...") and not line.startswith("Usage:")] == []
    assert not [line for line in lines if re.search(r"\[\d*<?=?x", line)]


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[each[0] for each in commands()])
def test_help_consists_of_sentences(name: str, command: click.Command) -> None:
    for parameter in command.params:
        text = getattr(parameter, "help", None)
        if text:
            assert text[0].isupper(), text
            assert re.search(r"[.\]]$", text), text
            assert not re.search("|".join(FORBIDDEN), text, re.IGNORECASE), text
    first = (command.help or "").split("\n")[0]
    assert first[0].isupper()
    assert not re.match(r"(?:Say|Tell|Hold|Mend|Make)\b", first)


def test_command_summaries_are_not_truncated() -> None:
    with structlint.make_context("structlint", [], resilient_parsing=True, terminal_width=80) as context:
        text = structlint.get_help(context)
    for name, command in commands():
        if name != "structlint":
            assert command.short_help and command.short_help[-1] in ".?", name
            assert re.search(rf"(?m)^  {name.split()[1]} +{re.escape(command.short_help)}$", text)


def test_pages_contain_no_forbidden_phrase() -> None:
    for page in EXECUTED:
        text = re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"))
        found = [match[0] for match in re.finditer("|".join(FORBIDDEN), text, re.IGNORECASE)]
        assert found == [], page
