"""The status of a repository in a run."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The status of a repository. From `LAYOUT_ERROR` on, it could not be checked."""

    OK = "ok"
    FINDINGS = "findings"
    NO_LAYOUT = "no-layout"
    LAYOUT_ERROR = "layout-error"
    NO_REVISION = "no-revision"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    UNREACHABLE = "unreachable"

    @property
    def judged(self) -> bool:
        """Whether the repository was checked to the end."""
        return self in (Status.OK, Status.FINDINGS, Status.NO_LAYOUT)


MEANING = {
    Status.OK: "checked; no errors",
    Status.FINDINGS: "checked; at least one error",
    Status.NO_LAYOUT: "checked without a layout, only by the rules that need none",
    Status.LAYOUT_ERROR: "the layout or the baseline is not valid; correct it",
    Status.NO_REVISION: "the revision does not exist, as in an empty repository",
    Status.UNTRUSTED: "the repository belongs to another user; add it to git's `safe.directory`",
    Status.UNREADABLE: "git cannot read it, or objects are missing; fetch it again",
    Status.TIMEOUT: "it took longer than the time limit, twice",
    Status.MEMORY: "it needed more memory than the limit, twice",
    Status.CRASHED: "its process ended unexpectedly, twice; report a bug if nothing else explains it",
    Status.UNREACHABLE: "no such directory, or it cannot be entered",
}
