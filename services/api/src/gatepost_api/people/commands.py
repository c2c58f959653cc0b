"""`gatepost-server users`: making people known from the server's own terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from gatepost_api.clock import new_id, utc_now
from gatepost_api.first_start import a_user, make_holder
from gatepost_api.secrets import new_secret
from gatepost_api.settings import DATABASE_FILE
from gatepost_domain.errors import Refusal, Unknown
from gatepost_domain.identity import UserKind
from gatepost_domain.rights import Role
from gatepost_persistence.sqlite_ledger import SqliteLedger

LIFE: Final = timedelta(days=90)
"""How long a token lives that was printed in a terminal."""


def add(
    data: Path, name: str, *, kind: UserKind, roles: Sequence[Role], groups: Sequence[str]
) -> int:
    """Make somebody known and print a token of theirs, once; the answer is the exit code.

    It works whether or not the server runs. Somebody who is known already is left as they are.
    """
    return asyncio.run(_add(data, name, kind=kind, roles=roles, groups=groups))


async def _add(
    data: Path, name: str, *, kind: UserKind, roles: Sequence[Role], groups: Sequence[str]
) -> int:
    ledger, at = await SqliteLedger.open(data / DATABASE_FILE), utc_now()
    try:
        if await _is_known(ledger, name):
            sys.stderr.write(f"There is a user {name} already.\n")
            return 1
        user = a_user(name, kind, roles=tuple(roles), groups=tuple(groups), at=at)
        secret = new_secret(kind)
        await make_holder(
            ledger,
            ledger.reads,
            user,
            secret,
            label="printed by users add",
            expires_at=at + LIFE,
            at=at,
            new_id=new_id,
        )
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    finally:
        await ledger.close()
    sys.stdout.write(f"{secret}\n")
    sys.stderr.write(
        f"This is the token of {name}, for {LIFE.days} days. It is shown this once; "
        "let its holder replace it with one of their own.\n"
    )
    return 0


async def _is_known(ledger: SqliteLedger, name: str) -> bool:
    try:
        await ledger.reads.user(name)
    except Unknown:
        return False
    return True
