"""Why an outgoing call was not made, or brought no answer; each says what would help."""

from __future__ import annotations

from gatepost_worker.http.addresses import Address, AddressKind


class RequestFailed(Exception):
    """There is no answer to go by; the message says why, for people to read."""


class RequestRefused(RequestFailed):
    """The call was not made, and will not be however often it is tried."""


class InvalidUrl(RequestRefused):
    """There is no calling this."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url} cannot be called: {reason}.")


class ForbiddenAddress(RequestRefused):
    """The address is one that is called for nobody."""

    def __init__(self, address: Address, host: str, reach: AddressKind) -> None:
        super().__init__(
            f"{_named(address, host)} is {reach}. Such addresses are never called, "
            "listed or not; give the target another one."
        )
        self.reach = reach


class InternalAddressNotListed(RequestRefused):
    """The address is a private network's or this machine's, and nobody has listed it."""

    def __init__(
        self, address: Address, host: str, reach: AddressKind, *, environment: str
    ) -> None:
        super().__init__(
            f"{_named(address, host)} is {reach}; list {_what_to_list(address, host)} "
            f"in outgoing_allow of {environment}'s policy to have it called."
        )


class AddressNotListed(RequestRefused):
    """The policy lists what may be called, and this is not among it."""

    def __init__(self, address: Address, host: str, *, environment: str) -> None:
        super().__init__(
            f"{_named(address, host)} is not listed; {environment}'s policy allows only what its "
            f"outgoing_allow lists. Add {_what_to_list(address, host)} there to have it called."
        )


class HostNotFound(RequestFailed):
    """The name leads to no address, at this moment at least."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host} has no address that this worker can find: {reason}.")


class ConnectionFailed(RequestFailed):
    """Nobody took the connection, or it broke before an answer came."""


class RequestTimedOut(RequestFailed):
    """The answer was not there, or not all of it, when the time was up."""


class ResponseTooLarge(RequestFailed):
    """The answer went on beyond what is read of any."""


class InvalidResponse(RequestFailed):
    """What came is not HTTP, or stopped short of what it promised."""


def _named(address: Address, host: str) -> str:
    return f"{address}" if host == f"{address}" else f"{address} ({host})"


def _what_to_list(address: Address, host: str) -> str:
    """The narrowest entries that would do."""
    return f"{address}" if host == f"{address}" else f"{host} or {address}"
