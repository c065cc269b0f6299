"""What is remembered of an assessment when a save fails, a stranger asks, or many save at once."""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from assessments.live_state import live_state
from assessments.services import answers as service
from assessments.services.answers import Conflict, record_answer
from tests import builders
from tests.answering import SCRIPT, address, posted, row, save
from tests.live import another_process, assert_right, found, level, remembered, summary, told, told_anew

pytestmark = pytest.mark.django_db(transaction=True)

CODE, OTHER = "D1-CTX", "D2-MON"
WRITERS, EDITS = 8, 6


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.owner)


# --- A save that fails ----------------------------------------------------------------------------------


def test_what_is_rolled_back_is_not_remembered(cast, client, known):
    before = remembered(known)
    with pytest.raises(RuntimeError), transaction.atomic():
        level(cast.respondent, known, CODE, 5)
        level(cast.respondent, known, OTHER, 4)
        raise RuntimeError
    assert remembered(known) is before
    assert_right(client, known, "rolled back", kept=True)
    assert row(known, CODE).level == 2


def test_of_a_transaction_only_what_is_committed_is_remembered(cast, client, known):
    with transaction.atomic():
        with suppress(RuntimeError), transaction.atomic():
            level(cast.respondent, known, CODE, 5)
            raise RuntimeError
        level(cast.respondent, known, OTHER, 4)
        assert told(live_state(found(known))) == told_anew(known)
    assert (row(known, CODE).level, row(known, OTHER).level) == (2, 4)
    assert_right(client, known, "half of it rolled back", kept=True)


def test_a_stamp_that_was_rolled_back_and_is_given_to_another_save_shows_that_save(cast, client, known):
    with pytest.raises(RuntimeError), transaction.atomic():
        level(cast.respondent, known, CODE, 5)
        raise RuntimeError
    with another_process():
        level(cast.respondent, known, OTHER, 4)
    assert_right(client, known, "the same stamp", kept=False)


def test_an_object_with_a_stamp_that_was_rolled_back_says_nothing_of_it(cast, client, known):
    mine = found(known)
    with pytest.raises(RuntimeError), transaction.atomic():
        builders.answer(mine, cast.respondent, CODE, 5)
        raise RuntimeError
    live_state(mine)  # at a stamp that the database does not have
    with another_process():
        level(cast.respondent, known, OTHER, 4)
    assert_right(client, known, "the same stamp, told before", kept=False)


@pytest.mark.parametrize("failing", ["keep_summary", "remember"])
def test_a_request_that_fails_after_it_wrote_leaves_what_was_remembered(client, known, monkeypatch, failing):
    before, deed = remembered(known), getattr(service, failing)

    def fail_after(*given):
        deed(*given)
        raise RuntimeError

    monkeypatch.setattr(service, failing, fail_after)
    with pytest.raises(RuntimeError):
        save(client, known, OTHER, reply="4")
    monkeypatch.undo()
    assert remembered(known) is before
    assert_right(client, known, "failed", kept=True)
    save(client, known, OTHER, reply="1")
    assert_right(client, known, "and saved after all", kept=True)


def test_a_refused_save_leaves_what_was_remembered(cast, client, known):
    """One that conflicts, one that cannot be, and one whose operation was used for another answer."""
    opened, place = row(known, CODE), address(known, CODE)
    level(cast.respondent, known, CODE, 4)
    before, now = remembered(known), row(known, CODE)
    conflicting, impossible = posted(opened, reply="1"), posted(now, reply="not_applicable", reason="No.")
    for status, values in ((409, conflicting), (422, impossible)):
        assert client.post(place, values, headers=SCRIPT).status_code == status
        assert remembered(known) is before
    op_id = uuid.uuid4()
    changes = {"reply": {"state": "unknown", "level": None, "reason": ""}}
    write = partial(record_answer, actor=cast.owner, changes=changes, base_version=0, op_id=op_id)
    write(assessment=found(known), question_code=OTHER)
    before = remembered(known)
    with pytest.raises(Conflict):
        write(assessment=found(known), question_code="D3-CDM")
    assert remembered(known) is before
    assert row(known, "D3-CDM").state == "unanswered"
    assert_right(client, known, "refused", kept=True)


# --- Another organisation -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "unengaged", "unnamed", "ended", "editor"])
def test_nobody_else_gets_what_is_remembered(cast, sign_in, known, who):
    other, nowhere = sign_in(getattr(cast, who)), uuid.uuid4()
    before = remembered(known)
    places = [
        address(known, CODE, "question"),
        reverse("assessments:dimension", args=[known.uuid, "D1"]),
        reverse("assessments:answers", args=[known.uuid]),
    ]
    for place in places:
        shown, missing = other.get(place), other.get(place.replace(str(known.uuid), str(nowhere)))
        assert (shown.status_code, missing.status_code) == (404, 404)
    assert (
        other.post(address(known, CODE), posted(row(known, CODE), reply="5"), headers=SCRIPT).status_code
        == 404
    )
    assert remembered(known) is before
    assert row(known, CODE).level == 2


# --- Many at once ---------------------------------------------------------------------------------------


def test_eight_people_on_two_assessments_leave_both_as_the_database_has_them(cast, client, sign_in, known):
    other = builders.make_assessment(site=cast.site, owner=cast.owner, version=known.version)
    both, codes = (known, other), list(live_state(known).listed)
    together = threading.Barrier(WRITERS)
    failed: list[object] = []

    def write(number: int, person: Client) -> None:
        mine = codes[number * EDITS : (number + 1) * EDITS]
        try:
            together.wait()
            for edit, code in enumerate(mine * 2):
                for assessment in both:
                    reply = save(
                        person, assessment, code, reply=str((edit + number) % 6), grade=f"E{edit % 4}"
                    )
                    page = person.get(reverse("assessments:dimension", args=[assessment.uuid, code[:2]]))
                    failed.extend({reply.status_code, page.status_code} - {200})
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n, sign_in(cast.respondent))) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for assessment in both:
        here = live_state(found(assessment))
        assert told(here) == told_anew(assessment)
        assert here.results.completeness.replied == WRITERS * EDITS
        assert summary(assessment)[4] == WRITERS * EDITS
        save(client, assessment, codes[-1], reply="5")
        assert_right(client, assessment, "after all of them", kept=True)
