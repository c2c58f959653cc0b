from ..open_enum import OpenEnum


class WebhookFormat(OpenEnum):
    """The format of the messages that are sent to a webhook."""

    CDEVENTS = "cdevents"
    GATEPOST = "gatepost"
