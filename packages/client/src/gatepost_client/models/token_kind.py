from ..open_enum import OpenEnum


class TokenKind(OpenEnum):
    """How a token came about, and so where it opens anything."""

    API = "api"
    LINK = "link"
    PIPELINE = "pipeline"
    PROVIDER = "provider"
    SESSION = "session"
