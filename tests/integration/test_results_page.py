"""Every number on the result pages of the demo equals what `evaluate` prints for the same assessment."""

from __future__ import annotations

import io
import json
import re
from fractions import Fraction
from math import floor

import pytest
from django.core.management import call_command

from accounts.models import User
from assessments.models import Assessment
from tests import builders, reviewing

VERDICTS = ("ready", "ready_bounded", "near", "premature")


@pytest.fixture
def demo(db):
    builders.make_version()
    call_command("load_demo", stdout=io.StringIO())
    owner = User.objects.get(email="owner@northmere.example")
    return owner, list(Assessment.objects.visible_to(owner).for_page().order_by("pk"))


def evaluated(assessment: Assessment, folder) -> dict:
    """What the two commands print, one after the other."""
    given, printed = io.StringIO(), io.StringIO()
    call_command("export_input", str(assessment.uuid), stdout=given)
    path = folder / "input.json"
    path.write_text(given.getvalue(), encoding="utf-8")
    call_command("evaluate", str(path), stdout=printed)
    return json.loads(printed.getvalue())


def whole(fraction: str | None) -> str:
    return "None" if fraction is None else str(floor(Fraction(fraction) + Fraction(1, 2)))


def tenths(fraction: str | None) -> str:
    if fraction is None:
        return "not scored"
    scaled = floor(Fraction(fraction) * 10 + Fraction(1, 2))
    return f"{scaled // 10}.{scaled % 10}"


def numbers(page: str, name: str) -> list[str]:
    """The texts of the elements that carry a number's name, in order."""
    found = re.findall(rf'data-number="{re.escape(name)}"[^>]*>(.*?)</(?:b|span|td|data)>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", text).strip() for text in found]


def sums_of(readings: dict) -> dict[str, str]:
    """The sums that are shown: what is held back, and other readings, only where they make a difference."""
    claimed = readings["claimed"]
    sums = {"index": claimed["index"]}
    if claimed["held_back"] != "0":
        sums |= {"without_ceilings": claimed["index_without_ceilings"], "held_back": claimed["held_back"]}
    others = {name: readings[name]["index"] for name in ("evidenced", "validated") if readings[name]}
    sums |= {name: index for name, index in others.items() if index != claimed["index"]}
    return {name: tenths(number) for name, number in sums.items()}


def sums_on(page: str) -> dict[str, str]:
    """Of each sum under the index: where it comes out, as it is shown."""
    lines = re.findall(r'<p [^>]*data-sum="(\w+)">(.*?)</p>', page, re.DOTALL)
    ends = {name: re.search(r"([\d.]+)$", re.sub(r"<[^>]*>", "", line)).group(1) for name, line in lines}
    return {name: tenths(end) for name, end in ends.items()}


def verdicts_on(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-use="(\w+)" data-verdict="(\w+)"', page))


@pytest.fixture
def reviewed(demo):
    """The submitted demo, reviewed: one level lower, one above the claim, all else accepted."""
    owner, assessments = demo
    _, (anna,) = reviewing.make_consultants(assessments[0].organisation, "Anna Brandt")
    reviewing.make_reviewed(assessments[0], anna, {"D4-DEC": 1, "D3-TTP": 5, "D2-SUP": 2})
    return owner, [reviewing.again(assessments[0], owner)]


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "place"), [("demo", 0), ("demo", 1), ("reviewed", 0)])
def test_results_page_shows_what_evaluate_prints(request, sign_in, tmp_path, given, place):
    owner, assessments = request.getfixturevalue(given)
    assessment = assessments[place]
    expected = evaluated(assessment, tmp_path)
    client = sign_in(owner)
    page = client.get(f"/assessments/{assessment.uuid}/results/").content.decode()
    claimed, evidenced = expected["readings"]["claimed"], expected["readings"]["evidenced"]
    assert numbers(page, "index") == [tenths(claimed["index"])]
    assert numbers(page, "held_back") == [tenths(claimed["held_back"])]
    assert numbers(page, "index_without_ceilings") == [tenths(claimed["index_without_ceilings"])]
    assert numbers(page, "evidenced.index") == [tenths(evidenced["index"])]
    assert sums_on(page) == sums_of(expected["readings"])
    assert numbers(page, "replied") == [str(expected["completeness"]["replied"])]
    for verdict in VERDICTS:
        count = sum(use["verdict"] == verdict for use in expected["use_cases"].values())
        assert numbers(page, f"verdicts.{verdict}") == [str(count)]
    for area, mean in claimed["areas"].items():
        assert numbers(page, f"areas.{area}") == [tenths(mean)]
    assert numbers(page, "score") == [tenths(row["score"]) for row in claimed["dimensions"].values()]
    assert numbers(page, "level") == [str(row["level"]) for row in claimed["dimensions"].values()]
    assert numbers(page, "evidenced") == [str(row["level"]) for row in evidenced["dimensions"].values()]
    validated = expected["readings"]["validated"]
    assert (validated is not None) is (given == "reviewed")
    assert numbers(page, "validated.index") == ([tenths(validated["index"])] if validated else [])
    levels = [str(row["level"]) for row in validated["dimensions"].values()] if validated else ["–"] * 5
    assert numbers(page, "validated") == levels
    said = [claimed["level"], evidenced["level"], *([validated["level"]] if validated else [])]
    shown_levels = re.search(r"<dd data-levels>(.*?)</dl>", page, re.DOTALL)[1]  # type: ignore[index]  # none is a failure
    assert re.findall(r'class="lvl [^"]*">(\d)<', shown_levels) == [str(level) for level in said]
    counted = [str(row["effective_level"]) for row in claimed["dimensions"].values()]
    assert numbers(page, "effective_level") == counted
    verdicts = {code: use["verdict"] for code, use in expected["use_cases"].items()}
    shown = verdicts_on(page)
    assert shown.items() <= verdicts.items()
    near = {code for code, verdict in verdicts.items() if verdict != "premature"}
    assert near | set(assessment.use_cases) <= set(shown), "only premature uses that nobody chose are folded"
    assert verdicts_on(client.get(f"/assessments/{assessment.uuid}/use-cases/").content.decode()) == verdicts


def test_a_reviewed_input_holds_the_levels_that_were_set(reviewed):
    _, (assessment,) = reviewed
    printed = io.StringIO()
    call_command("export_input", str(assessment.uuid), stdout=printed)
    assert json.loads(printed.getvalue())["validated"] == {"D4-DEC": 1, "D3-TTP": 5, "D2-SUP": 2}


@pytest.mark.parametrize("place", [0, 1])
def test_gaps_and_roadmap_show_what_evaluate_prints(demo, sign_in, tmp_path, place):
    owner, assessments = demo
    assessment = assessments[place]
    expected = evaluated(assessment, tmp_path)
    client = sign_in(owner)
    page = client.get(f"/assessments/{assessment.uuid}/gaps/").content.decode()
    gaps = expected["gaps"]["questions"]
    assert re.findall(r'data-gap="([^"]+)"', page) == [gap["question"] for gap in gaps]
    assert numbers(page, "priority") == [str(gap["priority"]) for gap in gaps]
    questions = builders.bami_spec().questions
    weights = re.findall(r'<span class="txt">[\w-]+, weight (\d+)', page)
    assert weights == [str(questions[gap["question"]].weight) for gap in gaps]
    assert sorted(numbers(page, "gaps.areas")) == sorted(map(str, expected["gaps"]["areas"].values()))
    results, page = (
        client.get(f"/assessments/{assessment.uuid}/{name}/").content.decode()
        for name in ("results", "roadmap")
    )
    steps = expected["roadmap"]["actions"]
    assert re.findall(r'data-action="([^"]+)"', page) == [step["action"] for step in steps]
    bars = re.findall(r'data-action="[^"]+".*?weeks (\d+)–(\d+)', page, re.DOTALL)
    assert bars == [(str(step["start"] + 1), str(step["end"])) for step in steps]
    row = r'data-week="(\d+)".*?<b data-index>([^<]*)</b>.*?<td class="r num nowrap"[^>]*>(.*?)</td>'
    points = [
        (str(point["week"]), whole(point["index"]), str(point["level"]))
        for point in expected["roadmap"]["projection"]
    ]
    for shown in (results, page):
        cells = re.findall(row, shown, re.DOTALL)
        levels = [re.findall(r">?(\d|–)(?:</b>)?$", level.strip())[0] for _, _, level in cells]
        assert [(week, index, level) for (week, index, _), level in zip(cells, levels, strict=True)] == points
        ends = re.findall(r'data-week="(\d+)".*?<td class="small"[^>]*>(.*?)</td>', shown, re.DOTALL)
        assert {week: re.findall(r"\bA-D\d-\d+\b", cell) for week, cell in ends} == {
            week: [step["action"] for step in steps if str(step["end"]) == week] for week, _, _ in points
        }


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["demo", "reviewed"])
def test_result_pages_keep_their_query_counts(request, sign_in, django_assert_max_num_queries, given):
    owner, assessments = request.getfixturevalue(given)
    client = sign_in(owner)
    for page in ("results", "gaps", "use-cases", "roadmap"):
        for assessment in assessments:
            with django_assert_max_num_queries(10):
                assert client.get(f"/assessments/{assessment.uuid}/{page}/").status_code == 200
