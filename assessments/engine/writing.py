"""From shapes to the method's JSON: the results of an evaluation, and the input that asked for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.engine.shapes import (
    Blocker,
    DimensionScore,
    DpmmLevel,
    DpmmStatement,
    Gaps,
    Inputs,
    LevelReply,
    NotApplicable,
    Reading,
    Reply,
    Results,
    Roadmap,
    Verdict,
)

Document = dict[str, Any]  # an object as JSON knows it


def write_results(results: Results) -> str:
    """The results as text (Method, section 10): sorted keys, two-space indent, unescaped, a final newline."""
    return write_json(results_document(results))


def write_input(framework: str, version: str, inputs: Inputs) -> str:
    """The input as text, in the same manner; `read_input` gives the same inputs back."""
    return write_json(input_document(framework, version, inputs))


def write_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def input_document(framework: str, version: str, inputs: Inputs) -> Document:
    """The input of `manage.py evaluate` for this version of a framework (Method, section 10)."""
    document: Document = {
        "framework": framework,
        "version": version,
        "dpmm": _dpmm(inputs.dpmm),
        "replies": {code: _reply(reply) for code, reply in inputs.replies.items()},
        "use_cases": list(inputs.use_cases),
        "targets": dict(inputs.targets),
        "plan": {"capacity": inputs.plan.capacity, "blackout_weeks": list(inputs.plan.blackout_weeks)},
    }
    if inputs.validated is not None:
        document["validated"] = dict(inputs.validated)
    return document


def results_document(results: Results) -> Document:
    """The results as one JSON object (Method, section 10); `read_results` gives the same results back."""
    return {
        "engine": results.engine,
        "framework": results.framework,
        "version": results.version,
        "content_digest": results.content_digest,
        "completeness": {
            "replied": results.completeness.replied,
            "asked": results.completeness.asked,
            "unknown": list(results.completeness.unknown),
            "not_applicable": list(results.completeness.not_applicable),
        },
        "dpmm": _dpmm(results.dpmm),
        "readings": {
            "claimed": _reading(results.readings.claimed),
            "evidenced": _reading(results.readings.evidenced),
            "validated": None if results.readings.validated is None else _reading(results.readings.validated),
        },
        "use_cases": {code: _verdict(verdict) for code, verdict in results.use_cases.items()},
        "targets": dict(results.targets),
        "gaps": _gaps(results.gaps),
        "roadmap": _roadmap(results.roadmap),
        "load_bearing": [
            {"question": found.question, "direction": found.direction, "changes": list(found.changes)}
            for found in results.load_bearing
        ],
        "flags": [{"rule": flag.rule, "text": flag.text} for flag in results.flags],
    }


def _reply(reply: Reply) -> Document:
    if isinstance(reply, LevelReply):
        return {"level": reply.level, "evidence": reply.evidence}
    if isinstance(reply, NotApplicable):
        return {"not_applicable": reply.reason}
    return {"unknown": True}


def _dpmm(dpmm: DpmmStatement | DpmmLevel | None) -> Document | None:
    return None if dpmm is None else {"level": dpmm.level, "source": dpmm.source}


def _exact(value: Fraction | None) -> str | None:
    """An exact number as text: "n/d" in lowest terms, "n" if whole."""
    return None if value is None else str(value)


def _reading(reading: Reading) -> Document:
    return {
        "level": reading.level,
        "index": _exact(reading.index),
        "index_without_ceilings": _exact(reading.index_without_ceilings),
        "held_back": _exact(reading.held_back),
        "dimensions": {code: _dimension(dimension) for code, dimension in reading.dimensions.items()},
        "areas": {area: _exact(mean) for area, mean in reading.areas.items()},
    }


def _dimension(dimension: DimensionScore) -> Document:
    return {
        "replied": dimension.replied,
        "asked": dimension.asked,
        "score": _exact(dimension.score),
        "level": dimension.level,
        "sustained": dimension.sustained,
        "ring_fenced": dimension.ring_fenced,
        "effective_level": dimension.effective_level,
        "effective_score": _exact(dimension.effective_score),
        "standing": dimension.standing,
        "why": [{"question": need.question, "have": need.have, "need": need.need} for need in dimension.why],
    }


def _verdict(verdict: Verdict) -> Document:
    return {"verdict": verdict.verdict, "blockers": [_blocker(blocker) for blocker in verdict.blockers]}


def _blocker(blocker: Blocker) -> Document:
    document: Document = {"kind": blocker.kind, "have": blocker.have, "need": blocker.need}
    if blocker.code is not None:
        document["code"] = blocker.code
    return document


def _gaps(gaps: Gaps) -> Document:
    return {
        "foundation": [
            {"dimension": gap.dimension, "dpmm_have": gap.dpmm_have, "dpmm_need": gap.dpmm_need}
            for gap in gaps.foundation
        ],
        "questions": [
            {
                "question": gap.question,
                "have": gap.have,
                "target": gap.target,
                "gap": gap.gap,
                "priority": gap.priority,
            }
            for gap in gaps.questions
        ],
        "unanswered": list(gaps.unanswered),
        "areas": dict(gaps.areas),
    }


def _roadmap(roadmap: Roadmap) -> Document:
    return {
        "actions": [
            {
                "action": step.action,
                "start": step.start,
                "end": step.end,
                "wave": step.wave,
                "rate": _exact(step.rate),
                "because": list(step.because),
            }
            for step in roadmap.actions
        ],
        "anchor_tasks": [
            {"question": task.question, "from": task.from_level, "to": task.to_level}
            for task in roadmap.anchor_tasks
        ],
        "waived": list(roadmap.waived),
        "critical_path": list(roadmap.critical_path),
        "projection": [
            {
                "week": point.week,
                "index": _exact(point.index),
                "level": point.level,
                "verdicts": dict(point.verdicts),
            }
            for point in roadmap.projection
        ],
    }
