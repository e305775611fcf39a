"""What people read: the page, the workbook and the map file of a plan."""

from wasteplan.report.writing import write_report

__all__ = ["write_report"]
