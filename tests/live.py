"""What this process remembers of an assessment, what is read anew, and a process that is not this one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import live_state as live
from assessments.engine.display import whole
from assessments.engine.evaluate import evaluate_briefly
from assessments.live_state import LiveState, live_state
from assessments.models import Assessment
from tests import builders
from tests.answering import address

# What differs each time that a page is made: names of operations, the token of a form, and what time it is.
FRESH = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r'|(?<=csrfmiddlewaretoken" value=")\w+'
    r'|(?<=data-ago=")[^"]+|(?<=datetime=")[^"]+'
)


def found(assessment: Assessment) -> Assessment:
    """As a request finds it now."""
    row: Assessment = Assessment.objects.of(assessment.organisation).for_page().get(pk=assessment.pk)
    return row


def level(person: User, assessment: Assessment, code: str, value: int, **fields: Any) -> None:
    """An answer of this person, saved as by a request that found the assessment just now."""
    builders.answer(found(assessment), person, code, value, **fields)


def remembered(assessment: Assessment) -> LiveState | None:
    """What this process would not read again."""
    return live._recall(found(assessment))


@contextmanager
def another_process() -> Iterator[None]:
    """Within it nothing is remembered, as in one just started; what happens there is not known afterwards."""
    kept = dict(live._remembered._kept)
    live._remembered._kept.clear()
    try:
        yield
    finally:
        live._remembered._kept.clear()
        live._remembered._kept.update(kept)


def told(state: LiveState) -> dict[str, Any]:
    """All that a state says; `results` as it holds them."""
    answers = {code: row.answer for code, row in state.listed.items()}
    waiting = {code: (row.evidenced, row.waits_for) for code, row in state.listed.items()}
    return {
        "order": list(state.listed), "answers": answers, "waiting": waiting, "listed": dict(state.listed),
        "inputs": state.inputs, "results": state.results,
    }  # fmt: skip


def told_anew(assessment: Assessment) -> dict[str, Any]:
    """The same from the database alone."""
    with another_process():
        state = live_state(found(assessment))
        assert state.results == evaluate_briefly(state.spec, state.inputs)
        return told(state)


def summary(assessment: Assessment) -> tuple[int | None, ...]:
    """What lists show of an assessment."""
    row = found(assessment)
    return row.level, row.evidenced_level, row.index, row.held_back, row.replied, row.asked


def summary_anew(assessment: Assessment) -> tuple[int | None, ...]:
    """The same as it follows from the answers."""
    results = told_anew(assessment)["results"]
    claimed, count = results.readings.claimed, results.completeness
    level, lower = claimed.level, results.readings.evidenced.level
    return level, lower, whole(claimed.index), whole(claimed.held_back), count.replied, count.asked


def pages(client: Client, assessment: Assessment) -> dict[str, str]:
    """Pages that show what a process may remember, whole, but for what differs each time."""
    dimensions = [reverse("assessments:dimension", args=[assessment.uuid, code]) for code in ("D1", "D3")]
    places = [
        *dimensions,
        *(f"{dimensions[1]}?show={state}" for state in ("unanswered", "to-confirm", "flagged")),
        *(address(assessment, code, "question") for code in ("D1-CTX", "D3-CDM")),
        reverse("assessments:answers", args=[assessment.uuid]),
        reverse("assessments:overview", args=[assessment.uuid]),
    ]
    shown = {}
    for place in places:
        reply = client.get(place)
        assert reply.status_code in (200, 302)
        shown[place] = reply.get("Location", "") + plain(reply.content.decode())
    return shown


def pages_anew(client: Client, assessment: Assessment) -> dict[str, str]:
    """The same from the database alone."""
    cache.clear()
    with another_process():
        return pages(client, assessment)


def one_moment() -> time_machine.travel:
    """Within it the clock stands still: two pages that are compared say the same minute."""
    return time_machine.travel(timezone.now(), tick=False)


def plain(content: str) -> str:
    return FRESH.sub("…", content)


def assert_right(client: Client, assessment: Assessment, deed: str, *, kept: bool) -> None:
    """After this deed: what is remembered is what the database has, and pages say the same from either.

    `kept`: whether the deed itself leaves the state behind, or the next page has to read it.
    """
    assert (remembered(assessment) is not None) == kept, deed
    client.get(reverse("assessments:list"))  # what a deed has to say is shown once
    with one_moment():
        shown = pages(client, assessment)
        state = remembered(assessment)
        again = pages_anew(client, assessment)
    assert state is not None, deed
    assert told(state) == told_anew(assessment), deed
    assert [place for place, content in shown.items() if content != again[place]] == [], deed
    assert summary(assessment) == summary_anew(assessment), deed
