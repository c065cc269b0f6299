"""The form of one answer: what it names of the answer, and which fields were changed on the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import LinesField
from assessments.models import OWN_WORDS, Answer
from assessments.services.answers import FIELDS, Changes

COMPACT = ("reply", "grade", "flagged")  # what a row of a whole dimension holds of an answer
ASIDE_MOST = 60_000  # three texts of the longest, written as JSON
CHOICES = [
    *((str(level), str(level)) for level in range(6)),
    ("unknown", ""),
    ("not_applicable", ""),
    ("", ""),
]
TOO_LONG = _("At most 4,000 characters; this has %(show_value)s. Nothing you typed is lost.")


class OwnWords(LinesField):
    """A person's own words: kept as typed, with a line break as one character."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=OWN_WORDS, strip=False, **kwargs)
        self.error_messages["max_length"] = TOO_LONG
        for validator in self.validators:
            if isinstance(validator, ProhibitNullCharactersValidator):
                validator.message = _("This holds a character that cannot be kept (a null byte). Remove it.")
            elif isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG


class AnswerForm(forms.Form):
    """One answer as the page shows it. `seen` tells which values the page began with, so that a save
    names only the fields that this person changed; what the page does not hold stays as it is."""

    reply = forms.ChoiceField(
        label=_("Answer"),
        choices=CHOICES,
        required=False,
        error_messages={"invalid_choice": _("Choose a level from 0 to 5.")},
    )
    reason = OwnWords(label=_("Why it does not apply"))
    grade = forms.ChoiceField(
        label=_("Evidence grade"),
        choices=[("", ""), *Answer.Grade.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose an evidence grade from E0 to E3.")},
    )
    evidence_note = OwnWords(label=_("Where the evidence is"))
    comment = OwnWords(label=_("Comment"))
    flagged = forms.BooleanField(label=_("Flag for later"), required=False)
    base_version = forms.IntegerField(min_value=0)
    op_id = forms.UUIDField()
    seen = forms.CharField(max_length=400)
    aside = forms.CharField(required=False, max_length=ASIDE_MOST)  # see set_aside()

    def clean_aside(self) -> Changes:
        """What this person gave up when they chose somebody else's value, by field and column."""
        text = self.cleaned_data["aside"]
        try:
            given_up = json.loads(text) if text else {}
            if all(_is_whole(field, columns) for field, columns in given_up.items()):
                return dict(given_up)
        except (ValueError, TypeError, AttributeError, RecursionError):
            pass
        raise forms.ValidationError(_("What was set aside cannot be read."))

    def changes(self) -> Changes:
        """The fields that differ from what the page began with, and the columns that each sets."""
        values = _values_posted(self.cleaned_data)
        seen = self._seen()
        return {field: values[field] for field in self.on_page() if seen.get(field) != _mark(values[field])}

    def on_page(self) -> tuple[str, ...]:
        """The fields that the page holds: those posted, and those whose controls post nothing when empty."""
        silent = {"reply", "grade", "flagged"} & set(self._seen())
        return tuple(field for field in FIELDS if field in self.data or field in silent)

    def merged(self, answer: Answer) -> dict[str, Any]:
        """What the page does not show yet: values that somebody else changed meanwhile, by control."""
        posted, stored = _values_posted(self.cleaned_data), _columns_of(answer)
        fields = [field for field in self.on_page() if posted[field] != stored[field]]
        return _controls(answer, fields)

    def typed(self) -> dict[str, Any]:
        """What was posted, good or bad, for the page that gives it back."""
        names = ("reply", "reason", "grade", "evidence_note", "comment", "base_version", "op_id", "seen")
        return {name: self.data.get(name, "") for name in names} | {"flagged": "flagged" in self.data}

    def _seen(self) -> dict[str, str]:
        return dict(part.split(":", 1) for part in self.cleaned_data["seen"].split(",") if ":" in part)


def reply_choice(answer: Answer) -> str:
    """The value of the reply field for an answer: "0" to "5", unknown, not_applicable or empty."""
    if answer.state == Answer.State.LEVEL:
        return str(answer.level)
    return "" if answer.state == Answer.State.UNANSWERED else answer.state


def page_values(answer: Answer, fields: Iterable[str] = tuple(FIELDS)) -> dict[str, Any]:
    """What the page's form begins with, the hidden fields included."""
    columns = _columns_of(answer)
    return {
        **_controls(answer, FIELDS),
        "base_version": answer.version,
        "op_id": uuid4(),
        "seen": ",".join(f"{field}:{_mark(columns[field])}" for field in fields),
    }


def values_with(answer: Answer, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The page's values of an answer with these changes on top, to be saved over what stands now."""
    values = page_values(answer)
    for columns in changes.values():
        if "state" in columns:
            state = columns["state"]
            by_level = state == Answer.State.LEVEL
            values["reply"] = str(columns["level"]) if by_level else "" if state == "unanswered" else state
        values |= {name: value for name, value in columns.items() if name not in ("state", "level")}
    return values


def _controls(answer: Answer, fields: Iterable[str]) -> dict[str, Any]:
    """The values of the controls of these fields."""
    values: dict[str, Any] = {}
    for field in fields:
        values |= {
            column: getattr(answer, column) for column in FIELDS[field] if column not in ("state", "level")
        }
    return values | ({"reply": reply_choice(answer)} if "reply" in fields else {})


def _columns_of(answer: Answer) -> dict[str, dict[str, Any]]:
    return {field: {column: getattr(answer, column) for column in FIELDS[field]} for field in FIELDS}


def _values_posted(cleaned: dict[str, Any]) -> dict[str, dict[str, Any]]:
    reply = cleaned["reply"]
    state = reply if reply in ("unknown", "not_applicable") else "level" if reply else "unanswered"
    return {
        "reply": {
            "state": state,
            "level": int(reply) if state == "level" else None,
            "reason": cleaned["reason"],
        },
        "grade": {"grade": cleaned["grade"]},
        "evidence_note": {"evidence_note": cleaned["evidence_note"]},
        "comment": {"comment": cleaned["comment"]},
        "flagged": {"flagged": cleaned["flagged"]},
    }


def set_aside(changes: Changes) -> str:
    """The text of a hidden control that names what is given up, so that the trail keeps it."""
    return json.dumps(changes, ensure_ascii=False)


def _is_whole(field: str, columns: Mapping[str, Any]) -> bool:
    """Whether these are just the columns of the field, with values that an answer could have had."""
    kinds = {"level": (int, NoneType), "flagged": (bool,)}
    return set(columns) == set(FIELDS.get(field, ())) and all(
        type(value) in kinds.get(column, (str,)) and (not isinstance(value, str) or _is_text(value))
        for column, value in columns.items()
    )


def _is_text(value: str) -> bool:
    """Own words as they are kept: not too long, no null byte, no half of a sign."""
    is_whole = not any("\ud800" <= sign <= "\udfff" for sign in value)
    return len(value) <= OWN_WORDS and "\x00" not in value and is_whole


def _mark(values: Mapping[str, Any]) -> str:
    """A short mark of a field's values, to tell whether they were changed on the page."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]
