"""The values of a file in JSON one by one, so that a million need no room at once.

The standard library's decoder reads a value from the head of a text and says where it
ends; here the text is a window that moves over the file.  (An event parser would hold
even less, and takes several times longer for documents of a few kilobytes.)
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

LINES_SUFFIXES = (".jsonl", ".ndjson")
PIECE_BYTES = 1 << 20
VALUE_CHARS_MAX = 1 << 26  # a document of 64 million characters is none
BLANKS = re.compile(r"[ \t\r\n]*")


class NoJson(ValueError):
    """A text that is no JSON, with the line from which nothing can be read."""

    def __init__(self, reason: str, line: int) -> None:
        self.line = line
        super().__init__(f"is no JSON: {reason}, line {line}")


def values_in(path: Path) -> Iterator[tuple[int, Any]]:
    """(number, value) of a file that holds one value, a list, or one value a line.

    In a file of lines (`.jsonl`) the number is the line's; a line that is no JSON comes
    as the `NoJson` that says so, and reading goes on.

    Raises
    ------
    NoJson
        Of any other file: what is here and after it cannot be read.
    UnicodeDecodeError
        The file is not UTF-8.
    """
    if path.suffix.lower() in LINES_SUFFIXES:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _of_line(line, number)
    else:
        with path.open("rb") as file:
            yield from enumerate(_of_text(Window(file)), start=1)


class Window:
    """The part of a text that is being read, moving on over the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._seen = ""
        self._at = 0
        self._line = 1  # of the first character seen

    def takes(self, mark: str) -> bool:
        """Whether the next character that is no blank is this one; if so, pass it."""
        is_next = self._next() == mark
        self._at += is_next
        return is_next

    def value(self) -> Any:
        """The next value, with all of it in the window."""
        self._next()
        while True:
            try:
                value, end = DECODER.raw_decode(self._seen, self._at)
            except json.JSONDecodeError as error:
                line = self._line + error.lineno - 1
                is_long = len(self._seen) - self._at > VALUE_CHARS_MAX
                if is_long or not self._more():
                    raise NoJson(error.msg, line) from None
                continue
            except (ValueError, RecursionError) as error:
                raise NoJson(str(error), self._line_here()) from None
            if end == len(self._seen) and self._more():
                continue  # a number that the end of the window may have cut
            self._at = end
            return value

    def needs(self, mark: str, reason: str) -> None:
        """Pass this character; `""` is the end of the file.

        Raises
        ------
        NoJson
            Another one follows.
        """
        if self._next() != mark:
            raise NoJson(reason, self._line_here())
        self._at += len(mark)

    def _next(self) -> str:
        """The next character that is no blank, `""` at the end."""
        while True:
            blanks = BLANKS.match(self._seen, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._seen):
                return self._seen[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """See another piece, as long as what waits, so that nothing is read often."""
        octets = self._file.read(max(PIECE_BYTES, len(self._seen) - self._at))
        piece = self._decoder.decode(octets, final=not octets)
        self._line = self._line_here()
        self._seen = self._seen[self._at :] + piece
        self._at = 0
        return bool(octets)

    def _line_here(self) -> int:
        return self._line + self._seen.count("\n", 0, self._at)


def _of_text(window: Window) -> Iterator[Any]:
    """One value, or those of a list."""
    if not window.takes("["):
        yield window.value()
    elif not window.takes("]"):
        yield window.value()
        while window.takes(","):
            yield window.value()
        window.needs("]", "Expecting ',' delimiter")
    window.needs("", "Extra data")


def _of_line(line: str, number: int) -> Any:
    try:
        return DECODER.decode(line)
    except json.JSONDecodeError as error:
        return NoJson(error.msg, number)
    except (ValueError, RecursionError) as error:
        return NoJson(str(error), number)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON; leave the value out")


DECODER = json.JSONDecoder(parse_constant=_refuse)
