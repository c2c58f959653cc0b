"""Implementation of the `gatepost-server tokens` commands.

The commands work whether or not the server is running, and return the exit code.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_api.server.bootstrap import LOCAL_TOKEN_FILES, rotate_local_token
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.user_commands import run_with_ledger
from gatepost_api.settings.server import StorageLocation
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.users import Token
from gatepost_domain.actions.access.users import revoke_token
from gatepost_domain.errors import NotFound
from gatepost_domain.event import format_instant
from gatepost_domain.ports.paging import PageRequest
from gatepost_persistence.ledger.sql_ledger import SqlLedger

_PAGE: Final = 200


def list_tokens(location: StorageLocation, name: str) -> int:
    """Print the valid tokens, sessions and invitations of a user, newest first."""

    async def action(ledger: SqlLedger) -> None:
        after, at = None, utc_now()
        while True:
            page = await ledger.reads.tokens(name, PageRequest(limit=_PAGE, after=after))
            for token in page.items:
                if token.is_valid(at):
                    sys.stdout.write(f"{_describe(token)}\n")
            after = page.next_key
            if after is None:
                return

    return asyncio.run(run_with_ledger(location, action))


def revoke(location: StorageLocation, name: str, token: str) -> int:
    """Revoke a token and everything created with it."""

    async def action(ledger: SqlLedger) -> None:
        try:
            token_id = UUID(token)
        except ValueError:
            raise NotFound("token", token) from None
        command = Command(actor=SYSTEM, at=utc_now())
        await ledger.perform(partial(revoke_token, name=name, token=token_id, command=command))
        sys.stderr.write("The token and everything created with it were revoked.\n")

    return asyncio.run(run_with_ledger(location, action))


def rotate(location: StorageLocation, name: str, *, lifetime_days: int) -> int:
    """Replace the owner's or the worker's token in its file, and revoke the old one."""

    async def action(ledger: SqlLedger) -> None:
        await rotate_local_token(
            ledger,
            ledger.reads,
            location.data,
            name,
            lifetime_days=lifetime_days,
            at=utc_now(),
            new_id=new_id,
            worker_token=location.worker_token,
        )
        sys.stderr.write(
            f"{LOCAL_TOKEN_FILES[name]} has a new token; the old one was revoked. Restart the "
            "programs that have read the old one, such as the server and its worker.\n"
        )

    return asyncio.run(run_with_ledger(location, action))


def _describe(token: Token) -> str:
    ends = "never expires" if token.expires_at is None else format_instant(token.expires_at)
    label = "" if token.label is None else f"  {token.label}"
    return f"{token.id}  {token.kind:<10}  by {token.issuer}  {ends}{label}"
