"""Refusals about actors: invalid credentials, missing roles, acting for another user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gatepost_domain.access.roles import Right
from gatepost_domain.errors import Denied, Refusal


class Unauthenticated(Refusal):
    """The credential is not valid, or no longer valid."""

    code = "unauthenticated"


class Forbidden(Denied):
    """None of the actor's roles allows the operation on this service and environment."""

    code = "forbidden"

    def __init__(self, actor: str, right: Right, roles: tuple[str, ...], where: str) -> None:
        super().__init__(f"{actor} needs the {' or '.join(roles)} role{where}.")
        self.actor = actor
        self.right = right
        self.roles = roles


class ActAsForbidden(Denied):
    """The actor may not act for another user; in reviews, no one may."""

    code = "act_as_forbidden"

    def __init__(self, actor: str, requested_name: str, *, in_review: bool) -> None:
        super().__init__(
            f"{actor} cannot act as {requested_name}: "
            + ("reviews must be made in person." if in_review else "this requires the act_as role.")
        )
        self.actor = actor
        self.requested_name = requested_name


class LastAdmin(Refusal):
    """The change would leave no one who can manage people."""

    code = "last_admin"

    def __init__(self, user: str) -> None:
        super().__init__(
            f"{user} is the last enabled person with the admin role everywhere. Give somebody else "
            "that role first."
        )
        self.user = user


class SignInDenied(Denied):
    """The user is authenticated but may not sign in."""

    code = "sign_in_denied"


class CredentialOfAnother(Denied):
    """A credential cannot be created for another person."""

    code = "credential_of_another"

    def __init__(self, actor: str, holder: str) -> None:
        super().__init__(
            f"{actor} cannot create a credential for {holder}: people create their own. "
            f"Invite {holder} instead."
        )
        self.actor = actor
        self.holder = holder


class LoginOfAnother(Denied):
    """The account at the identity provider belongs, or once belonged, to another user."""

    code = "login_of_another"

    def __init__(self, user: str, holder: str, *, is_former: bool) -> None:
        super().__init__(
            f"This account at the identity provider {'was' if is_former else 'is'} a login of "
            f"{holder}, so {user} cannot link it; users are not merged. If both are the same "
            f"person, an admin can {'' if is_former else f'remove it from {holder} and '}add it "
            f"to {user}, and disable {holder}; {user} then never counts as independent of "
            f"{holder}."
        )
        self.user = user
        self.holder = holder


class AlreadyEnrolled(Refusal):
    """A person who already has a credential cannot be invited, only reset."""

    code = "already_enrolled"

    def __init__(self, user: str) -> None:
        super().__init__(
            f"{user} already has a credential, and can create others. If the credential is "
            f"lost, reset {user} first; that revokes everything and is recorded with your reason."
        )
        self.user = user


class GuardedPowers(Refusal):
    """An invitation or a token would grant powers that another admin has to approve."""

    code = "guarded_powers"

    def __init__(
        self,
        user: str,
        powers: tuple[str, ...],
        environments: tuple[str, ...],
        *,
        by: Literal["invitation", "token"],
    ) -> None:
        whom, create, otherwise = {
            "invitation": (
                "A later invitation, or one after a reset, gives these powers to its recipient.",
                f"invite {user}",
                f"invite {user} in the server's terminal",
            ),
            "token": (
                "A token would give you these powers, which you do not have.",
                "create the token",
                "limit its scopes to other roles",
            ),
        }[by]
        super().__init__(
            f"{user} has {_and(powers)} in {_and(environments)}, where another admin has to "
            f"approve who gets these powers. {whom} Take them away first, which needs no "
            f"approval, {create}, and then propose to give them back; or {otherwise}."
        )
        self.user, self.powers, self.environments = user, powers, environments


def _and(names: tuple[str, ...]) -> str:
    """Return the names as a phrase, such as `operator and group qa`."""
    words = [name.replace("group:", "group ") for name in names]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


class FreshProofRequired(Denied):
    """The holder of a session has to prove their identity again."""

    code = "fresh_proof_required"

    def __init__(
        self, actor: str, what: str = "a token that is valid for more than 24 hours"
    ) -> None:
        super().__init__(
            f"{actor} has not proved who they are within the last 10 minutes, which {what} "
            "requires. Sign in again with a passkey, the identity provider or a sign-in link"
            + (", or choose an earlier expiry." if what.startswith("a token") else ".")
        )
        self.actor = actor
