"""A file lists a path or a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import relpath

from structlint.finding import Finding, Plural, Severity
from structlint.markdown.links import MARKDOWN, linked_path
from structlint.matching.listed import Dangling, dangling
from structlint.matching.survey import Survey
from structlint.text.paths import name_of, parent, resolve
from structlint.text.quoting import in_backticks

ABOUT = "a listed path or name that does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True

_LINKS = Plural("dangling links", "create the files, or correct the links")


def find(survey: Survey) -> Iterator[Finding]:
    """Finds items of the lists in `references` and `from` that do not exist."""
    for reference in (*_dangling_paths(survey), *dangling(survey)):
        listing, item = reference.listing, reference.item
        empty = _is_empty_directory(survey, reference)
        yield Finding(
            listing.file,
            f"{in_backticks(item.text)} is an empty directory, which git does not track"
            if item and empty
            else _message(reference),
            _hint(survey, reference, empty=empty),
            origin=listing.place,
            line=item.line if item else None,
            discriminator=item.text if item else listing.pointer,
            plural=_LINKS if item and listing.file.endswith(MARKDOWN) else None,
        )


def _hint(survey: Survey, reference: Dangling, *, empty: bool) -> str:
    listing, item = reference.listing, reference.item
    if item is None:
        return f"{'add the list' if listing.pointer else 'create it'}, or correct the layout"
    if listing.file.endswith(MARKDOWN):
        there = _moved_to(survey, listing.file, item.text)
        return f"link to {in_backticks(there)}" if there else "create it, or correct the link"
    step = "create a path that matches" if _is_pattern(reference) else "create it"
    step = "add a file to it, such as `.gitkeep`" if empty else step
    return f"{step}, or remove it from {survey.mentioned(listing.file)}"


def _moved_to(survey: Survey, document: str, link: str) -> str:
    """The path, relative to a document, of the only file with the name that a dangling link ends in, or "".

    A file at the linked path in another case comes first.
    """
    home = parent(document)
    path = resolve(home, linked_path(link) or "") or ""
    alike = survey.named_alike(path)
    found = [file for file in alike if file.lower() == path.lower()]
    found = found or [file for file in alike if name_of(file) == name_of(path)]
    return relpath(found[0], home or ".") if len(found) == 1 else ""


def _dangling_paths(survey: Survey) -> Sequence[Dangling]:
    if not survey.layout.references:
        return ()
    from structlint.matching.path_references import PathReferences

    return survey.once(PathReferences).dangling


def _is_empty_directory(survey: Survey, reference: Dangling) -> bool:
    """Whether a listed path is a directory without a file that git would track."""
    listing, item = reference.listing, reference.item
    if item is None or item.is_pattern or not listing.pointer:
        return False
    path = resolve(parent(listing.file), item.text)
    return bool(path) and survey.whole.source.is_directory(f"{path}/")


def _message(reference: Dangling) -> str:
    if reference.item is None and not reference.listing.pointer:
        return "missing file; its paths cannot be checked"
    if reference.item is None:
        return f"missing list {in_backticks(reference.listing.pointer)}"
    does = "matches nothing" if _is_pattern(reference) else "does not exist"
    return f"{in_backticks(reference.item.text)} {does}"


def _is_pattern(reference: Dangling) -> bool:
    item, file = reference.item, reference.listing.file
    if item is None or file.endswith(MARKDOWN):
        return False
    return item.is_pattern or file.endswith("CODEOWNERS")
