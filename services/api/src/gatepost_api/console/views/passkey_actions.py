"""Whether the caller can add a passkey, and whether a user's only passkey is still needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gatepost_api.auth.passkeys import find_relying_party, suggest_passkey_address
from gatepost_api.http.pagination import MAX_PAGE_SIZE
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.users import Token, TokenKind, User
from gatepost_domain.actions.access.users import has_fresh_proof
from gatepost_domain.ports.paging import PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyConditions:
    """The conditions for adding a passkey on the caller's account page."""

    possible: bool
    """Whether passkeys work at the address that the browser uses."""
    address: str | None
    """The address of the server at which passkeys work, if the browser uses a different one."""
    fresh_proof: bool
    """Whether the caller has recently proved their identity."""
    provider: str | None
    """The identity provider with which the caller can prove their identity, if configured."""


def determine_passkey_conditions(request: ApiRequest) -> PasskeyConditions:
    """Return the conditions for the caller to add a passkey."""
    provider = request.context.trusted_issuers.provider
    return PasskeyConditions(
        possible=find_relying_party(request) is not None,
        address=suggest_passkey_address(request),
        fresh_proof=has_fresh_proof(request.auth.actor, request.context.now()),
        provider=None if provider is None else provider.settings.display_name,
    )


async def is_passkey_only_way_to_sign_in(request: ApiRequest, name: str) -> bool:
    """Return whether removing one passkey would leave the user no way to sign in."""
    reads = request.context.reads
    user, passkeys = await reads.user(name), await reads.passkeys(name)
    tokens = (await reads.tokens(name, PageRequest(limit=MAX_PAGE_SIZE))).items
    return len(passkeys) == 1 and not _has_other_way(request, user, tokens)


def _has_other_way(request: ApiRequest, user: User, tokens: Collection[Token]) -> bool:
    now = request.context.now()
    return user.can_sign_in_with_provider or any(
        token.kind is TokenKind.API and token.scopes is None and token.is_valid(now)
        for token in tokens
    )
