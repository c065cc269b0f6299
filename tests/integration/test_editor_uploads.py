"""A framework file goes down and up again through the editor; what is broken is refused with every fault."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bami_site.uploads import MOST, BoundedUpload
from frameworks.document.dump import dump_document, write_yaml
from frameworks.document.reading import read_document
from frameworks.models import FrameworkDraft
from frameworks.queries import document_of
from frameworks.services.publication import ask_for_publication, publish_draft
from tests.builders import BAMI, bami_spec, make_editor, make_version, tiny_spec
from tests.data.malformed import malformed
from tests.data.malformed_content import put, tiny_document
from tests.editing import place
from tests.integration.test_framework_import import MOST_MEMORY, MOST_SECONDS, everything, peak_memory

pytestmark = pytest.mark.django_db


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


def test_bami_goes_down_as_it_was_written():
    """What is exported says what the shipped file says."""
    assert read_document(write_yaml(read_document(BAMI.read_bytes()))) == read_document(BAMI.read_bytes())
    assert document_of(make_version()) == document_of(make_version())
