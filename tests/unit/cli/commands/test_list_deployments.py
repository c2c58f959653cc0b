"""`gatepost list`."""

from __future__ import annotations

from gatepost_client.models import DeploymentStatus, Tier
from tests.support.cli import CliRunner, deployment_json


def test_list_aligns_its_columns_and_names_the_next_cursor(cli: CliRunner) -> None:
    """The output names the cursor of the next page. Filter values are sent unchanged."""
    page = {"items": [deployment_json(), deployment_json("started")], "next_cursor": "c2"}
    cli.prepare("GET /deployments", page)

    filters = ["--service=shop", "--service=portal", "--status=paused", "--tier=test"]
    result = cli(
        "list", *filters, "--review=executed", "--kind=request", "--limit=2", "--cursor=c1"
    )

    assert result.stdout == (
        "NUMBER  STATUS            REVIEW          SERVICE  VERSION  ENVIRONMENT  "
        "REQUESTER  REQUESTED\n"
        "DEP-42  pending_approval  approved_by_qa  shop     1.4.2    production   ada        "
        "2026-11-21 12:00:00Z\n"
        "DEP-42  started           approved_by_qa  shop     1.4.2    production   ada        "
        "2026-11-21 12:00:00Z\n"
    )
    assert result.stderr == "More deployments: --cursor c2\n"
    assert cli.requests[0].url.params.multi_items() == [
        ("service", "shop"),
        ("service", "portal"),
        ("tier", "test"),
        ("status", "paused"),
        ("review", "executed"),
        ("kind", "request"),
        ("limit", "2"),
        ("cursor", "c1"),
    ]


def test_help_lists_the_values_of_the_filters(cli: CliRunner) -> None:
    """The help lists every status and tier of the API."""
    words = cli.run("list", "--help").stdout.replace(",", " ").split()

    assert {*DeploymentStatus, *Tier, "requested", "approved_by_<stage>"} <= {*words}


def test_search_filters_are_sent_unchanged(cli: CliRunner) -> None:
    """Each filter is the query parameter of the same name; the words of a search are one value."""
    cli.prepare("GET /deployments", {"items": [], "next_cursor": None})

    cli(
        "list",
        "--work-reference=SHOP-812",
        "--work-reference=OPS-1",
        "--commit=0123456",
        "--reviewer=quinn",
        "--external-id=run-7",
        "-q",
        "checkout DEP-4",
    )

    assert cli.requests[0].url.params.multi_items() == [
        ("work_reference", "SHOP-812"),
        ("work_reference", "OPS-1"),
        ("commit", "0123456"),
        ("reviewer", "quinn"),
        ("external_id", "run-7"),
        ("q", "checkout DEP-4"),
    ]
