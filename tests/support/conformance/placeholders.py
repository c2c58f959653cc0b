"""The services, deployments, tokens, freezes and claims that the conformance tests name.

In the application in this process they have exactly these names and ids. On a running server they
are placeholders for records with other names and ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from gatepost_domain.status_transitions import Action, Status

SERVICES: Final = [f"shop-{number}" for number in range(24)]
SPARE_SERVICES: Final = ["spare-1", "spare-2"]
STATUSES: Final = (
    Status.SUCCEEDED,
    Status.FAILED,
    Status.ROLLED_BACK,
    Status.REJECTED,
    Status.CANCELLED,
    Status.QUEUED,
    Status.PENDING_APPROVAL,
    Status.APPROVED,
)
"""The statuses of an idle service's deployments; the approved one is the newest and can start."""

DEPLOYMENTS: Final = [
    *((service, status) for service in SERVICES[:12] for status in STATUSES),
    *((service, Status.STARTED) for service in SERVICES[12:]),
]
"""The deployments of the application: service and status of DEP-1, DEP-2 and so on."""


def numbers_with(status: Status) -> list[str]:
    """Return the numbers of the deployments that have this status at the start."""
    return [
        f"DEP-{number}"
        for number, (_, deployment_status) in enumerate(DEPLOYMENTS, start=1)
        if deployment_status is status
    ]


ALLOWING: Final[Mapping[str, list[str]]] = {
    Action.APPROVE: numbers_with(Status.PENDING_APPROVAL)[::5],
    Action.REJECT: numbers_with(Status.PENDING_APPROVAL)[1::5],
    Action.BREAK_GLASS: numbers_with(Status.PENDING_APPROVAL)[2::5],
    "close_after_review": numbers_with(Status.PENDING_APPROVAL)[3::5],  # approved by break-glass
    "withdraw_approval": numbers_with(Status.PENDING_APPROVAL)[4::5],  # approved by the caller
    Action.CANCEL: numbers_with(Status.QUEUED),
    Action.START: numbers_with(Status.APPROVED),
    Action.SUCCEED: numbers_with(Status.STARTED)[::2],
    Action.FAIL: numbers_with(Status.STARTED)[1::2],
    Action.ROLLBACK: numbers_with(Status.SUCCEEDED)[::2] + numbers_with(Status.FAILED),
    Action.PROMOTE: numbers_with(Status.SUCCEEDED)[1::2],
    "hide": [f"DEP-{len(DEPLOYMENTS) + number}" for number in range(1, 13)],  # records
    "override_gate": [f"DEP-{len(DEPLOYMENTS) + number}" for number in range(13, 19)],  # frozen
}
"""Deployments that allow an action; no other action is tried on them."""

SERVICE_ACCOUNT: Final = "robot"
"""A service account, for which the owner can create tokens."""
NEWCOMER: Final = "newcomer"
"""A person without credentials, who can be invited and reset."""

TOKENS: Final = [UUID(int=(7 << 76) + (1 << 48) + number) for number in range(9)]
"""Tokens of ada that no test uses to sign in."""

FREEZES: Final = [UUID(int=(7 << 76) + (2 << 48) + number) for number in range(9)]
"""Freezes that affect no deployment and can be lifted."""

CLAIMS: Final = [UUID(int=(7 << 76) + (3 << 48) + number) for number in range(3)]
"""Claims to renew, to report steps for and to finish, with the fencing tokens 1, 2 and 3."""
