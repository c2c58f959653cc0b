"""Verification of the table of external accounts, which is derived from users' logins."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.users import logins_from_json
from gatepost_persistence.tables.users import UserAccountRow, UserRow

_users = UserRow.table()
_accounts = UserAccountRow.table()

AccountKey = tuple[str, str, str]
"""Identifies an external account: the issuer, the kind, and the account at the issuer."""


def find_account_faults(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each account that is not stored for exactly the user who has the login."""
    expected = dict(_expected_accounts(connection))
    stored = {
        (str(row.issuer), str(row.kind), str(row.account)): row.holder
        for row in connection.execute(select(_accounts))
    }
    for key in sorted(stored.keys() | expected.keys()):
        found, holder = stored.get(key), expected.get(key)
        if found == holder:
            continue
        issuer, _, account = key
        code = "row_differs"
        detail = f"It is stored for {found}, but is a login of {holder}."
        if found is None:
            code, detail = "row_missing", f"It is a login of {holder}, but is not stored."
        elif holder is None:
            code, detail = "row_without_event", f"It is stored for {found}, but is no user's login."
        field = "holder" if code == "row_differs" else None
        yield Fault(code, UserAccountRow.table_name(), f"{account} of {issuer}", field, detail)


def _expected_accounts(connection: Connection) -> Iterator[tuple[AccountKey, str]]:
    """Yield the account of each current login with the key of the user.

    Unreadable and removed logins are skipped.
    """
    statement = select(_users.c.key, _users.c.logins).where(_users.c.logins.is_not(None))
    for row in connection.execute(statement):
        try:
            logins = logins_from_json(row.logins)
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError):
            continue  # verifying the row of the user reports this
        for account in (login.account for login in logins if not login.removed):
            yield (account.issuer, str(account.kind), account.account), row.key
