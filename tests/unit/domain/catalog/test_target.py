"""Validation of target settings."""

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
def test_invalid_url_is_refused(url: str) -> None:
    """Malformed URLs are refused, and so are URLs with credentials, which readers would see."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_target_settings(settings(base_url=url, executor=WebhookExecutor(url=url)))

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [
        ("executor/url", "bad_url"),
        ("base_url", "bad_url"),
    ]


@pytest.mark.parametrize("url", ["https://shop.example?", "https://shop.example/?x=1"])
def test_base_url_with_a_query_is_refused(url: str) -> None:
    """The base URL of checks must not have a query, but a webhook URL may have one."""
    validate_target_settings(settings(executor=WebhookExecutor(url=url)))

    with pytest.raises(ValidationFailed, match="must not contain a query"):
        validate_target_settings(settings(base_url=url))


@pytest.mark.parametrize("probes", [{"ready": READY}, {"checks": (a_check(),)}])
def test_checks_require_a_base_url(probes: dict[str, Any]) -> None:
    """A readiness probe or a check is refused if the target has no base URL."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_target_settings(settings(base_url=None, **probes))

    assert refusal.value.code == "base_url_missing"


@pytest.mark.parametrize("arguments", [(), ("",), (" ", "-x")])
def test_command_requires_a_program(arguments: tuple[str, ...]) -> None:
    """A command without a program as its first argument is refused."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_target_settings(settings(executor=CommandExecutor(arguments=arguments)))

    assert refusal.value.code == "no_program"


def test_all_errors_of_the_checks_are_listed() -> None:
    """Duplicate names and invalid JSON pointers (RFC 6901 §3) are reported."""
    checks = (a_check("a"), a_check("b", "status", "/~2", "/~"), a_check("a"))

    with pytest.raises(ValidationFailed) as refusal:
        validate_target_settings(settings(checks=checks))

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [
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
def test_any_host_is_accepted(url: str) -> None:
    """The policy, not the target settings, limits the hosts that a worker may call."""
    validate_target_settings(settings(base_url=url, executor=WebhookExecutor(url=url)))


def test_executor_alone_is_enough() -> None:
    """Settings without any checks are valid."""
    validate_target_settings(settings(base_url=None))


@pytest.mark.parametrize(
    ("executor", "data"),
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
def test_settings_as_json_have_the_executor_kind(
    executor: Executor, data: dict[str, object]
) -> None:
    """The JSON that is stored and recorded in events contains the kind of the executor."""
    checks = (a_check("a", "", "/a~1b/~0"),)
    whole = settings(executor=executor, ready=READY, checks=checks)
    validate_target_settings(whole)

    assert settings_to_json(whole)["executor"] == data
