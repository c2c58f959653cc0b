"""Reading secrets from files, descriptors and standard input."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatepost_worker.isolation import secret_reading
from gatepost_worker.isolation.secret_reading import (
    MAX_SECRET_BYTES,
    UnreadableSecret,
    is_path,
    read_secret,
)


def pipe_with(content: bytes) -> int:
    reader, writer = os.pipe()
    os.write(writer, content)
    os.close(writer)
    return reader


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_descriptor_is_read_and_closed(folder: str) -> None:
    """Nothing is left that a program could read."""
    reader = pipe_with(b"gp_s_secret\n")

    assert read_secret(f"{folder}/{reader}") == "gp_s_secret"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reader)


def test_only_the_first_line_of_standard_input_is_read() -> None:
    """What follows stays in the pipe, whose end stops the worker."""
    reader = pipe_with(b"gp_s_secret\nrest")
    standard_input = os.dup(0)
    os.dup2(reader, 0)
    try:
        assert read_secret("-") == "gp_s_secret"
        assert os.read(0, 100) == b"rest"
    finally:
        os.dup2(standard_input, 0)
        os.close(reader)
        os.close(standard_input)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n", "is empty"),
        (b"\xff", "does not contain text"),
        (b"x" * (MAX_SECRET_BYTES + 1), "is longer than 64 KiB"),
    ],
)
def test_unusable_content_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    """The message names the place, and never the content."""
    file = tmp_path / "token"
    file.write_bytes(content)

    with pytest.raises(UnreadableSecret, match=f"{file} {reason}"):
        read_secret(f"{file}")


def test_missing_file_and_closed_descriptor_are_named() -> None:
    """The message says what cannot be read, and why."""
    reader = pipe_with(b"")
    os.close(reader)
    for source in ("/nowhere", f"/dev/fd/{reader}"):
        with pytest.raises(UnreadableSecret, match=f"{source} cannot be read"):
            read_secret(source)


def test_only_paths_are_files() -> None:
    """A descriptor or standard input leaves nothing to read."""
    assert is_path("/run/token")
    assert not is_path("/dev/fd/3")
    assert not is_path(secret_reading.STANDARD_INPUT)
