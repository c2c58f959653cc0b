"""A policy is edited by a form, previewed and saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from html import unescape
from html.parser import HTMLParser
from typing import Final

from gatepost_domain.catalog.policy import Policy
from tests.integration.console.conftest import AsUser
from tests.support.console import ConsoleClient, visible_text
from tests.support.http.api import Api, ok_json

EDIT: Final = "/environments/production/policy/edit"


class FormFields(HTMLParser):
    """Reads the values of the largest form of a page, as a browser submits them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._is_inside = False
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read the value of one field."""
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            self._is_inside = "policy-form" in values.get("class", "")
        if not self._is_inside:
            return
        if tag == "input" and (values.get("type") != "checkbox" or "checked" in values):
            self.fields[name] = values.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in values or self._select not in self.fields):
            self.fields[self._select] = values.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        """Read the text of a text area."""
        if self._textarea:
            self.fields[self._textarea] = unescape(data).strip()
            self._textarea = ""

    def handle_endtag(self, tag: str) -> None:
        """Stop reading an empty text area."""
        if tag == "textarea":
            self._textarea = ""


def form_fields(page: str) -> dict[str, str]:
    parser = FormFields()
    parser.feed(page)
    return parser.fields


async def press(
    client: ConsoleClient, page: str, command: str, changes: Mapping[str, str] | None = None
) -> str:
    """Return the page after a button of the form was used, with changed fields."""
    fields = {**form_fields(page), **(changes or {}), "_do": command}
    response = await client.submit(EDIT, **fields)
    return response.text


async def test_qa_then_devops_is_built_from_an_empty_policy_by_the_form(
    api: Api, as_user: AsUser
) -> None:
    """Add two stages, preview, save: four buttons; what changes is shown before it is saved."""
    ok_json(await api.put("/environments/production/policy", {}))
    owner = await as_user("owner")
    page = await owner.open(EDIT)
    assert "No stages: deployments are approved at once." in visible_text(page)
    page = await press(owner, page, "add-stage")
    page = await press(owner, page, "add-stage", {"stage-0": "qa", "approver-0-0": "group:qa"})
    changes = {
        "stage-1": "devops",
        "approver-1-0": "group:devops",
        "requires-staging": "on",
        "soak_s": "90",
        "soak_s-unit": "minutes",
    }

    preview = await press(owner, page, "preview", changes)

    text = visible_text(preview)
    assert (
        "none: approved immediately qa: 1 approval from group qa; "
        "devops: 1 approval from group devops" in text
    )
    assert "deployed there for at least 1 h 30 min" in text
    assert "There are no open requests." in text
    assert "Nothing was deployed here in the last 90 days" in text
    fields = form_fields(preview)
    saved = await owner.submit_and_follow(EDIT, **fields, _do="save")
    assert "Policy saved." in visible_text(saved)
    policy = ok_json(await api.get("/environments/production/policy"))
    assert [stage["name"] for stage in policy["approval_stages"]] == ["qa", "devops"]
    assert (policy["requires"], policy["soak_s"]) == (["staging"], 5400)


async def test_the_form_keeps_every_setting_of_the_policy(api: Api, as_user: AsUser) -> None:
    """A policy that is saved without a change is the same afterwards."""
    complete = {
        "approval_stages": [
            {"name": "qa", "rules": [{"group": "qa", "required": 2}, {"user": "quinn"}]},
            {"name": "ops", "rules": [{}]},
        ],
        "distinct_reviewers": False,
        "independent_reviewers": "required",
        "reviewer_may_start": False,
        "execution": "worker",
        "lane": "supersede",
        "auto_start": True,
        "approval_expires_s": 7200,
        "requires": ["staging", "test"],
        "requires_mode": "any",
        "accept_records": "none",
        "soak_s": 61,
        "max_age_s": 172800,
        "promotes_to": "development",
        "auto_promote": True,
        "rollback_approvals": "none",
        "after_review_s": 60,
        "outgoing_allow": ["shop.example", "10.0.0.0/8"],
        "max_open_per_requester": 3,
        "max_open_per_lane": 4,
    }
    before = ok_json(await api.put("/environments/production/policy", complete))
    owner = await as_user("owner")

    preview = await press(owner, await owner.open(EDIT), "preview")

    assert "The rules stay the same." in visible_text(preview)
    await owner.submit_and_follow(EDIT, **form_fields(preview), _do="save")
    after = ok_json(await api.get("/environments/production/policy"))
    assert {**after, "version": before["version"]} == before
    assert after["version"] == before["version"] + 1


async def test_the_form_has_one_field_for_each_setting(as_user: AsUser) -> None:
    """A setting that the template left out would be reset when the form is saved."""
    page = await (await as_user("owner")).open(EDIT)

    counts = {field.name: page.count(f' name="{field.name}"') for field in fields(Policy)}

    with_several_fields = {"approval_stages": 0, "requires": 0}
    assert counts == dict.fromkeys(counts, 1) | with_several_fields


async def test_an_impossible_rule_is_refused_at_its_field(api: Api, as_user: AsUser) -> None:
    """The fault is described at the select field of the rule, and what was entered is kept."""
    owner = await as_user("owner")
    with api.assert_nothing_stored():
        page = await press(owner, await owner.open(EDIT), "add-rule 1")
        refused = await press(
            owner, page, "preview", {"approver-1-1": "group:nobody", "required-1-0": "2"}
        )

    field = refused.partition('name="approver-1-1"')[2].partition(">")[0]
    assert 'aria-describedby="fault-approval_stages-1-rules-1"' in field
    assert "No user is in the group nobody; add people to it first." in visible_text(refused)
    fields = form_fields(refused)
    assert (fields["approver-1-1"], fields["required-1-0"]) == ("group:nobody", "2")
    assert "previewed" not in fields


async def test_a_number_that_is_none_is_refused_at_its_field(as_user: AsUser) -> None:
    """Durations and counts are numbers."""
    owner = await as_user("owner")
    page = await owner.open(EDIT)

    refused = await press(owner, page, "preview", {"soak_s": "soon"})

    assert "Enter a whole number, such as 8." in visible_text(refused)
    assert 'id="fault-soak_s"' in refused


async def test_a_required_duration_of_zero_is_refused_at_its_field(as_user: AsUser) -> None:
    """It is not replaced with the default."""
    owner = await as_user("owner")
    page = await owner.open(EDIT)

    refused = await press(owner, page, "preview", {"after_review_s": "0"})

    assert 'id="fault-after_review_s"' in refused
    assert "previewed" not in form_fields(refused)


async def test_rows_are_added_moved_and_removed_without_javascript(as_user: AsUser) -> None:
    """Each button shows the form again, with everything that was entered."""
    owner = await as_user("owner")
    page = await press(owner, await owner.open(EDIT), "move-stage-up 1", {"stage-1": "operations"})
    fields = form_fields(page)
    assert (fields["stage-0"], fields["stage-1"]) == ("operations", "qa")
    page = await press(owner, page, "add-rule 0", {"required-0-0": "3"})
    page = await press(owner, page, "remove-rule 0 0")
    fields = form_fields(page)
    assert (fields["rules-0"], fields["required-0-0"]) == ("1", "1")
    fields = form_fields(await press(owner, page, "remove-stage 1"))
    assert (fields["stages"], fields["stage-0"]) == ("1", "operations")
    for command in ("", "remove-stage 7", "remove-rule x", "nonsense", "add-rule"):
        assert form_fields(await press(owner, page, command))["stages"] == "2"


async def test_no_policy_is_saved_that_was_not_previewed(api: Api, as_user: AsUser) -> None:
    """If a field was changed after the preview, saving shows the preview of the changed policy."""
    owner = await as_user("owner")
    preview = await press(owner, await owner.open(EDIT), "preview", {"lane": "reject"})

    with api.assert_nothing_stored():
        again = await press(owner, preview, "save", {"lane": "supersede"})

    assert "waiting ones are cancelled when a newer one starts" in visible_text(again)
    await owner.submit_and_follow(EDIT, **form_fields(again), _do="save")
    assert ok_json(await api.get("/environments/production/policy"))["lane"] == "supersede"


async def test_a_policy_that_changed_meanwhile_is_not_overwritten(
    api: Api, as_user: AsUser
) -> None:
    """The form of the older version is refused, with its input."""
    owner = await as_user("owner")
    preview = await press(owner, await owner.open(EDIT), "preview", {"lane": "reject"})
    ok_json(await api.put("/environments/production/policy", {"after_review_s": 60}))

    response = await owner.submit(EDIT, **form_fields(preview), _do="save")

    assert response.status_code == 412
    assert form_fields(response.text)["lane"] == "reject"


async def test_the_preview_names_what_the_policy_would_have_held(api: Api, as_user: AsUser) -> None:
    """With links to the deployments, and the versions that open requests keep."""
    await api.create_deployment()
    body = {"service": "shop", "environment": "production", "version": "1.0.0"}
    record = await api.post("/deployments/record", {**body, "deployed_at": "2026-11-20T09:30:00Z"})
    number = record.json()["number"]
    owner = await as_user("owner")

    preview = await press(owner, await owner.open(EDIT), "preview", {"requires-staging": "on"})

    text = visible_text(preview)
    assert "this policy would have held 1 of 1 deployments." in text
    assert "1 open request keeps version 1." in text
    assert f'href="/deployments/{number}"' in preview


async def test_two_versions_are_compared_in_words(api: Api, as_user: AsUser) -> None:
    """By default the version in force with the one before."""
    for policy in ({"lane": "reject"}, {"lane": "supersede", "after_review_s": 60}):
        ok_json(await api.put("/environments/production/policy", policy))
    owner = await as_user("owner")

    latest = visible_text(await owner.open("/environments/production/policy"))
    chosen = visible_text(await owner.open("/environments/production/policy?before=1&after=2"))

    assert "Version 2 to version 3" in latest
    assert "due 3 d after break-glass due 1 min after break-glass" in latest
    assert (
        "qa: 1 approval from group qa; devops: 1 approval from group devops "
        "none: approved immediately" in chosen
    )


async def test_a_guarded_policy_waits_for_another_admin(api: Api, as_user: AsUser) -> None:
    """The reason is part of the proposal."""
    ok_json(await api.put("/environments/production/policy", {"settings_approvals": 1}))
    owner = await as_user("owner")
    preview = await press(owner, await owner.open(EDIT), "preview", {"lane": "reject"})
    assert "Another admin has to approve the change." in visible_text(preview)

    page = await owner.submit_and_follow(
        EDIT, **{**form_fields(preview), "reason": "Fewer surprises."}, _do="save"
    )

    assert "Waiting for approval by another admin." in visible_text(page)
    assert ok_json(await api.get("/environments/production/policy"))["lane"] == "queue"
