"""Writing one file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wasteplan.errors import WasteplanError


@contextmanager
def file_written_whole(path: str | Path) -> Iterator[Path]:
    """A temporary file that takes the place of `path` when the block ends well.

    If the block raises, what was at `path` has not changed and nothing is left beside
    it.

    Raises
    ------
    WasteplanError
        If `path` is a folder or cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise WasteplanError(f"{target} is a folder; name a file in it")
    temporary = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        if error.filename not in (None, str(temporary), str(target.parent)):
            raise
        why = error.strerror or str(error)
        raise WasteplanError(f"{target} cannot be written: {why}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
