"""Hazardous waste manifests of the United States: the e-Manifest schema, version 1.3.

Schema: United States Environmental Protection Agency, USEPA/e-manifest,
`emanifest-v-1-3.json` (CC0).  Every waste line of a manifest becomes a row.  Keys that
this reader does not need are not read: names, phones and signatures of people least
of all.

A manifest declares; the facility signs for it without weighing again, unless a line
carries a discrepancy.  So a signed line without one counts as received as declared,
and its basis stays `declared` or `volume_x_density`.  What a partial rejection or a
residue leaves is not in the schema: the tonnage received is then unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem
from wasteplan.shipments.documents import Row, read_documents
from wasteplan.shipments.json_reading import Node
from wasteplan.shipments.quantities import (
    KG_PER_LB,
    M3_PER_UNIT,
    M3_PER_US_GALLON,
    tonnes,
)
from wasteplan.shipments.remarks import remarked
from wasteplan.shipments.table import PARTY_SEPARATOR, ShipmentTable

SCHEME = "us_emanifest"
CODE_SCHEME = "US_RCRA"
TRACKING_NUMBER = re.compile(r"[0-9]{9}[A-Z]{3}")

UNIT_OF_CODE = {
    "P": "lb",
    "T": "short_ton",
    "K": "kg",
    "M": "t",
    "G": "us_gal",
    "L": "l",
    "Y": "yd3",
    "N": "m3",
}

KG_PER_M3_OF_CODE = {
    "1": KG_PER_LB / M3_PER_US_GALLON,  # pounds per gallon
    "2": 1000.0,  # specific gravity, against water of 1000 kg/m3
}

CONTAINERS = {
    "BA": "bags",
    "CF": "fibre or plastic boxes",
    "CM": "metal boxes, roll-offs",
    "CW": "wooden boxes",
    "CY": "cylinders",
    "DF": "fibre or plastic drums",
    "DM": "metal drums",
    "DT": "dump truck",
    "DW": "wooden drums",
    "HG": "hopper or gondola cars",
    "TC": "tank cars",
    "TP": "portable tanks",
    "TT": "cargo tanks",
}

STATE_OF_STATUS = {
    "NotAssigned": "draft",
    "Pending": "draft",
    "Scheduled": "reserved",
    "InTransit": "in_transit",
    "ReadyForSignature": "received",
    "Signed": "confirmed",
    "Corrected": "corrected",
    "UnderCorrection": "mismatch",
    "MtnValidationFailed": "mismatch",
}
DISCREPANCY = "discrepancyResidueInfo"
ARRIVED = ("received", "confirmed", "corrected", "mismatch")
SIGNED = ("confirmed", "corrected")


def read_us_emanifest(path: Path, file: str, problems: list[Problem]) -> ShipmentTable:
    """Shipments of a file of manifests (one, a list, or one a line).

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    problems
        What is wrong is added here; a row number is the number of the manifest.
    """
    return read_documents(lines_of, path, file, problems)


def lines_of(manifest: Node) -> Iterator[Row]:
    """The rows of one manifest."""
    status = manifest.word("status", STATE_OF_STATUS)
    state = STATE_OF_STATUS[status] if status else None
    number = manifest.text("manifestTrackingNumber", required=state not in ("draft",))
    if number and not TRACKING_NUMBER.fullmatch(number):
        message = f"'{number}' is no tracking number: 9 digits and 3 capital letters"
        manifest.tell("manifestTrackingNumber", message)
    carriers = manifest.nodes("transporters")
    shared = _parties(manifest, carriers) | _times(manifest, carriers, state)
    shared["scheme"] = SCHEME
    shared["document"] = number
    shared["source_file"] = manifest.file
    shared["source_row"] = manifest.number
    rejection = _rejection(manifest)
    for at, line in enumerate(manifest.nodes("wastes", required=True), start=1):
        yield _line(line, at, shared, state, rejection)


def _line(
    line: Node, at: int, shared: Row, state: str | None, rejection: str | None
) -> Row:
    """One waste line as a row."""
    place = line.number_of("lineNumber")
    name = shared["document"] or f"{line.file}#{line.number}"
    row = {**shared, "id": f"{name}/{int(place) if place else at}"}
    row.update(_amount(line))
    row.update(_codes(line))
    row["route"] = line.node("managementMethod").text("code")
    differs, has_residue = _discrepancy(line)
    row["state"] = state
    if rejection == "FullReject" and state not in ("draft", "reserved", "in_transit"):
        row["state"] = "rejected"
        row["received_t"], row["rejected_t"] = 0.0, row["declared_t"]
    elif differs and state == "received":
        row["state"] = "mismatch"
    is_accepted = not (differs or has_residue or rejection)
    if state in SIGNED and is_accepted:
        row["received_t"] = row["declared_t"]
    elif state in SIGNED and rejection is None:
        row["received_t"] = None
    info = line.node("additionalInfo")
    row.update(remarked(info, "comments", "label", "description"))
    return row


def _discrepancy(line: Node) -> tuple[bool, bool]:
    """Whether the facility found another quantity or type, and whether a residue."""
    if DISCREPANCY not in line.value:
        return False, False
    found = line.node(DISCREPANCY)
    quantity, kind = found.flag("wasteQuantity"), found.flag("wasteType")
    return bool(quantity or kind), bool(found.flag("residue"))


def _amount(line: Node) -> Row:
    """Quantity, unit, density, declared tonnage and containers of a line."""
    quantity = line.node("quantity")
    amount = quantity.number_of("quantity")
    code = quantity.node("unitOfMeasurement").word(
        "code", UNIT_OF_CODE, required=amount is not None
    )
    unit = UNIT_OF_CODE[code] if code else None
    density = _density(line.node("brInfo")) if "brInfo" in line.value else None
    declared = None
    if amount is not None and unit is not None:
        declared = tonnes(amount, unit, density)
        declared = None if math.isnan(declared) else declared
    basis = "volume_x_density" if unit in M3_PER_UNIT else "declared"
    return {
        "quantity": amount,
        "quantity_unit": unit,
        "density_kg_per_m3": density if unit in M3_PER_UNIT else None,
        "declared_t": declared,
        "quantity_basis": None if declared is None else basis,
        "container": quantity.node("containerType").word("code", CONTAINERS),
        "n_containers": quantity.number_of("containerNumber"),
    }


def _density(information: Node) -> float | None:
    """The density of a line.  [kg/m3]"""
    density = information.number_of("density", above_zero=True)
    if density is None:
        return None
    measure = information.node("densityUnitOfMeasurement")
    which = measure.word("code", KG_PER_M3_OF_CODE, required=True)
    return density * KG_PER_M3_OF_CODE[which] if which else None


def _codes(line: Node) -> Row:
    """Waste codes of a line and whether it is hazardous."""
    hazardous = line.node("hazardousWaste")
    keys = ("federalWasteCodes", "generatorStateWasteCodes", "tsdfStateWasteCodes")
    codes: list[str] = []
    for key in keys:
        for entry in hazardous.nodes(key):
            code = entry.text("code", required=True)
            if code and code not in codes:
                codes.append(code)
    codes.extend(c for c in hazardous.texts("txWasteCodes") if c not in codes)
    by_transport = line.flag("dotHazardous", required=True)
    return {
        "waste_code": PARTY_SEPARATOR.join(codes) or None,
        "code_scheme": CODE_SCHEME if codes else None,
        "is_hazardous": True if codes else by_transport,
    }


def _parties(manifest: Node, carriers: list[Node]) -> Row:
    """Who hands over, carries and receives, by their site ids."""
    in_order = carriers
    if len(carriers) > 1:
        order = [c.number_of("order") or at for at, c in enumerate(carriers, start=1)]
        in_order = [c for _, c in sorted(zip(order, carriers, strict=True), key=_first)]
    names = [_party(c) for c in in_order]
    return {
        "generator": _party(manifest.node("generator", required=True)),
        "transporters": PARTY_SEPARATOR.join(n for n in names if n) or None,
        "facility": _party(manifest.node("designatedFacility", required=True)),
    }


def _party(site: Node) -> str | None:
    """The id of a site; its business name where it has none."""
    found = site.text("epaSiteId") or site.text("name")
    if found is None and site.value:
        site.tell("epaSiteId", "is missing; give the id or the name of the site")
    return found


def _first(pair: tuple[float, Node]) -> float:
    return pair[0]


def _times(manifest: Node, carriers: list[Node], state: str | None) -> Row:
    """When the parties handed over, took over, received and certified."""
    received = manifest.time("receivedDate") or _signed_at(
        manifest.node("designatedFacility")
    )
    certified = manifest.time("certifiedDate")
    if certified is None and state in SIGNED:
        certified = received
    shipped = manifest.time("shippedDate")
    return {
        "reserved_at": manifest.time("potentialShipDate"),
        "shipped_at": shipped or _signed_at(manifest.node("generator")),
        "collected_at": _signed_at(carriers[0]) if carriers else None,
        "received_at": received if state in (*ARRIVED, None) else None,
        "confirmed_at": certified,
    }


def _signed_at(site: Node) -> Any:
    """When a party signed: electronically, or on paper."""
    for signature in site.nodes("electronicSignaturesInfo"):
        signed = signature.time("signatureDate")
        if signed is not None:
            return signed
    return site.node("paperSignatureInfo").time("signatureDate")


def _rejection(manifest: Node) -> str | None:
    """FullReject, PartialReject or None."""
    if not manifest.flag("rejection"):
        return None
    kinds = {"FullReject": 1, "PartialReject": 1}
    information = manifest.node("rejectionInfo", required=True)
    return information.word("rejectionType", kinds, required=True)
