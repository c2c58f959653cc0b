"""`gatepost completion`: the completion script for a shell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from gatepost_cli.core.command import Connect, LocalCommand
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output

SHELLS: Final = ("bash", "zsh", "fish", "tcsh", "powershell")


def print_completion(arguments: Namespace, _: Connect) -> ExitCode:
    """Write the script with which the shell completes commands and options."""
    import shtab  # noqa: PLC0415  # only needed here

    parser: ArgumentParser = arguments.build_parser(is_complete=True)
    output.write_script(shtab.complete(parser, shell=arguments.shell))
    return ExitCode.SUCCESS


def _add_shell(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="for example: gatepost completion bash")


COMMAND: Final = LocalCommand(
    name="completion",
    summary="print the completion script for a shell",
    add_arguments=_add_shell,
    run=print_completion,
)
