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
    r"(?:logs?|outputs?|runs|dist|tmp|temp|\.?cache|checkpoints|mlruns|wandb|htmlcov|test-results|"
    r"playwright-report)/",
    re.IGNORECASE,
)
# Directories that programs write in the root. Deeper in a tree, these may be sources.
WRITTEN_IN_ROOT = re.compile(r"(?:target|coverage|reports|backups?)/", re.IGNORECASE)
HIDDEN_DIRECTORIES = re.compile(
    r"\.(?:github|gitlab|vscode|idea|husky|circleci|devcontainer|storybook|venv|cargo|changeset|config|docker|"
    r"claude|cursor|next|cache|archive|dvc|platform|well-known|azure|azuredevops|mvn|yarn|buildkite|ci|build)"
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


def looks_like_a_file(name: str) -> bool:
    """Whether a name without a slash is more likely a file than a directory."""
    if name.startswith("."):
        return not HIDDEN_DIRECTORIES.fullmatch(name)
    if is_project(name):
        return False
    return bool(EXTENSION.search(name) or (FILES.fullmatch(name) and not COMMON.fullmatch(name)))
