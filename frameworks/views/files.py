"""The YAML document: down from a version or a draft, and up as a new draft or into one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import SignedInRequest
from frameworks.document.digest import canonical_json
from frameworks.document.dump import write_yaml
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.parts import Document
from frameworks.forms.starting import UploadForm
from frameworks.models import FrameworkDraft
from frameworks.queries import document_of
from frameworks.services.drafts import Closed, upload_draft
from frameworks.services.files import Overtaken, read_replacement, replace_document
from frameworks.views.shared import Opened, check_editor, closed, compare, find_draft, find_version, frame

PENDING = "a file that is to take the place of a draft's document"
A_DAY = 86_400
ROOM = 8_192  # bytes of a form beside the file


@require_GET
def yaml(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The draft as a file, and the faults that only the file can mend."""
    draft = find_draft(request, uuid)
    opened = Opened(draft)
    context = {
        **frame(opened, "yaml"),
        "mends": [mend for mend in opened.mends if mend.page == "yaml"],
    }
    return render(request, "frameworks/editor/yaml.html", context)


@require_GET
def draft_file(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The YAML of a draft, faults and all."""
    draft = find_draft(request, uuid)
    return _file(document_of(draft), f"{draft.framework}-{draft.number or 'unnumbered'}-draft.yaml")


@require_GET
def version_file(request: SignedInRequest, framework: str, version: str) -> HttpResponse:
    """The YAML of a published version."""
    check_editor(request)
    found = find_version(framework, version)
    return _file(document_of(found), f"{found.framework}-{found.version}.yaml")


@require_http_methods(["GET", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """A file becomes a new draft, or is refused with every fault."""
    check_editor(request)
    if request.method == "GET":
        return _page(request, UploadForm(initial={"op_id": uuid4()}))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    if too_large := form.faults():
        return _page(request, form, too_large)
    file = form.cleaned_data["file"]
    try:
        draft = upload_draft(
            actor=request.user,
            content=file.read(),
            op_id=form.cleaned_data["op_id"],
            file_name=file.name,
        )
    except DocumentFaults as error:
        return _page(request, form, error.faults)
    messages.success(request, _("The file is a new draft. This is how it differs from what is published."))
    return redirect("editor:changes", draft.uuid)


@require_http_methods(["GET", "POST"])
def replace(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A file in the place of a draft's document: first its faults or its difference, then the deed.

    422 for a faulty file, 409 where the draft was changed since the difference was shown.
    """
    draft = find_draft(request, uuid)
    if not draft.is_open:
        if request.method == "GET":
            raise Http404
        return closed(request, uuid)
    if "pending" in request.POST:
        return _put(request, draft)
    if request.method == "GET":
        return _replace_page(request, draft, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _replace_page(request, draft, form)
    if too_large := form.faults():
        return _replace_page(request, draft, form, too_large)
    file = form.cleaned_data["file"]
    try:
        document = read_replacement(draft, file.read())
    except DocumentFaults as error:
        return _replace_page(request, draft, form, error.faults)
    except ValidationError as error:
        form.add_error("file", error)
        return _replace_page(request, draft, form)
    pending = signing.dumps(
        {"draft": str(draft.uuid), "document": canonical_json(document), "source": file.name},
        salt=PENDING, compress=True,
    )  # fmt: skip
    if len(pending) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE - ROOM:
        form.add_error("file", _("This file is too large to be put into a draft. Upload it as a new draft."))
        return _replace_page(request, draft, form)
    return _compare_page(request, draft, document, pending)


def _put(request: SignedInRequest, draft: FrameworkDraft) -> HttpResponse:
    """Do what the page of the difference asked about."""
    try:
        held = signing.loads(request.POST["pending"], salt=PENDING, max_age=A_DAY)
    except signing.BadSignature:
        held = {}
    if held.get("draft") != str(draft.uuid):
        messages.error(request, _("This page is too old. Nothing was changed: upload the file again."))
        return redirect("editor:replace", draft.uuid)
    document: Document = json.loads(held["document"])
    seen = request.POST.get("revision", "")
    try:
        changed = replace_document(
            actor=request.user,
            draft=draft,
            document=document,
            revision=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1,
            source=f"the file {held['source']}",
        )
    except Closed:
        return closed(request, draft.uuid)
    except Overtaken:
        again = find_draft(request, draft.uuid)
        return _compare_page(request, again, document, request.POST["pending"], status=409)
    if changed:
        messages.success(request, _("The draft holds what the file holds."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("editor:changes", draft.uuid)


def _compare_page(
    request: SignedInRequest, draft: FrameworkDraft, document: Document, pending: str, status: int = 200
) -> HttpResponse:
    context = {
        **frame(Opened(draft), "yaml"),
        "difference": compare(document_of(draft), document),
        "number": document["version"],
        "pending": pending,
        "is_overtaken": status == 409,
    }
    return render(request, "frameworks/editor/replace_compare.html", context, status=status)


def _replace_page(
    request: SignedInRequest, draft: FrameworkDraft, form: UploadForm, found: Sequence[Fault] = ()
) -> HttpResponse:
    context = {**frame(Opened(draft), "yaml"), "form": form, "found": found}
    status = 422 if found or form.errors else 200
    return render(request, "frameworks/editor/replace.html", context, status=status)


def _page(request: SignedInRequest, form: UploadForm, faults: Sequence[Fault] = ()) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "faults": faults}
    return render(
        request, "frameworks/editor/upload.html", context, status=422 if faults or form.errors else 200
    )


def _file(document: Document, name: str) -> HttpResponse:
    response = HttpResponse(write_yaml(document), content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
