"""Problems with rights, sign-in, users and their credentials."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="forbidden",
        statuses=(403,),
        title="Missing role",
        meaning="No role of the caller allows the operation on this service and environment.",
        remedy=(
            "Ask an admin for the role that `detail` names, or have someone with that role send "
            "the request."
        ),
    ),
    ProblemKind(
        code="act_as_forbidden",
        statuses=(403,),
        title="May not act for another user",
        meaning=(
            "The caller may not act for the person in `actor` or `requester`; in a review, no "
            "one may act for someone else."
        ),
        remedy="Omit the field to act for yourself, or ask an admin for the `act_as` role.",
    ),
    ProblemKind(
        code="foreign_origin",
        statuses=(403,),
        title="Request from another origin",
        meaning="A page from another origin used a Gatepost browser session.",
        remedy=(
            "Use Gatepost's own pages, or send a token. Behind a reverse proxy, set "
            "`GATEPOST_TRUSTED_PROXIES`."
        ),
    ),
    ProblemKind(
        code="sign_in_denied",
        statuses=(403,),
        title="Sign-in denied",
        meaning=(
            "The identity provider or the passkey confirmed the identity, but the user may not "
            "sign in here."
        ),
        remedy="Do what `detail` suggests; an admin can enable the user or add the login.",
    ),
    ProblemKind(
        code="fresh_proof_required",
        statuses=(403,),
        title="Sign in again first",
        meaning="The session is older than this operation allows.",
        remedy=(
            "Sign in again with a passkey, the identity provider or a sign-in link, and repeat "
            "the request within ten minutes."
        ),
    ),
    ProblemKind(
        code="credential_of_another",
        statuses=(403,),
        title="Another person's credential",
        meaning=(
            "People create their own credentials; no one can create credentials for another person."
        ),
        remedy="Invite the person instead.",
    ),
    ProblemKind(
        code="login_of_another",
        statuses=(403,),
        title="Another user's login",
        meaning="The account at the identity provider is or was a login of another user.",
        remedy="If both users are the same person, have an admin move the login.",
    ),
    ProblemKind(
        code="guarded_powers",
        statuses=(409,),
        title="Permissions need approval",
        meaning=(
            "The invitation or token would give permissions in an environment where another admin "
            "has to approve them."
        ),
        remedy=(
            "Do what `detail` suggests: revoke the permissions first, and then propose to restore "
            "them."
        ),
    ),
    ProblemKind(
        code="last_admin",
        statuses=(409,),
        title="Last admin",
        meaning="The change would leave no user who can manage people.",
        remedy="Give another user the `admin` role first.",
    ),
    ProblemKind(
        code="already_enrolled",
        statuses=(409,),
        title="User has a credential",
        meaning="A person who has a credential cannot be invited.",
        remedy="If the credential is lost, reset the user's credentials first.",
    ),
    ProblemKind(
        code="user_disabled",
        statuses=(422,),
        title="User is disabled",
        meaning="A disabled user cannot be invited.",
        remedy="Enable the user first.",
    ),
    ProblemKind(
        code="invitation_of_a_service",
        statuses=(422,),
        title="Invitation for a service account",
        meaning="Only people can be invited, not service accounts.",
        remedy="Create a token for the service account.",
    ),
    ProblemKind(
        code="login_of_a_service",
        statuses=(422,),
        title="Login for a service account",
        meaning="Service accounts cannot have a login at the identity provider.",
        remedy="Create a token, or trust the issuer of the pipeline's tokens.",
    ),
    ProblemKind(
        code="passkey_of_a_service",
        statuses=(422,),
        title="Passkey for a service account",
        meaning="Service accounts have no passkeys.",
        remedy="Create a token for the service account.",
    ),
    ProblemKind(
        code="too_many_passkeys",
        statuses=(422,),
        title="Too many passkeys",
        meaning="The user has the maximum number of passkeys.",
        remedy="Remove a passkey that is no longer used.",
    ),
    ProblemKind(
        code="passkeys_not_possible",
        statuses=(409,),
        title="Passkeys not possible here",
        meaning=(
            "Browsers offer passkeys only over HTTPS with a host name, or at `http://localhost`."
        ),
        remedy="Open Gatepost at such an address.",
    ),
    ProblemKind(
        code="last_credential",
        statuses=(422,),
        title="Last way to sign in",
        meaning="The user would have no way to sign in any more.",
        remedy="Confirm the removal in the form, or add another credential first.",
    ),
    ProblemKind(
        code="invalid_name",
        statuses=(422,),
        title="Invalid user name",
        meaning=(
            "A user name contains characters other than letters, digits and `. _ - + @`, or does "
            "not start with a letter or a digit."
        ),
        remedy="Choose another name.",
    ),
    ProblemKind(
        code="reserved_name",
        statuses=(422,),
        title="Reserved name",
        meaning="Gatepost itself uses this name.",
        remedy="Choose another name.",
    ),
    ProblemKind(
        code="bad_expiry",
        statuses=(422,),
        title="Invalid expiry",
        meaning="`expires_at` is in the past or more than a year away.",
        remedy="Choose a time within the next year.",
    ),
    ProblemKind(
        code="subject_or_name",
        statuses=(422,),
        title="Subject or name",
        meaning="A login has both a subject and a name, or neither.",
        remedy="Give either a subject or a name.",
    ),
    ProblemKind(
        code="unknown_user",
        statuses=(
            404,
            422,
        ),
        title="Unknown user",
        meaning=(
            "There is no user with this name. If you act for someone, that user may also be "
            "disabled or a service account."
        ),
        remedy="Check the name; an admin can add the user.",
    ),
    ProblemKind(
        code="user_exists",
        statuses=(409,),
        title="User exists",
        meaning="There is already a user with this name.",
        remedy="Choose another name, or change the existing user.",
    ),
    ProblemKind(
        code="login_exists",
        statuses=(409,),
        title="Login exists",
        meaning="The login already belongs to a user.",
        remedy="Remove the login from that user first.",
    ),
    ProblemKind(
        code="unknown_token",
        statuses=(404,),
        title="Unknown token",
        meaning="The user has no token with this id.",
        remedy="List the user's tokens.",
    ),
    ProblemKind(
        code="token_exists",
        statuses=(409,),
        title="Token exists",
        meaning="A token with this id already exists.",
        remedy="Repeat the request.",
    ),
    ProblemKind(
        code="unknown_passkey",
        statuses=(404,),
        title="Unknown passkey",
        meaning="The user has no passkey with this id.",
        remedy="Open the user's page for the current passkeys.",
    ),
    ProblemKind(
        code="passkey_exists",
        statuses=(409,),
        title="Passkey exists",
        meaning="The passkey was already added.",
        remedy="Use it to sign in, or choose another device.",
    ),
)
"""The kinds of problems, one for each code."""
