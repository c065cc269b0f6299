"""Every page of the editor: who may open it, what it says, and that no document breaks it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Organisation
from frameworks.document.checks import parse_framework
from frameworks.document.digest import canonical_json
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.services import install_framework
from frameworks.services.drafts import discard_draft
from frameworks.services.publication import ask_for_publication, publish_draft
from records.models import Event
from tests.answering import statements
from tests.builders import bami_spec, make_assessment, make_draft, make_editor, make_version, tiny_spec
from tests.data.malformed_content import put, tiny_document
from tests.editing import Q, now, place, reword, send
from tests.unit.test_document_checks import FARTHER, WRONG

pytestmark = pytest.mark.django_db
GETS = {
    "draft": (),
    "changes": (),
    "questions": (),
    "question": ("D1-AAA",),
    "dimension": ("D1",),
    "levels": (),
    "crosswalk": (),
    "use_cases": (),
    "use_case": ("UC01",),
    "yaml": (),
    "replace": (),
    "draft_file": (),
    "publication": (),
    "discard": (),
    "add": ("D1",),
    "remove": ("D1-AAA",),
}
POSTS = {
    "save": (),
    "copy": (),
    "discard": (),
    "add": ("D1",),
    "move": ("D1-AAA",),
    "remove": ("D1-AAA",),
    "ask": (),
    "take_back": (),
    "publish": (),
    "replace": (),
}


@pytest.fixture
def draft(cast):
    return make_draft(cast.editor)


def preview(draft, code):
    return reverse("question_preview", args=[draft.uuid, code])


def addresses(draft, names):
    return [place(name, draft, *codes) for name, codes in names.items()]


# --- Who may ----------------------------------------------------------------------------------------------


def test_every_page_opens_for_an_editor_and_for_nobody_else(cast, draft, sign_in):
    pages = [
        *addresses(draft, GETS),
        preview(draft, "D1-AAA"),
        reverse("editor:versions"),
        reverse("editor:upload"),
        reverse("editor:version_file", args=["tiny", "1.0"]),
    ]
    for page in pages:
        assert sign_in(cast.editor).get(page).status_code in (200, 302), page
        assert sign_in(None).get(page)["Location"].startswith(reverse("account_login")), page
        for person in cast.everybody().values():
            if person != cast.editor:
                assert sign_in(person).get(page).status_code == 403, page


def test_every_deed_is_an_editors_alone(cast, draft, sign_in):
    before = (FrameworkDraft.objects.values_list(), Event.objects.unscoped("a test counts them all").count())
    deeds = [
        *addresses(draft, POSTS),
        reverse("editor:start", args=["tiny", "1.0"]),
        reverse("editor:upload"),
    ]
    for deed in deeds:
        for person in (cast.owner, cast.programme_admin, cast.reviewer, cast.stranger):
            assert sign_in(person).post(deed).status_code == 403, deed
        assert sign_in(None).post(deed).status_code == 401, deed
    after = (FrameworkDraft.objects.values_list(), Event.objects.unscoped("a test counts them all").count())
    assert list(map(list, [before[0]])) == list(map(list, [after[0]]))
    assert before[1] == after[1]


def test_methods_and_what_is_not_there(cast, draft, sign_in):
    client = sign_in(cast.editor)
    both = {"discard", "add", "remove", "replace"}
    for name, codes in GETS.items():
        if name not in both:
            assert client.post(place(name, draft, *codes)).status_code == 405, name
    for name, codes in POSTS.items():
        if name not in both:
            assert client.get(place(name, draft, *codes)).status_code == 405, name
    assert client.post(reverse("editor:versions")).status_code == 405
    gone = FrameworkDraft(uuid="00000000-0000-4000-8000-000000000000")
    for name, codes in {**GETS, **POSTS}.items():
        method = client.get if name in GETS else client.post
        assert method(place(name, gone, *codes)).status_code == 404, name
    for name in ("question", "dimension", "use_case", "add", "remove"):
        assert client.get(place(name, draft, "NONE")).status_code == 404, name
    assert client.get(preview(draft, "NONE")).status_code == 404
    assert client.post(reverse("editor:start", args=["tiny", "9.9"])).status_code == 404
    assert client.get(reverse("editor:version_file", args=["tiny", "9.9"])).status_code == 404
    assert client.get(reverse("version", args=["tiny", "9.9"])).status_code == 404
    for odd in ("/versions/ti%00ny/1.0/", "/versions/tiny/1%00/", "/editor/versions/tiny/%00/file/"):
        assert client.get(odd).status_code == 404, odd
    for name in ("question", "dimension", "use_case", "remove"):
        assert client.get(place(name, draft, "NU\x00L")).status_code == 404, name


def test_no_page_of_the_editor_names_an_organisation(cast, sign_in):
    make_assessment(site=cast.site, owner=cast.owner, title="Zweitbefund", scope="Suite Zwölf")
    draft = make_draft(cast.editor, base=make_version())
    names = [
        *Organisation.objects.values_list("name", flat=True),
        cast.site.name,
        "Zweitbefund",
        "Suite Zwölf",
    ]
    codes = GETS | {"question": ("D1-CTX",), "remove": ("D1-CTX",)}
    pages = [
        *addresses(draft, codes),
        reverse("editor:versions"),
        preview(draft, "D1-CTX"),
        reverse("version", args=["bami", "1.0"]),
    ]
    client = sign_in(cast.editor)
    for page in pages:
        content = client.get(page, follow=True).content.decode()
        assert [word for word in names if word in content] == [], page


# --- Lists ------------------------------------------------------------------------------------------------


def test_the_list_takes_the_same_number_of_statements(cast, sign_in):
    client, colleague = sign_in(cast.editor), make_editor(name="Colleague")

    def add(number):
        install_framework(parse_framework(put(tiny_document(), "version", f"1.{number}")))
        changed = make_draft(colleague, put(tiny_document(), "title", "Another title"))
        ask_for_publication(actor=colleague, draft=changed, note="A good note", revision=0)
        discard_draft(actor=cast.editor, draft=make_draft(cast.editor))

    def opened(show):
        return statements(lambda: client.get(reverse("editor:versions") + show))

    counts = []
    for number in range(3):
        add(number)
        counts.append([opened(""), opened("?show=closed")])
    assert counts[0] == counts[2]
    assert max(map(max, counts)) <= 6


def test_pages_of_a_draft_take_few_statements_whatever_it_holds(cast, sign_in):
    small, large = make_draft(cast.editor), make_draft(cast.editor, base=make_version())
    client = sign_in(cast.editor)
    codes = GETS | {"question": ("D1-CTX",), "remove": ("D1-CTX",)}

    def opened(name, draft, own):
        return statements(lambda: client.get(place(name, draft, *own)))

    for name, own in GETS.items():
        assert opened(name, small, own) == opened(name, large, codes[name]) <= 8, name


def test_the_list_says_what_waits(cast, draft, sign_in):
    colleague = make_editor(name="Colleague")
    reword(draft)
    ask_for_publication(actor=colleague, draft=draft, note="Reworded for clarity.", revision=0)
    page = sign_in(cast.editor).get(reverse("editor:versions")).content.decode()
    assert "1 draft waits for your decision" in page
    assert "the first version" in page
    assert "Colleague asks to publish TINY 1.1" in page
    assert "1 draft is open" in sign_in(colleague).get(reverse("editor:versions")).content.decode()
    closed = sign_in(colleague).get(reverse("editor:versions") + "?show=closed").content.decode()
    assert "No draft is closed yet" in closed
    FrameworkDraft.objects.all().delete()
    FrameworkVersion.objects.none()
    empty = sign_in(colleague).get(reverse("editor:versions")).content.decode()
    assert "No draft is open" in empty


def test_a_draft_that_was_uploaded_is_not_called_unchanged(cast, sign_in):
    """What is counted is what was saved since its start: it may have started with differences."""
    draft = make_draft(cast.editor, put(tiny_document(), "title", "Another title"))
    page = sign_in(cast.editor).get(reverse("editor:versions")).content.decode()
    assert (now(draft).revision, "none yet" in page, "none saved" in page) == (0, False, True)


def test_a_level_of_the_digital_plant_is_chosen_by_number_and_name(cast, sign_in):
    draft = make_draft(cast.editor, base=make_version())
    page = sign_in(cast.editor).get(place("use_case", draft, "UC01")).content.decode()
    assert '<option value="2" selected>2 Digital silos</option>' in page


def test_the_side_list_counts_the_faults_that_it_leads_to(cast, sign_in):
    """Not those of a use case, which the overview counts too."""
    draft = make_draft(cast.editor, put(tiny_document(), "use_cases[0].minima[0].level", 9))
    client = sign_in(cast.editor)
    send(client, draft, f"{Q}/anchors/3", "")
    assert "2 faults to mend" in client.get(place("draft", draft)).content.decode()
    assert 'data-mark="all">1 fault<' in client.get(place("question", draft, "D1-AAA")).content.decode()
    saved = send(client, draft, f"{Q}/anchors/3", "Mended").content.decode()
    assert '<i data-mark-of="all">0 faults</i>' in saved


# --- Faults and what leads to them ------------------------------------------------------------------------


def can_be_stored(row):
    """A draft comes from JSON: what is none of it cannot stand in one."""
    try:
        canonical_json({"value": row[1]}).encode()
    except (TypeError, ValueError):
        return False
    return True


STORED = [row for row in [*WRONG, *FARTHER] if can_be_stored(row)]


@pytest.mark.parametrize("row", STORED, ids=lambda row: row[0])
def test_every_fault_is_on_the_work_list_with_a_link_that_leads_there(cast, sign_in, row):
    draft = make_draft(cast.editor, put(tiny_document(), row[0], row[1]) if row[0] != "version" else None)
    client = sign_in(cast.editor)
    page = client.get(place("draft", draft)).content.decode()
    links = re.findall(
        r'<li><a href="(/editor/[^"]+)">[^<]+</a> <span class="meta ed-place">',
        page,
    )
    for link in links:
        target, _hash, field = unescape(link).partition("#")
        found = client.get(target)
        assert found.status_code == 200
        assert not field or f'id="{field}"' in unescape(found.content.decode()), link
    if row[0] != "version":
        assert len(links) == now(draft).faults
        assert not links or f"{len(links)} fault" in page


BROKEN = [
    {},
    {"dimensions": "none", "levels": [1, 2], "dpmm": [], "use_cases": {"a": 1}, "version": []},
    {
        "dimensions": [
            {"code": "D1", "questions": [{"code": "A"}, {"code": "A", "title": 7}, "B", {"title": "C"}]},
            {"code": "D1", "questions": None},
            None,
        ],
        "use_cases": [{"code": "U", "minima": [{"level": 1}, 3], "critical": "x", "dpmm": 4}],
        "dpmm": {"ceilings": [{"dpmm": 1}, 7, {"dpmm": 1, "dimension": "D1", "sustained": "x"}], "levels": 3},
        "actions": [{"code": "X", "raises": 4}, 5],
        "flags": [{"code": "F", "when": 3, "any_of": [{}, 1]}],
        "<script>alert(1)</script>": "<script>alert(1)</script>",
        "title": "<script>alert(1)</script>",
    },
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_no_document_breaks_a_page(cast, sign_in, broken):
    draft = make_draft(cast.editor, broken)
    client = sign_in(cast.editor)
    for name, codes in GETS.items():
        for code in [(), ("D1",), ("A",), ("U",)] if codes else [()]:
            if bool(code) == bool(codes):
                reply = client.get(place(name, draft, *code))
                assert reply.status_code in (200, 302, 404), name
                assert name == "draft_file" or b"<script>alert" not in reply.content, name
    assert client.get(preview(draft, "A")).status_code in (200, 404)
    assert now(draft).faults > 0


def test_the_pages_say_what_stands(cast, sign_in):
    draft = make_draft(cast.editor, base=make_version())
    client = sign_in(cast.editor)
    question = client.get(place("question", draft, "D1-CTX")).content.decode()
    spec = bami_spec().questions["D1-CTX"]
    for text in (spec.title, spec.text, spec.why, *spec.anchors, spec.evidence):
        assert text in unescape(question)
    assert "A-D1-05" in question
    assert "No action raises it yet" not in question
    crosswalk = client.get(place("crosswalk", draft)).content.decode()
    assert crosswalk.count("/because") >= 25
    use_case = unescape(client.get(place("use_case", draft, "UC01")).content.decode())
    assert all(minimum.because in use_case for minimum in bami_spec().use_case_by_code["UC01"].minima)
    levels = unescape(client.get(place("levels", draft)).content.decode())
    assert all(level.summary in levels for level in bami_spec().levels)


# --- The preview --------------------------------------------------------------------------------------------


def within(page, start, end):
    return re.sub(r"\s+", " ", page[page.index(start) : page.index(end, page.index(start))])


def test_the_preview_is_the_question_as_a_respondent_sees_it(cast, assessment, sign_in):
    draft = make_draft(cast.editor, base=make_version())
    for code in ("D1-CTX", "D1-EXT"):
        dimension = bami_spec().dimension_of[code]
        real = sign_in(cast.respondent).get(f"/assessments/{assessment.uuid}/answers/{dimension}/{code}/")
        shown = sign_in(cast.editor).get(preview(draft, code))
        for start, end in (
            ('<h1 id="q-title"', '<p class="why"'),
            ('<fieldset class="reply"', '<div class="who-line"'),
        ):
            parts = [within(reply.content.decode(), start, end) for reply in (real, shown)]
            # The glossary is the assessment's own here, the public one there.
            parts = [re.sub(r'<div id="notice.*|href="[^"#]*', "", part) for part in parts]
            assert parts[0] == parts[1]


def test_the_preview_shows_a_draft_with_faults(cast, sign_in):
    draft = make_draft(cast.editor)
    send(sign_in(cast.editor), draft, f"{Q}/anchors/3", "")
    send(sign_in(cast.editor), draft, f"{Q}/text", "A new wording?")
    page = sign_in(cast.editor).get(preview(draft, "D1-AAA")).content.decode()
    assert "A new wording?" in page
    assert "nothing is saved here" in page
    assert now(draft).faults == 1


# --- What changed, for everybody who reads -----------------------------------------------------------------


def publish(cast, document, note="Weights of two questions are changed."):
    draft = make_draft(cast.editor, document)
    ask_for_publication(actor=cast.editor, draft=draft, note=note, revision=0)
    return publish_draft(actor=make_editor(name="Second"), draft=draft, revision=0)


def test_whoever_is_signed_in_reads_what_changed(cast, sign_in):
    publish(cast, put(tiny_document(), "dimensions[0].questions[0].gate", False))
    address = reverse("version", args=["tiny", "1.1"])
    for person in cast.everybody().values():
        page = sign_in(person).get(address).content.decode()
        assert "What changed from TINY 1.0 to 1.1" in page
        assert "Weights of two questions are changed." in page
        assert "by Second" in page
        assert re.search(r"Gate question</th>\s*<td[^>]*>yes</td>\s*<td[^>]*><b>no</b>", page)
    assert sign_in(None).get(address).status_code == 302
    assert sign_in(cast.owner).post(address).status_code == 405
    first = sign_in(cast.owner).get(reverse("version", args=["tiny", "1.0"])).content.decode()
    assert "TINY 1.0 is the first version" in first


def test_a_draft_assessment_and_the_start_say_that_a_newer_version_exists(cast, sign_in):
    open_one = make_assessment(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()))
    client = sign_in(cast.owner)
    overview = f"/assessments/{open_one.uuid}/"
    assert "is published" not in client.get(overview).content.decode()
    assert "What changed" not in client.get("/assessments/new/").content.decode()
    publish(cast, put(tiny_document(), "title", "Tiny framework, second"), "A title that says more.")
    for person in (cast.owner, cast.viewer, cast.reviewer):
        page = sign_in(person).get(overview).content.decode()
        assert "TINY 1.1 is published" in page
        assert "A title that says more." in page
        assert reverse("version", args=["tiny", "1.1"]) in page
    page = client.get("/assessments/new/").content.decode()
    assert "A title that says more." in page
    assert reverse("version", args=["tiny", "1.1"]) in page
    assert re.search(r'<option value="\d+" selected[^>]*>\s*TINY 1\.1, Tiny framework, second', page)
