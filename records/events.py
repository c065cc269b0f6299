"""Writing the audit trail: `record` appends one event to its organisation's chain."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from records.models import ChainHead, Event

if TYPE_CHECKING:
    from accounts.models import Organisation, User


@dataclass(frozen=True)
class Entry:
    """What happened to which object: values before and after, by field."""

    action: str
    object_type: str
    object_id: str
    before: dict[str, Any]
    after: dict[str, Any]
    object_version: int | None = None
    reason_code: str = ""
    reason_text: str = ""
    op_id: uuid.UUID | None = None


def record(*, actor: User | None, organisation: Organisation | None, entry: Entry) -> Event:
    """Append an event to the chain of its organisation, in the transaction of the change itself.

    Locks the chain's head, takes the next number, links by SHA-256 (trust page, 5.2). Without an
    actor the entry is the system's own. Raises IntegrityError if the operation id was used before.
    """
    with transaction.atomic(savepoint=False):
        head = _locked_head(organisation)
        event = Event(
            organisation=organisation,
            seq=head.seq + 1,
            at_utc=head.now,
            at_tz=timezone.get_current_timezone_name(),
            actor=actor,
            actor_kind="user" if actor else "system",
            action=entry.action,
            object_type=entry.object_type,
            object_id=entry.object_id,
            object_version=entry.object_version,
            before_json=entry.before,
            after_json=entry.after,
            reason_code=entry.reason_code,
            reason_text=entry.reason_text,
            op_id=entry.op_id or uuid.uuid4(),
            app_version=settings.VERSION,
            prev_hash=head.hash,
        )
        event.hash = event_hash(event)
        event.save(force_insert=True)
        ChainHead.objects.filter(pk=head.pk).update(seq=event.seq, hash=event.hash)
    return event


def event_hash(event: Event) -> str:
    """SHA-256, in hex, of the canonical JSON of every field but the key and the hash itself."""
    fields = {
        field.attname: getattr(event, field.attname)
        for field in Event._meta.concrete_fields
        if field.attname not in ("id", "hash")
    }
    fields["at_utc"] = event.at_utc.isoformat(timespec="microseconds")
    fields["op_id"] = str(event.op_id)
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _locked_head(organisation: Organisation | None) -> Any:
    """The chain's end, locked, with the database's clock as `now`."""
    heads = ChainHead.objects.select_for_update().annotate(now=Now()).filter(organisation=organisation)
    head = next(iter(heads), None)
    if head is None:
        ChainHead.objects.bulk_create([ChainHead(organisation=organisation)], ignore_conflicts=True)
        head = heads.get()
    return head
