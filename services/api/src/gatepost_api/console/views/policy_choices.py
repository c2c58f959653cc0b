"""The choices offered in the policy form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_api.console.views.catalog_choices import load_users
from gatepost_api.console.views.people_overview import load_groups
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.roles import ROLES_WITH, Right
from gatepost_domain.access.users import User, UserKind

CHOICES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "independent_reviewers": (
        ("marked", "Allow and flag permanently"),
        ("required", "Refuse"),
    ),
    "execution": (
        ("operator", "Operators, who report the result"),
        ("worker", "Workers, from a queue"),
    ),
    "lane": (
        ("queue", "Queue, and start one at a time"),
        ("supersede", "Cancel older ones when a newer one starts"),
        ("reject", "Refuse to start one while another is in progress"),
    ),
    "requires_mode": (("all", "All of them"), ("any", "Any of them")),
    "accept_records": (
        ("none", "None"),
        ("operators", "By an independent operator"),
        ("any", "All, including the requester's"),
    ),
    "rollback_approvals": (
        ("same", "The same approvals"),
        ("none", "None, if the version was reviewed"),
    ),
}
"""The values and texts of each select field, by field name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvers:
    """The groups and people that an approval rule can name."""

    groups: Sequence[tuple[str, str]]
    """Pairs of a value such as `group:qa` and a text that names the members."""
    people: Sequence[tuple[str, str]]

    def values(self) -> list[str]:
        """Return the values of all groups and people, such as `group:qa` and `user:ada`."""
        return [value for value, _ in (*self.groups, *self.people)]


async def load_approvers(request: ApiRequest, environment: str) -> Approvers:
    """Return the groups, and the people who may review in the environment."""
    users = await load_users(request.context.reads)
    reviewers = [user for user in users if _may_review(user, environment)]
    names = {user.name for user in reviewers}
    groups = [
        (group.name, sum(name in names for name in group.members))
        for group in await load_groups(request, users)
    ]
    return Approvers(
        groups=[
            (f"group:{name}", f"{name} ({_format_reviewer_count(count)})") for name, count in groups
        ],
        people=[(f"user:{user.name}", user.name) for user in reviewers],
    )


def _format_reviewer_count(count: int) -> str:
    return "1 reviewer" if count == 1 else f"{count} reviewers"


def _may_review(user: User, environment: str) -> bool:
    return (
        user.kind is UserKind.HUMAN
        and not user.disabled
        and any(
            grant.role in ROLES_WITH[Right.REVIEW] and grant.environment in {None, environment}
            for grant in user.grants
        )
    )
