"""An assessment as it stands: its answers in brief and what follows from them, read once for each stamp."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from threading import Lock
from uuid import UUID

from django.db import transaction

from assessments.engine.evaluate import evaluate_briefly
from assessments.engine.record import UNANSWERED, UNKNOWN, reply_of
from assessments.engine.shapes import LOWEST_GRADE, BriefResults, Inputs
from assessments.models import Answer, Assessment, BriefAnswer
from assessments.results import live_inputs, spec_of
from frameworks.document.shapes import FrameworkSpec, QuestionSpec

WAITING = ("unanswered", "unknown", "without-evidence", "flagged", "to-confirm")
REMEMBERED = 16  # assessments in a process: those that a few people work on


@dataclass(frozen=True)
class Listed:
    """A question with its answer in brief, as contents list and count it."""

    question: QuestionSpec
    answer: BriefAnswer | Answer
    dimension: str
    spec: FrameworkSpec

    @cached_property
    def evidenced(self) -> int | None:
        """The level that the evidence carries, of an answer by level."""
        if self.answer.level is None:
            return None
        return min(self.answer.level, self.spec.support[self.answer.grade or LOWEST_GRADE])

    @cached_property
    def waits_for(self) -> tuple[str, ...]:
        """Those of WAITING that the answer is in."""
        answer = self.answer
        holds = {
            "unanswered": answer.state == UNANSWERED,
            "unknown": answer.state == UNKNOWN,
            "without-evidence": self.evidenced != answer.level,
            "flagged": answer.flagged,
            "to-confirm": answer.carried_from_id is not None,
        }
        return tuple(state for state, held in holds.items() if held)


@dataclass(frozen=True)
class LiveState:
    """All questions of one assessment with their answers, and what follows from them while it is a draft."""

    spec: FrameworkSpec
    listed: Mapping[str, Listed]  # by question code, in document order
    inputs: Inputs

    @cached_property
    def results(self) -> BriefResults:
        """Of a draft: submitted work reads those of its snapshot."""
        return evaluate_briefly(self.spec, self.inputs)

    def with_answer(self, answer: BriefAnswer) -> LiveState:
        """The state once this answer stands in place of the one before."""
        code, reply = answer.question_code, reply_of(answer)
        replies = {asked: given for asked, given in self.inputs.replies.items() if asked != code}
        if reply is not None:
            replies[code] = reply
        row = replace(self.listed[code], answer=answer)
        return LiveState(self.spec, {**self.listed, code: row}, replace(self.inputs, replies=replies))


def live_state(assessment: Assessment) -> LiveState:
    """As the database has it; not read where this process knows it at the stamp of the assessment."""
    state = _recall(assessment)
    if state is None:
        stamp, answers = Answer.objects.brief_of(assessment)
        state = _state_of(assessment, answers)
        # Another stamp: somebody wrote since it was found, or what raised its stamp was undone.
        if stamp == assessment.stamp:
            remember(assessment, state)
    return state


def answer_and_state(assessment: Assessment, code: str) -> tuple[Answer, LiveState]:
    """One answer whole, and the state with it: one statement, whether the state is known or not."""
    answers = Answer.objects.of_assessment(assessment)
    if state := _recall(assessment):
        return answers.get(question_code=code), state
    by_code = {answer.question_code: answer for answer in answers}
    return by_code[code], _state_of(assessment, [answer.brief for answer in by_code.values()])


def remember(assessment: Assessment, state: LiveState) -> None:
    """Know this state at the assessment's stamp, once what was written for it is committed."""
    transaction.on_commit(partial(_remembered.keep, assessment.uuid, assessment.stamp, state))


def forget() -> None:
    """Know nothing: for tests, which put a database back to an earlier stamp."""
    _remembered.clear()


def _recall(assessment: Assessment) -> LiveState | None:
    return _remembered.at(assessment.uuid, assessment.stamp)


def _state_of(assessment: Assessment, answers: Iterable[BriefAnswer]) -> LiveState:
    spec, by_code = spec_of(assessment), {answer.question_code: answer for answer in answers}
    listed = {
        code: Listed(question, by_code[code], spec.dimension_of[code], spec)
        for code, question in spec.questions.items()
    }
    return LiveState(spec, listed, live_inputs(assessment, by_code.values()))


class _Remembered:
    """The latest state of a few assessments, each with the stamp at which it stands.

    Every write of its answers, or of what results follow from, raises its stamp: a state at the present
    stamp is the present one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[UUID, tuple[int, LiveState]] = {}  # the one kept last at the end

    def at(self, uuid: UUID, stamp: int) -> LiveState | None:
        kept_stamp, state = self._kept.get(uuid, (None, None))
        return state if kept_stamp == stamp else None

    def keep(self, uuid: UUID, stamp: int, state: LiveState) -> None:
        with self._lock:
            if self._kept.get(uuid, (stamp, None))[0] > stamp:
                return  # of a page that was found before the latest save
            self._kept.pop(uuid, None)
            self._kept[uuid] = (stamp, state)
            if len(self._kept) > REMEMBERED:
                del self._kept[next(iter(self._kept))]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_remembered = _Remembered()
