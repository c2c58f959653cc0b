"""Waiting GitHub jobs, over HTTP: from the delivery to the answer of a worker."""

from __future__ import annotations

import json
from datetime import timedelta

import jwt
import pytest

from gatepost_domain.status_transitions import Action
from tests.support.domain.ingest import CALLBACK_URL, github_status
from tests.support.http.api import Api, assert_problem, ok_json
from tests.support.http.ingest import send_github, set_up
from tests.support.http.protection_answers import (
    CLIENT_ID,
    SETTINGS,
    a_key,
    claim,
    claim_answer,
    send_job,
    use_github_app,
)

CLAIM = {"worker": "berlin-1", "kinds": ["protection_answer"]}
FINISH = "/worker/protection-answers/{}/finish"


async def test_job_waits_for_the_approval_and_ends_the_deployment(api: Api) -> None:
    """The whole way: request, review, answer, and the report of the job."""
    use_github_app(api)
    await set_up(api, **SETTINGS)
    job = await send_job(api, "staging")
    (linked,) = job["deployments"]
    assert (await api.post("/worker/claims", CLAIM)).status_code == 204
    deployment = ok_json(await api.get(f"/deployments/{linked['number']}"))
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))

    task = await claim(api)
    body = json.loads(task["body"])
    finished = ok_json(
        await api.post(FINISH.format(task["id"]), {"fencing_token": 1, "status": 204})
    )
    report = await send_github(api, github_status(environment="staging"), delivery="d-2")

    assert (task["kind"], task["url"]) == ("protection_answer", CALLBACK_URL)
    assert task["token_url"] == "https://api.github.com/app/installations/42/access_tokens"
    assert (body["environment_name"], body["state"]) == ("staging", "approved")
    assert body["comment"].endswith(f"/deployments/{linked['number']}")
    assert (finished["state"], finished["verdict"]) == ("sent", "approved")
    assert report["deployments"] == [linked]
    ended = ok_json(await api.get(f"/deployments/{linked['number']}"))
    assert (ended["status"], ended["kind"]) == ("succeeded", "request")
    detail = ok_json(await api.get(f"/ingest/deliveries/{job['id']}"))
    assert detail["protection_answer"] == finished


async def test_token_of_the_app_is_signed_and_expires_soon(api: Api) -> None:
    """GitHub refuses tokens that are valid for more than ten minutes."""
    task = await claim_answer(api)
    claims = jwt.decode(
        task["app_token"],
        a_key().public_key(),
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_iat": False},
    )

    now = api.clock().timestamp()
    assert claims["iss"] == CLIENT_ID
    assert claims["iat"] == now - 60
    assert 0 < claims["exp"] - now < 600


async def test_failed_attempt_is_repeated(api: Api) -> None:
    """The state is shown with the delivery."""
    task = await claim_answer(api)
    report = {"fencing_token": 1, "status": 503, "detail": "GitHub responded with 503."}

    waiting = ok_json(await api.post(FINISH.format(task["id"]), report))
    response = await api.post(FINISH.format(task["id"]), report | {"fencing_token": 9})
    api.clock.advance(timedelta(minutes=1))
    again = await claim(api)

    assert (waiting["state"], waiting["response_status"]) == ("waiting", 503)
    assert waiting["detail"] == "GitHub responded with 503."
    assert waiting["next_attempt_at"] is not None
    assert_problem(response, 409, "answer_claim_lost")
    assert (again["id"], again["fencing_token"]) == (task["id"], 2)


async def test_unknown_answer_is_not_found(api: Api) -> None:
    """Whether or not the path has an id."""
    for name in ("7", "01936f5e-0000-7000-8000-000000000007"):
        response = await api.post(FINISH.format(name), {"fencing_token": 1})
        assert_problem(response, 404, "unknown_protection_answer")


async def test_no_token_is_sent_to_another_server(api: Api) -> None:
    """Whoever knows the secret of the source could otherwise name a server of their own."""
    use_github_app(api, "https://git.example.com/api/v3")
    await set_up(api, **SETTINGS)
    job = await send_job(api)

    assert (await api.post("/worker/claims", CLAIM)).status_code == 204
    detail = ok_json(await api.get(f"/ingest/deliveries/{job['id']}"))
    assert detail["protection_answer"]["state"] == "waiting"
    assert "GATEPOST_GITHUB_API" in detail["protection_answer"]["detail"]


async def test_requests_need_a_github_app(api: Api) -> None:
    """Otherwise jobs would wait in vain; no task is handed out without one."""
    body = {"secret": "a-secret-of-the-tests", **SETTINGS}

    assert_problem(await api.put("/ingest/github", body), 422, "github_app_required", "#/requests")
    assert (await api.post("/worker/claims", CLAIM)).status_code == 204
    use_github_app(api)
    assert_problem(await api.put("/ingest/gitlab", body), 422, "unused_setting", "#/requests")


async def test_settings_return_the_texts(api: Api) -> None:
    """They contain no secret."""
    use_github_app(api)

    source = await set_up(api, **SETTINGS)

    assert source["requests"] == SETTINGS["requests"]
    assert ok_json(await api.get("/ingest"))["items"] == [source]


@pytest.mark.parametrize("texts", [{}, {"rollback_plan": ""}, {"rollback_plan": "x", "extra": 1}])
async def test_texts_are_checked(api: Api, texts: dict[str, object]) -> None:
    """A rollback plan is required."""
    use_github_app(api)
    body = {"secret": "a-secret-of-the-tests", "requests": texts}

    assert (await api.put("/ingest/github", body)).status_code == 422
