"""Writing shipments as manifests in the e-Manifest schema, version 1.3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wasteplan.shipments.documents import DocumentScheme, Row, write_documents
from wasteplan.shipments.remarks import label_of
from wasteplan.shipments.routes import management_method
from wasteplan.shipments.table import PARTY_SEPARATOR, ShipmentTable
from wasteplan.shipments.us_emanifest import (
    CODE_SCHEME,
    CONTAINERS,
    KG_PER_M3_OF_CODE,
    TRACKING_NUMBER,
    UNIT_OF_CODE,
    lines_of,
)
from wasteplan.units import KG_PER_T

TRACKING_SUFFIX = "WPL"  # of numbers made up here; no suffix of the agency's printers
CODE_OF_UNIT = {unit: code for code, unit in UNIT_OF_CODE.items()}

STATUS_OF_STATE = {
    "draft": "Pending",
    "reserved": "Scheduled",
    "in_transit": "InTransit",
    "overdue": "InTransit",
    "received": "ReadyForSignature",
    "confirmed": "Signed",
    "treated": "Signed",
    "rejected": "Signed",
    "corrected": "Corrected",
    "mismatch": "UnderCorrection",
    "cancelled": "Pending",
}
SHARED = (
    "generator",
    "transporters",
    "facility",
    "reserved_at",
    "shipped_at",
    "collected_at",
    "received_at",
    "confirmed_at",
    "state",
)
"""Columns that a manifest says once."""


def write_us_emanifest(table: ShipmentTable, path: Path) -> None:
    """Write a table as manifests; what the schema has no field for goes into remarks.

    A document whose name is no tracking number gets a running one that ends in `WPL`.
    """
    taken: set[str] = set()

    def manifest(at: int, name: str, rows: list[Row]) -> dict[str, Any]:
        is_free = TRACKING_NUMBER.fullmatch(name) and name not in taken
        number = name if is_free else f"{at:09d}{TRACKING_SUFFIX}"
        taken.add(number)
        return _manifest(number, rows)

    scheme = DocumentScheme(lines_of, manifest, _remark, SHARED)
    write_documents(scheme, table, path)


def _remark(manifest: dict[str, Any], line: int, column: str, text: str) -> None:
    """A comment of ours on a waste line."""
    information = manifest["wastes"][line - 1].setdefault("additionalInfo", {})
    comment = {"label": label_of(column), "description": text}
    information.setdefault("comments", []).append(comment)


def _manifest(number: str, rows: list[Row]) -> dict[str, Any]:
    """One document as a manifest."""
    first = rows[0]
    names = (first["transporters"] or "").split(PARTY_SEPARATOR)
    carriers: list[dict[str, Any]] = [
        {"epaSiteId": n, "order": i} for i, n in enumerate(names, start=1) if n
    ]
    if carriers and first["collected_at"] is not None:
        carriers[0]["paperSignatureInfo"] = _signature(first["collected_at"])
    states = {row["state"] for row in rows}
    manifest: dict[str, Any] = {
        "manifestTrackingNumber": number,
        "status": STATUS_OF_STATE.get(first["state"] or "draft", "Pending"),
        "potentialShipDate": _iso(first["reserved_at"]),
        "shippedDate": _iso(first["shipped_at"]),
        "receivedDate": _iso(first["received_at"]),
        "certifiedDate": _iso(first["confirmed_at"]),
        "generator": {"epaSiteId": first["generator"]},
        "transporters": carriers,
        "designatedFacility": {"epaSiteId": first["facility"]},
        "wastes": [_waste(row, i) for i, row in enumerate(rows, start=1)],
        "rejection": states == {"rejected"},
    }
    if states == {"rejected"}:
        manifest["rejectionInfo"] = {"rejectionType": "FullReject"}
    return {key: value for key, value in manifest.items() if value is not None}


def _waste(row: Row, at: int) -> dict[str, Any]:
    """One row as a waste line."""
    codes = (row["waste_code"] or "").split(PARTY_SEPARATOR)
    is_federal = row["code_scheme"] == CODE_SCHEME
    route = row["route"]
    method = management_method().get(route or "", route)
    waste: dict[str, Any] = {
        "lineNumber": at,
        "dotHazardous": bool(row["is_hazardous"]),
        "epaWaste": bool(row["is_hazardous"]),
        "br": False,
        "pcb": False,
        "wasteDescription": row["stream"] or row["waste_code"] or "waste",
        "quantity": _quantity(row),
        "hazardousWaste": {
            "federalWasteCodes": [{"code": c} for c in codes if c and is_federal]
        },
    }
    if row["density_kg_per_m3"] is not None:
        waste["brInfo"] = {
            "density": round(row["density_kg_per_m3"] / KG_PER_M3_OF_CODE["2"], 2),
            "densityUnitOfMeasurement": {"code": "2", "description": "sg"},
        }
        if not waste["brInfo"]["density"]:
            del waste["brInfo"]  # lighter than two decimals of gravity can say
    if method:
        waste["managementMethod"] = {"code": method}
    return waste


def _quantity(row: Row) -> dict[str, Any]:
    """The quantity of a row: a whole number of its unit, or of kilograms."""
    amount, unit = row["quantity"], row["quantity_unit"]
    if amount is None or unit not in CODE_OF_UNIT or amount != round(amount):
        declared, received = row["declared_t"], row["received_t"]
        tonnage = received if declared is None else declared
        amount = None if tonnage is None else tonnage * KG_PER_T
        unit = "kg"
    made: dict[str, Any] = {}
    if row["n_containers"] is not None:
        made["containerNumber"] = round(row["n_containers"])
    if row["container"] in CONTAINERS:
        made["containerType"] = {"code": row["container"]}
    if amount is not None:
        made["quantity"] = round(amount)
        made["unitOfMeasurement"] = {"code": CODE_OF_UNIT[unit]}
    return made


def _signature(time: Any) -> dict[str, str | None]:
    return {"signatureDate": _iso(time)}


def _iso(time: Any) -> str | None:
    return None if time is None else f"{time.isoformat()}Z"
