"""`structlint fix --document`: corrects documents that draw paths that do not exist."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.checking.project import Project, open_projects
from structlint.checking.request import Request
from structlint.cli.console import CommandConsole
from structlint.cli.emitter import emitter
from structlint.edits.steps import Rewrite
from structlint.errors import CannotCheck, LayoutError
from structlint.fix.apply import apply, obstacles
from structlint.report.terminal import Span
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, patch_line
from structlint.tree.scan import repository_root

if TYPE_CHECKING:
    from structlint.checking.document_fixes import DocumentFix
    from structlint.checking.drawn_document import Document

EVERY = "*"  # the value of `--document` without a name
_MOST_LEFT = 30
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def fix_documents(path: str, named: str, console: CommandConsole, *, diff: bool, unsafe: bool) -> int:
    """Shows the corrections of one or all documents, and writes them with `unsafe` but without `diff`.

    Returns the exit status: 1 if an entry that does not exist remains, or a correction is only shown.
    """
    [project] = open_projects(Request(paths=(path,), documents=True))
    fixes = _fixes(project, named, console)
    changed = [fix for fix in fixes if fix.before != fix.after]
    emit = emitter(console.color)
    for fix in changed:
        emit.lines((Span(line, _STYLES.get(line[:1], "")),) for line in _diff(fix, project.prefix))
    if not changed:
        console.say(
            "nothing to fix" if not any(fix.left for fix in fixes) else "nothing can be fixed automatically"
        )
    elif unsafe and not diff:
        emit.out.flush()
        _write(project, changed)
        done = count(len(changed), "document")
        console.say(f"{done} corrected; undo with `structlint fix --undo`")
    else:
        console.say("apply the changes with `--unsafe`")
    left = [reason for fix in fixes for reason in fix.left]
    if left:
        console.say("needs your decision:")
    for reason in left[:_MOST_LEFT]:
        console.say(f"  {reason}")
    if len(left) > _MOST_LEFT:
        console.say(f"  and {len(left) - _MOST_LEFT:,} more; list them with `structlint check --documents`")
    return int(bool(left) or (bool(changed) and (diff or not unsafe)))


def _fixes(project: Project, named: str, console: CommandConsole) -> list[DocumentFix]:
    """The correction of each document. Raises `CannotCheck` for a name that does not belong to a document."""
    from structlint.checking.document_fixes import fix_document

    fixes = []
    for document in _documents(project, named):
        try:
            fixes.append(fix_document(document, doubtful=named != EVERY))
        except LayoutError as error:
            if named != EVERY:
                raise
            console.detail(f"skipped: {error.problems[0]}")
    return fixes


def _documents(project: Project, named: str) -> Iterator[Document]:
    from structlint.checking.documents import document_at, documents_of, reason_to_skip

    if named == EVERY:
        return (document for document in documents_of(project) if not reason_to_skip(document))
    root = Path(os.path.realpath(project.root))
    file = Path(os.path.realpath(Path(named).parent), Path(named).name)
    path = file.relative_to(root).as_posix() if file.is_relative_to(root) else ""
    document = document_at(project, path) if path else None
    if document is None:
        raise CannotCheck(
            f"--document {in_backticks(named)}: expected a document of the repository, such as README.md"
        )
    return iter([document])


def _diff(fix: DocumentFix, prefix: str) -> Iterator[str]:
    """The escaped lines of a patch."""
    before, after = (data.decode("utf-8", "replace").splitlines() for data in (fix.before, fix.after))
    path = prefix + fix.path
    yield from map(patch_line, unified_diff(before, after, f"a/{path}", f"b/{path}", n=2, lineterm=""))


def _write(project: Project, fixes: Sequence[DocumentFix]) -> None:
    root = repository_root(project.root) or project.root
    prefix = project.root.relative_to(root).as_posix() + "/" if project.root != root else ""
    steps = [Rewrite(prefix + fix.path, fix.before, fix.after) for fix in fixes]
    if wrong := obstacles(root, steps):
        raise CannotCheck(f"nothing was done: {wrong[0]}")
    apply(root, steps)
