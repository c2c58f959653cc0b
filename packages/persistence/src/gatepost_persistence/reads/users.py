"""Reads of users and tokens. The holder of a token is looked up for every request."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.users import Token, User
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.users import token_from_row, user_from_row
from gatepost_persistence.reads.connection import SqlReader, all_rows_query
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.writes.users import USER_BY_KEY

_users = UserRow.table()
_tokens = TokenRow.table()

TOKEN_BY_DIGEST = select(_tokens).where(_tokens.c.digest == bindparam("digest"))
USERS = (
    select(_users)
    .where(_users.c.key > bindparam("after"))
    .order_by(_users.c.key)
    .limit(bindparam("row_limit"))
)
TOKENS_OF_USER = (
    select(_tokens)
    .where(_tokens.c.holder == bindparam("lookup_key"))
    .order_by(_tokens.c.number.desc())
    .limit(bindparam("row_limit"))
)
TOKENS_OF_USER_AFTER = TOKENS_OF_USER.where(
    _tokens.c.number
    < select(_tokens.c.number).where(_tokens.c.id == bindparam("after")).scalar_subquery()
)


class SqlUserReads(SqlReader):
    """Reads of users and tokens in SQL."""

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the token with this digest and its holder, or None."""
        return await self._reader.run(partial(find_token_holder, digest=digest))

    async def user(self, name: str) -> User:
        """Return a user.

        Raises:
            NotFound: there is none with this name.
        """
        rows = await self._reader.run(
            all_rows_query(USER_BY_KEY, {"lookup_key": normalize_name(name)})
        )
        if not rows:
            raise NotFound("user", name)
        return user_from_row(rows[0])

    async def users(self, page_request: PageRequest) -> Page[User]:
        """Return a page of users by name."""
        parameters = {
            "after": normalize_name(page_request.after or ""),
            "row_limit": page_request.limit + 1,
        }
        rows = await self._reader.run(all_rows_query(USERS, parameters))
        return build_page(rows, page_request, user_from_row, key=lambda user: user.name)

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """Return a page of the tokens of a user, newest first."""
        user = await self.user(name)
        parameters = {
            "lookup_key": user.normalized_name,
            "row_limit": page_request.limit + 1,
            "after": page_request.after,
        }
        statement = TOKENS_OF_USER if page_request.after is None else TOKENS_OF_USER_AFTER
        rows = await self._reader.run(all_rows_query(statement, parameters))
        return build_page(
            rows,
            page_request,
            lambda row: token_from_row(row, user=user.name),
            key=lambda token: str(token.id),
        )


def find_token_holder(connection: Connection, digest: str) -> tuple[User, Token] | None:
    """Return the token with this digest and its holder, or None."""
    row = connection.execute(TOKEN_BY_DIGEST, {"digest": digest}).one_or_none()
    if row is None:
        return None
    user = user_from_row(connection.execute(USER_BY_KEY, {"lookup_key": row.holder}).one())
    return user, token_from_row(row, user=user.name)
