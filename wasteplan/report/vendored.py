"""The chart library that is packed into every report."""

from __future__ import annotations

from importlib.resources import files

ECHARTS_VERSION = "5.6.0"
ECHARTS_SHA256 = "bf4a223524e40b77c304bec67e1222cf551f14880cf42c69dc046558e11c07b1"


def echarts() -> str:
    """The minified source of Apache ECharts, as published."""
    return _read("echarts.min.js")


def notice() -> str:
    """The notice that Apache ECharts asks to be kept."""
    return _read("NOTICE").strip()


def _read(name: str) -> str:
    return (files("wasteplan.report") / "vendor" / name).read_text(encoding="utf-8")
