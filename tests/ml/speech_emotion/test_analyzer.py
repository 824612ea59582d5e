"""From the sound of a recording to its speech timeline."""

import numpy as np
import pytest

from ml import artifacts
from ml.benchmarks.voice import non_speech
from ml.demo.speech import speak_at
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion import stream
from ml.speech_emotion.analyzer import SOUND_RATE, SpeechAnalyzer
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.speech_emotion.labels import LABELS
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.resampling import StreamResampler

SENTENCES = [
    (1.0, "Thank you for inviting me to this interview today."),
    (6.0, "I have worked as an engineer for seven years."),
    (11.0, "I like to build things that last for a long time."),
]

SUNG = 2


class FakeRecognizer:
    """Stands in for the network: keeps its inputs and gives two labels in turn."""

    labels = LABELS
    artifact = None
    lead_s = 0.5

    def __init__(self):
        self.windows = []

    def recognize(self, samples):
        self.windows.append(samples)
        probabilities = np.full(8, 0.05, np.float32)
        probabilities[len(self.windows) % 2] = 0.65
        return probabilities


def chunks(samples, *, seconds=1.0, start_s=0.0):
    count = round(seconds * SOUND_RATE)
    for at in range(0, samples.size, count):
        yield start_s + at / SOUND_RATE, samples[at : at + count]


@pytest.fixture(scope="module")
def interview():
    return speak_at(SENTENCES, duration_s=16, rate_hz=SOUND_RATE)


@pytest.fixture(scope="module")
def song():
    """Singing for twelve seconds, which voice activity detection takes for speech."""
    sung = non_speech.sound("singing", SUNG)
    resampler = StreamResampler(VOICE_RATE, SOUND_RATE)
    return np.concatenate([resampler.feed(sung), resampler.flush()])


def analyze(samples, duration_s=None, **more):
    recognizer = FakeRecognizer()
    duration_s = duration_s or samples.size / SOUND_RATE
    return SpeechAnalyzer(recognizer).analyze(chunks(samples, **more), duration_s), recognizer


class TestSpeechAnalyzer:
    def test_of_known_speech_only_that_is_classified(self, interview):
        recognizer = FakeRecognizer()
        known = [(1.5, 3.5), (11.0, 12.5)]
        analysis = SpeechAnalyzer(recognizer).analyze(chunks(interview), 16.0, speech=known)
        assert [(o.start_s, o.end_s) for o in analysis.timeline.observations] == known
        assert analysis.voice == tuple(known)
        assert analysis.speech_s == pytest.approx(3.5)
        assert len(recognizer.windows) == 2

    def test_of_no_known_speech_nothing_is_classified(self, interview):
        analysis = SpeechAnalyzer(FakeRecognizer()).analyze(chunks(interview), 16.0, speech=[])
        assert analysis.timeline.observations == ()
        assert analysis.speech_s == 0

    def test_every_sentence_is_labelled_with_the_window_it_lies_in(self, interview):
        analysis, recognizer = analyze(interview)
        observations = analysis.timeline.observations
        assert analysis.timeline.observations
        assert analysis.timeline.modality == SPEECH_EMOTION
        assert len(recognizer.windows) == 3
        assert [o.label for o in observations] == ["calm", "neutral", "calm"]
        for observation, (start_s, _) in zip(observations, SENTENCES, strict=True):
            assert observation.start_s == pytest.approx(start_s, abs=0.2)
            assert 2 < observation.duration_s <= 3
            assert observation.confidence == pytest.approx(0.65)
            assert len(observation.probabilities) == 8
        assert analysis.timeline.observed_s <= analysis.speech_s + 1e-9

    def test_the_input_begins_with_the_lead_before_the_speech(self, interview):
        analysis, recognizer = analyze(interview)
        start_s = analysis.timeline.observations[1].start_s - recognizer.lead_s
        given = recognizer.windows[1]
        assert given.shape == (WINDOW_SAMPLES,)
        first = round(start_s * SOUND_RATE)
        spoken = interview[first : first + 2 * given.size : 2]
        assert np.corrcoef(given, spoken)[0, 1] > 0.95
        assert np.abs(given[: SAMPLE_RATE // 3]).max() < 0.05 * np.abs(given).max()

    def test_a_softer_microphone_changes_nothing(self, interview):
        _, loud = analyze(interview)
        _, soft = analyze(interview * np.float32(0.25))
        assert len(loud.windows) == len(soft.windows)
        for one, other in zip(loud.windows, soft.windows, strict=True):
            assert np.corrcoef(one, other)[0, 1] > 0.9
            assert np.std(one) == pytest.approx(np.std(other), rel=0.1)

    def test_little_speech_is_measured(self, interview):
        analysis, _ = analyze(interview[: 10 * SOUND_RATE])
        assert 5 < analysis.timeline.observed_s < 6
        assert analysis.speech_s >= analysis.timeline.observed_s

    def test_a_silent_track_is_called_silent(self):
        analysis, recognizer = analyze(np.zeros(5 * SOUND_RATE, np.float32))
        assert analysis.is_silent
        assert analysis.timeline.observations == ()
        assert recognizer.windows == []

    def test_sound_without_speech_is_background_sound(self):
        times = np.arange(5 * SOUND_RATE) / SOUND_RATE
        analysis, _ = analyze((0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32))
        assert (analysis.speech_s, analysis.timeline.observations) == (0.0, ())
        assert not analysis.is_silent
        assert analysis.background_s == pytest.approx(5.0, abs=0.05)

    def test_a_quiet_room_is_no_background_sound(self):
        room = np.random.default_rng(1).normal(0, 0.001, 5 * SOUND_RATE).astype(np.float32)
        analysis, recognizer = analyze(room)
        assert (analysis.speech_s, analysis.musical_s, analysis.background_s) == (0.0, 0.0, 0.0)
        assert not analysis.is_silent
        assert recognizer.windows == []

    def test_loud_sound_between_sentences_is_reported_and_not_classified(self, interview):
        drums = non_speech.drums(np.random.default_rng(1))[: 5 * VOICE_RATE]
        resampler = StreamResampler(VOICE_RATE, SOUND_RATE)
        beat = np.concatenate([resampler.feed((0.1 * drums / np.std(drums)).astype(np.float32)), resampler.flush()])
        analysis, recognizer = analyze(np.concatenate([interview, beat]))
        assert len(recognizer.windows) == 3
        alone, _ = analyze(interview)
        assert (analysis.background_s > 0, alone.background_s) == (True, 0.0)

    def test_singing_is_not_classified_and_the_reason_says_so(self, song):
        analysis, recognizer = analyze(song)
        assert not analysis.timeline.observations
        assert recognizer.windows == []
        assert analysis.speech_s < 1  # what was too short for a window
        assert analysis.musical_s > 2

    def test_singing_between_sentences_is_left_out_of_the_speech(self, interview, song):
        silence = np.zeros(SOUND_RATE, np.float32)
        analysis, recognizer = analyze(np.concatenate([interview, silence, song, silence, interview]))
        alone, _ = analyze(interview)
        assert len(recognizer.windows) == 6
        assert analysis.speech_s == pytest.approx(2 * alone.speech_s, abs=1.5)
        assert analysis.musical_s > 2

    def test_narrow_band_sound_has_a_sentence_beside_its_readings(self, interview):
        wide, _ = analyze(interview)
        assert not wide.narrow_band
        down, up = StreamResampler(SOUND_RATE, 8_000), StreamResampler(8_000, SOUND_RATE)
        called = np.concatenate([up.feed(down.feed(interview)), up.feed(down.flush()), up.flush()])
        narrow, _ = analyze(called)
        assert narrow.timeline.observations
        assert narrow.narrow_band

    def test_a_single_word_is_too_short(self):
        analysis, _ = analyze(speak_at([(1.0, "Yes.")], duration_s=4, rate_hz=SOUND_RATE))
        assert not analysis.timeline.observations
        assert 0 < analysis.speech_s < 1
        assert analysis.timeline.observations == ()

    def test_sound_that_begins_late_and_has_a_gap_keeps_its_place(self, interview):
        first, second = interview[: 5 * SOUND_RATE], interview[5 * SOUND_RATE : 10 * SOUND_RATE]
        pieces = [*chunks(first, start_s=2.0), *chunks(second, start_s=20.0)]
        analysis = SpeechAnalyzer(FakeRecognizer()).analyze(pieces, 25.0)
        starts = [o.start_s for o in analysis.timeline.observations]
        assert starts == [pytest.approx(3.0, abs=0.2), pytest.approx(21.0, abs=0.2)]

    def test_speech_running_over_the_end_is_cut_there(self, interview):
        analysis, _ = analyze(interview, duration_s=13.0)
        assert analysis.timeline.observations[-1].end_s == 13.0

    def test_stops_when_asked(self, interview):
        asked = iter([False] * 6 + [True] * 99)
        analysis = SpeechAnalyzer(FakeRecognizer()).analyze(chunks(interview), 16.0, lambda: next(asked))
        assert analysis.timeline.observations[-1].end_s <= 6.0

    def test_only_the_latest_seconds_of_sound_are_kept(self, monkeypatch, interview):
        kept = []

        class MeasuredBuffer(stream.SoundBuffer):
            def add(self, start_s, samples):
                super().add(start_s, samples)
                kept.append(sum(piece.size for _, piece in self._pieces) / SAMPLE_RATE)

        monkeypatch.setattr(stream, "SoundBuffer", MeasuredBuffer)
        analyze(interview)
        assert 3 < max(kept) < 7

    def test_a_missing_model_is_named(self, monkeypatch, interview):
        def missing(*_args):
            raise artifacts.ArtifactMissing("No version of speech_emotion is installed. Train it.")

        monkeypatch.setattr(artifacts, "find", missing)
        with pytest.raises(artifacts.ArtifactMissing, match="Train it"):
            SpeechAnalyzer().analyze(chunks(interview), 16.0)


class TestShadow:
    """A second version classifies the same windows, and its failure does not affect the first."""

    def analyze(self, interview, shadow):
        return SpeechAnalyzer(FakeRecognizer(), shadow=shadow).analyze(chunks(interview), 16.0)

    def test_both_classify_the_same_windows(self, interview):
        second = FakeRecognizer()
        analysis = self.analyze(interview, lambda: second)
        assert len(second.windows) == 3
        assert analysis.shadow == analysis.timeline
        assert analysis.shadow_error is None

    def test_each_has_its_own_lead(self, interview):
        second = FakeRecognizer()
        second.lead_s = 0.26  # 0.24 s less: a whole number of samples
        recognizer = FakeRecognizer()
        SpeechAnalyzer(recognizer, shadow=lambda: second).analyze(chunks(interview), 16.0)
        moved = round(0.24 * SAMPLE_RATE)
        first, other = recognizer.windows[1][moved:], second.windows[1][:-moved]
        assert np.corrcoef(first, other)[0, 1] > 0.999

    def test_one_that_cannot_be_loaded_is_reported(self, interview):
        def load():
            raise artifacts.ArtifactDamaged("It is damaged.")

        analysis = self.analyze(interview, load)
        assert analysis.timeline.observations
        assert isinstance(analysis.shadow_error, artifacts.ArtifactDamaged)
        assert analysis.shadow.observations == ()

    def test_one_that_breaks_later_is_reported(self, interview):
        class Breaks(FakeRecognizer):
            def recognize(self, samples):
                if self.windows:
                    raise RuntimeError("no memory")
                return super().recognize(samples)

        analysis = self.analyze(interview, Breaks)
        assert len(analysis.timeline.observations) == 3
        assert len(analysis.shadow.observations) == 1
        assert str(analysis.shadow_error) == "no memory"
