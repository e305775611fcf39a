"""Mistakes in paths of money and in small recyclers are named, all at once."""

from pathlib import Path

import pytest
from small_case import write_case

from wasteplan.errors import WasteplanError
from wasteplan.scenario.loading import load_scenario

RATES = """item,year,value,currency,source,status,note
inflation,2025,3,,,assumption,three percent written as 3
inflation,2026,0.03,JPY,,assumption,
exchange,2025,0.007,,,assumption,
exchange,2026,-1,EUR,,assumption,
exchange,2025,1.1,EUR,,assumption,
"""
LOANS = """id,terms,share,interest_per_y,tenor_y,currency,gain_per_y,status,note
euro,agreed,0.5,0.03,10,EUR,0.01,assumption,both a path and a gain
"""
RECYCLERS = """id,waste_t_per_y,feedstock_price_per_t,yield_share,product_price_per_t,\
variable_cost_per_t,fixed_cost_per_y,capex,lifetime_y,interest_per_y,grant,status,note
shop,500,100,0.8,300,40,20000,50000,10,0.1,60000,assumption,
"""


def test_every_mistake_is_told_with_its_file_and_row(tmp_path: Path):
    folder = write_case(tmp_path / "case")
    for name, text in (
        ("rates", RATES),
        ("loans", LOANS),
        ("recyclers", RECYCLERS),
    ):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(WasteplanError) as found:
        load_scenario(folder)
    said = str(found.value)
    for words in (
        "rates.csv row 2, value: 3 1/y is not within -0.5 to 1",
        "rates.csv row 3, currency: inflation is that of",
        "rates.csv row 4, currency: name the currency",
        "rates.csv row 5, value: -1 is not above 0",
        "loans.csv row 2, gain_per_y: rates.csv has a path of EUR",
        "recyclers.csv row 2, grant: 60000 is above capex 50000",
    ):
        assert words in said, said
