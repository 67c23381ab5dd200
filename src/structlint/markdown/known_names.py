"""Names with a known kind: files, common directories of repositories, hidden directories."""

from __future__ import annotations

import re

from structlint.markdown.endings import KNOWN_ENDINGS

EXTENSION = re.compile(r"[^\s.]\.[A-Za-z][A-Za-z0-9_-]{0,11}$")
FILES = re.compile(
    r"(?:LICEN[SC]E|COPYING|NOTICE|README|CHANGELOG|AUTHORS|CONTRIBUTORS|CODEOWNERS|OWNERS|VERSION|TODO|INSTALL|"
    r"Makefile|GNUmakefile|makefile|justfile|Justfile|Rakefile|Gemfile|Procfile|Brewfile|Vagrantfile|Jenkinsfile|"
    r"Dockerfile|Containerfile|Caddyfile|Tiltfile|Earthfile|Podfile|Fastfile|Appfile|BUILD|WORKSPACE|Pipfile|Snakefile|"
    r"Cargo|gradlew|mvnw|artisan|manage|entrypoint|[A-Z][A-Z-]{3,})"
)
SURE_FILES = frozenset(["Dockerfile", "Makefile", "LICENSE", "Jenkinsfile", "Procfile", "Gemfile"])
# Common directories of repositories: a tree can begin with one, and a name in this set is not a
# file, even without a slash.
COMMON = re.compile(
    r"src|lib|libs|app|apps|api|core|cmd|pkg|internal|packages|services|modules|"
    r"components|docs|doc|test|tests|spec|specs|e2e|scripts|tools|bin|config|configs|"
    r"conf|deploy|deployment|deployments|infra|infrastructure|terraform|k8s|kubernetes|helm|"
    r"charts|docker|ops|backend|frontend|server|client|web|website|ui|mobile|data|"
    r"database|db|migrations|models|notebooks|examples|assets|public|static|templates|"
    r"shared|common|utils|plugins|contrib|include|build|dist|vendor|resources|pages|views|hooks|styles|types|"
    r"store|controllers|middlewares?|routes|schemas|features|images|img|css|js|fonts|logs|tmp|cache|reports|"
    r"results|outputs?",
    re.IGNORECASE,
)
# Directories that programs write and git usually ignores.
WRITTEN = re.compile(
    r"(?:logs?|outputs?|uploads?|runs|dist|tmp|temp|\.?cache|checkpoints|mlruns|wandb|htmlcov|test-results|"
    r"playwright-report)/",
    re.IGNORECASE,
)
# Directories that programs write in the root. Deeper in a tree, these may be sources.
WRITTEN_IN_ROOT = re.compile(r"(?:target|coverage|reports|backups?)/", re.IGNORECASE)
# The manifest of a package or project.
MANIFEST = re.compile(
    r"package\.json|pyproject\.toml|setup\.py|requirements.*\.(?:txt|yml)|"
    r"go\.mod|Cargo\.toml|pom\.xml|build\.gradle|CMakeLists\.txt|Gemfile|composer\.json|pubspec\.yaml|"
    r"Package\.swift|.*\.(?:sln|csproj|xcodeproj)"
)
# What git keeps nowhere: what tools install, build, or write for themselves.
UNKEPT = re.compile(
    r"(?:\.?venv[-_.]?\w*|node_modules|bower_components|__pycache__|\.(?:pytest|mypy|ruff|parcel|sass)[_-]cache|\.tox|\.nox|"
    r"\.next|\.nuxt|\.expo|\.angular|\.docusaurus|\.svelte-kit|\.turbo|\.gradle|\.terraform|\.dart_tool|"
    r"\.ipynb_checkpoints|\.hypothesis|\.coverage|"
    r"\.DS_Store|\.env(?:\.local)?|.*\.egg-info|DerivedData)/?"
)
HIDDEN_DIRECTORIES = re.compile(
    r"\.(?:github|gitlab|vscode|idea|husky|circleci|devcontainer|storybook|venv|cargo|changeset|config|docker|"
    r"claude|cursor|next|cache|archive|dvc|platform|well-known|azure|azuredevops|mvn|yarn|buildkite|ci|build)"
)

_USUAL_FILES = re.compile(
    r"(?:README|LICEN[SC]E|CHANGELOG|CONTRIBUTING)\.\w+|(?:main|index|app|__init__|mod|lib)\.\w+|\.(?:env|git)[\w.]*|"
    r"package\.json|tsconfig\.json|pyproject\.toml|requirements\.txt|setup\.py|Cargo\.toml|go\.mod|pom\.xml|"
    r"docker-compose\.ya?ml|Dockerfile"
)
_HIDDEN_FILES = re.compile(
    r"\.(?:\w*env\w*|\w*ignore|\w+rc|git\w+|editorconfig|DS_Store|coverage|\w*lock|\w+-version)"
)
# A .NET project is a directory: `Shop.Core`, `Shop.Web.Tests`.
_PROJECT = re.compile(rf"(?:[A-Z]\w*\.)+(?!(?i:{KNOWN_ENDINGS})$)[A-Z]\w{{2,}}")


def is_project(name: str) -> bool:
    """Whether a name without a slash is probably a .NET project, which is a directory."""
    return _PROJECT.fullmatch(name) is not None


def is_written(path: str) -> bool:
    """Whether a path from the root is in a directory that programs write, such as `logs/`."""
    first, *others = path.rstrip("/").split("/")
    in_root = WRITTEN_IN_ROOT.fullmatch(f"{first}/") is not None
    return in_root or any(WRITTEN.fullmatch(f"{step}/") for step in (first, *others))


def is_usual(name: str) -> bool:
    """Whether many directories have something of this name, so that it does not tell them apart."""
    return any(pattern.fullmatch(name) for pattern in (COMMON, FILES, _USUAL_FILES))


def is_kept_by_git(name: str) -> bool:
    """Whether git keeps what has this name, which is not what a program installs or writes."""
    return not (UNKEPT.fullmatch(name) or WRITTEN.fullmatch(name))


def may_be_either(name: str) -> bool:
    """Whether a name without a slash may be that of a file as well as that of a directory."""
    if re.fullmatch(r"\.[\w-]+", name):
        return not (HIDDEN_DIRECTORIES.fullmatch(name) or _HIDDEN_FILES.fullmatch(name))
    known = FILES.fullmatch(name) or COMMON.fullmatch(name) or EXTENSION.search(name) or is_project(name)
    return not known and re.fullmatch(r"[\w.@+-]+", name) is not None


def looks_like_a_file(name: str) -> bool:
    """Whether a name without a slash is more likely a file than a directory."""
    if name.startswith("."):
        return not HIDDEN_DIRECTORIES.fullmatch(name)
    if is_project(name):
        return False
    return bool(EXTENSION.search(name) or (FILES.fullmatch(name) and not COMMON.fullmatch(name)))
