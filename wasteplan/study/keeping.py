"""Results kept in a file as they come, and marks of what they are results of."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from wasteplan.errors import WasteplanError
from wasteplan.scenario.model import Scenario
from wasteplan.units import Record

FORMAT = "wasteplan ensemble 1"


class Kept:
    """A file of results, one JSON document a line; the first says what they are of.

    Without a path nothing is kept.
    """

    def __init__(self, path: Path | None, heading: Mapping[str, str]) -> None:
        self.path, self.heading = path, dict(heading)
        self._file: BinaryIO | None = None

    def read(
        self, marks: set[str], say: Callable[[str], None] | None = None
    ) -> dict[str, Any]:
        """Results that are there, by mark, of those that are wanted.

        A line that was not written to its end is cut off.

        Raises
        ------
        WasteplanError
            If the file is no file of results.
        """
        found: dict[str, Any] = {}
        whole = 0
        if self.path is None:
            return found
        if self.path.is_file():
            lines = self.path.read_bytes().splitlines(keepends=True)
            heading = _document(lines[0]) if lines else self.heading
            if (heading or {}).get("format") != FORMAT:
                raise WasteplanError(
                    f"{self.path} holds something else than kept results; name another"
                )
            is_ours = bool(lines) and heading == self.heading
            for line in lines if is_ours else ():
                document = _document(line)
                if document is None:
                    break
                whole += len(line)
                if "mark" in document:
                    found[str(document["mark"])] = document["result"]
            if lines and not is_ours and say is not None:
                say(f"{self.path} is of other inputs or another version: starting anew")
        wanted = {mark: found[mark] for mark in found if mark in marks}
        if wanted and say is not None:
            say(f"{len(wanted)} of {len(marks)} taken from {self.path}")
        self._open(self.path, whole)
        return wanted

    def append(self, mark: str, result: Any) -> None:
        """Add one result; all lines on disk but the last are whole at any time."""
        if self._file is not None:
            self._write(self._file, {"mark": mark, "result": result})

    def close(self) -> None:
        """Nothing more will be added."""
        if self._file is not None:
            self._file.close()

    def _open(self, path: Path, whole: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = self._file = path.open("r+b" if whole else "wb")
        file.truncate(whole)
        file.seek(whole)
        if not whole:
            self._write(file, self.heading)

    def _write(self, file: BinaryIO, document: Any) -> None:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        file.write(text.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def fingerprint(*parts: Any) -> str:
    """A short mark of inputs: scenarios, records, and what JSON knows.

    >>> fingerprint({"a": 1}, [2.0]) == fingerprint({"a": 1}, [2.0])
    True
    >>> fingerprint(1) == fingerprint(2)
    False
    """
    found = sha256()
    for part in parts:
        found.update(_text(part).encode())
        found.update(b"\0")
    return found.hexdigest()[:16]


def plain(value: Any) -> Any:
    """A value as JSON has it: arrays as lists, NaN and infinity as None.

    >>> plain({"a": (1, float("nan"))})
    {'a': [1, None]}
    """
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):  # of numpy
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _text(part: Any) -> str:
    if isinstance(part, Record):
        return part.model_dump_json()
    if isinstance(part, Scenario):
        names = sorted(f.name for f in fields(part) if f.name != "folder")
        return "".join(f"{name}={_text(getattr(part, name))};" for name in names)
    if isinstance(part, tuple | list) and part and isinstance(part[0], Record):
        return "".join(map(_text, part))
    if isinstance(part, Mapping):
        return json.dumps(plain({str(k): v for k, v in part.items()}), sort_keys=True)
    return json.dumps(plain(part), sort_keys=True)


def _document(line: bytes) -> dict[str, Any] | None:
    """The document of a line; None if it is not whole."""
    if not line.endswith(b"\n"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
