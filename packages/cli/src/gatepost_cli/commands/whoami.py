"""`gatepost whoami`: who the token speaks for, and what it allows."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, sheet
from gatepost_cli.word import Word, takes_nothing

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import Grant


def whoami(call: Call, _: Namespace) -> Exit:
    """Answer with the user and what this token lets them do; never with the token."""
    me = call.gatepost.get_me()
    entries = {
        "name": me.user.name,
        "kind": me.user.kind,
        "roles": "\n".join(map(_role, me.grants)) or "none",
        "groups": ", ".join(me.user.groups) or "none",
        "token": me.token.label,
        "issuer": me.token.issuer,
        "expires": instant(me.token.expires_at) or "never",
    }
    call.answer(sheet(entries), exactly=call.heard)
    return Exit.DONE


def _role(grant: Grant) -> str:
    service = f" of {grant.service}" if grant.service else ""
    environment = f" in {grant.environment}" if grant.environment else ""
    return f"{grant.role}{service}{environment}"


WORD: Final = Word(
    name="whoami",
    meaning="tell who you are to Gatepost, and what you may do",
    arguments=takes_nothing,
    run=whoami,
)
