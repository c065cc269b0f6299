"""Charts as files: an SVG that stands alone, and its numbers as CSV without formulas (S-12)."""

from __future__ import annotations

import csv
import html
import io
import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from assessments.results import results_for
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from records.models import Event
from reports.document.figures import FIGURES
from tests import builders, reviewing
from tests.printing import plain as plain_text
from tests.reviewing import again

SVG = "{http://www.w3.org/2000/svg}"
UNKNOWN = "Don’t know, counted as level 0"


@pytest.fixture
def planned(cast):
    """Submitted work with uses and a plan."""
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    set_targets(
        actor=cast.owner, assessment=assessment, targets={}, start_on=None, capacity=4, blackout_weeks=[5],
        use_cases=[use.code for use in builders.bami_spec().use_cases], base_version=0,
    )  # fmt: skip
    return again(assessment, cast.owner)


def texts_of(drawn: ElementTree.Element) -> list[str]:
    return [label.text or "" for label in drawn.iter(f"{SVG}text")]


def address(assessment, figure: str, ending: str) -> str:
    return reverse("reports:figure", args=[assessment.uuid, figure, ending])


@pytest.mark.parametrize("figure", FIGURES)
def test_a_chart_stands_alone(cast, planned, sign_in, figure):
    reply = sign_in(cast.viewer).get(address(planned, figure, "svg"))
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("image/svg+xml")
    assert reply["Content-Disposition"].startswith("attachment")
    text = reply.content.decode()
    drawn = ElementTree.fromstring(text)
    assert drawn.tag == f"{SVG}svg"
    assert drawn.findtext(f"{SVG}title"), "it states its finding"
    assert any(planned.title in text for text in texts_of(drawn))
    assert text.count("@font-face") == 2
    assert set(re.findall(r"url\((\w+):", text)) == {"data"}, "nothing is fetched from elsewhere"
    assert not re.search(r"var\(|class=|<script|href", text)
    assert drawn.findall(f".//{SVG}path")
    assert len(text) < 200_000


LEGEND = re.compile(r'<ul class="(?:key|scale-key)[ "].*?</ul>', re.DOTALL)
ITEM = re.compile(r"<li>.*?</li>", re.DOTALL)
SHOWN_ON = dict.fromkeys(FIGURES, "results") | {"gantt": "roadmap", "gap_areas": "gaps", "gaps": "gaps"}
SAID = {  # what the page says beside a chart, where marks do not
    "ladder": "“Counts” is the claimed level, lowered to the ceiling where it is higher.",
    "radar": "entre 0, edge 5",
    "heat": "Claimed level of every question; a small diamond marks the gate questions.",
    "areas": "The mean level of the answers that carry an area, without ceilings.",
    "uses": "The level that a use needs in each dimension; a frame marks where the site has less.",
    "gaps": "Priority is weight times distance, doubled for a gate question,",
    "gap_areas": "Weight times distance of the gaps, by the first area of each question",
    "gantt": "The critical path is the longest chain of actions that follow one another.",
    "projection": "Projected index by week, 0 to 100, and the level of the site in the band below",
}
MARKS = {"ladder": 5, "radar": 4, "heat": 6, "plant": 4, "gantt": 3, "projection": 6}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_chart_says_what_the_legend_of_its_page_says(cast, planned, sign_in, figure):
    state_dpmm(
        actor=cast.owner, assessment=planned, source="estimated", level=2, on=None, tool="", by="",
        base_version=planned.settings_version,
    )  # fmt: skip
    client = sign_in(cast.viewer)
    page = client.get(reverse(f"assessments:{SHOWN_ON[figure]}", args=[planned.uuid])).content.decode()
    before = page[: page.index(address(planned, figure, "svg"))]
    within = before[max(before.rfind("<section"), before.rfind("<figure")) :]
    items = ITEM.findall("".join(LEGEND.findall(within)))
    legend = [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", item)).split()) for item in items]
    assert len(legend) == MARKS.get(figure, 0)
    said = SAID.get(figure, "")
    assert said in " ".join(html.unescape(page).split())
    drawn = ElementTree.fromstring(client.get(address(planned, figure, "svg")).content)
    file = " ".join(texts_of(drawn))
    assert [words for words in (*legend, said) if words not in file] == []


@pytest.mark.parametrize("figure", FIGURES)
def test_each_chart_has_its_numbers_as_csv(cast, planned, sign_in, figure):
    reply = sign_in(cast.viewer).get(address(planned, figure, "csv"))
    assert reply.status_code == 200
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_table_of_the_ladder_holds_the_levels(cast, planned, sign_in):
    reply = sign_in(cast.owner).get(address(planned, "ladder", "csv"))
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    claimed = results_for(planned).readings.claimed.dimensions
    assert [(row["Code"], row["Claimed"], row["Counts"]) for row in rows] == [
        (code, str(row.level), str(row.effective_level)) for code, row in claimed.items()
    ]


@pytest.fixture
def heated(cast):
    """Reviewed work whose three readings differ, with words that no chart takes along."""
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner, 3, grade="E1")
    builders.answer(assessment, cast.owner, "D1-CTX", None, comment="Nobody knows, said Ingrid.")
    builders.answer(assessment, cast.owner, "D2-SUP", None)
    submit_assessment(actor=cast.owner, assessment=assessment)
    return reviewing.make_reviewed(assessment, cast.reviewer, {"D1-INV": 4, "D2-SUP": 1})


@pytest.mark.parametrize(
    ("reading", "plain", "found"),
    [
        ("claimed", 3, {"D1-INV": ("Level", "3"), "D2-SUP": (UNKNOWN, "0")}),
        ("evidenced", 2, {"D1-INV": ("Level", "2"), "D2-SUP": (UNKNOWN, "0")}),
        ("validated", 2, {"D1-INV": ("Level", "4"), "D2-SUP": ("Level", "1")}),
    ],
)
def test_the_heat_map_is_taken_along_in_the_reading_that_is_shown(
    cast, heated, sign_in, reading, plain, found
):
    client, spec = sign_in(cast.viewer), builders.bami_spec()
    page = client.get(reverse("assessments:results", args=[heated.uuid]), {"reading": reading})
    found_links = re.findall(r'href="([^"]+/figures/heat/(svg|csv)/[^"]*)"', page.content.decode())
    links = {ending: html.unescape(link) for link, ending in found_links}
    table = client.get(links["csv"])
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    expected = {code: ("Level", str(plain)) for code in spec.questions} | {"D1-CTX": (UNKNOWN, "0")} | found
    assert rows == [
        ["Code", "Question", "Dimension", "Gate", "Answer", f"Level {reading}"],
        *(
            [
                code,
                question.title,
                spec.dimension_by_code[spec.dimension_of[code]].name,
                "yes" if question.gate else "no",
                *expected[code],
            ]
            for code, question in spec.questions.items()
        ),
    ]
    drawn = ElementTree.fromstring(client.get(links["svg"]).content.decode())
    texts = texts_of(drawn)
    assert texts[1].endswith(f", {reading}") is (reading != "claimed")
    assert texts.count("?") == (2 if reading == "validated" else 3), "one is in the legend"
    assert drawn.findtext(f"{SVG}title", "nothing") in plain_text(html.unescape(page.content.decode()))
    name = "BAMI heat" if reading == "claimed" else f"BAMI heat {reading}"
    assert f"{name} - " in table["Content-Disposition"]
    taken = Event.objects.of(cast.organisation).filter(action="tables.exported").order_by("seq")
    whats = [event.after_json["what"] for event in taken]
    assert whats == [f"{name[5:]}.csv", f"{name[5:]}.svg"]


@pytest.mark.parametrize("title", ["=1+1", "<script>alert(1)</script>", "مراجعة 👍 " + "W" * 90])
def test_titles_do_no_harm(cast, sign_in, title):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, title=title)
    client = sign_in(cast.owner)
    text = client.get(address(assessment, "heat", "svg")).content.decode()
    assert ElementTree.fromstring(text).tag == f"{SVG}svg"
    assert "<script" not in text
    assert client.get(address(assessment, "ladder", "csv")).status_code == 200


def test_what_cannot_be_drawn_or_has_no_name_is_not_there(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for figure, ending in (("gantt", "svg"), ("radar", "svg"), ("nonsense", "svg"), ("ladder", "exe")):
        assert client.get(address(assessment, figure, ending)).status_code == 404
    for figure in ("ladder", "heat", "plant", "areas", "uses"):
        assert client.get(address(assessment, figure, "svg")).status_code == 200
    assert sign_in(cast.stranger).get(address(assessment, "ladder", "svg")).status_code == 404


def test_who_took_a_chart_is_kept(cast, planned, sign_in):
    sign_in(cast.viewer).get(address(planned, "gaps", "csv"))
    event = Event.objects.of(cast.organisation).order_by("-seq").first()
    assert (event.action, event.actor) == ("tables.exported", cast.viewer)
