"""Restrictions on pipelines that were triggered by an unknown person."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor
from gatepost_domain.settings_changes.errors import ProposerUnknown


def require_known_trigger_to_give_access(actor: Actor) -> None:
    """Refuse to let a pipeline give access if the person who triggered it is unknown.

    That person would be missing from the provenance of the access given, even after a login
    identifies them.

    Raises:
        ProposerUnknown: no user has the login that the pipeline reported.
    """
    trigger = actor.trigger
    if trigger is not None and trigger.unmapped_issuer is not None:
        raise ProposerUnknown(trigger.name, gives_access=True)
