"""The guard: which of Whisper's text is shown. ``tiny.en`` writes fluent English for any sound: nonsense for a foreign
language, one phrase over and over, words for music. Speech that fails is not readable and has no text.

A decoding result is checked by the mean probability of its words, its average log-probability, its compression ratio
and Whisper's no-speech probability. A sentence is checked by the probability of its words, by its overlap with the
speech that voice activity detection found, and by whether it only repeats the one before.

Measured on the half that no threshold was chosen on (``manage.py benchmark_transcript --data DATA --each 8``;
recordings of 3 to 25 s, spoken language unknown):

- 46 of 46 English recordings get a transcript, and 99.4 % of their speech is readable (read talk as recorded, with
  white noise 10 dB below and in the telephone band; RAVDESS' acted sentences; espeak-ng).
- 0 of 28 foreign recordings get one (nEMO's acted Polish; espeak-ng in French, Polish, Dutch and Portuguese), and 0 of
  36 sounds without speech. Not one word of them is shown.
- On the half that the thresholds were chosen on it is 46 of 46, 0 of 32 and 0 of 36. There the mean word probability
  was at least 0.67 in all English results but one of four words, and at most 0.57 in foreign ones that did not repeat
  themselves.

With so few recordings the true rates may still be some per cent: the upper ends of the 95 % intervals are 8 % of
English refused and 12 % of foreign speech shown. The foreign speech is synthesised or Polish. Spontaneous English with
an accent was not measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ml.transcript.model import DecodingResult
from ml.transcript.sentences import Word
from ml.voice.windows import Span

UNCERTAIN: Final = "The words could not be made out as English."
REPEATED: Final = "Only repetitions were recognised here, which is a sign of words that could not be made out."
SILENT: Final = "Words were recognised where nobody was heard speaking."
WORDLESS: Final = "Somebody was heard, but no words were recognised."


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is below a ``minimum_…`` or above a ``maximum_…`` fails. Probabilities 0..1, logarithms natural.

    Of sentences: ``minimum_sentence_probability`` is for those of at least ``sentence_words`` words;
    ``minimum_speech_overlap`` is the share of a sentence that overlaps with speech, which is widened by
    ``overlap_margin_s``; more than ``maximum_repeats`` equal sentences in a row, of at least ``repeated_words`` words,
    are repetitions.

    Of recordings: without ``minimum_readable`` as a share of the speech there is no transcript, or, where somebody said
    that English is spoken, without ``minimum_readable_english``. Where nobody did, decoding stops early when less than
    ``minimum_early_readable`` of the first ``early_speech_s`` seconds of speech is readable.
    """

    minimum_word_probability: float = 0.65
    minimum_log_probability: float = -0.95
    maximum_compression_ratio: float = 2.4
    maximum_no_speech_probability: float = 0.6
    minimum_log_probability_without_speech: float = -0.6
    minimum_sentence_probability: float = 0.5
    sentence_words: int = 3
    minimum_speech_overlap: float = 0.3
    overlap_margin_s: float = 0.3
    maximum_repeats: int = 2
    repeated_words: int = 3
    minimum_readable: float = 0.5
    minimum_readable_english: float = 0.15
    early_speech_s: float = 180.0
    minimum_early_readable: float = 0.1


THRESHOLDS: Final = Thresholds()


def decoding_problem(result: DecodingResult, thresholds: Thresholds = THRESHOLDS) -> str:
    """Why a decoding result is not readable, as a sentence; empty when it is."""
    if not result.words:
        return WORDLESS
    if result.compression_ratio > thresholds.maximum_compression_ratio:
        return REPEATED
    log_probability = result.average_log_probability
    nobody = result.no_speech_probability > thresholds.maximum_no_speech_probability
    if (
        mean_probability(result.words) < thresholds.minimum_word_probability
        or log_probability < thresholds.minimum_log_probability
        or (nobody and log_probability < thresholds.minimum_log_probability_without_speech)
    ):
        return UNCERTAIN
    return ""


def sentence_problem(words: Sequence[Word], speech: Iterable[Span], thresholds: Thresholds = THRESHOLDS) -> str:
    """Why a sentence of a readable window is not readable; empty when it is. Both are on the recording's clock."""
    if len(words) >= thresholds.sentence_words and mean_probability(words) < thresholds.minimum_sentence_probability:
        return UNCERTAIN
    return (
        SILENT
        if _speech_overlap(words, speech, thresholds.overlap_margin_s) < thresholds.minimum_speech_overlap
        else ""
    )


def repeated(texts: Sequence[str], thresholds: Thresholds = THRESHOLDS) -> set[int]:
    """The positions of sentences that repeat each other."""
    found: set[int] = set()
    first = 0
    plain = [_plain(text) for text in texts]
    for at in range(1, len(plain) + 1):
        if at < len(plain) and plain[at] == plain[first]:
            continue
        if at - first > thresholds.maximum_repeats and len(plain[first]) >= thresholds.repeated_words:
            found.update(range(first, at))
        first = at
    return found


def refusal(*, readable_s: float, speech_s: float, is_english: bool, thresholds: Thresholds = THRESHOLDS) -> str:
    """Why a recording gets no transcript at all, as a sentence; empty when it gets one. ``is_english``: somebody said
    that English is spoken."""
    if speech_s <= 0:
        return "Nobody was heard speaking in this recording, so there is no transcript."
    enough = thresholds.minimum_readable_english if is_english else thresholds.minimum_readable
    if readable_s / speech_s >= enough:
        return ""
    if is_english:
        return (
            "Next to nothing of what is said could be made out, so there is no transcript. The sound may be too quiet "
            "or too noisy, or another language than English is spoken."
        )
    return (
        "Most of what is said could not be made out as English, so there is no transcript. Probably another language "
        "is spoken."
    )


def is_hopeless(*, readable_s: float, speech_s: float, thresholds: Thresholds = THRESHOLDS) -> bool:
    """Whether so little of the first minutes of speech was readable that decoding stops."""
    return speech_s >= thresholds.early_speech_s and readable_s < thresholds.minimum_early_readable * speech_s


def mean_probability(words: Sequence[Word]) -> float:
    return sum(word.probability for word in words) / max(1, len(words))


def _speech_overlap(words: Sequence[Word], speech: Iterable[Span], margin_s: float) -> float:
    """The share of the words' time that overlaps with speech widened by a margin."""
    start_s, end_s = words[0].start_s, max(words[-1].end_s, words[0].start_s + 0.01)
    overlap_s, until_s = 0.0, start_s
    for first_s, last_s in speech:
        begin, end = max(until_s, first_s - margin_s), min(end_s, last_s + margin_s)
        if end > begin:
            overlap_s += end - begin
            until_s = end
    return overlap_s / (end_s - start_s)


def _plain(text: str) -> tuple[str, ...]:
    return tuple("".join(c for c in word.lower() if c.isalnum()) for word in text.split())
