"""`gatepost request`, without `--wait`."""

from __future__ import annotations

from tests.support.cli import CliRunner, deployment_json

REQUEST = [
    "request",
    "shop",
    "1.4.2",
    "--to=production",
    "--work=SHOP-812",
    "--work",
    "SHOP-813",
    "--rollback-plan=Redeploy 1.4.1.",
]


def test_request_prints_only_the_number(cli: CliRunner) -> None:
    """Standard output contains only the deployment number, so that a script can read it."""
    cli.prepare("POST /deployments", deployment_json())

    result = cli(*REQUEST, "--risk=None known.", "--work=SHOP-814")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "DEP-42\n", "")
    assert cli.last_body == {
        "service": "shop",
        "version": "1.4.2",
        "environment": "production",
        "work_references": ["SHOP-812", "SHOP-813", "SHOP-814"],
        "rollback_plan": "Redeploy 1.4.1.",
        "risk": "None known.",
        "notes": None,
    }
    assert cli.requests[0].headers["idempotency-key"]


def test_work_references_can_precede_the_service(cli: CliRunner) -> None:
    """Each `--work` takes one reference, and leaves the words after it alone."""
    cli.prepare("POST /deployments", deployment_json())
    request, service, version, *options = REQUEST

    result = cli(request, *options, service, version)

    assert (result.exit_code, result.stdout) == (0, "DEP-42\n")


def test_request_sends_the_idempotency_key(cli: CliRunner) -> None:
    """The key is sent, so that a repeated pipeline run creates no second deployment."""
    cli.prepare("POST /deployments", deployment_json())

    cli(*REQUEST, "--idempotency-key=build-7")

    assert cli.requests[0].headers["idempotency-key"] == "build-7"


def test_the_help_describes_the_optional_fields(cli: CliRunner) -> None:
    """The help has the API's descriptions. The caller is the requester, so no option sets it."""
    help_page = " ".join(cli.run("request", "--help").stdout.split())

    assert "--risk TEXT the risks of the deployment. Required if" in help_page
    assert "--notes TEXT anything else that reviewers" in help_page
    assert "--requester" not in help_page
