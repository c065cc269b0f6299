"""The form of one answer: what it names of the answer, and which fields were changed on the page."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from assessments.models import OWN_WORDS, Answer
from assessments.services.answers import FIELDS, Changes

CHOICES = [*((str(level), str(level)) for level in range(6)), ("unknown", ""), ("not_applicable", ""), ("", "")]
TOO_LONG = _("At most 4,000 characters; this has %(show_value)s. Nothing you typed is lost.")


class OwnWords(forms.CharField):
    """A person's own words: kept as typed, with a line break as one character."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=OWN_WORDS, strip=False, widget=forms.Textarea, **kwargs)
        self.error_messages["max_length"] = TOO_LONG
        for validator in self.validators:
            if isinstance(validator, ProhibitNullCharactersValidator):
                validator.message = _("This holds a character that cannot be kept (a null byte). Remove it.")
            elif getattr(validator, "limit_value", None) == OWN_WORDS:
                validator.message = TOO_LONG

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class AnswerForm(forms.Form):
    """One answer as the page shows it. `seen` tells which values the page began with, so that a save
    names only the fields that this person changed."""

    reply = forms.ChoiceField(
        choices=CHOICES, required=False, error_messages={"invalid_choice": _("Choose a level from 0 to 5.")}
    )
    reason = OwnWords()
    grade = forms.ChoiceField(
        choices=[("", ""), *Answer.Grade.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose an evidence grade from E0 to E3.")},
    )
    evidence_note = OwnWords()
    comment = OwnWords()
    flagged = forms.BooleanField(required=False)
    base_version = forms.IntegerField(min_value=0)
    op_id = forms.UUIDField()
    seen = forms.CharField(max_length=400)

    def changes(self) -> Changes:
        """The fields that differ from what the page began with, and the columns that each sets."""
        values = _values_posted(self.cleaned_data)
        seen = dict(part.split(":", 1) for part in self.cleaned_data["seen"].split(",") if ":" in part)
        return {field: values[field] for field in FIELDS if seen.get(field) != _mark(values[field])}


def reply_choice(answer: Answer) -> str:
    """The value of the reply field for an answer: "0" to "5", unknown, not_applicable or empty."""
    if answer.state == Answer.State.LEVEL:
        return str(answer.level)
    return "" if answer.state == Answer.State.UNANSWERED else answer.state


def page_values(answer: Answer) -> dict[str, Any]:
    """What the page's form begins with, the hidden fields included."""
    columns = {field: {column: getattr(answer, column) for column in FIELDS[field]} for field in FIELDS}
    return {
        "reply": reply_choice(answer),
        "base_version": answer.version,
        "op_id": uuid4(),
        "seen": ",".join(f"{field}:{_mark(values)}" for field, values in columns.items()),
    }


def _values_posted(cleaned: dict[str, Any]) -> dict[str, dict[str, Any]]:
    reply = cleaned["reply"]
    state = reply if reply in ("unknown", "not_applicable") else "level" if reply else "unanswered"
    return {
        "reply": {"state": state, "level": int(reply) if state == "level" else None, "reason": cleaned["reason"]},
        "grade": {"grade": cleaned["grade"]},
        "evidence_note": {"evidence_note": cleaned["evidence_note"]},
        "comment": {"comment": cleaned["comment"]},
        "flagged": {"flagged": cleaned["flagged"]},
    }


def _mark(values: dict[str, Any]) -> str:
    """A short mark of a field's values, to tell whether they were changed on the page."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]
