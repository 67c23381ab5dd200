"""Random compose projects, compared with docker compose."""

from __future__ import annotations

from io import StringIO

import pytest
from compose_projects import compare, compose_program, random_project

PROGRAM = compose_program()


@pytest.mark.skipif(PROGRAM is None, reason="docker-compose is not installed")
def test_ports_agree_with_docker_compose() -> None:
    assert PROGRAM
    out = StringIO()
    result = compare(range(1, 61), PROGRAM, out)
    assert result.different == 0, out.getvalue()
    assert result.same >= 30


def test_random_project_is_determined_by_its_seed() -> None:
    assert random_project(7) == random_project(7) != random_project(8)
