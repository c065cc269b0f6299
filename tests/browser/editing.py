"""Two content editors beside the demo's people, with drafts in each state: for browser tests and pictures."""

from __future__ import annotations

import json
import uuid

from accounts.models import Organisation, User
from accounts.services.people import create_admin
from bami_site.demo import PASSWORD
from frameworks.document.editing import find_slot
from frameworks.document.parts import entries
from frameworks.models import FrameworkDraft
from frameworks.queries import document_of, published_versions
from frameworks.services.drafts import (
    Change,
    add_question,
    discard_draft,
    move_question,
    save_fields,
    start_draft,
    start_from,
)
from frameworks.services.notes import note_unclear
from frameworks.services.publication import ask_for_publication
from tests.browser.conftest import ADA, BEN, OWNER

LONG = "Unbroken" * 30


def make() -> None:
    """Make them once; prints the uuids of the drafts by name as JSON, last of all."""
    ada = create_admin(email=ADA, editor=True, programme=False, name="Ada Lindqvist", password=PASSWORD)
    ben = create_admin(email=BEN, editor=True, programme=False, name="Ben Okafor", password=PASSWORD)
    drafts = {
        "faulty": faulty(ada, ben),
        "asked": asked(ben),
        "discarded": discarded(ada),
        "longest": longest(ada),
        "fresh": start_draft(actor=ada, version=published_versions("bami")[0]),
    }
    call_unclear()
    print(json.dumps({name: str(draft.uuid) for name, draft in drafts.items()}))


def call_unclear() -> None:
    """Notes of a respondent on two questions, two of them on one."""
    writer = User.objects.get(email=OWNER)
    for code, text in (
        ("D1-CTX", "Does “batch context” mean the phase as well, or only the batch?"),
        ("D1-CTX", "“Automatically” leaves open what a nightly job is."),
        ("D4-MES", "We have two such systems.\nWhich one counts?"),
    ):
        note_unclear(
            actor=writer,
            organisation=Organisation.objects.visible_to(writer).get(),
            version=published_versions("bami")[0],
            question=code,
            text=text,
        )


def change(draft: FrameworkDraft, actor: User, field: str, value: object) -> None:
    """Another value for one field, as it stands."""
    slot = find_slot(document_of(FrameworkDraft.objects.get(pk=draft.pk)), field)
    assert slot is not None
    seen = Change(field, value, slot.mark)
    save_fields(actor=actor, draft=draft, changes=[seen], op_id=uuid.uuid4())


def faulty(ada: User, ben: User) -> FrameworkDraft:
    """A draft of two people with a question that is not written yet, a lost anchor and a ceiling too low."""
    draft = start_draft(actor=ada, version=published_versions("bami")[0])
    change(
        draft,
        ada,
        "questions/D1-CTX/text",
        "Can any process value be tied to its batch and a synchronised clock?",
    )
    change(draft, ada, "questions/D1-CTX/anchors/3", "")
    change(draft, ben, "questions/D1-SEM/weight", 2)
    change(draft, ben, "questions/D2-OWN/gate", False)
    change(draft, ben, "ceilings/2/D1/sustained", 1)
    change(draft, ada, "use_cases/UC01/critical/D1-INV", 2)
    add_question(actor=ada, draft=draft, dimension="D1", code="D1-NEW", title="Time series of cleaning")
    move_question(actor=ada, draft=draft, question="D1-NEW", before="D1-CTX")
    return draft


def asked(ben: User) -> FrameworkDraft:
    """A draft without a fault whose publication is asked for."""
    draft = start_draft(actor=ben, version=published_versions("bami")[0])
    change(draft, ben, "levels/1/summary", "Depends on individuals or on one project; not repeatable.")
    note = "The summary of level 1 says what it means in the order of the others."
    revision = FrameworkDraft.objects.get(pk=draft.pk).revision
    ask_for_publication(actor=ben, draft=draft, note=note, revision=revision)
    return draft


def discarded(ada: User) -> FrameworkDraft:
    draft = start_draft(actor=ada, version=published_versions("bami")[0])
    discard_draft(actor=ada, draft=draft)
    return draft


def longest(ada: User) -> FrameworkDraft:
    """A draft whose names are long words, and whose faults only the file can mend."""
    version = published_versions("bami")[0]
    document = document_of(version)
    for section in ("dimensions", "use_cases", "actions", "references", "levels", "roles", "areas"):
        for _code, entry in entries(document[section], "level" if section == "levels" else "code"):
            for key in ("name", "short_name", "title"):
                if key in entry:
                    entry[key] = LONG
    for _code, dimension in entries(document["dimensions"]):
        for _asked, question in entries(dimension["questions"]):
            question |= {"title": LONG, "text": LONG, "anchors": [LONG] * 6}
    first, second = document["actions"][0], document["actions"][1]
    first["prerequisites"], second["prerequisites"] = [second["code"]], [first["code"]]
    first["references"] = ["NOWHERE"]
    return start_from(actor=ada, document=document, base=version, source="the longest names")
