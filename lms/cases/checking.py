"""Checking case files by the rules of item writing; nothing is stored."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from lms.cases.content import acts, facts, starter_slugs
from lms.program.blueprint import blueprint
from question_bank.case import Case
from question_bank.coverage import (
    TopicCoverage,
    TrackCoverage,
    ValueCoverage,
    of_track,
    track_coverage,
    value_coverage,
)
from question_bank.formats.native import CaseFileError, FileProblem, line_of, read_with_format
from question_bank.lint import COVERAGE_RULES, check_bank, check_case
from question_bank.rules.base import Finding

LEVELS = {"E": "to mend", "W": "to mend or waive", "I": "to note"}

UNREADABLE = "file"
"""Stands for the rule where a file holds no case."""

BANK = "bank"
"""Stands for the file where a remark is about all cases together; its line is 0."""


@dataclass(frozen=True)
class Remark:
    """What is wrong, and in which line of which file."""

    file: str
    line: int
    rule: str
    level: str
    field: str
    message: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.rule} {self.level}: {self.message} ({self.mend})"


@dataclass(frozen=True)
class Checked:
    """Every remark, by file and line. `unreadable`: the files that hold no case."""

    cases: tuple[Case, ...]
    unreadable: tuple[str, ...]
    remarks: tuple[Remark, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many remarks there are of each level."""
        by_level = Counter(remark.level for remark in self.remarks)
        return {level: by_level[level] for level in LEVELS}

    @property
    def passes(self) -> bool:
        """Whether nothing keeps a case from being published."""
        return self.counts["E"] == 0

    @property
    def summary(self) -> str:
        """The sum in a line."""
        counted = ", ".join(f"{count} {LEVELS[level]}" for level, count in self.counts.items())
        files = f", {len(self.unreadable)} files unreadable" if self.unreadable else ""
        return f"{len(self.cases)} cases{files}: {counted}."

    def to_json(self) -> dict[str, object]:
        """Return the same for programs."""
        return {
            "cases": len(self.cases),
            "unreadable": list(self.unreadable),
            "counts": self.counts,
            "findings": [asdict(remark) for remark in self.remarks],
        }


def check_files(files: Iterable[tuple[str, str]], *, whole_bank: bool = False) -> Checked:
    """Check each of *files* (name and text) as a case, then all of them as a bank.

    What they leave uncovered of the blueprint is said of a *whole_bank* alone.
    """
    cases: list[Case] = []
    sources: dict[str, tuple[str, str]] = {}
    firsts: set[str] = set()
    unreadable: list[str] = []
    remarks: list[Remark] = []
    for name, text in files:
        try:
            case, first = read_with_format(text, name)
        except CaseFileError as error:
            unreadable.append(name)
            remarks += map(_unreadable, error.problems)
            continue
        if case.slug in sources:
            unreadable.append(name)
            sentence = f"“{case.slug}” is the slug of {sources[case.slug][0]} too"
            remarks.append(_unreadable(FileProblem(name, line_of(text, "slug"), "slug", sentence)))
            continue
        cases.append(case)
        sources[case.slug] = name, text
        if first:
            firsts.add(case.slug)
    remarks += _remarks_on(cases, sources, firsts)
    for finding in check_bank(cases, blueprint()):
        if whole_bank or finding.rule not in COVERAGE_RULES:
            remarks.append(_bank_remark(sources, finding))
    in_order = sorted(remarks, key=lambda remark: (remark.file, remark.line, remark.rule))
    return Checked(tuple(cases), tuple(unreadable), tuple(in_order))


def _remarks_on(
    cases: Sequence[Case], sources: Mapping[str, tuple[str, str]], firsts: Collection[str]
) -> Iterator[Remark]:
    slugs = starter_slugs() | set(sources)
    for case in cases:
        findings = check_case(
            case,
            facts=facts(),
            acts=acts(),
            slugs=slugs,
            blueprint=blueprint(),
            first=case.slug in firsts,
        )
        for finding in findings:
            yield remark_on(*sources[case.slug], finding)


def _unreadable(problem: FileProblem) -> Remark:
    return Remark(
        problem.file,
        problem.line,
        UNREADABLE,
        "E",
        problem.field,
        f"{problem.field} {problem.message}",
        "mend it, so that the case can be read",
    )


def _bank_remark(sources: Mapping[str, tuple[str, str]], finding: Finding) -> Remark:
    if finding.case:
        return remark_on(*sources[finding.case], finding)
    return Remark(
        BANK, 0, finding.rule, finding.level, finding.field, finding.message, finding.mend
    )


def remark_on(name: str, text: str, finding: Finding) -> Remark:
    """Return *finding* with its place in the file called *name*."""
    return Remark(
        name,
        line_of(text, finding.field),
        finding.rule,
        finding.level,
        finding.field,
        finding.message,
        finding.mend,
    )


def coverage_lines(cases: Sequence[Case], form: int) -> Iterator[str]:
    """Yield what *cases* cover of the blueprint: items by topic and track, cases by dimension."""
    for track in track_coverage(cases, blueprint(), form):
        yield from _track_lines(track)
    short = _short_in(cases)
    yield "Cases by dimension"
    for row in value_coverage(cases, blueprint()):
        yield _value_line(row, short.get(row.value, []))
    yield ""


def _short_in(cases: Sequence[Case]) -> dict[str, list[str]]:
    """Return by value the tracks in which it is under its floor."""
    found: dict[str, list[str]] = {}
    for track in blueprint().tracks:
        for row in value_coverage(of_track(cases, track.id), blueprint()):
            if row.share < row.floor:
                found.setdefault(row.value, []).append(track.id)
    return found


def _track_lines(track: TrackCoverage) -> Iterator[str]:
    yield f"Track {track.track}, items for a form of {track.form}"
    yield f"  {'topic':<34}{'weight':>8}{'items':>7}{'wanted':>8}{'gap':>5}"
    yield from map(_topic_line, track.topics)
    for level in track.levels:
        yield f"  {level.level}: {round(level.share)} % of items, {level.wanted} % wanted"
    yield ""


def _topic_line(row: TopicCoverage) -> str:
    gap = row.gap or ""
    return f"  {row.topic:<34}{row.weight:>6} %{row.items:>7}{row.wanted:>8}{gap:>5}".rstrip()


def _value_line(row: ValueCoverage, short_in: Sequence[str]) -> str:
    short = f" (short in {', '.join(short_in)})" if short_in else ""
    return f"  {row.value:<34}{int(row.share):>6} %, floor {row.floor} %{short}"
