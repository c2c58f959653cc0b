"""The account of the server, which runs no programs."""

from __future__ import annotations

import os
import socket

from gatepost_worker.isolation.program_account import ProgramAccount
from gatepost_worker.isolation.readable_secrets import SecretLocations, find_exposure

DEPLOY = ProgramAccount(name="deploy", uid=54321, gid=54321, groups=())


def surroundings(port: int) -> SecretLocations:
    return SecretLocations(server_url=f"http://127.0.0.1:{port}", secret_files=(), server_paths=())


def test_account_of_the_server_on_this_machine_may_run_nothing() -> None:
    """It is found by the socket on which the server listens, whatever its data folder is."""
    server = ProgramAccount(name="gatepost", uid=54320, gid=54320, groups=())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if os.geteuid() == 0:
            os.fchown(listener.fileno(), server.uid, server.gid)  # the table shows this owner
        else:
            server = ProgramAccount.current()
        places = surroundings(listener.getsockname()[1])

        exposure = find_exposure(server, places)

        assert exposure is not None
        assert f"runs under the same account, {server.name}" in exposure
        assert find_exposure(DEPLOY, places) is None


def test_a_server_that_does_not_listen_here_is_no_obstacle() -> None:
    """Nothing on this machine listens at the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert find_exposure(DEPLOY, surroundings(port)) is None
