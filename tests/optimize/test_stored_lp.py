"""Each constraint family and objective is what its stored LP file says."""

import re

import pytest
from pyomo.repn.tests.lp_diff import lp_diff
from stored_lp import CASES, FOLDER, HAULS, SHOWN_IN, aims, lp_text

from wasteplan.optimize import model

ALL = (*CASES, *aims())
REFRESH = "look at the difference, then run `python tests/optimize/stored_lp.py`"


@pytest.mark.parametrize("name", ALL)
def test_rows_are_as_stored(name, tmp_path):
    now = lp_text(name, tmp_path)
    stored = (FOLDER / f"{name}.lp").read_text(encoding="utf-8")

    base, test = lp_diff(stored, now, f"lp/{name}.lp", "now")

    assert base == test, REFRESH


@pytest.mark.parametrize("name", CASES)
def test_every_file_has_rows(name):
    text = (FOLDER / f"{name}.lp").read_text(encoding="utf-8")

    assert "\nc_" in text.replace("ONE_VAR_CONSTANT", ""), name


def test_every_family_has_a_file():
    families = {add.__name__ for add in model.CONSTRAINTS} | {*HAULS, *SHOWN_IN}

    assert families == set(CASES), "give the new family a case in stored_lp.py"
    assert {f.stem for f in FOLDER.glob("*.lp")} == set(ALL), REFRESH


def test_a_changed_coefficient_is_seen(tmp_path):
    stored = (FOLDER / "permit.lp").read_text(encoding="utf-8")

    base, test = lp_diff(stored, stored.replace("<= 60", "<= 60.001"))

    assert base != test


@pytest.mark.parametrize("family", model.CONSTRAINTS, ids=lambda f: f.__name__)
def test_a_family_says_its_formula_and_unit(family):
    text = family.__doc__ or ""

    assert re.search(r"\[[^\]]+\]", text), "the unit in brackets"
    assert re.search(r"<=|>=|=", text), "the formula"
