"""Replications leave nothing behind, so that memory stays flat."""

import gc

from small_network import all_to_the_burner, network

from wasteplan.sim.measures import replicate
from wasteplan.sim.simulating import assemble_all
from wasteplan.sim.world import World


def test_a_replication_gives_its_memory_back_at_once():
    """Without waiting for the collector of cycles: no world holds anything."""
    scenario = network(fleet={"trucks": 5}, burner={"mtbf_h": 40, "mttr_h": 10})
    case = assemble_all(scenario, all_to_the_burner(), ["p1"], 28, 7)[0]
    gc.collect()
    gc.disable()
    try:
        found = [replicate(case, 1, r, keep=r == 0) for r in range(3)]
        left = [o for o in gc.get_objects() if isinstance(o, World) and vars(o)]
    finally:
        gc.enable()
    assert not left
    assert found[0].trips is not None
    assert found[1].trips is None
