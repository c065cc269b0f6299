"""Saving, opening and looking at results through the web server, beside the floor; statements and weights."""

from __future__ import annotations

import re
import statistics
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.bench.browser import Session
from tests.bench.measuring import Row, memory_of, pair, row, spent_on, statements, web_server

ASSET = re.compile(r'<(?:link|script|img)[^>]+(?:href|src)="(/static/[^"]+)"')


class Answering:
    """A person who saves one answer again and again, as its page does."""

    def __init__(self, session: Session, base: str, dimension: str, question: str) -> None:
        self.session = session
        self.path = f"{base}/answers/{dimension}/{question}/"
        page = session.get(self.path)
        self.token = session.hidden(page, "csrfmiddlewaretoken")
        self.seen, self.version = session.hidden(page, "seen"), session.hidden(page, "base_version")
        self.saves = 0

    def save(self) -> None:
        self.saves += 1
        grade = f"E{self.saves // 6 % 4}"  # with the level 24 pairs, so that the results move
        fields = {
            "csrfmiddlewaretoken": self.token, "reply": str(self.saves % 6), "reason": "", "grade": grade,
            "evidence_note": f"note {self.saves}", "comment": "", "base_version": self.version,
            "op_id": str(uuid.uuid4()), "seen": self.seen, "page": "question",
        }  # fmt: skip
        reply = self.session.post(f"{self.path}save/", fields)
        self.seen, self.version = (
            self.session.hidden(reply, "seen"),
            self.session.hidden(reply, "base_version"),
        )

    def floor(self, pk: int) -> None:
        fields = {"csrfmiddlewaretoken": self.token, "comment": str(time.time())}
        self.session.post(f"/floor/save/{pk}/", fields)


def page_figures(draft: Any, note: str = "") -> list[Row]:
    """Save, open and results of one draft beside the floor; weights; statements. `note` ends each name."""
    with web_server() as (port, server):
        session = Session(port)
        session.sign_in(draft.created_by.email)
        code = str(draft.answers.order_by("pk").first().question_code)
        dimension = code.partition("-")[0]
        base = f"/assessments/{draft.uuid}"
        me = Answering(session, base, dimension, code)
        answer = draft.answers.get(question_code=code)
        opened = f"{base}/answers/{dimension}/"
        get = session.get
        rows = [
            pair(f"Save one answer{note}", me.save, partial(me.floor, answer.pk), 200),
            pair(
                f"Open a dimension{note}", partial(get, opened), partial(get, f"/floor/open/{draft.pk}/"), 60
            ),
            pair(
                f"Results, unchanged{note}",
                partial(get, f"{base}/results/"),
                partial(get, f"/floor/results/{draft.pk}/"),
                60,
            ),
            row(f"Results, first look after a change{note}", f"{first_look(me, base):.1f} ms"),
        ]
        if not note:
            rows += weights(session, opened, f"{base}/results/")
            rows.append(row("Memory of two web workers (proportional)", f"{memory_of(server.pid):.0f} MB"))
    return rows + statement_figures(draft, note)


def first_look(me: Answering, base: str) -> float:
    looks = []
    for _ in range(20):
        me.save()
        looks.append(spent_on(lambda: me.session.get(f"{base}/results/")))
    return statistics.median(looks)


def weights(session: Session, opened: str, results: str) -> list[Row]:
    """Bytes: the HTML before compression, and all that a first visit brings over the wire."""
    first = session.weight(opened) + sum(map(session.weight, set(ASSET.findall(session.get(opened)))))
    looked = session.weight(results) + sum(map(session.weight, set(ASSET.findall(session.get(results)))))
    return [
        row("Opened dimension, HTML", f"{len(session.get(opened).encode()) / 1024:.0f} KB"),
        row("Opened dimension with its assets, over the wire", f"{first / 1024:.0f} KB"),
        row("Results with their assets, over the wire", f"{looked / 1024:.0f} KB"),
    ]


def statement_figures(draft: Any, note: str) -> list[Row]:
    """SQL statements of each page, in this process."""
    from django.test import Client

    from assessments.forms.answers import page_values

    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    client.force_login(draft.created_by)
    base = f"/assessments/{draft.uuid}"
    answer = draft.answers.order_by("pk")[1]
    dimension = answer.question_code.partition("-")[0]
    body = {"reply": "3", "reason": "", "grade": "", "evidence_note": "", "comment": "", "page": "question"}
    body |= page_values(answer) | {"reply": "3" if answer.level != 3 else "4", "page": "question"}
    save = f"{base}/answers/{dimension}/{answer.question_code}/save/"
    deeds: list[tuple[str, Callable[[], Any]]] = [
        ("save one answer", lambda: client.post(save, body, headers={"HX-Request": "true"})),
        ("open a dimension", lambda: client.get(f"{base}/answers/{dimension}/")),
        ("results, first look", lambda: client.get(f"{base}/results/")),
        ("results, unchanged", lambda: client.get(f"{base}/results/")),
        ("list of assessments", lambda: client.get("/assessments/")),
    ]
    counted = []
    for name, deed in deeds:
        replies: list[Any] = []
        count = statements(partial(lambda deed, replies: replies.append(deed()), deed, replies))
        assert replies[0].status_code == 200, (name, replies[0].status_code)
        counted.append(row(f"SQL statements: {name}{note}", str(count)))
    return counted
