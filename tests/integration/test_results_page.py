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
from tests import builders

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


def verdicts_on(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-use="(\w+)" data-verdict="(\w+)"', page))


@pytest.mark.parametrize("place", [0, 1])
def test_results_page_shows_what_evaluate_prints(demo, sign_in, tmp_path, place):
    owner, assessments = demo
    assessment = assessments[place]
    expected = evaluated(assessment, tmp_path)
    client = sign_in(owner)
    page = client.get(f"/assessments/{assessment.uuid}/results/").content.decode()
    claimed, evidenced = expected["readings"]["claimed"], expected["readings"]["evidenced"]
    assert numbers(page, "index") == [whole(claimed["index"])]
    assert numbers(page, "held_back") == [whole(claimed["held_back"])]
    assert numbers(page, "index_without_ceilings") == [whole(claimed["index_without_ceilings"])]
    assert numbers(page, "evidenced.index") == [whole(evidenced["index"])]
    assert numbers(page, "replied") == [str(expected["completeness"]["replied"])]
    for verdict in VERDICTS:
        count = sum(use["verdict"] == verdict for use in expected["use_cases"].values())
        assert numbers(page, f"verdicts.{verdict}") == [str(count)]
    for area, mean in claimed["areas"].items():
        assert numbers(page, f"areas.{area}") == [tenths(mean)]
    assert numbers(page, "score") == [tenths(row["score"]) for row in claimed["dimensions"].values()]
    assert numbers(page, "level") == [str(row["level"]) for row in claimed["dimensions"].values()]
    assert numbers(page, "evidenced") == [str(row["level"]) for row in evidenced["dimensions"].values()]
    counted = [str(row["effective_level"]) for row in claimed["dimensions"].values()]
    assert numbers(page, "effective_level") == counted
    verdicts = {code: use["verdict"] for code, use in expected["use_cases"].items()}
    shown = verdicts_on(page)
    assert shown.items() <= verdicts.items()
    near = {code for code, verdict in verdicts.items() if verdict != "premature"}
    assert near | set(assessment.use_cases) <= set(shown), "only premature uses that nobody chose are folded"
    assert verdicts_on(client.get(f"/assessments/{assessment.uuid}/use-cases/").content.decode()) == verdicts


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
    assert sorted(numbers(page, "gaps.areas")) == sorted(map(str, expected["gaps"]["areas"].values()))
    page = client.get(f"/assessments/{assessment.uuid}/roadmap/").content.decode()
    steps = expected["roadmap"]["actions"]
    assert re.findall(r'data-action="([^"]+)"', page) == [step["action"] for step in steps]
    bars = re.findall(r'data-action="[^"]+".*?weeks (\d+)–(\d+)', page, re.DOTALL)
    assert bars == [(str(step["start"] + 1), str(step["end"])) for step in steps]
    points = re.findall(
        r'data-week="(\d+)".*?<td class="r num">([^<]*)</td>\s*<td class="r num">([^<]*)</td>',
        page,
        re.DOTALL,
    )
    assert points == [
        (str(point["week"]), whole(point["index"]), str(point["level"]))
        for point in expected["roadmap"]["projection"]
    ]


def test_result_pages_keep_their_query_counts(demo, sign_in, django_assert_max_num_queries):
    owner, assessments = demo
    client = sign_in(owner)
    for page in ("results", "gaps", "use-cases", "roadmap"):
        for assessment in assessments:
            with django_assert_max_num_queries(10):
                assert client.get(f"/assessments/{assessment.uuid}/{page}/").status_code == 200
