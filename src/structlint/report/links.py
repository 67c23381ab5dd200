"""Creates the URLs for hyperlinks on a terminal: the file of a finding, and the page of a rule."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from structlint.layout.bundled import location


@cache
def rule_link(rule: str) -> str:
    """The URL of a rule's page, which is part of structlint; "" if it is not a file."""
    page = location("docs", "rules", f"{rule}.md")
    return page.as_uri() if page else ""


def path_link(top: str, path: str) -> str:
    """The URL of a file of the repository at `top`; "" if there is no such file."""
    file = Path(top, path)
    return file.as_uri() if top and os.path.lexists(file) else ""
