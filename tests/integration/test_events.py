"""The audit trail: one gap-free chain for each organisation, linked by hash, under any number of writers."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Membership, Organisation
from accounts.services.people import create_owner
from accounts.services.sites import add_site
from assessments.services.answers import mark_rest_unknown
from assessments.services.assessments import rename_assessment, start_assessment
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import reopen_assessment, submit_assessment
from records.events import Entry, event_hash, record
from records.models import ChainHead, Event
from reports.services import note_download, request_report
from tests.builders import PASSWORD, answer, make_organisation, make_version

GENESIS = "0" * 64


def chain_of(organisation: Organisation | None) -> list[Event]:
    every = Event.objects.unscoped("the test reads every chain")
    return list(every.filter(organisation=organisation).order_by("seq"))


def verify(events: Iterable[Event], head: ChainHead) -> None:
    """Numbers without a gap, each linked to the one before, each hash that of its own fields."""
    last, number = GENESIS, 0
    for number, event in enumerate(events, start=1):
        assert event.seq == number
        assert event.prev_hash == last
        assert event.hash == event_hash(event)
        last = event.hash
    assert (head.seq, head.hash) == (number, last)


@pytest.mark.django_db(transaction=True)
def test_every_deed_of_a_journey_is_a_link_of_its_organisations_chain():
    version = make_version()
    owner = create_owner(email="owner@northmere.example", organisation_name="Northmere")
    create_owner(email="owner@elsewhere.example", organisation_name="Elsewhere")
    organisation = Organisation.objects.get(name="Northmere")
    site = add_site(actor=owner, organisation=organisation, name="Plant", place="", time_zone="Europe/Oslo")
    begun = start_assessment(actor=owner, site=site, version=version, title="Baseline", scope="")
    draft = type(begun).objects.visible_to(owner).for_page().get(pk=begun.pk)
    rename_assessment(actor=owner, assessment=draft, title="Baseline: Ångström ✓", scope="All")
    state_dpmm(
        actor=owner, assessment=draft, source="not_known", level=None, on=None, tool="", by="", base_version=0
    )
    set_targets(
        actor=owner, assessment=draft, use_cases=[], targets={"D1": 3}, start_on=None, capacity=3,
        blackout_weeks=[], base_version=1,
    )  # fmt: skip
    answer(draft, owner, "D1-INV", 3, grade="E1", comment="Zero width and “quotes”")
    unknown = mark_rest_unknown(actor=owner, assessment=draft, op_id=uuid.uuid4())
    submit_assessment(actor=owner, assessment=draft)
    draft.refresh_from_db()
    report = request_report(actor=owner, assessment=draft)
    note_download(actor=owner, report=report)
    reopen_assessment(actor=owner, assessment=draft, reason="A mistake in the answers.")
    events = chain_of(organisation)
    assert [event.action for event in events] == [
        "organisation.created",
        "member.joined",
        "site.added",
        "assessment.started",
        "assessment.renamed",
        "dpmm.stated",
        "targets.set",
        "answer.recorded",
        *["answer.recorded"] * unknown,
        "rest.unknown",
        "assessment.submitted",
        "report.requested",
        "report.downloaded",
        "assessment.reopened",
    ]
    assert unknown == 49
    assert {event.actor_id for event in events[2:]} == {owner.pk}
    for chain in (None, organisation, Organisation.objects.get(name="Elsewhere")):
        verify(chain_of(chain), ChainHead.objects.get(organisation=chain))
    assert [event.action for event in chain_of(None)] == ["framework.published"]


@pytest.mark.django_db
def test_the_hash_covers_every_field():
    organisation = make_organisation()
    event = record(actor=None, organisation=organisation, entry=Entry("tried", "thing", "1", {}, {"a": 1}))
    stored = chain_of(organisation)[0]
    assert event.hash == event_hash(stored)
    for field in Event._meta.concrete_fields:
        if field.attname in ("id", "hash", "at_utc", "op_id"):
            continue
        changed = chain_of(organisation)[0]
        value = getattr(changed, field.attname)
        setattr(changed, field.attname, {"b": 2} if isinstance(value, dict) else 7 if value != 7 else 8)
        assert event_hash(changed) != stored.hash, field.attname


@pytest.mark.django_db
def test_one_operation_of_a_person_is_recorded_once():
    organisation = make_organisation()
    owner = create_owner(email="owner@northmere.example", organisation_name=organisation.name)
    entry = Entry("tried", "thing", "1", {}, {}, op_id=uuid.UUID(int=1))
    record(actor=owner, organisation=organisation, entry=entry)
    before = len(chain_of(organisation))
    with pytest.raises(IntegrityError), transaction.atomic():
        record(actor=owner, organisation=organisation, entry=entry)
    verify(chain_of(organisation), ChainHead.objects.get(organisation=organisation))
    assert len(chain_of(organisation)) == before


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_keep_every_chain_whole():
    organisation = make_organisation()
    ready, faults = threading.Barrier(8), []

    def write(writer: int) -> None:
        try:
            ready.wait()
            for number in range(10):
                chain = None if number % 5 == 0 else organisation
                entry = Entry("tried", "thing", f"{writer}/{number}", {}, {"number": number})
                record(actor=None, organisation=chain, entry=entry)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for chain, length in ((organisation, 64), (None, 16)):
        events = chain_of(chain)
        verify(events, ChainHead.objects.get(organisation=chain))
        assert (len(events), len({event.object_id for event in events})) == (length, length)


def test_a_sign_in_is_kept_in_the_chain_of_each_organisation(cast, client):
    other = make_organisation()
    Membership.objects.create(organisation=other, user=cast.owner, role=Membership.Role.VIEWER)
    client.post(reverse("account_login"), {"login": cast.owner.email, "password": PASSWORD})
    for organisation in (cast.site.organisation, other):
        kept = Event.objects.of(organisation).get(action="member.signed_in")
        assert (kept.actor, kept.object_id) == (cast.owner, str(cast.owner.uuid))
