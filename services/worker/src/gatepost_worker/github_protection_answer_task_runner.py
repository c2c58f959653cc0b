"""The task runner for protection answers: answers a GitHub job once, as the GitHub App."""

from __future__ import annotations

import json
import logging
from typing import Any, Final

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.redaction import redact
from gatepost_worker.http.client import HttpClient, Response
from gatepost_worker.http.errors import RequestFailed
from gatepost_worker.tasks import ProtectionAnswerReport, ProtectionAnswerTask
from gatepost_worker.webhook_delivery_task_runner import MAX_DETAIL_CHARS, parse_retry_after

API_VERSION: Final = "2022-11-28"
"""The version of GitHub's REST API: https://docs.github.com/rest/about-the-rest-api/api-versions"""

_log = logging.getLogger("gatepost.worker")


class _TokenRefused(Exception):
    """GitHub issued no token."""

    def __init__(self, response: Response, detail: str) -> None:
        super().__init__(detail)
        self.response = response


async def send_answer(
    task: ProtectionAnswerTask, *, dependencies: Dependencies
) -> ProtectionAnswerReport:
    """Send a task's answer, and return how GitHub responded.

    The bodies of the responses are not reported, because the first response contains a secret.
    """
    http, clock = dependencies.create_message_client(task), dependencies.clock
    try:
        token = await _request_token(task, http)
        response = await http.request(
            "POST",
            task.url,
            timeout_s=task.timeout_s,
            body=task.body,
            headers={**_headers(token), "Content-Type": "application/json"},
        )
    except _TokenRefused as error:
        return _build_report(None, error.response, f"{error}", clock)
    except RequestFailed as error:
        return _build_report(None, None, f"{error}", clock)
    except Exception as error:  # noqa: BLE001  # any bug
        _log.exception("A GitHub job was not answered because of an internal error.")
        detail = f"Internal error in the worker ({type(error).__name__}); see the worker's log."
        return _build_report(None, None, detail, clock)
    return _build_report(response.status, response, _describe(response.status), clock)


async def _request_token(task: ProtectionAnswerTask, http: HttpClient) -> str:
    """Return the installation's token, which is valid for an hour.

    Raises:
        RequestFailed: there is no response.
        _TokenRefused: the response has no token.
    """
    response = await http.request(
        "POST",
        task.token_url,
        timeout_s=task.timeout_s,
        body=b"",
        headers=_headers(task.app_token),
    )
    if not _is_success(response.status):
        raise _TokenRefused(
            response,
            f"GitHub refused the GitHub App with {response.status}. Check GATEPOST_GITHUB_APP and "
            "its key on the server, and check that the App is installed for the repository.",
        )
    try:
        answer: Any = json.loads(response.body)
    except (ValueError, RecursionError):
        answer = None
    token = answer.get("token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise _TokenRefused(response, "GitHub's response contains no token.")
    return token


def _headers(token: str) -> dict[str, str]:
    return {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token}",
        "X-GitHub-Api-Version": API_VERSION,
    }


def _build_report(
    status: int | None, response: Response | None, detail: str, clock: Clock
) -> ProtectionAnswerReport:
    retry_after = None if response is None else response.headers.get("retry-after")
    return ProtectionAnswerReport(
        status=status,
        retry_after_s=None if retry_after is None else parse_retry_after(retry_after, clock),
        detail=redact(detail)[:MAX_DETAIL_CHARS],
    )


def _describe(status: int) -> str:
    return "" if _is_success(status) else f"GitHub responded to the answer with {status}."


def _is_success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004  # the statuses of success
