"""The blocks of docs/ci.md, as they are copied: each has the form of its service, and fails closed.

Their commands run in bash as the service runs them, with programs in place of pip and docker. The check
itself is the real one.
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
TITLED = dict(re.findall(r"(?ms)^In `([^`]+)`:\n\n```yml\n(.*?)^```$", PAGE))
HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def shell(heading: str) -> str:
    """The commands of the `sh` block of a section."""
    (text,) = re.findall(r"(?ms)^```sh\n(.*?)^```$", section(heading))
    return str(text)


# --- Form


def exact(**properties: Any) -> dict[str, Any]:
    """A mapping with these keys, all of them required."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def steps(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": list(items), "minItems": len(items), "additionalItems": False}


CIRCLECI_REPORTS = "/tmp/structlint"  # noqa: S108  (on a machine of the service)
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
ACTION_STEP = r"^[\w-]+/[\w/-]+@([0-9a-f]{40}|v\d+\.\d+\.\d+)$"
FORMS: dict[str, dict[str, Any]] = {
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


def loaded(title: str) -> Any:
    """A block as its service reads it: YAML 1.1 takes `on` for a truth value, and GitHub does not."""
    return yaml.safe_load(TITLED[title].replace("\non:", '\n"on":'))


def test_there_is_a_block_for_each_service() -> None:
    assert set(TITLED) == set(FORMS)


@pytest.mark.parametrize("title", FORMS)
def test_a_block_has_the_form_of_its_service(title: str) -> None:
    errors = Draft7Validator(FORMS[title]).iter_errors(loaded(title))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_blocks_name_the_version_that_this_is() -> None:
    found = re.findall(r"(?:structlint/structlint(?:\.git)?[@#]|rev: )v([\d.]+)", PAGE)
    assert len(found) == 6
    assert set(found) == {__version__}


def test_the_checkout_is_the_one_of_our_own_workflow() -> None:
    uses = re.findall(r"uses: (actions/checkout@.*)", PAGE)
    assert uses
    assert all(use in (ROOT / ".github/workflows/ci.yml").read_text("utf-8") for use in uses)


def test_inputs_of_the_action_exist() -> None:
    (more,) = re.findall(r"(?ms)^```yml\n( +with:\n.*?)^```$", section("GitHub Actions"))
    named = {*yaml.safe_load(more)["with"], *_action_step()["with"]}
    assert {"arguments", "path", "sarif"} <= named <= set(ACTION["inputs"])


def _action_step() -> dict[str, Any]:
    step: dict[str, Any] = loaded(".github/workflows/structure.yml")["jobs"]["structure"]["steps"][-1]
    return step


# --- What they do


class Place(NamedTuple):
    """A repository, and a directory outside of it that stands for the machine of the service."""

    git: Git
    machine: Path


LAYOUT = "tree:\n  .gitignore:\n  README.md:\n"


@pytest.fixture
def place(repository: Make, tmp_path: Path) -> Place:
    """A repository that fits its layout, and a machine with programs in place of pip and docker."""
    git = repository(
        {"structlint.yaml": LAYOUT, "README.md": "", ".gitignore": "structlint.xml\ngl-*.json\n"}
    )
    git("commit", "-qm", "first")
    machine = tmp_path / "machine"
    program(machine / "bin/structlint", f'exec "{sys.executable}" -P -m structlint "$@"')
    program(machine / "bin/pip", 'test "$1" = install && test $# = 2')
    # The image has one program, and the repository is where the volume is mounted.
    program(
        machine / "bin/docker",
        'test "$1" = build && exit\n'
        'test "$1" = run || exit 9\n'
        'while test "$1" != structlint; do\n'
        '  test "$1" = --volume && cd "${2%:/repository:ro}"\n'
        "  shift\n"
        "done\n"
        'exec "$@"',
    )
    return Place(git, machine)


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def bash(place: Place, text: str, **more: str) -> int:
    """The status of a script as services run it."""
    completed = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
        cwd=place.git.path,
        env={
            **os.environ,
            "PATH": f"{place.machine / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            **more,
        },
        capture_output=True,
        check=False,
    )
    return completed.returncode


def gitlab(place: Place) -> int:
    return bash(place, "\n".join(loaded(".gitlab-ci.yml")["structlint"]["script"]))


def azure(place: Place) -> int:
    script = loaded("azure-pipelines.yml")["steps"][1]["script"]
    return bash(place, script.replace("$(Agent.TempDirectory)", str(place.machine)))


def circleci(place: Place) -> int:
    listed = loaded(".circleci/config.yml")["jobs"]["structure"]["steps"]
    scripts = [step["run"] for step in listed if "run" in step]
    return bash(place, "\n".join(scripts).replace(CIRCLECI_REPORTS, str(place.machine / "structlint")))


def docker(place: Place) -> int:
    return bash(place, shell("Docker"))


def github(place: Place) -> int:
    """The last step of the action, with the inputs of the block."""
    inputs = _action_step()["with"]
    given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | inputs
    step = ACTION["runs"]["steps"][-1]
    named = {key: given[value.split(".")[1].removesuffix(" }}")] for key, value in step["env"].items()}
    venv = place.machine / "structlint"
    if not venv.exists():
        venv.mkdir()
        (venv / "bin").symlink_to("../bin")
    return bash(place, step["run"], RUNNER_TEMP=str(place.machine), **named)


def pre_commit(place: Place) -> int:
    """What pre-commit runs, for it passes no names of files."""
    assert HOOK["always_run"] and not HOOK["pass_filenames"]
    place.git("add", "-A")
    return bash(place, HOOK["entry"])


def git_hook(place: Place) -> int:
    """The script of the page, and the status of a commit."""
    if not (place.git.path / ".git/hooks/pre-commit").exists():
        assert bash(place, shell("pre-commit")) == 0
    place.git("add", "-A")
    commit = "git -c user.name=t -c user.email=t@t commit --allow-empty -qm x"
    return bash(place, commit)


SERVICES = [github, gitlab, azure, circleci, docker, pre_commit, git_hook]
unix = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash"), reason="the stand-ins are programs of Unix"
)


@unix
@pytest.mark.parametrize("service", SERVICES)
def test_a_block_passes_what_is_right_and_stops_what_is_wrong(service: Any, place: Place) -> None:
    assert service(place) == 0
    (place.git.path / "notes.txt").write_text("")
    assert service(place) == 1
    (place.git.path / "notes.txt").unlink()
    assert service(place) == 0


@unix
@pytest.mark.parametrize("service", SERVICES)
def test_a_block_fails_if_the_layout_is_deleted(service: Any, place: Place) -> None:
    assert service(place) == 0
    place.git("rm", "-q", "structlint.yaml")
    assert service(place) == (1 if service is git_hook else 2)  # git ends with 1 if a hook fails


@unix
@pytest.mark.parametrize("service", [gitlab, azure, circleci])
def test_reports_are_where_the_service_looks_for_them(service: Any, place: Place) -> None:
    (place.git.path / "notes.txt").write_text("")
    assert service(place) == 1
    assert all(b"notes.txt" in report.read_bytes() for report in collected(service, place))


def collected(service: Any, place: Place) -> Iterator[Path]:
    """The reports that the block of a service hands over."""
    if service is gitlab:
        yield from (
            place.git.path / name
            for name in loaded(".gitlab-ci.yml")["structlint"]["artifacts"]["reports"].values()
        )
    elif service is azure:
        inputs = loaded("azure-pipelines.yml")["steps"][2]["inputs"]
        folder = inputs["searchFolder"].replace("$(Agent.TempDirectory)", str(place.machine))
        yield Path(folder, inputs["testResultsFiles"])
    else:
        stored = loaded(".circleci/config.yml")["jobs"]["structure"]["steps"][-1]["store_test_results"][
            "path"
        ]
        directory = Path(stored.replace(CIRCLECI_REPORTS, str(place.machine / "structlint")))
        reports = list(directory.iterdir())
        assert reports
        yield from reports


def test_the_image_has_one_program() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    (entry,) = re.findall(r"(?m)^ENTRYPOINT \[(.*)\]$", text)
    assert [Path(word.rstrip(",")).name for word in shlex.split(entry)] == ["structlint"]
    assert re.findall(r"(?m)^WORKDIR (\S+)$", text)[-1] == "/repository"
    assert re.findall(r"(?m)^CMD (.*)$", text) == ['["check", ".", "--require-layout"]']
