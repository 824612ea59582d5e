"""From a recording to its transcript: stretches of speech, decoded by Whisper, checked by the guard."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol

from ml import whisper
from ml.arrays import Samples
from ml.media.audio import audio_chunks
from ml.track_selection import recording_info
from ml.transcript import guard
from ml.transcript.model import DecodingResult, Whisper
from ml.transcript.sentences import Word, sentences, text_of
from ml.transcript.stretches import Stretch, stretches
from ml.voice.activity import SAMPLE_RATE
from ml.voice.windows import Span

JOINED_S: Final = 2.0
"""Unreadable speech with shorter pauses and the same reason is shown as one stretch."""


class TranscriptStopped(Exception):
    """``should_stop`` returned true."""


class Decoder(Protocol):
    """As :class:`ml.transcript.model.Whisper`."""

    def decode(self, stretch: Stretch, *, check: Callable[[], None] = ...) -> list[DecodingResult]: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` is empty where the speech between the two seconds was not readable; ``reason`` then says why."""

    start_s: float
    end_s: float
    text: str
    readable: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Transcription:
    """The sentences in the order of the recording, not overlapping; none where ``refusal`` says why there are none.

    ``speech_s`` is the speech found, ``readable_s`` how much of it passed the guard. ``wall_s`` is the time taken,
    ``realtime_factor`` the recording's seconds over that.
    """

    sentences: tuple[Sentence, ...]
    refusal: str
    speech_s: float
    readable_s: float
    wall_s: float
    realtime_factor: float
    model_name: str = whisper.NAME
    model_version: str = whisper.VERSION
    model_sha256: str = whisper.SHA256[whisper.WEIGHTS]


@dataclass(slots=True)
class _Part:
    """Speech with its readable words, or with the problem that makes it unreadable."""

    words: list[Word]
    speech: tuple[Span, ...]
    problem: str = ""


@dataclass(slots=True)
class Recognition:
    """The parts of a recording so far, and how much of its speech is readable."""

    parts: list[_Part] = field(default_factory=list)
    speech_s: float = 0.0
    readable_s: float = 0.0


def transcribe(
    path: str | Path,
    *,
    duration_s: float,
    is_english: bool = False,
    threads: int = 2,
    progress: Callable[[float], None] = lambda fraction: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Transcription:
    """The transcript of a recording of ``duration_s`` seconds.

    ``is_english``: somebody said that English is spoken, and then whatever is readable is shown. Otherwise the guard
    alone decides, and a refusal says that another language is probably spoken. ``progress`` is called with 0..1 after
    every stretch of up to 28 s; ``should_stop`` is called about every second of sound, and every few seconds while
    Whisper decodes.

    Raises :class:`ml.media.errors.MediaError`, :class:`ml.whisper.WhisperMissing` and :class:`TranscriptStopped`.
    """
    started = time.perf_counter()
    info = recording_info(path)

    def check() -> None:
        if should_stop():
            raise TranscriptStopped

    def chunks() -> Iterator[tuple[float, Samples]]:
        for chunk in audio_chunks(path, info, rate_hz=SAMPLE_RATE):
            check()
            yield chunk

    check()
    recognition = recognize(
        chunks(),
        Whisper(threads=threads),
        is_english=is_english,
        check=check,
        at=lambda second: progress(min(1.0, second / duration_s) if duration_s > 0 else 1.0),
    )
    refusal = guard.refusal(readable_s=recognition.readable_s, speech_s=recognition.speech_s, is_english=is_english)
    wall_s = time.perf_counter() - started
    return Transcription(
        sentences=() if refusal else tuple(sentences_of(recognition.parts)),
        refusal=refusal,
        speech_s=round(recognition.speech_s, 3),
        readable_s=round(recognition.readable_s, 3),
        wall_s=round(wall_s, 3),
        realtime_factor=round(duration_s / wall_s, 2),
    )


def recognize(
    chunks: Iterable[tuple[float, Samples]],
    decoder: Decoder,
    *,
    is_english: bool = False,
    check: Callable[[], None] = lambda: None,
    at: Callable[[float], None] = lambda second: None,
) -> Recognition:
    """Decode and check the speech of a stream of (start_s, mono float32 samples at :data:`SAMPLE_RATE`).

    Unless somebody said that it ``is_english``, it stops early where so little of so much speech is readable that there
    will be no transcript. ``at`` is called with the second that has been reached.
    """
    recognition = Recognition()
    for stretch in stretches(chunks):
        check()
        for part in _parts(stretch, decoder.decode(stretch, check=check)):
            seconds = sum(end - start for start, end in part.speech)
            recognition.parts.append(part)
            recognition.speech_s += seconds
            recognition.readable_s += 0.0 if part.problem else seconds
        at(stretch.end_s)
        if not is_english and guard.is_hopeless(readable_s=recognition.readable_s, speech_s=recognition.speech_s):
            break
    return recognition


def sentences_of(parts: Iterable[_Part]) -> Iterator[Sentence]:
    """The sentences of all parts: they go on from part to part, and end where speech is unreadable."""
    found: list[Sentence] = []
    for has_problem, group in groupby(parts, key=lambda part: bool(part.problem)):
        together = list(group)
        if has_problem:
            found += [
                Sentence(start_s, end_s, "", readable=False, reason=part.problem)
                for part in together
                for start_s, end_s in part.speech
            ]
            continue
        speech = [span for part in together for span in part.speech]
        for words in sentences(word for part in together for word in part.words):
            start_s, end_s = words[0].start_s, words[-1].end_s
            near = [span for span in speech if span[1] > start_s - 1.0 and span[0] < end_s + 1.0]
            problem = guard.sentence_problem(words, near)
            text = "" if problem else text_of(words)
            start_s, end_s = _spoken(start_s, end_s, near)
            found.append(Sentence(start_s, end_s, text, readable=not problem, reason=problem))
    for position in guard.repeated([sentence.text for sentence in found]):
        sentence = found[position]
        found[position] = Sentence(sentence.start_s, sentence.end_s, "", readable=False, reason=guard.REPEATED)
    return _in_order(found)


def _parts(stretch: Stretch, results: list[DecodingResult]) -> Iterator[_Part]:
    """One part per decoding result, checked by the guard; an unreadable one where there is no result."""
    reached_s = stretch.start_s
    for result in results:
        words = [_on_clock(word, stretch) for word in result.words]
        end_s = stretch.end_s if result is results[-1] else max((word.end_s for word in words), default=reached_s)
        speech = _between(stretch.speech, reached_s, end_s)
        problem = guard.decoding_problem(result)
        yield _Part([] if problem else words, speech, problem)
        reached_s = max(reached_s, end_s)
    if not results:
        yield _Part([], stretch.speech, guard.WORDLESS)


def _on_clock(word: Word, stretch: Stretch) -> Word:
    start_s, end_s = stretch.on_clock(word.start_s, word.end_s)
    return Word(start_s, end_s, word.text, word.probability)


def _between(speech: Iterable[Span], first_s: float, last_s: float) -> tuple[Span, ...]:
    return tuple(
        (max(start_s, first_s), min(end_s, last_s)) for start_s, end_s in speech if start_s < last_s and end_s > first_s
    )


def _spoken(start_s: float, end_s: float, speech: Iterable[Span]) -> Span:
    """Without the pauses before and after, which Whisper includes in the first and the last word."""
    spoken = _between(speech, start_s, end_s)
    return (spoken[0][0], spoken[-1][1]) if spoken else (start_s, end_s)


def _in_order(found: Iterable[Sentence]) -> Iterator[Sentence]:
    """Without overlaps, unreadable neighbours joined, rounded to milliseconds."""
    last: Sentence | None = None
    for sentence in found:
        start_s = max(sentence.start_s, last.end_s if last else 0.0)
        end_s = max(sentence.end_s, start_s)
        if last and _is_more_of(last, sentence, start_s):
            last = Sentence(last.start_s, end_s, "", readable=False, reason=last.reason)
            continue
        if last:
            yield last
        last = Sentence(round(start_s, 3), round(end_s, 3), sentence.text, sentence.readable, sentence.reason)
    if last:
        yield last


def _is_more_of(last: Sentence, sentence: Sentence, start_s: float) -> bool:
    unreadable = not last.readable and not sentence.readable and last.reason == sentence.reason
    return unreadable and start_s - last.end_s <= JOINED_S
