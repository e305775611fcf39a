"""The frames of the made-up case: flows, costs, emissions, facilities, waste."""

import pandas as pd


def sim_plants() -> pd.DataFrame:
    """The burner turns 300 t/y away because its bunker is full, none at the gate."""
    row = {
        "period": "p2",
        "plant": "park.wte",
        "received_t_per_y": 27_500.0,
        "received_t_per_y_half_width": 120.0,
        "gate_closed_t_per_y": 0.0,
        "bunker_full_t_per_y": 300.0,
        "utilisation": 0.93,
        "availability": 0.88,
        "stock_mean_t": 240.0,
        "wait_mean_min": 12.0,
        "wait_95_min": 41.0,
    }
    return pd.DataFrame([row])


def sim_stocks() -> pd.DataFrame:
    stock = [100.0 + 5 * (day % 40) for day in range(1, 366)]
    idle = [18.0 if 100 < day <= 104 else 0.0 for day in range(1, 366)]
    return pd.DataFrame(
        {
            "period": "p2",
            "day": range(1, 366),
            "place": "park.wte",
            "stock_t": stock,
            "idle_h": idle,
        }
    )


def sim_trips() -> pd.DataFrame:
    """Day 3: a load of 10 t waits half an hour, one of 12 t finds the bunker full."""
    row = {"period": "p2", "origin": "yard", "destination": "park.wte", "attempt": 0}
    row |= {"carries": "garment", "vehicle": "truck", "start_h": 49.0, "left_h": 51.5}
    return pd.DataFrame(
        [
            {
                **row,
                "outcome": "tipped",
                "tonnes": 10.0,
                "arrive_h": 50.0,
                "wait_h": 0.5,
            },
            {
                **row,
                "outcome": "bunker_full",
                "tonnes": 12.0,
                "arrive_h": 51.0,
                "wait_h": 0.0,
            },
        ]
    )


def sim_outages() -> pd.DataFrame:
    """Two lines: an overhaul of 14 days, a breakdown of two days."""
    rows = [
        ("p2", "park.wte", 0, "planned", 0.0, 336.0),
        ("p2", "park.wte", 1, "forced", 480.0, 528.0),
    ]
    columns = ["period", "plant", "line", "cause", "from_h", "to_h"]
    return pd.DataFrame(rows, columns=columns)


def flows() -> pd.DataFrame:
    """Zone and town; 2 000 t/y are burnt in the open, the burner opens in p2."""
    rows = [
        ("p1", "zone", "burning", "garment", "west", "raw", 2_000.0),
        ("p1", "zone", "hill.dump", "garment", "west", "raw", 8_000.0),
        ("p1", "town", "yard", "msw", "east", "raw", 40_000.0),
        ("p1", "yard", "hill.dump", "msw", "east", "raw", 40_000.0),
        ("p2", "zone", "burning", "garment", "west", "raw", 2_000.0),
        ("p2", "zone", "park.wte", "garment", "west", "raw", 8_000.0),
        ("p2", "town", "yard", "msw", "east", "raw", 40_000.0),
        ("p2", "yard", "hill.dump", "msw", "east", "raw", 20_000.0),
        ("p2", "yard", "park.wte", "msw", "east", "raw", 20_000.0),
        ("p2", "park.wte", "hill.dump", "msw", "east", "ash", 5_000.0),
        ("p2", "park.wte", "buyer", "msw", "east", "metal", 500.0),
    ]
    columns = [
        "period",
        "origin",
        "destination",
        "stream",
        "region",
        "product",
        "t_per_y",
    ]
    flows = pd.DataFrame(rows, columns=columns)
    flows["t_in_period"] = 5 * flows["t_per_y"]
    flows["distance_km"] = 20.0
    flows["vehicle"] = "truck"
    flows["t_km_per_y"] = 20 * flows["t_per_y"]
    flows["truck_km_per_y"] = 4 * flows["t_per_y"]
    return flows


def costs() -> pd.DataFrame:
    rows = []
    for year in range(2026, 2036):
        period = "p1" if year < 2031 else "p2"
        items = [
            ("haul", "town", "haul", "public", 600e3, "read"),
            ("fixed_om", "hill.dump", "dump", "public", 200e3, "assumption"),
        ]
        if period == "p2":
            items += [
                ("capital", "park.wte", "wte", "operator", 2.5e6, "assumption"),
                ("electricity", "park.wte", "wte", "operator", -1.1e6, "read"),
                ("sales", "buyer", "outlet", "operator", -45e3, "read"),
            ]
        for term, place, technology, actor, amount, status in items:
            value = amount * 1.06 ** -(year - 2025)
            rows.append(
                (period, year, term, place, technology, actor, amount, value, status)
            )
    columns = [
        "period",
        "year",
        "term",
        "place",
        "technology",
        "actor",
        "amount",
        "present_value",
        "status",
    ]
    return pd.DataFrame(rows, columns=columns)


def transfers() -> pd.DataFrame:
    columns = ["year", "from_actor", "to_actor", "reason", "amount", "present_value"]
    rows = [(2031, "public", "operator", "gate_fee", 700e3, 500e3)]
    return pd.DataFrame(rows, columns=columns)


def emissions() -> pd.DataFrame:
    rows = []
    for year in range(2026, 2036):
        period = "p1" if year < 2031 else "p2"
        parts = [("landfill", "hill.dump", False, 40e6 if period == "p1" else 20e6)]
        parts.append(("leakage", "burning", False, 2e6))
        if period == "p2":
            parts += [
                ("process", "park.wte", False, 12e6),
                ("avoided", "park.wte", True, -9e6),
            ]
        for stage, place, is_credit, kg in parts:
            rows.append(
                (period, year, stage, place, "wte", "co2e", is_credit, kg, "assumption")
            )
    columns = [
        "period",
        "year",
        "stage",
        "place",
        "technology",
        "substance",
        "is_credit",
        "kg_co2e",
        "status",
    ]
    return pd.DataFrame(rows, columns=columns)


def facilities() -> pd.DataFrame:
    nan = float("nan")
    columns = [
        "period",
        "plant",
        "site",
        "technology",
        "sizes",
        "throughput_t_per_y",
        "capacity_t_per_y",
        "heat_tj_per_y",
        "heat_capacity_tj_per_y",
        "utilisation",
        "binding",
        "lhv_mj_per_kg",
        "electricity_mwh_per_y",
        "airspace_used_m3",
        "airspace_left_m3",
        "jobs",
    ]
    dump = ("hill.dump", "hill", "dump", "all")
    yard = ("yard", "yard", "centre", "centre", 40e3, 50e3, nan, nan, 0.8, "", nan)
    heat = (360.0, 360.0, 1.0, "heat", 12.9, 19e3)
    rows = [
        ("p1", *dump, 48e3, 90e3, nan, nan, 0.53, "", nan, 0.0, 3e5, 5e5, 4.0),
        ("p1", *yard, 0.0, nan, nan, 6.0),
        ("p2", *dump, 25e3, 90e3, nan, nan, 0.28, "", nan, 0.0, 4.5e5, 3.5e5, 4.0),
        ("p2", "park.wte", "park", "wte", "s40", 28e3, 40e3, *heat, nan, nan, 40.0),
        ("p2", *yard, 0.0, nan, nan, 6.0),
    ]
    return pd.DataFrame(rows, columns=columns)


def waste() -> pd.DataFrame:
    columns = [
        "period",
        "region",
        "stream",
        "generated_t",
        "leaked_t",
        "landfilled_t",
        "residues_landfilled_t",
        "recycled_t",
        "recovered_t",
        "released_t",
        "exported_t",
    ]
    rows = [
        ("p1", "west", "garment", 10e3, 2e3, 8e3, 0.0, 0.0, 0.0, 0.0, 0.0),
        ("p1", "east", "msw", 40e3, 0.0, 40e3, 0.0, 0.0, 0.0, 0.0, 0.0),
        ("p2", "west", "garment", 10e3, 2e3, 0.0, 1e3, 0.0, 8e3, 7e3, 0.0),
        ("p2", "east", "msw", 40e3, 0.0, 20e3, 4e3, 500.0, 20e3, 15.5e3, 0.0),
    ]
    return pd.DataFrame(rows, columns=columns)
