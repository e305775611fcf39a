"""Pseudonyms: the same everywhere, different by key, and no way back in the text."""

import stat
from pathlib import Path

import pandas as pd
import pytest

from wasteplan.shipments.formats import read_shipments
from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.shipments.privacy import (
    new_key_file,
    pseudonym,
    pseudonymised,
    read_key,
    without_personal_data,
)
from wasteplan.shipments.returns import flow_matrix

FILES = Path(__file__).parent / "files"
KEY = bytes(range(32))


def test_a_published_vector() -> None:
    """HMAC-SHA256 of `kind NUL name`, checked against RFC 4231's construction.

    The inner and outer hash are worked out here by hand: H((K ^ opad) || H((K ^ ipad)
    || message)), the key filled up with zeros to 64 bytes.
    """
    from hashlib import sha256

    padded = KEY + bytes(32)
    inner = sha256(bytes(b ^ 0x36 for b in padded) + b"facility\x00plant_1").digest()
    outer = sha256(bytes(b ^ 0x5C for b in padded) + inner).hexdigest()
    assert pseudonym("plant_1", "facility", KEY) == f"facility_{outer[:16]}"


def test_names_are_gone_and_joins_remain() -> None:
    """No name of the file stands in the table; flows have the same tonnages."""
    table = read_shipments(FILES / "own_good.csv").checked()
    hidden = pseudonymised(table, KEY)
    text = hidden.to_csv()
    for name in ("factory_1", "plant_1", "carrier_2", "2A-1", "doc_1", "own_good"):
        assert name not in text
    assert hidden["generator"].nunique() == 2
    assert hidden["transporters"][0].split(";")[0] == hidden["transporters"][1]
    assert hidden["vehicle"][0] == hidden["received_vehicle"][0]
    before, after = flow_matrix(table), flow_matrix(hidden)
    assert sorted(before.to_numpy().ravel()) == sorted(after.to_numpy().ravel())
    same = ["quantity_t", "shipped_at", "waste_code", "source_row"]
    pd.testing.assert_frame_equal(hidden[same], table[same])


def test_another_key_gives_other_names() -> None:
    """And the same key the same ones, in another file too."""
    table = read_shipments(FILES / "own_good.csv").checked()
    first, again = pseudonymised(table, KEY), pseudonymised(table, KEY)
    other = pseudonymised(table, bytes(32))
    assert first["generator"].tolist() == again["generator"].tolist()
    assert not set(first["generator"]) & set(other["generator"])


def test_an_unknown_name_stays_unknown() -> None:
    """Missing is no name: it gets no pseudonym."""
    table = read_shipments(FILES / "own_good.csv").checked()
    hidden = pseudonymised(table, KEY)
    assert hidden["vehicle"].isna().tolist() == table["vehicle"].isna().tolist()


def test_a_pseudonymised_table_can_be_reported() -> None:
    """It is a shipment table like any other."""
    table = read_shipments(FILES / "own_good.csv").checked()
    bare = without_personal_data(table)
    assert bare[["vehicle", "received_vehicle", "transporters"]].isna().all(axis=None)
    assert list(bare.columns) == list(table.columns)


def test_keys(tmp_path: Path) -> None:
    """A key is random, private, never overwritten; a wrong file is no key."""
    first, second = tmp_path / "a.key", tmp_path / "b.key"
    new_key_file(first)
    new_key_file(second)
    assert len(read_key(first)) == 32
    assert read_key(first) != read_key(second)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    with pytest.raises(ShipmentError, match="lost for ever"):
        new_key_file(first)
    with pytest.raises(ShipmentError, match="there is no key file"):
        read_key(tmp_path / "none")
    second.write_text("short")
    with pytest.raises(ShipmentError, match="64 hexadecimal digits"):
        read_key(second)
