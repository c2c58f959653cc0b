from ..open_enum import OpenEnum


class ServiceStatus(OpenEnum):
    """Whether a service is in use."""

    ARCHIVED = "archived"
    REGISTERED = "registered"
