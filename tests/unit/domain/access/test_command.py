"""Resolving the actor of a command, and acting on behalf of another person."""

from dataclasses import replace

import pytest

from gatepost_domain.access.command import resolve_actor
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.errors import ActAsForbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import User, UserKind
from gatepost_domain.errors import ValidationFailed
from tests.support.builders import a_command, a_user, an_actor

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
    speaking = replace(a_command(SPEAKER), requested_name="ADA", requested_user=a_user("ada"))

    command = resolve_actor(speaking, in_review=False)

    assert command.on_behalf_of == "ada"
    assert command.identities == (Identity(humans=("ada",)), SPEAKER.identity)


def test_person_with_a_former_name_counts_as_the_same_human_as_before() -> None:
    """Deployments are recorded under the new name, and the human stays the same."""
    person = a_user("zo-", former_name="Zoë", human="zoë")
    speaking = replace(a_command(SPEAKER), requested_name="Zoë", requested_user=person)

    command = resolve_actor(speaking, in_review=False)

    assert command.on_behalf_of == "zo-"
    assert command.identities[0] == Identity(humans=("zoë",))


@pytest.mark.parametrize(
    ("user", "cure"),
    [
        (None, "an admin can add them"),
        (a_user("robot", kind=UserKind.SERVICE), "name the person"),
        (a_user("ada", disabled=True), "an admin can enable them"),
    ],
)
def test_only_known_and_enabled_people_can_be_spoken_for(user: User | None, cure: str) -> None:
    """The refusal names the field of the body, and what to do."""
    speaking = replace(
        a_command(SPEAKER),
        requested_name="somebody",
        requested_user=user,
        requested_in="requester",
    )

    with pytest.raises(ValidationFailed, match=cure) as refused:
        resolve_actor(speaking, in_review=False)

    assert (refused.value.code, refused.value.errors[0].field) == ("unknown_user", "requester")
