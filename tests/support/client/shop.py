"""The service `shop` for end-to-end tests, registered through the client."""

from __future__ import annotations

from gatepost_client import Gatepost
from gatepost_client.models import DeploymentCreate, RecordCreate, ServiceCreate, VersionCreate
from tests.support.client.policies import change_policy


def register_shop(gatepost: Gatepost, *versions: str) -> None:
    """Register the service shop with versions that have succeeded in test.

    Production accepts the records of the very person who makes the requests.
    """
    change_policy(gatepost, "production", accept_records="any")
    gatepost.register_service(
        ServiceCreate(name="shop", team="checkout", repo_url="https://git.example/shop")
    )
    for version in versions:
        gatepost.register_version("shop", VersionCreate(version=version))
        gatepost.record_deployment(
            RecordCreate(service="shop", environment="test", version=version)
        )


def shop_request(environment: str, version: str = "1.4.2") -> DeploymentCreate:
    """Build a complete request for shop."""
    return DeploymentCreate(
        service="shop",
        environment=environment,
        version=version,
        work_references=["SHOP-812"],
        risk="Checkout may be slow for a minute.",
        rollback_plan="Redeploy the version before.",
    )
