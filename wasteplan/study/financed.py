"""A financing case applied to everything that a plan builds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.finance.appraisal_result import POOL
from wasteplan.finance.funds import Case
from wasteplan.finance.lending import Floats
from wasteplan.finance.measures import pooled
from wasteplan.finance.more_revenue import lowest
from wasteplan.finance.project import (
    Business,
    Project,
    ProjectCash,
    Shock,
)
from wasteplan.finance.project_cash import (
    covered,
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


@dataclass(frozen=True, eq=False)
class Shocked:
    """What one shock, or many at once, do to every facility of a case."""

    shock: Shock
    cashes: tuple[ProjectCash, ...]
    npv: dict[str, Floats]
    """Owners' NPV by place, and of all of them.  [money, real]"""
    cover: dict[str, Floats]
    """Lowest cover by place, and of all of them; NaN without debt.  [-]"""


def shocked(one: Financed, business: Business, shock: Shock) -> Shocked:
    """Cash, owners' NPV and lowest cover of each facility and of all together.

    Parameters
    ----------
    one
        A case.
    business
        Prices and targets.
    shock
        One number or an array of draws for each driver.
    """
    cashes = tuple(
        project_cash(p, c, business, shock=shock)
        for p, c in zip(one.projects, one.cases, strict=True)
    )
    npv = {c.project.id: owners_npv(c, business) for c in cashes}
    cover = {c.project.id: lowest(c["dscr"]) for c in cashes}
    npv[POOL] = np.asarray(sum(npv.values()), np.float64)
    available = np.asarray(sum(c["available"] for c in cashes), np.float64)
    due = np.asarray(sum(c["debt_service"] for c in cashes), np.float64)
    cover[POOL] = lowest(covered(available, due))
    return Shocked(shock, cashes, npv, cover)


def outcome(
    financed: Financed, business: Business, shock: Shock
) -> tuple[Floats, Floats]:
    """The owners' NPV and the lowest cover of all facilities together under a shock."""
    found = shocked(financed, business, shock)
    return found.npv[POOL], found.cover[POOL]
