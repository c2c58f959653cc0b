"""The parts of the complete history in which people depend on others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.actions.access import invitations, users
from gatepost_domain.status_transitions import Action
from tests.support.builders import a_user
from tests.support.domain.sessions import a_new_token

if TYPE_CHECKING:
    from gatepost_domain.access.actor import Actor
    from gatepost_domain.deployments.deployment import Deployment
    from tests.support.storage.complete_history import CompleteHistory


async def enrol_and_reset(history: CompleteHistory) -> None:
    """Invite a person twice, let them accept, and reset them."""
    await history.perform(users.add_user, user=a_user("mia"))
    for _ in range(2):
        invitation = await history.perform(
            invitations.invite_user, name="mia", new_token=a_new_token()
        )
    session = await history.ledger.perform(
        lambda uow: invitations.accept_invitation(uow, invitation.id, a_new_token(), history.tick())
    )
    history.ids["session_of_mia"] = str(session.id)
    await history.perform(invitations.reset_user, name="mia")
    await history.perform(invitations.invite_user, name="mia", new_token=a_new_token())


async def approve_dependently(
    history: CompleteHistory, deployment: Deployment, *reviewers: Actor
) -> None:
    """Let reviewers approve a deployment whose requester, ada, has invited them."""
    for reviewer in reviewers:
        provenance = {"ada": Means.INVITATION} if history.knows_provenance else {}
        identity = replace(reviewer.identity, provenance=provenance)
        await history.act(Action.APPROVE, deployment, replace(reviewer, identity=identity))
