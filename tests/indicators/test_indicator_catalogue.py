import pytest

from wasteplan.indicators.catalogue import INDICATORS, indicator

HEADLINES = [
    "cost_present_value",
    "cost_per_t",
    "gross_cost_present_value",
    "landfill_diversion_rate",
    "recycling_rate",
    "recovery_rate",
    "diversion_without_incineration",
    "residue_free_diversion",
    "co2e_t_per_y",
    "co2e_kg_per_t",
    "electricity_mwh_per_y",
    "jobs",
    "truck_km_per_y",
    "airspace_left_m3",
    "share_of_cost_on_assumption",
    "share_of_co2e_on_assumption",
]


def test_ids_are_unique_and_described():
    assert len({i.id for i in INDICATORS}) == len(INDICATORS)
    assert all(i.label and i.unit and i.text for i in INDICATORS)


@pytest.mark.parametrize("id", HEADLINES)
def test_every_headline_is_known(id):
    assert indicator(id).better in ("less", "more")


def test_unknown_indicator():
    with pytest.raises(KeyError):
        indicator("happiness")
