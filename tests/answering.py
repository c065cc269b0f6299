"""What a page posts for one answer, and how many statements a request made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.forms.answers import COMPACT, page_values
from assessments.models import Answer, Assessment
from assessments.results import spec_of

SCRIPT = {"HX-Request": "true"}
AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")


def row(assessment: Assessment, code: str) -> Answer:
    found: Answer = assessment.answers.get(question_code=code)
    return found


def posted(answer: Answer, **changes: Any) -> dict[str, str]:
    """The form of one question as its page shows it, with what this person changed."""
    values = {"page": "question", **page_values(answer), **changes}
    return {name: str(value) for name, value in values.items() if value is not False}


def posted_row(answer: Answer, **changes: Any) -> dict[str, str]:
    """The same from a whole dimension, whose rows hold no words."""
    values = {"page": "dimension", **page_values(answer, COMPACT), **changes}
    for name in ("comment", "evidence_note"):
        values.pop(name)
    return {name: str(value) for name, value in values.items() if value is not False}


def address(assessment: Assessment, code: str, page: str = "save") -> str:
    dimension = spec_of(assessment).dimension_of[code]
    return reverse(f"assessments:{page}", args=[assessment.uuid, dimension, code])


def save(client: Client, assessment: Assessment, code: str, *, script: bool = True, **changes: Any) -> Any:
    """Save one answer from the page of its question, opened just now."""
    values = posted(row(assessment, code), **changes)
    return client.post(address(assessment, code), values, headers=SCRIPT if script else {})


def statements(request: Callable[[], Any]) -> int:
    """How many statements a request makes; what opens and ends a transaction is not counted."""
    with CaptureQueriesContext(connection) as captured:
        request()
    return sum(not query["sql"].startswith(AROUND) for query in captured.captured_queries)
