"""A save that is sent again is the same save (R-03)."""

from __future__ import annotations

import random
import uuid

import pytest
from django.db.models import Count

from assessments.forms.answers import page_values
from assessments.services.answers import record_answer
from records.models import Event
from tests.builders import make_assessment

SAVES = 200
HEADERS = {"HX-Request": "true"}


def form_of(answer, **changes) -> dict[str, str]:
    """What the page posts for one answer, with the fields that this person changed."""
    posted = {
        **page_values(answer),
        "reason": answer.reason,
        "grade": answer.grade,
        "evidence_note": answer.evidence_note,
        "comment": answer.comment,
        "page": "question",
        **changes,
    }
    return {name: str(value) for name, value in posted.items()}


@pytest.mark.check("R-03")
def test_every_save_sent_three_times_is_one_version_and_one_event(cast, sign_in, figure, settings):
    settings.LOGGING = {}
    assessment = make_assessment(site=cast.site, owner=cast.owner)
    client = sign_in(cast.owner)
    chance = random.Random(20)
    codes = sorted(assessment.answers.values_list("question_code", flat=True))
    sent = 0
    operations: list[tuple[str, dict[str, str]]] = []
    for number in range(SAVES):
        code = codes[number % len(codes)]
        row = assessment.answers.get(question_code=code)
        posted = form_of(row, comment=f"save {number}", reply=str(number % 6))
        address = f"/assessments/{assessment.uuid}/answers/{code[:2]}/{code}/save/"
        reply = client.post(address, posted, headers=HEADERS)
        assert (reply.status_code, reply["X-Operation"]) == (200, posted["op_id"])
        operations.append((address, posted))
        sent += 1
    again = operations * 2
    chance.shuffle(again)
    for address, posted in again:
        reply = client.post(address, posted, headers=HEADERS)
        assert (reply.status_code, reply["X-Operation"]) == (200, posted["op_id"])
        sent += 1
    versions = sum(assessment.answers.values_list("version", flat=True))
    events = Event.objects.of(cast.organisation).filter(action="answer.recorded")
    repeated = events.values("op_id").annotate(times=Count("pk")).filter(times__gt=1).count()
    figure("R-03", saves=SAVES, sent=sent, twice=versions - SAVES + repeated)
    assert (versions, events.count(), repeated) == (SAVES, SAVES, 0)


@pytest.mark.check("R-03")
def test_a_save_whose_reply_was_lost_is_stored_once(cast, assessment, figure):
    operation, changes = uuid.uuid4(), {"comment": {"comment": "kept"}}
    values = {
        "actor": cast.owner,
        "assessment": assessment,
        "question_code": "D1-INV",
        "changes": changes,
        "base_version": 0,
        "op_id": operation,
    }
    record_answer(**values)  # and the process ends before it can answer
    again = record_answer(**values)
    events = Event.objects.of(cast.organisation).filter(op_id=operation).count()
    figure("R-03", saves=1, sent=2, twice=again.answer.version - 1 + events - 1)
    assert (again.answer.version, again.answer.comment, events) == (1, "kept", 1)
