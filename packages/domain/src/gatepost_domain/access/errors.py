"""Refusals about who acts: unknown credentials, missing roles, acting for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost_domain.access.roles import Right
from gatepost_domain.errors import Denied, Refusal


class Unauthenticated(Refusal):
    """The credential opens nothing, or nothing any more."""

    code = "unauthenticated"


class Forbidden(Denied):
    """No role of theirs allows it there."""

    code = "forbidden"

    def __init__(self, actor: str, right: Right, roles: tuple[str, ...], where: str) -> None:
        super().__init__(f"{actor} needs the role {' or '.join(roles)}{where} for this.")
        self.actor = actor
        self.right = right
        self.roles = roles


class ActAsForbidden(Denied):
    """They may not speak for another; in a review nobody may."""

    code = "act_as_forbidden"

    def __init__(self, actor: str, requested_name: str, *, in_review: bool) -> None:
        super().__init__(
            f"{actor} cannot act as {requested_name}: "
            + ("nobody reviews for another." if in_review else "it needs the role act_as.")
        )
        self.actor = actor
        self.requested_name = requested_name


class SignInDenied(Denied):
    """Whom the identity provider vouches for may not come in."""

    code = "sign_in_denied"
