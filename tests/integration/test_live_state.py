"""What a process remembers of an assessment is what the database has, after every deed."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import live_state as live
from assessments.forms.leaving_out import seen_in
from assessments.live_state import forget, live_state
from assessments.services.assessments import naming_of
from assessments.services.settings import state_dpmm
from tests import builders
from tests.answering import SCRIPT, address, posted, posted_row, row, save, statements
from tests.live import (
    another_process,
    assert_right,
    found,
    one_moment,
    plain,
    remembered,
    told,
    told_anew,
)

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "D1-CTX"
REASON = "There is none of it at this site."
SAVES: list[tuple[str, str, dict[str, Any]]] = [
    # what is told, question, what its form says
    ("a level", CODE, {"reply": "3"}),
    ("a grade alone", CODE, {"grade": "E2"}),
    ("a comment alone", CODE, {"comment": "As the records show."}),
    ("a note alone", CODE, {"evidence_note": "KEL-QS-0112"}),
    ("a flag alone", CODE, {"flagged": "on"}),
    ("no flag", CODE, {"flagged": False}),
    ("another level", CODE, {"reply": "5", "grade": "E3"}),
    ("the same once more", CODE, {"reply": "5"}),
    ("don't know", CODE, {"reply": "unknown"}),
    ("not applicable", "D3-CDM", {"reply": "not_applicable", "reason": REASON}),
    ("another reason", "D3-CDM", {"reason": REASON + " None."}),
    ("a level in place of it", "D3-CDM", {"reply": "0", "grade": "E0"}),
    ("unanswered", "D3-CDM", {"reply": ""}),
    ("a flag without a reply", "D3-CDM", {"flagged": "on"}),
    ("unanswered again", CODE, {"reply": ""}),
]


def place(assessment, name: str, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


def operation() -> dict[str, str]:
    return {"op_id": str(uuid.uuid4())}


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.owner)


# --- Every deed -----------------------------------------------------------------------------------------


def test_after_every_save_of_an_answer(client, assessment):
    for number, (deed, code, changes) in enumerate(SAVES):
        script = bool(number % 2)
        reply = save(client, assessment, code, script=script, **changes)
        assert reply.status_code == (200 if script else 302), deed
        assert_right(client, assessment, deed, kept=True)


def test_after_saves_that_move_the_plant_level_which_nobody_stated(client, assessment):
    """Its proxies move the ceilings of every dimension; other answers between them move none."""
    proxies = live_state(assessment).spec.dpmm.proxies
    levels = []
    for level in ("4", "1", "3", ""):
        for code in (*proxies, "D5-REG"):
            save(client, assessment, code, reply=level)
            state = remembered(assessment)
            assert state
            assert told(state) == told_anew(assessment), (code, level)
            levels.append(state.results.dpmm and state.results.dpmm.level)
    assert {None, 1, 3, 4} <= set(levels)
    assert_right(client, assessment, "all proxies", kept=True)


def test_after_saves_of_a_whole_dimension_each_from_what_the_one_before_left(client, assessment, monkeypatch):
    """All fifty questions are saved and nothing but the first is read whole."""
    live_state(assessment)
    monkeypatch.setattr(live, "_state_of", lambda *_: pytest.fail("read anew"))
    for number, code in enumerate(live_state(found(assessment)).listed):
        values = posted_row(row(assessment, code), reply=str(number % 6), grade=f"E{number % 4}")
        assert client.post(address(assessment, code), values, headers=SCRIPT).status_code == 200
    monkeypatch.undo()
    assert_right(client, assessment, "fifty saves", kept=True)


def test_after_a_change_is_taken_back_and_brought_back(client, assessment):
    save(client, assessment, CODE, reply="3", grade="E1", comment="Mine")
    save(client, assessment, CODE, reply="4", flagged="on")
    for deed in ("taken back", "brought back", "taken back again"):
        client.post(address(assessment, CODE, "take_back"), operation())
        assert_right(client, assessment, deed, kept=True)
    assert row(assessment, CODE).level == 3


def test_after_deeds_on_many_answers_and_on_the_whole(cast, client, assessment):
    earlier = builders.make_submitted(site=cast.site, owner=cast.owner, version=assessment.version)
    right = partial(assert_right, client, assessment)
    save(client, assessment, CODE, reply="3")
    right("a save", kept=True)
    client.post(place(assessment, "carry"), {"source": str(earlier.uuid), **operation()})
    assert row(assessment, "D1-INV").carried_from_id
    right("carried over", kept=False)
    client.post(place(assessment, "confirm_carried"), {"codes": "D1-INV", **operation()})
    right("one confirmed on its page", kept=True)  # the page of the next was looked for
    values = {"codes": "D2-MON", "page": "dimension", **operation()}
    client.post(place(assessment, "confirm_carried"), values)
    right("one confirmed in its dimension", kept=False)
    save(client, assessment, "D1-SEM", reply="5")
    right("another answer than the one carried over", kept=True)
    client.post(address(assessment, "D1-SEM", "take_back"), operation())
    assert row(assessment, "D1-SEM").carried_from_id
    right("it waits again", kept=True)
    seen = seen_in(list(assessment.answers.filter(question_code__startswith="D3")))
    client.post(place(assessment, "leave_out", "D3"), {"reason": REASON, "seen": seen, **operation()})
    assert row(assessment, "D3-CDM").state == "not_applicable"
    right("a dimension left out", kept=False)
    save(client, assessment, "D3-CDM", reply="4")
    right("one of it answered", kept=True)
    save(client, assessment, "D2-MON", reply="")
    client.post(place(assessment, "mark_unknown"))
    assert row(assessment, "D2-MON").state == "unknown"
    right("the rest unknown", kept=False)
    settings = {"source": "assessed", "level": "2", "base_version": "0"}
    client.post(place(assessment, "foundation"), settings)
    assert found(assessment).dpmm_level == 2
    right("the plant level stated", kept=False)
    client.post(place(assessment, "targets"), {"capacity": "7", "use_cases": "UC01", "base_version": "1"})
    right("targets set", kept=False)
    save(client, assessment, CODE, reply="1")
    right("a save under other settings", kept=True)
    seen = naming_of(assessment)
    client.post(place(assessment, "rename"), {"title": "Renamed", "scope": "", "seen": seen})
    right("renamed", kept=False)
    codes = ",".join(answer.question_code for answer in assessment.answers.exclude(carried_from=None))
    client.post(place(assessment, "confirm_carried"), {"codes": codes, "page": "dimension", **operation()})
    client.post(place(assessment, "submit"))
    assert not found(assessment).is_draft
    shown = client.get(address(assessment, CODE, "question")).content.decode()
    assert "Renamed" in shown
    client.post(place(assessment, "reopen"), {"reason": "New evidence was found."})
    right("reopened", kept=False)
    save(client, assessment, CODE, reply="5")
    right("a save of the next revision", kept=True)


def test_the_reply_to_a_save_says_the_same_whether_the_state_was_known(cast, client, assessment):
    """Two assessments alike: for the one, everything is remembered; for the other, nothing."""
    twin = builders.make_assessment(site=cast.site, owner=cast.owner, version=assessment.version)
    for deed, code, changes in SAVES:
        with one_moment():
            known = save(client, assessment, code, **changes).content.decode()
            forget()
            unknown = save(client, twin, code, **changes).content.decode()
        live_state(found(assessment))
        assert plain(known) == plain(unknown), deed


# --- What it costs --------------------------------------------------------------------------------------


def answers_read(request) -> list[str]:
    """Statements that read answers."""
    with CaptureQueriesContext(connection) as captured:
        request()
    said = [query["sql"] for query in captured]
    return [sql for sql in said if sql.startswith("SELECT") and 'FROM "assessments_answer"' in sql]


def post(client, assessment, code, **changes):
    values = posted(row(assessment, code), **changes)
    return partial(client.post, address(assessment, code), values, headers=SCRIPT)


def test_a_second_save_reads_one_answer(client, assessment):
    first, second = post(client, assessment, CODE, reply="3"), post(client, assessment, "D2-MON", reply="2")
    [everything] = answers_read(first)
    assert "question_code" not in everything.partition(" WHERE ")[2]
    [one] = answers_read(second)
    assert "\"question_code\" = 'D2-MON'" in one.partition(" WHERE ")[2]


def test_a_save_takes_no_more_statements_for_the_first_time_than_later(client, assessment):
    for changes in ({"reply": "3"}, {"reply": "4", "grade": "E3", "comment": "Other"}):
        forget()
        first = statements(post(client, assessment, CODE, **changes))
        later = statements(post(client, assessment, "D2-MON", **changes))
        assert first == later <= 10


@pytest.mark.parametrize("name", ["question", "dimension"])
def test_a_page_of_what_is_remembered_takes_one_statement_less(client, assessment, name):
    page = address(assessment, CODE, "question") if name == "question" else place(assessment, name, "D1")
    forget()
    first = statements(partial(client.get, page))
    assert [statements(partial(client.get, page)) for _ in range(2)] == [first - 1] * 2


# --- How much is remembered -----------------------------------------------------------------------------


def kept_of(assessments) -> list[bool]:
    return [remembered(assessment) is not None for assessment in assessments]


def test_of_more_than_a_process_remembers_the_one_read_or_saved_longest_ago_goes(cast, client, monkeypatch):
    monkeypatch.setattr(live, "REMEMBERED", 3)
    version = builders.make_version()
    those = [builders.make_assessment(site=cast.site, owner=cast.owner, version=version) for _ in range(4)]
    for assessment in those[:3]:
        client.get(place(assessment, "answers"))
    assert kept_of(those) == [True, True, True, False]
    save(client, those[0], CODE, reply="3")
    client.get(place(those[3], "answers"))
    assert kept_of(those) == [True, False, True, True]
    client.get(place(those[1], "answers"))
    assert kept_of(those) == [True, True, False, True]
    assert len(live._remembered._kept) == 3
    for assessment in those:
        assert_right(client, assessment, "one of four", kept=remembered(assessment) is not None)


def test_sixteen_are_remembered():
    assert live.REMEMBERED == 16


def test_what_is_remembered_under_another_stamp_is_not_shown(cast, client, assessment):
    client.get(place(assessment, "answers"))
    with another_process():
        state_dpmm(
            actor=cast.owner, assessment=found(assessment), source="assessed", level=5, on=None, tool="",
            by="", base_version=0,
        )  # fmt: skip
    assert remembered(assessment) is None
    assert_right(client, assessment, "settings of another process", kept=False)
