"""A body that each address takes, for organisation A: what S-06 adds fields to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessments.services.assessments import naming_of
from frameworks.models import FrameworkVersion
from tests.builders import PASSWORD, tiny_spec
from tests.editing import field, posted
from tests.integration.test_resending import form_of
from tests.world import Tenant

QUESTION = next(iter(tiny_spec().questions))
NEW = "quiet kelp forests in spring"


def soon() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


def started(tenant: Tenant) -> dict[str, Any]:
    version = FrameworkVersion.objects.published().get()
    return {"site": tenant.site.uuid, "version": version.pk, "title": "Another", "scope": "All of it"}


def saved(tenant: Tenant) -> dict[str, Any]:
    row = tenant.draft.answers.get(question_code=QUESTION)
    return {**form_of(row, comment="Another comment"), "op_id": str(uuid.UUID(int=7))}


def founded(tenant: Tenant) -> dict[str, Any]:
    seen = tenant.draft.settings_version
    return {"source": "estimated", "level": "2", "on": "", "tool": "", "by": "", "base_version": seen}


def targeted(tenant: Tenant) -> dict[str, Any]:
    seen = tenant.draft.settings_version
    return {"use_cases": [], "start_on": "", "capacity": "3", "blackout_weeks": "", "base_version": seen}


def decided(tenant: Tenant) -> dict[str, Any]:
    words = {"reason": "The procedure names no role.", "pointer": "SOP-0417, section 5", "text": ""}
    return {"decision": "set", "level": "2", "revision": "1", "base_version": "0", **words}


def invited(tenant: Tenant) -> dict[str, Any]:
    entry = tenant.entry.uuid
    return {"entry": entry, f"{entry}-organisation_name": "New", f"{entry}-kind": "cdmo"}


def edited(tenant: Tenant) -> dict[str, Any]:
    named = f"questions/{QUESTION}/title"
    return posted(tenant.content, f"question:{QUESTION}") | field(tenant.content, named, "Another title")


def nothing(tenant: Tenant) -> dict[str, Any]:
    return {}


BODIES: dict[str, Callable[[Tenant], dict[str, Any]]] = {
    "account_email": lambda t: {"email": "another@example.org", "action_add": ""},
    "account_change_password": lambda t: {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    "account_set_password": nothing,
    "account_reauthenticate": lambda t: {"password": PASSWORD},
    "profile": lambda t: {"name": "Another name", "job_title": "Head of quality"},
    "accounts:organisation": lambda t: {"name": "Another name", "kind": "cdmo", "paper": "letter"},
    "accounts:site_add": lambda t: {"name": "Another", "place": "Aarhus", "time_zone": "Europe/Berlin"},
    "accounts:site_change": lambda t: {"name": "Another", "place": "", "time_zone": "Europe/Berlin"},
    "accounts:site_remove": nothing,
    "accounts:member": lambda t: {"role": "respondent"},
    "accounts:member_remove": nothing,
    "accounts:leave": nothing,
    "accounts:invite": lambda t: {"email": "new@example.org", "role": "viewer"},
    "accounts:invitation_resend": nothing,
    "accounts:invitation_revoke": nothing,
    "accounts:engage": lambda t: {"emails": "new@example.org", "kind": "reader", "until_on": soon()},
    "accounts:engagement_change": lambda t: {"kind": "reviewer", "until_on": soon()},
    "accounts:engagement_end": nothing,
    "accounts:consultant_name": lambda t: {"email": "new@example.org"},
    "accounts:consultant_strike": nothing,
    "assessments:start": started,
    "assessments:rename": lambda t: {"title": "Another title", "scope": "", "seen": naming_of(t.draft)},
    "assessments:archive": nothing,
    "assessments:restore": nothing,
    "assessments:delete": nothing,
    "assessments:submit": nothing,
    "assessments:mark_unknown": nothing,
    "assessments:reopen": lambda t: {"reason": "New evidence was found in spring."},
    "assessments:answering": lambda t: {"single_keys": "off"},
    "assessments:show_part": lambda t: {"gates": "yes"},
    "assessments:save": saved,
    "assessments:unclear": lambda t: {"text": "What is a routine line here?"},
    "assessments:leave_out": lambda t: {
        "reason": "None of it is made here.",
        "seen": "",
        "op_id": str(uuid.UUID(int=10)),
    },
    "assessments:carry": lambda t: {"source": str(t.submitted.uuid), "op_id": str(uuid.UUID(int=11))},
    "assessments:confirm_carried": lambda t: {
        "codes": next(iter(tiny_spec().questions)),
        "op_id": str(uuid.UUID(int=12)),
    },
    "assessments:take_back": lambda t: {"op_id": str(uuid.UUID(int=9))},
    "assessments:foundation": founded,
    "assessments:targets": targeted,
    "assessments:decide": decided,
    "assessments:accept_rest": lambda t: {"revision": "1"},
    "assessments:finish_review": lambda t: {"revision": "1", "statement": "Looked at on site in spring."},
    "assessments:answer_inquiry": lambda t: {"text": "Suites 1 and 2."},
    "assessments:answer_change": lambda t: {"stance": "disagree", "text": "The draft is in force."},
    "reports:ask": nothing,
    "reports:ask_brief": nothing,
    "reports:ask_blank": nothing,
    "reports:ask_workbook": nothing,
    "account_request_reauthentication_code": nothing,
    "account_confirm_reauthentication_code": lambda t: {"code": "123456"},
    "editor:upload": nothing,
    "editor:replace": nothing,
    "editor:start": nothing,
    "editor:copy": nothing,
    "editor:discard": nothing,
    "editor:save": edited,
    "editor:move": lambda t: {"before": ""},
    "editor:remove": nothing,
    "editor:settle_note": nothing,
    "editor:add": lambda t: {"code": "D1-NEW", "title": "A new one", "op_id": str(uuid.UUID(int=8))},
    "editor:ask": lambda t: {
        "note": "Another wording of D1.",
        "number": "9.0",
        "revision": t.content.revision,
    },
    "editor:take_back": nothing,
    "editor:publish": lambda t: {"revision": t.content.revision},
    "programme:invite": invited,
    "programme:note": lambda t: {"note": "Called on Monday.", "base_version": "1"},
    "programme:invite_again": nothing,
    "programme:revoke": nothing,
    "programme:erase": nothing,
    "programme:send_again": nothing,
}
