"""The simulated year that ships with the scenario of Phnom Penh."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.scenario.loading import load_scenario
from wasteplan.shipments.formats import read_shipments
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.reports_to_plan import plan_input
from wasteplan.study.shipment_reports import data_kind
from wasteplan.study.simulated_shipments import part_of

SCENARIO = Path(__file__).parents[2] / "scenarios" / "phnom-penh"
FOLDER = SCENARIO / "shipments"
FILES = {
    "own": "simulated-2029.csv",
    "us": "simulated-2029.json",
    "england": "simulated-2029.json",
    "allbaro": "simulated-2029.csv",
}
IN_EVERY_FORMAT = ["id", "generator", "facility", "stream", "received_t", "received_at"]
REGIONS = ("kampot", "koh_kong", "poipet")
BYTES_MAX = 3_000_000


def read(form: str) -> ShipmentTable:
    return read_shipments(FOLDER / form / FILES[form]).checked()


@pytest.mark.parametrize("form", FILES)
def test_every_file_says_that_it_is_simulated(form: str) -> None:
    """By its name, its numbers and its scheme, in every row."""
    table = read(form)
    assert data_kind(table) == "simulated"
    assert table["id"].str.startswith("sim-").all()
    assert "simulated" in FILES[form]


def test_four_formats_tell_the_same_year() -> None:
    """593 loads in each; what all formats can say is equal."""
    own = read("own")[IN_EVERY_FORMAT].astype(object)
    assert len(own) == 593
    for form in ("us", "england", "allbaro"):
        table = read(form).set_index("id", drop=False).loc[own["id"]]
        found = table.reset_index(drop=True)[IN_EVERY_FORMAT].astype(object)
        pd.testing.assert_frame_equal(found, own, check_dtype=False)


def test_the_files_stay_small_and_the_scenario_loads() -> None:
    """The folder is no table of the scenario."""
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < BYTES_MAX
    assert load_scenario(SCENARIO).name == "phnom_penh"


def test_reports_of_three_regions_give_back_their_waste() -> None:
    """The scenario's tonnes of each stream lie in the interval; others are silent."""
    case = load_scenario(SCENARIO)
    found = plan_input(case, read("us"))
    regions = {case.generator[g].region for g in found.generation["generator"]}
    assert regions == set(REGIONS)
    assert found.unknown == ()
    rows = found.coverage.set_index(["zone", "stream"])
    for region, stream in (("poipet", "sez_mixed"), ("koh_kong", "sez_mixed")):
        assert rows.loc[(region, stream), "coverage"] == pytest.approx(1.0, abs=0.05)
    capital = rows.loc[("phnom_penh", "industrial_garment")]
    assert capital["unreported_low_t"] == pytest.approx(104_131, rel=0.01)


def test_a_part_of_the_loads_of_one_facility() -> None:
    """None, about seven tenths (within 4 standard deviations) or all; others stay."""
    table, tip = read("own"), "poipet_tip.provincial_landfill"
    n = int((table["facility"] == tip).sum())
    for share in (0.0, 0.7, 1.0):
        kept = part_of(table, {tip: share})
        at_tip = int((kept["facility"] == tip).sum())
        assert abs(at_tip - share * n) <= 4 * (n * share * (1 - share)) ** 0.5
        assert len(table) - len(kept) == n - at_tip


@pytest.mark.slow
@pytest.mark.parametrize("form", FILES)
def test_the_command_of_the_readme_makes_the_file(form: str, tmp_path: Path) -> None:
    """Byte for byte."""
    out = tmp_path / FILES[form]
    regions = [part for region in REGIONS for part in ("--region", region)]
    command = ["shipments", "simulate", str(SCENARIO), "--format", form]
    result = CliRunner().invoke(app, [*command, *regions, "--out", str(out), "--quiet"])
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == (FOLDER / form / FILES[form]).read_bytes()


def test_a_region_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """With the regions that there are."""
    command = ["shipments", "simulate", str(SCENARIO), "--days", "7", "--quiet"]
    out = ["--out", str(tmp_path / "x.csv"), "--region", "kampott"]
    result = CliRunner().invoke(app, [*command, *out])
    assert result.exit_code == 2
    assert "did you mean 'kampot'" in result.output
    assert not (tmp_path / "x.csv").exists()
