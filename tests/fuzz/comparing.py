"""Where fastavro reads the same bytes otherwise, and we know no reason why it should."""

from collections.abc import Iterator, Sequence
from functools import partial

import registry
from registry.errors import LimitExceeded
from tests.fuzz.findings import Finding
from tests.fuzz.jobs import Answer
from tests.fuzz.known import Reading, known_error, known_refusal, known_value
from tests.fuzz.outcome import Outcome, cut, outcome
from tests.fuzz.sameness import differences
from tests.fuzz.trial import Trial

_CALL = "registry.read(data, writer, reader)"


def of_theirs(trial: Trial, data: Sequence[bytes]) -> Iterator[Finding]:
    """Yield where fastavro and we differ on some data; it is spared what is beyond our limits."""
    writer, reader = trial.comparable
    ours = [outcome(partial(registry.read, each, writer, reader)) for each in data]
    asked = [i for i, each in enumerate(ours) if not isinstance(each.error, LimitExceeded)]
    answers = trial.others.read(*trial.theirs, [data[i] for i in asked])
    for i, theirs in zip(asked, answers, strict=True):
        reading = Reading(writer, reader, data[i], ours[i], theirs)
        difference = _difference(reading)
        if difference:
            said = {"we": ours[i].said(), "fastavro": _said(theirs)}
            if not trial.seed.evolved:
                said["avro"] = _said(trial.others.second(trial.theirs[0], data[i]))
            yield trial.finding(f"unlike fastavro: {difference}", _CALL, said, data=data[i])


def _difference(reading: Reading) -> str:
    """Return in what fastavro differs, "" where it does not or we know why."""
    ours, theirs = reading.ours, reading.theirs
    if ours.fault:
        return ours.fault[0]
    if not ours.ok:
        return "" if not theirs.ok or known_refusal(reading) else f"only we refuse: {_reason(ours)}"
    if not theirs.ok:
        return "" if known_error(reading) else f"only we read: {theirs.error.partition(':')[0]}"
    if theirs.used != len(reading.data):
        return "it uses fewer bytes"
    found = differences(ours.value, theirs.value)
    return next((f"values: {each.kinds()}" for each in found if not known_value(reading, each)), "")


def _reason(ours: Outcome) -> str:
    words = ours.error.reason.split() if ours.error else []
    return " ".join(word for word in words[:8] if word.isalpha())


def _said(answer: Answer) -> str:
    return answer.error or f"{cut(answer.value)}, {answer.used} bytes"
