"""The operating system account that runs the programs of the `command` executor."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

ROOT_UID: Final = 0


class UnknownAccount(Exception):
    """The machine has no account with this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramAccount:
    """An account: its user id, its primary group and its supplementary groups."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]

    @classmethod
    def current(cls) -> Self:
        """Return the account of this process."""
        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = f"{uid}"
        return cls(name=name, uid=uid, gid=os.getegid(), groups=tuple(os.getgroups()))

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the account with a name or, in digits, a user id.

        Raises:
            UnknownAccount: there is no such account.
        """
        try:
            entry = pwd.getpwuid(int(name)) if name.isdecimal() else pwd.getpwnam(name)
        except (KeyError, OverflowError) as error:
            raise UnknownAccount(f"this machine has no account {name!r}") from error
        groups = os.getgrouplist(entry.pw_name, entry.pw_gid)
        return cls(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, groups=tuple(groups))

    @property
    def is_root(self) -> bool:
        """Whether the account is root, which can read everything."""
        return self.uid == ROOT_UID

    @property
    def is_current(self) -> bool:
        """Whether this process runs under the account."""
        return self.uid == os.geteuid()

    def can_read(self, path: Path) -> bool:
        """Return whether the modes allow the account to read a file or list a folder.

        A path that this process itself cannot see counts as unreadable.
        """
        try:
            target = path.resolve(strict=True)
            folders_are_open = all(
                self._has_right(folder.stat(), stat.S_IXUSR) for folder in target.parents
            )
            return folders_are_open and self._has_right(target.stat(), stat.S_IRUSR)
        except OSError:
            return False

    def _has_right(self, status: os.stat_result, right: int) -> bool:
        if self.is_root:
            return True
        if status.st_uid == self.uid:
            return bool(status.st_mode & right)
        if status.st_gid in self._all_groups():
            return bool(status.st_mode & right >> 3)
        return bool(status.st_mode & right >> 6)

    def _all_groups(self) -> Iterator[int]:
        yield self.gid
        yield from self.groups
