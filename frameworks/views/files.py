"""The YAML document: down from a version or a draft, and up as a new draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import SignedInRequest
from frameworks.document.dump import write_yaml
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.parts import Document
from frameworks.forms.starting import UploadForm
from frameworks.queries import document_of
from frameworks.services.drafts import upload_draft
from frameworks.views.shared import Opened, check_editor, find_draft, find_version, frame


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


def _page(request: SignedInRequest, form: UploadForm, faults: Sequence[Fault] = ()) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "faults": faults}
    return render(
        request, "frameworks/editor/upload.html", context, status=422 if faults or form.errors else 200
    )


def _file(document: Document, name: str) -> HttpResponse:
    response = HttpResponse(write_yaml(document), content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
