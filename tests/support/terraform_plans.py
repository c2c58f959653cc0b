"""Plans of Terraform configurations with a simulated AWS account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.contracts import run_terraform

REPOSITORY_ARN: Final = "arn:aws:ecr:eu-west-1:123456789012:repository/payments"
REPOSITORY_URL: Final = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/payments"
ROLE_ARN: Final = "arn:aws:iam::123456789012:role/a-role"
ISSUER_ARN: Final = "arn:aws:iam::123456789012:oidc-provider/an-issuer"

_AWS_ACCOUNT: Final = f"""
mock_provider "aws" {{
  override_during = plan

  mock_resource "aws_ecr_repository" {{
    defaults = {{ arn = "{REPOSITORY_ARN}", repository_url = "{REPOSITORY_URL}" }}
  }}
  mock_resource "aws_iam_role" {{
    defaults = {{ arn = "{ROLE_ARN}" }}
  }}
  mock_data "aws_ecr_repository" {{
    defaults = {{ arn = "{REPOSITORY_ARN}", repository_url = "{REPOSITORY_URL}" }}
  }}
  mock_data "aws_iam_openid_connect_provider" {{
    defaults = {{ arn = "{ISSUER_ARN}" }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What Terraform would create."""

    resources: Mapping[str, Any]
    """The values of each resource, by its address without module names and indexes."""
    outputs: Mapping[str, Any]

    def policy(self, address: str, attribute: str = "policy") -> list[Any]:
        """Return the statements of a policy."""
        document = json.loads(self.resources[address][attribute])
        assert document["Version"] == "2012-10-17"
        return list(document["Statement"])


def plan(folder: Path, *runs: Mapping[str, Any]) -> Sequence[Plan]:
    """Return the plan of a configuration with the variables of each run."""
    return [_plan(message["test_plan"]) for message in _test(folder, map(_run, runs))]


def check_refusals(folder: Path, *runs: tuple[Mapping[str, Any], str]) -> None:
    """Check that Terraform refuses the variables of each run at the named object."""
    blocks = (
        _run(variables, f"\n  expect_failures = [{refused_by}]") for variables, refused_by in runs
    )
    _test(folder, blocks)


def _run(variables: Mapping[str, Any], *settings: str) -> str:
    assignments = "".join(f"    {name} = {json.dumps(v)}\n" for name, v in variables.items())
    return f"\n  command = plan\n  variables {{\n{assignments}  }}{''.join(settings)}\n"


def _test(folder: Path, runs: Iterator[str]) -> list[Any]:
    blocks = [f'run "run_{number}" {{{body}}}\n' for number, body in enumerate(runs)]
    (folder / "plans.tftest.hcl").write_text(_AWS_ACCOUNT + "".join(blocks), encoding="utf-8")
    run_terraform(folder, "init", "-backend=false")
    report = run_terraform(folder, "test", "-json", "-verbose")
    messages = [json.loads(line) for line in report.splitlines()]
    assert [m["test_summary"]["passed"] for m in messages if m["type"] == "test_summary"] == [
        len(blocks)
    ]
    return [message for message in messages if message["type"] == "test_plan"]


def _plan(document: Mapping[str, Any]) -> Plan:
    return Plan(
        resources={
            f"{resource['type']}.{resource['name']}": resource["change"]["after"]
            for resource in document["resource_changes"]
            if resource["mode"] == "managed"
        },
        outputs={name: change["after"] for name, change in document["output_changes"].items()},
    )
