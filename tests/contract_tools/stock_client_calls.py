"""Calls a server through a client that openapi-python-client generates with its default settings.

The generated package is named `stock_client`.
"""

import json
import os

from stock_client import AuthenticatedClient
from stock_client.api.deployments import create_deployment, get_deployment, list_deployments
from stock_client.models.deployment import Deployment
from stock_client.models.deployment_create import DeploymentCreate
from stock_client.models.deployment_page import DeploymentPage
from stock_client.models.problem import Problem

client = AuthenticatedClient(
    base_url=os.environ["GATEPOST_URL"], token=os.environ["GATEPOST_TOKEN"]
)
request = DeploymentCreate(
    service="shop",
    environment="test",
    version="1.0.0",
    work_references=["SHOP-1"],
    rollback_plan="Redeploy.",
)

with client:
    created = create_deployment.sync(client=client, body=request)
    assert isinstance(created, Deployment), created
    page = list_deployments.sync(client=client, service=["shop"], limit=5)
    assert isinstance(page, DeploymentPage), page
    missing = get_deployment.sync("DEP-99", client=client)
    assert isinstance(missing, Problem), missing
    numbers = [deployment.number for deployment in page.items]
    print(json.dumps({"number": created.number, "numbers": numbers, "code": missing.code}))
