"""The command for plans over samples on many machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.robust import (
    Penalty,
    SamplesOption,
    drawn,
)
from wasteplan.commands.sampling_options import (
    MethodName,
    SamplesSeed,
    SamplingMethod,
)
from wasteplan.commands.terminal import (
    Json,
    Quiet,
    ScenarioPath,
    TimeLimit,
    print_json,
    telling,
)

if TYPE_CHECKING:
    from wasteplan.optimize.hedging import Hedged
    from wasteplan.optimize.recourse import Recourse
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario

FIRST_RANK = 0

Iterations = Annotated[
    int, typer.Option("--iterations", min=1, help="Of progressive hedging, at most.")
]
HedgeGap = Annotated[
    float,
    typer.Option("--gap", min=0, max=1, help="Stop at this share of the cost."),
]
SampleGap = Annotated[
    float,
    typer.Option("--sample-gap", min=0, max=1, help="Gap to which samples are solved."),
]
Pull = Annotated[
    float,
    typer.Option("--pull", min=1e-6, help="rho over the cost of a decision."),
]
PlanOut = Annotated[Path, typer.Option("--out", help="Plan file to write.")]


def hedge(
    scenario: ScenarioPath,
    samples: SamplesOption = 10,
    penalty: Penalty = None,
    iterations: Iterations = 50,
    gap: HedgeGap = 0.01,
    sample_gap: SampleGap = 1e-4,
    pull: Pull = 0.1,
    seed: SamplesSeed = 1,
    method: SamplingMethod = MethodName.LATIN_HYPERCUBE,
    time_limit: TimeLimit = None,
    out: PlanOut = Path("plan.json"),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plan over samples by progressive hedging, on three MPI ranks or a multiple.

    The problem of `wasteplan robust` with the expected cost; needs the extra `mpi`.
    """
    from wasteplan.optimize.hedging import hedge as plan_by_hedging
    from wasteplan.optimize.hedging import rank_and_size
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened

    is_first = rank_and_size()[0] == FIRST_RANK
    with opened(scenario) as folder, telling(quiet or not is_first) as said:
        case = load_scenario(folder)
        futures = drawn(case, samples, seed, method)
        said.on_step("the plan for central values")
        prices = _prices(case, penalty)
        said.on_step(f"{samples} samples, hedged")
        found = plan_by_hedging(
            [futures[i] for i in range(len(futures))],
            prices,
            iterations=iterations,
            gap=gap,
            sample_gap=sample_gap,
            pull=pull,
            time_limit_s=time_limit,
            is_quiet=quiet,
        )
        if is_first:
            _finish(case, found, prices, out, as_json)


def _prices(case: Scenario, penalty: float | None) -> Recourse:
    """The same on every rank: the search for central values ends at its gap."""
    from wasteplan.optimize.hedging import from_first_rank
    from wasteplan.optimize.solving import solve
    from wasteplan.study.robust import prices_of_misses

    return from_first_rank(lambda: prices_of_misses(case, solve(case), penalty))


def _finish(
    case: Scenario, found: Hedged, prices: Recourse, out: Path, as_json: bool
) -> None:
    from wasteplan.optimize.solving import stop_of
    from wasteplan.plan.files import write_plan
    from wasteplan.study.robust import Search, under_central_values
    from wasteplan.study.wording import money

    search = Search(stop_of(case))
    plan, missed = under_central_values(case, found, prices, search)
    write_plan(plan, out)
    million, currency = 1e6, case.settings.scenario.currency
    if as_json:
        print_json(
            {
                "plan": str(out),
                "objective": found.objective * million,
                "bound": found.bound * million,
                "ranks": found.ranks,
                "penalty_per_t": prices.per_t,
                "missed_under_central_values": list(missed),
                "builds": [b.model_dump() for b in plan.builds],
            }
        )
        return
    _say(plan, missed)
    typer.echo(
        f"expected cost: {money(found.objective * million, currency)} present value, "
        f"at least {money(found.bound * million, currency)}; {found.ranks} ranks"
    )
    typer.echo(f"plan: {out}")


def _say(plan: Plan, missed: tuple[str, ...]) -> None:
    for build in plan.builds:
        what = f"{build.technology} {build.size} at {build.site}"
        typer.echo(f"build {what}, period {build.period}")
    for closure in plan.closures:
        typer.echo(f"close {closure.facility}, period {closure.period}")
    for text in missed:
        typer.echo(f"under central values it misses {text}")
