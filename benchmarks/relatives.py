"""Seeded relatives of the shipped Phnom Penh scenario, for benchmarks.

A relative keeps the technologies, prices, leakage and standing facilities of the
shipped folder and its tonnage by stream.  Factories are drawn anew around the shipped
ones with log-normal sizes, further candidate sites stand near shipped ones at another
price of land, and the twenty years are cut into other periods.  Nothing drawn is real.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
from generated_folder import SOURCES_TOML, write_table

SHIPPED = Path(__file__).parents[1] / "scenarios" / "phnom-penh"
LEFT_OUT = (
    *("plans", "shipments", "generators.csv", "generation.csv", "sites.csv"),
    *("periods.csv", "targets.csv", "scenario.toml", "sources.toml", "estimates.csv"),
    *("ranges.csv", "nodes.csv", "edges.csv", "background.geojson", "README.md"),
)
SPREAD_DEG = 0.08
FIRST_YEAR, LAST_YEAR = 2025, 2044
SIGMA = 1.2


def relative(
    folder: Path, n_generators: int, n_periods: int, n_more_sites: int, seed: int
) -> Path:
    """Write a relative of the shipped scenario to a folder."""
    chance = np.random.default_rng([seed, n_generators, n_periods, n_more_sites])
    shutil.copytree(SHIPPED, folder, ignore=lambda *_: LEFT_OUT, dirs_exist_ok=True)
    known = (SHIPPED / "sources.toml").read_text()
    (folder / "sources.toml").write_text(f"{known}\n{SOURCES_TOML}")
    _settings(folder)
    _factories(folder, chance, n_generators)
    _candidates(folder, chance, n_more_sites)
    _periods(folder, n_periods)
    return folder


def _rows(name: str) -> list[dict[str, str]]:
    with (SHIPPED / f"{name}.csv").open(newline="") as file:
        return [
            {k: v for k, v in row.items() if k not in ("source", "status", "note")}
            for row in csv.DictReader(file)
        ]


def _settings(folder: Path) -> None:
    """Great circles in place of the shipped roads, which new places are not on."""
    text = (SHIPPED / "scenario.toml").read_text()
    text = text.replace('provider = "graph"', 'provider = "great_circle"')
    text = text.replace('name = "phnom_penh"', 'name = "relative_of_phnom_penh"')
    (folder / "scenario.toml").write_text(text)


def _factories(folder: Path, chance: np.random.Generator, n: int) -> None:
    places, flows = _rows("generators"), _rows("generation")
    tonnes: dict[str, float] = {}
    for row in flows:
        name = row["generator"]
        tonnes[name] = tonnes.get(name, 0.0) + float(row["waste_t_per_y"])
    heaviest = sorted(tonnes, key=lambda name: -tonnes[name])[:n]
    parents = [p for p in places if p["id"] in heaviest]
    weight = np.array([tonnes[p["id"]] for p in parents])
    drawn = chance.choice(len(parents), n - len(parents), p=weight / weight.sum())
    of = np.sort(np.concatenate([np.arange(len(parents)), drawn]))
    size = chance.lognormal(0.0, SIGMA, len(of))
    share = size / np.bincount(of, size, len(parents))[of]
    generators, generation = [], []
    for i, (k, part) in enumerate(zip(of, share, strict=True)):
        name = f"factory_{i}"
        lon, lat = (float(parents[k][x]) for x in ("lon", "lat"))
        lon, lat = np.round(np.add((lon, lat), chance.normal(0.0, SPREAD_DEG, 2)), 5)
        one = {"id": name, "name": f"Generated factory {i}", "lon": lon, "lat": lat}
        generators.append({**parents[k], **one, "workers": ""})
        generation += [
            {
                **row,
                "generator": name,
                "waste_t_per_y": round(part * float(row["waste_t_per_y"]), 4),
                "low_t_per_y": "",
                "high_t_per_y": "",
            }
            for row in flows
            if row["generator"] == parents[k]["id"]
        ]
    write_table(folder, "generators", generators)
    write_table(folder, "generation", generation)


def _candidates(folder: Path, chance: np.random.Generator, n: int) -> None:
    sites = _rows("sites")
    able = [s for s in sites if s["technologies"]]
    more = []
    for i in range(n):
        like = able[i % len(able)]
        lon, lat = (float(like[x]) for x in ("lon", "lat"))
        moved = chance.normal(0.0, 2 * SPREAD_DEG, 2)
        lon, lat = np.round(np.add((lon, lat), moved), 5)
        land = float(like["land_cost_per_m2"] or 5) * chance.uniform(0.7, 1.3)
        one = {
            "id": f"candidate_{i}",
            "name": f"Generated candidate {i}",
            "lon": lon,
            "lat": lat,
            "land_cost_per_m2": round(land, 2),
        }
        more.append({**like, **one})
    write_table(folder, "sites", [*sites, *more])


def _periods(folder: Path, n: int) -> None:
    """Equal periods; each has the target of the shipped period its last year is in."""
    length = (LAST_YEAR - FIRST_YEAR + 1) // n
    periods = [
        {
            "id": f"q{i}",
            "first_year": FIRST_YEAR + i * length,
            "last_year": FIRST_YEAR + (i + 1) * length - 1,
        }
        for i in range(n)
    ]
    shipped = _rows("periods")
    targets = []
    for row in _rows("targets"):
        own = next(p for p in shipped if p["id"] == row["period"])
        for p in periods:
            if int(own["first_year"]) <= p["last_year"] <= int(own["last_year"]):
                name = row["id"].removesuffix(row["period"]) + str(p["id"])
                targets.append({**row, "id": name, "period": p["id"]})
    write_table(folder, "periods", periods)
    write_table(folder, "targets", targets)
