"""The argument parser of the `gatepost` command."""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from gatepost_cli.commands.registry import COMMANDS
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output

_EPILOG: Final = """\
exit codes:
  0  success; with --wait, the deployment succeeded
  1  with --wait: the deployment failed, or was rejected, cancelled or rolled back;
     audit verify: there are faults; ingest replay: the delivery failed again
  2  an argument, a setting or a local file is invalid or missing
  3  the server refused the request
  4  no valid response from the server
  5  with --timeout: the deployment had not ended in time
"""


def parse_arguments(arguments: Sequence[str] | None) -> tuple[Command, Namespace]:
    """Return the selected command and its options.

    Raises:
        SystemExit: help was requested, or the arguments are invalid.
    """
    options = _build_parser().parse_args(arguments)
    return options.command, options


class _ShowVersion(Action):
    """Prints the version, which is read only then, because that takes time."""

    def __call__(self, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415

        output.write_result(f"gatepost {version('gatepost-cli')}")
        raise SystemExit(ExitCode.SUCCESS)


class _Parser(ArgumentParser):
    """A parser that reports errors in the same format as the commands."""

    def error(self, message: str) -> NoReturn:
        output.write_message(f"{self.prog}: {message}\nSee {self.prog} --help.")
        raise SystemExit(ExitCode.USAGE)


class _LazyCommandParser(_Parser):
    """The parser of one command, or of a group of commands.

    The arguments are added only when the command is selected, because some of them list values from
    the client, whose import takes most of the start-up time.
    """

    def __init__(self, command: Command | CommandGroup, **settings: Any) -> None:  # noqa: ANN401  # as in argparse
        super().__init__(
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            parents=[_common_options()],
            allow_abbrev=False,
            **settings,
        )
        if isinstance(command, Command):
            self.set_defaults(command=command)
        self._command = command

    def parse_known_args(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # overloaded
        if isinstance(self._command, Command):
            self._command.add_arguments(self)
        else:
            _add_commands(self, self._command.commands)
        return super().parse_known_args(*args, **options)


def _build_parser() -> _Parser:
    parser = _Parser(
        prog="gatepost",
        allow_abbrev=False,  # an option added later could make an abbreviation ambiguous
        description="Request deployments, review them and follow them to their outcome.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        parents=[_common_options()],
    )
    parser.set_defaults(url=None, token=None, json=False)
    parser.add_argument(
        "--version", action=_ShowVersion, nargs=0, help="print the version of this command"
    )
    _add_commands(parser, COMMANDS)
    return parser


def _add_commands(parser: _Parser, commands: Sequence[Command | CommandGroup]) -> None:
    subparsers = parser.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=_LazyCommandParser
    )
    for command in commands:
        subparsers.add_parser(command.name, command=command, help=command.summary)


def _common_options() -> _Parser:
    """Return the options that are accepted both before and after the command.

    They have no defaults: a default would replace the value given before the command. Every parser
    needs its own: argparse shares the options of a parent, and `set_defaults` changes them.
    """
    options = _Parser(add_help=False, argument_default=SUPPRESS)
    options.add_argument(
        "--url", help="URL of the server (default: $GATEPOST_URL, or http://127.0.0.1:8000)"
    )
    options.add_argument(
        "--token",
        help="token of the caller (default: $GATEPOST_TOKEN, or the owner's token if the server "
        "runs on this machine); prefer the variable: other users can see command-line arguments",
    )
    options.add_argument(
        "--json", action="store_true", help="print the server's response as one JSON document"
    )
    return options
