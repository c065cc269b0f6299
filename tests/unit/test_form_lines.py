"""A line break is one character in every field for words over several lines, as its limit says."""

from __future__ import annotations

import uuid

import pytest

from assessments.forms.leaving_out import LeaveOutForm
from assessments.forms.unclear import UnclearForm
from assessments.forms.whole import NamingForm, ReasonForm
from assessments.models import OWN_WORDS
from frameworks.forms.publication import AskForm, TakeBackForm
from frameworks.models import CHANGE_NOTE, NOTE_LONGEST

FIELDS = [
    (ReasonForm, "reason", OWN_WORDS),
    (NamingForm, "scope", OWN_WORDS),
    (LeaveOutForm, "reason", OWN_WORDS),
    (UnclearForm, "text", NOTE_LONGEST),
    (AskForm, "note", CHANGE_NOTE),
    (TakeBackForm, "words", CHANGE_NOTE),
]


def lines(length: int) -> str:
    """Short lines that have this many characters together, breaks counted as one."""
    return ("x" * 9 + "\n") * ((length - 1) // 10) + "y" * ((length - 1) % 10 + 1)


@pytest.mark.parametrize(("form", "name", "longest"), FIELDS)
def test_what_a_browser_sends_is_as_long_as_what_was_typed(form, name, longest):
    text = lines(longest)
    for sent in (text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        bound = form({name: sent, "op_id": uuid.uuid4()})
        assert name not in bound.errors
        assert bound.cleaned_data[name] == text
    assert name in form({name: (text + "y").replace("\n", "\r\n")}).errors
