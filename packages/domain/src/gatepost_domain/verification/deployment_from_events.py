"""The state of a deployment, derived from its events."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gatepost_domain.verification.approval_rules import (
    Person,
    count_missing_approvals,
    normalize_name,
    required_stages,
    to_person,
)
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gatepost_domain.verification.approval_rules import Json

_WHOLE_SECONDS = len("2026-11-21T12:00:00Z")


class RecordedDeployment:
    """The deployment as of the last event processed, and the faults found so far."""

    __slots__ = (
        "at",
        "breaker",
        "counted",
        "deployment_id",
        "digest",
        "faults",
        "gates_at_start",
        "has_approval",
        "has_auto_start_cancelled",
        "hash",
        "is_approved_by_policy",
        "is_begun",
        "is_record",
        "is_review_reported",
        "last_hash",
        "missing",
        "outcome",
        "overridden",
        "policy",
        "positions",
        "request",
        "requesters",
        "reviewers",
        "seq",
        "stages",
        "status",
        "steps_event",
        "subject",
        "unmapped_trigger",
    )

    def __init__(self, number: int, policy: Mapping[str, Any] | None) -> None:
        self.subject = f"DEP-{number}"
        self.policy = policy
        self.faults: list[Fault] = []
        self.outcome: dict[str, Any] = {
            "number": number,
            "revision": 1,
            "approvals": [],
            "overrides": [],
            "independence": None,
        }
        """The columns that the events determine; times have six decimals."""
        self.is_begun = False
        self.is_record = False
        self.deployment_id: str | None = None
        self.seq = 0
        self.hash = GENESIS_HASH
        """The hash of the last event that names the deployment."""
        self.last_hash = GENESIS_HASH
        """The hash of the last event, which can be an import's event."""
        self.at = ""
        self.status: str | None = None
        self.request: Json = {}
        """The data of the first event."""
        self.digest: str | None = None
        """The digest of what was requested; None if the request is unknown."""
        self.requesters: list[Person] = []
        """Everyone responsible for the request."""
        self.unmapped_trigger: str | None = None
        """The name that a pipeline reported, if no user had that login when the request was
        made."""
        self.reviewers: list[tuple[Any, Person]] = []
        """The people who approved, each with the stage."""
        self.counted: list[tuple[int, Sequence[int]] | None] = []
        """For each of the reviewers, the position of the stage, and the positions of the rules for
        which the approval counts; None if unknown."""
        self.stages: Sequence[Json] | None = None
        """The stages that must approve; None if the policy or the request is unknown."""
        self.positions: list[list[Sequence[int]]] = []
        """The approvals of each stage, as the positions of the rules that accepted them."""
        self.missing: list[int] = []
        """The number of approvals that each stage lacks."""
        self.has_approval = False
        self.is_approved_by_policy = False
        self.has_auto_start_cancelled = False
        self.breaker: Person | None = None
        """Who used break-glass; None if no one did."""
        self.overridden: set[tuple[str, str]] = set()
        """The gates that were overridden, with their codes."""
        self.gates_at_start: Sequence[Json] | None = None
        self.steps_event: Json | None = None
        self.is_review_reported = False
        """Whether an earlier fault already explains why the review is not complete."""

    def add_fault(self, code: str, field: str | None, detail: str) -> None:
        """Add a fault in one of the deployment's columns."""
        self.faults.append(Fault(code, "deployments", self.subject, field, detail))

    def add_event_fault(self, code: str, field: str, detail: str) -> None:
        """Add a fault in a column of one of the deployment's events."""
        self.faults.append(Fault(code, "deployment_events", self.subject, field, detail))

    def set_required_stages(self, request: Json) -> None:
        """Determine the stages that must approve, if the policy is known."""
        if self.policy is None:
            return
        self.stages = required_stages(request, self.policy)
        self.positions = [[] for _ in self.stages]
        self.missing = [count_missing_approvals(stage["rules"], ()) for stage in self.stages]

    def first_incomplete_stage(self) -> int | None:
        """Return the position of the first stage that is not complete; None if all are."""
        for index, missing in enumerate(self.missing):
            if missing:
                return index
        return None

    def count_approval(self, index: int, rules: Sequence[Json], accepted: Sequence[int]) -> None:
        """Count an approval for the stage with these rules."""
        self.positions[index].append(accepted)
        self.missing[index] = count_missing_approvals(rules, self.positions[index])

    def set_approved_stage(self) -> None:
        """Set the last complete stage before the open one, if stages and approvals are known."""
        if self.stages is None or None in self.counted:
            self.outcome.pop("approved_stage", None)
            return
        index = self.first_incomplete_stage()
        complete = len(self.stages) if index is None else index
        self.outcome["approved_stage"] = self.stages[complete - 1]["name"] if complete else None

    def remove_approvals(self, positions: Sequence[int]) -> None:
        """Remove the approvals at these positions, and recount the others."""
        gone = frozenset(positions)
        kept = [index for index in range(len(self.reviewers)) if index not in gone]
        self.reviewers = [self.reviewers[index] for index in kept]
        self.counted = [self.counted[index] for index in kept]
        self.outcome["approvals"] = [self.outcome["approvals"][index] for index in kept]
        self.has_approval = self.is_approved_by_policy or bool(kept)
        self.set_required_stages(self.request)
        for counted in self.counted:
            if counted is not None and self.stages is not None:
                index, accepted = counted
                self.count_approval(index, self.stages[index]["rules"], accepted)
        self.set_approved_stage()

    def return_to_reviewers(self, at: str) -> None:
        """Return the deployment to its reviewers, and restart the time limit."""
        for name in ("approved_at", "reviewed_by", "reviewed_at", "queued_at", "build_id"):
            self.outcome[name] = None
        self.set_expiry(at)

    def set_approval_time_and_expiry(self, at: str) -> None:
        """Set the time of approval, and restart the time limit, which also applies to the start."""
        self.outcome["approved_at"] = at
        self.set_expiry(at)

    def set_expiry(self, at: str) -> None:
        """Set when the deployment expires, counted from an instant, if the policy is known."""
        if self.policy is not None:
            seconds = self.policy.get("approval_expires_s")
            self.outcome["expires_at"] = None if seconds is None else add_seconds(at, seconds)


def actor_of(event: Json) -> Person:
    """Return who acted, with the identity if the event contains it."""
    return to_person(event["actor"], event["data"].get("identity"))


def people_behind(deployment: RecordedDeployment, review: Json) -> list[Person]:
    """Return everyone who may be behind the request, as of a review's event.

    If it was still unknown who triggered the pipeline, anyone with the reported name may have done
    so. Even if it was known, a former holder of the login may have done so.
    """
    mapped = review["data"].get("trigger_mapped_to")
    if deployment.unmapped_trigger is None:
        return deployment.requesters
    name = normalize_name(deployment.unmapped_trigger)
    trigger = Person(name, name, None) if mapped is None else to_person(name, mapped)
    former = [to_person(name, each) for each in review["data"].get("former_triggers", ())]
    return [*deployment.requesters, trigger, *former]


def check_requester_is_known(deployment: RecordedDeployment, review: Json, column: str) -> None:
    """Report a review that does not count because the policy requires a known requester."""
    if (
        deployment.unmapped_trigger is not None
        and review["data"].get("trigger_mapped_to") is None
        and deployment.policy is not None
        and deployment.policy.get("independent_reviewers") == "required"
    ):
        deployment.add_fault(
            "requester_unmapped",
            column,
            f"Event {review['seq']} is a review by {review['actor']}, but no user was known for "
            f"{deployment.unmapped_trigger}, who triggered the pipeline, and the policy requires "
            "independent reviewers.",
        )


def effective_actor_name(event: Json) -> str:
    """Return the name to which an event is attributed: the person represented or the actor."""
    name: str = event["on_behalf_of"] or event["actor"]
    return name


def canonical_time(at: str) -> str:
    """Return a time in the form in which it is stored and hashed, with six decimals."""
    return at if len(at) != _WHOLE_SECONDS else at[:-1] + ".000000Z"


def add_seconds(at: str, seconds: int) -> str:
    """Return the time that is this many seconds after a canonical time."""
    later = datetime.fromisoformat(at[:-1]) + timedelta(seconds=seconds)
    return later.isoformat(timespec="microseconds") + "Z"
