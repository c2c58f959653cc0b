"""Forged histories, whose hashes and links were all recomputed, are found and named."""

import copy
from typing import Final

import pytest

from gatepost_domain.verification.deployment_history import check_history
from tests.support.domain.forged_histories import (
    EVENTS,
    Forgery,
    approved,
    assert_causes_its_fault,
    by_worker,
    emergency,
    genuine,
    imported,
    insert_copy,
    overridden,
    recorded,
    rejected,
    remove,
    set_data,
    set_in,
    succeeded,
    without_stages,
)
from tests.support.domain.promotion import deploy, promotion_ledger
from tests.support.domain.recorded_histories import history_of, policy_of, relink

FORGERIES: Final = {
    "request removed": Forgery(
        code="first_event_wrong", field="kind", story=rejected, forge=remove(0), table=EVENTS
    ),
    "request with another status": Forgery(
        code="first_event_wrong",
        field="kind",
        story=approved,
        forge=lambda events: (
            set_in(0, to_status="approved")(events),
            [events.pop() for _ in events[1:]],
        ),
        table=EVENTS,
    ),
    "second request": Forgery(
        code="begun_twice", field="kind", story=approved, forge=insert_copy(0, 1), table=EVENTS
    ),
    "event of another deployment": Forgery(
        code="event_of_another_deployment",
        field="deployment_id",
        story=succeeded,
        forge=set_in(4, deployment_id="018f0000-0000-7000-8000-000000000000"),
        table=EVENTS,
    ),
    "link to another event": Forgery(
        code="deployment_link_broken",
        field="deployment_prev_hash",
        story=succeeded,
        forge=set_in(4, deployment_prev_hash="ab" * 32),
        table=EVENTS,
        links_kept=True,
    ),
    "link to another event of the log": Forgery(
        code="link_broken",
        field="prev_hash",
        story=succeeded,
        forge=set_in(4, prev_hash="ab" * 32),
        table=EVENTS,
        links_kept=True,
    ),
    "first event of the log that links to another": Forgery(
        code="link_broken",
        field="prev_hash",
        story=succeeded,
        forge=set_in(0, seq=1, prev_hash="ab" * 32),
        table=EVENTS,
        links_kept=True,
    ),
    "hold of a deployment that has not succeeded": Forgery(
        code="kind_not_allowed",
        field="kind",
        story=approved,
        forge=insert_copy(2, 3, kind="hold_set", from_status=None, to_status=None),
        table=EVENTS,
    ),
    "events out of order": Forgery(
        code="seq_not_rising", field="seq", story=succeeded, forge=set_in(4, seq=1), table=EVENTS
    ),
    "time that goes back": Forgery(
        code="time_went_back",
        field="at",
        story=succeeded,
        forge=set_in(4, at="2026-11-21T11:59:59.999999Z"),
        table=EVENTS,
    ),
    "start removed": Forgery(
        code="status_gap", field="from_status", story=succeeded, forge=remove(3), table=EVENTS
    ),
    "success without a start": Forgery(
        code="move_not_allowed",
        field="to_status",
        story=succeeded,
        forge=lambda events: (remove(3)(events), set_in(3, from_status="approved")(events)),
        table=EVENTS,
    ),
    "event after a rejection": Forgery(
        code="event_after_end",
        field="kind",
        story=rejected,
        forge=insert_copy(
            2, 3, kind="cancelled", from_status="rejected", data={"reason": "withdrawn"}
        ),
        table=EVENTS,
    ),
    "unknown kind": Forgery(
        code="move_not_allowed",
        field="to_status",
        story=succeeded,
        forge=set_in(4, kind="teleported"),
        table=EVENTS,
    ),
    "override after the start": Forgery(
        code="kind_not_allowed",
        field="kind",
        story=overridden,
        forge=insert_copy(3, 5, from_status="started", to_status="started"),
        table=EVENTS,
    ),
    "after-review that changes the status": Forgery(
        code="move_not_allowed",
        field="to_status",
        story=emergency,
        forge=set_in(4, to_status="succeeded"),
        table=EVENTS,
    ),
    "record that is rolled back": Forgery(
        code="kind_not_allowed",
        field="kind",
        story=recorded,
        forge=set_in(1, kind="rolled_back", to_status="rolled_back"),
        table=EVENTS,
    ),
    "deployment that is hidden": Forgery(
        code="kind_not_allowed",
        field="kind",
        story=succeeded,
        forge=insert_copy(4, 5, kind="hidden", from_status="succeeded", note="No."),
        table=EVENTS,
    ),
    "record that is hidden twice": Forgery(
        code="hidden_twice", field="hidden_at", story=recorded, forge=insert_copy(1, 2)
    ),
    "denial that approves": Forgery(
        code="denial_changed_status",
        field="to_status",
        story=rejected,
        forge=lambda events: (remove(2)(events), set_in(1, to_status="approved")(events)),
        table=EVENTS,
    ),
    "import of other numbers": Forgery(
        code="import_of_others",
        field="import_seq",
        story=imported,
        forge=set_data(0, first_number=2, last_number=3),
    ),
    "another number": Forgery(
        code="number_wrong", field="number", story=succeeded, forge=set_data(0, number=2)
    ),
    "record that begins with a request": Forgery(
        code="deployment_kind_wrong",
        field="kind",
        story=succeeded,
        forge=set_data(0, kind="record"),
    ),
    "another version of the policy": Forgery(
        code="policy_version_wrong",
        field="policy_version",
        story=recorded,
        forge=set_data(0, policy_version=2),
    ),
    "attempt left out": Forgery(
        code="attempt_wrong", field="attempt", story=by_worker, forge=set_data(4, attempt=7)
    ),
    "malformed event": Forgery(
        code="event_malformed",
        field="data",
        story=succeeded,
        forge=set_in(4, at=None),
        table=EVENTS,
    ),
    "no events": Forgery(
        code="no_events", field=None, story=succeeded, forge=lambda events: events.clear()
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_causes_exactly_its_fault(name: str) -> None:
    """The fault names the deployment and the field."""
    assert_causes_its_fault(FORGERIES[name])


def test_status_set_in_the_database_is_found_although_no_hash_is_wrong() -> None:
    """A pending request whose row was set to approved is started and succeeds over the API."""
    events, policy = copy.deepcopy(genuine(succeeded))
    del events[1:3]

    judgement = check_history(relink(events), policy, number=1)

    assert [(fault.code, fault.subject, fault.field) for fault in judgement.faults] == [
        ("status_gap", "DEP-1", "from_status"),
        ("review_incomplete", "DEP-1", "approvals"),
    ]
    gap, incomplete = (fault.detail for fault in judgement.faults)
    seq = events[1]["seq"]
    assert gap == (
        f"Event {seq} (started) has the from_status approved; after the previous event, the "
        "status was pending_approval."
    )
    assert incomplete == (
        f"Event {seq} started the rollout, but stage qa has 0 of 1 required approvals, and "
        "break-glass was not used."
    )
    assert judgement.outcome["approvals"] == []


@pytest.mark.parametrize("policy_is_known", [False, True])
def test_start_that_nothing_approved_is_found_without_a_policy(*, policy_is_known: bool) -> None:
    """An environment without stages needs the event that says so."""
    events, policy = copy.deepcopy(genuine(without_stages))
    del events[1]

    faults = check_history(relink(events), policy if policy_is_known else None, number=1).faults

    assert [fault.code for fault in faults] == ["status_gap", "review_incomplete"]


def test_changed_row_differs_from_the_outcome() -> None:
    """The outcome says what each column must be, so a caller can name the changed one."""
    events, policy = genuine(succeeded)

    outcome = check_history(events, policy, number=1).outcome

    assert (outcome["reviewed_by"], outcome["deployed_by"]) == ("dora", "olga")
    assert [approval["actor"] for approval in outcome["approvals"]] == ["quinn", "dora"]
    assert (outcome["status"], outcome["revision"]) == ("succeeded", 5)


def test_request_cannot_claim_what_only_later_events_say() -> None:
    """Additional data of the request does not change what the other events prove."""
    events, policy = copy.deepcopy(genuine(approved))
    expected = check_history(events, policy, number=1).outcome
    claimed = {"revision": 9, "reviewed_by": "eve", "status": "succeeded", "approvals": ["eve"]}
    events[0]["data"].update(claimed, deployed_by="eve", started_at="2026-11-21T12:00:00.000000Z")

    assert check_history(events, policy, number=1).outcome == expected


async def test_genuine_history_of_another_deployment_does_not_fit() -> None:
    """The number of the request must be that of the deployment."""
    ledger = await promotion_ledger()
    deployment = await deploy(ledger)

    faults = check_history(
        history_of(ledger, deployment), policy_of(ledger, deployment), number=2
    ).faults

    assert [(fault.code, fault.subject) for fault in faults] == [("number_wrong", "DEP-2")]
