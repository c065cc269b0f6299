"""A YAML file in the place of what a draft holds."""

from __future__ import annotations

import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from frameworks.document.checks import load_framework
from frameworks.document.digest import canonical_json, content_digest
from frameworks.document.dump import dump_document
from frameworks.document.parts import Document
from frameworks.document.versions import next_version
from frameworks.models import FrameworkDraft
from frameworks.queries import published_versions
from frameworks.services.drafts import is_higher, keep, lock_draft, note_event


class Overtaken(Exception):
    """The draft was changed since the page that was sent: its difference is to be looked at again."""


def read_replacement(draft: FrameworkDraft, content: str | bytes) -> Document:
    """The document of a file that is to take the place of a draft's, with a number that can be published.

    Raises DocumentFaults with every fault, and ValidationError for a file of another framework.
    """
    document = dump_document(load_framework(content))
    if document["framework"] != draft.framework:
        said = _(
            "This file is of the framework %(file)s; the draft is of %(draft)s. Upload it as a new draft."
        )
        raise ValidationError(said % {"file": document["framework"], "draft": draft.framework})
    published = [row.version for row in published_versions(draft.framework)]
    if not is_higher(document["version"], published):
        document["version"] = draft.number or next_version(published)
    return document


@transaction.atomic
def replace_document(
    *, actor: User, draft: FrameworkDraft, document: Document, revision: int, source: str
) -> bool:
    """Put another document (of `read_replacement`) in the place of the draft's, seen at `revision`.

    False where nothing differs. Raises Closed, Overtaken where the draft was changed meanwhile, and
    ValidationError for a document that is too large.
    """
    locked = lock_draft(draft)
    before, after = locked.document, canonical_json(document)
    if before == after:  # sent once more, or nothing is different
        return False
    if locked.revision != revision:
        raise Overtaken
    keep(actor, locked, document)
    digests = [content_digest(held) for held in (json.loads(before), document)]
    named = {"source": source[:200], "digest": digests[1]}
    note_event(actor, locked, "draft.replaced", {"digest": digests[0]}, named)
    return True
