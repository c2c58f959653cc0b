from ..open_enum import OpenEnum


class HttpMethod(OpenEnum):
    """The HTTP method of the request that a check sends."""

    DELETE = "DELETE"
    GET = "GET"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    PATCH = "PATCH"
    POST = "POST"
    PUT = "PUT"
