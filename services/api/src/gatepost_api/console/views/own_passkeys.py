"""What the page of a person says about passkeys."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gatepost_api.auth.passkeys import address_for_passkeys, find_relying_party
from gatepost_api.http.pagination import MAX_PAGE_SIZE
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.users import Token, TokenKind, User
from gatepost_domain.actions.access.users import has_fresh_proof
from gatepost_domain.ports.paging import PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyOffer:
    """Whether the caller can add a passkey on this page."""

    possible: bool
    """Whether browsers offer passkeys at this address."""
    address: str | None
    """The address of this server where they do."""
    fresh_proof: bool
    """Whether the caller has recently proved who they are."""
    provider: str | None
    """The identity provider with which the caller can prove it."""


def offer_passkeys(request: ApiRequest) -> PasskeyOffer:
    """Return whether the caller can add a passkey."""
    provider = request.context.trusted_issuers.provider
    return PasskeyOffer(
        possible=find_relying_party(request) is not None,
        address=address_for_passkeys(request),
        fresh_proof=has_fresh_proof(request.auth.actor, request.context.now()),
        provider=None if provider is None else provider.settings.display_name,
    )


async def is_last_way_in(request: ApiRequest, name: str) -> bool:
    """Return whether a user with one passkey less could not sign in any more."""
    reads = request.context.reads
    user, passkeys = await reads.user(name), await reads.passkeys(name)
    tokens = (await reads.tokens(name, PageRequest(limit=MAX_PAGE_SIZE))).items
    return len(passkeys) == 1 and not _has_other_way(request, user, tokens)


def _has_other_way(request: ApiRequest, user: User, tokens: Collection[Token]) -> bool:
    now = request.context.now()
    return user.can_sign_in_elsewhere or any(
        token.kind is TokenKind.API and token.scopes is None and token.is_valid(now)
        for token in tokens
    )
