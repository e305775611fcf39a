"""Receipts of waste in England: the receipt of the digital waste tracking service.

Schema: Department for Environment, Food and Rural Affairs,
DEFRA/waste-tracking-service, `Receipt API.yml` (draft, version 1.0).  A document is
the body of a receipt, with the `wasteTrackingId` that the service returned beside it.
Every disposal or recovery code of a waste item, with its weight, becomes a row; a rest
without a code becomes one too.

A receipt says who received and who carried, not who produced.  The producer is read
from a reference labelled `Producer` or `Generator`, and unknown without one.
Addresses, mail and telephone are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem
from wasteplan.shipments.documents import (
    DocumentScheme,
    Row,
    read_documents,
    write_documents,
)
from wasteplan.shipments.json_reading import Node
from wasteplan.shipments.quantities import tonnes
from wasteplan.shipments.remarks import label_of, remarked
from wasteplan.shipments.routes import fate_by_code
from wasteplan.shipments.table import PARTY_SEPARATOR, ShipmentTable

SCHEME = "england_receipt"
CODE_SCHEME = "EU_LoW"
UNIT_OF_METRIC = {"Grams": "g", "Kilograms": "kg", "Tonnes": "t"}
CONTAINERS = {
    "BAG": "bag or sack",
    "BAL": "bale",
    "BOX": "box, carton, crate",
    "CAN": "can or jerrycan",
    "CAR": "carrier, pallet cage",
    "CAS": "cask",
    "CON": "container",
    "DRU": "drum",
    "FIB": "fibre drum",
    "IBC": "intermediate bulk container",
    "LOO": "loose",
    "PAL": "pallet",
    "ROR": "roll-on roll-off container",
    "SKI": "skip",
    "TAN": "tanker or tank",
    "WBI": "wheelie bin",
}
TRANSPORTS = ("Road", "Rail", "Air", "Sea", "Inland Waterway", "Pipe", "Piped", "Other")
LOW_CODE = re.compile(r"(\d\d) ?(\d\d) ?(\d\d) ?\*?")
NO_CODE = "99 99 99"
"""In no chapter of the list: written where the code is of another scheme or unknown."""
OPERATIONS = {c: c for c in fate_by_code() if re.fullmatch(r"[RD]\d+", c)}
REFERENCES = "otherReferencesForMovement"
WEIGHT_SLACK = 1e-6  # sums of weights as written, against rounding of decimals
PRODUCER_LABELS = ("producer", "generator", "waste producer")
SHARED = (
    "generator",
    "transporters",
    "facility",
    "received_at",
    "vehicle",
    "received_vehicle",
)
"""Columns that a receipt says once."""


def low_code(text: str) -> str | None:
    """A List-of-Waste code in pairs of digits; None if it is none.

    >>> low_code("040222"), low_code("04 02 16*"), low_code("4222")
    ('04 02 22', '04 02 16', None)
    """
    found = LOW_CODE.fullmatch(text.strip())
    return " ".join(found.groups()) if found else None


def read_england_receipt(
    path: Path, file: str, problems: list[Problem]
) -> ShipmentTable:
    """Shipments of a file of receipts (one, a list, or one a line).

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    problems
        What is wrong is added here; a row number is the number of the receipt.
    """
    return read_documents(_rows, path, file, problems)


def _rows(receipt: Node) -> Iterator[Row]:
    """The rows of one receipt."""
    name = receipt.text("wasteTrackingId") or receipt.text("yourUniqueReference")
    if name is None:
        message = "is missing; give it or yourUniqueReference, to tell receipts apart"
        receipt.tell("wasteTrackingId", message)
    carrier = receipt.node("carrier", required=True)
    means = carrier.word("meansOfTransport", dict.fromkeys(TRANSPORTS), required=True)
    vehicle = carrier.text("vehicleRegistration", required=means == "Road")
    shared: Row = {
        "scheme": SCHEME,
        "document": name,
        "generator": _producer(receipt),
        "transporters": carrier.text("registrationNumber") or carrier.text("siteName"),
        "facility": _facility(receipt.node("receiver", required=True)),
        "received_vehicle": vehicle,
        "received_at": receipt.time("dateTimeReceived", required=True),
        "source_file": receipt.file,
        "source_row": receipt.number,
    }
    at = 0
    for item in receipt.nodes("wasteItems", required=True):
        for row in _item(item):
            at += 1
            known = remarked(receipt, REFERENCES, "label", "reference", at)
            yield {**shared, "id": f"{name or receipt.number}/{at}", **row, **known}


def _item(item: Node) -> list[Row]:
    """The rows of a waste item: one a code with its weight, and the rest."""
    total, is_estimate = _weight(item, required=True)
    codes = []
    for text in item.texts("ewcCodes", required=True):
        code = low_code(text)
        if code is None:
            message = f"'{text}' is no List-of-Waste code: six digits"
            item.tell("ewcCodes", message)
        elif code != NO_CODE:
            codes.append(code)
    shared: Row = {
        "waste_code": PARTY_SEPARATOR.join(codes) or None,
        "code_scheme": CODE_SCHEME,
        "is_hazardous": item.flag("containsHazardous", required=True),
        "container": item.word("typeOfContainers", CONTAINERS, required=True),
    }
    count = item.number_of("numberOfContainers", required=True)
    rows: list[Row] = []
    routed_t = 0.0
    for operation in item.nodes("disposalOrRecoveryCodes"):
        route = operation.word("code", OPERATIONS, required=True)
        part, part_estimate = _weight(operation, required=True)
        routed_t += part or 0.0
        rows.append({**shared, "route": route, **_weighed(part, part_estimate)})
    if total is not None:
        rest_t = total - routed_t
        if rest_t < -WEIGHT_SLACK * max(total, 1.0):
            message = f"weights of the codes add up to {routed_t:g} t"
            item.tell(
                "disposalOrRecoveryCodes", f"{message}, above the item's {total:g} t"
            )
        elif rest_t > WEIGHT_SLACK * max(total, 1.0) or not rows:
            rows.append({**shared, **_weighed(rest_t, is_estimate)})
    if rows:
        rows[0]["n_containers"] = count  # of the item: counted once
    return rows


def _weighed(received_t: float | None, is_estimate: bool | None) -> Row:
    """What a weight says of a row."""
    basis = "estimated" if is_estimate else "weighed"
    return {
        "received_t": received_t,
        "quantity_basis": basis if received_t is not None else None,
    }


def _weight(node: Node, *, required: bool) -> tuple[float | None, bool | None]:
    """The weight of an item or a code, and whether it is an estimate.  [t]"""
    weight = node.node("weight", required=required)
    if not weight.value:
        return None, None
    metric = weight.word("metric", UNIT_OF_METRIC, required=True)
    amount = weight.number_of("amount", required=True, above_zero=True)
    is_estimate = weight.flag("isEstimate", required=True)
    if metric is None or amount is None:
        return None, is_estimate
    return tonnes(amount, UNIT_OF_METRIC[metric]), is_estimate


def _producer(receipt: Node) -> str | None:
    """The producer, from a reference with that label."""
    for reference in receipt.each(REFERENCES):
        label = reference.text("label", required=True)
        if label and label.lower() in PRODUCER_LABELS:
            return reference.text("reference", required=True)
    return None


def _facility(receiver: Node) -> str | None:
    """The receiving site by its first authorisation; without one, its name."""
    numbers = receiver.texts("authorisationNumbers", required=True)
    return numbers[0] if numbers else receiver.text("organisationName")


# Writing ----------------------------------------------------------------------------


def write_england_receipt(table: ShipmentTable, path: Path) -> None:
    """Write what was received as receipts; other columns go into the references.

    Rows that never arrived have no receipt and are left out.
    """
    arrived = table[table["received_at"].notna() & (table["quantity_t"] > 0)]
    scheme = DocumentScheme(_rows, _receipt, _remark, SHARED)
    write_documents(scheme, arrived, path)


def _remark(receipt: dict[str, Any], line: int, column: str, text: str) -> None:
    """A reference of ours that names the waste item."""
    reference = {"label": label_of(column, line), "reference": text}
    receipt[REFERENCES].append(reference)


def _receipt(_: int, name: str, rows: list[Row]) -> dict[str, Any]:
    """One document as a receipt."""
    first = rows[0]
    carriers = (first["transporters"] or "").split(PARTY_SEPARATOR)
    vehicle = first["received_vehicle"] or first["vehicle"]
    labelled = [("Generator", first["generator"])] if first["generator"] else []
    return {
        "wasteTrackingId": name,
        "yourUniqueReference": name,
        "dateTimeReceived": f"{first['received_at'].isoformat()}Z",
        REFERENCES: [{"label": label, "reference": text} for label, text in labelled],
        "wasteItems": [_waste_item(row) for row in rows],
        "carrier": {
            "registrationNumber": carriers[0] or None,
            "siteName": carriers[0] or "unknown",
            "meansOfTransport": "Road" if vehicle else "Other",
            **({"vehicleRegistration": vehicle} if vehicle else {}),
        },
        "receiver": {
            "organisationName": first["facility"],
            "authorisationNumbers": [first["facility"]],
        },
    }


def _waste_item(row: Row) -> dict[str, Any]:
    """One row as a waste item."""
    weight = {
        "metric": "Tonnes",
        "amount": row["quantity_t"],
        "isEstimate": row["quantity_basis"] != "weighed",
    }
    codes = [c for c in (row["waste_code"] or "").split(PARTY_SEPARATOR) if low_code(c)]
    route = row["route"] if row["route"] in OPERATIONS else None
    return {
        "ewcCodes": [c.replace(" ", "") for c in codes or [NO_CODE]],
        "wasteDescription": row["stream"] or row["waste_code"] or "waste",
        "physicalForm": "Mixed",
        "numberOfContainers": round(row["n_containers"] or 0),
        "typeOfContainers": row["container"]
        if row["container"] in CONTAINERS
        else "CON",
        "weight": weight,
        "containsPops": False,
        "containsHazardous": bool(row["is_hazardous"]),
        **(
            {"disposalOrRecoveryCodes": [{"code": route, "weight": weight}]}
            if route
            else {}
        ),
    }
