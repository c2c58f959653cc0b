"""Entry point of the `gatepost` command."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.parser import parse_arguments
from gatepost_cli.terminal import output

if TYPE_CHECKING:
    import httpx2

    from gatepost_cli.core.context import Clock


def main(
    arguments: Sequence[str] | None = None,
    *,
    transport: httpx2.BaseTransport | None = None,
    clock: Clock = time,
) -> int:
    """Run the command named by the arguments, and return the exit code.

    Args:
        arguments: The arguments after `gatepost`; if None, those of this process.
        transport: The transport for httpx2; if None, its default transport.
        clock: The clock for waiting.
    """
    output.escape_unencodable_characters()
    command, options = parse_arguments(arguments)
    try:
        # Importing the client dominates start-up; skip it for --help.
        from gatepost_cli.runner import run  # noqa: PLC0415

        return run(command, options, transport=transport, clock=clock)
    except output.OutputError as error:
        output.discard_standard_output()
        output.write_message(f"gatepost: {error}")
        return ExitCode.USAGE
    except BrokenPipeError:
        output.discard_standard_output()
        return ExitCode.BROKEN_PIPE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
