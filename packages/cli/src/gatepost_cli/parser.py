"""The argument parser of the `gatepost` command."""

from __future__ import annotations

from argparse import (
    SUPPRESS,
    Action,
    ArgumentError,
    ArgumentParser,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from gatepost_cli.commands.all_commands import COMMANDS, SECTIONS
from gatepost_cli.core.arguments import parse_duration
from gatepost_cli.core.command import AnyCommand, CommandGroup, Entry
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.suggestions import describe_unknown_options, describe_unknown_word
from gatepost_cli.terminal import output

_EXIT_CODES: Final = """\
exit codes:
  0  success; with --wait, the deployment succeeded
  1  with --wait: the deployment failed, or was rejected, cancelled or rolled back;
     checks run --wait: a required check did not pass; audit verify: there are faults;
     ingest replay: the delivery failed again
  2  an argument, a setting or a local file is invalid or missing
  3  the server refused the request
  4  no valid response from the server
  5  with --timeout: the deployment had not ended in time"""

_NAME_WIDTH: Final = 22
_FORMATS: Final = ("table", "wide", "json")


def parse_arguments(arguments: Sequence[str] | None) -> tuple[AnyCommand, Namespace]:
    """Return the selected command and its options.

    Raises:
        SystemExit: help or the version was requested, or the arguments are invalid.
    """
    options = build_parser().parse_args(arguments)
    return options.command, options


def build_parser(*, is_complete: bool = False) -> ArgumentParser:
    """Return the parser. It has the arguments of all commands only if `is_complete`."""
    parser = _Parser(
        prog="gatepost",
        usage="gatepost COMMAND [OPTION...]",
        allow_abbrev=False,  # an option added later could make an abbreviation ambiguous
        description="Request deployments, review them and follow them to their outcome.",
        epilog=f"{_list_commands()}\n\n{_EXIT_CODES}",
        formatter_class=RawDescriptionHelpFormatter,
        parents=[_common_options()],
    )
    parser.add_argument(
        "--version",
        action=_ShowVersion,
        nargs=0,
        help="print the version and exit",
    )
    parser.set_defaults(
        url=None,
        token=None,
        profile=None,
        retry_for=None,
        result_format="table",
        build_parser=build_parser,
    )
    _add_commands(parser, COMMANDS, is_complete=is_complete)
    return parser


class _ShowVersion(Action):
    """Prints the version, which is read only when needed, because reading it takes time."""

    def __call__(self, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415

        output.write_result(f"gatepost {version('gatepost-cli')}")
        raise SystemExit(ExitCode.SUCCESS)


class _Parser(ArgumentParser):
    """A parser that reports errors in the same format as the commands."""

    def error(self, message: str) -> NoReturn:
        if message.endswith("required: COMMAND"):
            output.write_message(f"{self.prog}: which command?\n\n{self.format_help()}")
            raise SystemExit(ExitCode.USAGE)
        output.write_message(f"{self.prog}: {message}\nSee {self.prog} --help.")
        raise SystemExit(ExitCode.USAGE)

    def leave_out_list_of_commands(self) -> None:
        """Omit the list of commands from the help."""
        self._action_groups = [each for each in self._action_groups if each.title != "commands"]

    def _check_value(self, action: Action, value: Any) -> None:  # noqa: ANN401  # overloaded
        """Reject an unknown word and suggest similar ones, without listing all commands."""
        if action.choices is not None and value not in action.choices and action.dest == "word":
            raise ArgumentError(None, describe_unknown_word(value, action.choices))
        super()._check_value(action, value)


class _LazyCommandParser(_Parser):
    """The parser of one command, or of a group of commands.

    The arguments are added only when the command is selected, because some of them list values from
    the client, whose import takes most of the start-up time.
    """

    def __init__(self, entry: Entry, *, is_complete: bool = False, **settings: Any) -> None:  # noqa: ANN401  # as in argparse
        super().__init__(
            description=f"{entry.summary[0].upper()}{entry.summary[1:]}.",
            parents=[_common_options()],
            allow_abbrev=False,
            **settings,
        )
        self._entry = entry
        if is_complete:
            self._add_arguments(entry, is_complete=True)

    def parse_known_args(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # overloaded
        words: Sequence[str] = args[0]
        self._add_arguments(_select_entry(self._entry, words), is_complete=False)
        namespace, unknown = super().parse_known_args(*args, **options)
        if unknown:
            self.error(describe_unknown_options(unknown, self._option_string_actions))
        return namespace, unknown

    def _add_arguments(self, entry: Entry, *, is_complete: bool) -> None:
        if isinstance(entry, CommandGroup):
            _add_commands(self, entry.commands, is_complete=is_complete)
        else:
            self.set_defaults(command=entry)
            entry.add_arguments(self)


def _select_entry(entry: Entry, words: Sequence[str]) -> Entry:
    """Return the entry to parse, or its default command if the first word is not a subcommand."""
    if not isinstance(entry, CommandGroup) or entry.default is None:
        return entry
    names = {command.name for command in entry.commands}
    first = next((word for word in words if not word.startswith("-")), None)
    return entry if first is None or first in names else entry.default


def _add_commands(parser: _Parser, entries: Sequence[Entry], *, is_complete: bool) -> None:
    subparsers = parser.add_subparsers(
        prog=parser.prog,
        required=True,
        dest="word",
        metavar="COMMAND",
        title="commands",
        parser_class=_LazyCommandParser,
    )
    if entries is COMMANDS:
        parser.leave_out_list_of_commands()  # the sections list the commands
    add: Callable[..., ArgumentParser] = subparsers.add_parser
    for entry in entries:
        add(entry.name, entry=entry, is_complete=is_complete, help=entry.summary)


def _list_commands() -> str:
    """Return the commands by section, with their summaries."""
    return "\n\n".join(
        "\n".join(
            [
                f"{section.title}:",
                *(f"  {entry.name:{_NAME_WIDTH}}{entry.summary}" for entry in section.entries),
            ]
        )
        for section in SECTIONS
    )


def _common_options() -> _Parser:
    """Return the options that are accepted both before and after the command.

    They have no defaults, because a default would replace a value given before the command. Every
    parser needs its own copy, because argparse shares the options of a parent, and `set_defaults`
    changes them.
    """
    parent = _Parser(add_help=False, argument_default=SUPPRESS)
    options = parent.add_argument_group("options of all commands")
    options.add_argument(
        "--url", help="URL of the server (default: $GATEPOST_URL, or http://127.0.0.1:8000)"
    )
    options.add_argument(
        "--token",
        help="token of the caller (default: $GATEPOST_TOKEN, the profile, or the owner's token if "
        "the server runs on this machine); prefer the variable: other users can see command-line "
        "arguments",
    )
    options.add_argument(
        "--profile",
        metavar="NAME",
        help="server and token stored by `gatepost login` (default: $GATEPOST_PROFILE, or the "
        "current profile)",
    )
    options.add_argument(
        "--retry-for",
        type=parse_duration,
        metavar="S",
        help="how long to retry a request if the server does not respond (default: 30 seconds; "
        "0: never)",
    )
    options.add_argument(
        "-o",
        "--output-format",
        dest="result_format",
        choices=_FORMATS,
        help="table: for people, fitted to the terminal; wide: not fitted; json: the server's "
        "response as one JSON document",
    )
    options.add_argument(
        "--json",
        action="store_const",
        const="json",
        dest="result_format",
        help="the same as -o json",
    )
    return parent
