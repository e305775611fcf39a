"""What an appraisal stands on: settings and terms, with how each is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from wasteplan.finance.appraisal_result import INPUT_COLUMNS
from wasteplan.scenario.column_notes import column_notes
from wasteplan.scenario.model import Scenario
from wasteplan.study.financing_cases import Financing

ASSUMED = "default of the program: state it in [finance]"


def input_table(scenario: Scenario, cases: Sequence[Financing]) -> pd.DataFrame:
    """Settings and loan terms (`INPUT_COLUMNS`); a default counts as assumption."""
    rows = [*_settings(scenario), *_terms(cases)]
    return pd.DataFrame(rows, columns=list(INPUT_COLUMNS))


def _settings(scenario: Scenario) -> Iterator[tuple[object, ...]]:
    head, economics = scenario.settings.scenario, scenario.settings.economics
    yield "price_year", head.price_year, "year", "stated", "scenario.toml", ""
    yield "base_year", head.base_year, "year", "stated", "scenario.toml", ""
    rate = economics.discount_rate
    yield "discount_rate", rate, "1/y, real", "stated", "scenario.toml", ""
    settings = scenario.settings.finance
    stated = settings.model_fields_set
    for note in column_notes(type(settings)):
        value = getattr(settings, note.name)
        if value is None or value in ("", ()):
            continue
        shown = " ".join(value) if isinstance(value, tuple) else value
        is_stated = note.name in stated
        yield (
            note.name,
            shown,
            note.unit,
            "stated" if is_stated else "assumption",
            "scenario.toml" if is_stated else "",
            "" if is_stated else ASSUMED,
        )


def _terms(cases: Sequence[Financing]) -> Iterator[tuple[object, ...]]:
    for case in cases:
        for placed in case.funds:
            fund, terms = placed.fund, placed.fund.terms
            name = f"{case.name}.{fund.id}"
            yield f"{name}.share", fund.share, "- of capital cost", "stated", "", ""
            if terms is None:
                continue
            for column, unit in (
                ("interest", "1/y, nominal"),
                ("tenor_y", "y"),
                ("grace_y", "y"),
            ):
                value = getattr(terms, column)
                how = (terms.status, terms.source, terms.note)
                yield (f"{name}.{column}", value, unit, *how)
