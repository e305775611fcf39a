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


HARD_LOANS = """id,terms,share,case,kind,place,interest_per_y,tenor_y,grace_y,\
upfront_fee,status,note
dear,agreed,0.5,mix,,,20,10,2,0.01,assumption,20 % written as 20
short,agreed,0.4,mix,,,0.05,0.5,0,5,assumption,made up
late,agreed,0.3,mix,,nowhere,-0.5,10,10,0.01,assumption,made up
none,agreed,0,other,,,0.05,10,2,0.01,assumption,made up
bank,world_bank,0.5,named,,,,,,0.01,assumption,made up
more,agreed,0.2,mix,,,0.05,10,2,0.01,assumption,made up
gift,given,0.1,other,grant,,,,,,assumption,made up
"""
FINANCE = """
[finance]
construction = "a third each"
equity_share = 0.8
grant_share = 0.5
terms = ["world_bank_idea", "mix"]
"""


def test_loans_that_cannot_be_are_refused(tmp_path: Path):
    """Interest of 2,000 %, no tenor, shares above all of the cost, and the rest."""
    folder = write_case(tmp_path / "case")
    (folder / "loans.csv").write_text(HARD_LOANS, encoding="utf-8")
    settings = folder / "scenario.toml"
    settings.write_text(settings.read_text() + FINANCE, encoding="utf-8")
    with pytest.raises(WasteplanError) as found:
        load_scenario(folder)
    said = str(found.value)
    for words in (
        "loans.csv row 2, interest_per_y: 20 is not within 0 to 1 (0.03 is 3 %)",
        "loans.csv row 3, tenor_y: 0.5 y is below 1",
        "loans.csv row 3, upfront_fee: 5 is not within 0 to 1",
        "loans.csv row 4, place: no site, technology, plant or centre 'nowhere'",
        "loans.csv row 4, interest_per_y: -0.5 is not within 0 to 1",
        "loans.csv row 4, grace_y: 10 y leaves no year of a tenor of 10 y",
        "loans.csv row 5, share: 0 lends nothing",
        "loans.csv row 6, terms: no packaged terms 'world_bank'",
        "loans.csv row 7, share: with it case 'mix' bears 110% of cost",
        "[finance] construction: 'a third each' are no shares",
        "[finance] grant_share: equity_share and grant_share are 130%",
        "[finance] terms: no loan terms 'world_bank_idea' (did you mean",
    ):
        assert words in said, said


def test_correlations_that_no_chance_has_are_refused(tmp_path: Path):
    """Building and running, running and energy: at 0.68 they contradict each other."""
    folder = write_case(tmp_path / "case")
    settings = folder / "scenario.toml"
    text = settings.read_text()
    settings.write_text(text + "\n[finance]\ncorrelation = 0.68\n", encoding="utf-8")
    with pytest.raises(WasteplanError, match=r"correlation: 0\.68 is above 0\.67"):
        load_scenario(folder)
