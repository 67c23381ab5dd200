"""Lists the bundled layouts, and finds them in a wheel, a checkout or a zip file."""

from __future__ import annotations

from pathlib import Path, PurePath

# Languages first: `init` extends the chosen layouts in this order, and a later one takes precedence.
LANGUAGES = ("python", "node", "go", "jvm", "dotnet", "rust")
# The other layouts extend these; no repository is recognized by them alone.
GENERAL = ("any", "tested", "pinned", "base", "usual")
BUNDLED = (
    *LANGUAGES,
    "library",
    "service",
    "python-service",
    "django",
    "flask",
    "nextjs",
    "web-app",
    "clean-architecture",
    "microservices",
    "monorepo",
    "mlops",
    "kedro",
    "dbt",
    "terraform-module",
    "helm",
    "gitops",
    "ansible-role",
    "docs-site",
    *GENERAL,
)


def location(*path: str) -> Path | None:
    """The path of a file that is part of structlint; None if it is in a zip file."""
    package = Path(__file__).parent.parent
    places = (package.joinpath(*path), package.parent.parent.joinpath(*path))
    return next((place for place in places if place.is_file()), None)


def data(*path: str) -> bytes:
    """The content of a file that is part of structlint, such as `data("layouts", "base.yaml")`.

    In a wheel, these files are in the package. In a checkout or an editable install, they are at the top of
    the repository. The package's own loader reads them, even from a zip file.
    """
    package = PurePath(__file__).parent.parent
    loader = __spec__.loader
    try:
        content: bytes = loader.get_data(str(package.joinpath(*path)))  # type: ignore[union-attr]
    except OSError:
        content = loader.get_data(str(package.parent.parent.joinpath(*path)))  # type: ignore[union-attr]
    return content
