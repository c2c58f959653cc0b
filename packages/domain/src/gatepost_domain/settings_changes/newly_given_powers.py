"""Finding the roles and groups that a change to a user newly gives in an environment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from gatepost_domain.access.roles import Grant, Right, roles_with_any
from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import Policy

GUARDED_ROLES: Final = roles_with_any(
    Right.REVIEW, Right.OPERATE, Right.OVERRIDE, Right.BREAK_GLASS, Right.CONFIGURE
)
"""The roles with which a user can bring changes into an environment, or decide on them."""


def groups_in_rules(policies: Iterable[Policy]) -> frozenset[str]:
    """Return the groups named in the policies' approval rules."""
    return frozenset(
        rule.group
        for policy in policies
        for stage in policy.approval_stages
        for rule in stage.rules
        if rule.group is not None
    )


def find_newly_given_powers(
    before: User | None, after: User, environment: str, groups: Collection[str]
) -> tuple[str, ...]:
    """Return the roles and groups that `after` has in an environment but `before` did not.

    `groups` are those named in the environment's approval rules. Enabling a disabled user newly
    gives everything they have. Roles and groups given to a disabled user also count.
    """
    enabled_anew = before is not None and before.disabled and not after.disabled
    known = None if enabled_anew else before
    known_grants = () if known is None else known.grants
    known_groups = () if known is None else known.groups
    roles = dict.fromkeys(
        str(grant.role)
        for grant in after.grants
        if grant.role in GUARDED_ROLES
        and grant.environment in {None, environment}
        and not any(_includes(other, grant, environment) for other in known_grants)
    )
    added = (group for group in after.groups if group in groups and group not in known_groups)
    return (*roles, *dict.fromkeys(f"group:{group}" for group in added))


def _includes(known: Grant, grant: Grant, environment: str) -> bool:
    """Return whether one grant gives, in an environment, everything that another gives there."""
    return (
        known.role is grant.role
        and known.service in {None, grant.service}
        and known.environment in {None, environment}
    )
