"""Reads of users and their tokens through repositories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, func, select

from gatepost_domain.access.handles import fold_handle
from gatepost_domain.access.users import Token, TokenKind, User
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import SignInStatus
from gatepost_persistence.mapping.users import token_from_row, user_from_row
from gatepost_persistence.mapping.values import parse_optional_instant
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import TokenRepository, UserRepository
from gatepost_persistence.tables.users import TokenRow, UserRow


class SqlUserReads(RepositoryReads):
    """Reads of users and tokens in SQL."""

    async def user(self, name: str) -> User:
        """Return the user with this name.

        Raises:
            NotFound: there is no such user.
        """
        async with self._sessions() as session:
            row = await UserRepository(session).get_one_or_none(name=fold_handle(name))
        return user_from_row(require_row(row, "user", name))

    async def former_name_by_user(self) -> Mapping[str, str]:
        """Return a mapping from current to former name for users renamed by an upgrade."""
        async with self._sessions() as session:
            rows = await UserRepository(session).get_many(UserRow.former_name.is_not(None))
        return {row.name: row.former_name for row in rows if row.former_name is not None}

    async def users(self, page_request: PageRequest) -> Page[User]:
        """Return a page of users sorted by name."""
        after = fold_handle(page_request.after or "")
        async with self._sessions() as session:
            rows = await UserRepository(session).get_many(
                UserRow.name > after, OrderBy("name", "asc"), limit_plus_one(page_request)
            )
        return build_page(rows, page_request, user_from_row, key=lambda user: user.name)

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """Return a page of a user's tokens, newest first."""
        user = await self.user(name)
        after_condition = (
            () if page_request.after is None else (_issued_before(page_request.after),)
        )
        async with self._sessions() as session:
            rows = await TokenRepository(session).get_many(
                TokenRow.holder == user.key,
                *after_condition,
                OrderBy("number", "desc"),
                limit_plus_one(page_request),
            )
        return build_page(
            rows,
            page_request,
            lambda row: token_from_row(row, user=user.name),
            key=lambda token: str(token.id),
        )

    async def sign_ins(self) -> Mapping[str, SignInStatus]:
        """Return a mapping from user keys to sign-ins, for users who signed in or were invited."""
        async with self._sessions() as session:
            rows = (await session.execute(_SIGN_INS)).all()
        return {
            row.holder: SignInStatus(
                parse_optional_instant(row.last_at), parse_optional_instant(row.invited_until)
            )
            for row in rows
        }


_SIGN_INS: Final = (
    select(
        TokenRow.holder,
        func.max(TokenRow.created_at).filter(TokenRow.kind == TokenKind.SESSION).label("last_at"),
        func.max(TokenRow.expires_at)
        .filter(TokenRow.kind == TokenKind.INVITATION, TokenRow.revoked_at.is_(None))
        .label("invited_until"),
    )
    .where(TokenRow.kind.in_((TokenKind.SESSION, TokenKind.INVITATION)))
    .group_by(TokenRow.holder)
)


def _issued_before(token: str) -> ColumnElement[bool]:
    number = select(TokenRow.number).where(TokenRow.id == token)
    return TokenRow.number < number.scalar_subquery()
