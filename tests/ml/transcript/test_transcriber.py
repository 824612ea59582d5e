"""From sound to sentences: what passes the guard is put together, what fails is told, and nothing else appears."""

import json
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from ml.benchmarks.voice.non_speech import sound
from ml.demo.speech import speak
from ml.transcript import guard
from ml.transcript.model import DecodingResult, Whisper
from ml.transcript.sentences import Word
from ml.transcript.transcriber import TranscriptStopped, recognize, sentences_of, transcribe
from ml.voice.activity import SAMPLE_RATE
from tests.factories.media import make_recording

ENGLISH = (
    "Thank you for coming today. Could you tell me something about your last project? I worked on a billing system."
)
SPANISH = (
    "Muchas gracias por la invitación. Trabajé en un sistema de facturación para un hospital. Duró unos dos años y "
    "éramos cinco personas. Lo más difícil fue la migración de los datos."
)


def chunks(samples: np.ndarray):
    for first in range(0, samples.size, SAMPLE_RATE):
        yield first / SAMPLE_RATE, samples[first : first + SAMPLE_RATE]


class FakeDecoder:
    """Gives the results of the test, one list per stretch."""

    def __init__(self, *results: list[DecodingResult]) -> None:
        self.results = list(results)
        self.stretches = []

    def decode(self, stretch, *, check=lambda: None):
        self.stretches.append(stretch)
        check()
        return self.results.pop(0) if self.results else []


def result(
    text: str, *, from_s: float = 0.5, probability: float = 0.9, compression_ratio: float = 1.4
) -> DecodingResult:
    words = [
        Word(from_s + at * 0.25, from_s + at * 0.25 + 0.25, f" {word}", probability)
        for at, word in enumerate(text.split())
    ]
    return DecodingResult(tuple(words), -0.3, compression_ratio, 0.05, 0.0)


def voice(seconds: float) -> np.ndarray:
    return np.resize(
        np.concatenate([speak(ENGLISH, rate_hz=SAMPLE_RATE), np.zeros(8000, np.float32)]), int(seconds * SAMPLE_RATE)
    )


def test_a_sentence_goes_on_over_the_border_of_what_was_read_at_once():
    decoder = FakeDecoder([result("I left because")], [result("it was boring. Then I came here.", from_s=0.2)])
    recognition = recognize(chunks(voice(34.0)), decoder)
    assert len(decoder.stretches) == 2
    texts = [sentence.text for sentence in sentences_of(recognition.parts)]
    assert "Then I came here." in texts
    assert recognition.readable_s == recognition.speech_s > 20.0


def test_what_fails_the_guard_has_a_place_and_a_reason_and_no_text():
    decoder = FakeDecoder([result("I came here.")], [result("gibberish all of it", probability=0.3)])
    recognition = recognize(chunks(voice(34.0)), decoder)
    first, *rest = sentences_of(recognition.parts)
    assert first.text == "I came here."
    assert [(sentence.text, sentence.readable, sentence.reason) for sentence in rest] == [("", False, guard.UNCERTAIN)]
    assert rest[0].end_s > rest[0].start_s >= first.end_s
    assert 0 < recognition.readable_s < recognition.speech_s


def test_speech_without_words_is_told():
    recognition = recognize(chunks(voice(8.0)), FakeDecoder([]))
    assert {sentence.reason for sentence in sentences_of(recognition.parts)} == {guard.WORDLESS}
    assert recognition.readable_s == 0.0


def test_repetitions_are_not_shown():
    said = "I am happy to speak. I am happy to speak. I am happy to speak."
    (sentence,) = sentences_of(recognize(chunks(voice(8.0)), FakeDecoder([result(said)])).parts)
    assert (sentence.text, sentence.reason) == ("", guard.REPEATED)


def test_a_hopeless_recording_is_not_listened_to_till_its_end(monkeypatch):
    monkeypatch.setattr(guard, "is_hopeless", lambda **measures: measures["speech_s"] > 10.0)
    sound = voice(45.0)
    decoder, patient = FakeDecoder(), FakeDecoder()
    recognize(chunks(sound), decoder)
    recognize(chunks(sound), patient, is_english=True)
    assert len(decoder.stretches) < len(patient.stretches)


def test_it_stops_when_it_is_told_to(tmp_path):
    recording = make_recording(tmp_path / "talk.mp4")
    with pytest.raises(TranscriptStopped):
        transcribe(recording, duration_s=3.0, should_stop=lambda: True)


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    return Whisper(threads=2)


def test_english_is_written_down_with_its_seconds(whisper):
    sound = np.concatenate([np.zeros(3 * SAMPLE_RATE, np.float32), speak(ENGLISH, rate_hz=SAMPLE_RATE)])
    recognition = recognize(chunks(sound), whisper)
    assert guard.refusal(readable_s=recognition.readable_s, speech_s=recognition.speech_s, is_english=False) == ""
    found = list(sentences_of(recognition.parts))
    text = " ".join(sentence.text for sentence in found).lower()
    assert "thank you for coming" in text
    assert "project?" in text
    assert all(sentence.readable for sentence in found)
    assert found[0].start_s == pytest.approx(3.0, abs=0.2)
    assert found[-1].end_s == pytest.approx(sound.size / SAMPLE_RATE, abs=0.5)
    assert all(one.end_s <= other.start_s for one, other in pairwise(found))


def test_a_foreign_language_is_refused(whisper):
    recognition = recognize(chunks(speak(SPANISH, rate_hz=SAMPLE_RATE, voice="es")), whisper)
    assert recognition.speech_s > 5.0
    assert "another language" in guard.refusal(
        readable_s=recognition.readable_s, speech_s=recognition.speech_s, is_english=False
    )
    assert guard.refusal(readable_s=recognition.readable_s, speech_s=recognition.speech_s, is_english=True)


@pytest.mark.parametrize("name", ["silence", "pink noise", "chords", "singing"])
def test_nothing_is_written_of_music_noise_and_silence(whisper, name):
    recognition = recognize(chunks(sound(name, 5)), whisper)
    assert guard.refusal(readable_s=recognition.readable_s, speech_s=recognition.speech_s, is_english=False)
    assert [sentence.text for sentence in sentences_of(recognition.parts) if sentence.text] == []


def test_the_program_says_it_line_by_line(tmp_path):
    recording = make_recording(tmp_path / "talk.mp4", duration_s=7.0)
    command = [sys.executable, "-m", "ml.transcript", recording, "--duration", "7.0", "--english"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    assert 0 < lines[0]["progress"] <= 1
    assert "engineer" in " ".join(line["sentence"]["text"] for line in lines if "sentence" in line)
    assert lines[-1]["done"]["refusal"] == ""
    assert len(lines[-1]["done"]["model_sha256"]) == 64


def test_the_program_says_why_it_cannot(tmp_path):
    (tmp_path / "letter.mp4").write_text("This is a letter.\n" * 50)
    command = [sys.executable, "-m", "ml.transcript", tmp_path / "letter.mp4", "--duration", "7.0"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "not a video recording" in json.loads(result.stdout)["error"]
