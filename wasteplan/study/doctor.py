"""Is this installation able to work: versions, extras, solver, a writable folder."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wasteplan.errors import WasteplanError
from wasteplan.study.provenance import LIBRARIES, versions

PYTHON_MIN = (3, 11)
EXTRAS = {"osm": ("osmium", "road distances from an OpenStreetMap extract")}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    is_well: bool
    text: str
    is_needed: bool = True


def examine(out: str | Path = ".") -> tuple[Finding, ...]:
    """Look at Python, libraries, extras, the solver, the catalogue and a folder.

    Parameters
    ----------
    out
        Where results shall be written.
    """
    found = [_python(), *_libraries(), *_extras()]
    looks: dict[str, Callable[[], str]] = {
        "solver": _solver,
        "catalogue": _catalogue,
        "folder": lambda: _writable(Path(out)),
    }
    for subject, look in looks.items():
        try:
            found.append(Finding(subject, True, look()))
        except WasteplanError as error:
            found.append(Finding(subject, False, str(error)))
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            found.append(Finding(subject, False, text))
    return tuple(found)


def _python() -> Finding:
    is_well = sys.version_info >= PYTHON_MIN
    needed = ".".join(map(str, PYTHON_MIN))
    text = f"{sys.version.split()[0]} (at least {needed})"
    return Finding("python", is_well, text)


def _libraries() -> list[Finding]:
    known = versions()
    return [
        Finding(name, known[name] != "not installed", known[name])
        for name in ("wasteplan", *LIBRARIES)
    ]


def _extras() -> list[Finding]:
    found = []
    for extra, (module, purpose) in EXTRAS.items():
        is_there = importlib.util.find_spec(module) is not None
        hint = "" if is_there else f'; pip install "wasteplan[{extra}]"'
        found.append(Finding(f"[{extra}]", is_there, f"{purpose}{hint}", False))
    return found


def _solver() -> str:
    """Solve: least x + 2 y with x + y >= 3, x <= 1 whole; x = 1, y = 2, value 5."""
    import highspy

    h = highspy.Highs()
    h.silent()
    x = h.addIntegral(lb=0, ub=1)
    y = h.addVariable(lb=0)
    h.addConstr(x + y >= 3)
    h.minimize(x + 2 * y)
    value = h.getInfo().objective_function_value
    if abs(value - 5.0) > 1e-9:
        raise ArithmeticError(f"HiGHS finds {value} where the answer is 5")
    return f"HiGHS {h.version()} solves a small integer problem"


def _catalogue() -> str:
    from wasteplan.lca.factors import factor_rows

    return f"{len(factor_rows())} emission factors can be read"


def _writable(out: Path) -> str:
    folder = out.absolute()
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise WasteplanError(f"{folder} is a file; name a folder")
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"wasteplan")
    except OSError as error:
        why = error.strerror or str(error)
        raise WasteplanError(f"{folder} cannot be written: {why}") from error
    return f"{folder} can be written"
