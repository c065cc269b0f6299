"""What bars a draft from publication: a fault, its number, a newer version, that nothing is changed."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError

from frameworks.document.checks import parse_framework
from frameworks.document.digest import canonical_json
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.queries import document_of
from frameworks.services import install_framework
from frameworks.services.drafts import discard_draft, start_draft
from frameworks.services.publication import publish_draft
from tests.builders import make_draft
from tests.data.malformed_content import put, tiny_document
from tests.editing import Q, now, place, reword, send
from tests.publishing import NOTE, asked, make_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada):
    return make_changed(ada)


FAULTS = [
    ("actions[1].prerequisites", ["A-D2-02"], "prerequisites form a cycle"),
    ("actions[1].references", ["NOWHERE"], "the code of a reference expected"),
    ("use_cases[0].minima[0].level", 5, "at most"),
]


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row[2])
def test_a_draft_with_a_fault_is_not_published(ada, ben, sign_in, row):
    where, what, said = row
    document = put(tiny_document(), where, what)
    if "cycle" in said:
        put(document, "actions[2].prerequisites", ["A-D2-01"])
    draft = make_draft(ada, document)
    overview = sign_in(ada).get(place("draft", draft)).content.decode()
    assert said in overview
    assert "to mend before TINY 1.1 can be published" in overview
    page = sign_in(ada).get(place("publication", draft)).content.decode()
    assert "stand" in page
    assert "Ask for publication</button>" not in page
    reply = sign_in(ada).post(place("ask", draft), {"number": "1.1", "note": NOTE, "revision": 0})
    assert (reply.status_code, "The draft has faults" in reply.content.decode()) == (422, True)
    FrameworkDraft.objects.filter(pk=draft.pk).update(asked_by=ada, asked_at=draft.created_at, note=NOTE)
    with pytest.raises(ValidationError, match="The draft has faults"):
        publish_draft(actor=ben, draft=draft, revision=0)
    assert FrameworkVersion.objects.count() == 1


NUMBERS = [
    # published, proposed, whether it is higher
    (["1.0"], "1.1", True),
    (["1.0", "1.9"], "1.10", True),
    (["1.0", "1.10"], "1.9", False),
    (["1.0", "1.10"], "1.10", False),
    (["1.0"], "1", False),
    (["1.0"], "1.0.1", True),
    (["2.0", "1.5"], "1.9", False),
]


@pytest.mark.parametrize(("published", "proposed", "is_higher"), NUMBERS)
def test_the_number_must_be_higher_part_by_part(ada, draft, sign_in, published, proposed, is_higher):
    for number in published:
        install_framework(parse_framework(put(tiny_document(), "version", number)))
    sent = {"number": proposed, "note": NOTE, "revision": 0}
    reply = sign_in(ada).post(place("ask", draft), sent)
    assert reply.status_code == (302 if is_higher else 422)
    assert (now(draft).is_asked, now(draft).number == proposed) == (is_higher, is_higher or proposed == "1.1")
    if not is_higher:
        page = reply.content.decode()
        assert "The number must be higher than" in page
        assert f'value="{proposed}"' in page
        assert NOTE in page


@pytest.mark.parametrize("number", ["", "1.x", "01.2", "1." + "9" * 30, "1.1\x00"])
def test_what_is_no_number_is_refused(ada, draft, sign_in, number):
    reply = sign_in(ada).post(place("ask", draft), {"number": number, "note": NOTE, "revision": 0})
    assert reply.status_code == 422
    assert NOTE in reply.content.decode()
    assert (now(draft).number, now(draft).is_asked) == ("1.1", False)


def test_a_number_that_is_a_fault_is_mended_with_the_request(ada, draft, sign_in):
    document = {**document_of(now(draft)), "version": "x"}
    FrameworkDraft.objects.filter(pk=draft.pk).update(document=canonical_json(document), number="", faults=1)
    client = sign_in(ada)
    (link,) = re.findall(
        r'<li><a href="([^"]+)">Number does not have the form that it needs\.',
        client.get(place("draft", draft)).content.decode(),
    )
    target, _hash, field = link.partition("#")
    assert f'id="{field}"' in client.get(target).content.decode()
    reply = client.post(place("ask", draft), {"number": "2.0", "note": NOTE, "revision": 0})
    assert reply.status_code == 302
    assert (now(draft).number, now(draft).is_asked, now(draft).faults) == ("2.0", True, 0)


def test_a_number_published_meanwhile_is_refused(ada, ben, draft):
    other = start_draft(actor=ben, version=draft.base)
    reword(other)
    asked(draft, ada)
    asked(other, ada)
    publish_draft(actor=ben, draft=draft, revision=0)
    with pytest.raises(ValidationError, match=r"must be higher than 1\.1"):
        publish_draft(actor=ben, draft=other, revision=0)
    assert now(other).is_open


def test_a_draft_that_was_overtaken_says_so(ada, ben, draft, sign_in):
    late = start_draft(actor=ben, version=draft.base)
    client = sign_in(ben)
    pages = [place("draft", late), place("publication", late)]
    assert not any("was published meanwhile" in client.get(page).content.decode() for page in pages)
    asked(draft, ada)
    publish_draft(actor=ben, draft=draft, revision=0)
    for page in pages:
        said = client.get(page).content.decode()
        assert "TINY 1.1 was published meanwhile" in said
        assert "what 1.1 changed is not in it" in said


def test_a_draft_that_repeats_its_version_is_neither_asked_for_nor_published(ada, ben, draft, sign_in):
    fresh = start_draft(actor=ada, version=draft.base)
    page = sign_in(ada).get(place("publication", fresh)).content.decode()
    assert "TINY 1.1 cannot be published yet" in page
    assert "Nothing is changed against TINY 1.0" in page
    assert "<textarea" not in page
    assert ">Ask for publication<" not in page
    reply = sign_in(ada).post(place("ask", fresh), {"number": "1.2", "note": NOTE, "revision": 0})
    assert (reply.status_code, now(fresh).is_asked, now(fresh).number) == (422, False, "1.1")
    with pytest.raises(ValidationError, match="Nothing is changed in this draft"):
        asked(fresh, ada)
    reword(fresh)
    asked(fresh, ada)  # what was asked for, and is back to what it was, is not published either
    FrameworkDraft.objects.filter(pk=fresh.pk).update(document=draft.base.document)
    page = sign_in(ben).get(place("publication", fresh)).content.decode()
    assert "Nothing is changed against TINY 1.0" in page
    assert "Publish TINY" not in page
    with pytest.raises(ValidationError, match="Nothing is changed in this draft"):
        publish_draft(actor=ben, draft=now(fresh), revision=0)


def test_what_to_think_of_stands_before_who_asks_and_who_publishes(ada, ben, sign_in):
    document = put(tiny_document(), "dimensions[0].questions[0].title", "Capture")
    document["actions"] = [
        action | {"raises": [code for code in action["raises"] if code != Q]}
        for action in document["actions"]
    ]
    draft = make_draft(ada, {**document, "actions": [row for row in document["actions"] if row["raises"]]})
    reminder = "no action raises it, so the roadmap cannot close a gap here."
    assert reminder in sign_in(ada).get(place("publication", draft)).content.decode()
    asked(draft, ada)
    assert reminder in sign_in(ben).get(place("publication", draft)).content.decode()


def test_the_way_to_publication_is_told_as_far_as_it_is_gone(ada, ben, draft, sign_in):
    def steps(of):
        return sign_in(ada).get(place("draft", of)).context["steps"]

    fresh, faulty = start_draft(actor=ada, version=draft.base), start_draft(actor=ada, version=draft.base)
    send(sign_in(ada), faulty, f"{Q}/text", "")
    names = ("edited", "sound", "asked", "published")
    assert steps(fresh) == list(zip(names, ("now", "open", "open", "open"), strict=True))
    assert steps(faulty) == list(zip(names, ("done", "now", "open", "open"), strict=True))
    assert steps(draft) == list(zip(names, ("done", "done", "now", "open"), strict=True))
    asked(draft, ada)
    assert steps(draft) == list(zip(names, ("done", "done", "done", "now"), strict=True))
    publish_draft(actor=ben, draft=draft, revision=0)
    assert steps(draft) == list(zip(names, ("done", "done", "done", "done"), strict=True))
    discard_draft(actor=ada, draft=fresh)
    page = sign_in(ada).get(place("draft", fresh)).content.decode()
    assert steps(fresh) == []
    assert 'class="steps' not in page
