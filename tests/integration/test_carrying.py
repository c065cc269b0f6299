"""Starting from an earlier assessment of the site: copies that wait to be confirmed."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import Assessment
from assessments.services.assessments import delete_assessment
from assessments.services.carrying import Carried, carry_answers, confirm_carried
from assessments.services.lock import NotADraft
from assessments.services.submission import reopen_assessment, submit_assessment
from assessments.views import carrying
from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from frameworks.services import install_framework
from records.models import Event
from tests import builders
from tests.answering import address, row, save, statements
from tests.builders import answer, answer_all, bami_spec

CODE = "D1-INV"


def page(assessment: Assessment, name: str = "carry") -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid])


@pytest.fixture
def earlier(cast, assessment) -> Assessment:
    """Another assessment of the site: everything at level 2, one with words, one unknown; submitted."""
    other = builders.make_assessment(site=cast.site, owner=cast.owner, title="Baseline 2025")
    answer_all(other, cast.owner)
    answer(other, cast.owner, CODE, 3, evidence_note="KEL-QS-0112", comment="Spreadsheets too.", flagged=True)
    answer(other, cast.owner, "D1-GEN", None)
    submit_assessment(actor=cast.owner, assessment=other)
    other.refresh_from_db()
    return other


def carry(cast, assessment, earlier, op_id=None) -> Carried:
    return carry_answers(actor=cast.owner, assessment=assessment, source=earlier, op_id=op_id or uuid.uuid4())


def confirm(client, assessment, *codes, **values):
    body = {"codes": ",".join(codes), "op_id": str(uuid.uuid4()), **values}
    return client.post(page(assessment, "confirm_carried"), body, follow=True)


def test_answers_are_copied_by_code_and_wait_to_be_confirmed(cast, assessment, earlier, sign_in):
    answer(assessment, cast.owner, "D2-MON", 4)
    save(sign_in(cast.owner), assessment, "D1-CTX", comment="Written here")
    client = sign_in(cast.respondent)
    shown = client.get(page(assessment)).content.decode()
    assert "Baseline 2025" in shown
    assert "49 answers would be copied." in shown
    posted = {"source": str(earlier.uuid), "op_id": str(uuid.uuid4())}
    done = client.post(page(assessment), posted, follow=True)
    assert "49 answers are carried over. Confirm them before you submit." in done.content.decode()
    copy = row(assessment, CODE)
    assert (copy.state, copy.level, copy.grade, copy.evidence_note, copy.comment, copy.flagged) == (
        "level", 3, "E1", "KEL-QS-0112", "Spreadsheets too.", False,
    )  # fmt: skip
    assert (copy.carried_from, copy.updated_by, copy.version) == (row(earlier, CODE), cast.respondent, 1)
    assert row(assessment, "D1-GEN").state == "unknown"
    assert row(assessment, "D1-CTX").comment == "Written here"
    here = row(assessment, "D2-MON")
    assert (here.level, here.carried_from) == (4, None)
    assessment.refresh_from_db()
    assert assessment.replied == 50
    event = Event.objects.of(cast.organisation).get(
        action="answer.recorded", object_id=f"{assessment.uuid}/{CODE}"
    )
    assert (event.reason_code, event.reason_text) == ("carried over", "Baseline 2025")
    assert event.after_json["comment"] == "Spreadsheets too."


def test_what_waits_is_listed_and_holds_the_submission(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client = sign_in(cast.owner)
    overview = client.get(page(assessment, "overview")).content.decode()
    assert "50 answers to confirm before you submit" in overview
    assert "50 of 50, 50 to confirm" in overview
    confirming = page(assessment, "answers") + "?show=to-confirm"
    assert f'<a class="btn btn-primary" href="{confirming}">Confirm what was carried over' in overview
    assert "Every question is answered" not in overview
    viewer = sign_in(cast.viewer).get(page(assessment, "overview")).content.decode()
    assert ("50 answers to confirm<" in viewer, confirming in viewer) == (True, False)
    assert (
        "Confirm what was carried over before you submit"
        in client.get(page(assessment, "submit")).content.decode()
    )
    refused = client.post(page(assessment, "submit"), follow=True).content.decode()
    assert "50 answers are carried over and not confirmed yet." in refused
    with pytest.raises(ValidationError):
        submit_assessment(actor=cast.owner, assessment=assessment)
    listed = client.get(address(assessment, CODE, "question") + "?show=to-confirm").content.decode()
    assert "Carried over from “Baseline 2025”" in listed
    done = confirm(client, assessment, CODE)
    assert f"Confirmed: {bami_spec().questions[CODE].title}" in done.content.decode()
    assert row(assessment, CODE).carried_from is None
    for dimension in ("D1", "D2", "D3", "D4", "D5"):
        whole = client.get(
            reverse("assessments:dimension", args=[assessment.uuid, dimension])
        ).content.decode()
        codes = [code for code in bami_spec().questions if code.startswith(dimension)]
        assert "to be confirmed" in whole
        confirm(client, assessment, *codes, page="dimension")
    assert not assessment.answers.filter(carried_from__isnull=False).exists()
    submit_assessment(actor=cast.owner, assessment=assessment)


def test_a_dimension_confirms_what_its_page_shows(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client = sign_in(cast.respondent)
    whole = reverse("assessments:dimension", args=[assessment.uuid, "D1"])
    gates = [asked.code for asked in bami_spec().dimension_by_code["D1"].questions if asked.gate]
    shown = client.get(f"{whole}?gates=yes")
    assert shown.context["to_confirm"] == gates
    assert f"{len(gates)} answers below are carried over" in shown.content.decode()
    for query in ("", "?show=to-confirm"):
        of_dimension = [asked.code for asked in bami_spec().dimension_by_code["D1"].questions]
        assert client.get(whole + query).context["to_confirm"] == of_dimension
    assert client.get(f"{whole}?show=unanswered").context["to_confirm"] == []
    confirm(client, assessment, *shown.context["to_confirm"], page="dimension", within="?gates=yes")
    waiting = assessment.answers.filter(carried_from__isnull=False, question_code__startswith="D1")
    assert {answer.question_code for answer in waiting} == set(of_dimension) - set(gates)


def test_going_on_leads_to_what_waits_to_be_confirmed(cast, assessment, earlier, sign_in):
    going_on = page(assessment, "answers")
    carry(cast, assessment, earlier)
    first = next(iter(bami_spec().questions))
    for person in (cast.owner, cast.respondent):
        assert sign_in(person).get(going_on)["Location"] == (
            address(assessment, first, "question") + "?show=to-confirm"
        )
    assert sign_in(cast.viewer).get(going_on)["Location"] == address(assessment, first, "question")
    client = sign_in(cast.owner)
    save(client, assessment, "D2-MON", reply="4")
    assert client.get(going_on)["Location"] == address(assessment, "D2-MON", "question")


def test_confirming_one_leads_to_the_next_of_the_filter(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client, codes = sign_in(cast.respondent), list(bami_spec().questions)
    gates = [code for code, asked in bami_spec().questions.items() if asked.gate]
    for within, shown in (("", codes), ("?gates=yes", gates), ("?show=to-confirm&gates=yes", gates[2:])):
        done = confirm(client, assessment, shown[0], within=within)
        assert done.redirect_chain[-1][0] == address(assessment, shown[1], "question") + within
        assert f"Confirmed: {bami_spec().questions[shown[0]].title}" in done.content.decode()
    round_once = confirm(client, assessment, codes[-1])
    waiting = set(
        assessment.answers.filter(carried_from__isnull=False).values_list("question_code", flat=True)
    )
    first = next(code for code in codes if code in waiting)
    assert round_once.redirect_chain[-1][0] == address(assessment, first, "question")
    confirm(client, assessment, *waiting - {first}, page="dimension")
    last = confirm(client, assessment, first)
    assert last.redirect_chain[-1][0] == address(assessment, first, "question")
    assert "Carried over from “Baseline 2025”" not in last.content.decode()


def test_another_level_confirms_and_words_do_not(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client = sign_in(cast.owner)
    saved = save(client, assessment, CODE, comment="Looked at again")
    assert saved.status_code == 200
    assert row(assessment, CODE).carried_from is not None
    saved = save(client, assessment, CODE, reply="2")
    assert f'<div id="carried-{CODE}"></div>' in saved.content.decode()
    assert row(assessment, CODE).carried_from is None
    told = client.get(address(assessment, CODE, "answer_history")).content.decode()
    assert "Carried over from “Baseline 2025”." in told


def test_another_level_taken_back_waits_to_be_confirmed_again(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client, old = sign_in(cast.respondent), row(earlier, CODE)
    save(client, assessment, CODE, reply="4")
    for level, carried_from in ((3, old), (4, None), (3, old)):
        client.post(address(assessment, CODE, "take_back"), {"op_id": str(uuid.uuid4())})
        stands = row(assessment, CODE)
        assert (stands.level, stands.carried_from) == (level, carried_from)
    page = client.get(address(assessment, CODE, "question")).content.decode()
    assert "Carried over from “Baseline 2025”" in page
    latest = client.get(address(assessment, CODE, "answer_history")).context["changes"][0]
    assert latest.fields == (("Answer", "4 Measured and networked", "3 Controlled"),)


def test_what_was_confirmed_stays_confirmed_when_a_later_change_is_taken_back(
    cast, assessment, earlier, sign_in
):
    carry(cast, assessment, earlier)
    client = sign_in(cast.respondent)
    confirm(client, assessment, CODE)
    save(client, assessment, CODE, reply="4")
    client.post(address(assessment, CODE, "take_back"), {"op_id": str(uuid.uuid4())})
    stands = row(assessment, CODE)
    assert (stands.level, stands.carried_from) == (3, None)


def test_a_copy_taken_back_is_none_and_comes_again_to_be_confirmed(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client, old = sign_in(cast.owner), row(earlier, CODE)
    for state, carried_from in (("unanswered", None), ("level", old)):
        client.post(address(assessment, CODE, "take_back"), {"op_id": str(uuid.uuid4())})
        stands = row(assessment, CODE)
        assert (stands.state, stands.carried_from) == (state, carried_from)


def test_the_history_tells_of_a_confirmation(cast, assessment, earlier, sign_in):
    carry(cast, assessment, earlier)
    client = sign_in(cast.respondent)
    confirm(client, assessment, CODE)
    assert (
        "Confirmed what was carried over."
        in client.get(address(assessment, CODE, "answer_history")).content.decode()
    )
    stale = save(client, assessment, CODE, reply="1")  # a confirmation is no change of a field
    assert stale.status_code == 200


def test_a_question_that_was_reworded_says_so(cast, assessment, earlier, sign_in):
    document = json.loads(json.dumps(dump_document(bami_spec()), default=str))
    document["version"] = "1.1"
    document["dimensions"][0]["questions"][0]["text"] = "Which data are there, and who says so?"
    version = install_framework(parse_framework(document))[0]
    newer = builders.make_assessment(site=cast.site, owner=cast.owner, version=version, title="2026")
    client = sign_in(cast.owner)
    asked = bami_spec().dimensions[0].questions[0]
    shown = client.get(page(newer)).content.decode()
    assert f"1 question was reworded since: {asked.title}." in shown
    carry(cast, newer, earlier)
    question = client.get(address(newer, asked.code, "question")).content.decode()
    assert "The question was reworded since: version 1.0 read otherwise." in question
    assert asked.text in question
    other = client.get(address(newer, "D2-MON", "question")).content.decode()
    assert "It counts as a reply. Confirm it if it is still true" in other


def test_not_applicable_is_not_copied_to_a_question_that_applies_everywhere(cast, assessment, earlier):
    assert bami_spec().questions[CODE].not_applicable is None
    earlier.answers.filter(question_code=CODE).update(
        state="not_applicable", level=None, reason="None is here."
    )
    carried = carry(cast, assessment, earlier)
    assert carried == Carried(copied=49, answered=0, without=1)
    assert row(assessment, CODE).state == "unanswered"


def test_sent_twice_copies_once(cast, assessment, earlier):
    op_id = uuid.uuid4()
    assert carry(cast, assessment, earlier, op_id).copied == 50
    assert carry(cast, assessment, earlier, op_id).copied == 0
    assert row(assessment, CODE).version == 1
    confirmed = {"actor": cast.owner, "assessment": assessment, "codes": [CODE], "op_id": op_id}
    assert confirm_carried(**confirmed) == [CODE]
    assert confirm_carried(**confirmed) == []


def test_only_a_submitted_assessment_of_the_same_site_is_a_source(cast, assessment, earlier, sign_in):
    elsewhere = builders.make_site(cast.organisation, name="Port Ellery")
    other = builders.make_assessment(site=elsewhere, owner=cast.owner, title="Elsewhere")
    answer_all(other, cast.owner)
    submit_assessment(actor=cast.owner, assessment=other)
    other.refresh_from_db()
    foreign = builders.make_submitted()
    client = sign_in(cast.owner)
    for source in (other, foreign, assessment):
        posted = {"source": str(source.uuid), "op_id": str(uuid.uuid4())}
        refused = client.post(page(assessment), posted)
        assert refused.status_code == 422
        assert "Choose a submitted assessment of this site by the same framework." in refused.content.decode()
        with pytest.raises(ValidationError):
            carry(cast, assessment, source)
    reopen_assessment(actor=cast.owner, assessment=earlier, reason="New evidence was found.")
    assert "This site has submitted no other assessment" in client.get(page(assessment)).content.decode()
    assert not assessment.answers.exclude(state="unanswered").exists()


def test_another_framework_is_no_source_though_its_codes_are_the_same(cast, earlier, sign_in):
    document = json.loads(json.dumps(dump_document(bami_spec()), default=str)) | {"framework": "acme"}
    version = install_framework(parse_framework(document))[0]
    here = builders.make_assessment(site=cast.site, owner=cast.owner, version=version, title="By another")
    client = sign_in(cast.owner)
    shown = client.get(page(here))
    assert shown.context["sources"] == []
    assert "This site has submitted no other assessment by this framework" in shown.content.decode()
    assert page(here) not in client.get(page(here, "overview")).content.decode()
    refused = client.post(page(here), {"source": str(earlier.uuid), "op_id": str(uuid.uuid4())})
    assert refused.status_code == 422
    with pytest.raises(ValidationError):
        carry(cast, here, earlier)
    assert not here.answers.exclude(state="unanswered").exists()


def test_who_may_carry(cast, assessment, earlier, sign_in):
    assert sign_in(cast.viewer).get(page(assessment)).status_code == 403
    assert confirm(sign_in(cast.viewer), assessment, CODE).status_code == 403
    assert sign_in(cast.stranger).get(page(assessment)).status_code == 404
    assert sign_in(cast.reviewer).get(page(assessment)).status_code == 403
    assert sign_in(cast.owner).get(page(assessment, "confirm_carried")).status_code == 405


def test_after_submission_nothing_is_carried(cast, assessment, earlier, sign_in):
    answer_all(assessment, cast.owner)
    client = sign_in(cast.owner)
    carried = row(assessment, CODE)
    submit_assessment(actor=cast.owner, assessment=assessment)
    posted = {"source": str(earlier.uuid), "op_id": str(uuid.uuid4())}
    refused = client.post(page(assessment), posted)
    assert refused.status_code == 409
    assert "reopen it to change it" in refused.content.decode()
    assert "was submitted meanwhile" in confirm(client, assessment, CODE).content.decode()
    assert row(assessment, CODE).version == carried.version


def test_the_page_takes_the_same_statements_for_one_source_and_for_three(cast, assessment, earlier, sign_in):
    client = sign_in(cast.owner)
    client.get(page(assessment))
    one = statements(lambda: client.get(page(assessment)))
    for title in ("Second", "Third"):
        builders.make_submitted(site=cast.site, owner=cast.owner, title=title, version=earlier.version)
    assert statements(lambda: client.get(page(assessment))) == one


def test_a_confirmation_of_a_draft_that_was_deleted_meanwhile_finds_nothing(
    cast, assessment, sign_in, monkeypatch
):
    def deleted_meanwhile(*, assessment: Assessment, **_rest):
        delete_assessment(actor=cast.owner, assessment=assessment)
        raise NotADraft

    monkeypatch.setattr(carrying, "confirm_carried", deleted_meanwhile)
    values = {"codes": CODE, "op_id": str(uuid.uuid4())}
    reply = sign_in(cast.owner).post(page(assessment, "confirm_carried"), values)
    assert reply.status_code == 404
