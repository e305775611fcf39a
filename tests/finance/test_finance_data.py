"""Every source key of the packaged tables resolves, every row has a status."""

import csv
import tomllib
from importlib.resources import files

import pytest

from wasteplan.units import STATUS_ORDER

DATA = files("wasteplan.finance").joinpath("data")


def rows(name):
    with DATA.joinpath(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["price_index.csv", "finance_terms.csv"])
def test_sources_and_statuses_resolve(name):
    known = tomllib.loads(DATA.joinpath("sources.toml").read_text(encoding="utf-8"))
    for row in rows(name):
        assert row["source"] in known
        assert row["status"] in STATUS_ORDER


def test_recalled_riel_rates_are_marked():
    known = tomllib.loads(DATA.joinpath("sources.toml").read_text(encoding="utf-8"))
    for row in rows("price_index.csv"):
        if row["khr_per_usd"]:
            assert row["status_khr"] == ("read" if row["year"] == "2021" else "memory")
            assert row["source_khr"] in known
