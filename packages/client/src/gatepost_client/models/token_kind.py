from ..open_enum import OpenEnum


class TokenKind(OpenEnum):
    """How a token was created, and where it is accepted."""

    API = "api"
    INVITATION = "invitation"
    LINK = "link"
    PIPELINE = "pipeline"
    PROVIDER = "provider"
    SESSION = "session"
