"""`structlint schema`: prints the JSON Schema of layouts."""

from __future__ import annotations

import click

from structlint.cli.options import SETTINGS, Command, common_options
from structlint.cli.output import standard_output
from structlint.layout.schema import schema_text


@click.command(
    "schema",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Print the JSON Schema of structlint.yaml.",
)
@common_options
def command() -> int:
    """Print the JSON Schema (draft-07) of structlint.yaml for editors.

    \b
    Examples:
      structlint schema
      structlint schema > .vscode/schema.json

    \b
    Then refer to it in the first line of structlint.yaml:
    # yaml-language-server: $schema=.vscode/schema.json
    """
    standard_output().write(schema_text())
    return 0
