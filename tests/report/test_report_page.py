import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
import report_case as case

from wasteplan.evaluation.result import Violation
from wasteplan.report.page import html
from wasteplan.report.writing import write_report

SIZE_MAX_BYTES = 2_000_000


class Reader(HTMLParser):
    """Collects what a browser would load, run and show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.shown: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in ("script", "style"):
            self._inside.append(tag)
            if tag == "script":
                self.scripts.append("")

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.shown.append(data)
        elif self._inside[-1] == "script":
            self.scripts[-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.shown).split())


@pytest.fixture(scope="module")
def page() -> Reader:
    return Reader(html(case.subject()))


def named(tag: str, reader: Reader) -> list[dict[str, str]]:
    return [attributes for name, attributes in reader.tags if name == tag]


def test_nothing_is_loaded_from_anywhere(page):
    """No element that fetches, but for an empty data icon; no @import, no url()."""
    loading = {"src", "srcset", "poster", "action", "formaction", "background"}
    for tag, attributes in page.tags:
        assert not loading & set(attributes), tag
        if "href" in attributes:
            assert attributes["href"].startswith(("#", "data:,")), attributes
    assert "@import" not in html(case.subject())
    assert not {"img", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}


def test_the_policy_allows_exactly_the_scripts_of_the_page(page):
    """Each script that runs has its SHA-256 in the policy, and nothing else may run."""
    policy = next(
        a["content"]
        for a in named("meta", page)
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    kinds = [a.get("type") for a in named("script", page)]
    running = [s for s, kind in zip(page.scripts, kinds, strict=True) if kind is None]
    hashes = [
        base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in running
    ]

    assert policy.startswith("default-src 'none';")
    allowed = re.search(r"script-src ([^;]*);", policy)[1]
    assert allowed == " ".join(f"'sha256-{h}'" for h in hashes)
    assert "connect-src" not in policy


def test_the_page_is_small_enough():
    assert len(html(case.subject()).encode()) < SIZE_MAX_BYTES


def test_a_large_case_stays_small_enough():
    """6 000 generators, each with a road, a flow and numbers in both periods."""
    small = case.scenario()
    many = range(6_000)
    town = small.generators[1]
    generators = tuple(
        town.model_copy(
            update={
                "id": f"town{i}",
                "name": f"Town number {i} on the plain",
                "lon": 104.0 + (i % 77) / 60,
                "lat": 11.0 + (i // 77) / 60,
                "population": 1000.0 + i,
            }
        )
        for i in many
    )
    generation = tuple(
        small.generation[1].model_copy(
            update={"generator": f"town{i}", "waste_t_per_y": 10.0 + i}
        )
        for i in many
    )
    flows = case.evaluation().flows
    first = flows[flows["origin"] == "town"].iloc[0]
    grown = pd.DataFrame([first] * 12_000)
    grown["origin"] = [f"town{i}" for i in many] * 2
    grown["period"] = ["p1"] * 6_000 + ["p2"] * 6_000
    grown["t_per_y"] = [10.0 + i for i in many] * 2
    subject = case.subject(
        scenario=case.scenario(generators=generators, generation=generation),
        evaluation=case.evaluation(flows=pd.concat([flows, grown], ignore_index=True)),
    )

    assert len(html(subject).encode()) < SIZE_MAX_BYTES


def test_every_chart_has_words_and_a_table(page):
    """A reader who sees no picture finds a label on it and its numbers below it."""
    pictures = [a for a in named("div", page) if a.get("role") == "img"]
    data = json.loads(page.scripts[0])

    assert len(pictures) == len(data["charts"]) >= 10
    assert all(len(a["aria-label"]) > 40 for a in pictures)
    tables = {c["id"] for c in data["charts"]} & figures_with_details(page)
    assert len(tables) == len(pictures)


def test_headings_step_down_without_a_jump(page):
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_ids_are_unique(page):
    ids = [a["id"] for _, a in page.tags if "id" in a]

    assert len(ids) == len(set(ids))


def test_hostile_names_stay_text():
    """A name that closes the script and opens an image does neither."""
    zone, town = case.scenario().generators
    hostile = zone.model_copy(update={"name": case.HOSTILE})
    subject = case.subject(
        scenario=case.scenario(generators=(hostile, town)), answer=case.HOSTILE
    )
    before, after = Reader(html(case.subject())), Reader(html(subject))

    assert not named("img", after)
    assert len(after.scripts) == len(before.scripts) == 3
    data = json.loads(after.scripts[0])
    places = next(c for c in data["charts"] if c["id"] == "map")["data"]["places"]
    assert case.HOSTILE in [p[0] for p in places]
    assert "<!--" not in after.scripts[0]


def test_equal_inputs_give_equal_bytes(tmp_path):
    first = written(tmp_path / "a")
    second = written(tmp_path / "b")

    assert [p.name for p in first] == ["report.html", "results.xlsx", "plan.geojson"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_bare_evaluation_leaves_chapters_out():
    """Without flows, costs, emissions and simulation there is no empty frame."""
    full = case.evaluation()
    frames = ("flows", "costs", "transfers", "emissions", "facilities")
    bare = replace(
        full, kpis=(), unmixing=None, **{f: getattr(full, f).iloc[:0] for f in frames}
    )
    subject = case.subject(evaluation=bare, baseline=None, simulation=None, answer="")
    sections = [a["id"] for a in named("section", Reader(html(subject)))]

    assert sections == [
        "answer", "timeline", "proof", "assumptions", "limits", "provenance"
    ]  # fmt: skip


def test_headlines_are_shown_with_their_difference_to_the_status_quo(page):
    """57.4 against 22.0 USD/t: +35.4; diversion 46 against 2 %: +44 points."""
    assert "57.4 USD/t" in page.text
    assert "+35.4 USD/t against the status quo" in page.text
    assert "+44.0 points against the status quo" in page.text
    assert "simulated 51.0 % ± 1.0 %" in page.text


def test_a_status_quo_that_cannot_go_on_is_said_under_the_tiles():
    full = Violation("airspace", "hill.dump", "p2", 9e6, 5e6, "m3")
    worse = replace(case.baseline(), violations=(full,))
    text = Reader(html(case.subject(baseline=worse))).text

    assert "there is no room at Open dump at The hill." in text
    assert "+35.4 USD/t against a status quo that cannot go on" in text


def test_a_target_missed_in_the_simulation_is_said_under_the_tiles():
    """48 ± 1 % simulated against 50 % asked of all waste."""
    worse = case.simulation()
    kpis = worse.kpis.assign(mean=worse.kpis["mean"] - 0.03)
    text = Reader(html(case.subject(simulation=replace(worse, kpis=kpis)))).text

    said = "50.0 % missed in the simulation in 2031–2035 (48.0 ± 1.0 %)."
    assert said in text


def test_a_missed_requirement_is_said_at_the_top():
    evaluation = case.evaluation(violations=(case.missed(),))
    text = Reader(html(case.subject(evaluation=evaluation))).text

    assert "The plan does not meet every requirement." in text
    assert "The plan keeps every requirement" not in text


def test_unknown_emissions_are_called_unknown():
    """A sum that skips what is not known would look like a small number."""
    full = case.evaluation()
    emissions = full.emissions.copy()
    emissions.loc[0, "kg_co2e"] = float("nan")
    reader = Reader(html(case.subject(evaluation=replace(full, emissions=emissions))))

    assert "Unknown: the properties of some of the waste are not given" in reader.text
    charts = [c["id"] for c in json.loads(reader.scripts[0])["charts"]]
    assert "emissions" not in charts


def test_the_page_names_no_path_and_no_time(page, tmp_path):
    text = html(case.subject(scenario=case.scenario(folder=tmp_path)))

    assert str(tmp_path) not in text
    assert "/home/" not in text


def figures_with_details(reader):
    """Ids of the charts whose figure holds a foldable table."""
    found, current = set(), ""
    for tag, attributes in reader.tags:
        if tag == "figure":
            current = attributes["id"].removeprefix("chart-")
        elif tag == "section":
            current = ""
        elif tag == "details":
            found.add(current)
    return found


def written(folder):
    s = case.subject()
    return write_report(
        folder,
        s.scenario,
        s.plan,
        s.evaluation,
        baseline=s.baseline,
        simulation=s.simulation,
        answer=s.answer,
    )
