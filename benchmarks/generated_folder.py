"""Scenario folders made by a seeded rule, for benchmarks: no place or firm is real."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

SOURCE = "generated"
STATED = {"source": SOURCE, "status": "assumption"}
SOURCES_TOML = """[generated]
text = "Made by a seeded rule of a benchmark: no real place, firm or tonnage."
url = "https://example.org"
"""
Row = Mapping[str, object]


def write_table(folder: Path, name: str, rows: Iterable[Row]) -> None:
    """One table of a scenario, every row marked as generated."""
    rows = [{**row, **STATED} for row in rows]
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def siting_folder(
    folder: Path,
    n_generators: int,
    n_sites: int = 50,
    n_streams: int = 4,
    n_periods: int = 5,
    seed: int = 1,
) -> Path:
    """Burners to be sited on a square of 200 km, all of the waste burnt to nothing.

    Arcs: generators x sites x streams x periods.
    """
    chance = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(SOURCES_TOML)
    (folder / "scenario.toml").write_text(
        '[scenario]\nname = "generated_siting"\ntitle = "Generated siting case"\n'
        'description = "Generated, not real."\ncurrency = "USD"\nprice_year = 2024\n'
        "base_year = 2024\n\n[economics]\ndiscount_rate = 0.05\n\n[roads]\n"
        'provider = "great_circle"\ncircuity = 1.3\nspeed_km_per_h = 40.0\n\n[solve]\n'
        "gap = 0.01\ntime_limit_s = 600\ncluster_above = 1000000\n"
    )
    streams = [f"stream_{k}" for k in range(n_streams)]
    kt = np.round(chance.lognormal(8.0, 1.0, (n_generators, n_streams)), 1)
    one_size = round(float(kt.sum()) / n_sites * 3.0, 0)
    _places(folder, chance, n_generators, n_sites)
    _flows(folder, streams, kt)
    _burner(folder, streams, one_size)
    years = range(2025, 2025 + 5 * n_periods, 5)
    write_table(
        folder,
        "periods",
        [
            {"id": f"p{i}", "first_year": y, "last_year": y + 4}
            for i, y in enumerate(years)
        ],
    )
    return folder


def _places(
    folder: Path, chance: np.random.Generator, n_generators: int, n_sites: int
) -> None:
    for name, n, more in (
        ("generators", n_generators, {"kind": "factory", "generator_class": "any"}),
        ("sites", n_sites, {"technologies": "burner"}),
    ):
        lon = np.round(104.0 + 1.8 * chance.random(n), 5)
        lat = np.round(11.0 + 1.8 * chance.random(n), 5)
        rows = [
            {
                "id": f"{name[:-1]}_{i}",
                "name": f"{name[:-1].title()} {i}",
                "region": "square",
                "lon": lon[i],
                "lat": lat[i],
                **more,
            }
            for i in range(n)
        ]
        write_table(folder, name, rows)


def _flows(folder: Path, streams: Sequence[str], kt: np.ndarray) -> None:
    rows = [
        {
            "generator": f"generator_{i}",
            "stream": name,
            "year": 2024,
            "waste_t_per_y": kt[i, k],
            "growth_per_y": 0.02,
            "basis": "collected",
        }
        for i in range(len(kt))
        for k, name in enumerate(streams)
    ]
    write_table(folder, "generation", rows)
    named = [{"id": name, "name": name, "is_hazardous": "false"} for name in streams]
    write_table(folder, "streams", named)
    mixed = [{"stream": name, "fraction": "mixed", "share": 1} for name in streams]
    write_table(folder, "composition", mixed)
    write_table(folder, "fractions", [{"id": "mixed", "name": "Mixed waste"}])
    one = {"id": "any", "name": "Any", "legal_price_per_t": 0}
    write_table(folder, "generator_classes", [one])


def _burner(folder: Path, streams: Sequence[str], capacity_t: float) -> None:
    """A technology with two sizes, all waste to flue gas, and one truck."""
    burner = {
        "id": "burner",
        "name": "Burner",
        "kind": "combustion",
        "lifetime_y": 30,
        "lead_time_y": 0,
        "availability": 1,
        "variable_om_per_t": 20,
        "electricity_kwh_per_t": 0,
        "diesel_l_per_t": 0,
    }
    write_table(folder, "technologies", [burner])
    sizes = [
        {
            "technology": "burner",
            "id": name,
            "capacity_t_per_y": share * capacity_t,
            "capex": round(2500 * (share * capacity_t) ** 0.85),
            "fixed_om_per_y": round(100 * (share * capacity_t) ** 0.85),
        }
        for name, share in (("half", 0.5), ("whole", 1.0))
    ]
    write_table(folder, "sizes", sizes)
    accepted = [{"technology": "burner", "accepts": name} for name in streams]
    write_table(folder, "acceptance", accepted)
    to_air = {
        "technology": "burner",
        "fraction": "any",
        "component": "all",
        "output": "flue_gas",
        "share": 1,
    }
    write_table(folder, "yields", [to_air])
    gas = {"id": "flue_gas", "name": "Flue gas", "kind": "release"}
    write_table(folder, "products", [gas])
    write_table(
        folder,
        "vehicles",
        [{"id": "truck", "name": "Truck at a flat rate", "cost_per_t_km": 0.15}],
    )
    leg = {"id": "all", "origin": "*", "carries": "*", "state": "*", "vehicle": "truck"}
    write_table(folder, "legs", [leg])
