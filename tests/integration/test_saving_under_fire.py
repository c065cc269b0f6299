"""Many people on one answer, and a web server that is killed: nothing is lost or twice (R-01 to R-03)."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership
from assessments.models import Answer, Assessment
from records.events import event_hash
from records.models import Event
from tests import builders
from tests.answering import address, posted, row
from tests.processes import wait_until
from tests.web import Web, Writer, form_after, operation

WRITERS = 8
EDITS = 50
KILLS = 20
WORDS = ("comment", "evidence_note")  # two fields, so that edits collide and merge
THINKING = 0.1  # seconds at most before an edit; without, most requests are collisions
SAVES_BETWEEN = 10  # acknowledged between two kills, so that each one meets work
CODE = "D1-CTX"


@dataclass
class Acknowledged:
    """Saves that the server said it has: operation, question and what was typed."""

    saves: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, op_id: str, question: str, name: str, text: str) -> None:
        with self.lock:
            assert op_id not in self.saves
            self.saves[op_id] = (question, name, text)


def answer_events(assessment: Assessment) -> list[Event]:
    return list(Event.objects.of(assessment.organisation).filter(action="answer.recorded").order_by("seq"))


def faults_of_history(assessment: Assessment, events: list[Event]) -> list[str]:
    """Replays the trail: every step must begin where the one before it ended, versions must have no gap, and
    the end must be what the table holds. What does not fit is named."""
    faults = []
    for answer in assessment.answers.all():
        state: dict[str, Any] = {
            "state": "unanswered", "level": None, "reason": "", "grade": "", "comment": "",
            "evidence_note": "", "flagged": False,
        }  # fmt: skip
        own = [event for event in events if event.object_id.endswith(f"/{answer.question_code}")]
        for number, event in enumerate(own, 1):
            if event.object_version != number:
                faults.append(f"{answer.question_code}: version {event.object_version} after {number - 1}")
            if event.before_json != {name: state[name] for name in event.before_json}:
                faults.append(f"{answer.question_code}: version {number} begins elsewhere")
            state |= event.after_json
        stands = {name: getattr(answer, name) for name in state}
        if stands != state or answer.version != len(own):
            faults.append(f"{answer.question_code}: the table holds something else")
    return faults


def lost_of(acknowledged: Acknowledged, events: list[Event]) -> list[str]:
    """Acknowledged saves whose words are not in the trail, exactly once."""
    by_operation = Counter(str(event.op_id) for event in events)
    kept = {
        (str(event.op_id), event.object_id.rpartition("/")[2], name, event.after_json.get(name))
        for event in events
        for name in WORDS
    }
    return [
        op_id
        for op_id, (question, name, text) in acknowledged.saves.items()
        if by_operation[op_id] != 1 or (op_id, question, name, text) not in kept
    ]


def faults_of_database(assessment: Assessment) -> list[str]:
    """What the database itself finds, and the chain of hashes of the whole trail."""
    faults = []
    if connection.vendor == "sqlite":
        with sqlite3.connect(connection.settings_dict["NAME"]) as own:
            faults += [told for (told,) in own.execute("PRAGMA integrity_check") if told != "ok"]
    last = "0" * 64
    for number, event in enumerate(Event.objects.of(assessment.organisation).order_by("seq"), 1):
        if event.seq != number or event.prev_hash != last or event.hash != event_hash(event):
            faults.append(f"the chain breaks at {event.seq}")
        last = event.hash
    return faults


@pytest.fixture
def web(transactional_db, tmp_path):
    builders.make_version()
    running = Web(tmp_path)
    yield running
    running.stop()


def staffed() -> tuple[Assessment, list[Any]]:
    """An assessment, and a respondent for each writer."""
    organisation = builders.make_organisation("Northmere Biologics")
    assessment = builders.make_assessment(organisation=organisation)
    people = [builders.make_member(organisation, Membership.Role.RESPONDENT) for _ in range(WRITERS)]
    return assessment, people


# --- R-01 ---------------------------------------------------------------------------------------------


def edit_one_answer(
    writer: Writer, number: int, opened: Answer, place: str, done: Acknowledged
) -> Counter[int]:
    """Fifty edits of the one answer. Where somebody was quicker, both are seen, and one's own is chosen."""
    told: Counter[int] = Counter()
    chance = random.Random(number)
    values = posted(opened)
    for edit in range(EDITS):
        name, text = WORDS[(number + edit) % 2], f"writer {number}, edit {edit}"
        for tries in count(1):
            time.sleep(chance.uniform(0, THINKING * tries))  # the more collide, the longer each thinks
            body = values | {name: text, "op_id": operation()}
            reply = writer.post(place, body)
            told[reply.status] += 1
            if reply.status == 200:
                assert reply.operation == body["op_id"]
                done.keep(body["op_id"], CODE, name, text)
                break
            assert reply.status == 409, reply.text
            values = form_after(body, reply.text)
        values = form_after(body, reply.text)
    return told


@pytest.mark.check("R-01")
def test_eight_people_on_one_answer_lose_nothing(web, figure):
    assessment, people = staffed()
    done = Acknowledged()
    writers = [Writer.of(web, person) for person in people]
    opened, place = row(assessment, CODE), address(assessment, CODE)

    def work(number: int) -> Counter[int]:
        return edit_one_answer(writers[number], number, opened, place, done)

    with ThreadPoolExecutor(WRITERS) as threads:
        told = sum(threads.map(work, range(WRITERS)), Counter())
    events = answer_events(assessment)
    lost = lost_of(done, events)
    faults = faults_of_history(assessment, events) + faults_of_database(assessment)
    figure(
        "R-01", writers=WRITERS, acknowledged=len(done.saves), versions=row(assessment, CODE).version,
        events=len(events), conflicts=told[409], lost=len(lost) + len(faults),
    )  # fmt: skip
    assert (lost, faults) == ([], [])
    assert len(done.saves) == len(events) == row(assessment, CODE).version == WRITERS * EDITS
    assert told[409] > 0  # they did collide


# --- R-02 and R-03 ------------------------------------------------------------------------------------


@dataclass
class Load:
    """Writers who save without a pause, each their own question, until they are told to stop."""

    assessment: Assessment
    writers: list[Writer]
    done: Acknowledged = field(default_factory=Acknowledged)
    over: threading.Event = field(default_factory=threading.Event)
    resent: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def write(self, number: int) -> None:
        """Saves one after the other; what got no reply is sent again, and so is now and then what got one."""
        writer, chance = self.writers[number], random.Random(number)
        code = self.codes[number]
        values, earlier = posted(self.rows[code]), dict[str, str]()
        place = address(self.assessment, code)
        edit = 0
        while not self.over.is_set():
            edit += 1
            text = f"writer {number}, save {edit}"
            body = values | {"comment": text, "op_id": operation()}
            before = writer.sent
            reply = writer.post_until_answered(place, body)
            if reply.status != 200 or reply.operation != body["op_id"]:
                self.failed.append(f"{reply.status} {reply.text[:300]}")
                return
            self.resent["without a reply"] += writer.sent - before - 1
            self.done.keep(body["op_id"], code, "comment", text)
            values = form_after(body, reply.text)
            if earlier and chance.random() < 0.2:
                again = writer.post_until_answered(place, earlier)
                self.resent["with a reply"] += 1
                if (again.status, again.operation) != (200, earlier["op_id"]):
                    self.failed.append(f"resent: {again.status} {again.text[:300]}")
            earlier = body

    def __post_init__(self) -> None:
        answers = Answer.objects.of(self.assessment.organisation).select_related("assessment").order_by("pk")
        self.rows = {answer.question_code: answer for answer in answers}
        self.codes = list(self.rows)[: len(self.writers)]


@pytest.mark.check("R-02")
@pytest.mark.check("R-03")
def test_what_was_acknowledged_survives_the_web_server(web, figure):
    """Killed twenty times while people save: single workers in their work, and the whole server."""
    assessment, people = staffed()
    load = Load(assessment, [Writer.of(web, person) for person in people])
    connection.close()
    chance = random.Random(2)
    with ThreadPoolExecutor(WRITERS) as threads:
        running = [threads.submit(load.write, number) for number in range(WRITERS)]
        try:
            for kill in range(KILLS):
                enough = len(load.done.saves) + SAVES_BETWEEN
                wait_until(lambda: len(load.done.saves) >= enough or bool(load.failed), 60, "saves")  # noqa: B023
                time.sleep(chance.uniform(0, 0.1))
                if kill % 4:
                    web.kill_worker()
                else:
                    web.kill_group()
                    web.start()
        finally:
            load.over.set()
        for thread in running:
            thread.result()
    connection.close()
    events = answer_events(assessment)
    lost = lost_of(load.done, events)
    faults = faults_of_history(assessment, events) + faults_of_database(assessment)
    sent = sum(writer.sent for writer in load.writers)
    twice = sum(times - 1 for times in Counter(event.op_id for event in events).values())
    figure(
        "R-02", kills=KILLS, acknowledged=len(load.done.saves), resent=load.resent["without a reply"],
        lost=len(lost) + len(faults),
    )  # fmt: skip
    figure("R-03", saves=len(load.done.saves), sent=sent, twice=twice)
    assert (load.failed, lost, faults, twice) == ([], [], [], 0)
    assert len(load.done.saves) == len(events)
    assert load.resent["without a reply"] > 0  # some were cut off
