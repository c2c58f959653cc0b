"""The client with a real server: lost connections, and waiting and following through restarts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from gatepost_client import AsyncGatepost, Gatepost, NoAnswer, every
from gatepost_client.models import ServiceCreate, VersionCreate
from gatepost_client.version import VERSION
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.processes.cutting_proxy import CuttingProxy, cutting_proxy
from tests.support.processes.reverse_proxies import free_port
from tests.support.processes.server import ServerProcess


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that listens on the same port after each restart."""
    with ServerProcess(tmp_path / "data", options=(f"--port={free_port()}",)) as running:
        yield running


@pytest.fixture
def proxy(server: ServerProcess) -> Iterator[CuttingProxy]:
    with cutting_proxy(server.url) as running:
        yield running


@pytest.mark.parametrize("cut", ["cut_requests", "cut_responses"])
def test_write_is_executed_once_although_the_connection_was_lost(
    server: ServerProcess, gatepost: Gatepost, proxy: CuttingProxy, cut: str
) -> None:
    """Whether the request or its response was lost: the client gets the one deployment."""
    register_shop(gatepost, "1.4.2")

    with Gatepost(proxy.url, token=server.token) as client:
        client.get_me()
        setattr(proxy, cut, 2)
        created = client.create_deployment(shop_request("staging"))

    assert proxy.cuts == 2
    requests = [each for each in every(gatepost.list_deployments) if each.kind == "request"]
    assert [each.number for each in requests] == [created.number]


async def test_asynchronous_write_is_executed_once(
    server: ServerProcess, gatepost: Gatepost, proxy: CuttingProxy
) -> None:
    """The asynchronous client has the same rules."""
    register_shop(gatepost, "1.4.2")

    async with AsyncGatepost(proxy.url, token=server.token) as client:
        await client.get_me()
        proxy.cut_responses = 2
        created = await client.create_deployment(shop_request("staging"))

    requests = [each for each in every(gatepost.list_deployments) if each.kind == "request"]
    assert [each.number for each in requests] == [created.number]


def test_write_without_a_key_is_not_repeated(
    server: ServerProcess, gatepost: Gatepost, proxy: CuttingProxy
) -> None:
    """The control: a change of a service, which takes no key, may have been executed."""
    register_shop(gatepost, "1.4.2")

    with Gatepost(proxy.url, token=server.token) as client:
        client.get_me()
        proxy.cut_responses = 1
        with pytest.raises(NoAnswer):
            client.change_service("shop", {"display_name": "The shop"})

    assert gatepost.get_service("shop").display_name == "The shop"


def test_wait_ends_although_the_server_was_restarted(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """A pipeline that waits for the approval and the end does not notice the restart."""
    register_shop(gatepost, "1.4.2")
    change_policy(gatepost, "staging", approval_stages=[])
    deployment = gatepost.create_deployment(shop_request("staging"))

    def restart_and_deploy() -> None:
        server.kill()
        server.start()
        with Gatepost(server.url, token=server.token) as other:
            other.start_deployment(deployment.id)
            other.succeed_deployment(deployment.id)

    restart = threading.Thread(target=restart_and_deploy)
    restart.start()
    ended = gatepost.wait_for(deployment.id, timeout_s=60)
    restart.join()

    assert ended.status == "succeeded"
    assert gatepost.wait_for(deployment.number, until="started").status == "succeeded"


async def test_followers_go_on_after_a_restart(server: ServerProcess, gatepost: Gatepost) -> None:
    """Both clients get the events before and after it, from the present or from a number."""

    async def follow_async() -> list[str]:
        async with AsyncGatepost(server.url, token=server.token) as client:
            events = client.follow_events(after=last, kinds=["service_registered"])
            names = [(await anext(events)).data["service"] for _ in range(2)]
            await events.aclose()
            return names

    def follow() -> list[str]:
        with Gatepost(server.url, token=server.token) as client:
            events = client.follow_events(after=last, kinds=["service_registered"])
            return [event.data["service"] for event in islice(events, 2)]

    last = max(event.seq for event in every(gatepost.list_events))
    readers = [asyncio.create_task(follow_async()), asyncio.create_task(asyncio.to_thread(follow))]
    await asyncio.to_thread(register, gatepost, "cart")
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(register, gatepost, "search")

    assert await asyncio.gather(*readers) == [["cart", "search"]] * 2


def register(gatepost: Gatepost, name: str) -> None:
    gatepost.register_service(
        ServiceCreate(name=name, team="checkout", repo_url="https://git.example/x")
    )


def test_follower_without_a_position_begins_with_the_present(
    server: ServerProcess, gatepost: Gatepost, proxy: CuttingProxy
) -> None:
    """It misses no event either, although the connection is lost before the first one."""
    del server
    with Gatepost(proxy.url, token=gatepost.client.token) as client:
        events = client.follow_events()
        timer = threading.Timer(1.0, register, (gatepost, "cart"))
        timer.start()
        proxy.cut_responses = 1
        first = next(events)
        timer.join()

    assert first.kind == "service_registered"


def test_responses_have_the_version_of_the_server(gatepost: Gatepost) -> None:
    """Clients can name it when a response is not what they expect."""
    http = gatepost.client.get_httpx_client()

    for path in ("/api/v1/me", "/api/v1/services/none", "/health/live", "/docs"):
        assert http.get(path).headers["Gatepost-Version"] == VERSION


def test_plain_values_are_accepted_by_the_server(gatepost: Gatepost) -> None:
    """Mappings and strings are what the models and members would have been."""
    gatepost.register_service(
        {"name": "shop", "team": "checkout", "repo_url": "https://git.example/shop"}
    )
    gatepost.register_version("shop", VersionCreate(version="1"))
    change_policy(gatepost, "test", approval_stages=[])
    created = gatepost.create_deployment(
        {
            "service": "shop",
            "version": "1",
            "environment": "test",
            "work_references": ["SHOP-1"],
            "rollback_plan": "Deploy the version before.",
        }
    )

    listed = gatepost.list_deployments(status=["approved", "queued"], service="shop").items
    assert [each.number for each in listed] == [created.number]
