"""Who pays and who earns: accounts of the actors, whose sum is the system cost."""

from __future__ import annotations

import pandas as pd


def actor_accounts(
    costs: pd.DataFrame, transfers: pd.DataFrame, *, amount: str = "amount"
) -> pd.DataFrame:
    """Own cost, payments and receipts of every actor in every year.  [money]

    Transfers move money between actors and add up to nothing, so that the net costs
    of a year add up to the system cost of that year.

    Parameters
    ----------
    costs
        Columns year, actor and `amount`: cost positive, revenue negative.
    transfers
        Columns year, from_actor, to_actor and `amount`.
    amount
        `amount` for money of the year, `present_value` for discounted money.

    Returns
    -------
    DataFrame
        Columns year, actor, own_cost, paid, received and net_cost
        (own_cost + paid - received), sorted by year and actor.
    """
    own = costs.groupby(["year", "actor"])[amount].sum()
    paid = _by_actor(transfers, "from_actor", amount)
    received = _by_actor(transfers, "to_actor", amount)
    table = pd.DataFrame({"own_cost": own, "paid": paid, "received": received})
    table = table.fillna(0.0)
    table["net_cost"] = table["own_cost"] + table["paid"] - table["received"]
    table.index = table.index.set_names(["year", "actor"])
    return table.sort_index().reset_index()


def actor_totals(costs: pd.DataFrame, transfers: pd.DataFrame) -> pd.DataFrame:
    """Accounts over the whole horizon, in present value.  [money]

    Returns
    -------
    DataFrame
        Columns actor, own_cost, paid, received, net_cost; the sum of net_cost is the
        present value of the system cost.
    """
    yearly = actor_accounts(costs, transfers, amount="present_value")
    columns = ["own_cost", "paid", "received", "net_cost"]
    return yearly.groupby("actor")[columns].sum().reset_index()


def transfer_reasons(transfers: pd.DataFrame) -> pd.DataFrame:
    """Present value of what each actor pays each other, by reason.  [money]

    Returns
    -------
    DataFrame
        Columns from_actor, to_actor, reason, present_value.
    """
    keys = ["from_actor", "to_actor", "reason"]
    return transfers.groupby(keys)["present_value"].sum().reset_index()


def _by_actor(transfers: pd.DataFrame, column: str, amount: str) -> pd.Series:
    renamed = transfers.rename(columns={column: "actor"})
    return renamed.groupby(["year", "actor"])[amount].sum()
