"""`structlint schema`."""

from __future__ import annotations

import click

from structlint.cli.options import SETTINGS, common_options
from structlint.cli.output import standard_output
from structlint.layout.schema import schema_text


@click.command("schema", context_settings=SETTINGS)
@common_options
def command() -> int:
    """Print the JSON Schema (draft-07) of structlint.yaml, by which editors complete and check it.

    \b
    structlint schema
    structlint schema > .vscode/structlint.schema.json

    \b
    The first line of structlint.yaml then says where it is:
    # yaml-language-server: $schema=.vscode/structlint.schema.json
    """
    standard_output().write(schema_text())
    return 0
