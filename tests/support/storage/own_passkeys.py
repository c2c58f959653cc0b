"""The part of the complete history in which a person adds, uses and removes passkeys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.actions.access import passkeys
from tests.support.builders import a_passkey, an_actor
from tests.support.domain.sessions import a_new_token

if TYPE_CHECKING:
    from tests.support.storage.complete_history import CompleteHistory


async def use_passkeys(history: CompleteHistory) -> None:
    """Add two passkeys in an account that ada has set up, sign in with each, and remove one."""
    identity = Identity(humans=("quinn",), provenance={"ada": Means.INVITATION})
    for name in ("passkey", "removed_passkey"):
        added = a_passkey("quinn", created_at=history.now)
        proved = an_actor("quinn", identity=identity, is_session=True, proved_at=history.now)
        await history.perform(passkeys.add_passkey, by=proved, passkey=added)
        open_session = partial(
            passkeys.open_passkey_session, name="quinn", passkey=added.id, sign_count=1
        )
        await history.ledger.perform(
            partial(open_session, new_token=a_new_token(), at=history.tick())
        )
        history.ids[name] = str(added.id)
    removed = UUID(history.ids["removed_passkey"])
    await history.perform(passkeys.remove_passkey, by="quinn", name="quinn", passkey=removed)
