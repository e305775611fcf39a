"""`python -m wasteplan` is the command `wasteplan`."""

from wasteplan.cli import app

if __name__ == "__main__":
    app(prog_name="wasteplan")
