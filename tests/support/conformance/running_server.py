"""Sending the cases of the conformance tests to a running server, which may contain other records.

All records that the cases use are created with unique names, when a case first needs them. Names
and ids in a case are placeholders, which are replaced with those of the records, so that no case
changes a record of somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Self

from schemathesis import Case, Response
from schemathesis.specs.openapi.checks import ignored_auth

from gatepost_api.claims.requests import MAX_WAIT_S
from gatepost_api.server.bootstrap import OWNER
from tests.support.conformance.records import NAME, TESTER, Records
from tests.support.http.api import token_secret

STREAM_S: Final = 2
"""How long to read an event stream, which does not end by itself, in seconds."""

POLICY_OPERATIONS: Final = frozenset({"put_policy", "change_environment"})
"""Operations after which an environment is of no use to the other cases."""

DOCUMENT_NAMES: Final = {
    "service_name": "service",
    "appId": "service",
    "applicationId": "service",
    "envId": "environment",
    "environmentId": "environment",
}
"""Maps the parameter names of the compatibility interfaces to ours."""


class RunningServer:
    """A running server, with the records that the cases use."""

    def __init__(self, url: str, owner_token: str) -> None:
        self._url = url
        self._records = Records(url, owner_token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._records.close()

    def send(self, operation: str, case: Case[Any]) -> Response:
        """Send a case, and check that the response conforms to the contract.

        Whether an operation requires a token is not checked: a server refuses further requests from
        an address that has sent several wrong tokens.
        """
        self._adapt(operation, case)
        options: dict[str, Any] = {"timeout": STREAM_S} if operation == "stream_events" else {}
        return case.call_and_validate(self._url, excluded_checks=[ignored_auth], **options)

    def _adapt(self, operation: str, case: Case[Any]) -> None:
        """Replace the placeholders of a case."""
        suffix = "-changed" if operation in POLICY_OPERATIONS or operation == "change_user" else ""
        replacements: dict[str, Callable[[str], object]] = {
            "service": lambda name: self._records.service_for(operation, name),
            "environment": lambda name: self._records.environment(name, suffix),
            "user": lambda name: self._records.user(name, suffix),
            "deployment": self._records.deployment,
            "token": self._records.token,
            "freeze": self._records.freeze,
            "claim": self._records.claim,
        }
        if case.headers and case.headers.get("Authorization") == f"Bearer {token_secret(OWNER)}":
            case.headers["Authorization"] = f"Bearer {self._records.secret(TESTER)}"
        parameters = case.path_parameters or {}
        for name in parameters:
            replace = replacements.get(DOCUMENT_NAMES.get(name, name))
            if replace is not None and isinstance(parameters[name], str):
                parameters[name] = replace(parameters[name])
        if isinstance(case.body, dict):
            self._adapt_body(operation, case.body, replacements)

    def _adapt_body(
        self, operation: str, body: dict[str, Any], replacements: dict[str, Callable[[str], object]]
    ) -> None:
        is_registration = operation == "register_platform_service"
        for name in ("service", "environment", *(() if is_registration else DOCUMENT_NAMES)):
            if isinstance(body.get(name), str):
                body[name] = replacements[DOCUMENT_NAMES.get(name, name)](body[name])
        match operation:
            case "register_service" | "create_environment" | "add_user":
                self._make_unique(body, "name")
            case "register_platform_service":
                self._make_unique(body, "service_name")
            case "impose_freeze":
                self._limit_scope(body.setdefault("scope", {}))
            case "claim_task":
                self._records.queue_batch()
                if type(body.get("wait_s")) is int and body["wait_s"] in range(MAX_WAIT_S + 1):
                    body["wait_s"] = 0
            case "renew_claim" | "report_steps" | "finish_claim":
                if (token := body.get("fencing_token")) in (1, 2, 3):
                    body["fencing_token"] = self._records.tasks[token - 1].fencing_token
            case _:
                pass

    def _make_unique(self, body: dict[str, Any], field: str) -> None:
        if isinstance(body.get(field), str):
            body[field] = self._records.unique(body[field])

    def _limit_scope(self, scope: object) -> None:
        """Limit a freeze to a service; it could otherwise apply to all services of the server."""
        if not isinstance(scope, dict):
            return
        service = scope.get("service")
        if service is None or (isinstance(service, str) and NAME.fullmatch(service)):
            scope["service"] = self._records.service("frozen")
