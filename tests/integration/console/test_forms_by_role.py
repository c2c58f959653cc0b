"""Pages offer only what a role of their reader allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from gatepost_api.console.views.action_buttons import ACTION_BUTTONS
from gatepost_domain.access.roles import ROLES_WITH, Right, Role
from gatepost_domain.lifecycle.transitions import RIGHT_TO
from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import PAGES, ConsoleClient, visible_text
from tests.support.http.api import Api, created_json, ok_json

FORMS: Final[tuple[tuple[str, frozenset[Right]], ...]] = (
    (r"/deployments/new", frozenset({Right.REQUEST})),
    (r"/record", frozenset({Right.RECORD})),
    (r"/services/new", frozenset({Right.REGISTER})),
    (r"/services/[\w-]+/versions", frozenset({Right.REGISTER})),
    (r"/services/[\w-]+/change", frozenset({Right.CHANGE_SERVICE, Right.ARCHIVE})),
    (r"/services/[\w-]+/unblock", frozenset({Right.UNBLOCK})),
    (r"/services/[\w-]+/release", frozenset({Right.RELEASE})),
    (r"/services/[\w-]+/targets/[\w-]+/checks", frozenset({Right.OPERATE})),
    (r"/services/[\w-]+/targets/[\w-]+/release", frozenset({Right.RELEASE})),
    (r"/services/[\w-]+/targets/[\w-]+(/retire)?", frozenset({Right.CONFIGURE_TARGET})),
    (r"/environments(/[\w-]+/(order|settings|policy(/edit)?))?", frozenset({Right.CONFIGURE})),
    (r"/incidents(/[\w-]+/(resolve|link))?", frozenset({Right.INCIDENT})),
    (r"/ingest/deliveries/[\w-]+/replay", frozenset({Right.CONFIGURE})),
    (r"/freezes(/import|/[\w-]+/lift)?", frozenset({Right.FREEZE})),
    (r"/inbox/approve", frozenset({Right.REVIEW})),
    (r"/deployments/DEP-\d+/cancel", frozenset({Right.CANCEL, Right.CANCEL_OWN})),
    (r"/deployments/DEP-\d+/promote", frozenset({Right.REQUEST})),
    (r"/deployments/DEP-\d+/hide", frozenset({Right.HIDE})),
    (r"/people(/\w+)?(/invite|/reset)?", frozenset({Right.MANAGE_PEOPLE})),
    (r"/people/\w+/(tokens|passkeys)(/[\w-]+/(revoke|remove))?", frozenset({Right.OWN_TOKENS})),
    (r"/people/\w+/notification-channels", frozenset({Right.OWN_NOTIFICATIONS})),
    (r"/notification-channels", frozenset({Right.MANAGE_NOTIFICATIONS})),
    (
        r"/notification-channels/[\w-]+/(change|settings|test|remove|notifications/[\w-]+/resend)",
        frozenset({Right.OWN_NOTIFICATIONS}),
    ),
    (
        r"/webhooks(/[\w-]+/(change|rotate|test|remove|deliveries/[\w-]+/redeliver))?",
        frozenset({Right.MANAGE_WEBHOOKS}),
    ),
    (r"/sign-in/out|/checklist/dismiss|/views(/delete)?", frozenset({Right.READ})),
)
"""Any of the rights that the action of a form requires. Some links lead to pages that are forms."""
RIGHTS_OF_EVERYBODY: Final = {Right.READ, Right.OWN_TOKENS, Right.OWN_NOTIFICATIONS}
FORM_PAGES: Final = re.compile(r'<a\b[^>]*href="(/deployments/new|/record|/services/new)["?]')
READ_PAGES: Final = (*PAGES, *(f"/deployments/DEP-{number}" for number in range(2, 7)))
ACTIONS: Final = {label.text: action for action, label in ACTION_BUTTONS.items()}


def rights_to_submit(path: str) -> frozenset[Right]:
    action = re.fullmatch(r"/deployments/DEP-\d+/(\w+)", path)
    if action is not None and action[1] in RIGHT_TO and action[1] != Action.CANCEL:
        return frozenset({RIGHT_TO[Action(action[1])]})
    matching = [rights for form, rights in FORMS if re.fullmatch(form, path)]
    assert matching, f"The form {path} has no entry in FORMS."
    return matching[0]


def offers(html: str) -> Iterator[tuple[str, frozenset[Right]]]:
    """Yield what a page offers, each with the rights of which one is required."""
    for path in re.findall(r'<form[^>]* method="post"[^>]* action="([^"]+)"', html):
        yield path, rights_to_submit(path)
    for path in FORM_PAGES.findall(html):
        yield path, rights_to_submit(path)
    for text in re.findall(r"<button [^>]*disabled[^>]*>([^<]+)</button>", html):
        action = ACTIONS[text]
        cancels = {Right.CANCEL, Right.CANCEL_OWN} if action is Action.CANCEL else set[Right]()
        yield text, frozenset({RIGHT_TO.get(action, Right.REQUEST), *cancels})


@pytest.fixture
async def deployments(api: Api) -> None:
    """Create deployments in most statuses, a record, a blocked version, and freezes."""
    ok_json(await api.perform(await api.deployment(Status.SUCCEEDED), Action.ROLLBACK))
    for status in (Status.PENDING_APPROVAL, Status.APPROVED, Status.FAILED, Status.STARTED):
        await api.deployment(status)
    record = {"service": "cart", "environment": "staging", "version": "1.0.0"}
    record |= {"deployed_at": "2026-11-20T09:30:00Z", "deployed_by": "jenkins"}
    created_json(await api.post("/deployments/record", record))
    for starts_at in (None, "2026-12-20T00:00:00Z"):
        freeze = {"scope": {"service": "cart"}, "reason": "Migration.", "starts_at": starts_at}
        created_json(await api.post("/freezes", freeze))


@pytest.mark.usefixtures("deployments")
@pytest.mark.parametrize("role", [*sorted(set(Role) - {Role.WORKER, Role.ACT_AS}), None])
async def test_no_page_offers_what_every_role_of_its_reader_refuses(
    api: Api, as_user: AsUser, role: Role | None
) -> None:
    """Forms, links to forms and disabled buttons are shown only with a role that allows them."""
    await api.create_user("val", roles=() if role is None else (role,), groups=("qa",))
    console = await as_user("val")

    refused = [
        (path, offer)
        for path in READ_PAGES
        for offer, rights in offers(await console.open(path))
        if not any(role in ROLES_WITH[right] for right in rights - RIGHTS_OF_EVERYBODY)
        and not rights & RIGHTS_OF_EVERYBODY
    ]

    assert refused == []


@pytest.mark.usefixtures("deployments")
async def test_a_role_for_one_service_shows_the_forms_of_that_service(
    api: Api, as_user: AsUser
) -> None:
    """A requester of cart can request cart, but is not offered to change shop."""
    await api.create_user("val", roles=(), groups=())
    grants = [{"role": "requester", "service": "cart", "environment": None}]
    ok_json(await api.client.patch("/api/v1/users/val", json={"grants": grants}))
    console = await as_user("val")

    form, cart, shop = [
        await console.open(path)
        for path in ("/deployments/new", "/services/cart", "/services/shop")
    ]

    assert 'action="/deployments/new"' in form
    assert 'action="/services/cart/change"' in cart
    assert 'action="/services/shop/change"' not in shop


@pytest.mark.usefixtures("deployments")
async def test_only_freezes_within_ones_role_can_be_lifted(api: Api, as_user: AsUser) -> None:
    """An operator of cart lifts its freezes and can impose others, but not freeze production."""
    created_json(await api.post("/freezes", {"scope": {"tier": "test"}, "reason": "Repairs."}))
    await api.create_user("val", roles=(), groups=())
    grants = [{"role": "operator", "service": "cart", "environment": None}]
    ok_json(await api.client.patch("/api/v1/users/val", json={"grants": grants}))

    page = await (await as_user("val")).open("/freezes")

    assert len(re.findall(r'action="/freezes/[\w-]+/lift"', page)) == 2
    assert page.count('action="/freezes"') == 1
    assert page.count('<li class="freeze"') == 3


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/", "Requesting deployments requires the requester role."),
        ("/deployments/new", "Requesting deployments requires the requester role."),
        ("/record", "Recording deployments requires the requester or operator role."),
        ("/services/new", "Registering services requires the requester role."),
        ("/services/shop/versions", "Registering versions requires the requester role."),
        ("/services/shop", "Editing services requires the requester role."),
        ("/deployments/DEP-3", "Approve, reject, withdraw approval, review break-glass: reviewer."),
        ("/deployments", "Approving and rejecting requires the reviewer role."),
        ("/freezes", "Imposing and lifting freezes requires the operator role."),
    ],
)
@pytest.mark.usefixtures("deployments")
async def test_pages_say_which_role_they_would_need(
    api: Api, as_user: AsUser, path: str, sentence: str
) -> None:
    """Instead of a form, a reader without roles is told which role to ask for."""
    await api.create_user("val", roles=(Role.VIEWER,), groups=())
    viewer: ConsoleClient = await as_user("val")

    assert sentence in visible_text(await viewer.open(path))
    assert sentence not in visible_text(await (await as_user("ada")).open(path))
