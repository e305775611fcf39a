"""Consistent pseudonyms: the same name gives the same one, and no way back.

A pseudonym is a keyed hash (HMAC-SHA256, RFC 2104 and FIPS 180-4) of the name.  Who
holds the key file can tell which pseudonym belongs to a name that he knows; without
the key the names cannot be tried out.  Keep the key apart from the tables; tables
that must be joined need the same key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.shipments.checking import mapped, missing_column
from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.shipments.table import PARTY_SEPARATOR, ShipmentTable

KEY_BYTES = 32
DIGITS = 16  # of the hash, 64 bits: a million names clash with a chance of 3e-8

KIND_OF_COLUMN: Mapping[str, str] = MappingProxyType(
    {
        "generator": "generator",
        "transporters": "carrier",
        "facility": "facility",
        "vehicle": "vehicle",
        "received_vehicle": "vehicle",
        "id": "shipment",
        "document": "document",
    }
)
"""Columns that can name somebody, and the word that their pseudonyms begin with."""

PERSONAL: tuple[str, ...] = ("vehicle", "received_vehicle", "transporters")
"""Columns that can point to a person: a plate to a driver, a carrier to its owner."""

ALL_COLUMNS: tuple[str, ...] = tuple(KIND_OF_COLUMN)


def new_key_file(path: Path) -> None:
    """Write a new random key that only its owner can read.

    Raises
    ------
    ShipmentError
        The file exists: a lost key cannot be made again.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(path, flags, 0o600)
    except FileExistsError:
        message = f"{path} exists; a key that is overwritten is lost for ever"
        raise ShipmentError(message) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def read_key(path: Path) -> bytes:
    """The key of a key file: 64 hexadecimal digits.

    Raises
    ------
    ShipmentError
        There is no such file, or it holds no key.
    """
    if not path.is_file():
        raise ShipmentError(f"there is no key file {path}")
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        digits = 2 * KEY_BYTES
        raise ShipmentError(f"{path} holds no key: {digits} hexadecimal digits")
    return key


def pseudonym(name: str, kind: str, key: bytes) -> str:
    """The pseudonym of a name; the same name of another kind has another one.

    >>> pseudonym("factory 1", "generator", b"k" * 32)
    'generator_61aae67223ecb3eb'
    """
    message = f"{kind}\x00{name.strip()}".encode()
    digest = hmac.new(key, message, hashlib.sha256).hexdigest()
    return f"{kind}_{digest[:DIGITS]}"


def pseudonymised(
    table: ShipmentTable, key: bytes, columns: Sequence[str] = ALL_COLUMNS
) -> ShipmentTable:
    """A table with pseudonyms in place of names.

    The name of the source file is put away too, as files are often named after a
    firm; the row number stays.  Codes, streams, tonnages and times are untouched.

    Parameters
    ----------
    key
        From `read_key`.
    columns
        Columns to put under pseudonyms, of `KIND_OF_COLUMN`.

    Raises
    ------
    KeyError
        A column is none of `KIND_OF_COLUMN`.
    """
    made = table.copy()
    for name in columns:
        kind = KIND_OF_COLUMN[name]
        change = _each_carrier(key) if name == "transporters" else _one(kind, key)
        column = mapped(pd.Categorical(made[name]), change)
        is_text = made[name].dtype == object
        made[name] = np.asarray(column, dtype=object) if is_text else column
    made["source_file"] = mapped(pd.Categorical(made["source_file"]), _one("file", key))
    return made


def without_personal_data(table: ShipmentTable) -> ShipmentTable:
    """A table whose columns that can point to a person are empty (see `PERSONAL`)."""
    made = table.copy()
    for name in PERSONAL:
        made[name] = missing_column(len(table))
    return made


def _one(kind: str, key: bytes) -> Any:
    def change(text: str) -> str:
        return pseudonym(text, kind, key)

    return change


def _each_carrier(key: bytes) -> Any:
    """Every carrier of a list on its own, in the same order."""

    def change(text: str) -> str:
        names = [n.strip() for n in text.split(PARTY_SEPARATOR) if n.strip()]
        return PARTY_SEPARATOR.join(pseudonym(n, "carrier", key) for n in names)

    return change
