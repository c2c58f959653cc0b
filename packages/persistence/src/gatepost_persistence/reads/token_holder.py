"""Looking up the token and the user of a request, which every request needs."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.access.users import Token, User
from gatepost_persistence.mapping.users import token_from_row, user_from_row
from gatepost_persistence.reads.connection import SqlReader
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.users import TokenRow
from gatepost_persistence.writes.users import USER_BY_KEY

_tokens = TokenRow.table()

TOKEN_BY_DIGEST = PreparedStatement(select(_tokens).where(_tokens.c.digest == bindparam("digest")))


class SqlTokenHolderReads(SqlReader):
    """Reads of requests' tokens and their holders in SQL."""

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the holder and the token with this digest, or None if there is no such token."""
        return await self._reader.run(partial(find_token_holder, digest=digest))


def find_token_holder(connection: Connection, digest: str) -> tuple[User, Token] | None:
    """Return the holder and the token with this digest, or None if there is no such token."""
    row = TOKEN_BY_DIGEST.one_or_none(connection, {"digest": digest})
    if row is None:
        return None
    user = user_from_row(USER_BY_KEY.one(connection, {"lookup_key": row.holder}))
    return user, token_from_row(row, user=user.name)
