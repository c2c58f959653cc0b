"""Tables of the HTTP status of each refusal and the problem code of each framework error."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from gatepost_domain import storage_errors
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
from gatepost_domain.check_runs.errors import CheckRunClaimLost, CheckRunOpen, NoChecks
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
    IdempotencyKeyReused,
    NotFound,
    ResourceArchived,
    StaleRevision,
    ValidationFailed,
)
from gatepost_domain.freezes.errors import FreezeEnded
from gatepost_domain.gates.errors import (
    GateAlreadyOpen,
    GateNotOpen,
    NoAutoPromotionHold,
    VersionBlocked,
    VersionNotBlocked,
)
from gatepost_domain.incidents.errors import IncidentResolved
from gatepost_domain.ingest.delivery import PayloadRemoved
from gatepost_domain.ingest.github_protection_answer import AnswerClaimLost
from gatepost_domain.ingest.signatures import InvalidSignature
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
from gatepost_domain.webhooks.errors import (
    DeliveryClaimLost,
    DeliveryPending,
    TooManyWebhooks,
    WebhookDisabled,
)

STATUS_BY_REFUSAL: Final[Mapping[type[Exception], HTTPStatus]] = {
    ValidationFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    AlreadyExists: HTTPStatus.CONFLICT,
    ResourceArchived: HTTPStatus.CONFLICT,
    TransitionRefused: HTTPStatus.CONFLICT,
    GateNotOpen: HTTPStatus.CONFLICT,
    RecordIsImmutable: HTTPStatus.CONFLICT,
    NotARecord: HTTPStatus.CONFLICT,
    ExternalIdTaken: HTTPStatus.CONFLICT,
    GateAlreadyOpen: HTTPStatus.CONFLICT,
    NoPendingAfterReview: HTTPStatus.CONFLICT,
    ClaimLost: HTTPStatus.CONFLICT,
    WorkerNameTaken: HTTPStatus.CONFLICT,
    NoChecks: HTTPStatus.CONFLICT,
    CheckRunOpen: HTTPStatus.CONFLICT,
    CheckRunClaimLost: HTTPStatus.CONFLICT,
    TooManyNotificationChannels: HTTPStatus.CONFLICT,
    NotificationChannelDisabled: HTTPStatus.CONFLICT,
    AnswerClaimLost: HTTPStatus.CONFLICT,
    NotificationClaimLost: HTTPStatus.CONFLICT,
    NotificationNotFailed: HTTPStatus.CONFLICT,
    TooManyOwnChannels: HTTPStatus.CONFLICT,
    TooManyWebhooks: HTTPStatus.CONFLICT,
    WebhookDisabled: HTTPStatus.CONFLICT,
    DeliveryPending: HTTPStatus.CONFLICT,
    DeliveryClaimLost: HTTPStatus.CONFLICT,
    AlreadyPromoted: HTTPStatus.CONFLICT,
    NoKnownGood: HTTPStatus.CONFLICT,
    NotARollback: HTTPStatus.CONFLICT,
    RollbackReplaced: HTTPStatus.CONFLICT,
    TooManyOpenRequests: HTTPStatus.CONFLICT,
    VersionBlocked: HTTPStatus.CONFLICT,
    VersionNotBlocked: HTTPStatus.CONFLICT,
    NoAutoPromotionHold: HTTPStatus.CONFLICT,
    StageNotOpen: HTTPStatus.CONFLICT,
    ReviewerCannotStart: HTTPStatus.FORBIDDEN,
    FreezeEnded: HTTPStatus.CONFLICT,
    IncidentResolved: HTTPStatus.CONFLICT,
    StaleRevision: HTTPStatus.PRECONDITION_FAILED,
    ConcurrentUpdate: HTTPStatus.CONFLICT,
    IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    ActAsForbidden: HTTPStatus.FORBIDDEN,
    SignInDenied: HTTPStatus.FORBIDDEN,
    LastAdmin: HTTPStatus.CONFLICT,
    CredentialOfAnother: HTTPStatus.FORBIDDEN,
    FreshProofRequired: HTTPStatus.FORBIDDEN,
    LoginOfAnother: HTTPStatus.FORBIDDEN,
    AlreadyEnrolled: HTTPStatus.CONFLICT,
    GuardedPowers: HTTPStatus.CONFLICT,
    SelfReview: HTTPStatus.FORBIDDEN,
    RequesterUnmapped: HTTPStatus.FORBIDDEN,
    ServiceAccountReview: HTTPStatus.FORBIDDEN,
    NoApprovalToWithdraw: HTTPStatus.FORBIDDEN,
    ApprovedByBreakGlass: HTTPStatus.CONFLICT,
    NotEligible: HTTPStatus.FORBIDDEN,
    NotIndependent: HTTPStatus.FORBIDDEN,
    AlreadyReviewed: HTTPStatus.CONFLICT,
    OwnBreakGlassReview: HTTPStatus.FORBIDDEN,
    NotEligibleForAfterReview: HTTPStatus.FORBIDDEN,
    AfterReviewOverdue: HTTPStatus.CONFLICT,
    DecisionByServiceAccount: HTTPStatus.FORBIDDEN,
    ProposerUnknown: HTTPStatus.FORBIDDEN,
    DecisionNotIndependent: HTTPStatus.FORBIDDEN,
    ProposerDisabled: HTTPStatus.CONFLICT,
    SettingsChangeDecided: HTTPStatus.CONFLICT,
    SettingsChangeStale: HTTPStatus.CONFLICT,
    InvalidSignature: HTTPStatus.UNAUTHORIZED,
    PayloadRemoved: HTTPStatus.CONFLICT,
    storage_errors.StorageBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.ReadTimedOut: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageFull: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageMoved: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.CommitOutcomeUnknown: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The HTTP status of each refusal. A test checks that every class the domain raises is included."""

CODE_BY_STATUS: Final[Mapping[int, str]] = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
}
"""The problem code of each error that the framework raises."""
