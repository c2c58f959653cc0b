"""What a pipeline may not do while nobody knows who triggered it."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor
from gatepost_domain.settings_changes.errors import ProposerUnknown


def require_known_giver(actor: Actor) -> None:
    """Refuse to give somebody access in the name of a person who is not known.

    The person would be missing from the provenance of those they let in, even after a login says
    who they are.

    Raises:
        ProposerUnknown: no user has the login that the pipeline reported.
    """
    trigger = actor.trigger
    if trigger is not None and trigger.unmapped_issuer is not None:
        raise ProposerUnknown(trigger.name, gives_access=True)
