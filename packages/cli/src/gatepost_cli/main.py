"""The `gatepost` command: reads its arguments, has the word carried out, says how that ended."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NoReturn

from gatepost_cli import terminal
from gatepost_cli.exits import Exit
from gatepost_cli.words import WORDS

if TYPE_CHECKING:
    import httpx2

    from gatepost_cli.call import Clock

_EPILOG: Final = """\
exit codes:
  0  done; with --wait, the deployment succeeded
  1  with --wait: it failed, or was rejected, cancelled or rolled back
  2  the words make no sense, or no server or token can be told
  3  the server said no, and why
  4  no answer
  5  out of time
"""


def main(
    arguments: Sequence[str] | None = None,
    *,
    transport: httpx2.BaseTransport | None = None,
    clock: Clock = time,
) -> int:
    """Carry out what the arguments ask for; the answer is the exit code.

    Args:
        arguments: What follows `gatepost`; those of this process where they are absent.
        transport: How httpx2 carries requests.
        clock: By which a deployment is followed.
    """
    terminal.spell_what_cannot_be_shown()
    given = _parser().parse_args(arguments)
    try:
        # The client takes most of a start to import, which is spared whoever asks for help.
        from gatepost_cli.running import run  # noqa: PLC0415

        return run(given, transport=transport, clock=clock)
    except BrokenPipeError:
        terminal.stop_writing()
        return Exit.UNREAD
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the way that everything else is said."""

    def error(self, message: str) -> NoReturn:
        terminal.tell(f"{self.prog}: {message}\nSee {self.prog} --help.")
        raise SystemExit(Exit.USAGE)


def _parser() -> _Parser:
    parser = _Parser(
        prog="gatepost",
        allow_abbrev=False,  # or an option that is added later makes a script ambiguous
        description="Ask for deployments, review them and see what became of them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_everywhere()],
    )
    parser.set_defaults(url=None, token=None, json=False)
    everywhere = _everywhere()  # anew: parsers share the options of a parent, and their defaults
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD", title="words")
    for word in WORDS:
        meaning = f"{word.meaning[0].upper()}{word.meaning[1:]}."
        its = words.add_parser(
            word.name,
            parents=[everywhere],
            allow_abbrev=False,
            help=word.meaning,
            description=meaning,
        )
        word.arguments(its)
        its.set_defaults(run=word.run, patience_s=word.patience_s)
    return parser


def _everywhere() -> _Parser:
    """The options that may stand before the word as well as after it.

    None has a default, since that of the word would overrule what stands before it.
    """
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--url", help="where Gatepost is (GATEPOST_URL; http://127.0.0.1:8000)")
    options.add_argument(
        "--token",
        help="who asks (GATEPOST_TOKEN, which is safer: others may see the arguments of a program; "
        "for a server on this machine, the owner)",
    )
    options.add_argument(
        "--json", action="store_true", help="answer with the server's JSON, one document"
    )
    return options
