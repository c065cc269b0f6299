"""The PDF: sections, the words of every answer, numbers, bookmarks, tags, heads and feet, extremes."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from accounts.models import User
from assessments.engine.display import tenths, whole
from assessments.engine.record import DpmmRecord, PlanRecord
from assessments.models import Assessment
from assessments.results import record_for
from bami_site.demo.loading import load_organisation, read
from records.jobs import run_job
from reports.models import Report
from reports.pdf import printable
from reports.rendering import render_report
from reports.services import request_report
from tests import builders
from tests.printing import draw, plain
from tests.records import answer_record, make_record, open_record

SPEC = builders.bami_spec()
SECTIONS = (
    "Cover",
    "Document control",
    "Contents",
    "Summary",
    "How to read it",
    "Profile",
    "Digital plant",
    "AI uses",
    "Gaps",
    "Roadmap",
    "Evidence and confidence",
    "What it hangs on",
    "Method",
    "Glossary",
    "References",
    "Provenance and notice",
)
SHORT = [dimension.short_name for dimension in SPEC.dimensions]


def full_record():
    """A submitted record whose every answer has words of its own."""
    rows = [
        answer_record(
            code,
            place % 5,
            grade=f"E{place % 4}",
            comment=f"Comment number {place} & <b>typed</b>\nsecond line {place}",
            evidence_note=f"Evidence note number {place}",
            flagged=place % 9 == 0,
        )
        for place, code in enumerate(SPEC.questions)
    ]
    rows[7] = answer_record(rows[7].question, None, state="unknown", grade="", comment="Asked on Friday")
    reason = "Nothing of this kind is made here at all"
    optional = next(
        place for place, question in enumerate(SPEC.questions.values()) if question.not_applicable
    )
    rows[optional] = answer_record(
        rows[optional].question, None, state="not_applicable", grade="", reason=reason
    )
    return make_record(
        answers=tuple(rows),
        scope="Two suites.",
        submitted_at="2026-12-02T10:00:00+00:00",
        submitted_by="Ingrid Solheim",
        people=(("Ingrid Solheim", "owner"),),
    )


@pytest.fixture(scope="module")
def full():
    return draw(full_record())


@pytest.fixture(scope="module")
def full_text(full, tmp_path_factory):
    return full.text(tmp_path_factory.mktemp("full"))


def test_nothing_is_warned_of(full):
    assert full.warnings == []


def outline(entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield entry.title


def test_every_section_has_a_bookmark(full):
    titles = list(outline(PdfReader(io.BytesIO(full.content)).outline))
    assert set(SECTIONS) <= set(titles)
    assert {f"Answers: {name}" for name in SHORT} <= set(titles)
    assert set(SHORT) <= set(titles)
    assert len(titles) > len(SECTIONS) + 2 * len(SHORT)  # second-level headings are there too


def test_it_is_tagged_titled_and_says_that_it_is_accessible(full):
    reader = PdfReader(io.BytesIO(full.content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert "AI readiness of Kelderhaven" in reader.metadata.title
    assert reader.metadata.author == "Northmere"
    assert re.search(rb"pdfuaid:part[^>]*1|<pdfuaid:part[^>]*>1<", root["/Metadata"].get_data())
    assert len(reader.pages) == full.pages


def test_every_answer_is_printed_as_typed(full_text):
    words = plain(full_text)
    for row in full_record().answers:
        question = SPEC.questions[row.question]
        assert plain(question.title) in words
        for typed in (row.comment, row.evidence_note, row.reason):
            assert plain(typed) in words, row.question
        if row.state == "level":
            assert plain(question.anchors[row.level]) in words
    assert "Ingrid, 1 December 2026, 00:30" in words
    assert "times of Europe/Copenhagen" in words


def test_the_numbers_are_those_of_the_engine(full, full_text):
    words, claimed = plain(full_text), full.results.readings.claimed
    assert f"{tenths(claimed.index)} of 100" in words
    assert f"{tenths(claimed.held_back)} held back by the digital plant" in words
    for row in claimed.dimensions.values():
        assert tenths(row.score) in words
    assert f"{len(full.results.gaps.questions)} gaps to the targets" in words
    assert f"{len(full.results.roadmap.actions)} actions over" in words
    assert f"to {whole(full.results.roadmap.projection[-1].index)}" in words
    for step in full.results.roadmap.actions:
        action = SPEC.action_by_code[step.action]
        assert plain(action.task) in words
        assert plain(f"{step.action}, effort {action.effort}, {action.owner}") in words
        assert f"weeks {step.start + 1}–{step.end}" in words
    for use_case in SPEC.use_cases:
        assert plain(use_case.name) in words
    assert plain(SPEC.content_digest) in words
    assert plain(SPEC.notice) in words


def test_head_and_foot_stand_on_every_page_but_the_cover(full, full_text):
    pages = full_text.split("\f")[: full.pages]
    for number, page in enumerate(pages[1:], 2):
        assert f"Page {number} of {full.pages}" in page
        assert "Submitted 2 December 2026. BAMI 1.0. Digest 4c1e 90ab 77f2" in page
        assert "Kelderhaven, Baseline" in page
    assert "Submitted 2 December 2026" in pages[0]
    assert "Draft" not in pages[0]
    assert "Draft, not submitted" not in full_text


def test_contents_name_the_page_of_each_section(full_text):
    contents = full_text.split("\f")[1]
    number = int(re.search(r"Answers: Data foundation\s+(\d+)", contents)[1])
    assert "Answers as given: Data foundation" in full_text.split("\f")[number - 1]


def test_findings_lead_to_the_page_that_shows_them(full, full_text):
    reader = PdfReader(io.BytesIO(full.content))
    pages = full_text.split("\f")

    def words_at(name):
        return plain(pages[reader.get_destination_page_number(reader.named_destinations[name])])

    assert full.results.flags
    assert full.results.load_bearing
    assert "rules were checked" in words_at("contradictions")
    assert "Each line: the answer, the change of one level" in words_at("hangs-on")
    assert "Don’t know counts as level 0 with grade E0" in words_at("ground")


def test_the_longest_chain_is_not_said_to_end_the_plan(full, full_text):
    roadmap = full.results.roadmap
    ends = {step.action: step.end for step in roadmap.actions}
    assert ends[roadmap.critical_path[-1]] < max(ends.values())
    words = plain(full_text)
    last = ends[roadmap.critical_path[-1]]
    assert re.search(rf"actions that follow one another, \d+ weeks of work, until week {last}\.", words)
    assert "end of the plan" not in words


def test_near_names_the_dpmm_level_where_it_is_explained(full_text):
    words = plain(full_text)
    assert "Near: the DPMM level is at least the lower of the two, at most two dimensions are short" in words
    assert "The DPMM level is enough for one line; one level short there in at most two" in words


def test_no_page_holds_only_what_was_left_over(db, tmp_path):
    """The demo's Oxmarsh, whose table of uses ends at the foot of a page and whose contradictions are few."""
    load_organisation(read("fennelcroft"), builders.make_version())
    owner = User.objects.get(email="owner@fennelcroft.example")
    record = record_for(Assessment.objects.visible_to(owner).for_page().get())
    drawn = draw(record)
    pages = drawn.text(tmp_path).split("\f")[1 : drawn.pages]
    assert min(len(page.split()) for page in pages) > 150
    words = plain(" ".join(pages))
    assert words.index("Whatever the score.") < words.index("All uses by verdict")


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("letter", (612, 792))])
def test_an_empty_draft_says_so_on_every_page(paper, size, tmp_path):
    empty = make_record(
        answers=tuple(open_record(code) for code in SPEC.questions),
        dpmm=DpmmRecord("", None, "", "", ""),
        use_cases=(),
        plan=PlanRecord("", 4, ()),
    )
    drawn = draw(empty, paper=paper)
    assert drawn.warnings == []
    pages = drawn.text(tmp_path).split("\f")[: drawn.pages]
    assert all("Draft, not submitted" in page for page in pages)
    assert any("No plan yet" in page and "No target yet, so no gap" in page for page in pages)
    assert "No single answer" not in plain(" ".join(pages))
    boxes = {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in PdfReader(io.BytesIO(drawn.content)).pages
    }
    assert boxes == {size}


EXTREMES = {
    "emoji": "Ready \U0001f44d\U0001f3fd when you are",
    "arabic": "The log says مرحبا and then stops",
    "hebrew": "Label שלום on drum 4",
    "override": "see \u202ereversed\u202c here",
    "accents": "Łódź, Ærø, naïve, Ωμέγα, Ивановo, ≥ 5 µm²",
    "markup": "<script>alert(1)</script> **bold** {{ name }} {% now %} &amp; <!-- out -->",
}


def extreme_record():
    long_word = "Pneumonoultramicroscopic" * 40
    filler = ("A sentence that goes on about the batch record and its review. " * 80)[:3500]
    words = [*EXTREMES.values(), long_word]
    answers = tuple(
        answer_record(
            code,
            3,
            comment=f"{words[place % len(words)]}\n{filler}"[:4000],
            evidence_note=words[(place + 1) % len(words)],
        )
        for place, code in enumerate(SPEC.questions)
    )
    return make_record(
        answers=answers,
        site="Ø" * 120,
        title="A title of many words " * 5,
        organisation="Łódź \U0001f9ec Biologics",
        scope=filler,
        use_cases=tuple(use_case.code for use_case in SPEC.use_cases),
    )


def test_extreme_words_are_all_there(tmp_path):
    record = extreme_record()
    drawn = draw(record)
    assert drawn.warnings == []
    text = drawn.text(tmp_path)
    pages = text.split("\f")[: drawn.pages]
    assert all("Draft, not submitted" in page for page in pages)
    words = re.sub(r"[\s-]+", "", text)
    for typed in EXTREMES.values():
        assert re.sub(r"[\s-]+", "", printable(typed)) in words
    assert "Pneumonoultramicroscopic" * 10 in words
    # Every comment to its last word; feet and heads may stand between two pages of one.
    ends = "goesonaboutthebatchrecordanditsreview."
    assert words.count(ends) >= 50 * 50
    assert all("Page" in page for page in pages[1:])


def test_long_names_keep_to_their_place(tmp_path):
    record = extreme_record()
    drawn = draw(replace(record, answers=tuple(open_record(code) for code in SPEC.questions)))
    cover, *pages = drawn.text(tmp_path).split("\f")[: drawn.pages]
    assert record.site in re.sub(r"\s", "", cover)
    assert "Digest begins with" in cover
    head = re.sub(r"\s", "", f"{record.site[:59]}…, {record.title[:59]}…")
    assert all(re.sub(r"\s", "", page).startswith(head) for page in pages)


def test_what_no_typeface_has_is_printed_as_its_code():
    assert printable("Ready \U0001f44d") == "Ready [U+1F44D]"
    assert printable("שלום") == "[U+05E9 U+05DC U+05D5 U+05DD]"
    assert printable("a\u202eb") == "a[U+202E]b"
    assert (
        printable("Łódź, Ωμέγα, Иван, ≥ 5 µm, a\tb\nc – “d” → ◆")
        == "Łódź, Ωμέγα, Иван, ≥ 5 µm, a\tb\nc – “d” → ◆"
    )


def test_every_word_of_the_framework_can_be_printed():
    text = builders.BAMI.read_text(encoding="utf-8")
    assert printable(text) == text


@pytest.mark.django_db
def test_the_worker_makes_and_keeps_the_file(cast, assessment):
    from django.core.files.storage import default_storage

    builders.answer(assessment, cast.owner, "D1-INV", 3, comment="Typed by the owner", evidence_note="VR-7")
    report = request_report(actor=cast.owner, assessment=assessment)
    run_job(report.job_id, render_report)
    report.job.refresh_from_db()
    assert report.job.state == "done", report.job.reason
    with default_storage.open(report.job.result["file"]) as file:
        content = file.read()
    reader = PdfReader(io.BytesIO(content))
    assert report.job.result["pages"] == len(reader.pages)
    assert report.job.result["bytes"] == len(content)
    words = plain(" ".join(page.extract_text() for page in reader.pages))
    assert "Typed by the owner" in words
    assert "VR7" in words


def test_the_same_record_gives_the_same_bytes():
    tiny = builders.tiny_spec()
    record = make_record(tiny, dpmm=DpmmRecord("", None, "", "", ""))
    assert draw(record, tiny).content == draw(record, tiny).content


@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("what", ["full", "extreme", "empty"])
def test_the_board_brief_has_two_pages(what, paper, tmp_path):
    empty = make_record(answers=tuple(open_record(code) for code in SPEC.questions), use_cases=())
    record = {"full": full_record, "extreme": extreme_record, "empty": lambda: empty}[what]()
    drawn = draw(record, paper=paper, kind="brief")
    assert (drawn.pages, drawn.warnings) == (2, [])
    pages = drawn.text(tmp_path).split("\f")[:2]
    assert "Board brief" in pages[0]
    assert "not an official score" in plain(pages[1])
    claimed = drawn.results.readings.claimed
    if claimed.index is not None:
        assert f"{tenths(claimed.index)} of 100" in plain(pages[0])
        assert f"{len(drawn.results.roadmap.actions)} actions over" in plain(pages[1])


@pytest.mark.django_db
def test_the_worker_makes_a_brief_of_two_pages(cast, assessment):
    report = request_report(actor=cast.owner, assessment=assessment, kind=Report.Kind.BRIEF)
    run_job(report.job_id, render_report)
    report.job.refresh_from_db()
    assert (report.job.state, report.job.result["pages"]) == ("done", 2)
