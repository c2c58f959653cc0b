"""The role table of docs/operating.md agrees with the domain's table of rights."""

from pathlib import Path
from typing import Final

import pytest

from gatepost_domain.access.roles import EVERYBODY, ROLES_WITH, Right, Role

GUIDE: Final = Path(__file__).resolve().parents[2] / "docs/operating.md"

PHRASES: Final = {
    Right.READ: "read everything",
    Right.OWN_TOKENS: "manage their own tokens",
    Right.OWN_NOTIFICATIONS: "manage their own notification channels",
    Right.REGISTER: "register services and versions",
    Right.CHANGE_SERVICE: "edit services",
    Right.ARCHIVE: "archive and unarchive services",
    Right.REQUEST: "request, preview and promote deployments",
    Right.REVIEW: "approve and reject deployments and close after-reviews",
    Right.OPERATE: "start deployments, report their outcome and roll them back",
    Right.CANCEL_OWN: "cancel their own deployments that have not started",
    Right.CANCEL: "cancel other people's deployments that have not started",
    Right.CONFIGURE: "configure environments and policies",
    Right.CONFIGURE_TARGET: "configure targets",
    Right.MANAGE_PEOPLE: "manage users, their invitations and their tokens",
    Right.MANAGE_NOTIFICATIONS: "manage notification channels",
    Right.MANAGE_WEBHOOKS: "manage webhooks",
    Right.ACT_AS: "act on behalf of another user, except in reviews",
    Right.CARRY_OUT: "claim queued deployments and report their progress and outcome",
    Right.FREEZE: "impose and lift freezes",
    Right.INCIDENT: "report, resolve and link incidents",
    Right.OVERRIDE: "override gates",
    Right.BREAK_GLASS: "break glass",
    Right.UNBLOCK: "unblock versions that were rolled back",
    Right.RELEASE: "release holds on automatic promotion",
    Right.RECORD: "record deployments made elsewhere",
    Right.IMPORT: "import deployment history",
    Right.HIDE: "hide records",
    Right.RETIRE: "retire targets",
    Right.RETIRE_IN_THE_PAST: "retire targets as of a past time",
    Right.AUDIT: "verify and export the record, and get checkpoints and proofs",
}
"""The phrase that the guide uses for each right."""

EVERYBODY_SIGNED_IN: Final = "every signed-in user"
NOTHING_MORE: Final = "none beyond the first row"


def role_table(text: str) -> list[tuple[str, list[str]]]:
    """Return the rows of the role table in order: each role and the phrases of its rights."""
    _, _, rest = text.partition("\n| role | rights |\n|---|---|\n")
    rows = [line.strip("| ").split(" | ") for line in rest.partition("\n\n")[0].splitlines()]
    return [(role.strip("`"), rights.split("; ")) for role, rights in rows]


def expected_phrases(role: Role) -> list[str]:
    """Return the phrases of the rights that this role grants but not every role does."""
    rights = [right for right, roles in ROLES_WITH.items() if role in roles and roles != EVERYBODY]
    return sorted(PHRASES[right] for right in rights) or [NOTHING_MORE]


def test_every_right_has_one_phrase() -> None:
    """`PHRASES` has a phrase for each right, and no two rights share one."""
    assert set(PHRASES) == set(Right)
    assert len(set(PHRASES.values())) == len(PHRASES)


def test_the_first_row_lists_the_rights_of_everybody() -> None:
    """The rights that every role has are stated only once, as those of every signed-in user."""
    shared = [PHRASES[right] for right, roles in ROLES_WITH.items() if roles == EVERYBODY]

    role, phrases = role_table(GUIDE.read_text("utf-8"))[0]

    assert role == EVERYBODY_SIGNED_IN
    assert sorted(phrases) == sorted(shared)


def test_the_table_has_one_row_for_each_role() -> None:
    """The table has no missing, repeated or unknown role."""
    roles = [role for role, _ in role_table(GUIDE.read_text("utf-8"))[1:]]

    assert sorted(roles) == sorted(Role)


@pytest.mark.parametrize("role", Role)
def test_a_role_has_exactly_the_rights_of_the_domain(role: Role) -> None:
    """The guide lists exactly the rights that the domain grants."""
    table = dict(role_table(GUIDE.read_text("utf-8")))

    assert sorted(table[role]) == expected_phrases(role)
