"""A financing case applied to everything that a plan builds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.finance.funds import Case
from wasteplan.finance.lending import Floats
from wasteplan.finance.measures import pooled
from wasteplan.finance.project import (
    Business,
    Project,
    ProjectCash,
    Shock,
    lowest_cover,
    owners_npv,
    project_cash,
)
from wasteplan.study.financing_cases import Financing


@dataclass(frozen=True, eq=False)
class Financed:
    """A case with the cash of every facility, and of all of them together."""

    name: str
    title: str
    cases: tuple[Case, ...]
    """Beside `projects`: what each facility gets of it."""
    projects: tuple[Project, ...]
    cashes: tuple[ProjectCash, ...]
    pool: ProjectCash
    source: Financing
    """The case before it was cut to the life of each facility."""
    notes: tuple[str, ...] = ()

    def of(self, place: str) -> Financed:
        """The same for one facility alone."""
        i = [p.id for p in self.projects].index(place)
        return Financed(
            self.name,
            self.title,
            (self.cases[i],),
            (self.projects[i],),
            (self.cashes[i],),
            self.cashes[i],
            self.source,
        )


def applied(
    case: Financing, projects: tuple[Project, ...], business: Business
) -> Financed:
    """Cash of all projects under a case."""
    pairs = [case.case_for(project) for project in projects]
    cases = tuple(found for found, _ in pairs)
    cashes = tuple(
        project_cash(p, c, business) for p, c in zip(projects, cases, strict=True)
    )
    notes = tuple(note for _, found in pairs for note in found)
    pool = pooled(cashes)
    return Financed(case.name, case.title, cases, projects, cashes, pool, case, notes)


def outcome(
    financed: Financed,
    business: Business,
    shock: Shock,
    added_fees: tuple[float, ...] = (),
) -> tuple[Floats, Floats]:
    """The owners' NPV and the lowest cover of all facilities together under a shock.

    Parameters
    ----------
    financed
        A case.
    business
        Prices and targets.
    shock
        One number or an array of draws for each driver.
    added_fees
        Added to the gate fee of each facility.  [money/t]
    """
    fees = added_fees or (0.0,) * len(financed.projects)
    cashes = [
        project_cash(p, c, business, shock=shock, added_fee=fee)
        for p, c, fee in zip(financed.projects, financed.cases, fees, strict=True)
    ]
    npv = np.asarray(sum(owners_npv(cash, business) for cash in cashes), np.float64)
    return npv, lowest_cover(pooled(cashes))
