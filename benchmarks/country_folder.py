"""A generated country: log-normal factories around the towns of a shipped scenario."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from generated_folder import SOURCES_TOML, write_table

TOWNS = Path(__file__).parents[1] / "scenarios" / "cambodia-municipal"
STREAMS = ("mixed_light", "textile", "food", "packaging")
SHARES = (0.4, 0.3, 0.2, 0.1)
"""Of generators: which stream is a generator's first."""
SECOND = 0.35
"""Of generators: share with a second stream."""
KT_PER_Y = 1800.0
SPREAD_DEG = 0.25
LOGNORMAL_SIGMA = 1.4


def country_folder(
    folder: Path,
    n_generators: int = 45_283,
    n_sites: int = 60,
    n_periods: int = 5,
    seed: int = 2024,
) -> Path:
    """Burners, sorting plants and landfills to be sited; diversion rises to 60 %.

    Towns and their weights are those of the shipped municipal scenario; factories,
    sites, tonnages and costs are made by a seeded rule and stand for nothing real.
    """
    chance = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(SOURCES_TOML)
    (folder / "scenario.toml").write_text(
        '[scenario]\nname = "generated_country"\n'
        'title = "Generated country on shipped geography"\n'
        'description = "Generated, not real: factories by a seeded rule."\n'
        'currency = "USD"\nprice_year = 2024\nbase_year = 2024\n\n'
        "[economics]\ndiscount_rate = 0.06\n\n[roads]\n"
        'provider = "great_circle"\ncircuity = 1.3\nspeed_km_per_h = 40.0\n\n[solve]\n'
        "gap = 0.01\ntime_limit_s = 300\n"
    )
    towns = _towns()
    _generators(folder, chance, towns, n_generators)
    _sites(folder, chance, towns, n_sites)
    _materials(folder)
    _technologies(folder)
    years = range(2025, 2025 + 4 * n_periods, 4)
    periods = [
        {"id": f"p{i}", "first_year": y, "last_year": y + 3}
        for i, y in enumerate(years)
    ]
    write_table(folder, "periods", periods)
    rates = np.round(np.linspace(0.2, 0.6, n_periods), 3)
    targets = [
        {
            "id": f"diversion_{p['id']}",
            "metric": "landfill_diversion_rate",
            "period": p["id"],
            "min": rate,
        }
        for p, rate in zip(periods, rates, strict=True)
    ]
    write_table(folder, "targets", targets)
    return folder


def _towns() -> np.ndarray:
    """(towns, 3): longitude, latitude, weight by tonnage."""
    with (TOWNS / "generators.csv").open(newline="") as file:
        places = {r["id"]: r for r in csv.DictReader(file)}
    weight: dict[str, float] = {}
    with (TOWNS / "generation.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            name = row["generator"]
            weight.setdefault(name, float(row["waste_t_per_y"]))
    return np.array(
        [
            (float(places[k]["lon"]), float(places[k]["lat"]), w)
            for k, w in weight.items()
        ]
    )


def _generators(
    folder: Path, chance: np.random.Generator, towns: np.ndarray, n: int
) -> None:
    town = chance.choice(len(towns), n, p=towns[:, 2] / towns[:, 2].sum())
    place = towns[town, :2] + chance.normal(0.0, SPREAD_DEG, (n, 2))
    rows = [
        {
            "id": f"factory_{i}",
            "name": f"Generated factory {i}",
            "kind": "factory",
            "generator_class": "any",
            "region": "country",
            "lon": round(float(x), 5),
            "lat": round(float(y), 5),
        }
        for i, (x, y) in enumerate(place)
    ]
    write_table(folder, "generators", rows)
    size = chance.lognormal(0.0, LOGNORMAL_SIGMA, n)
    size *= KT_PER_Y * 1e3 / size.sum()
    first = chance.choice(len(STREAMS), n, p=SHARES)
    second = chance.random(n) < SECOND
    flows = []
    for i in range(n):
        parts = [(first[i], 0.8 if second[i] else 1.0)]
        parts += [((first[i] + 1) % len(STREAMS), 0.2)] if second[i] else []
        flows += [
            {
                "generator": f"factory_{i}",
                "stream": STREAMS[k],
                "year": 2024,
                "waste_t_per_y": round(share * float(size[i]), 3),
                "growth_per_y": 0.02,
                "basis": "collected",
            }
            for k, share in parts
        ]
    write_table(folder, "generation", flows)
    one = {"id": "any", "name": "Any", "legal_price_per_t": 0}
    write_table(folder, "generator_classes", [one])


def _sites(
    folder: Path, chance: np.random.Generator, towns: np.ndarray, n: int
) -> None:
    """A landfill stands in the heaviest towns; the rest are candidates by turns."""
    order = np.argsort(-towns[:, 2])
    kinds = ("landfill", "burner", "sorter")
    rows, standing = [], []
    for i in range(n):
        town = towns[order[(i // len(kinds)) % len(towns)]]
        lon, lat = town[:2] + chance.normal(0.0, 0.6 * SPREAD_DEG, 2)
        kind = kinds[i % len(kinds)]
        rows.append(
            {
                "id": f"site_{i}",
                "name": f"Generated site {i}",
                "region": "country",
                "technologies": kind,
                "lon": round(float(lon), 5),
                "lat": round(float(lat), 5),
            }
        )
        if kind == "landfill" and len(standing) < 6:
            standing.append(
                {
                    "id": f"tip_{i}",
                    "site": f"site_{i}",
                    "technology": "landfill",
                    "size": "cell",
                    "opened": 2015,
                    "may_close": "false",
                }
            )
    write_table(folder, "sites", rows)
    write_table(folder, "facilities", standing)


def _materials(folder: Path) -> None:
    named = [{"id": k, "name": k, "is_hazardous": "false"} for k in STREAMS]
    write_table(folder, "streams", named)
    dry = {"mixed_light": 0.5, "textile": 0.9, "food": 0.1, "packaging": 0.95}
    mixed = [
        {"stream": k, "fraction": f, "share": round(s, 3)}
        for k, share in dry.items()
        for f, s in (("dry", share), ("wet", 1 - share))
    ]
    write_table(folder, "composition", mixed)
    write_table(
        folder,
        "fractions",
        [{"id": k, "name": k.title()} for k in ("dry", "wet", "cinder")],
    )
    write_table(
        folder,
        "products",
        [
            {"id": "flue_gas", "name": "Flue gas", "kind": "release", "fraction": ""},
            {"id": "ash", "name": "Ash", "kind": "residue", "fraction": "cinder"},
            {"id": "bales", "name": "Bales", "kind": "recyclate", "fraction": ""},
            {"id": "rest", "name": "Rest", "kind": "residue", "fraction": ""},
        ],
    )


def _technologies(folder: Path) -> None:
    plain = {
        "lead_time_y": 0,
        "availability": 1,
        "electricity_kwh_per_t": 0,
        "diesel_l_per_t": 0,
    }
    kinds = (
        ("burner", "combustion", 25, 25),
        ("sorter", "sorting", 15, 25),
        ("landfill", "disposal", 60, 12),
    )
    rows = [
        {
            "id": k,
            "name": k.title(),
            "kind": kind,
            "lifetime_y": life,
            "variable_om_per_t": om,
            **plain,
        }
        for k, kind, life, om in kinds
    ]
    write_table(folder, "technologies", rows)
    sizes = (
        ("burner", "small", 120e3, 60e6, 2.0e6),
        ("burner", "large", 300e3, 120e6, 4.0e6),
        ("sorter", "small", 60e3, 6e6, 0.5e6),
        ("sorter", "large", 150e3, 12e6, 1.0e6),
        ("landfill", "cell", 400e3, 15e6, 0.6e6),
    )
    write_table(
        folder,
        "sizes",
        [
            {
                "technology": k,
                "id": name,
                "capacity_t_per_y": t,
                "capex": capex,
                "fixed_om_per_y": om,
            }
            for k, name, t, capex, om in sizes
        ],
    )
    takes = {
        "burner": (*STREAMS, "rest"),
        "sorter": ("mixed_light", "textile", "packaging"),
        "landfill": (*STREAMS, "rest", "ash"),
    }
    accepted = [{"technology": k, "accepts": a} for k, v in takes.items() for a in v]
    write_table(folder, "acceptance", accepted)
    made = (
        ("burner", "any", "flue_gas", 0.8),
        ("burner", "any", "ash", 0.2),
        ("sorter", "dry", "bales", 0.5),
        ("sorter", "dry", "rest", 0.5),
        ("sorter", "wet", "rest", 1.0),
    )
    write_table(
        folder,
        "yields",
        [
            {
                "technology": k,
                "fraction": f,
                "component": "all",
                "output": o,
                "share": s,
            }
            for k, f, o, s in made
        ],
    )
    write_table(
        folder,
        "outlets",
        [
            {
                "id": "buyer",
                "name": "Generated buyer",
                "kind": "buyer",
                "accepts": "bales",
                "lon": 104.9,
                "lat": 11.55,
                "price_per_t": 60,
                "counts_as": "recycling",
            }
        ],
    )
    truck = {"id": "truck", "name": "Truck at a flat rate", "cost_per_t_km": 0.15}
    write_table(folder, "vehicles", [truck])
    leg = {"id": "all", "origin": "*", "carries": "*", "state": "*", "vehicle": "truck"}
    write_table(folder, "legs", [leg])
