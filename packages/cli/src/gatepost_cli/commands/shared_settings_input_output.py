"""The output and file input shared by commands that show or change settings."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from gatepost_cli.core.command import UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.json_as_text import to_labelled_texts
from gatepost_cli.terminal.layout import format_key_values

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_OMITTED: Final = frozenset({"id", "revision"})
STANDARD_INPUT: Final = "-"


def answer_with_last_response(context: Context) -> ExitCode:
    """Write all fields in the most recent response except empty ones; include unknown fields."""
    document = cast("Mapping[str, object]", context.last_response)
    fields = {name: value for name, value in document.items() if name not in _OMITTED}
    context.answer(format_key_values(to_labelled_texts(fields)))
    return ExitCode.SUCCESS


def answer_change(context: Context, result: object, done: str) -> ExitCode:
    """Write that a setting was changed, or that another admin has to approve the change."""
    from gatepost_client.models import SettingsChange  # noqa: PLC0415

    if isinstance(result, SettingsChange):
        context.answer(
            "Another admin has to approve this change: "
            f"gatepost settings-changes approve {result.id}"
        )
    else:
        context.answer(done)
    return ExitCode.SUCCESS


def without_nones(**fields: object) -> dict[str, object]:
    """Return only the fields that are not None, so that a request changes no others."""
    return {name: value for name, value in fields.items() if value is not None}


def add_file_argument(parser: ArgumentParser, contents: str) -> None:
    """Add the argument for the JSON file with the settings."""
    parser.add_argument(
        "--file",
        required=True,
        metavar="FILE",
        help=f"JSON file with {contents}; - for standard input",
    )


def add_reason_argument(parser: ArgumentParser) -> None:
    """Add the argument for the reason, which the approvers of guarded settings see."""
    parser.add_argument("--reason", help="reason, recorded permanently")


def read_settings(file: str) -> Mapping[str, object]:
    """Return the JSON object in a file or on standard input.

    Raises:
        UsageError: The file cannot be read, or is not a JSON object.
    """
    try:
        text = sys.stdin.read() if file == STANDARD_INPUT else Path(file).read_text("utf-8")
        document = json.loads(text)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{file} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{file} does not contain a JSON object")
    return cast("dict[str, object]", document)


def resolve_opposite_options(*, yes: bool, no: bool) -> bool | None:
    """Return True for an option such as `--archive`, False for its opposite, or else None."""
    return True if yes else False if no else None
