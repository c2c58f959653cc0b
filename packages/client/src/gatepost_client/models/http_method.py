from ..open_enum import OpenEnum


class HttpMethod(OpenEnum):
    """What a check asks with."""

    DELETE = "DELETE"
    GET = "GET"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    PATCH = "PATCH"
    POST = "POST"
    PUT = "PUT"
