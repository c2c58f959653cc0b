"""What the console says about reviews by people who are not independent."""

from __future__ import annotations

from typing import Final

from gatepost_domain.status_transitions import Action
from tests.integration.console.conftest import AsUser
from tests.support.console import ConsoleClient, visible_text
from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client
from tests.support.http.users import (
    create_environment,
    enrol,
    invite_user,
    post_user,
    store_renamed_admin,
)

LANE: Final = "canary"
INVITED: Final = "sock was invited by owner, who requested this deployment"


async def sign_in_invited(api: Api, name: str, group: str) -> ConsoleClient:
    """Enrol a reviewer whom the owner has invited, and return their browser."""
    headers = await invite_user(api, name, groups=[group])
    client = anonymous_client(api)
    token = headers["Authorization"].removeprefix("Bearer ")
    signed_in = await client.post("/sign-in", data={"token": token}, headers=SAME_ORIGIN)
    assert signed_in.is_redirect
    return ConsoleClient(client=client)


def section(html: str, element_id: str) -> str:
    """Return the text of a section of a page."""
    return visible_text(html.partition(f'id="{element_id}"')[2].partition("</section>")[0])


async def test_reviewer_is_told_that_the_approval_will_be_marked(api: Api, as_user: AsUser) -> None:
    """The inbox and the gate say so before, and the page of the deployment afterwards."""
    await create_environment(api, LANE, ["qa"])
    await api.create_deployment(by="owner", environment=LANE)
    sock = await sign_in_invited(api, "sock", "qa")

    inbox = await sock.open("/inbox")
    before = await sock.open("/deployments/DEP-1")
    after = await sock.submit_and_follow("/deployments/DEP-1/approve")
    seen_by_owner = await (await as_user("owner")).open("/deployments/DEP-1")
    await sock.client.aclose()

    assert f"Your review would be marked as dependent: {INVITED}." in section(inbox, "reviews")
    assert "would be marked as dependent: sock was invited by owner" in section(before, "gates")
    assert "Dependent review" not in visible_text(before)
    for page in (after, seen_by_owner):
        assert "Dependent review" in visible_text(page)
        assert "Approved by sock, who was invited by the requester (owner)." in section(
            page, "review"
        )


async def test_reviewer_is_told_that_independence_is_required(api: Api, as_user: AsUser) -> None:
    """The inbox and the page of the deployment say so to those it concerns, and why."""
    await create_environment(api, LANE, ["qa"], independent_reviewers="required")
    await api.create_deployment(by="owner", environment=LANE)
    sock = await sign_in_invited(api, "sock", "qa")
    stranger = await sign_in_invited(api, "stranger", "devops")

    inbox, page = await sock.open("/inbox"), await sock.open("/deployments/DEP-1")
    others = [await each.open("/inbox") for each in (stranger, await as_user("owner"))]
    quinn = await (await as_user("quinn")).open("/inbox")
    for console in (sock, stranger):
        await console.client.aclose()

    reason = f"{INVITED}, and canary requires independent reviewers"
    refused = section(inbox, "refused-reviews")
    assert "Waiting for an independent reviewer" in refused
    assert "DEP-1" in refused
    assert reason in refused
    assert "DEP-1" not in section(inbox, "reviews")
    assert reason in section(page, "actions")
    assert (
        "sock is not independent, but the policy requires independent reviewers: sock was invited "
        "by owner"
    ) in section(page, "gates")
    assert "DEP-1" in section(quinn, "reviews")
    for other in (*others, quinn):
        assert "independent reviewer" not in visible_text(other)


async def test_after_review_waits_for_an_independent_reviewer_too(api: Api) -> None:
    """Break-glass needs no approval, but its review is under the same rule."""
    await create_environment(api, LANE, ["qa"], independent_reviewers="required")
    deployment = await api.create_deployment(by="ada", environment=LANE)
    ok_json(await api.perform(deployment, Action.BREAK_GLASS))
    sock = await sign_in_invited(api, "sock", "qa")

    inbox = await sock.open("/inbox")
    await sock.client.aclose()

    assert "sock was invited by owner, who used break-glass" in section(inbox, "refused-reviews")


async def test_sentences_name_people_as_they_are_called_now(api: Api, as_user: AsUser) -> None:
    """The records know a renamed user by a key of the former name, which readers do not know."""
    await store_renamed_admin(api)
    zoe = auth_header("zo-")
    await post_user(api, "sock", by=zoe, grants=[{"role": "reviewer"}], groups=["qa"])
    sock = await enrol(api, "sock", by=zoe)
    await create_environment(api, LANE, ["qa"], independent_reviewers="required")
    await create_environment(api, "lenient", ["qa"])
    for environment in (LANE, "lenient"):
        await api.create_deployment(by="zo-", environment=environment)
    ok_json(await api.post("/deployments/DEP-2/approve", {}, headers=sock))

    inbox = ok_json(await api.get("/reviews/inbox", headers=sock))
    denied = await api.post("/deployments/DEP-1/approve", {}, headers=sock)
    gates = ok_json(await api.get("/deployments/DEP-1/gates"))
    page = await (await as_user("owner")).open("/deployments/DEP-2")

    invited = "sock was invited by zo-, who requested this deployment"
    assert invited in inbox["refused"][0]["refused_because"]
    assert invited in denied.json()["detail"]
    assert invited in gates["gates"][0]["message"]
    assert "Approved by sock, who was invited by the requester (zo-)." in section(page, "review")
