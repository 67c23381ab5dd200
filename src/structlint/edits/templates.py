"""The contents of new files: a description as a heading or comment, and nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterable

from structlint.text.cases import spell

EXAMPLE = "example"  # what the first of those is called of which any name will do
KEPT = ".gitkeep"  # the custom for a file that keeps an otherwise empty directory in git

# How a comment is written, and in what: by the end of a name, or by all of it.
_COMMENTS = {
    kind: form
    for form, kinds in {
        "# {}\n": "Brewfile Caddyfile CODEOWNERS Containerfile Dockerfile Gemfile Jenkinsfile Justfile "
        "Makefile Procfile Rakefile Vagrantfile bash cfg conf dockerignore editorconfig env ex example exs "
        "fish gitattributes graphql hcl ini jl justfile mk pl properties ps1 r rb sh tf tfvars toml txt "
        "yaml yml zsh",
        "// {}\n": "c cc cjs cpp cs dart go gradle groovy h hpp java js jsx kt kts mjs php proto rs scala "
        "swift ts tsx",
        "-- {}\n": "elm hs lua sql",
        "<!-- {} -->\n": "astro htm html svelte svg vue xml",
        "/* {} */\n": "css less scss",
        '"""{}"""\n': "py",
    }.items()
    for kind in kinds.split(" ")
}
_NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def starter(path: str, about: str = "", local: Iterable[str] = ()) -> bytes:
    """The content of a new file at `path`. `about` is its description, `local` are patterns to ignore."""
    directory, _, name = path.rpartition("/")
    called = directory.rpartition("/")[2] or "project"
    text = _own(name, called, local)
    if text is None:
        text = _commented(name, called, " ".join(about.split()))
    return text.encode("utf-8", "surrogateescape")


def _own(name: str, called: str, local: Iterable[str]) -> str | None:
    """The content of a file with a special format; None for other files."""
    import json

    slug = spell(called, "kebab-case")
    match name:
        case ".gitkeep" | "__init__.py" | "py.typed":
            return ""
        case ".gitignore":
            return "".join(f"{pattern}\n" for pattern in local)
        case "package.json":
            return json.dumps({"name": slug, "version": "0.0.0", "private": True}, indent=2) + "\n"
        case "structlint.yaml" | ".structlint.yaml":
            return "tree: {}\n"  # an empty file is not a layout, and nothing could be checked
        case "pyproject.toml":
            return f'[project]\nname = "{slug}"\nversion = "0.0.0"\n'
    if re.fullmatch(r"(?i)(?:licen[cs]e|copying)(?:\.\w+)?", name):
        return "No licence has been chosen yet.\n"
    if name.endswith(".ipynb"):
        return json.dumps(_NOTEBOOK, indent=1) + "\n"
    return "{}\n" if name.endswith(".json") else None


def _commented(name: str, called: str, words: str) -> str:
    """A heading, or a comment in the file's language; empty if the language is not known."""
    stem, _, extension = name.rpartition(".")
    if extension.lower() in ("md", "markdown"):
        title = _title(called if stem.lower() == "readme" else stem)
        return f"# {title}\n\n{words}\n" if words else f"# {title}\n"
    form = _COMMENTS.get(name) or _COMMENTS.get(stem) or _COMMENTS.get(extension.lower(), "")
    if name.startswith((".env", "requirements")):
        form = "# {}\n"
    text = form.format(_harmless(words)) if words else ""
    if extension == "go":
        text += f"package {re.sub(r'[^a-z0-9]', '', called.lower()) or 'main'}\n"
    return text


def _harmless(words: str) -> str:
    """Words that cannot end a comment or a string."""
    bare = words.replace("\\", "/").replace('"', "'")
    return bare.replace("--", "- -").replace("*/", "* /")


def _title(name: str) -> str:
    words = re.sub(r"[-_.]+", " ", name).strip() or name
    return words[:1].upper() + words[1:]
