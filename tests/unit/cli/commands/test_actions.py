"""What each word asks of the server, and how it answers people and programs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.command import Command, a_deployment, an_event, gates

ME: dict[str, Any] = {
    "user": {
        "name": "quinn",
        "kind": "human",
        "human": "quinn",
        "grants": [],
        "groups": ["qa", "devops"],
        "disabled": False,
        "login": None,
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
        "revision": 1,
    },
    "grants": [
        {"role": "reviewer", "service": None, "environment": None},
        {"role": "operator", "service": "shop", "environment": "production"},
    ],
    "token": {
        "id": "01936f5e-0000-7000-8000-000000000001",
        "user": "quinn",
        "kind": "personal",
        "label": "laptop",
        "issuer": "owner",
        "scopes": None,
        "created_at": "2026-11-21T12:00:00Z",
        "expires_at": "2026-12-21T12:00:00Z",
        "last_used_at": None,
        "revoked_at": None,
    },
}
REQUEST = ["request", "shop", "1.4.2", "--to=production", "--work", "SHOP-812", "SHOP-813"]
PLAN = "--rollback-plan=Redeploy 1.4.1."


def test_whoami_tells_roles_and_groups(gatepost: Command) -> None:
    """What the token allows is told with the reach of each role; the token itself is not told."""
    gatepost.says("GET /me", ME)

    assert gatepost("whoami").out == (
        "name     quinn\n"
        "kind     human\n"
        "roles    reviewer\n"
        "         operator of shop in production\n"
        "groups   qa, devops\n"
        "token    laptop\n"
        "issuer   owner\n"
        "expires  2026-12-21 12:00:00Z\n"
    )


def test_a_request_prints_its_number_alone(gatepost: Command) -> None:
    """A script takes the number from standard output as it is."""
    gatepost.says("POST /deployments", a_deployment())

    ran = gatepost(*REQUEST, PLAN, "--risk=None known.", "--work=SHOP-814")

    assert (ran.code, ran.out, ran.err) == (0, "DEP-42\n", "")
    assert gatepost.sent == {
        "service": "shop",
        "version": "1.4.2",
        "environment": "production",
        "work_references": ["SHOP-812", "SHOP-813", "SHOP-814"],
        "rollback_plan": "Redeploy 1.4.1.",
        "risk": "None known.",
        "notes": None,
    }
    assert "idempotency-key" not in gatepost.asked[0].headers


def test_a_request_can_be_made_safe_to_repeat(gatepost: Command) -> None:
    """A pipeline that is run again asks for the same deployment."""
    gatepost.says("POST /deployments", a_deployment())

    gatepost(*REQUEST, PLAN, "--idempotency-key=build-7")

    assert gatepost.asked[0].headers["idempotency-key"] == "build-7"


def test_show_tells_what_was_asked_for_and_what_became_of_it(gatepost: Command) -> None:
    """What there is not is left out, and a text of several lines keeps them."""
    gatepost.says("GET /deployments/DEP-42", a_deployment())

    assert gatepost("show", "DEP-42").out == (
        "number         DEP-42\n"
        "kind           request\n"
        "status         pending_approval\n"
        "service        shop\n"
        "version        1.4.2\n"
        "environment    production (tier production)\n"
        "requester      ada\n"
        "work           SHOP-812\n"
        "               SHOP-813\n"
        "risk           Checkout may be slow.\n"
        "rollback plan  Redeploy 1.4.1.\n"
        "               Tell support.\n"
        "review         approved_by_qa\n"
        "               qa: 1 of 1, quinn\n"
        "               devops: 0 of 1, nobody yet\n"
        "asked          2026-11-21 12:00:00Z\n"
    )


def test_list_aligns_its_columns_and_says_that_there_is_more(gatepost: Command) -> None:
    """Filters go to the server as they are given, also words that this command does not know."""
    page = {"items": [a_deployment(), a_deployment("started")], "next_cursor": "c2"}
    gatepost.says("GET /deployments", page)

    filters = ["--service=shop", "--service=portal", "--status=paused", "--tier=test"]
    ran = gatepost("list", *filters, "--kind=request", "--limit=2", "--cursor=c1")

    assert ran.out == (
        "NUMBER  STATUS            SERVICE  VERSION  ENVIRONMENT  REQUESTER  ASKED\n"
        "DEP-42  pending_approval  shop     1.4.2    production   ada        2026-11-21 12:00:00Z\n"
        "DEP-42  started           shop     1.4.2    production   ada        2026-11-21 12:00:00Z\n"
    )
    assert ran.err == "There are more: --cursor c2\n"
    assert gatepost.asked[0].url.params.multi_items() == [
        ("service", "shop"),
        ("service", "portal"),
        ("tier", "test"),
        ("status", "paused"),
        ("kind", "request"),
        ("limit", "2"),
        ("cursor", "c1"),
    ]


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        (["approve", "--note=Fine.", "--stage=qa"], {"note": "Fine.", "stage": "qa"}),
        (["start"], {"note": None}),
        (["succeed", "--note=At last."], {"note": "At last."}),
        (["reject", "--note=Not on a Friday."], {"note": "Not on a Friday."}),
        (["fail", "--note=No disk."], {"note": "No disk."}),
        (["rollback", "--note=Slow."], {"note": "Slow.", "redeploy": False}),
        (
            ["promote", "--to=production", "--risk=None."],
            {"environment": "production", "risk": "None.", "note": None},
        ),
        (["cancel", "--note=Not needed."], {"note": "Not needed."}),
    ],
    ids=lambda case: case[0] if isinstance(case, list) else "",
)
def test_an_action_is_sent_and_its_result_told(
    gatepost: Command, arguments: list[str], sent: dict[str, str]
) -> None:
    """Each action is one request, and one line says where the deployment stands now."""
    word, *options = arguments
    gatepost.says(f"POST /deployments/DEP-42/{word}", a_deployment())

    ran = gatepost(word, "DEP-42", *options)

    assert (ran.code, ran.out) == (0, "DEP-42 is pending_approval (approved_by_qa).\n")
    assert gatepost.sent == sent


def test_gates_tell_who_can_act_and_what_the_caller_may_do(gatepost: Command) -> None:
    """The answer to: why does it wait, and can I do something about it?"""
    gatepost.says("GET /deployments/DEP-42/gates", gates("Waits for devops."))

    assert gatepost("gates", "DEP-42").out == (
        "GATE      STATE    OPENS  WHO CAN ACT   WHY\n"
        "approval  waiting  -      group:devops  Waits for devops.\n"
        "lane      open     -      group:devops  Nothing is under way.\n"
        "\n"
        "ACTION   YOU MAY  WHY NOT\n"
        "approve  no       You asked for it.\n"
        "cancel   yes      -\n"
    )


def test_a_deployment_without_gates_is_told_so(gatepost: Command) -> None:
    """Once it has started nothing stands before it, and that is said in words."""
    gatepost.says("GET /deployments/DEP-42/gates", {**gates(), "gates": []})

    assert gatepost("gates", "DEP-42").out.startswith("No gates stand before it.\n\nACTION ")


def test_events_are_told_to_the_last_page(gatepost: Command) -> None:
    """People see a line for each event, programs one list of them all."""
    asked = an_event("requested", "pending_approval")
    rejected = an_event("rejected", "rejected", "Not on\na Friday.")
    pages = {"items": [asked], "next_cursor": "c2"}, {"items": [rejected], "next_cursor": None}
    gatepost.says("GET /deployments/DEP-42/events", *pages, *pages)

    people, programs = gatepost("events", "DEP-42"), gatepost("events", "DEP-42", "--json")

    assert people.out == (
        "AT                    EVENT      ACTOR  STAGE  NOTE\n"
        "2026-11-21 12:05:00Z  requested  quinn  -      -\n"
        "2026-11-21 12:05:00Z  rejected   quinn  -      Not on a Friday.\n"
    )
    assert programs.document == {"items": [asked, rejected], "next_cursor": None}


@pytest.mark.parametrize(
    ("arguments", "question", "answer"),
    [
        (["whoami"], "GET /me", ME),
        ([*REQUEST, PLAN], "POST /deployments", a_deployment()),
        (["show", "DEP-42"], "GET /deployments/DEP-42", a_deployment()),
        (["list"], "GET /deployments", {"items": [a_deployment()], "next_cursor": "c"}),
        (["start", "DEP-42"], "POST /deployments/DEP-42/start", a_deployment("started")),
        (["gates", "DEP-42"], "GET /deployments/DEP-42/gates", gates("Waits.")),
    ],
    ids=lambda case: case[0] if isinstance(case, list) else "",
)
def test_json_is_exactly_what_the_server_said(
    gatepost: Command, arguments: list[str], question: str, answer: dict[str, Any]
) -> None:
    """A program gets every field as it was sent, also those that this command does not know."""
    gatepost.says(question, answer)

    ran = gatepost(*arguments, "--json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.document == answer
