"""Resolving the actor of a command, and acting on behalf of another person."""

from dataclasses import replace

import pytest

from gatepost_domain.access.command import resolve_actor
from gatepost_domain.access.errors import ActAsForbidden
from gatepost_domain.access.provenance import Identity
from gatepost_domain.access.roles import Role
from tests.support.builders import a_command, an_actor

SPEAKER = an_actor("pipeline", roles=[Role.ACT_AS])


@pytest.mark.parametrize("named", ["system", "SYSTEM", "worker:one"])
def test_nobody_can_act_as_a_reserved_name(named: str) -> None:
    """Only the system itself can act under a reserved name."""
    with pytest.raises(ActAsForbidden):
        resolve_actor(replace(a_command(SPEAKER), requested_name=named), in_review=False)


def test_nobody_can_review_for_another() -> None:
    """No role permits a review on behalf of another person."""
    with pytest.raises(ActAsForbidden, match="reviews must be made in person"):
        resolve_actor(replace(a_command(SPEAKER), requested_name="quinn"), in_review=True)


def test_acting_for_another_requires_the_act_as_role() -> None:
    """No combination of other roles permits acting for another person."""
    others = an_actor("pipeline", roles=[role for role in Role if role is not Role.ACT_AS])

    with pytest.raises(ActAsForbidden, match="requires the act_as role"):
        resolve_actor(replace(a_command(others), requested_name="ada"), in_review=False)


@pytest.mark.parametrize("named", [None, "pipeline", "PIPELINE"])
def test_naming_oneself_is_not_acting_for_another(named: str | None) -> None:
    """Any spelling of the actor's own name refers to the actor."""
    command = resolve_actor(replace(a_command(SPEAKER), requested_name=named), in_review=True)

    assert command.on_behalf_of is None
    assert command.identities == (SPEAKER.identity,)


def test_both_humans_are_behind_a_command_for_another() -> None:
    """The command carries the identities of the actor and of the person acted for."""
    command = resolve_actor(replace(a_command(SPEAKER), requested_name="Ada"), in_review=False)

    assert command.on_behalf_of == "Ada"
    assert command.identities == (Identity(humans=("ada",)), SPEAKER.identity)
