"""Linking the caller's account at the identity provider, from their own account page."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from gatepost_api.auth.cookies import flow_cookie, read_flow_state, session_secret
from gatepost_api.auth.oidc_token_resolution import account_of
from gatepost_api.console.forms.form import FORM_ERRORS, read_form, redirect_to, to_page_error
from gatepost_api.console.pages.person import person_page
from gatepost_api.console.rendering.page import PageError
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import UserInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.oidc.issuer import InvalidIdToken, IssuerUnreachable
from gatepost_api.oidc.trusted_issuers import Provider
from gatepost_api.sign_in.authorization_code import (
    complete_authorization,
    read_account_link_flow,
    start_account_link_flow,
)
from gatepost_api.sign_in.pages import callback_url
from gatepost_domain.access.errors import CredentialOfAnother, FreshProofRequired
from gatepost_domain.actions.access.identity_provider_link import link_own_account
from gatepost_domain.actions.access.users import has_fresh_proof

_PROVIDER_ERRORS: Final = (InvalidIdToken, IssuerUnreachable)


class ProviderLinkPages(Controller):
    """Routes that link an account at the identity provider to the caller.

    Starting is a GET, because it changes nothing in Gatepost, and because browsers do not follow a
    redirect from a form to another host (`form-action` in the Content-Security-Policy).
    """

    path = "/people/{user:str}/provider-login"

    @get(include_in_schema=False)
    async def start(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Redirect the caller to the identity provider to sign in with the account to link."""
        try:
            person = await request.context.reads.user(user)
            if person.name != request.auth.user.name:
                raise CredentialOfAnother(request.auth.user.name, person.name)
            if not has_fresh_proof(request.auth.actor, request.context.now()):
                raise FreshProofRequired(person.name, "linking an account")
            authorization = await start_account_link_flow(
                _provider(request),
                callback_url(request),
                user=person.name,
                session=session_secret(request) or "",
            )
        except (*FORM_ERRORS, *_PROVIDER_ERRORS) as error:
            return await person_page(request, user, error=_page_error(error))
        cookie = flow_cookie(request, authorization.flow_state)
        return Redirect(authorization.url, status_code=303, cookies=[cookie])

    @post(include_in_schema=False)
    async def link_provider_account(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Link the account that the caller has just signed in with at the identity provider."""
        form, flow_state = await read_form(request), read_flow_state(request)
        try:
            provider, flow = _provider(request), read_account_link_flow(flow_state)
            if flow is None or not flow.is_of_session(session_secret(request) or ""):
                raise InvalidIdToken(
                    "The attempt to link has expired or began in another session; try again."
                )
            claims = await complete_authorization(
                provider,
                callback_url(request),
                flow_state=flow_state,
                state=form.get("state"),
                code=form.get("code"),
            )
            response = await execute(
                request,
                partial(
                    link_own_account, account=account_of(provider, claims), user_name=flow.user
                ),
                redirect_to(lambda linked: f"/people/{url_quote(linked.name)}?done=login_linked"),
            )
        except (*FORM_ERRORS, *_PROVIDER_ERRORS) as error:
            return await person_page(request, user, error=_page_error(error))
        return Redirect(
            response.headers["Location"], status_code=303, cookies=[flow_cookie(request, "")]
        )


def _provider(request: ApiRequest) -> Provider:
    """Return the identity provider.

    Raises:
        InvalidIdToken: no identity provider is configured.
    """
    provider = request.context.trusted_issuers.provider
    if provider is None:
        raise InvalidIdToken("No identity provider is configured.")
    return provider


def _page_error(error: Exception) -> PageError:
    if isinstance(error, IssuerUnreachable):
        return PageError(sentence=str(error), status=HTTPStatus.SERVICE_UNAVAILABLE)
    if isinstance(error, InvalidIdToken):
        return PageError(sentence=str(error), status=HTTPStatus.BAD_REQUEST)
    return to_page_error(error)
