"""Where the report comes from: inputs and versions, no times and no paths."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version

from wasteplan.report.document import Column, Section, Table
from wasteplan.report.subject import Subject
from wasteplan.report.vendored import ECHARTS_VERSION
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLES

PACKAGES = ("wasteplan", "highspy", "pyomo", "simpy", "numpy", "scipy", "pandas")


def provenance_section(subject: Subject) -> Section:
    """Names, checksums and versions that the numbers depend on."""
    settings = subject.scenario.settings
    rows = [
        ("Scenario", subject.scenario.name),
        (
            "Checksum of the completed inputs (SHA-256)",
            inputs_checksum(subject.scenario),
        ),
        ("Plan", f"{subject.plan.name} ({_made(subject)})"),
        ("Checksum of the plan (SHA-256)", _sha256(subject.plan.model_dump_json())),
    ]
    if subject.simulation is not None:
        rows.append(("Seed of the simulation", str(settings.simulation.seed)))
    rows += [
        (package, found) for package in PACKAGES if (found := package_version(package))
    ]
    rows += [("Python", platform.python_version()), ("Apache ECharts", ECHARTS_VERSION)]
    table = Table("Inputs and versions", (Column("What"), Column("Value")), tuple(rows))
    return Section(
        "provenance", "Where this comes from", tables=(table,), short="Provenance"
    )


def inputs_checksum(scenario: Scenario) -> str:
    """SHA-256 over the settings and every row of every table, in order."""
    digest = hashlib.sha256(scenario.settings.model_dump_json().encode())
    for spec in TABLES:
        for record in getattr(scenario, spec.name, ()):
            digest.update(f"{spec.name}:{record.model_dump_json()}\n".encode())
    return digest.hexdigest()


def package_version(package: str) -> str:
    """Installed version of a package; empty if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _made(subject: Subject) -> str:
    return "solved" if subject.plan.made_by == "solve" else "written by hand"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
