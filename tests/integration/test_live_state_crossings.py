"""What another process writes of an assessment that this one remembers is shown next, and never lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

import pytest

from assessments.services.answers import mark_rest_unknown, record_answer
from assessments.services.carrying import carry_answers, confirm_carried
from assessments.services.leaving_out import leave_out_dimension
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.taking_back import take_back
from assessments.views import answers as pages_of_answers
from assessments.views import saving
from tests import builders
from tests.answering import SCRIPT, address, posted, row, save
from tests.live import another_process, assert_right, found, level, pages, remembered

pytestmark = pytest.mark.django_db(transaction=True)

CODE, OTHER = "D1-CTX", "D2-MON"


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.owner)


# --- Another process ------------------------------------------------------------------------------------


def carry(cast, assessment) -> None:
    earlier = builders.make_submitted(site=cast.site, owner=cast.owner, version=assessment.version)
    carry_answers(actor=cast.respondent, assessment=found(assessment), source=earlier, op_id=uuid.uuid4())


def carry_and_confirm(cast, assessment) -> None:
    carry(cast, assessment)
    confirm_carried(
        actor=cast.respondent, assessment=found(assessment), codes=["D1-INV", "D1-SEM"], op_id=uuid.uuid4()
    )


def leave_out(cast, assessment) -> None:
    seen = {answer.question_code: answer.version for answer in assessment.answers.all()}
    leave_out_dimension(
        actor=cast.respondent, assessment=found(assessment), dimension="D3", seen=seen, op_id=uuid.uuid4(),
        reason="None of it is made here.",
    )  # fmt: skip


def state_plant(cast, assessment) -> None:
    state_dpmm(
        actor=cast.owner, assessment=found(assessment), source="assessed", level=1, on=None, tool="", by="",
        base_version=0,
    )  # fmt: skip


def choose_targets(cast, assessment) -> None:
    set_targets(
        actor=cast.owner, assessment=found(assessment), use_cases=[], targets={"D1": 5}, start_on=None,
        capacity=1, blackout_weeks=[3], base_version=0,
    )  # fmt: skip


def comment(cast, assessment, code: str) -> None:
    record_answer(
        actor=cast.respondent, assessment=found(assessment), question_code=code, op_id=uuid.uuid4(),
        changes={"comment": {"comment": "Theirs"}, "flagged": {"flagged": True}},
        base_version=row(assessment, code).version,
    )  # fmt: skip


def taken_back(cast, assessment) -> None:
    level(cast.respondent, assessment, "D4-MES", 5, grade="E3")
    take_back(actor=cast.respondent, assessment=found(assessment), question_code="D4-MES", op_id=uuid.uuid4())


THEIRS = {
    "the same field of another answer": lambda cast, known: level(cast.respondent, known, "D1-SEM", 5),
    "other fields of the same answer": lambda cast, known: comment(cast, known, OTHER),
    "a reply taken back": taken_back,
    "all carried over": carry,
    "some confirmed": carry_and_confirm,
    "a dimension left out": leave_out,
    "the rest unknown": lambda cast, known: mark_rest_unknown(
        actor=cast.owner, assessment=found(known), op_id=uuid.uuid4()
    ),
    "the plant level": state_plant,
    "the targets": choose_targets,
}


def stands(assessment) -> dict[str, tuple]:
    """Every answer as the table holds it."""
    kept = assessment.answers.values_list("question_code", "state", "level", "grade", "comment", "flagged")
    return {code: tuple(rest) for code, *rest in kept}


# --- What this one shows and writes then --------------------------------------------------------------------


@pytest.mark.parametrize("deed", THEIRS.values(), ids=THEIRS)
def test_what_another_process_wrote_is_on_the_next_page(cast, client, known, deed):
    before = pages(client, known)
    with another_process():
        deed(cast, known)
    assert_right(client, known, "theirs", kept=False)
    assert pages(client, known) != before


@pytest.mark.parametrize("deed", THEIRS.values(), ids=THEIRS)
def test_the_next_save_starts_from_what_another_process_wrote(cast, client, known, deed):
    """Straight away, without a page between: nothing of theirs is lost, and all of it counts."""
    with another_process():
        deed(cast, known)
    theirs = stands(known)
    save(client, known, OTHER, reply="3")
    found_now, expected = stands(known), theirs[OTHER]
    assert found_now == theirs | {OTHER: ("level", 3, *expected[2:])}
    assert_right(client, known, "mine after theirs", kept=True)


def cross(monkeypatch, views, find: str, deed: Callable[[], None]) -> None:
    """Once these views have found their assessment, another process does this deed."""
    found_first = getattr(views, find)

    def find_and_cross(request, uuid):
        mine = found_first(request, uuid)
        with another_process():
            deed()
        return mine

    monkeypatch.setattr(views, find, find_and_cross)


@pytest.mark.parametrize("deed", THEIRS.values(), ids=THEIRS)
def test_a_save_that_crosses_with_another_process_starts_from_what_it_wrote(
    cast, client, known, deed, monkeypatch
):
    """They write after the request found its assessment and before it locks it."""
    opened = posted(row(known, CODE), reply="3")
    cross(monkeypatch, saving, "find_to_save", partial(deed, cast, known))
    assert client.post(address(known, CODE), opened, headers=SCRIPT).status_code == 200
    monkeypatch.undo()
    assert row(known, CODE).level == 3
    assert_right(client, known, "mine across theirs", kept=True)


@pytest.mark.parametrize("deed", THEIRS.values(), ids=THEIRS)
def test_a_page_that_crosses_with_another_process_is_not_what_later_ones_show(
    cast, client, assessment, deed, monkeypatch
):
    """They write after the request found its assessment and before it read the answers."""
    cross(monkeypatch, pages_of_answers, "find_assessment", partial(deed, cast, assessment))
    assert client.get(address(assessment, CODE, "question")).status_code == 200
    monkeypatch.undo()
    assert_right(client, assessment, "a page across theirs", kept=False)
    save(client, assessment, OTHER, reply="3")
    assert_right(client, assessment, "and a save", kept=True)


def test_what_another_process_confirmed_no_longer_waits_here(cast, client, known):
    """A confirmation moves no result and no answer: the stamp alone tells of it."""
    carry(cast, known)
    assert_right(client, known, "carried over", kept=False)
    with another_process():
        confirm_carried(actor=cast.respondent, assessment=found(known), codes=["D1-INV"], op_id=uuid.uuid4())
    assert_right(client, known, "theirs", kept=False)
    assert remembered(known).listed["D1-INV"].answer.carried_from_id is None
