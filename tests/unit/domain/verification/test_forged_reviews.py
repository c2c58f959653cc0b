"""Forged approvals, overrides and emergencies are found and named, although every hash is right."""

import copy
from typing import Final

import pytest

from gatepost_domain.verification.approval_rules import consent_digest
from gatepost_domain.verification.deployment_history import check_history
from tests.support.domain.forged_histories import (
    EVENTS,
    NO_ISSUER,
    Events,
    Forgery,
    approved,
    assert_causes_its_fault,
    emergency,
    genuine,
    insert_copy,
    overridden,
    pair,
    remove,
    set_data,
    set_gate,
    set_in,
    succeeded,
    without_stages,
)
from tests.support.domain.recorded_histories import relink


def rewrite_request(events: Events) -> None:
    """Change the requested version, and the digest with it."""
    events[0]["data"]["version"] = "9.9.9"
    events[0]["data"]["digest"] = consent_digest(events[0]["data"])


def swap_stages(events: Events) -> None:
    """Let devops approve before qa."""
    for name in ("actor", "stage", "data"):
        events[1][name], events[2][name] = events[2][name], events[1][name]


FORGERIES: Final = {
    "risk rewritten": Forgery(
        code="consent_digest_wrong",
        field="data",
        story=without_stages,
        forge=set_data(0, risk="None at all."),
        table=EVENTS,
    ),
    "approval of other content": Forgery(
        code="approval_of_other_content",
        field="approvals",
        story=succeeded,
        forge=set_data(1, digest="00" * 32),
    ),
    "approval under another policy": Forgery(
        code="approval_policy_version_wrong",
        field="policy_version",
        story=succeeded,
        forge=set_data(1, policy_version=2),
    ),
    "approval that names no policy version": Forgery(
        code="approval_policy_version_wrong",
        field="policy_version",
        story=without_stages,
        forge=lambda events: events[1]["data"].clear(),
    ),
    "stages in the wrong order": Forgery(
        code="approval_stage_wrong", field="approvals", story=succeeded, forge=swap_stages
    ),
    "stage that the policy does not have": Forgery(
        code="approval_stage_wrong",
        field="approvals",
        story=succeeded,
        forge=set_in(2, stage="security"),
    ),
    "last approval removed": Forgery(
        code="review_incomplete",
        field="approvals",
        story=succeeded,
        forge=lambda events: (remove(2)(events), set_in(1, to_status="approved")(events)),
    ),
    "approval of several removed": Forgery(
        code="review_incomplete", field="approvals", story=pair, forge=remove(1)
    ),
    "complete review that stays pending": Forgery(
        code="approval_left_pending",
        field="status",
        story=approved,
        forge=set_in(2, to_status="pending_approval"),
    ),
    "approval by no rule": Forgery(
        code="approval_not_eligible",
        field="approvals",
        story=succeeded,
        forge=set_data(1, rules=[]),
    ),
    "approval by a rule that does not exist": Forgery(
        code="approval_not_eligible",
        field="approvals",
        story=succeeded,
        forge=set_data(1, rules=[1]),
    ),
    "approval without the group": Forgery(
        code="approval_not_eligible",
        field="approvals",
        story=succeeded,
        forge=set_data(1, groups=[]),
    ),
    "approval in the name of another user": Forgery(
        code="approval_not_eligible",
        field="approvals",
        story=pair,
        forge=set_data(2, rules=[0, 1]),
    ),
    "approval by the requester": Forgery(
        code="approval_by_requester",
        field="approvals",
        story=succeeded,
        forge=set_data(1, identity={"human": "ada", **NO_ISSUER}),
    ),
    "approval with a token of the requester": Forgery(
        code="approval_by_requester",
        field="approvals",
        story=succeeded,
        forge=set_data(1, identity={"human": "quinn", "issuer": "ada"}),
    ),
    "approval by the requester without identity": Forgery(
        code="approval_by_requester",
        field="approvals",
        story=succeeded,
        forge=lambda events: (
            events[1]["data"].pop("identity"),
            set_in(1, actor="ADA")(events),
        ),
    ),
    "approval in the name of the person acted for": Forgery(
        code="approval_by_requester",
        field="approvals",
        story=succeeded,
        forge=lambda events: (
            set_in(0, on_behalf_of="quinn")(events),
            set_data(0, requester="quinn", identities=[{"human": "quinn", **NO_ISSUER}])(events),
        ),
    ),
    "two approvals by one human": Forgery(
        code="approval_repeated",
        field="approvals",
        story=succeeded,
        forge=set_data(2, identity={"human": "quinn", **NO_ISSUER}),
    ),
    "two approvals with one person's tokens": Forgery(
        code="approval_repeated",
        field="approvals",
        story=succeeded,
        forge=set_data(2, identity={"human": "dora", "issuer": "quinn"}),
    ),
    "approval by a person instead of the policy": Forgery(
        code="policy_approval_not_by_system",
        field="actor",
        story=without_stages,
        forge=set_in(1, actor="ada"),
        table=EVENTS,
    ),
    "approval by a policy that has stages": Forgery(
        code="policy_requires_approval",
        field="approvals",
        story=succeeded,
        forge=lambda events: (
            remove(1)(events),
            set_in(1, stage=None, actor="system", data={"policy_version": 1})(events),
        ),
    ),
    "break-glass without an incident": Forgery(
        code="break_glass_without_reason",
        field="break_glass",
        story=emergency,
        forge=set_data(1, incident=""),
    ),
    "closed gate": Forgery(
        code="gate_not_open",
        field="data",
        story=succeeded,
        forge=set_gate(3, "freeze", state="waiting", code="frozen"),
        table=EVENTS,
    ),
    "override removed": Forgery(
        code="gate_override_missing", field="overrides", story=overridden, forge=remove(3)
    ),
    "override of another code": Forgery(
        code="gate_override_missing",
        field="overrides",
        story=overridden,
        forge=set_data(3, code="frozen"),
    ),
    "overridden approval without break-glass": Forgery(
        code="gate_override_missing",
        field="overrides",
        story=succeeded,
        forge=set_gate(3, "approval", state="overridden", code="broke_glass"),
    ),
    "override of the lane": Forgery(
        code="gate_not_overridable",
        field="overrides",
        story=overridden,
        forge=insert_copy(3, 4, data={"gate": "lane", "code": "lane_busy"}),
    ),
    "after-review by who broke the glass": Forgery(
        code="after_review_by_breaker",
        field="after_review_closed_by",
        story=emergency,
        forge=set_data(4, identity={"human": "eve", **NO_ISSUER}),
    ),
    "after-review by the requester": Forgery(
        code="after_review_by_requester",
        field="after_review_closed_by",
        story=emergency,
        forge=set_data(4, identity={"human": "ada", **NO_ISSUER}),
    ),
    "second after-review": Forgery(
        code="after_review_not_open",
        field="after_review_state",
        story=emergency,
        forge=insert_copy(4, 5),
    ),
    "after-review without break-glass": Forgery(
        code="after_review_not_open",
        field="after_review_state",
        story=succeeded,
        forge=insert_copy(
            4, 5, kind="after_reviewed", from_status="succeeded", data={"verdict": "justified"}
        ),
    ),
    "overdue after-review that was closed": Forgery(
        code="after_review_not_open",
        field="after_review_state",
        story=emergency,
        forge=insert_copy(3, 5),
    ),
    "after-review that was not due": Forgery(
        code="after_review_not_due",
        field="after_review_state",
        story=emergency,
        forge=set_data(1, after_review_due_at="2027-01-01T00:00:00.000000Z"),
    ),
    "unknown verdict": Forgery(
        code="after_review_verdict_unknown",
        field="after_review_verdict",
        story=emergency,
        forge=set_data(4, verdict="excellent"),
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_causes_exactly_its_fault(name: str) -> None:
    """The fault names the deployment and the field."""
    assert_causes_its_fault(FORGERIES[name])


def test_request_rewritten_with_its_digest_is_found_by_its_approvals() -> None:
    """Every approval was given for the content before."""
    events, policy = copy.deepcopy(genuine(succeeded))
    rewrite_request(events)

    faults = check_history(relink(events), policy, number=1).faults

    assert [fault.code for fault in faults] == ["approval_of_other_content"] * 2
