"""Framework documents that must be refused, each with the place and reason to expect, made from the tiny one.

Run as a program, it loads every one and prints name, seconds and peak memory growth in MiB, tab-separated.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frameworks.document.faults import DocumentFaults
from frameworks.document.reading import MAX_BYTES
from tests.data.malformed_content import TINY, unsound


@dataclass(frozen=True)
class Malformed:
    name: str
    content: bytes
    fault: str  # a whole fault, `place: message`, among those reported


def malformed() -> Iterator[Malformed]:
    """The whole corpus: files that are no text, no YAML, too much, or not a sound framework."""
    for name, content, fault in [*_no_text(), *_no_yaml(), *_too_much(), *_not_plain(), *_keys_and_values()]:
        raw = content if isinstance(content, bytes) else content.encode()
        yield Malformed(name, raw, fault)
    for name, old, new, fault in unsound():
        text = TINY.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{name}: the tiny document has no {old!r}"
        yield Malformed(name, text.replace(old, new, 1).encode(), fault)


Case = tuple[str, bytes | str, str]
NO_HIDDEN = "is not allowed: no control, invisible or direction-changing characters"
MORE = "document: more than 2,000 faults; these are the first"
END = len(TINY.read_bytes().splitlines()) + 1  # the line after the last of the tiny text
NOT_UTF8 = "UTF-8 expected, other bytes found"


def _no_text() -> list[Case]:
    tiny = TINY.read_bytes()
    return [
        ("empty", b"", "document: a mapping expected, nothing found"),
        ("only comments", b"# nothing\n" * 1000, "document: a mapping expected, nothing found"),
        ("only a byte-order mark", b"\xef\xbb\xbf", "document: a mapping expected, nothing found"),
        ("only blank lines", b"\n" * MAX_BYTES, "document: a mapping expected, nothing found"),
        ("latin-1", tiny.replace(b"Tiny", b"Caf\xe9", 1), f"line 2, column 11: {NOT_UTF8}"),
        ("UTF-16", tiny.decode().encode("utf-16"), f"line 1, column 1: {NOT_UTF8}"),
        ("cut within a character", tiny + "é".encode()[:1], f"line {END}, column 1: {NOT_UTF8}"),
        ("bytes of every kind", bytes(range(256)) * 8192, f"line 3, column 115: {NOT_UTF8}"),
        ("a zip file", b"PK\x03\x04" + b"\0" * 1000, f"line 1, column 3: the character U+0003 {NO_HIDDEN}"),
        (
            "a null byte",
            tiny.replace(b"Tiny", b"Ti\0ny", 1),
            f"line 2, column 10: the character U+0000 {NO_HIDDEN}",
        ),
    ]


def _no_yaml() -> list[Case]:
    return [
        (
            "a quote never closed",
            'framework: "tiny\n' + "x" * 100_000,
            "line 2, column 100001: not valid YAML: while scanning a quoted scalar, "
            "found unexpected end of stream",
        ),
        (
            "a tab as indentation",
            "levels:\n\t- level: 0\n",
            "line 2, column 1: not valid YAML: while scanning for the next token, "
            "found character that cannot start any token",
        ),
        (
            "a bracket never closed",
            "levels: [1, 2\n",
            "line 2, column 1: not valid YAML: while parsing a flow sequence, "
            "did not find expected ',' or ']'",
        ),
        (
            "a wrong indent",
            "policy:\n  threshold: 1\n gate_slack: 1\n",
            "line 3, column 2: not valid YAML: while parsing a block mapping, did not find expected key",
        ),
        (
            "half of a surrogate pair",
            'title: "\\ud800"\n',
            "line 1, column 11: not valid YAML: while parsing a quoted scalar, "
            "found invalid Unicode character escape code",
        ),
        (
            "2 MiB of junk",
            "}]" * (MAX_BYTES // 2),
            "line 1, column 1: not valid YAML: while parsing a block node, "
            "did not find expected node content",
        ),
        (
            "HTML",
            "<!doctype html>\n<p>hello</p>\n",
            "document: a mapping expected, the text '<!doctype html> <p>hello</p>' found",
        ),
        ("a list", "- framework: tiny\n", "document: a mapping expected, a list found"),
        ("a number", "7\n", "document: a mapping expected, 7 found"),
    ]


def _too_much() -> list[Case]:
    deep = "12 levels of nesting at most expected, more found"
    many = "20,000 list entries and keys at most expected, more found"
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdef", "bcdefg", strict=True)
    )
    directives = "".join(f"%TAG !a{number}! t:\n" for number in range(100_000))
    piled = "e" + "\u0301\u0327" * 3_990
    return [
        ("more than 2 MiB", b"a" * (MAX_BYTES + 1), "document: 2,097,152 bytes at most expected, more found"),
        # On one line the scanner looks ahead for a key, and its own bound ends it before the first event.
        ("100,000 brackets", "[" * 100_000, f"line 1, column 1001: {deep}"),
        ("100,000 braces", "{" * 100_000, f"line 1, column 1001: {deep}"),
        ("100,000 brackets, one a line", "[\n" * 100_000, f"line 13, column 1: {deep}"),
        ("100,000 braces, one a line", "{\n" * 100_000, "line 2, column 1: a key written as text expected"),
        ("100,000 braces as values", "{a: " * 100_000, f"line 1, column 49: {deep}"),
        ("100,000 dashes", "- " * 100_000, f"line 1, column 25: {deep}"),
        ("100,000 question marks", "? " * 100_000, "line 1, column 3: a key written as text expected"),
        (
            "steps of indentation",
            "".join(" " * n + "a:\n" for n in range(1500)),
            f"line 13, column 13: {deep}",
        ),
        ("a million entries", "a: [" + "0," * 1_000_000 + "]", f"line 1, column 40003: {many}"),
        ("200,000 keys", "".join(f"k{n}:\n" for n in range(200_000)), f"line 20001, column 1: {many}"),
        ("a million keys, all the same", "{" + "a," * 1_000_000 + "}", MORE),
        ("20,000 unknown keys", "".join(f"k{n}:\n" for n in range(20_000)), MORE),
        ("an alias bomb", bomb, "b[0]: line 2: no aliases: write the value out instead of 'a'"),
        ("20,000 aliases", "a: &a 0\nb: [" + "*a ," * 19_900 + "]", "a: line 1: no anchors: remove 'a'"),
        (
            "an alias of itself",
            "a: &a [*a]\n",
            "a[0]: line 1: no aliases: write the value out instead of 'a'",
        ),
        (
            "100,000 directives",
            directives + "--- {}\n",
            "line 1, column 1: no line may begin with % (no YAML directives)",
        ),
        ("a text of 2 MiB", "title: " + "x" * (MAX_BYTES - 10), _long("title", MAX_BYTES - 10)),
        (
            "a text too long by one",
            "title: |\n" + " " + "é" * 8_001,
            "title: line 1: 8,000 characters at most expected, 8,001 found",
        ),
        (
            "a key too long",
            "? " + "k" * 9_000 + "\n: 1\n",
            f"'{'k' * 40}…': line 1: 8,000 characters at most expected, 9,000 found",
        ),
        (
            "piled marks",
            "reading_rules:\n" + f"- {piled}\n" * 120,
            "reading_rules[119]: line 121: 30 combining marks in a row at most expected, more found",
        ),
        ("a number of 65 bits", "levels: 9223372036854775808\n", _large("levels")),
        ("a number of 100,000 digits", "levels: " + "9" * 100_000, _large("levels")),
        (
            "a circle of 500 prerequisites",
            _circle(500),
            "actions[504].prerequisites[0]: prerequisites form a cycle: "
            "A0 needs A1 needs A2 needs A3 needs A4 needs A5 needs A6 needs … needs A499 needs A0",
        ),
        ("20,000 empty actions", "actions: [" + "{}," * 19_900 + "]", MORE),
        (
            "many dimensions and use cases",
            "dimensions: ["
            + "{code: D},".join(["", *[""] * 4_000])
            + "]\nuse_cases: ["
            + "{code: U, minima: []}," * 3_500
            + "]",
            MORE,
        ),
    ]


def _circle(size: int) -> str:
    """The tiny text with that many more actions, each needing the next and the last one the first."""
    tiny = TINY.read_text(encoding="utf-8")
    start, end = tiny.index("- code: A-D5-01"), tiny.index("flags:")
    action = tiny[start:end]
    circle = [
        action.replace("A-D5-01", f"A{n}").replace("prerequisites: []", f"prerequisites: [A{(n + 1) % size}]")
        for n in range(size)
    ]
    return tiny[:end] + "".join(circle) + tiny[end:]


def _unknown(key: str) -> str:
    keys = (
        "framework, title, version, summary, notice, status_as_of, levels, areas, roles, evidence_grades, "
        "policy, glossary, reading_rules, references, dimensions, dpmm, "
        "impact_classes, use_cases, actions, flags"
    )
    return f"{key}: unknown key; the keys here are {keys}"


def _long(place: str, size: int) -> str:
    return f"{place}: line 1: 8,000 characters at most expected, {size:,} found"


def _large(place: str) -> str:
    return f"{place}: line 1: a whole number of at most 64 bits expected, a larger one found"


def _not_plain() -> list[Case]:
    tiny = TINY.read_text(encoding="utf-8")
    return [
        (
            "a second document",
            tiny + "---\nframework: tiny\n",
            f"line {END}, column 1: one document expected, a second one begins",
        ),
        (
            "100,000 documents",
            "---\n" * 100_000,
            "line 2, column 1: one document expected, a second one begins",
        ),
        (
            "an object of Python",
            "title: !!python/object/apply:os.system [ls]\n",
            "title: line 1: no tags: remove 'tag:yaml.org,2002:python/object/apply:os…'",
        ),
        ("a tag of our own", "policy: !policy {threshold: 1}\n", "policy: line 1: no tags: remove '!policy'"),
        ("a standard tag", "version: !!str 1\n", "version: line 1: no tags: remove 'tag:yaml.org,2002:str'"),
        ("a tagged key", "!!str title: x\n", "title: line 1: no tags: remove 'tag:yaml.org,2002:str'"),
        ("an anchor", "levels: &levels []\n", "levels: line 1: no anchors: remove 'levels'"),
        ("an alias as key", "a: &a b\n*a : c\n", "line 2, column 1: a key written as text expected"),
        (
            "a directive",
            "%YAML 1.1\n--- {}\n",
            "line 1, column 1: no line may begin with % (no YAML directives)",
        ),
        ("a merge key", "<<: {title: x}\n", _unknown("'<<'")),
        ("a list as key", "? [a, b]\n: c\n", "line 1, column 3: a key written as text expected"),
    ]


def _keys_and_values() -> list[Case]:
    tiny = TINY.read_text(encoding="utf-8")
    twice = "this key is given twice, first on line"
    script = "<script>alert(1)</script>"
    return [
        ("a repeated key", tiny + "title: Again\n", f"title: line {END}: {twice} 2"),
        (
            "a repeated key within",
            tiny.replace("gate_slack", "threshold"),
            f"policy.threshold: line 61: {twice} 60",
        ),
        ("a key repeated in NFD", "\u00e9: 1\ne\u0301: 2\n", f"'é': line 2: {twice} 1"),
        ("a key and itself in quotes", 'title: 1\n"title": 2\n', f"title: line 2: {twice} 1"),
        (
            "a bidi override",
            tiny.replace("Tiny", "\u202eyniT", 1),
            f"line 2, column 8: the character U+202E {NO_HIDDEN}",
        ),
        (
            "an escaped bidi override",
            'title: "\\u202e"\n',
            f"title: line 1: the character U+202E {NO_HIDDEN}",
        ),
        (
            "an escaped null",
            'levels: [{name: "a\\0"}]\n',
            f"levels[0].name: line 1: the character U+0000 {NO_HIDDEN}",
        ),
        (
            "an escaped carriage return",
            'title: "a\\rb"\n',
            f"title: line 1: the character U+000D {NO_HIDDEN}",
        ),
        (
            "a control character in a key",
            '"ti\\u0007tle": x\n',
            f"'ti\\x07tle': line 1: the character U+0007 {NO_HIDDEN}",
        ),
        ("a script as key", f'"{script}": 1\n', _unknown(f"'{script}'")),
        (
            "a script as code",
            tiny.replace("code: UC01", f'code: "{script}"'),
            "use_cases[0].code: a code (at most 40 "
            f"letters, digits, - _ .) expected, the text '{script}' found",
        ),
    ]


def _memory(figure: str) -> float:
    """A figure of this process in MiB: VmRSS, held now, or VmHWM, the most held since the last reset."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(rf"{figure}:\s+(\d+) kB", status)[0]) / 1024


def main() -> None:
    from frameworks.document.checks import load_framework

    for case in list(malformed()):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets the peak
        before, start = _memory("VmRSS"), time.process_time()
        try:
            load_framework(case.content)
        except DocumentFaults as faults:
            str(faults)
        print(case.name, time.process_time() - start, _memory("VmHWM") - before, sep="\t")


if __name__ == "__main__":
    main()
