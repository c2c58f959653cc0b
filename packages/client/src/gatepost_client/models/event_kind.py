from ..open_enum import OpenEnum


class EventKind(OpenEnum):
    """What was done, in the past tense."""

    ACCESS_DENIED = "access_denied"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    ENVIRONMENT_CREATED = "environment_created"
    FAILED = "failed"
    POLICY_CHANGED = "policy_changed"
    QUEUED = "queued"
    REJECTED = "rejected"
    REQUESTED = "requested"
    REVIEW_DENIED = "review_denied"
    ROLLED_BACK = "rolled_back"
    SERVICE_REGISTERED = "service_registered"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    STARTED = "started"
    SUCCEEDED = "succeeded"
    TOKEN_ISSUED = "token_issued"
    TOKEN_REVOKED = "token_revoked"
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    VERSION_REGISTERED = "version_registered"
