"""Random numbers by name: what one thing draws is no matter of what else there is."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(*words: int | str) -> np.random.Generator:
    """The random numbers that belong to a seed and names; others do not shift them.

    Parameters
    ----------
    words
        Seeds and names.  A name counts by its CRC-32.

    >>> stream(1, "wte", "outage").random() == stream(1, "wte", "outage").random()
    True
    >>> stream(1, "wte", "outage").random() == stream(1, "wte", "repair").random()
    False
    """
    entropy = [w if isinstance(w, int) else crc32(w.encode()) for w in words]
    return np.random.default_rng(entropy)
