"""Every refusal has a code and a sentence that says what is wrong and what to do."""

import re
from dataclasses import replace
from typing import Final
from uuid import UUID

import pytest

from gatepost_domain.access.errors import (
    ActAsForbidden,
    AlreadyEnrolled,
    CredentialOfAnother,
    Forbidden,
    FreshProofRequired,
    GuardedPowers,
    LastAdmin,
    LoginOfAnother,
    SignInDenied,
    Unauthenticated,
)
from gatepost_domain.access.roles import Right
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target
from gatepost_domain.check_runs.check_run import request_run
from gatepost_domain.check_runs.errors import CheckRunClaimLost, CheckRunOpen, NoChecks
from gatepost_domain.deployments.blocks_and_holds import VersionBlock
from gatepost_domain.deployments.errors.break_glass import (
    AfterReviewOverdue,
    ApprovedByBreakGlass,
    NoPendingAfterReview,
    NotEligibleForAfterReview,
    OwnBreakGlassReview,
)
from gatepost_domain.deployments.errors.claims import ClaimLost, WorkerNameTaken
from gatepost_domain.deployments.errors.records import (
    ExternalIdTaken,
    NotARecord,
    RecordIsImmutable,
)
from gatepost_domain.deployments.errors.requests import AlreadyPromoted, TooManyOpenRequests
from gatepost_domain.deployments.errors.reviews import (
    AlreadyReviewed,
    NoApprovalToWithdraw,
    NotEligible,
    NotIndependent,
    RequesterPart,
    RequesterUnmapped,
    SelfReview,
    ServiceAccountReview,
    StageNotOpen,
)
from gatepost_domain.deployments.errors.rollbacks import NoKnownGood, NotARollback, RollbackReplaced
from gatepost_domain.deployments.errors.transitions import ReviewerCannotStart, TransitionRefused
from gatepost_domain.errors import (
    AlreadyExists,
    ConcurrentUpdate,
    FieldError,
    IdempotencyKeyReused,
    NotFound,
    Refusal,
    ResourceArchived,
    StaleRevision,
    ValidationFailed,
)
from gatepost_domain.freezes.errors import FreezeEnded
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.errors import (
    GateAlreadyOpen,
    GateNotOpen,
    NoAutoPromotionHold,
    VersionBlocked,
    VersionNotBlocked,
)
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.incidents.errors import IncidentResolved
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState, PayloadRemoved
from gatepost_domain.ingest.github_protection_answer import (
    AnswerClaimLost,
    AnswerState,
    ProtectionAnswer,
)
from gatepost_domain.ingest.signatures import InvalidSignature
from gatepost_domain.ingest.source import IngestSourceKind
from gatepost_domain.notifications.errors import (
    NotificationChannelDisabled,
    NotificationClaimLost,
    NotificationNotFailed,
    TooManyNotificationChannels,
    TooManyOwnChannels,
)
from gatepost_domain.settings_changes.errors import (
    DecisionByServiceAccount,
    DecisionNotIndependent,
    ProposerDisabled,
    ProposerUnknown,
    SettingsChangeDecided,
    SettingsChangeStale,
)
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.webhooks.errors import (
    DeliveryClaimLost,
    DeliveryPending,
    TooManyWebhooks,
    WebhookDisabled,
)
from tests.support.builders import NOON
from tests.support.domain.ingest import CALLBACK_URL, INSTALLATION
from tests.support.domain.notifications import a_channel, a_notification
from tests.support.domain.webhooks import a_delivery

OPEN: Final = (Action.START, Action.CANCEL)
GATE: Final = Gate(
    kind=GateKind.SOAK,
    state=GateState.WAITING,
    code="soaking",
    message="1.0.0 must be live in test for 60 s without interruption.",
    since=None,
    opens_at=None,
    who_can_act=(),
)
BLOCK: Final = VersionBlock(
    service="shop",
    environment="live",
    version="1.0.0",
    at=NOON,
    by="olga",
    reason="Lost orders.",
    deployment_id=UUID(int=1),
    number=7,
)

DELIVERY: Final = IngestDelivery(
    id=UUID(int=1),
    source=IngestSourceKind.GITHUB,
    delivery_id="d-1",
    event="ping",
    content_type="application/json",
    received_at=NOON,
    state=IngestState.IGNORED,
    reason="",
    payload_digest="",
    payload_size=0,
    payload=None,
    keep_until=NOON,
)
ANSWER: Final = ProtectionAnswer(
    id=UUID(int=2),
    delivery_id=UUID(int=1),
    deployment_id=UUID(int=3),
    external_id="github/example/shop/deployment/7",
    environment_name="production",
    callback_url=CALLBACK_URL,
    installation=INSTALLATION,
    created_at=NOON,
    due_at=NOON,
    worker="berlin-1",
)
CHECK_RUN: Final = request_run(
    Target(
        service="shop",
        environment="test",
        settings=DEFAULT_TARGET_SETTINGS,
        revision=1,
        changed_at=NOON,
        changed_by="olga",
    ),
    id=UUID(int=7),
    actor="olga",
    at=NOON,
)

EXAMPLES: Final[tuple[tuple[Refusal, str], ...]] = (
    (
        ValidationFailed(FieldError(field="risk", code="x", detail="Risk notes are required.")),
        "Risk notes are required",
    ),
    (NotFound("service", "shop"), ""),
    (AlreadyExists("service", "shop"), ""),
    (ResourceArchived("service", "shop"), "unarchive it first"),
    (TransitionRefused(Status.APPROVED, Action.APPROVE, OPEN), "available now: start, cancel"),
    (GateNotOpen(GATE, Status.APPROVED, OPEN), "must be live in test for 60 s"),
    (RecordIsImmutable("DEP-7", Status.SUCCEEDED), "record a later deployment instead"),
    (NotARecord("DEP-7", Status.SUCCEEDED, ()), "only records can be hidden"),
    (ExternalIdTaken("The id x is taken; send another."), "send another"),
    (DecisionNotIndependent("pete", "paula"), "Another admin has to decide"),
    (DecisionNotIndependent("paula", "paula"), "because paula proposed it"),
    (DecisionByServiceAccount("robot"), "only people can decide on settings changes"),
    (ProposerUnknown("x-gh"), "Propose the change as a person"),
    (ProposerDisabled("paula"), "is disabled"),
    (SettingsChangeDecided(UUID(int=7), "rejected", "pete"), "already rejected"),
    (SettingsChangeStale(UUID(int=7), "The policy is in version 3."), "could not be applied"),
    (GateAlreadyOpen(GATE, Status.APPROVED, OPEN), "there is nothing to override"),
    (
        NoPendingAfterReview("DEP-7", Status.APPROVED, OPEN, closed_by="quinn"),
        ("quinn has already closed"),
    ),
    (
        ClaimLost("DEP-7", Status.STARTED, worker="worker:two"),
        "This claim on DEP-7 is no longer valid: worker:two holds it now",
    ),
    (
        AlreadyPromoted("DEP-7", "live", "DEP-8", Status.SUCCEEDED, ()),
        "to deploy the version there again, create a new request",
    ),
    (
        NoKnownGood("shop in live", "1.0.0", Status.SUCCEEDED, ()),
        "roll back without redeploying, or request the version you want",
    ),
    (NotARollback("DEP-7", Status.FAILED, OPEN), "request its version again"),
    (RollbackReplaced("DEP-7", "DEP-8", Status.FAILED, OPEN), "continue with DEP-8, or request"),
    (VersionBlocked(BLOCK), "an operator can unblock it"),
    (
        TooManyOpenRequests("ada in live", 10, "max_open_per_requester", "live"),
        "the maximum (max_open_per_requester in the policy of live). Cancel those",
    ),
    (WorkerNameTaken("berlin-1"), "Give each worker a name of its own"),
    (NoChecks("shop", "test"), "Add a base URL and checks"),
    (CheckRunOpen(CHECK_RUN), "Wait for the results"),
    (CheckRunClaimLost(CHECK_RUN), "is no longer valid: it is queued"),
    (TooManyWebhooks(), "Remove one that is no longer used"),
    (WebhookDisabled(UUID(int=1)), "Enable it first"),
    (DeliveryPending(UUID(int=1)), "once it has failed or has been delivered"),
    (DeliveryClaimLost(a_delivery(worker="berlin-1")), "berlin-1 holds it now"),
    (TooManyNotificationChannels(), "use one channel for a group"),
    (TooManyOwnChannels("mo"), "mo already has 5 notification channels"),
    (NotificationNotFailed(a_notification()), "This notification is pending"),
    (NotificationChannelDisabled(UUID(int=1)), "Enable it first"),
    (NotificationClaimLost(a_channel()), "the notifications of QA is no longer valid"),
    (AnswerClaimLost(ANSWER), "berlin-1 holds it now"),
    (AnswerClaimLost(replace(ANSWER, state=AnswerState.SENT)), "it is sent"),
    (InvalidSignature("The header X-Token is missing."), "is missing"),
    (PayloadRemoved(DELIVERY), "no longer kept"),
    (IncidentResolved(UUID(int=1)), "has already been resolved"),
    (VersionNotBlocked("shop", "1.0.0", "live"), "is not blocked"),
    (NoAutoPromotionHold("shop", "live"), "is not on hold"),
    (StageNotOpen("devops", "qa"), "the review is at stage qa"),
    (ReviewerCannotStart("quinn", "live"), "requires somebody else to start it"),
    (FreezeEnded(UUID(int=1)), "was lifted or has already ended"),
    (StaleRevision({1}, 2), "the current revision is 2; reload and try again"),
    (ConcurrentUpdate("deployment", "DEP-7"), "at the same time; reload and try again"),
    (IdempotencyKeyReused(), "use a new key"),
    (Unauthenticated("This token has expired or was revoked, or its user is disabled."), ""),
    (
        Forbidden("bo", Right.OVERRIDE, ("emergency",), " for shop"),
        "needs the emergency role for shop",
    ),
    (ActAsForbidden("robot", "bo", in_review=False), "this requires the act_as role"),
    (ActAsForbidden("robot", "bo", in_review=True), "reviews must be made in person"),
    (SignInDenied("Nobody here signs in by that account."), ""),
    (AfterReviewOverdue("DEP-7", "live"), "a reviewer must close it"),
    (LastAdmin("ada"), "Give somebody else that role first"),
    (RequesterUnmapped("ada-gh", "https://ci.example"), "an admin adds a login"),
    (RequesterUnmapped("unknown", "https://ci.example"), "Set person_claim"),
    (SelfReview("ada"), "somebody else must review it"),
    (SelfReview("ada-gh", reviewer="ada", part=RequesterPart.TRIGGER), "triggered the pipeline"),
    (
        SelfReview("ada-gh", reviewer="ada", part=RequesterPart.FORMER_TRIGGER),
        "a login of ada until it was removed",
    ),
    (SelfReview("ada", reviewer="robot"), "somebody else must review this deployment"),
    (
        NotIndependent("bo", "live", reasons=["bo was invited by ada"], through=["ada"]),
        "bo was invited by ada, and live requires independent reviewers. Somebody else must",
    ),
    (CredentialOfAnother("ada", "bo"), "Invite bo instead"),
    (LoginOfAnother("bo", "ada", is_former=True), "an admin can add it to bo, and disable ada"),
    (LoginOfAnother("bo", "ada", is_former=False), "an admin can remove it from ada and add it"),
    (AlreadyEnrolled("bo"), "reset bo first"),
    (
        GuardedPowers("bo", ("operator", "group:qa"), ("production",), by="invitation"),
        "needs no approval, invite bo, and then propose to give them back; or invite bo in the",
    ),
    (
        GuardedPowers("bot", ("operator",), ("production", "site"), by="token"),
        "bot has operator in production and site, where another admin has to approve",
    ),
    (FreshProofRequired("bo"), "or choose an earlier expiry"),
    (NotEligible("bo", "qa", ("group:qa",)), "it requires group qa"),
    (AlreadyReviewed("quinn", "qa"), "has already approved this deployment in stage qa"),
    (ServiceAccountReview("robot"), "a person must review this deployment"),
    (NoApprovalToWithdraw("quinn"), "only the reviewer who gave an approval can withdraw it"),
    (ApprovedByBreakGlass("DEP-7", Status.APPROVED, OPEN), "cancel the deployment instead"),
    (OwnBreakGlassReview("eve"), "somebody else must close its review"),
    (NotEligibleForAfterReview("bo", ("group:qa", "user:carl")), "group qa or carl"),
)
"""An example of each refusal, with the part of its message that states the cause or the remedy."""


def kinds_of(base: type[Refusal]) -> set[type[Refusal]]:
    """Return every concrete refusal class below a base class."""
    below = set(base.__subclasses__())
    return {base} if not below else set().union(*map(kinds_of, below))


def test_all_refusals_are_covered() -> None:
    """Every concrete refusal class has an example in this module."""
    told = {type(refusal) for refusal, _ in EXAMPLES}
    here = {kind for kind in kinds_of(Refusal) if kind.__module__.startswith("gatepost_domain.")}

    assert told == here


@pytest.mark.parametrize(("refusal", "way_on"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_refusal_is_a_sentence_with_a_code(refusal: Refusal, way_on: str) -> None:
    """The message is one sentence that states the cause or the remedy. The code is one word."""
    sentence = str(refusal)

    assert way_on in sentence
    assert re.fullmatch(r"[^\s{}][^{}]*[^\s{}]\.", sentence)
    assert not re.search(r"\bNone\b|<|Action\.|Status\.|\(\)|  |\.\.", sentence)
    assert re.fullmatch(r"[a-z][a-z_]*", refusal.code)


def test_refusals_have_distinct_codes() -> None:
    """Two refusals share a code only if they have the same meaning."""
    codes = [refusal.code for refusal in {type(each): each for each, _ in EXAMPLES}.values()]
    shared = {code for code in codes if codes.count(code) > 1}

    assert shared == {"not_eligible", "not_independent"}
