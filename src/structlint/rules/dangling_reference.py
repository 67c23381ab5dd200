"""A file lists a path or a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.finding import Finding, Severity
from structlint.matching.listed import Dangling, dangling
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

ABOUT = "a listed path or name that does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds items of the lists in `references` and `from` that do not exist."""
    for reference in (*_dangling_paths(survey), *dangling(survey)):
        listing, item = reference.listing, reference.item
        file = survey.mentioned(listing.file)
        yield Finding(
            listing.file,
            _message(reference),
            f"create it, or remove it from {file}" if item else "add the list, or correct the layout",
            origin=listing.place,
            line=item.line if item else None,
            discriminator=item.text if item else listing.pointer,
        )


def _dangling_paths(survey: Survey) -> Sequence[Dangling]:
    if not survey.layout.references:
        return ()
    from structlint.matching.path_references import PathReferences

    return survey.once(PathReferences).dangling


def _message(reference: Dangling) -> str:
    if reference.item is None and not reference.listing.pointer:
        return "missing file; its paths cannot be checked"
    if reference.item is None:
        return f"missing list {in_backticks(reference.listing.pointer)}"
    is_pattern = reference.item.is_pattern or reference.listing.file.endswith("CODEOWNERS")
    does = "matches nothing" if is_pattern else "does not exist"
    return f"{in_backticks(reference.item.text)} {does}"
