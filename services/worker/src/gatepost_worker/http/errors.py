"""Errors of outgoing requests. The messages say what went wrong and, if possible, how to fix it."""

from __future__ import annotations

from gatepost_worker.http.ip_addresses import Address, AddressKind


class RequestFailed(Exception):
    """There is no usable response; the message explains why."""


class RequestRefused(RequestFailed):
    """The request was not sent; a retry would be refused as well."""


class InvalidUrl(RequestRefused):
    """The URL is malformed or not allowed."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"Invalid URL {url}: {reason}.")


class ForbiddenAddress(RequestRefused):
    """Addresses of this kind are never called."""

    def __init__(self, address: Address, host: str, kind: AddressKind) -> None:
        super().__init__(
            f"{_describe(address, host)} is {kind}. Such addresses are never called, even if "
            "listed; use another address for the target."
        )
        self.kind = kind


class InternalAddressNotListed(RequestRefused):
    """The address is private or loopback, and is not listed."""

    def __init__(self, address: Address, host: str, kind: AddressKind, *, setting: str) -> None:
        super().__init__(
            f"{_describe(address, host)} is {kind}; to allow it, add "
            f"{_narrowest_entries(address, host)} to {setting}."
        )


class AddressNotListed(RequestRefused):
    """Calls are restricted to listed addresses, and this address is not one of them."""

    def __init__(self, address: Address, host: str, *, setting: str) -> None:
        super().__init__(
            f"{_describe(address, host)} is not listed; to allow it, add "
            f"{_narrowest_entries(address, host)} to {setting}."
        )


class HostNotFound(RequestFailed):
    """The host name could not be resolved; a later attempt may succeed."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"The host {host} could not be resolved: {reason}.")


class ConnectionFailed(RequestFailed):
    """No connection was established, or it broke before the response was complete."""


class RequestTimedOut(RequestFailed):
    """The response was not complete before the timeout."""


class ResponseTooLarge(RequestFailed):
    """The body of the response exceeds the size limit."""


class MalformedHttpResponse(RequestFailed):
    """The response is not valid HTTP, or is shorter than announced."""


def _describe(address: Address, host: str) -> str:
    return f"{address}" if host == f"{address}" else f"{address} ({host})"


def _narrowest_entries(address: Address, host: str) -> str:
    return f"{address}" if host == f"{address}" else f"{host} or {address}"
