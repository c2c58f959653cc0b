"""Carrying out a word over the client, and what each of the client's errors means to a shell."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from http import HTTPStatus

import httpx2

from gatepost_cli import terminal
from gatepost_cli.call import Call, Clock
from gatepost_cli.exits import Exit
from gatepost_cli.word import BadUsage
from gatepost_client import (
    BadSettings,
    Gatepost,
    GatepostError,
    GatepostProblem,
    NotSendable,
)
from gatepost_client.calling import DEFAULT_TIMEOUT_S


def run(given: Namespace, *, transport: httpx2.BaseTransport | None, clock: Clock) -> Exit:
    """Do what is asked for; if it cannot be done, say why."""
    word: Callable[[Call, Namespace], Exit] = given.run
    try:
        patience_s = given.patience_s or DEFAULT_TIMEOUT_S
        with Gatepost(
            given.url, token=given.token, transport=transport, timeout_s=patience_s
        ) as gatepost:
            call = Call(gatepost, as_json=given.json, clock=clock)
            try:
                return word(call, given)
            except GatepostProblem:
                if call.as_json:  # a program learns the code of the refusal from its document
                    call.answer("", exactly=call.heard)
                raise
    except (BadUsage, GatepostError) as error:
        terminal.tell(f"gatepost: {error}")
        return meaning(error)


def meaning(error: BadUsage | GatepostError) -> Exit:
    """The exit code of a run that ended by this error."""
    match error:
        case BadUsage() | BadSettings() | NotSendable():
            return Exit.USAGE
        case GatepostProblem(status=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Exit.REFUSED
        case _:
            return Exit.UNREACHABLE
