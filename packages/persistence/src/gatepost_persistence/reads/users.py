"""Reading users and tokens: who holds a token is asked at every request."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.access.actor import person_key
from gatepost_domain.access.users import Token, User
from gatepost_domain.errors import Unknown
from gatepost_domain.ports.paging import Page, Window
from gatepost_persistence.mapping.users import token_of, user_of
from gatepost_persistence.reads.catalog import page_of
from gatepost_persistence.reads.connection import View, all_of
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.writes.users import ONE_USER

_users = UserRow.table()
_tokens = TokenRow.table()

TOKEN_BY_DIGEST = select(_tokens).where(_tokens.c.digest == bindparam("digest"))
USERS = (
    select(_users)
    .where(_users.c.key > bindparam("after"))
    .order_by(_users.c.key)
    .limit(bindparam("at_most"))
)
TOKENS_OF = (
    select(_tokens)
    .where(_tokens.c.holder == bindparam("of"))
    .order_by(_tokens.c.number.desc())
    .limit(bindparam("at_most"))
)
TOKENS_OF_BEHIND = TOKENS_OF.where(
    _tokens.c.number
    < select(_tokens.c.number).where(_tokens.c.id == bindparam("after")).scalar_subquery()
)


class PeopleReads:
    """See `ports.Reads`."""

    def __init__(self, view: View) -> None:
        self._people = view

    async def holder(self, digest: str) -> tuple[User, Token] | None:
        """See `ports.Reads`."""
        return await self._people.ask(partial(find_holder, digest=digest))

    async def user(self, name: str) -> User:
        """See `ports.Reads`."""
        rows = await self._people.ask(all_of(ONE_USER, {"of": person_key(name)}))
        if not rows:
            raise Unknown("user", name)
        return user_of(rows[0])

    async def users(self, window: Window) -> Page[User]:
        """See `ports.Reads`."""
        wanted = {"after": person_key(window.after or ""), "at_most": window.limit + 1}
        rows = await self._people.ask(all_of(USERS, wanted))
        return page_of(rows, window, user_of, key=lambda user: user.name)

    async def tokens(self, name: str, window: Window) -> Page[Token]:
        """See `ports.Reads`."""
        user = await self.user(name)
        wanted = {"of": user.key, "at_most": window.limit + 1, "after": window.after}
        statement = TOKENS_OF if window.after is None else TOKENS_OF_BEHIND
        rows = await self._people.ask(all_of(statement, wanted))
        return page_of(
            rows, window, lambda row: token_of(row, user=user.name), key=lambda each: str(each.id)
        )


def find_holder(connection: Connection, digest: str) -> tuple[User, Token] | None:
    """Who holds the token with this digest; none if nobody does."""
    row = connection.execute(TOKEN_BY_DIGEST, {"digest": digest}).one_or_none()
    if row is None:
        return None
    user = user_of(connection.execute(ONE_USER, {"of": row.holder}).one())
    return user, token_of(row, user=user.name)
