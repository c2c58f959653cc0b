"""In whose name a wish is: the actor's, or that of somebody the actor may speak for."""

from dataclasses import replace

import pytest

from gatepost_domain.access.actor import Identity
from gatepost_domain.access.command import resolve_actor
from gatepost_domain.access.errors import ActAsForbidden
from gatepost_domain.access.roles import Role
from tests.support.builders import a_command, an_actor

SPEAKER = an_actor("pipeline", roles=[Role.ACT_AS])


@pytest.mark.parametrize("named", ["system", "SYSTEM", "worker:one"])
def test_nobody_speaks_in_gateposts_own_name(named: str) -> None:
    """What the system did is never somebody's word."""
    with pytest.raises(ActAsForbidden):
        resolve_actor(replace(a_command(SPEAKER), requested_name=named), in_review=False)


def test_nobody_reviews_for_another() -> None:
    """Consent cannot be given by proxy, whatever role the proxy has."""
    with pytest.raises(ActAsForbidden, match="reviews must be made in person"):
        resolve_actor(replace(a_command(SPEAKER), requested_name="quinn"), in_review=True)


def test_to_speak_for_another_needs_its_own_role() -> None:
    """Every other role together does not include it."""
    others = an_actor("pipeline", roles=[role for role in Role if role is not Role.ACT_AS])

    with pytest.raises(ActAsForbidden, match="requires the act_as role"):
        resolve_actor(replace(a_command(others), requested_name="ada"), in_review=False)


@pytest.mark.parametrize("named", [None, "pipeline", "PIPELINE"])
def test_whoever_names_nobody_else_speaks_for_themselves(named: str | None) -> None:
    """One's own name, however it is written, is no other's."""
    command = resolve_actor(replace(a_command(SPEAKER), requested_name=named), in_review=True)

    assert command.on_behalf_of is None
    assert command.identities == (SPEAKER.identity,)


def test_both_humans_are_behind_what_is_said_for_another() -> None:
    """Neither the person spoken for nor the speaker may review it afterwards."""
    command = resolve_actor(replace(a_command(SPEAKER), requested_name="Ada"), in_review=False)

    assert command.on_behalf_of == "Ada"
    assert command.identities == (Identity(human="ada"), SPEAKER.identity)
