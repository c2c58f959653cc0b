"""`gatepost report`."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_client.models import DeliveryFigures
from tests.support.cli import CliRunner, problem_response

ROUTE: Final = "GET /reports/delivery"
COMMON: Final[dict[str, Any]] = {"definition": "A sentence.", "follows": None}
LISTED: Final[dict[str, Any]] = COMMON | {"deployments": [], "more": False}
FREQUENCY: Final = COMMON | {"per_day": 1.5, "count": 45, "days": 30.0}


def count(number: int) -> dict[str, Any]:
    """Return a figure that counts deployments."""
    return LISTED | {"count": number}


def rate(numerator: int, denominator: int) -> dict[str, Any]:
    """Return a figure that is a proportion; without a value if nothing was considered."""
    value = numerator / denominator if denominator else None
    return LISTED | {"rate": value, "numerator": numerator, "denominator": denominator}


def duration(median_s: float | None, measured: int = 4) -> dict[str, Any]:
    """Return a figure that measures durations."""
    return LISTED | {"measured": measured, "median_s": median_s, "p90_s": median_s}


FIGURES: Final[dict[str, Any]] = {
    "deployments": count(45),
    "rollbacks": count(2),
    "frequency": FREQUENCY,
    "change_failure_rate": rate(3, 48),
    "lead_time": duration(2 * 86_400),
    "lead_time_from_commit": duration(90 * 60),
    "lead_time_from_promotion": duration(90),
    "recovery_time": duration(0.5),
    "approval_latency": duration(None, 0),
    "waiting_time": duration(59.94),
    "override_rate": rate(0, 0),
    "break_glass_rate": rate(0, 45),
    "unreviewed_changes": count(1),
    "dependent_approvals": count(0),
    "rejected": count(5),
    "superseded": count(6),
    "expired": count(7),
}
REPORT: Final[dict[str, Any]] = {
    "since": "2026-10-22T12:00:00Z",
    "until": "2026-11-21T12:00:00Z",
    "bucket": "week",
    "placement": "A sentence.",
    "figures": FIGURES,
    "after_reviews_open": count(0),
    "after_reviews_overdue": count(0),
    "buckets": [],
}


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of each row by the name of its figure."""
    cells = [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.split("\n")
    ]
    return {line[0]: line[1:] for line in cells if line}


def test_every_figure_has_a_line_with_its_value_and_basis(cli: CliRunner) -> None:
    """A rate in percent, a duration in the largest unit that fits, a count alone."""
    cli.prepare(ROUTE, REPORT)

    result = cli("report")

    assert result.exit_code == 0, result.stderr
    lines = rows(result.stdout)
    assert lines["frequency"] == ["1.50 per day", "45"]
    assert lines["change failure rate"] == ["6.2%", "3 of 48"]
    assert lines["lead time"] == ["2.0 d", "4"]
    assert lines["lead time from commit"] == ["1.5 h", "4"]
    assert lines["lead time from promotion"] == ["1.5 min", "4"]
    assert lines["recovery time"] == ["0.5 s", "4"]
    assert lines["waiting time"] == ["59.9 s", "4"]
    assert lines["expired"] == ["7", "-"]
    assert {name.replace("_", " ") for name in FIGURES} <= lines.keys()


def test_figure_without_a_value_has_none(cli: CliRunner) -> None:
    """Nothing was considered, which is not the same as 0."""
    cli.prepare(ROUTE, REPORT | {"figures": FIGURES | {"frequency": FREQUENCY | {"per_day": None}}})

    lines = rows(cli("report").stdout)

    assert "0 of 0" in lines["override rate"]
    assert lines["break glass rate"] == ["0.0%", "0 of 45"]
    for name in ("override rate", "approval latency", "frequency"):
        assert not any("%" in cell or "per day" in cell for cell in lines[name])


def test_lines_are_those_of_the_figures_of_the_api() -> None:
    """A figure that is added to the API needs a line."""
    assert set(FIGURES) == {field for field in DeliveryFigures.__annotations__ if field in FIGURES}
    assert len(FIGURES) == sum(
        not name.startswith("additional") for name in DeliveryFigures.__annotations__
    )


def test_options_are_sent(cli: CliRunner) -> None:
    """Each filter can be repeated; times are sent in UTC."""
    cli.prepare(ROUTE, REPORT)

    result = cli(
        "report",
        "--since=2026-11-01T01:00:00+01:00",
        "--until=2026-11-21T12:00:00Z",
        "--service=shop",
        "--service=cart",
        "--in=production",
        "--in=staging",
        "--team=payments",
        "--team=search",
    )

    assert result.exit_code == 0, result.stderr
    query = cli.requests[-1].url.params
    assert query.get_list("service") == ["shop", "cart"]
    assert query.get_list("environment") == ["production", "staging"]
    assert query.get_list("team") == ["payments", "search"]
    assert query["since"].startswith("2026-11-01T0")
    assert query["until"].startswith("2026-11-21T12:00:00")


def test_no_option_sends_no_filter(cli: CliRunner) -> None:
    """The server then has the defaults."""
    cli.prepare(ROUTE, REPORT)

    cli("report")

    assert not cli.requests[-1].url.params


def test_json_is_the_whole_report(cli: CliRunner) -> None:
    """With the definitions and the buckets."""
    cli.prepare(ROUTE, REPORT)

    document = cli("report", "--json").json

    assert document["figures"] == FIGURES
    assert document.keys() == REPORT.keys()


@pytest.mark.parametrize("option", ["--since=yesterday", "--until=21.11.2026", "--tier=production"])
def test_invalid_option_is_an_error_of_usage(cli: CliRunner, option: str) -> None:
    """Nothing is sent."""
    result = cli("report", option)

    assert result.exit_code == 2
    assert option.partition("=")[0] in result.stderr
    assert not cli.requests


def test_refusal_is_told(cli: CliRunner) -> None:
    """An unknown name is refused by the server."""
    cli.prepare(
        ROUTE, problem_response(422, code="unknown_service", detail="There is no service shp.")
    )

    result = cli("report", "--service=shp")

    assert result.exit_code != 0
    assert "There is no service shp." in result.stderr
