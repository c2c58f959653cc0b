from ..open_enum import OpenEnum


class EventKind(OpenEnum):
    """What was done, in the past tense."""

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
    STARTED = "started"
    SUCCEEDED = "succeeded"
    VERSION_REGISTERED = "version_registered"
