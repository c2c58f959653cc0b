"""What a target's settings may say."""

from typing import Any

import pytest

from gatepost_domain.catalog.executors import (
    CommandExecutor,
    Executor,
    SimulatedExecutor,
    SimulatedOutcome,
    WebhookExecutor,
)
from gatepost_domain.catalog.target import (
    Check,
    HttpMethod,
    ReadinessProbe,
    TargetSettings,
    settings_to_json,
    validate_target_settings,
)
from gatepost_domain.errors import ValidationFailed

READY = ReadinessProbe(path="/ready", timeout_s=60, interval_s=2)


def a_check(name: str = "cart", *pointers: str) -> Check:
    return Check(
        name=name,
        method=HttpMethod.GET,
        path="/cart",
        body=None,
        expect_status=200,
        expect_json=dict.fromkeys(pointers, "1"),
        max_latency_ms=None,
        timeout_s=10,
        attempts=1,
        required=True,
    )


def settings(**changes: Any) -> TargetSettings:
    whole: dict[str, Any] = {
        "base_url": "https://shop.example",
        "executor": SimulatedExecutor(),
        "ready": None,
        "checks": (),
    }
    return TargetSettings(**(whole | changes))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "//shop.example",
        "ftp://shop.example",
        "https://",
        "https:///cart",
        "https://me@shop.example",
        "https://me:secret@shop.example",
        "https://@shop.example",
        "https://good.example\\@evil.example",
        "https://a b",
        "https://shop.example:0",
        "https://shop.example:65536",
        "https://shop.example:http",
        "https://[::1",
        "https://shop.example#top",
        "https://shop.example#",
    ],
)
def test_an_address_that_nobody_could_ask_is_refused(url: str) -> None:
    """Nor one with a secret in it, which every reader would see."""
    with pytest.raises(ValidationFailed) as refused:
        validate_target_settings(settings(base_url=url, executor=WebhookExecutor(url=url)))

    assert [(fault.field, fault.code) for fault in refused.value.errors] == [
        ("executor/url", "bad_url"),
        ("base_url", "bad_url"),
    ]


@pytest.mark.parametrize("url", ["https://shop.example?", "https://shop.example/?x=1"])
def test_a_base_url_has_no_query(url: str) -> None:
    """A path could not follow it; a webhook's address may have one."""
    validate_target_settings(settings(executor=WebhookExecutor(url=url)))

    with pytest.raises(ValidationFailed, match="must not contain a query"):
        validate_target_settings(settings(base_url=url))


@pytest.mark.parametrize("asked", [{"ready": READY}, {"checks": (a_check(),)}])
def test_what_is_asked_needs_an_address(asked: dict[str, Any]) -> None:
    """A path alone leads nowhere."""
    with pytest.raises(ValidationFailed) as refused:
        validate_target_settings(settings(base_url=None, **asked))

    assert refused.value.code == "base_url_missing"


@pytest.mark.parametrize("arguments", [(), ("",), (" ", "-x")])
def test_a_command_names_a_program(arguments: tuple[str, ...]) -> None:
    """Its first argument is what is run."""
    with pytest.raises(ValidationFailed) as refused:
        validate_target_settings(settings(executor=CommandExecutor(arguments=arguments)))

    assert refused.value.code == "no_program"


def test_every_fault_of_the_checks_is_told() -> None:
    """Two checks of one name, and pointers that are none (RFC 6901 §3)."""
    checks = (a_check("a"), a_check("b", "status", "/~2", "/~"), a_check("a"))

    with pytest.raises(ValidationFailed) as refused:
        validate_target_settings(settings(checks=checks))

    assert [(fault.field, fault.code) for fault in refused.value.errors] == [
        ("checks/1/expect_json", "bad_pointer"),
        ("checks/1/expect_json", "bad_pointer"),
        ("checks/1/expect_json", "bad_pointer"),
        ("checks/2/name", "duplicate_check"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "https://[::1]:8443/shop",
        "https://kühl.example",
        "http://a_b:65535",
    ],
)
def test_an_address_may_be_anywhere(url: str) -> None:
    """Where a worker may call is for the policy to say, not for the target."""
    validate_target_settings(settings(base_url=url, executor=WebhookExecutor(url=url)))


def test_settings_may_be_as_little_as_an_executor() -> None:
    """Then nothing is asked."""
    validate_target_settings(settings(base_url=None))


@pytest.mark.parametrize(
    ("executor", "told"),
    [
        (
            SimulatedExecutor(outcome=SimulatedOutcome.FAIL),
            {
                "kind": "simulated",
                "duration_s": 1,
                "outcome": "fail",
                "failure_percent": 0,
                "seed": 0,
            },
        ),
        (WebhookExecutor(url="https://ci"), {"kind": "webhook", "url": "https://ci"}),
        (CommandExecutor(arguments=("a", "b")), {"kind": "command", "arguments": ("a", "b")}),
    ],
)
def test_settings_tell_their_executor_by_its_kind(
    executor: Executor, told: dict[str, object]
) -> None:
    """What is kept and recorded says which one it is."""
    checks = (a_check("a", "", "/a~1b/~0"),)
    whole = settings(executor=executor, ready=READY, checks=checks)
    validate_target_settings(whole)

    assert settings_to_json(whole)["executor"] == told
