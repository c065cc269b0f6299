"""Questions of a draft: added, moved, removed; what was typed into one that went is given back."""

from __future__ import annotations

import uuid

import pytest

from frameworks.document.editing import mark_of
from frameworks.document.parts import find_question
from frameworks.queries import document_of, draft_events
from frameworks.services.drafts import (
    add_question,
)
from tests.editing import SCRIPT, field, now, place, posted, send

pytestmark = pytest.mark.django_db


def codes(draft, dimension=0):
    return [question["code"] for question in document_of(now(draft))["dimensions"][dimension]["questions"]]


def test_a_question_is_added_and_its_faults_say_what_is_missing(ada, draft, sign_in):
    client = sign_in(ada)
    sent = {"code": "D1-NEW.2", "title": "New one", "op_id": str(uuid.uuid4())}
    for _ in range(2):  # the button pressed twice
        reply = client.post(place("add", draft, "D1"), sent)
        assert reply["Location"] == place("question", draft, "D1-NEW.2")
    assert codes(draft) == ["D1-AAA", "D1-BBB", "D1-NEW.2"]
    page = client.get(reply["Location"]).content.decode()
    assert "No action raises it yet" in page
    assert page.count("is still to be written.</span>") == 9
    assert now(draft).faults == 10


@pytest.mark.parametrize(
    ("code", "title", "message"),
    [
        ("D1-AAA", "Again", "There is a question D1-AAA already."),
        ("D2-AAA", "Elsewhere", "There is a question D2-AAA already."),
        ("D1-", "Only the beginning that the page offers", "Write the rest of the code: D1- is only its"),
        ("two words", "x", "At most 40 letters, digits, - _ and ."),
        ("D1-NEW", "", "This field is required"),
        ("D1-NEW", "nul\x00l", "Null characters are not allowed"),
        ("D1-NEW", "x\u202ey", "the character U+202E is not allowed"),
    ],
)
def test_a_question_that_cannot_be_is_refused(ada, draft, sign_in, code, title, message):
    reply = sign_in(ada).post(place("add", draft, "D1"), {"code": code, "title": title})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert codes(draft) == ["D1-AAA", "D1-BBB"]
    assert sign_in(ada).post(place("add", draft, "D9"), {"code": "X", "title": "x"}).status_code == 404


def test_questions_change_places(ada, draft, sign_in):
    client = sign_in(ada)
    add_question(actor=ada, draft=draft, dimension="D1", code="D1-CCC", title="Third")
    page = client.get(place("dimension", draft, "D1")).content.decode()
    assert "Move D1-CCC up" in page
    assert page.count("btn btn-sm invisible") == 2  # the first has no place above, the last none below
    reply = client.post(place("move", draft, "D1-CCC"), {"before": "D1-AAA"})
    assert reply["Location"] == place("dimension", draft, "D1") + "#row-D1-CCC"
    assert codes(draft) == ["D1-CCC", "D1-AAA", "D1-BBB"]
    client.post(place("move", draft, "D1-CCC"), {"before": ""})
    assert codes(draft) == ["D1-AAA", "D1-BBB", "D1-CCC"]
    before = now(draft).revision
    client.post(place("move", draft, "D1-CCC"), {"before": "D9-NONE\x00"})
    assert now(draft).revision == before
    gone = client.post(place("move", draft, "D9-AAA"), {"before": ""}, follow=True)
    assert "This draft has no question D9-AAA" in gone.content.decode()


def test_a_question_goes_only_where_nothing_names_it(ada, draft, sign_in):
    client = sign_in(ada)
    page = client.get(place("remove", draft, "D1-AAA")).content.decode()
    assert "cannot be removed yet" in page
    assert "A-D1-01" in page
    assert "To the YAML" in page
    assert "actions on the page of the question" in page
    seen = mark_of_question(draft, "D1-AAA")
    assert client.post(place("remove", draft, "D1-AAA"), {"seen": seen}).status_code == 422
    add_question(actor=ada, draft=draft, dimension="D1", code="D1-NEW", title="New")
    assert (
        "Nothing in the framework names it" in client.get(place("remove", draft, "D1-NEW")).content.decode()
    )
    seen = mark_of_question(draft, "D1-NEW")
    send(client, draft, "questions/D1-NEW/text", "Written meanwhile")
    late = client.post(place("remove", draft, "D1-NEW"), {"seen": seen})
    assert (late.status_code, "It was changed meanwhile" in late.content.decode()) == (422, True)
    client.post(place("remove", draft, "D1-NEW"), {"seen": mark_of_question(draft, "D1-NEW")})
    assert codes(draft) == ["D1-AAA", "D1-BBB"]
    kept = draft_events(draft).get(action="draft.question_removed").before_json["value"]
    assert kept["text"] == "Written meanwhile"  # nobody's text is lost


def mark_of_question(draft, code):
    _dimension, question = find_question(document_of(now(draft)), code) or ("", None)
    return mark_of(question)


@pytest.mark.parametrize("script", [True, False])
def test_what_was_typed_into_a_removed_question_is_given_back(ada, draft, sign_in, script):
    client = sign_in(ada)
    add_question(actor=ada, draft=draft, dimension="D1", code="D1-NEW", title="New")
    name = "questions/D1-NEW/text"
    typed = posted(draft, "question:D1-NEW") | field(draft, name, "Long thought of")
    client.post(place("remove", draft, "D1-NEW"), {"seen": mark_of_question(draft, "D1-NEW")})
    reply = client.post(place("save", draft), typed, headers=SCRIPT if script else {})
    assert reply.status_code == (422 if script else 409)
    assert ("not in the draft, or no longer" if script else "Long thought of") in reply.content.decode()
