"""Settings for the interval and number of backups and the retention of payloads and messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from gatepost_api.settings.bad_settings import BadSettings

_POSITIVE: Final = re.compile("[1-9][0-9]{0,4}")
_DURATION: Final = re.compile("([0-9]{1,5})([mhd])")
_UNITS: Final[Mapping[str, timedelta]] = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def parse_backup_interval(text: str) -> timedelta:
    """Parse a duration such as `30m`, `6h` or `1d`.

    Raises:
        BadSettings: it has another format, or is less than a minute.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise BadSettings(
            f"GATEPOST_BACKUP_EVERY is {text!r}; it must be a time such as 30m, 6h or 1d."
        )
    return int(found[1]) * _UNITS[found[2]]


def parse_backup_keep(text: str) -> int:
    """Parse the number of backups to keep.

    Raises:
        BadSettings: it is not a number from 1 to 99,999.
    """
    if not _POSITIVE.fullmatch(text):
        raise BadSettings(
            f"GATEPOST_BACKUP_KEEP is {text!r}; it must be a number from 1 to 99,999."
        )
    return int(text)


def parse_ingest_retention_days(text: str) -> int:
    """Parse how long, in days, the payloads of deliveries are kept.

    Raises:
        BadSettings: it is not a number from 1 to 99,999.
    """
    if not _POSITIVE.fullmatch(text):
        raise BadSettings(
            f"GATEPOST_INGEST_KEEP_DAYS is {text!r}; it must be a number from 1 to 99,999."
        )
    return int(text)


def parse_message_retention_days(text: str) -> int:
    """Parse for how many days ended webhook deliveries and notifications are kept.

    Raises:
        BadSettings: it is not a number from 1 to 99,999.
    """
    if not _POSITIVE.fullmatch(text):
        raise BadSettings(
            f"GATEPOST_MESSAGES_KEEP_DAYS is {text!r}; it must be a number from 1 to 99,999."
        )
    return int(text)
