"""Whom actors count as, who else could have acted, and whether two of them are independent."""

import pytest

from gatepost_domain.access.credential_provenance import (
    Identity,
    Means,
    added_provenance,
    are_independent,
    build_identity,
    may_be_same_human,
    shared_provenance,
)
from gatepost_domain.access.users import UserKind, identity_of
from tests.support.builders import a_token, a_user

OWNER = Identity(humans=("owner",))
BY_OWNER = {"owner": Means.ACCOUNT}


def person(name: str, **provenance: Means) -> Identity:
    return Identity(humans=(name,), provenance=provenance)


def test_later_origins_say_how_somebody_can_have_acted() -> None:
    """Whoever created an account and then sent its invitation counts as the sender."""
    account, invitation = Identity(provenance=BY_OWNER), person("x", owner=Means.INVITATION)

    assert build_identity(["ada"], account, None, invitation) == person(
        "ada", owner=Means.INVITATION
    )


def test_nobody_is_in_their_own_provenance() -> None:
    """The system and the person themselves are nobody else."""
    origin = Identity(provenance={"ada": Means.RESET, "system": Means.ACCOUNT} | BY_OWNER)

    assert build_identity(["ada", "system"], origin) == person("ada", owner=Means.ACCOUNT)


def test_provenance_covers_everybody_behind_the_giver() -> None:
    """Whoever could have acted as the giver could have used what they gave, by the same means."""
    giver = person("bo", owner=Means.ACCOUNT)

    assert added_provenance(giver, Means.INVITATION) == {
        "bo": Means.INVITATION,
        "owner": Means.INVITATION,
    }
    assert added_provenance(Identity(humans=("system",)), Means.RESET) == {}


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (OWNER, OWNER, {}),
        (OWNER, person("ada"), {}),
        (OWNER, person("ada", owner=Means.RESET), {Means.RESET: ("owner",)}),
        (person("ada", owner=Means.RESET), OWNER, {Means.RESET: ("owner",)}),
        (
            person("ada", owner=Means.RESET),
            person("bo", owner=Means.ACCOUNT),
            {Means.RESET: ("owner",)},
        ),
        (
            person("ada", owner=Means.RESET, root=Means.ACCOUNT),
            person("root", owner=Means.ACCOUNT),
            {Means.RESET: ("owner",), Means.ACCOUNT: ("root",)},
        ),
    ],
)
def test_people_share_whoever_could_have_acted_as_both(
    one: Identity, other: Identity, shared: dict[Means, tuple[str, ...]]
) -> None:
    """The provenance of the first says how; the same human is not dependent on themselves."""
    assert shared_provenance(one, other) == shared
    assert are_independent(one, other) is (not shared and not may_be_same_human(one, other))


def test_person_counts_as_themselves_whoever_issued_the_token() -> None:
    """The issuer of a person's token could have used it, but is somebody else."""
    token = a_token("ada", issuer="Owner", origin=person("x", root=Means.INVITATION))

    assert identity_of(a_user("Ada"), token) == person(
        "ada", owner=Means.ACCOUNT, root=Means.INVITATION
    )


def test_service_account_counts_as_everybody_who_made_it_and_issued_its_token() -> None:
    """These people can never review what it requests."""
    robot = a_user(
        "robot", kind=UserKind.SERVICE, human="bo", origin=person("bo", root=Means.RESET)
    )
    token = a_token("robot", issuer="carl", origin=Identity(humans=("carl", "dora")))

    assert identity_of(robot, token) == Identity(
        humans=("bo", "carl", "dora"), provenance={"root": Means.RESET}
    )


def test_service_account_of_the_terminal_counts_as_itself() -> None:
    """The server's terminal is nobody's."""
    robot = a_user("robot", kind=UserKind.SERVICE, human="robot")

    assert identity_of(robot, a_token("robot", issuer="system")) == person("robot")
