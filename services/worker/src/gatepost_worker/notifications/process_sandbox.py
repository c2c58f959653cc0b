"""Restricting this process to the addresses that the allow list permits, and to Python's files.

Apprise and the libraries that it uses connect on their own, follow redirects and can read files.
The restrictions last until the process ends, so the process must do nothing but send a message.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.errors import RequestRefused
from gatepost_worker.http.ip_addresses import Address, parse_ip_address

_CONNECTIONS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_PROGRAMS: Final = frozenset(
    {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}
)


class ProcessSandbox:
    """Restricts what this process may do, and collects the reasons for refused connections."""

    def __init__(self, allow_list: AllowList) -> None:
        self._allow_list = allow_list
        self._checked: set[Address] = set()
        self._resolve: Callable[..., list[Any]] = socket.getaddrinfo
        self._readable = _readable_folders()
        self.refusals: list[str] = []
        """Why connections were refused, in sentences."""

    def install(self) -> None:
        """Restrict the process. This cannot be undone.

        Host names are checked when they are resolved, because the allow list can contain host
        names. Connections to addresses that did not result from such a resolution are checked
        too.
        """
        socket.getaddrinfo = self._resolve_and_check
        sys.addaudithook(self.check_event)

    def _resolve_and_check(self, host: object, *arguments: object, **options: object) -> list[Any]:
        entries = self._resolve(host, *arguments, **options)
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        for entry in entries:
            address = parse_ip_address(f"{entry[4][0]}")
            self._check(name, address)
            self._checked.add(address)
        return entries

    def check_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Check an audit event of Python.

        Raises:
            PermissionError: the event is a connection to an address that is not allowed, the
                opening of a file outside Python's folders, or the start of a program.
        """
        if event in _CONNECTIONS:
            self._check_destination(arguments[-1])
        elif event == "open":
            self._check_file(arguments[0])
        elif event in _PROGRAMS:
            raise PermissionError(errno.EPERM, "No program may be started here")

    def _check_destination(self, destination: object) -> None:
        if destination is None:  # the socket is already connected
            return
        if not isinstance(destination, tuple):
            raise PermissionError(errno.EACCES, "Only network connections are allowed")
        try:
            address = parse_ip_address(f"{destination[0]}")
        except ValueError:
            raise PermissionError(errno.EACCES, "This process did not resolve the host") from None
        if address not in self._checked:
            self._check(f"{address}", address)

    def _check(self, host: str, address: Address) -> None:
        try:
            self._allow_list.check(host, address)
        except RequestRefused as error:
            self.refusals.append(f"{error}")
            raise PermissionError(errno.EACCES, f"{error}") from None

    def _check_file(self, file: object) -> None:
        if isinstance(file, int):  # the file is already open
            return
        path = os.path.realpath(os.fsdecode(file))  # type: ignore[arg-type]  # a path in any form
        if not any(path == folder or path.startswith(f"{folder}/") for folder in self._readable):
            raise PermissionError(errno.EACCES, "This file may not be opened here")


def _readable_folders() -> tuple[str, ...]:
    """Return the folders of Python, its libraries and the certificate authorities."""
    authorities = ssl.get_default_verify_paths()
    folders = (
        *sys.path,
        sys.prefix,
        sys.base_prefix,
        authorities.cafile,
        authorities.capath,
        os.environ.get("SSL_CERT_FILE"),
        "/usr/share/zoneinfo",
    )
    paths = {os.path.realpath(folder) for folder in folders if folder}
    return tuple(path for path in sorted(paths) if path != str(Path(path).anchor))
