"""Every page of the editor: who may open it, what it says, and that no document breaks it."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Organisation
from bami_site.uploads import MOST, BoundedUpload
from frameworks.document.checks import parse_framework
from frameworks.document.digest import canonical_json
from frameworks.document.dump import dump_document, write_yaml
from frameworks.document.reading import read_document
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.queries import document_of
from frameworks.services import install_framework
from frameworks.services.drafts import discard_draft
from frameworks.services.publication import ask_for_publication, publish_draft
from records.models import Event
from tests.answering import statements
from tests.builders import BAMI, bami_spec, make_assessment, make_draft, make_editor, make_version, tiny_spec
from tests.data.malformed import malformed
from tests.data.malformed_content import put, tiny_document
from tests.editing import Q, now, place, send
from tests.integration.test_framework_import import MOST_MEMORY, MOST_SECONDS, everything, peak_memory
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
        ask_for_publication(actor=colleague, draft=make_draft(colleague), note="A good note", revision=0)
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
    ask_for_publication(actor=colleague, draft=draft, note="Reworded for clarity.", revision=0)
    page = sign_in(cast.editor).get(reverse("editor:versions")).content.decode()
    assert "1 draft waits for your look" in page
    assert "Colleague asks to publish TINY 1.1" in page
    assert "1 draft is open" in sign_in(colleague).get(reverse("editor:versions")).content.decode()
    closed = sign_in(colleague).get(reverse("editor:versions") + "?show=closed").content.decode()
    assert "No draft is closed yet" in closed
    FrameworkDraft.objects.all().delete()
    FrameworkVersion.objects.none()
    empty = sign_in(colleague).get(reverse("editor:versions")).content.decode()
    assert "No draft is open" in empty


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


# --- The file, down and up ----------------------------------------------------------------------------------


def upload(client, content, name="framework.yaml", **more):
    data = {"file": SimpleUploadedFile(name, content), **more}
    return client.post(reverse("editor:upload"), data)


def test_the_file_goes_down_and_up_and_down_byte_for_byte(cast, sign_in):
    client = sign_in(cast.editor)
    make_version()
    first = client.get(reverse("editor:version_file", args=["bami", "1.0"]))
    assert first["Content-Disposition"] == 'attachment; filename="bami-1.0.yaml"'
    assert first["Content-Type"] == "text/yaml; charset=utf-8"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert read_document(first.content) == read_document(write_yaml(dump_document(bami_spec())))
    changed = first.content.replace(b"version: '1.0'", b"version: '2.0'")
    reply = upload(client, changed)
    draft = FrameworkDraft.objects.get()
    assert reply["Location"] == place("changes", draft)
    assert (draft.number, draft.base.version, draft.faults) == ("2.0", "1.0", 0)
    again = client.get(place("draft_file", draft))
    assert again["Content-Disposition"] == 'attachment; filename="bami-2.0-draft.yaml"'
    assert again.content == changed
    page = client.get(reply["Location"]).content.decode()
    assert "Nothing differs from BAMI 1.0" in page  # its number stands elsewhere


def test_an_edited_file_opens_on_its_difference(cast, sign_in):
    make_version(tiny_spec())
    document = put(tiny_document(), "dimensions[0].questions[0].weight", 3)
    put(document, "dimensions[0].questions[0].text", "How far is that in place: capture at source?")
    reply = upload(sign_in(cast.editor), write_yaml(document).encode())
    page = sign_in(cast.editor).get(reply["Location"]).content.decode()
    assert "<del>this</del>" in page
    assert "<ins>that</ins>" in page
    assert re.search(r"Weight</th>\s*<td[^>]*>1</td>\s*<td[^>]*><b>3</b>", page)
    assert FrameworkDraft.objects.get().number == "1.1"  # the file's 1.0 is published


def test_a_framework_of_another_name_is_the_first_of_its_own(cast, sign_in):
    make_version(tiny_spec())
    client = sign_in(cast.editor)
    reply = upload(
        client, write_yaml(put(put(tiny_document(), "framework", "other"), "version", "0.1")).encode()
    )
    draft = FrameworkDraft.objects.get()
    assert (draft.framework, draft.number, draft.base) == ("other", "0.1", None)
    assert "the first version of its framework" in client.get(reply["Location"]).content.decode()
    colleague = make_editor()
    ask_for_publication(actor=cast.editor, draft=draft, note="The first of all", revision=0)
    version = publish_draft(actor=colleague, draft=draft, revision=0)
    assert "is the first version" in client.get(reverse("version", args=["other", "0.1"])).content.decode()
    assert version.asked_by == cast.editor


def test_no_file_and_an_empty_one_are_refused(cast, sign_in):
    client = sign_in(cast.editor)
    assert "Choose the file." in client.post(reverse("editor:upload")).content.decode()
    empty = upload(client, b"")
    assert (empty.status_code, "This file is empty" in empty.content.decode()) == (422, True)
    assert not FrameworkDraft.objects.exists()


def test_a_file_sent_twice_is_one_draft(cast, sign_in):
    make_version(tiny_spec())
    op_id = "1b671a64-40d5-491e-99b0-da01ff1f3341"
    for _ in range(2):
        upload(sign_in(cast.editor), write_yaml(tiny_document()).encode(), op_id=op_id)
    assert FrameworkDraft.objects.count() == 1


@pytest.mark.check("S-15")
def test_a_malformed_upload_changes_nothing_and_says_every_fault(cast, sign_in, figure):
    client = sign_in(cast.editor)
    make_version()
    client.get(reverse("editor:upload"))
    before, slowest, largest, files, changed = everything(), 0.0, 0, 0, 0
    for case in malformed():
        begun, memory = time.process_time(), peak_memory()
        reply = upload(client, case.content)
        slowest = max(slowest, time.process_time() - begun)
        largest = max(largest, peak_memory() - memory)
        files += 1
        changed += everything() != before
        page = reply.content.decode()
        assert reply.status_code == 422, case.name
        place_of, _colon, message = case.fault.partition(": ")
        assert message in unescape(page), case.name
        assert place_of in unescape(page), case.name
        assert "<script>alert" not in page
    figure("S-15", files=files, changed=changed, seconds=round(slowest, 2))
    assert (changed, files >= 36) == (0, True)
    assert slowest <= MOST_SECONDS
    assert largest <= MOST_MEMORY


@pytest.mark.check("S-15")
def test_the_error_text_itself_is_escaped(cast, sign_in, figure):
    payloads = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</li></ol><b>",
        "{{ 7*7000021 }}",
        "javascript:x",
    ]
    changed = 0
    for payload in payloads:
        for document in (
            {payload: 1},
            put(tiny_document(), "version", payload),
            put(tiny_document(), "dimensions[0].questions[0].areas", [payload]),
            put(tiny_document(), "dimensions[0].code", payload),
        ):
            page = upload(sign_in(cast.editor), write_yaml(document).encode()).content.decode()
            assert not any(tag in page for tag in ("<script>alert", "<img src", "</ol><b>", "49000147"))
            changed += FrameworkDraft.objects.count()
    figure("S-15", files=len(payloads) * 4, changed=changed, seconds=0)
    assert changed == 0


def test_a_file_beyond_the_limit_is_not_even_kept(cast, sign_in):
    """The rest of it is thrown away while it comes in: nothing of it is written to the disk, nor held."""
    memory = peak_memory()
    reply = upload(sign_in(cast.editor), b"x" * (30 * 1024 * 1024))
    assert reply.status_code == 422
    assert "2,097,152 bytes at most expected, more found" in reply.content.decode()
    assert peak_memory() - memory < MOST_MEMORY


def test_what_comes_in_is_kept_to_the_bound_and_counted_whole():
    handler = BoundedUpload()
    handler.new_file("file", "a.yaml", "text/yaml", None)
    for number in range(4):
        handler.receive_data_chunk(b"x" * 1024 * 1024, number * 1024 * 1024)
    kept = handler.file_complete(4 * 1024 * 1024)
    assert (kept.size, len(kept.read())) == (4 * 1024 * 1024, MOST)


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


def test_bami_goes_down_as_it_was_written():
    """What is exported says what the shipped file says."""
    assert read_document(write_yaml(read_document(BAMI.read_bytes()))) == read_document(BAMI.read_bytes())
    assert document_of(make_version()) == document_of(make_version())
