"""`gatepost api`: any request to the API, with the usual settings, token and retries."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from gatepost_cli.commands.shared_settings_input_output import read_settings
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PREFIX: Final = "/api/v1"
_WITHOUT_BODY: Final = frozenset({"GET", "DELETE"})


def call(context: Context, arguments: Namespace) -> ExitCode:
    """Send a request and write the response unchanged, except that JSON is indented."""
    fields: dict[str, Any] = dict(arguments.field)
    headers = {"Accept": "application/json, */*"}
    request: dict[str, Any] = {
        "method": arguments.method.lower(),
        "url": _path(arguments.path),
        "headers": headers,
    }
    if arguments.method in _WITHOUT_BODY:
        request["params"] = fields
    else:
        body = {} if arguments.file is None else dict(read_settings(arguments.file))
        request["json"] = body | fields
    if arguments.method == "POST":
        headers["Idempotency-Key"] = arguments.idempotency_key or f"{uuid4()}"
    response = context.gatepost.send(request)
    if context.last_response is None:
        output.write_result(response.text)
    else:
        output.write_result(json.dumps(context.last_response, indent=2, ensure_ascii=False))
    return ExitCode.SUCCESS


def _path(path: str) -> str:
    rooted = f"/{path.lstrip('/')}"
    return rooted if rooted.startswith((_PREFIX, "/health/", "/metrics")) else f"{_PREFIX}{rooted}"


def _parse_method(text: str) -> str:
    if text.upper() in METHODS:
        return text.upper()
    raise ArgumentTypeError(f"{text!r} is not a method; the methods are {', '.join(METHODS)}")


def _parse_field(text: str) -> tuple[str, object]:
    """Parse `NAME=VALUE`; decode the value if it is valid JSON, or else keep it as text."""
    name, separator, value = text.partition("=")
    if not (name and separator):
        raise ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("method", metavar="METHOD", type=_parse_method, help="such as GET")
    parser.add_argument("path", metavar="PATH", help="such as /services, without /api/v1")
    parser.add_argument(
        "-f",
        "--field",
        action="append",
        default=[],
        type=_parse_field,
        metavar="NAME=VALUE",
        help="field of the body or, for GET and DELETE, query parameter (repeatable); a value that "
        'is valid JSON is sent as JSON, so write "1" with quotes to send text',
    )
    parser.add_argument(
        "--file", metavar="FILE", help="JSON file with the body; - for standard input"
    )
    parser.add_argument(
        "--idempotency-key",
        metavar="KEY",
        help="idempotency key of a POST request (default: a new key)",
    )


COMMAND: Final = Command(
    name="api",
    summary="send any request to the API and print the response",
    add_arguments=_add_arguments,
    run=call,
)
