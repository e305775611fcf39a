"""How samples are drawn, as options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class MethodName(StrEnum):
    """How samples are drawn."""

    LATIN_HYPERCUBE = "latin_hypercube"
    SOBOL = "sobol"
    RANDOM = "random"


SamplesSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the samples.")]
SamplingMethod = Annotated[
    MethodName, typer.Option("--method", help="How samples are drawn.")
]
