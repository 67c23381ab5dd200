"""The configuration blocks in docs/ci.md are valid, and their checks fail when they should.

Their commands run in bash as each service runs them, with fake versions of pip and docker. The check itself
is real.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from conftest import Git, Make
from jsonschema import Draft7Validator

from structlint import __version__

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/ci.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"(?ms)^In `([^`]+)`:\n\n```yml\n(.*?)^```$", PAGE))
HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def shell_commands(heading: str) -> str:
    """The commands of the `sh` block of a section."""
    (text,) = re.findall(r"(?ms)^```sh\n(.*?)^```$", section(heading))
    return str(text)


# --- Schemas


def exact(**properties: Any) -> dict[str, Any]:
    """The schema of a mapping with exactly these keys."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def steps(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": list(items), "minItems": len(items), "additionalItems": False}


CIRCLECI_REPORTS = "/tmp/structlint"  # noqa: S108  (a path on the CI machine)
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
ACTION_STEP = r"^[\w-]+/[\w/-]+@([0-9a-f]{40}|v\d+\.\d+\.\d+)$"
SCHEMAS: dict[str, dict[str, Any]] = {
    ".pre-commit-config.yaml": exact(
        repos=steps(exact(repo=TEXT, rev=TEXT, hooks=steps(exact(id={"const": HOOK["id"]}))))
    ),
    ".github/workflows/structure.yml": exact(
        name=TEXT,
        on={"const": ["push", "pull_request"]},
        permissions={"const": {"contents": "read"}},
        jobs=exact(
            structure=exact(
                **{"runs-on": TEXT},
                steps={
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"uses": {"pattern": ACTION_STEP}, "with": {"type": "object"}},
                        "required": ["uses", "with"],
                        "additionalProperties": False,
                    },
                },
            )
        ),
    ),
    ".gitlab-ci.yml": exact(
        structlint=exact(
            image=TEXT,
            script=TEXTS,
            artifacts=exact(when={"enum": ["always"]}, reports=exact(codequality=TEXT, junit=TEXT)),
        )
    ),
    "azure-pipelines.yml": exact(
        pool=exact(vmImage=TEXT),
        steps=steps(
            exact(task={"pattern": r"@\d+$"}, inputs=exact(versionSpec=TEXT)),
            exact(script=TEXT, displayName=TEXT),
            exact(
                task={"const": "PublishTestResults@2"},
                condition={"const": "always()"},
                inputs=exact(searchFolder=TEXT, testResultsFiles=TEXT),
            ),
        ),
    ),
    ".circleci/config.yml": exact(
        version={"const": "2.1"},
        jobs=exact(
            structure=exact(
                docker=steps(exact(image=TEXT)),
                steps=steps(
                    {"const": "checkout"},
                    exact(run=TEXT),
                    exact(run=TEXT),
                    exact(run=TEXT),
                    exact(store_test_results=exact(path=TEXT)),
                ),
            )
        ),
        workflows=exact(structure=exact(jobs={"const": ["structure"]})),
    ),
}


def load_block(title: str) -> Any:
    """A block as its service reads it. YAML 1.1 reads `on` as a boolean, but GitHub does not."""
    return yaml.safe_load(BLOCKS[title].replace("\non:", '\n"on":'))


def test_each_service_has_a_block() -> None:
    assert set(BLOCKS) == set(SCHEMAS)


@pytest.mark.parametrize("title", SCHEMAS)
def test_block_matches_schema_of_service(title: str) -> None:
    errors = Draft7Validator(SCHEMAS[title]).iter_errors(load_block(title))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_blocks_use_current_version() -> None:
    found = re.findall(r"(?:structlint/structlint(?:\.git)?[@#]|rev: )v([\d.]+)", PAGE)
    assert len(found) == 6
    assert set(found) == {__version__}


def test_blocks_use_same_checkout_action_as_our_workflow() -> None:
    uses = re.findall(r"uses: (actions/checkout@.*)", PAGE)
    assert uses
    assert all(use in (ROOT / ".github/workflows/ci.yml").read_text("utf-8") for use in uses)


def test_action_inputs_exist() -> None:
    (more,) = re.findall(r"(?ms)^```yml\n( +with:\n.*?)^```$", section("GitHub Actions"))
    named = {*yaml.safe_load(more)["with"], *_action_step()["with"]}
    assert {"arguments", "path", "sarif"} <= named <= set(ACTION["inputs"])


def _action_step() -> dict[str, Any]:
    step: dict[str, Any] = load_block(".github/workflows/structure.yml")["jobs"]["structure"]["steps"][-1]
    return step


# --- Behavior


class Environment(NamedTuple):
    """A repository, and a directory that represents the CI machine."""

    git: Git
    machine: Path


LAYOUT = "tree:\n  .gitignore:\n  README.md:\n"


@pytest.fixture
def ci_environment(repository: Make, tmp_path: Path) -> Environment:
    """A repository without findings, and a machine with fake versions of pip and docker."""
    git = repository(
        {"structlint.yaml": LAYOUT, "README.md": "", ".gitignore": "structlint.xml\ngl-*.json\n"}
    )
    git("commit", "-qm", "first")
    machine = tmp_path / "machine"
    write_script(machine / "bin/structlint", f'exec "{sys.executable}" -P -m structlint "$@"')
    write_script(machine / "bin/pip", 'test "$1" = install && test $# = 2')
    # The fake image contains only structlint, and runs it in the mounted directory.
    write_script(
        machine / "bin/docker",
        'test "$1" = build && exit\n'
        'test "$1" = run || exit 9\n'
        'while test "$1" != structlint; do\n'
        '  test "$1" = --volume && cd "${2%:/repository:ro}"\n'
        "  shift\n"
        "done\n"
        'exec "$@"',
    )
    return Environment(git, machine)


def write_script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run_bash(ci_environment: Environment, text: str, **more: str) -> int:
    """The exit status of a script that runs as on the services."""
    completed = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
        cwd=ci_environment.git.path,
        env={
            **os.environ,
            "PATH": f"{ci_environment.machine / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            **more,
        },
        capture_output=True,
        check=False,
    )
    return completed.returncode


def gitlab(ci_environment: Environment) -> int:
    return run_bash(ci_environment, "\n".join(load_block(".gitlab-ci.yml")["structlint"]["script"]))


def azure(ci_environment: Environment) -> int:
    script = load_block("azure-pipelines.yml")["steps"][1]["script"]
    return run_bash(ci_environment, script.replace("$(Agent.TempDirectory)", str(ci_environment.machine)))


def circleci(ci_environment: Environment) -> int:
    listed = load_block(".circleci/config.yml")["jobs"]["structure"]["steps"]
    scripts = [step["run"] for step in listed if "run" in step]
    return run_bash(
        ci_environment,
        "\n".join(scripts).replace(CIRCLECI_REPORTS, str(ci_environment.machine / "structlint")),
    )


def docker(ci_environment: Environment) -> int:
    return run_bash(ci_environment, shell_commands("Docker"))


def github(ci_environment: Environment) -> int:
    """The last step of the action, with the inputs of the block."""
    inputs = _action_step()["with"]
    given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | inputs
    step = ACTION["runs"]["steps"][-1]
    named = {key: given[value.split(".")[1].removesuffix(" }}")] for key, value in step["env"].items()}
    venv = ci_environment.machine / "structlint"
    if not venv.exists():
        venv.mkdir()
        (venv / "bin").symlink_to("../bin")
    return run_bash(ci_environment, step["run"], RUNNER_TEMP=str(ci_environment.machine), **named)


def pre_commit(ci_environment: Environment) -> int:
    """Runs the command of the hook; pre-commit does not pass file names to it."""
    assert HOOK["always_run"] and not HOOK["pass_filenames"]
    ci_environment.git("add", "-A")
    return run_bash(ci_environment, HOOK["entry"])


def git_hook(ci_environment: Environment) -> int:
    """Installs the hook from the page, and returns the status of a commit."""
    if not (ci_environment.git.path / ".git/hooks/pre-commit").exists():
        assert run_bash(ci_environment, shell_commands("pre-commit")) == 0
    ci_environment.git("add", "-A")
    commit = "git -c user.name=t -c user.email=t@t commit --allow-empty -qm x"
    return run_bash(ci_environment, commit)


SERVICES = [github, gitlab, azure, circleci, docker, pre_commit, git_hook]
unix = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash"), reason="requires bash and shell scripts"
)


@unix
@pytest.mark.parametrize("service", SERVICES)
def test_block_fails_on_findings_and_without_layout(service: Any, ci_environment: Environment) -> None:
    assert service(ci_environment) == 0
    (ci_environment.git.path / "notes.txt").write_text("")
    assert service(ci_environment) == 1
    (ci_environment.git.path / "notes.txt").unlink()
    ci_environment.git("rm", "-q", "structlint.yaml")
    assert service(ci_environment) == (1 if service is git_hook else 2)  # git exits with 1 if a hook fails


@unix
@pytest.mark.parametrize("service", [gitlab, azure, circleci])
def test_reports_are_written_where_the_service_expects_them(
    service: Any, ci_environment: Environment
) -> None:
    (ci_environment.git.path / "notes.txt").write_text("")
    assert service(ci_environment) == 1
    assert all(b"notes.txt" in report.read_bytes() for report in collected_reports(service, ci_environment))


def collected_reports(service: Any, ci_environment: Environment) -> Iterator[Path]:
    """The reports that the block passes to the service."""
    if service is gitlab:
        yield from (
            ci_environment.git.path / name
            for name in load_block(".gitlab-ci.yml")["structlint"]["artifacts"]["reports"].values()
        )
    elif service is azure:
        inputs = load_block("azure-pipelines.yml")["steps"][2]["inputs"]
        folder = inputs["searchFolder"].replace("$(Agent.TempDirectory)", str(ci_environment.machine))
        yield Path(folder, inputs["testResultsFiles"])
    else:
        stored = load_block(".circleci/config.yml")["jobs"]["structure"]["steps"][-1]["store_test_results"][
            "path"
        ]
        directory = Path(stored.replace(CIRCLECI_REPORTS, str(ci_environment.machine / "structlint")))
        reports = list(directory.iterdir())
        assert reports
        yield from reports


def test_image_runs_structlint() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    (entry,) = re.findall(r"(?m)^ENTRYPOINT \[(.*)\]$", text)
    assert [Path(word.rstrip(",")).name for word in shlex.split(entry)] == ["structlint"]
    assert re.findall(r"(?m)^WORKDIR (\S+)$", text)[-1] == "/repository"
    assert re.findall(r"(?m)^CMD (.*)$", text) == ['["check", ".", "--require-layout"]']
