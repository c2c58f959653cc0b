from ..open_enum import OpenEnum


class WebhookFormat(OpenEnum):
    """The format of the messages."""

    CDEVENTS = "cdevents"
    GATEPOST = "gatepost"
