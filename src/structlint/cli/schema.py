"""`structlint schema`."""

from __future__ import annotations

import click

from structlint.cli.group import SETTINGS, everywhere
from structlint.cli.output import standard_output
from structlint.layout.schema import schema_text


@click.command("schema", context_settings=SETTINGS)
@everywhere
def command() -> int:
    """Print the JSON Schema (draft-07) of structlint.yaml.

    \b
    An editor that completes and checks YAML by a schema can use it:
      structlint schema > structlint.schema.json
    and, as the first line of structlint.yaml,
      # yaml-language-server: $schema=structlint.schema.json
    """
    standard_output().write(schema_text())
    return 0
