"""The lookup of the token of a request: every request needs it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.access.users import Token, User
from gatepost_persistence.mapping.users import token_from_row, user_from_row
from gatepost_persistence.prepared_statement import PreparedStatement
from gatepost_persistence.reads.connection import ReadConnection, SqlReader
from gatepost_persistence.tables.users import TokenRow
from gatepost_persistence.writes.users import USER_BY_KEY

_tokens = TokenRow.table()

TOKEN_BY_DIGEST = PreparedStatement(select(_tokens).where(_tokens.c.digest == bindparam("digest")))


class SqlTokenHolderReads(SqlReader):
    """The lookup of the token of a request in SQL."""

    def __init__(self, reader: ReadConnection) -> None:
        super().__init__(reader)
        self._holders: dict[str, tuple[User, Token]] = {}
        self._holders_version: int | None = None

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the token with this digest and its holder, or None.

        Results are kept until something is stored, so a revoked token is refused at once.
        """
        version = self._reader.state_version()
        if version is None or version != self._holders_version:
            self._holders, self._holders_version = {}, version
        found = self._holders.get(digest)
        if found is None:
            found = await self._reader.run(partial(find_token_holder, digest=digest))
            if found is not None and version is not None:
                self._holders[digest] = found
        return found


def find_token_holder(connection: Connection, digest: str) -> tuple[User, Token] | None:
    """Return the token with this digest and its holder, or None."""
    row = TOKEN_BY_DIGEST.one_or_none(connection, {"digest": digest})
    if row is None:
        return None
    user = user_from_row(USER_BY_KEY.one(connection, {"lookup_key": row.holder}))
    return user, token_from_row(row, user=user.name)
