from ..open_enum import OpenEnum


class DeploymentStatus(OpenEnum):
    """The current status of a deployment."""

    APPROVED = "approved"
    CANCELLED = "cancelled"
    FAILED = "failed"
    PENDING_APPROVAL = "pending_approval"
    QUEUED = "queued"
    REJECTED = "rejected"
    ROLLED_BACK = "rolled_back"
    STARTED = "started"
    SUCCEEDED = "succeeded"
