"""A YAML file put into an existing draft: faults, difference, then the deed; and who comes between."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from frameworks.document.dump import write_yaml
from frameworks.models import FrameworkDraft
from frameworks.queries import document_of
from frameworks.services.drafts import discard_draft
from frameworks.services.publication import ask_for_publication
from records.models import Event
from tests.builders import make_draft, make_editor, make_version, tiny_spec
from tests.data.malformed_content import tiny_document
from tests.editing import Q, now, place, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast) -> FrameworkDraft:
    return make_draft(cast.editor, base=make_version(tiny_spec()))


def file(document, name="tiny.yaml"):
    return {"file": SimpleUploadedFile(name, write_yaml(document).encode())}


def reworded(draft, title="Another title"):
    document = document_of(now(draft))
    document["dimensions"][0]["questions"][0]["title"] = title
    return document


def hidden(page):
    context = page.context
    return {"pending": context["pending"], "revision": str(context["draft"].revision)}


def test_a_file_is_compared_and_then_takes_the_place_of_the_document(cast, draft, sign_in):
    client, before = sign_in(cast.editor), now(draft).document
    assert place("replace", draft) in client.get(place("yaml", draft)).content.decode()
    assert client.get(place("replace", draft)).status_code == 200
    page = client.post(place("replace", draft), file(reworded(draft)))
    shown = page.content.decode()
    assert "Replace what the draft holds?" in shown
    assert "Another" in shown
    assert now(draft).document == before  # looking replaces nothing
    done = client.post(place("replace", draft), hidden(page), follow=True)
    assert "The draft holds what the file holds." in done.content.decode()
    stands = now(draft)
    assert document_of(stands)["dimensions"][0]["questions"][0]["title"] == "Another title"
    assert (stands.revision, stands.changed_by) == (1, cast.editor)
    event = Event.objects.unscoped("test").latest("seq")
    assert (event.action, event.after_json["source"]) == ("draft.replaced", "the file tiny.yaml")
    assert "Everything replaced by the file tiny.yaml" in client.get(place("draft", draft)).content.decode()
    again = client.post(place("replace", draft), hidden(page), follow=True)
    assert "Nothing was changed." in again.content.decode()
    assert now(draft).revision == 1
    assert FrameworkDraft.objects.count() == 1


def test_a_faulty_file_is_refused_with_every_fault(cast, draft, sign_in):
    document = reworded(draft)
    document["dimensions"][0]["questions"][0]["anchors"].pop()
    document["title"] = ""
    client, before = sign_in(cast.editor), now(draft).document
    page = client.post(place("replace", draft), file(document))
    assert page.status_code == 422
    shown = page.content.decode()
    assert "Refused: 2 faults in the file" in shown
    assert "6 expected, 5 found" in shown
    assert now(draft).document == before
    assert client.post(place("replace", draft), {}).status_code == 422


def test_a_file_of_another_framework_is_refused(cast, draft, sign_in):
    page = sign_in(cast.editor).post(place("replace", draft), file(reworded(draft) | {"framework": "other"}))
    assert page.status_code == 422
    assert "This file is of the framework other" in page.content.decode()


def test_a_number_that_cannot_be_published_stays_the_drafts(cast, draft, sign_in):
    client, number = sign_in(cast.editor), draft.number
    page = client.post(place("replace", draft), file(tiny_document()))  # of the published version
    client.post(place("replace", draft), hidden(page))
    assert now(draft).number == number
    page = client.post(place("replace", draft), file(tiny_document() | {"version": "7.0"}))
    assert "The proposed number becomes 7.0." in page.content.decode()
    client.post(place("replace", draft), hidden(page))
    assert now(draft).number == "7.0"


def test_whoever_changed_the_draft_meanwhile_loses_nothing(cast, draft, sign_in):
    client = sign_in(cast.editor)
    page = client.post(place("replace", draft), file(reworded(draft)))
    send(sign_in(make_editor("other@editors.example")), draft, f"{Q}/why", "Because of the other editor.")
    refused = client.post(place("replace", draft), hidden(page))
    assert refused.status_code == 409
    assert "The draft was changed while this page was open" in refused.content.decode()
    assert "other editor" in refused.content.decode()  # the difference to what stands now
    assert document_of(now(draft))["dimensions"][0]["questions"][0]["why"] == "Because of the other editor."
    client.post(place("replace", draft), hidden(refused))
    assert document_of(now(draft))["dimensions"][0]["questions"][0]["title"] == "Another title"


def test_a_page_that_was_not_made_here_or_for_this_draft_replaces_nothing(cast, draft, sign_in):
    client, other = sign_in(cast.editor), make_draft(cast.editor, base=draft.base)
    page = client.post(place("replace", other), file(reworded(draft)))
    for pending in (hidden(page)["pending"], "made up", ""):
        reply = client.post(place("replace", draft), {"pending": pending, "revision": "0"}, follow=True)
        assert "This page is too old." in reply.content.decode()
    for revision in ("", "x", "9" * 12, "-1"):
        mine = client.post(place("replace", draft), file(reworded(draft)))
        posted = hidden(mine) | {"revision": revision}
        assert client.post(place("replace", draft), posted).status_code == 409
    assert now(draft).revision == 0


def test_replacing_takes_a_request_back_and_a_closed_draft_is_not_replaced(cast, draft, sign_in):
    client = sign_in(cast.editor)
    send(client, draft, f"{Q}/why", "Because it is needed.")
    ask_for_publication(
        actor=cast.editor,
        draft=now(draft),
        number=draft.number,
        note="Reworded for clarity.",
        revision=now(draft).revision,
    )
    page = client.post(place("replace", draft), file(reworded(draft)))
    assert "The request for publication is taken back." in page.content.decode()
    client.post(place("replace", draft), hidden(page))
    assert not now(draft).is_asked
    page = client.post(place("replace", draft), file(reworded(draft, "Once more")))
    discard_draft(actor=cast.editor, draft=now(draft))
    late = client.post(place("replace", draft), hidden(page), follow=True)
    assert "it no longer changes" in late.content.decode()
    assert client.get(place("replace", draft)).status_code == 404


# --- The actions that raise a question --------------------------------------------------------------------


def raising(draft, question):
    return [row["code"] for row in document_of(now(draft))["actions"] if question in row["raises"]]


def test_an_added_question_is_given_its_actions_on_its_own_page(cast, draft, sign_in):
    client = sign_in(cast.editor)
    client.post(place("add", draft, "D1"), {"code": "D1-NEW", "title": "A new one"})
    page = client.get(place("question", draft, "D1-NEW")).content.decode()
    assert "No action raises it yet" in page
    assert 'href="#questions/D1-NEW/raised_by"' in page
    actions = [row["code"] for row in document_of(now(draft))["actions"]]
    assert all(f'value="{code}"' in page for code in actions)
    field, where = "questions/D1-NEW/raised_by", {"page": "question:D1-NEW"}
    assert send(client, draft, field, [actions[0]], **where).status_code == 200
    assert raising(draft, "D1-NEW") == [actions[0]]
    assert "No action raises it yet" not in client.get(place("question", draft, "D1-NEW")).content.decode()
    others = {row["code"]: row["raises"] for row in document_of(draft)["actions"]}
    for row in document_of(now(draft))["actions"]:
        assert [code for code in row["raises"] if code != "D1-NEW"] == others[row["code"]]
    assert send(client, draft, field, None, **where).status_code == 200
    assert raising(draft, "D1-NEW") == []
    refused = send(client, draft, field, ["A-NONE"], **where)
    assert refused.status_code == 422
    assert "the code of an action expected" in refused.content.decode()


def test_two_editors_on_the_actions_of_one_question_see_both(cast, draft, sign_in):
    client = sign_in(cast.editor)
    code = document_of(draft)["actions"][0]["code"]
    before = raising(draft, "D1-AAA")
    other = [code] if before != [code] else []
    stale = {"seen": "0123456789abcdef"}
    reply = send(client, draft, f"{Q}/raised_by", other or None, **stale)
    assert reply.status_code == 409
    assert raising(draft, "D1-AAA") == before


def test_the_overview_reminds_of_what_no_action_raises_and_of_numbers_in_texts(cast, sign_in):
    draft = make_draft(cast.editor, base=make_version())
    client = sign_in(cast.editor)
    assert "To think of" not in client.get(place("draft", draft)).content.decode()
    client.post(place("add", draft, "D1"), {"code": "D1-NEW", "title": "Records of cleaning"})
    shown = client.get(place("draft", draft)).content.decode()
    assert "there are 51 now." in shown
    assert "fifty questions" in shown.lower() or "50 questions" in shown
    link = place("question", draft, "D1-NEW") + "#questions/D1-NEW/raised_by"
    assert f'<a href="{link}">Records of cleaning</a>: no action raises it' in shown
    publication = client.get(place("publication", draft)).content.decode()
    # What keeps it from being published comes first, then what to think of.
    assert 0 < publication.index("in the way") < publication.index("To think of")


def test_a_draft_is_opened_for_editing_before_its_publication_is_offered(cast, sign_in):
    draft = make_draft(cast.editor, base=make_version(tiny_spec()))
    client = sign_in(cast.editor)
    assert "Ask for publication" not in client.get(place("draft", draft)).content.decode()
    send(client, draft, f"{Q}/why", "Because it is needed.")
    assert "Ask for publication" in client.get(place("draft", draft)).content.decode()


def test_references_stand_under_who_issued_them_with_a_box_to_find_them(cast, sign_in):
    draft = make_draft(cast.editor, base=make_version())
    page = sign_in(cast.editor).get(place("question", draft, "D1-INV")).content.decode()
    assert 'aria-label="ICH"' in page
    assert 'aria-label="Other issuers"' in page
    assert 'id="questions/D1-INV/references/find"' in page
    every = [row["code"] for row in document_of(draft)["references"]]
    part = page.split('id="questions/D1-INV/references"')[1].split('id="questions/D1-INV/references/faults"')[
        0
    ]
    assert sorted(code for code in every if f'value="{code}"' in part) == sorted(every)


def test_faults_wait_at_home_and_the_list_tells_drafts_apart(cast, sign_in):
    draft = make_draft(cast.editor, base=make_version(tiny_spec()))
    client = sign_in(cast.editor)
    assert "Nothing waits for you" in client.get("/home/").content.decode()
    send(client, draft, f"{Q}/why", "")
    home = client.get("/home/").content.decode()
    assert "1 thing waits for you" in home
    assert f"last changed by {cast.editor.shown_name}" in home
    listed = client.get("/editor/").content.decode()
    for words in ("1 saved", "Draft of TINY", f"started by {cast.editor.shown_name}", "TINY 1.0"):
        assert words in listed
