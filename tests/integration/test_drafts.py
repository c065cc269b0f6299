"""Drafts of a framework: every field saved by itself, nobody's words overwritten unseen."""

from __future__ import annotations

import json
import threading
import uuid

import pytest
from django.db import connection

from frameworks.document.dump import dump_document
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.queries import document_of, draft_events, work_of_editor
from frameworks.services.drafts import (
    Change,
    Closed,
    add_question,
    copy_draft,
    discard_draft,
    move_question,
    save_fields,
    start_draft,
)
from frameworks.services.publication import ask_for_publication
from records.models import ChainHead, Event
from tests.builders import make_draft, make_editor, make_version, tiny_spec
from tests.data.malformed_content import at, put, tiny_document
from tests.editing import PAGE, SCRIPT, Q, field, mark, now, place, posted, reword, send, value

pytestmark = pytest.mark.django_db


def told(draft):
    """What the trail says of a draft: (action, who, what) in order."""
    return [
        (event.action.removeprefix("draft."), event.actor.name, event.after_json.get("field", ""))
        for event in draft_events(draft).select_related("actor").order_by("seq")
    ]


# --- Starting -------------------------------------------------------------------------------------------


def test_a_draft_starts_from_a_version_with_the_next_number(ada):
    version = make_version(tiny_spec())
    draft = start_draft(actor=ada, version=version)
    expected = {**json.loads(json.dumps(dump_document(tiny_spec()))), "version": "1.1"}
    assert document_of(draft) == expected
    assert (draft.framework, draft.number, draft.base, draft.faults) == ("tiny", "1.1", version, 0)
    again = copy_draft(actor=ada, draft=draft)
    assert (document_of(again), again.base) == (expected, version)
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "kept"), [("1.10", "1.10"), ("1.0", "1.1"), ("0.9", "1.1"), ("x", "1.1"), (7, "1.1")]
)
def test_a_number_that_is_higher_is_kept(ada, number, kept):
    assert make_draft(ada, put(tiny_document(), "version", number)).number == kept


def test_the_button_pressed_twice_starts_one_draft(ada):
    version, op_id = make_version(tiny_spec()), uuid.uuid4()
    drafts = [start_draft(actor=ada, version=version, op_id=op_id) for _ in range(3)]
    assert len({draft.pk for draft in drafts}) == 1
    copies = [copy_draft(actor=ada, draft=drafts[0], op_id=op_id) for _ in range(2)]
    assert len({copy.pk for copy in copies} - {drafts[0].pk}) == 1


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_twice_at_once_starts_one_draft():
    ada, version, op_id = make_editor(), make_version(tiny_spec()), uuid.uuid4()
    together, started = threading.Barrier(4), []

    def start():
        try:
            together.wait()
            started.append(start_draft(actor=ada, version=version, op_id=op_id).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(started), len(set(started)), FrameworkDraft.objects.count()) == (4, 1, 1)


# --- Saving one field -----------------------------------------------------------------------------------


def test_a_field_is_saved_and_said_by_whom(ada, draft, sign_in):
    reply = send(sign_in(ada), draft, f"{Q}/title", "  Capture at\r\nsource  ")
    assert (reply.status_code, reply["X-Operation"]) == (200, reply.wsgi_request.POST["op_id"])
    assert value(draft, f"{Q}/title") == "Capture at\nsource"
    assert f'data-seen="{mark(draft, f"{Q}/title")}"' in reply.content.decode()
    assert (now(draft).revision, now(draft).faults) == (1, 0)
    assert told(draft) == [("started", "Ada", ""), ("changed", "Ada", f"{Q}/title")]
    event = draft_events(draft).get(action="draft.changed")
    assert (event.before_json, event.after_json["value"]) == (
        {"value": "Capture at source"},
        "Capture at\nsource",
    )


KINDS = [
    # field, what is posted, what is stored
    (f"{Q}/weight", "3", 3),
    (f"{Q}/gate", None, False),
    ("questions/D1-BBB/gate", "on", True),
    (f"{Q}/not_applicable", "No such line.", "No such line."),
    ("questions/D1-BBB/not_applicable", " ", None),
    ("questions/D1-BBB/areas", ["data", "", "data", "governance"], ["data", "governance"]),
    (f"{Q}/roles", [], []),
    (f"{Q}/anchors/5", "Joint.", "Joint."),
    ("dimensions/D2/headlines/0", "None.", "None."),
    ("levels/3/name", "Kept", "Kept"),
    ("ceilings/1/D1/ring_fenced", "4", 4),
    ("use_cases/UC01/critical/D1-AAA", "dimension", "dimension"),
    ("use_cases/UC01/dpmm/bounded", "1", 1),
    ("version", "1.10", "1.10"),
]


@pytest.mark.parametrize("row", KINDS, ids=lambda row: row[0])
def test_every_kind_of_field_is_saved(ada, draft, sign_in, row):
    name, text, stored = row
    assert send(sign_in(ada), draft, name, text).status_code == 200
    assert value(draft, name) == stored


def test_a_blank_is_kept_and_is_a_fault(ada, draft, sign_in):
    reply = send(sign_in(ada), draft, f"{Q}/anchors/3", " ")
    assert value(draft, f"{Q}/anchors/3") == ""
    assert now(draft).faults == 1
    said = f'data-fault-of="{Q}/anchors/3">Anchor 3 is still to be written'
    assert said in reply.content.decode()
    assert 'data-mark-of="question/D1-AAA">1<' in reply.content.decode()
    assert "1 fault<" in reply.content.decode()
    assert "1 fault<" not in send(sign_in(ada), draft, f"{Q}/anchors/3", "Kept.").content.decode()
    assert now(draft).faults == 0


REFUSED = [
    (f"{Q}/title", "x" * 8001, "8,000 characters at most expected, 8,001 found"),
    (f"{Q}/title", "nul\x00l", "the character U+0000 is not allowed"),
    (f"{Q}/title", "turned \u202e round", "the character U+202E is not allowed"),
    (f"{Q}/weight", "0", "a whole number of at least 1 expected, 0 found"),
    (f"{Q}/weight", "two", "a whole number of at least 1 expected, the text &#x27;two&#x27; found"),
    (f"{Q}/weight", "9" * 30, "a whole number of at least 1 expected"),
    ("ceilings/1/D1/sustained", "6", "a whole number from 0 to 5 expected, 6 found"),
    ("use_cases/UC01/critical/D1-AAA", "9", "a whole number from 0 to 5 expected, 9 found"),
    (f"{Q}/references", ["two words"], "a code (at most 40 letters, digits, - _ .) expected"),
    (f"{Q}/code", "D1-ZZZ", "This field is not in the draft, or no longer"),
    ("questions/D9-AAA/title", "x", "This field is not in the draft, or no longer"),
    ("actions/A-D1-01/title", "x", "This field is not in the draft, or no longer"),
    ("<b>/title", "x", "This field is not in the draft, or no longer"),
    ("version", "1.x", "a version number in quotes"),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1][:12]}")
@pytest.mark.parametrize("script", [True, False])
def test_what_cannot_be_kept_is_refused_and_given_back(ada, draft, sign_in, row, script):
    name, text, message = row
    before = (now(draft).document, Event.objects.unscoped("a test counts them all").count())
    values = posted(draft) | field(draft, name, text, "seen") | field(draft, f"{Q}/why", "Also typed", "seen")
    reply = sign_in(ada).post(place("save", draft), values, headers=SCRIPT if script else {})
    page = reply.content.decode()
    assert reply.status_code == 422
    assert message in page
    assert "<b>/" not in page
    if not script:
        assert "Also typed" in page
    assert (now(draft).document, Event.objects.unscoped("a test counts them all").count()) == before


def test_what_is_not_changed_is_not_saved(ada, draft, sign_in):
    client = sign_in(ada)
    values = posted(draft) | field(draft, f"{Q}/title", "Capture at source") | field(draft, f"{Q}/gate", "on")
    reply = client.post(place("save", draft), values, follow=True)
    assert "Nothing was changed." in reply.content.decode()
    assert now(draft).revision == 0


def test_ticking_has_no_order_and_areas_have(ada, sign_in):
    document = put(tiny_document(), "roles", [{"code": code, "name": code} for code in ("qa", "it", "ra")])
    draft = make_draft(ada, put(document, "dimensions[0].questions[0].roles", ["ra", "qa"]))
    client = sign_in(ada)
    send(client, draft, f"{Q}/roles", ["qa", "ra"])
    assert (value(draft, f"{Q}/roles"), now(draft).revision) == (["ra", "qa"], 0)
    send(client, draft, f"{Q}/roles", ["it", "qa", "ra"])
    assert value(draft, f"{Q}/roles") == ["ra", "qa", "it"]
    send(client, draft, "questions/D1-BBB/areas", ["data", "partnerships"])
    assert value(draft, "questions/D1-BBB/areas") == ["data", "partnerships"]


def test_without_a_script_the_whole_page_is_saved_at_once(ada, draft, sign_in):
    values = posted(draft)
    for name, text in ((f"{Q}/title", "New title"), (f"{Q}/why", "New why"), (f"{Q}/gate", None)):
        values |= field(draft, name, text)
    reply = sign_in(ada).post(place("save", draft), values)
    assert (reply.status_code, reply["Location"]) == (302, place("question", draft, "D1-AAA"))
    assert [value(draft, f"{Q}/{key}") for key in ("title", "why", "gate")] == ["New title", "New why", False]
    assert now(draft).revision == 1


def test_a_save_that_was_cut_off_gives_everything_back(ada, draft, sign_in):
    values = field(draft, f"{Q}/title", "Typed") | {"page": PAGE}
    reply = sign_in(ada).post(place("save", draft), values)
    assert reply.status_code == 428
    assert "Typed" in reply.content.decode()
    assert value(draft, f"{Q}/title") == "Capture at source"
    assert sign_in(ada).post(place("save", draft), values | {"page": "nowhere"}).status_code == 404
    assert sign_in(ada).post(place("save", draft)).status_code == 404


# --- Two at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_two_editors_on_one_field_see_both_and_choose(ada, ben, draft, sign_in, script):
    seen = mark(draft, f"{Q}/title")
    headers = SCRIPT if script else {}
    send(sign_in(ben), draft, f"{Q}/title", "Ben's title")
    mine = (
        posted(draft)
        | field(draft, f"{Q}/title", "Ada's title", seen)
        | field(draft, f"{Q}/why", "Ada's why")
    )
    reply = sign_in(ada).post(place("save", draft), mine, headers=headers)
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "Ben changed this at" in page
    assert "Ben&#x27;s title" in page
    assert "Ada&#x27;s title" in page
    assert value(draft, f"{Q}/title") == "Ben's title"
    assert value(draft, f"{Q}/why") == "Ada's why"  # nobody contests it
    again = posted(draft) | field(draft, f"{Q}/title", "Ada's title", seen)
    kept = sign_in(ada).post(place("save", draft), again | {f"choose:{Q}/title": "theirs"}, headers=headers)
    assert kept.status_code == (200 if script else 302)
    assert value(draft, f"{Q}/title") == "Ben's title"
    use = again | {f"choose:{Q}/title": f"mine:{mark(draft, f'{Q}/title')}", "op_id": str(uuid.uuid4())}
    assert sign_in(ada).post(place("save", draft), use, headers=headers).status_code in (200, 302)
    assert value(draft, f"{Q}/title") == "Ada's title"
    titles = [name for action, name, field_name in told(draft) if field_name == f"{Q}/title"]
    assert titles == ["Ben", "Ada"]


def test_what_was_chosen_over_can_be_contested_again(ada, ben, draft, sign_in):
    seen = mark(draft, f"{Q}/title")
    send(sign_in(ben), draft, f"{Q}/title", "First")
    shown = mark(draft, f"{Q}/title")
    send(sign_in(ben), draft, f"{Q}/title", "Second")
    use = posted(draft) | field(draft, f"{Q}/title", "Mine", seen) | {f"choose:{Q}/title": f"mine:{shown}"}
    assert sign_in(ada).post(place("save", draft), use, headers=SCRIPT).status_code == 409
    assert value(draft, f"{Q}/title") == "Second"


def test_other_fields_changed_meanwhile_are_no_conflict(ada, ben, draft, sign_in):
    page = field(draft, f"{Q}/title", "Ada's title") | field(
        draft, f"{Q}/why", at(tiny_document(), "dimensions[0].questions[0].why")
    )
    send(sign_in(ben), draft, f"{Q}/why", "Ben's why")
    assert sign_in(ada).post(place("save", draft), posted(draft) | page).status_code == 302
    assert (value(draft, f"{Q}/title"), value(draft, f"{Q}/why")) == ("Ada's title", "Ben's why")


def test_the_same_text_from_two_is_no_conflict(ada, ben, draft, sign_in):
    seen = mark(draft, f"{Q}/title")
    for person in (ben, ada):
        assert send(sign_in(person), draft, f"{Q}/title", "Agreed", seen=seen).status_code == 200
    assert now(draft).revision == 1


def test_a_resent_save_is_the_same_save(ada, ben, draft, sign_in):
    values = posted(draft) | field(draft, f"{Q}/title", "Once")
    client = sign_in(ada)
    codes = [client.post(place("save", draft), values, headers=SCRIPT).status_code for _ in range(3)]
    assert codes == [200, 200, 200]
    assert (now(draft).revision, len(told(draft))) == (1, 2)
    send(sign_in(ben), draft, f"{Q}/title", "Capture at source")  # back to what it was
    assert client.post(place("save", draft), values, headers=SCRIPT).status_code == 200
    assert value(draft, f"{Q}/title") == "Capture at source"
    changed = values | {f"value:{Q}/title": "Another text"}
    assert client.post(place("save", draft), changed, headers=SCRIPT).status_code == 409
    assert value(draft, f"{Q}/title") == "Capture at source"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing():
    editors = [make_editor() for _ in range(6)]
    draft = make_draft(editors[0])
    fields = [f"questions/D{n}-AAA/title" for n in range(1, 6)]
    seen = {name: mark(draft, name) for name in [*fields, "levels/0/name"]}
    together, saved = threading.Barrier(len(editors)), []

    def write(number, person):
        try:
            together.wait()
            changes = [Change("levels/0/name", f"Name {number}", seen["levels/0/name"])]
            if number < len(fields):
                changes.append(Change(fields[number], f"Title {number}", seen[fields[number]]))
            result = save_fields(actor=person, draft=draft, changes=changes, op_id=uuid.uuid4())
            saved.append((number, result.changed, [field.field for field in result.contested]))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in enumerate(editors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(saved) == len(editors)
    first = [number for number, changed, _ in saved if "levels/0/name" in changed]
    assert len(first) == 1  # one of them; every other was told
    assert value(draft, "levels/0/name") == f"Name {first[0]}"
    assert sum(contested == ["levels/0/name"] for _, _, contested in saved) == len(editors) - 1
    assert [value(draft, name) for name in fields] == [f"Title {n}" for n in range(5)]
    chain = draft_events(draft)
    assert chain.filter(action="draft.changed").count() == 6
    assert ChainHead.objects.get(organisation=None).seq == chain.order_by("-seq").first().seq


# --- Closing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_a_discarded_draft_no_longer_changes(ada, ben, draft, sign_in, script):
    client = sign_in(ada)
    typed = posted(draft) | field(draft, f"{Q}/title", "Too late, but kept to copy")
    assert "Discard the draft of" in sign_in(ben).get(place("discard", draft)).content.decode()
    sign_in(ben).post(place("discard", draft))
    reply = client.post(place("save", draft), typed, headers=SCRIPT if script else {})
    assert (reply.status_code, "was discarded meanwhile" in reply.content.decode()) == (409, True)
    assert script or "Too late, but kept to copy" in reply.content.decode()
    for deed in (
        lambda: add_question(actor=ada, draft=draft, dimension="D1", code="X", title="x"),
        lambda: move_question(actor=ada, draft=draft, question="D1-AAA", before=""),
        lambda: discard_draft(actor=ada, draft=draft),
    ):
        with pytest.raises(Closed):
            deed()
    assert value(draft, f"{Q}/title") == "Capture at source"
    page = client.get(place("question", draft, "D1-AAA")).content.decode()
    assert "This draft is discarded" in page
    assert 'type="submit" form="fields"' not in page
    assert client.get(place("discard", draft)).status_code == 404
    again = client.post(place("copy", draft))
    assert again.status_code == 302
    assert FrameworkDraft.objects.open().count() == 1


def test_what_waits_for_an_editor(ada, ben, draft, django_assert_num_queries):
    second = make_draft(ben, put(tiny_document(), "title", ""))
    with django_assert_num_queries(1):
        work = work_of_editor(ada)
        assert [(row.number, row.faults, row.changed_by.name, row.base.version) for row in work.drafts] == [
            ("1.1", 1, "Ben", "1.0"),
            ("1.1", 0, "Ada", "1.0"),
        ]
        assert work.requests == ()
    reword(draft)
    ask_for_publication(actor=ada, draft=draft, note="Another title", revision=0)
    assert work_of_editor(ada).requests == ()
    assert work_of_editor(ben).requests == (draft,)
    discard_draft(actor=ben, draft=second)
    assert work_of_editor(ada).drafts == (draft,)
