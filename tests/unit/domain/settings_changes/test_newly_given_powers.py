"""Which roles and groups a change of a user newly gives in a guarded environment."""

from __future__ import annotations

import pytest

from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.settings_changes.newly_given_powers import (
    GUARDED_ROLES,
    find_newly_given_powers,
    groups_in_rules,
)
from tests.support.builders import QA_THEN_DEVOPS, a_policy, a_user

EVERYWHERE = Grant(role=Role.OPERATOR)
HERE = Grant(role=Role.OPERATOR, environment="production")
ELSEWHERE = Grant(role=Role.OPERATOR, environment="staging")
SHOP = Grant(role=Role.OPERATOR, service="shop")
SHOP_HERE = Grant(role=Role.OPERATOR, service="shop", environment="production")
CART_HERE = Grant(role=Role.OPERATOR, service="cart", environment="production")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((EVERYWHERE,), (EVERYWHERE,)),
        ((EVERYWHERE,), (HERE, SHOP_HERE)),
        ((EVERYWHERE,), ()),
        ((HERE,), (HERE, ELSEWHERE)),
        ((SHOP,), (SHOP_HERE,)),
        ((), (ELSEWHERE,)),
    ],
)
def test_narrower_and_other_grants_give_nothing(
    before: tuple[Grant, ...], after: tuple[Grant, ...]
) -> None:
    """What a user had already, and what applies elsewhere only, gives nothing new."""
    assert given(before, after) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (EVERYWHERE,)),
        ((), (SHOP_HERE,)),
        ((ELSEWHERE,), (EVERYWHERE,)),
        ((SHOP_HERE,), (HERE,)),
        ((SHOP_HERE,), (CART_HERE,)),
        ((SHOP_HERE, CART_HERE), (HERE,)),
        ((Grant(role=Role.REVIEWER),), (Grant(role=Role.REVIEWER), HERE)),
    ],
)
def test_wider_grants_are_given_anew(before: tuple[Grant, ...], after: tuple[Grant, ...]) -> None:
    """A grant for more services, or here instead of elsewhere, is new."""
    assert given(before, after) == ("operator",)


@pytest.mark.parametrize("role", Role)
def test_only_roles_that_decide_on_deployments_are_guarded(role: Role) -> None:
    """Requesters, viewers and auditors bring nothing to an environment."""
    assert given((), (Grant(role=role),)) == ((role.value,) if role in GUARDED_ROLES else ())


def test_groups_count_if_rules_name_them() -> None:
    """Other groups have no effect."""
    after = a_user(groups=("qa", "readers"))

    assert find_newly_given_powers(a_user(), after, "production", {"qa"}) == ("group:qa",)
    assert find_newly_given_powers(after, after, "production", {"qa"}) == ()
    assert find_newly_given_powers(None, after, "production", {"qa"}) == ("group:qa",)


def test_enabling_a_user_gives_everything_anew() -> None:
    """A disabled user keeps grants and groups, but they have no effect."""
    user = a_user(grants=(HERE,), groups=("qa",))
    disabled = a_user(grants=(HERE,), groups=("qa",), disabled=True)

    assert find_newly_given_powers(disabled, user, "production", {"qa"}) == ("operator", "group:qa")
    assert find_newly_given_powers(user, disabled, "production", {"qa"}) == ()
    assert find_newly_given_powers(a_user(disabled=True), disabled, "production", {"qa"}) == (
        "operator",
        "group:qa",
    )


def test_groups_of_all_stages_are_found() -> None:
    """The groups are those of every rule of every policy."""
    assert groups_in_rules([QA_THEN_DEVOPS, a_policy()]) == {"qa", "devops"}


def given(before: tuple[Grant, ...], after: tuple[Grant, ...]) -> tuple[str, ...]:
    return find_newly_given_powers(a_user(grants=before), a_user(grants=after), "production", ())
