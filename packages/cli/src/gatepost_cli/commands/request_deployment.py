"""`gatepost request`: request a deployment and, with `--wait`, wait for its outcome."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.deployment_request_options import OPTIONAL_TEXTS
from gatepost_cli.core.arguments import parse_seconds
from gatepost_cli.core.command import Command, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import DeploymentCreate


def add_field_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the fields of a deployment."""
    parser.usage = (
        "%(prog)s SERVICE VERSION --to ENVIRONMENT --work REF --rollback-plan TEXT [OPTION...]"
    )
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("version", metavar="VERSION", help="registered version of the service")
    parser.add_argument(
        "--to", required=True, metavar="ENVIRONMENT", help="environment to deploy to"
    )
    parser.add_argument(
        "--work",
        required=True,
        action="append",
        metavar="REF",
        help="work reference, such as SHOP-812 (repeatable)",
    )
    parser.add_argument(
        "--rollback-plan", required=True, metavar="TEXT", help="how to revert the deployment"
    )
    for name, description in OPTIONAL_TEXTS.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, dest=name, metavar="TEXT", help=description)


def _add_arguments(parser: ArgumentParser) -> None:
    add_field_arguments(parser)
    parser.add_argument(
        "--idempotency-key",
        metavar="KEY",
        help="makes a retry safe: repeating the request with the same key creates no second "
        "deployment",
    )
    parser.add_argument("--wait", action="store_true", help="wait until the deployment has ended")
    parser.add_argument(
        "--timeout", type=parse_seconds, metavar="S", help="longest time to wait, in seconds"
    )


def request_deployment(context: Context, arguments: Namespace) -> ExitCode:
    """Request a deployment and write its number; with `--wait`, also wait for its outcome."""
    if arguments.timeout is not None and not arguments.wait:
        raise UsageError("--timeout requires --wait")
    deployment = context.gatepost.create_deployment(
        request_body(arguments), idempotency_key=arguments.idempotency_key
    )
    if not arguments.wait:
        context.answer(deployment.number)
        return ExitCode.SUCCESS
    timeout_s = math.inf if arguments.timeout is None else arguments.timeout
    return _wait(context, deployment.number, timeout_s)


def request_body(arguments: Namespace) -> DeploymentCreate:
    """Return the body of a request with the fields given as arguments."""
    from gatepost_client.models import DeploymentCreate  # noqa: PLC0415

    return DeploymentCreate(
        service=arguments.service,
        version=arguments.version,
        environment=arguments.to,
        work_references=arguments.work,
        rollback_plan=arguments.rollback_plan,
        **{name: getattr(arguments, name) for name in OPTIONAL_TEXTS},
    )


def _wait(context: Context, number: str, timeout_s: float) -> ExitCode:
    """Wait for the deployment to end, and return the exit code for its outcome.

    Write the number before waiting or, with `--json`, the deployment after waiting.
    """
    from gatepost_cli.core.watch import watch_deployment  # noqa: PLC0415

    if not context.as_json:
        output.write_result(number)
    exit_code, document = watch_deployment(context, number, timeout_s=timeout_s)
    if context.as_json:
        context.answer("", json=document)
    return exit_code


COMMAND: Final = Command(
    name="request",
    summary="request a deployment and print its number",
    add_arguments=_add_arguments,
    run=request_deployment,
)
