"""What augmentation does to a sound and to its spectrogram, and what it leaves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.speech_emotion.features.log_mel import FEATURE_RATE, FEATURE_SAMPLES, LEAD_S
from ml.training.speech_emotion.encoder import augmentation


def spoken(*, before_s=1.0, speech_s=1.5, after_s=0.5, seed=0):
    """Noise as loud as speech between near silences."""
    random = np.random.default_rng(seed)
    levels = np.concatenate(
        [np.full(round(s * FEATURE_RATE), level) for s, level in ((before_s, 1e-4), (speech_s, 0.1))]
    )
    levels = np.concatenate([levels, np.full(round(after_s * FEATURE_RATE), 1e-4)])
    return (levels * random.normal(size=len(levels))).astype(np.float32)


@pytest.fixture(scope="module")
def babble():
    return [spoken(seed=seed) for seed in range(1, 4)]


def power(samples):
    return float(np.mean(np.square(samples, dtype=np.float64)))


class TestWindow:
    def test_speech_is_found_between_silences(self):
        first, last = augmentation.speech_span(spoken())
        assert first == pytest.approx(FEATURE_RATE, abs=FEATURE_RATE // 50)
        assert last == pytest.approx(2.5 * FEATURE_RATE, abs=FEATURE_RATE // 50)

    def test_silence_is_a_span_too(self):
        assert augmentation.speech_span(np.zeros(FEATURE_RATE, np.float32)) == (0, FEATURE_RATE)

    def test_the_first_window_begins_a_little_before_the_speech(self):
        samples = spoken()
        window = augmentation.first_window(samples)
        assert window.shape == (FEATURE_SAMPLES,)
        lead = round(LEAD_S * FEATURE_RATE)
        assert power(window[: lead - FEATURE_RATE // 50]) < 1e-7
        assert power(window[lead + FEATURE_RATE // 50 : lead + FEATURE_RATE]) > 1e-3
        first = augmentation.speech_span(samples)[0]
        np.testing.assert_array_equal(window[lead : lead + FEATURE_RATE], samples[first : first + FEATURE_RATE])

    def test_a_late_window_begins_so_much_later(self):
        samples = spoken(speech_s=3)
        late = augmentation.first_window(samples, late_s=0.5)
        np.testing.assert_array_equal(
            late[: FEATURE_SAMPLES - FEATURE_RATE // 2],
            augmentation.first_window(samples)[FEATURE_RATE // 2 : FEATURE_SAMPLES],
        )

    def test_where_a_clip_has_nothing_there_are_zeros(self):
        clip = np.ones(FEATURE_RATE, np.float32)
        early = augmentation.window_at(clip, -100)
        assert (early[:100] == 0).all()
        assert (early[100 : 100 + FEATURE_RATE] == 1).all()
        assert (early[100 + FEATURE_RATE :] == 0).all()
        assert (augmentation.window_at(clip, FEATURE_RATE) == 0).all()
        assert (augmentation.window_at(clip, -FEATURE_SAMPLES) == 0).all()


class TestAugment:
    @settings(deadline=None, max_examples=25)
    @given(seed=st.integers(0, 10_000), speech_s=st.floats(0.1, 5))
    def test_it_is_a_finite_window_with_some_of_the_speech(self, seed, speech_s):
        random = np.random.default_rng(seed)
        window = augmentation.augment(spoken(speech_s=speech_s), [spoken(seed=2)], random)
        assert window.shape == (FEATURE_SAMPLES,)
        assert window.dtype == np.float32
        assert np.isfinite(window).all()
        assert power(window) > 1e-5

    def test_the_same_seed_gives_the_same_window(self, babble):
        one, same, other = (augmentation.augment(spoken(), babble, np.random.default_rng(seed)) for seed in (3, 3, 4))
        np.testing.assert_array_equal(one, same)
        assert np.abs(one - other).max() > 1e-3

    def test_the_clip_itself_is_left_as_it_is(self, babble):
        samples = spoken()
        before = samples.copy()
        for seed in range(8):
            augmentation.augment(samples, babble, np.random.default_rng(seed))
        np.testing.assert_array_equal(samples, before)


class TestSpecAugment:
    def test_what_is_not_masked_stays(self):
        spectrogram = np.random.default_rng(0).normal(size=(300, 80)).astype(np.float32)
        for seed in range(20):
            masked = augmentation.spec_augment(spectrogram, np.random.default_rng(seed))
            changed = masked != spectrogram
            assert np.allclose(masked[changed], spectrogram.mean())
            frames, bands = changed.all(axis=1), changed.all(axis=0)
            assert not changed[~frames][:, ~bands].any()
            assert frames.sum() <= 2 * 30
            assert bands.sum() <= 2 * 12

    def test_the_spectrogram_itself_is_left_as_it_is(self):
        spectrogram = np.arange(300 * 80, dtype=np.float32).reshape(300, 80)
        before = spectrogram.copy()
        augmentation.spec_augment(spectrogram, np.random.default_rng(0))
        np.testing.assert_array_equal(spectrogram, before)


class TestSound:
    @settings(deadline=None, max_examples=25)
    @given(st.floats(0.5, 2.0))
    def test_speed_changes_the_duration(self, factor):
        assert len(augmentation.change_speed(np.zeros(FEATURE_RATE, np.float32), factor)) == pytest.approx(
            FEATURE_RATE / factor, abs=2
        )

    def test_speed_changes_the_pitch_too(self):
        tone = np.sin(2 * np.pi * 200 * np.arange(FEATURE_RATE) / FEATURE_RATE).astype(np.float32)
        faster = augmentation.change_speed(tone, 1.1)
        assert np.abs(np.fft.rfft(faster, FEATURE_RATE)).argmax() == pytest.approx(220, abs=1)

    def test_reverberation_follows_the_sound(self):
        click = np.zeros(FEATURE_SAMPLES, np.float32)
        click[FEATURE_RATE] = 1
        wet = augmentation.reverberate(click, np.random.default_rng(0))
        assert wet.shape == click.shape
        assert wet[FEATURE_RATE] == pytest.approx(1, abs=0.2)
        assert np.abs(wet[:FEATURE_RATE]).max() < 1e-6
        assert power(wet[FEATURE_RATE + 1 : FEATURE_RATE + FEATURE_RATE // 10]) > 0
        assert np.abs(wet[round(1.61 * FEATURE_RATE) :]).max() < 1e-6

    def test_an_equaliser_changes_frequencies_and_not_time(self):
        noise = np.random.default_rng(0).normal(size=FEATURE_SAMPLES).astype(np.float32)
        changed = augmentation.equalise(noise, np.random.default_rng(1))
        before, after = (np.abs(np.fft.rfft(x)) for x in (noise, changed))
        assert changed.shape == noise.shape
        # At 1 kHz nothing is tilted or cut.
        assert (after / before)[3000] == pytest.approx(1, abs=0.05)
        assert (after / before)[30] < 0.5


class TestNoise:
    @pytest.mark.parametrize("kind", ["white", "pink", "babble"])
    @pytest.mark.parametrize("ratio_db", [-5.0, 0.0, 10.0, 28.0])
    def test_the_ratio_is_what_was_asked_for(self, babble, kind, ratio_db):
        speech = spoken(before_s=0, speech_s=3, after_s=0)
        added = augmentation.noise(kind, babble, np.random.default_rng(0))
        assert added.shape == (FEATURE_SAMPLES,)
        noisy = augmentation.add_noise(speech, added, ratio_db)
        assert 10 * np.log10(power(speech) / power(noisy - speech)) == pytest.approx(ratio_db, abs=0.05)

    def test_what_a_clip_does_not_have_does_not_count_as_speech(self):
        half = spoken(before_s=0, speech_s=1.5, after_s=0)
        padded = augmentation.window_at(half, 0)
        added = augmentation.noise("white", [], np.random.default_rng(0))
        noisy = augmentation.add_noise(padded, added, 10.0)
        assert 10 * np.log10(power(half) / power(noisy - padded)) == pytest.approx(10, abs=0.05)

    def test_noise_on_silence_is_finite(self):
        added = augmentation.noise("white", [], np.random.default_rng(0))
        assert np.isfinite(augmentation.add_noise(np.zeros(FEATURE_SAMPLES, np.float32), added, 0.0)).all()

    def test_babble_is_of_several_clips_as_loud_as_each_other(self):
        loud, soft = np.full(FEATURE_SAMPLES + 1, 0.5, np.float32), np.full(FEATURE_SAMPLES + 1, -0.001, np.float32)
        sums = {
            round(float(augmentation.noise("babble", [loud, soft], np.random.default_rng(seed)).mean()))
            for seed in range(20)
        }
        assert sums <= {-6, -4, -2, 0, 2, 4, 6}
        assert len(sums) > 2
