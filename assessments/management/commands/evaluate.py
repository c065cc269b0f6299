"""Evaluate one assessment given as JSON and print its results: no row of any assessment is touched."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from assessments.engine.evaluate import evaluate
from assessments.engine.reading import Lookup, read_request
from assessments.engine.strict_json import MAX_BYTES, InputFaults
from assessments.engine.writing import write_results
from frameworks.document.checks import load_framework
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.shapes import FrameworkSpec
from frameworks.queries import spec_for_version

STANDARD_INPUT = "-"
BAD_INPUT = 2  # exit status, the same as argparse gives


class Command(BaseCommand):
    help = "Evaluate one assessment given as JSON and print its results as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the input as JSON; - for standard input")
        parser.add_argument(
            "--document", metavar="FILE", help="judge by this framework document; needs no database then"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = None if options["document"] is None else read_bytes(options["document"])
            results = evaluate_text(read_bytes(options["file"]), document, find_installed)
        except (DocumentFaults, InputFaults) as faults:
            for line in fault_lines(faults.faults):
                self.stderr.write(line)
            sys.exit(BAD_INPUT)
        self.print_bytes(results.encode())

    def print_bytes(self, results: bytes) -> None:
        """UTF-8 whatever the terminal's encoding; text where a test has put something else in its place."""
        buffer = getattr(self.stdout, "buffer", None)
        if buffer is None:
            self.stdout.write(results.decode(), ending="")
        else:
            buffer.write(results)
            buffer.flush()


def evaluate_text(text: bytes, document: bytes | None, find: Lookup) -> str:
    """The results, as JSON text, of the input in `text` (Method, section 10).

    Judged by the framework document given, else by the version that `find` finds. Raises DocumentFaults or
    InputFaults; a document with faults is told first, since what the input may say depends on it.
    """
    spec, inputs = read_request(text, find if document is None else load_framework(document))
    return write_results(evaluate(spec, inputs))


def find_installed(framework: str, version: str) -> FrameworkSpec | None:
    """The installed version of that name, or None. Raises InputFaults where the database cannot be read."""
    try:
        return spec_for_version(framework, version)
    except DatabaseError as error:
        advice = "--document FILE needs no database"
        raise InputFaults([Fault("version", f"the database cannot be read ({error}); {advice}")]) from error


def read_bytes(file: str) -> bytes:
    """What stands in a file or on standard input, but no more than shows that it is too much.

    Raises InputFaults where it cannot be read.
    """
    try:
        if file == STANDARD_INPUT:
            # Started without standard input, Python has none.
            return sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin else b""
        with Path(file).open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputFaults([Fault(file, f"cannot be read: {reason}")]) from error


def fault_lines(faults: Iterable[Fault]) -> list[str]:
    """Each fault on one line, whatever characters stand in it."""
    return ["".join(_shown(character) for character in str(fault)) for fault in faults]


def _shown(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]
