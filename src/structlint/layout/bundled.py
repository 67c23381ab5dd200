"""The bundled layouts: where they lie in a wheel, in a checkout and in a zip file alike."""

from __future__ import annotations

from pathlib import Path, PurePath

# Languages first: what is chosen for a repository is extended in this order, and the later is the nearer.
LANGUAGES = ("python", "node", "go", "jvm", "dotnet", "rust")
# Of these every other layout is made; nothing shows that a repository is of their kind.
GENERAL = ("tested", "pinned", "base", "usual")
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
    """Where a file lies that comes with structlint; None if it is in a zip file."""
    package = Path(__file__).parent.parent
    places = (package.joinpath(*path), package.parent.parent.joinpath(*path))
    return next((place for place in places if place.is_file()), None)


def data(*path: str) -> bytes:
    """The content of a file that comes with structlint, such as `data("layouts", "base.yaml")`.

    A wheel holds such files inside the package; in a checkout (and so in an editable install) they lie
    at the top of the repository. The package's own loader reads them, so a zip file serves as well.
    """
    package = PurePath(__file__).parent.parent
    loader = __spec__.loader
    try:
        content: bytes = loader.get_data(str(package.joinpath(*path)))  # type: ignore[union-attr]
    except OSError:
        content = loader.get_data(str(package.parent.parent.joinpath(*path)))  # type: ignore[union-attr]
    return content
