"""GitHub jobs over HTTP, and the answers that workers claim."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import rsa

from gatepost_api.signing.github_app import GitHubApp
from tests.support.domain.ingest import github_job
from tests.support.http.api import Api, Json, auth_header, ok_json
from tests.support.http.ingest import send_github, set_up
from tests.support.http.request_builders import OperationRequest, post

CLIENT_ID: Final = "Iv23liExample"
TEXTS: Final[Json] = {"rollback_plan": "Deploy the previous version.", "risk": "Low."}
SETTINGS: Final[Json] = {
    "service_map": {"example/*": "shop"},
    "create_missing": True,
    "requests": TEXTS,
}
BODIES: Final[dict[str, Json]] = {"finish_protection_answer": {"fencing_token": 1, "status": 204}}
"""The body of the operation, for an answer that was claimed once."""


@cache
def a_key() -> rsa.RSAPrivateKey:
    """Return the private key of the App."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def use_github_app(api: Api, api_url: str = "https://api.github.com") -> GitHubApp:
    """Let the server answer jobs in the name of an App."""
    app = GitHubApp(client_id=CLIENT_ID, api_url=api_url, key=a_key())
    api.app.state.context = replace(api.app.state.context, github_app=app)
    return app


async def send_job(api: Api, environment: str = "development", **fields: Any) -> Json:
    """Send the delivery of a waiting job, and return its result."""
    payload = github_job(environment=environment, **fields)
    delivery = fields.get("number", 7)
    return await send_github(
        api, payload, event="deployment_protection_rule", delivery=f"job-{delivery}"
    )


async def claim_answer(api: Api, worker: str = "berlin-1") -> Json:
    """Let a job wait that is approved at once, and claim the answer."""
    use_github_app(api)
    await set_up(api, **SETTINGS)
    sent = await send_job(api)
    assert sent["state"] == "applied", sent["reason"]
    return await claim(api, worker)


async def claim(api: Api, worker: str = "berlin-1") -> Json:
    """Claim the next answer as a worker."""
    body = {"worker": worker, "kinds": ["protection_answer"]}
    return ok_json(await api.post("/worker/claims", body))


async def answer_id(api: Api) -> str:
    """Return the id of the only answer, or a nil id."""
    owner = auth_header("owner")
    for delivery in ok_json(await api.get("/ingest/deliveries", headers=owner))["items"]:
        detail = ok_json(await api.get(f"/ingest/deliveries/{delivery['id']}", headers=owner))
        if detail["protection_answer"] is not None:
            return str(detail["protection_answer"]["id"])
    return str(UUID(int=0))


async def finish_protection_answer(api: Api) -> OperationRequest:
    """Prepare a report about an answer."""
    task = await claim_answer(api)
    body = {"fencing_token": task["fencing_token"], "status": 204}
    return post(f"/worker/protection-answers/{task['id']}/finish", body)
