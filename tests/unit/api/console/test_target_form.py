"""The form of a target stands for a request of the API."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from gatepost_api.catalog.targets.requests import ReadinessBody, TargetBody, TargetCheckBody
from gatepost_api.console.forms.durations import duration_fields, parse_duration
from gatepost_api.console.forms.form import Form
from gatepost_api.console.forms.target_form import (
    MAX_CHECKS,
    TargetFormReader,
    add_check,
    check_count,
    form_of_target,
    remove_check,
    with_executor_defaults,
)
from gatepost_api.console.views.target_fields import (
    CHECK_FIELDS,
    EXECUTOR_FIELDS,
    READINESS_FIELDS,
    TARGET_FIELDS,
)
from gatepost_api.console.views.target_texts import changed_target_settings, settings_from_json
from gatepost_api.http.problems import BadInput
from gatepost_domain.catalog.executors import (
    EXECUTORS,
    CommandExecutor,
    Executor,
    SimulatedExecutor,
    WebhookExecutor,
)
from gatepost_domain.catalog.target import (
    DEFAULT_TARGET_SETTINGS,
    Check,
    HttpMethod,
    ReadinessProbe,
    TargetSettings,
    settings_to_json,
)

CHECK = Check(
    name="Köse",
    method=HttpMethod.POST,
    path="/cart?a=b",
    body='{"n":1.50}',
    expect_status=201,
    expect_json={"/a~1b": "null", "": "1e3", "/text": '"a = b"'},
    max_latency_ms=250,
    timeout_s=10,
    attempts=3,
    required=False,
)
SETTINGS = TargetSettings(
    base_url="https://shop.example",
    executor=SimulatedExecutor(duration_s=0, failure_percent=7, seed=2**53 - 1),
    ready=ReadinessProbe(path="/ready", timeout_s=30, interval_s=3),
    checks=(CHECK, replace(CHECK, name="other", body=None, max_latency_ms=None, required=True)),
    deadline_s=86_400,
)


def a_form(**entered: str) -> Form:
    """Build a form for a simulated rollout, with other fields in the names of which __ is /."""
    named = {name.replace("__", "/"): text for name, text in entered.items()}
    return Form(fields={"executor/kind": "simulated", **named}, key=None)


def faults_of(form: Form) -> dict[str, str]:
    """Return the messages by field with which a form is refused."""
    with pytest.raises(BadInput) as refused:
        TargetFormReader(form).read()
    return {fault.pointer.removeprefix("#/"): fault.detail for fault in refused.value.errors}


@pytest.mark.parametrize(
    "executor",
    [
        SimulatedExecutor(),
        WebhookExecutor(url="https://ci.example/hooks/shop?a=b"),
        CommandExecutor(arguments=("sh", "-c", "a\nb", "", " c ", '"d"', "é")),
    ],
)
def test_form_with_stored_settings_saves_the_same_settings(executor: Executor) -> None:
    """Nothing is lost or changed by opening the form and saving it."""
    for settings in (SETTINGS, DEFAULT_TARGET_SETTINGS):
        stored = replace(settings, executor=executor)

        assert TargetFormReader(form_of_target(stored)).read().to_domain() == stored


def test_every_setting_of_the_api_has_a_field() -> None:
    """The fields are derived from the bodies of requests, so a new setting appears in the form."""
    parts = {"executor", "ready", "checks"}
    assert {field.name for field in TARGET_FIELDS} == {*TargetBody.__struct_fields__} - parts
    assert [field.name for field in CHECK_FIELDS] == [*TargetCheckBody.__struct_fields__]
    assert [field.name for field in READINESS_FIELDS] == [*ReadinessBody.__struct_fields__]
    assert EXECUTOR_FIELDS.keys() == EXECUTORS.keys()
    for kind, form_fields in EXECUTOR_FIELDS.items():
        assert [field.name for field in form_fields] == [
            field.name for field in fields(EXECUTORS[kind])
        ]
    assert all(field.rule or field.input == "flag" for field in CHECK_FIELDS)


def test_all_faults_are_reported_at_their_fields() -> None:
    """Each names what to enter instead."""
    faults = faults_of(
        a_form(
            executor__duration_s="700",
            base_url="shop.example",
            ready__path="health",
            checks="2",
            checks__0__path="/x",
            checks__0__timeout_s="a minute",
            checks__1__name="cart",
            checks__1__path="/cart",
            checks__1__expect_json="status: ok",
            checks__1__body="{",
        )
    )

    assert faults == {
        "executor/duration_s": "Enter a whole number from 0 to 600.",
        "base_url": "Enter an address that begins with http:// or https:// and has no spaces.",
        "ready/path": "Enter a path that begins with / and has no spaces.",
        "checks/0/name": "This field is required.",
        "checks/0/timeout_s": "Enter a whole number from 1 to 600.",
        "checks/1/expect_json": "Enter at most 50 lines, each with a JSON pointer, = and a JSON "
        "value.",
        "checks/1/body": "Enter one JSON value.",
    }


@pytest.mark.parametrize(
    "line", ['/a = "', "/a = {", "/a =", "no equals sign", "/a = 1\n/a = 2", '/a = {"b":1,"b":2}']
)
def test_invalid_expectations_are_refused(line: str) -> None:
    """They would be errors of the API, too."""
    form = a_form(
        checks="1", checks__0__name="a", checks__0__path="/a", checks__0__expect_json=line
    )

    assert list(faults_of(form)) == ["checks/0/expect_json"]


def test_a_word_without_quotation_marks_is_a_string() -> None:
    """So that people do not need to know JSON for the most frequent expectation."""
    form = a_form(
        base_url="https://shop.example",
        checks="1",
        checks__0__name="a",
        checks__0__path="/a",
        checks__0__expect_json="/status = ok\n/count=3",
    )

    (check,) = TargetFormReader(form).read().to_domain().checks
    assert check.expect_json == {"/status": '"ok"', "/count": "3"}
    assert not check.required


def test_unknown_executors_and_lines_are_refused() -> None:
    """A form that was not sent by the page is refused like any other."""
    assert list(faults_of(a_form(executor__kind="magic"))) == ["executor/kind"]
    command = a_form(executor__kind="command", executor__arguments='"not closed')
    assert list(faults_of(command)) == ["executor/arguments"]
    webhook = a_form(executor__kind="webhook")
    assert faults_of(webhook) == {"executor/url": "This field is required."}


def test_rows_of_checks_are_added_and_removed() -> None:
    """The rows after a removed one move up, and keep what was entered."""
    form = a_form(base_url="https://shop.example")
    for _ in range(3):
        form = add_check(form)
    named = Form(
        fields={**form.fields, **{f"checks/{number}/name": f"c{number}" for number in range(3)}},
        key="k" * 8,
    )

    removed = remove_check(named, 1)

    assert check_count(removed) == 2
    assert [removed.get(f"checks/{number}/name") for number in range(3)] == ["c0", "c2", ""]
    assert removed.get("checks/1/expect_status") == "200"
    assert removed.get("base_url") == "https://shop.example"
    assert remove_check(named, -1).fields == named.fields


@pytest.mark.parametrize("count", ["", "x", "9999", "²"])
def test_number_of_rows_is_bounded(count: str) -> None:
    """A form cannot make the server build any number of rows."""
    assert check_count(a_form(checks=count)) == 0
    full = a_form(checks=str(MAX_CHECKS))
    assert check_count(add_check(full)) == MAX_CHECKS


def test_another_kind_of_executor_starts_with_its_defaults() -> None:
    """What was entered for it before is kept."""
    form = with_executor_defaults(a_form(executor__seed="5"))

    assert (form.get("executor/duration_s"), form.get("executor/seed")) == ("1", "5")


def test_changes_of_settings_are_described_in_words() -> None:
    """Only settings that differ are listed, with their texts before and after."""
    changed = replace(
        SETTINGS,
        executor=CommandExecutor(arguments=("deploy", "shop")),
        ready=None,
        checks=(replace(CHECK, timeout_s=90, required=True),),
    )

    texts = {
        change.label: (change.before, change.after)
        for change in changed_target_settings(SETTINGS, changed)
    }
    assert texts["Executor"] == ("Simulated", "Command")
    assert texts["Executor, program and arguments"] == ("\N{EN DASH}", "deploy shop")
    assert texts["Readiness"] == ("\N{EN DASH}", "not waited for")
    assert texts["Check Köse, timeout"] == ("10 s", "1 min 30 s")
    assert texts["Check Köse, required"] == ("no", "yes")
    assert texts["Order of checks"] == ("Köse, other", "Köse")
    assert "Deadline" not in texts
    assert settings_from_json(settings_to_json(changed)) == changed


@pytest.mark.parametrize("seconds", [None, 1, 59, 60, 7200, 86_400, 90_000])
def test_duration_is_shown_in_the_largest_unit_that_divides_it(seconds: int | None) -> None:
    """Reading the two fields again results in the same duration."""
    form = Form(fields=duration_fields("soak", seconds), key=None)

    assert parse_duration(form, "soak") == seconds


@pytest.mark.parametrize(("number", "unit"), [("1.5", "hours"), ("-1", "hours"), ("²", "days")])
def test_duration_is_a_whole_number_with_a_unit(number: str, unit: str) -> None:
    """Other numbers, and unknown units, are refused at the field."""
    for entered in ({"soak": number, "soak-unit": unit}, {"soak": "1", "soak-unit": "years"}):
        with pytest.raises(BadInput, match="Enter a whole number"):
            parse_duration(Form(fields=entered, key=None), "soak")
