from ..open_enum import OpenEnum


class ServiceStatus(OpenEnum):
    """How far the onboarding of a service is."""

    REGISTERED = "registered"
