"""The renderer is blind: whatever words or markup say, it reads our own files and nothing else."""

from __future__ import annotations

import ast
import io
import socket
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from assessments.engine.record import DpmmRecord
from reports import pdf
from tests import builders
from tests.data.renderer_snippets import snippets
from tests.printing import draw, inflated, plain
from tests.records import answer_record, make_record

SECRET = "canary-7b1f2e-do-not-print"
HOST = "127.0.0.1:9"
FIELDS = (
    "title", "scope", "site", "place", "organisation", "submitted_by", "people", "reason", "comment",
    "evidence_note", "answered_by", "dpmm.tool", "dpmm.by",
)  # fmt: skip


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return str(path)


@pytest.fixture
def watched(monkeypatch):
    """Notes every address that the fetcher is asked for, and every socket that is opened."""
    seen = {"asked": [], "given": [], "sockets": 0}
    make = pdf.report_fetcher

    def watching():
        fetcher = make()
        fetch = fetcher.fetch

        def noting(url, headers=None):
            seen["asked"].append(url)
            response = fetch(url, headers)
            seen["given"].append(url)
            return response

        fetcher.fetch = noting
        return fetcher

    def refuse(*_, **__):
        seen["sockets"] += 1
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(pdf, "report_fetcher", watching)
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return seen


def outside(addresses):
    """Addresses that are none of our own files."""
    return [url for url in addresses if url not in pdf.FACES]


def check_file(content):
    """No byte of the secret anywhere, nothing attached."""
    assert SECRET.encode() not in inflated(content)
    reader = PdfReader(io.BytesIO(content))
    assert not reader.attachments
    assert "/EmbeddedFiles" not in reader.trailer["/Root"].get("/Names", {})


def record_of(words):
    """A record whose every free text is these words."""
    spec = builders.tiny_spec()
    fields = dict.fromkeys(("reason", "comment", "evidence_note", "answered_by"), words)
    names = dict.fromkeys(("title", "scope", "site", "place", "organisation", "submitted_by"), words)
    return make_record(
        spec,
        answers=tuple(answer_record(code, **fields) for code in spec.questions),
        dpmm=DpmmRecord("assessed", 2, "", words, words),
        people=((words, "owner"),),
        submitted_at="2026-12-02T10:00:00+00:00",
        **names,
    )


@pytest.mark.check("S-14")
def test_words_of_people_are_never_markup(canary, watched, figure, tmp_path):
    corpus = snippets(canary, HOST)
    assert len(corpus) == len(set(corpus)) == 63
    for start in range(0, len(corpus), 21):
        group = corpus[start : start + 21]
        drawn = draw(record_of("\n".join(group)), builders.tiny_spec())
        check_file(drawn.content)
        text = plain(drawn.text(tmp_path)).replace(" ", "")
        for snippet in group:  # printed as typed, every time
            assert plain(pdf.printable(snippet)).replace(" ", "") in text
    assert outside(watched["asked"]) == []
    assert watched["asked"]  # the typefaces were: the watch works
    assert watched["sockets"] == 0
    figure("S-14", snippets=63, fields=len(FIELDS), fetched=0)


@pytest.mark.check("S-14")
def test_markup_itself_reaches_nothing(canary, watched, figure):
    blocked = 0
    for snippet in snippets(canary, HOST):
        html = f"<!doctype html><html lang=en><head><title>x</title>{snippet}</head><body>{snippet}<p>x</p>"
        try:
            printed = pdf.html_to_pdf(html)
        except pdf.Blocked:
            blocked += 1
        else:
            check_file(printed.content)
    assert outside(watched["given"]) == []
    assert watched["sockets"] == 0
    assert blocked >= 20  # the renderer did try: the refusals are ours
    figure("S-14", blocked=blocked, fetched=len(outside(watched["given"])))


DRAWING = ("HTML", "source_class()", "CSS")


def calls_of_weasyprint(path):
    """(imports WeasyPrint, places where it draws without our fetcher) of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports, bare = False, []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports |= any(name.name.split(".")[0] == "weasyprint" for name in node.names)
        if isinstance(node, ast.ImportFrom):
            imports |= (node.module or "").split(".")[0] == "weasyprint"
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DRAWING:
            given = {keyword.arg for keyword in node.keywords}
            if "url_fetcher" not in given:
                bare.append(f"{path}:{node.lineno}")
    return imports, bare


@pytest.mark.check("S-14")
def test_one_module_knows_the_renderer_and_always_gives_the_fetcher(figure):
    base = Path(settings.BASE_DIR)
    importing, bare = [], []
    for app in ("accounts", "assessments", "bami_site", "frameworks", "records", "reports"):
        for path in sorted((base / app).rglob("*.py")):
            imports, missing = calls_of_weasyprint(path)
            importing += [str(path.relative_to(base))] if imports else []
            bare += missing if imports else []
    assert importing == ["reports/pdf.py"]
    assert bare == []
    figure("S-14", importers=len(importing), without_fetcher=len(bare))
