"""The answer in ten lines, taken apart into topics and sentences."""

from __future__ import annotations

import re

_TOPIC = re.compile(r"^(\S.{0,30}?)(?:\s{2,}|:\s+)(\S.*)$")
LEFT_OUT = "Report"
"""The line that says where the report is: its reader knows."""


def answer_lines(answer: str) -> tuple[tuple[str, str], ...]:
    r"""Topic and sentence of each line; an indented line continues the one before.

    >>> answer_lines("Build   a burner\n        from 2031\nCost    57 USD/t")
    (('Build', 'a burner from 2031'), ('Cost', '57 USD/t'))
    """
    found: list[tuple[str, str]] = []
    for line in answer.splitlines():
        if not line.strip():
            continue
        match = _TOPIC.match(line)
        if match:
            found.append((match[1], match[2].strip()))
        elif line[0].isspace() and found:
            topic, text = found[-1]
            found[-1] = (topic, f"{text} {line.strip()}")
        else:
            found.append(("", line.strip()))
    return tuple(item for item in found if item[0] != LEFT_OUT)
