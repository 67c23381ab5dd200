"""Random compose projects, read by structlint and by docker compose."""

from __future__ import annotations

from io import StringIO

import pytest
from compose_projects import compare, compose_program, random_project

PROGRAM = compose_program()


@pytest.mark.skipif(PROGRAM is None, reason="docker-compose is not installed")
def test_ports_are_those_of_docker_compose() -> None:
    assert PROGRAM
    out = StringIO()
    compared = compare(range(1, 61), PROGRAM, out)
    assert compared.different == 0, out.getvalue()
    assert compared.same >= 30


def test_projects_are_the_same_for_one_seed() -> None:
    assert random_project(7) == random_project(7) != random_project(8)
