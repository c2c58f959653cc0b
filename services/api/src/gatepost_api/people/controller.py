"""Operations on users, their tokens and invitations, and the caller."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import JSONBody

from gatepost_api.auth.cookies import own_origin
from gatepost_api.auth.token_secrets import (
    INVITATION_PREFIX,
    generate_secret,
    generate_token_secret,
    secret_digest,
)
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_HEADERS, NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import (
    ETAG_HEADER,
    IfMatch,
    IfNoneMatch,
    conditional_response,
    etag,
    expected_revision,
)
from gatepost_api.http.json_body import to_utc
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import TokenInPath, UserInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.people.requests import (
    TokenCreate,
    UserChange,
    UserCreate,
    UserReset,
    to_accounts,
)
from gatepost_api.people.responses import (
    Grant,
    Invitation,
    IssuedToken,
    Me,
    Token,
    TokenPage,
    User,
    UserPage,
)
from gatepost_api.settings_changes.guarded_execution import execute_settings_change
from gatepost_api.settings_changes.responses import ACCEPTED_RESPONSE
from gatepost_domain.access import users as domain
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access import invitations, users
from gatepost_domain.actions.access.sign_in import NewToken
from gatepost_domain.errors import NotFound
from gatepost_domain.settings_changes.proposal import UserAddition


class UserController(Controller):
    """Operations on users and service accounts."""

    path = "/users"
    tags = ("people",)

    @post(
        summary="Add a user",
        responses={
            **problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
            **ACCEPTED_RESPONSE,
        },
        response_headers=CREATED_HEADERS,
    )
    async def add_user(
        self,
        request: ApiRequest,
        data: JSONBody[UserCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[User]:
        """Add a person or a service account, with grants.

        If the grants or groups give a right to review, operate or administer an environment whose
        policy has `settings_approvals`, another admin has to approve the addition: the response is
        202.
        """

        def respond(created: domain.User) -> WriteResponse:
            return WriteResponse.from_output(
                User.from_domain(created),
                status=201,
                Location=f"/api/v1/users/{quote(created.name)}",
                ETag=etag(created.revision),
            )

        return await execute_settings_change(
            request,
            lambda command: UserAddition(
                user=data.to_domain(command), accounts=to_accounts(data.logins)
            ),
            respond,
            revision=None,
            reason=data.reason,
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List users", responses=problem_responses(401, 422), response_headers=[LINK_HEADER]
    )
    async def list_users(
        self,
        request: ApiRequest,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.USERS)] = None,
    ) -> Response[UserPage]:
        """List all users, ordered by name."""
        page = await request.context.reads.users(page_request(limit, cursor, CursorKind.USERS))
        next_cursor = encode_cursor(page.next_key, CursorKind.USERS)
        items = [User.from_domain(user) for user in page.items]
        return page_response(request, UserPage(items=items, next_cursor=next_cursor), next_cursor)

    @get(
        "/{user:str}",
        summary="Get a user",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_user(
        self, request: ApiRequest, user: UserInPath, if_none_match: IfNoneMatch = None
    ) -> Response[User]:
        """Return one user by name."""
        stored_user = await request.context.reads.user(user)
        return conditional_response(
            User.from_domain(stored_user), stored_user.revision, if_none_match
        )

    @patch(
        "/{user:str}",
        summary="Update a user",
        responses={
            **problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
            **ACCEPTED_RESPONSE,
        },
        response_headers=[ETAG_HEADER],
    )
    async def change_user(
        self,
        request: ApiRequest,
        user: UserInPath,
        data: JSONBody[UserChange],
        if_match: IfMatch = None,
    ) -> Response[User]:
        """Update or disable a user. The change takes effect with the next request.

        Omitted fields are unchanged. If the change newly gives a right to review, operate or
        administer an environment whose policy has `settings_approvals`, another admin has to
        approve it: the response is 202. Changes that only take rights away take effect at once.
        """

        def respond(updated: domain.User) -> WriteResponse:
            return WriteResponse.from_output(User.from_domain(updated), ETag=etag(updated.revision))

        return await execute_settings_change(
            request,
            data.to_proposal(user),
            respond,
            revision=expected_revision(if_match),
            reason=data.reason,
        )

    @post(
        "/{user:str}/tokens",
        summary="Create a token",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def issue_token(
        self,
        request: ApiRequest,
        user: UserInPath,
        data: JSONBody[TokenCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[IssuedToken]:
        """Create a token for yourself or, with the `admin` role, for a service account.

        The secret is shown once and cannot be retrieved later. No one can create a token for
        another person; invite the person instead. In every four-eyes rule, a service account counts
        as the people who created it and issued its token. In a browser session, a token that is
        valid for more than 24 hours requires that you signed in with a link, an identity provider
        or a passkey within the last 10 minutes.

        If a service account has the role `operator`, `emergency` or `admin` in an environment whose
        policy has `settings_approvals`, only a user with the same role there, or the service
        account itself, can create a token with that role; for others, the response is 409
        `guarded_powers`.
        """
        holder = await request.context.reads.user(user)
        secret = generate_token_secret(holder.kind)
        expires_at = data.expires_at

        def issued(token: domain.Token, *, with_secret: bool) -> IssuedToken:
            return IssuedToken(
                token=Token.from_domain(token), secret=secret if with_secret else None
            )

        return await execute(
            request,
            partial(
                users.issue_token,
                name=user,
                id=request.context.new_id(),
                digest=secret_digest(secret),
                label=data.label,
                scopes=None
                if data.scopes is None
                else tuple(scope.to_domain() for scope in data.scopes),
                expires_at=None if expires_at is None else to_utc(expires_at, "#/expires_at"),
            ),
            lambda _, token: WriteResponse.from_output(
                issued(token, with_secret=True),
                on_replay=issued(token, with_secret=False),
                status=201,
                Location=f"/api/v1/users/{quote(token.user)}/tokens",
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        "/{user:str}/tokens",
        summary="List the tokens of a user",
        responses=problem_responses(401, 403, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_tokens(
        self,
        request: ApiRequest,
        user: UserInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.TOKENS)] = None,
    ) -> Response[TokenPage]:
        """List your tokens, newest first, without their secrets.

        With the `admin` role, you can also list another user's tokens.
        """
        stored_user = await request.context.reads.user(user)
        if stored_user.name != request.auth.actor.name:
            authorize(request.auth.actor, Right.MANAGE_PEOPLE)
        page = await request.context.reads.tokens(
            user, page_request(limit, cursor, CursorKind.TOKENS)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.TOKENS)
        items = [Token.from_domain(token) for token in page.items]
        return page_response(request, TokenPage(items=items, next_cursor=next_cursor), next_cursor)

    @delete(
        "/{user:str}/tokens/{token:str}",
        status_code=200,
        summary="Revoke a token",
        responses=problem_responses(401, 403, 404, 422, 503),
    )
    async def revoke_token(
        self, request: ApiRequest, user: UserInPath, token: TokenInPath
    ) -> Response[Token]:
        """Revoke your own token or, with the `admin` role, another user's.

        The token is refused from the next request on, and so is everything that was created with
        it, at any depth: sessions, tokens, and unaccepted invitations.
        """
        return await execute(
            request,
            partial(users.revoke_token, name=user, token=_parse_token_id(token)),
            lambda _, revoked: WriteResponse.from_output(Token.from_domain(revoked)),
        )

    @post(
        "/{user:str}/invitations",
        summary="Invite a person",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def invite_user(
        self, request: ApiRequest, user: UserInPath, idempotency_key: IdempotencyKey = None
    ) -> Response[Invitation]:
        """Create a single-use link with which a person enrols within 7 days.

        Earlier invitations of the person become invalid. Once the person accepts, you and everyone
        who could have acted as you become part of the person's `provenance`. A person who has a
        credential cannot be invited; reset the person's credentials first.

        A person who has ever had a credential, and has a right to review, operate or administer an
        environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
        Take these rights away first, invite the person, and then propose to restore them.
        """
        secret = generate_secret(INVITATION_PREFIX)
        new_token = NewToken(id=request.context.new_id(), digest=secret_digest(secret))
        url = f"{own_origin(request)}/invitation?link={secret}"
        respond = partial(Invitation.from_domain, invited_by=request.auth.actor.name)
        return await execute(
            request,
            partial(invitations.invite_user, name=user, new_token=new_token),
            lambda _, invitation: WriteResponse.from_output(
                respond(invitation, url=url),
                on_replay=respond(invitation, url=None),
                status=201,
                Location=f"/api/v1/users/{quote(invitation.user)}/tokens",
            ),
            idempotency_key=idempotency_key,
        )

    @post(
        "/{user:str}/reset",
        status_code=200,
        summary="Reset the credentials of a user",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[ETAG_HEADER],
    )
    async def reset_user(
        self, request: ApiRequest, user: UserInPath, data: JSONBody[UserReset]
    ) -> Response[User]:
        """Revoke all tokens, sessions, invitations and logins of a user.

        Everything that was created with them is also revoked. The reason is recorded permanently.
        You and everyone who could have acted as you become part of the user's `provenance`.
        """
        return await execute(
            request,
            partial(invitations.reset_user, name=user),
            lambda _, updated: WriteResponse.from_output(
                User.from_domain(updated), ETag=etag(updated.revision)
            ),
            note=data.reason,
        )


class MeController(Controller):
    """Operations on the caller."""

    path = "/me"
    tags = ("people",)

    @get(summary="Get the caller", responses=problem_responses(401, 422))
    async def get_me(self, request: ApiRequest) -> Me:
        """Return the authenticated user and the grants of the token used."""
        caller = request.auth
        return Me(
            user=User.from_domain(caller.user),
            grants=[Grant.from_domain(grant) for grant in caller.actor.grants],
            token=Token.from_domain(caller.token),
        )


def _parse_token_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("token", text) from None
