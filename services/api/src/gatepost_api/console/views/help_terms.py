"""The terms that the help page explains. docs/glossary.md defines them for all of Gatepost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term and what it means."""

    name: str
    meaning: str

    @property
    def anchor(self) -> str:
        """The id of the term on the page."""
        return self.name.lower().replace(" ", "-")


TERMS: Final[Mapping[str, Sequence[Term]]] = {
    "Basics": (
        Term(
            name="Environment",
            meaning="Where versions run, such as test or production.",
        ),
        Term(
            name="Tier",
            meaning="The kind of an environment: development, test, staging or production. The "
            "tier, not the name, determines whether production rules apply.",
        ),
        Term(
            name="Target",
            meaning="How one service is rolled out to one environment, and checked there.",
        ),
        Term(
            name="Record",
            meaning="A deployment made outside Gatepost and entered afterwards.",
        ),
    ),
    "Approval": (
        Term(
            name="Policy",
            meaning="The rules of an environment: required approvals, prerequisites and who "
            "deploys. A request keeps the version of the policy that it was created with.",
        ),
        Term(
            name="Stage",
            meaning="One step of the review, such as qa. Once it is satisfied, the next stage "
            "opens.",
        ),
        Term(
            name="Four-eyes rule",
            meaning="No one can approve their own request, and each person's approval counts once.",
        ),
        Term(
            name="Dependent",
            meaning="An approval is dependent (not independent) if one person may control both "
            "accounts: the requester or another reviewer created, invited or reset the approver's "
            "account, or a third person did so for both. The approval is flagged, or refused if "
            "the policy says so.",
        ),
    ),
    "When a deployment may start": (
        Term(
            name="Gate",
            meaning="A condition for starting a deployment. A deployment starts only when all its "
            "gates are open: approval, promotion, soak, freeze, lane, order and break-glass "
            "review.",
        ),
        Term(
            name="Lane",
            meaning="One service in one environment. Only one deployment at a time is in progress "
            "there.",
        ),
        Term(
            name="Order",
            meaning="An older request of a lane cannot start once a newer one has started there.",
        ),
        Term(
            name="Promotion",
            meaning="Requesting the same version in the next environment, manually or "
            "automatically after a success.",
        ),
        Term(
            name="Soak",
            meaning="How long a version has to be live in an earlier environment, without "
            "interruption, before it may be deployed to the next.",
        ),
        Term(
            name="Freeze",
            meaning="A period in which deployments in its scope do not start. Running "
            "deployments continue, and rollbacks are allowed.",
        ),
        Term(
            name="Hold",
            meaning="Pauses automatic promotion to a target after someone deployed another "
            "version manually, until the hold is released.",
        ),
        Term(
            name="Worker",
            meaning="Runs deployments in environments whose policy lets workers deploy. "
            "Elsewhere, an operator deploys and reports the outcome.",
        ),
    ),
    "In an emergency": (
        Term(
            name="Override",
            meaning="Bypassing one closed gate of one deployment, with a reason that is recorded "
            "permanently. Approval can be bypassed only with break-glass, and a busy lane not at "
            "all.",
        ),
        Term(
            name="Break-glass",
            meaning="Approving a deployment without its reviewers, with a reason and an incident. "
            "It is recorded permanently and reviewed afterwards.",
        ),
        Term(
            name="Break-glass review",
            meaning="The review that follows break-glass. While such a review is overdue, "
            "break-glass and automatic promotion are not available in the environment.",
        ),
    ),
}
"""The terms by subject."""
