import numpy as np
import pytest

from wasteplan.lca.emissions import co2e_kg_per_t, outlet_credit
from wasteplan.waste.material import Material
from wasteplan.waste.packaged import packaged_table

TABLE = packaged_table()


def mix(**shares):
    mass = np.zeros(len(TABLE.ids))
    for fraction, share in shares.items():
        mass[TABLE.index[fraction]] = share
    return Material(mass, np.zeros_like(mass))


def saved(product, material, **given):
    found = outlet_credit(product, material, TABLE, **given)
    return -co2e_kg_per_t(found, "AR6", credits=True)


def test_mixed_bales():
    """0.5 plastics x 838 + 0.2 metal x 2,017 + 0.1 glass x 309 + paper none."""
    bales = mix(plastics=0.5, metal=0.2, glass=0.1, paper=0.2)
    assert saved("recyclate", bales) == pytest.approx(853.3)


def test_a_named_plastic_beats_its_parent():
    assert saved("recyclate", mix(pet_bottles=1.0)) == pytest.approx(1146)
    assert saved("recyclate", mix(film_dirty=1.0)) == pytest.approx(838)


def test_paper_has_no_credit_because_of_forest_carbon():
    assert outlet_credit("recyclate", mix(paper=1.0), TABLE) == ()


def test_fibre_credit_is_marked_as_assumed():
    """1,958 kg of virgin cotton less 381 kg of recycled."""
    found = outlet_credit("recyclate_fibre", mix(textiles=1.0), TABLE)
    assert saved("recyclate_fibre", mix(textiles=1.0)) == pytest.approx(1577)
    assert {e.status for e in found} == {"assumption"}
    assert all(e.is_credit for e in found)


def test_compost_replaces_fertiliser():
    """7.1 x 2.404 + 4.1 x 0.448 + 5.4 x 0.443 = 21.297 kg per tonne of compost."""
    assert saved("compost", mix(compost=1.0)) == pytest.approx(21.297, abs=0.001)


def test_fuel_burns_where_it_is_sold():
    """Polyethylene: 856.3 x 44/12 = 3,139.8 kg; coal 43.67 x 0.9 x 96.1 = 3,777."""
    found = outlet_credit("rdf", mix(polymer_polyethylene=1.0), TABLE)
    emitted = co2e_kg_per_t(found, "AR6", credits=False)
    assert emitted == pytest.approx(3139.77, abs=0.01)
    coal = 43.67 * 0.9 * 96.1
    assert saved("rdf", mix(polymer_polyethylene=1.0)) == pytest.approx(
        coal - 3139.77, abs=0.01
    )


def test_a_kiln_burns_whatever_it_buys_and_may_displace_nothing():
    cloth = mix(textile_polyester=1.0)
    given = {"outlet_kind": "kiln", "coal_displaced_gj_per_gj": 0.0}
    assert saved("raw", cloth, **given) == pytest.approx(-0.625 * 44 / 12 * 1000)


@pytest.mark.parametrize("product", ["raw", "digestate", "reuse_pieces", "bypass_dust"])
def test_other_products_save_nothing(product):
    assert outlet_credit(product, mix(textiles=1.0), TABLE) == ()


def test_recyclate_to_a_landfill_earns_no_credit_and_abroad_it_does():
    metal = mix(metal=1.0)
    assert outlet_credit("recyclate", metal, TABLE, outlet_kind="disposal") == ()
    assert saved("recyclate", metal, outlet_kind="export") == pytest.approx(2017)


def test_recyclate_that_is_not_as_good_as_new_replaces_less():
    """Steel: 2,017 kg a tonne, 0.8 of it at a substitution ratio of 0.8; fuel as is."""
    metal, resin = mix(metal=1.0), mix(polymer_polyethylene=1.0)
    assert saved("recyclate", metal, substitution_ratio=0.8) == pytest.approx(1613.6)
    assert saved("rdf", resin, substitution_ratio=0.8) == saved("rdf", resin)
    (found,) = outlet_credit(
        "recyclate",
        metal,
        TABLE,
        substitution_ratio=0.8,
        substitution_status="assumption",
    )
    assert found.status == "assumption"
