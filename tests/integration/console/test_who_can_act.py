"""Who can act on a gate, as the page of a deployment and the preview of a request say it."""

from __future__ import annotations

import pytest

from gatepost_api.console.views.who_can_act import describe_who_can_act
from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json
from tests.support.http.users import patch_user

PREVIEW = "/deployments/new?copy=DEP-1"
"""The form for requesting DEP-1 again, with the preview of its gates."""


@pytest.mark.parametrize(
    ("who_can_act", "people", "text"),
    [
        ((), {}, ""),
        (("user:devin",), {}, "devin"),
        (("group:qa", "reviewer"), {}, "group qa or reviewer"),
        (
            ("operator", "emergency"),
            {"operator": ["olga"], "emergency": ["emma", "olga"]},
            "olga or emma",
        ),
        (("operator", "emergency"), {"operator": [], "emergency": ["emma"]}, "emma"),
        (("operator", "emergency"), {"operator": [], "emergency": []}, "operator or emergency"),
        (("user:a", "user:b", "user:c", "user:d", "user:e"), {}, "a, b, c, d or e"),
        (tuple(f"user:p{n}" for n in range(9)), {}, "p0, p1, p2, p3 or 5 others"),
        (
            (*(f"user:p{n}" for n in range(20)), "group:qa"),
            {},
            "p0, p1, p2, p3 or more than 16 others",
        ),
    ],
)
def test_people_are_named_before_roles(
    who_can_act: tuple[str, ...], people: dict[str, list[str]], text: str
) -> None:
    """Each once, cut with the number of the others; roles only if nobody holds any of them."""
    assert describe_who_can_act(who_can_act, people) == text


async def set_roles(api: Api) -> None:
    """Let only olga operate production, and only emma override its gates."""
    for name in ("owner", "ada", "bo", "quinn", "devin", "eve"):
        roles = ["requester", "reviewer"] + (["admin"] if name == "owner" else [])
        await patch_user(api, name, grants=[{"role": role} for role in roles])
    for name, role, environment in (
        ("olga", "operator", None),
        ("emma", "emergency", "production"),
        ("otto", "operator", "staging"),
    ):
        grant = {"role": role, **({"environment": environment} if environment else {})}
        if name != "olga":
            await api.create_user(name, roles=(), groups=())
        await patch_user(api, name, grants=[grant])


async def test_gates_and_sentence_name_the_same_people(api: Api, as_user: AsUser) -> None:
    """Only people with the role in that environment are named, wherever a gate is shown."""
    created_json(
        await api.post("/freezes", {"reason": "Holidays", "scope": {"tier": "production"}})
    )
    await api.deployment(Status.APPROVED)
    await set_roles(api)
    console = await as_user("ada")

    page = visible_text(await console.open("/deployments/DEP-1"))
    preview = visible_text(await console.open(PREVIEW))

    assert page.count("Who can act: olga or emma.") == 2
    assert "Who can act: olga or emma." in preview
    assert "operator, emergency" not in page + preview


async def test_role_is_named_if_nobody_holds_it(api: Api, as_user: AsUser) -> None:
    """Then the page says what somebody needs."""
    created_json(
        await api.post("/freezes", {"reason": "Holidays", "scope": {"tier": "production"}})
    )
    await api.deployment(Status.APPROVED)
    await set_roles(api)
    for name in ("olga", "emma"):
        await patch_user(api, name, grants=[{"role": "viewer"}])

    page = visible_text(await (await as_user("ada")).open("/deployments/DEP-1"))

    assert "Who can act: operator or emergency." in page
