"""The history of an assessment: every deed on the whole of it in words, with what it came to."""

from __future__ import annotations

import uuid
from datetime import date

from django.urls import reverse
from django.utils.html import strip_tags

from assessments.services.answers import mark_rest_unknown
from assessments.services.leaving_out import leave_out_dimension
from assessments.services.settings import set_targets, state_dpmm


def test_deeds_on_many_answers_and_on_settings_say_what_they_came_to(cast, assessment, sign_in):
    state_dpmm(
        actor=cast.owner, assessment=assessment, source="estimated", level=2, on=date(2026, 10, 5), tool="",
        by="", base_version=0,
    )  # fmt: skip
    set_targets(
        actor=cast.owner, assessment=assessment, use_cases=["UC01", "UC03"], targets={"D1": 3}, start_on=None,
        capacity=3, blackout_weeks=[], base_version=1,
    )  # fmt: skip
    leave_out_dimension(
        actor=cast.owner,
        assessment=assessment,
        dimension="D3",
        reason="This site makes no process of its own.",
        seen={answer.question_code: answer.version for answer in assessment.answers.all()},
        op_id=uuid.uuid4(),
    )
    mark_rest_unknown(actor=cast.owner, assessment=assessment, op_id=uuid.uuid4())
    reply = sign_in(cast.viewer).get(reverse("assessments:history", args=[assessment.uuid]))
    page = " ".join(strip_tags(reply.content.decode()).split())
    told = [
        "Marked 40 questions without a reply as don’t know",
        "Process portability: 10 answers as not applicable This site makes no process of its own.",
        "Set uses, targets and plan: 2 AI uses, 1 target by hand, 3 actions at once",
        "Stated the digital plant: DPMM 2, estimated",
        "Started the assessment",
    ]
    places = [page.index(text) for text in told]
    assert places == sorted(places)
