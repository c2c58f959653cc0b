"""Contracts as one file to download."""

from io import BytesIO
from zipfile import ZipFile

from gatepost_contracts.archive import zip_contracts
from gatepost_contracts.generation import generate
from tests.support.contracts import PAYMENTS, PRODUCTION, TEST, a_contract_input


def test_the_archive_holds_every_file() -> None:
    """Unpacked at the root of a repository, each file lies where it belongs."""
    generated = generate(PAYMENTS)

    with ZipFile(BytesIO(zip_contracts(generated))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == generated.files


def test_the_archive_is_the_same_to_the_byte() -> None:
    """No time, no user and no compressor shows in it."""
    archive = zip_contracts(generate(PAYMENTS))

    assert archive == zip_contracts(generate(a_contract_input(environments=(PRODUCTION, TEST))))
    with ZipFile(BytesIO(archive)) as entries:
        assert {each.date_time for each in entries.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.external_attr >> 16 for each in entries.infolist()} == {0o100644}
        assert {each.compress_size - each.file_size for each in entries.infolist()} == {0}
