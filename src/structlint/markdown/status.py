# ruff: noqa: RUF001
"""What the words behind a name say of its status: planned, optional, generated, or not in git."""

from __future__ import annotations

import re

# The first of each pair counts at the end of a clause too, the second only where it is the whole clause.
_LATER = (
    r"planned|coming soon|not yet (?:implemented|created|there)|geplant|prévue?|планируется|"
    r"预定|计划中?|待实现|予定|예정|planeado|planejado|pianificato|planowane|planlanan|planlanıyor|rencana",
    r"future|later|to ?do|tbd|optional|if needed|generated|auto-?generated|created on demand|"
    r"deprecated|可选|任意|선택|optionnel|opcional|facoltativo|opcjonalne|isteğe bağlı|opsional",
)
_LOCAL = (
    r"git-?ignored|git ignored|ignored by git|(?:not|never) committed|never commit|do not commit|not in git|"
    r"(?:not|never) checked in|not (?:tracked|versioned)|untracked|in \.gitignore|"
    r"не в git|nicht in git|nicht eingecheckt|"
    r"不提交|git ?忽略|コミットしない|gitignore対象|커밋 제외|ignorado por git|ignoré par git|не коммит\w+",
    r"ignored|local only|only local",
)
_END = r"(?=\s*(?:[)\],;!]|\.(?!\w)|$)|\])"


def _pattern(anywhere: str, whole: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\w)(?:{anywhere})|(?:^|[(\[,;:–—-])\s*(?:{whole})){_END}", re.IGNORECASE)


_LATER_WORDS, _LOCAL_WORDS = _pattern(*_LATER), _pattern(*_LOCAL)
_ABOUT_IGNORING = re.compile(r"\.git.*|.*ignore")


def is_local(name: str, about: str) -> bool:
    """Whether git must not keep what has this name, by the words behind it."""
    return not _ABOUT_IGNORING.fullmatch(name.rstrip("/")) and bool(_LOCAL_WORDS.search(about))


def may_be_missing(about: str) -> bool:
    """Whether the words behind a name say that it is not there yet, or not always."""
    return _LATER_WORDS.search(about) is not None
