"""R-13: a published framework never shifts under an assessment, whatever editors do meanwhile."""

from __future__ import annotations

import hashlib
import json
import random

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.utils import InternalError, OperationalError
from django.urls import reverse

from assessments.engine.writing import results_document
from assessments.results import results_for, spec_of
from frameworks.document.digest import canonical_json
from frameworks.document.dump import dump_document
from frameworks.document.parts import questions_of
from frameworks.models import Ceiling, FrameworkVersion, Question
from frameworks.queries import _spec, document_of, published_versions
from frameworks.services.drafts import start_draft
from tests.builders import answer, make_assessment, make_editor, make_organisation, make_site, make_version
from tests.editing import now, place, send

ASSESSMENTS, EDITS, PUBLISH_EVERY = 20, 50, 10
REFUSED = (IntegrityError, InternalError, OperationalError)


def fingerprint(assessment):
    """SHA-256 of what a person is asked and of every number, read anew from the database."""
    cache.clear()
    _spec.cache_clear()
    fresh = type(assessment).objects.of(assessment.organisation).for_page().get(pk=assessment.pk)
    asked = canonical_json(dump_document(spec_of(fresh)))
    rows = [
        list(model.objects.filter(version=fresh.version).order_by("pk").values_list())
        for model in (Question, Ceiling)
    ]
    numbers = json.dumps(results_document(results_for(fresh)), sort_keys=True, default=str)
    return hashlib.sha256(f"{asked}{rows}{numbers}".encode()).hexdigest()


def any_edit(chance, draft):
    """A field of the draft and another value for it that leaves the draft without a fault."""
    _dimension, code, _question = chance.choice(list(questions_of(document_of(now(draft)))))
    words = f"Reworded {chance.randrange(10**9)}?"
    return chance.choice(
        [
            (f"questions/{code}/text", words),
            (f"questions/{code}/title", words),
            (f"questions/{code}/weight", str(chance.randint(1, 9))),
            (f"questions/{code}/gate", chance.choice(["on", None])),
            (f"questions/{code}/anchors/{chance.randrange(6)}", words),
            (f"questions/{code}/areas", chance.choice([["data"], ["governance", "data"]])),
            (f"levels/{chance.randrange(6)}/name", words),
            (f"dimensions/D{chance.randint(1, 5)}/weight", str(chance.randint(1, 9))),
            (f"ceilings/1/D{chance.randint(1, 5)}/because", words),
            (f"use_cases/UC01/critical/{code}", chance.choice(["no", "dimension", "0"])),
        ]
    )


def publish(client, second, draft):
    stands = now(draft)
    sent = {"number": stands.number, "note": "Random changes.", "revision": stands.revision}
    asked = client.post(place("ask", draft), sent)
    done = second.post(place("publish", draft), {"revision": now(draft).revision})
    assert (asked.status_code, done.status_code) == (302, 302)
    return start_draft(actor=make_editor(), version=published_versions("bami")[0])


def strike(chance, version):
    """One of the doors beside the editor, tried on the published version; the database refuses."""
    model, values = chance.choice(
        [
            (FrameworkVersion, {"document": "{}"}),
            (FrameworkVersion, {"change_note": "Rewritten history"}),
            (Question, {"weight": 99}),
            (Ceiling, {"sustained": 5}),
        ]
    )
    own = {"pk": version.pk} if model is FrameworkVersion else {"version": version}
    with pytest.raises(REFUSED, match="never changes"), transaction.atomic():
        model.objects.filter(**own).update(**values)


@pytest.mark.check("R-13")
@pytest.mark.django_db
def test_fifty_edits_and_five_versions_change_nothing_that_is_open(sign_in, figure):
    chance = random.Random(13)
    first = make_version()
    assessments = []
    for number in range(ASSESSMENTS):
        site = make_site(make_organisation(f"Organisation {number}"))
        assessment = make_assessment(site=site, version=first, title=f"Open {number}")
        codes = chance.sample(list(spec_of(assessment).questions), 4)
        for code in codes:
            answer(assessment, assessment.created_by, code, chance.randrange(6), grade="E2")
        assessments.append(assessment)
    before = {assessment.pk: fingerprint(assessment) for assessment in assessments}
    client, second = sign_in(make_editor("one@editors.example")), sign_in(make_editor("two@editors.example"))
    draft, changed, edits = start_draft(actor=make_editor(), version=first), 0, 0
    while edits < EDITS:
        name, text = any_edit(chance, draft)
        revision = now(draft).revision
        assert send(client, draft, name, text).status_code == 200
        if now(draft).revision == revision:
            continue  # it happened to be the value that stood
        edits += 1
        strike(chance, first)
        looked_at = assessments[edits % ASSESSMENTS]
        changed += fingerprint(looked_at) != before[looked_at.pk]
        if edits % PUBLISH_EVERY == 0:
            draft = publish(client, second, draft)
            changed += sum(fingerprint(row) != before[row.pk] for row in assessments)
    versions = [row.version for row in published_versions("bami")]
    figure("R-13", edits=edits, assessments=len(assessments), versions=len(versions) - 1, changed=changed)
    assert changed == 0
    assert versions == ["1.5", "1.4", "1.3", "1.2", "1.1", "1.0"]
    start = sign_in(assessments[0].created_by).get(reverse("assessments:start")).content.decode()
    assert "selected>BAMI 1.5, " in start  # new ones start on the newest
