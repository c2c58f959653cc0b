"""Looking up the tokens and their holders for all requests that arrive together."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from gatepost_domain.access.users import Token, User
from gatepost_persistence.mapping.users import token_from_row, user_from_row
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.columns import Text
from gatepost_persistence.tables.users import TokenRow, UserRow

_tokens = TokenRow.table()
_users = UserRow.table()

_DIGESTS: Final = bindparam("digests", type_=ARRAY(Text))
TOKENS_WITH_HOLDERS = PreparedStatement(
    select(_tokens, _users)
    .join(_users, _users.c.key == _tokens.c.holder)
    .where(_tokens.c.digest == any_(_DIGESTS)),
    named=False,
)
_TOKEN_COLUMN_COUNT: Final = len(_tokens.columns)


def _row_factory(table: Table) -> Callable[[Iterable[object]], Any]:
    row: Any = namedtuple("Row", list(table.columns.keys()))  # type: ignore[misc]  # noqa: PYI024  # the table has the names and types
    make: Callable[[Iterable[object]], Any] = row._make
    return make


_make_token_row = _row_factory(_tokens)
_make_user_row = _row_factory(_users)


def find_token_holders(
    connection: Connection, digests: Collection[str]
) -> Mapping[str, tuple[User, Token] | None]:
    """Return a mapping from each digest to the token and its holder, or to None."""
    found: dict[str, tuple[User, Token] | None] = dict.fromkeys(digests)
    for row in TOKENS_WITH_HOLDERS.all(connection, {"digests": list(digests)}):
        token = _make_token_row(row[:_TOKEN_COLUMN_COUNT])
        user = user_from_row(_make_user_row(row[_TOKEN_COLUMN_COUNT:]))
        found[token.digest] = user, token_from_row(token, user=user.name)
    return found
