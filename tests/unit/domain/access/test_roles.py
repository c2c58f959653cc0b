"""Roles, limited grants and token scopes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import ROLES_WITH, Grant, Right, Role
from gatepost_domain.access.users import Token, User, UserKind, to_actor
from tests.support.builders import NOON, an_actor, an_id


@pytest.mark.parametrize("right", Right)
def test_every_right_is_in_the_table(right: Right) -> None:
    """Every right is granted by at least one role."""
    assert ROLES_WITH[right]


def test_admin_role_does_not_include_review() -> None:
    """An admin cannot approve deployments without the reviewer role."""
    assert Role.ADMIN not in ROLES_WITH[Right.REVIEW]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_role_has_exactly_the_rights_of_the_table(role: Role, right: Right) -> None:
    """A role grants the rights listed in the table and no others."""
    actor = an_actor(roles=[role])

    if role in ROLES_WITH[right]:
        authorize(actor, right, service="shop", environment="production")
    else:
        with pytest.raises(Forbidden) as refusal:
            authorize(actor, right, service="shop", environment="production")
        assert set(refusal.value.roles) == ROLES_WITH[right]


@pytest.mark.parametrize(
    ("grant", "where", "holds"),
    [
        (Grant(role=Role.OPERATOR), ("shop", "production"), True),
        (Grant(role=Role.OPERATOR), (None, None), True),
        (Grant(role=Role.OPERATOR, service="shop"), ("shop", "production"), True),
        (Grant(role=Role.OPERATOR, service="shop"), ("cart", "production"), False),
        (Grant(role=Role.OPERATOR, service="shop"), (None, None), False),
        (Grant(role=Role.OPERATOR, environment="test"), ("shop", "test"), True),
        (Grant(role=Role.OPERATOR, environment="test"), ("shop", "production"), False),
        (Grant(role=Role.OPERATOR, service="shop", environment="test"), ("shop", "test"), True),
        (Grant(role=Role.OPERATOR, service="shop", environment="test"), ("cart", "test"), False),
    ],
)
def test_limited_grant_applies_only_where_it_is_limited_to(
    grant: Grant, where: tuple[str | None, str | None], *, holds: bool
) -> None:
    """A grant limited to a service or environment gives no rights elsewhere."""
    assert grant.covers(*where) is holds


@pytest.mark.parametrize("right", [Right.OPERATE, Right.REQUEST])
@pytest.mark.parametrize("service", [None, "shop"])
@pytest.mark.parametrize("environment", [None, "test"])
@pytest.mark.parametrize("of_service", [None, "shop", "cart"])
@pytest.mark.parametrize("of_environment", [None, "test", "production"])
def test_actor_may_somewhere_what_they_may_in_some_place(
    right: Right,
    service: str | None,
    environment: str | None,
    of_service: str | None,
    of_environment: str | None,
) -> None:
    """An actor has a right somewhere exactly if there is a place in which they have it."""
    grant = Grant(role=Role.OPERATOR, service=service, environment=environment)
    actor = replace(an_actor(), grants=(grant,))
    places = [
        (one, other)
        for one in ("shop", "cart")
        for other in ("test", "production")
        if of_service in {None, one} and of_environment in {None, other}
    ]

    expected = any(actor.may(right, service=one, environment=other) for one, other in places)
    assert actor.may_somewhere(right, service=of_service, environment=of_environment) is expected


GRANTS = st.builds(
    Grant,
    role=st.sampled_from([Role.REQUESTER, Role.REVIEWER]),
    service=st.sampled_from([None, "shop", "cart"]),
    environment=st.sampled_from([None, "test", "production"]),
)
PLACES = [
    (service, environment)
    for service in ("shop", "cart", None)
    for environment in ("test", "production", None)
]


@given(granted=st.lists(GRANTS, max_size=3), scopes=st.lists(GRANTS, min_size=1, max_size=3))
def test_token_scope_is_the_intersection_with_the_grants(
    granted: list[Grant], scopes: list[Grant]
) -> None:
    """A scoped token permits only what its user's grants and its own scopes both allow."""
    user = User(
        name="ci",
        kind=UserKind.SERVICE,
        human="ada",
        grants=tuple(granted),
        groups=(),
        disabled=False,
        created_at=NOON,
        created_by="ada",
        revision=1,
    )
    token = Token(
        id=an_id(),
        user="ci",
        issuer="ada",
        digest="0" * 64,
        label=None,
        scopes=tuple(scopes),
        created_at=NOON,
        expires_at=None,
        last_used_at=None,
        revoked_at=None,
    )

    confined = to_actor(user, token)

    for right in (Right.REQUEST, Right.REVIEW):
        roles = ROLES_WITH[right]
        for where in PLACES:
            both = any(grant.role in roles and grant.covers(*where) for grant in granted) and any(
                scope.role in roles and scope.covers(*where) for scope in scopes
            )
            may = confined.may(right, service=where[0], environment=where[1])
            assert may is both
