"""Which of what Whisper wrote may be shown. ``tiny.en`` writes English whatever it hears: fluent nonsense of a foreign
language, loops of one phrase, words in music. A stretch that fails is not readable and has no text.

Each window is judged by the mean probability of its words, its average log-probability, its compression ratio and
Whisper's own probability that nobody speaks; each sentence by its words, by whether voice activity heard anybody there,
and by whether it only repeats the one before.

Measured on the half that no threshold was chosen on (``manage.py benchmark_transcript --data DATA --each 8``;
recordings of 3 to 25 s, spoken language unknown): 46 of 46 English ones get a transcript, and 99.4 % of their speech
is readable (read talk clean, with white noise 10 dB below and in the telephone band, RAVDESS' acted sentences,
espeak-ng); 0 of 28 foreign ones (nEMO's acted Polish; espeak-ng in French, Polish, Dutch and Portuguese) and 0 of 36
sounds that nobody speaks, and not one word of them is shown. On the half that they were chosen on it is 46 of 46, 0
of 32 and 0 of 36: there the mean word probability was at least 0.67 in all English windows but one of four words, and
at most 0.57 in foreign ones that did not repeat themselves. With so few recordings the true rates may still be some
per cent (upper ends of the 95 % intervals: 8 % of English refused, 12 % of foreign speech shown). The foreign speech
is synthesised or Polish, and spontaneous English with an accent was not measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ml.transcript.model import Window
from ml.transcript.sentences import Word
from ml.voice.windows import Span

UNCERTAIN: Final = "The words could not be made out as English."
REPEATED: Final = "Only repetitions were recognised here, which is a sign of words that could not be made out."
SILENT: Final = "Words were recognised where nobody was heard speaking."
WORDLESS: Final = "Somebody was heard, but no words were recognised."


@dataclass(frozen=True, slots=True)
class Thresholds:
    """``minimum_…`` fail below, ``maximum_…`` above. Probabilities 0..1, logarithms natural.

    ``minimum_sentence_probability`` is for sentences of at least ``judged_words``; ``minimum_heard`` is the share of a
    sentence in which voice activity heard somebody, ``near_s`` around it included; ``most_repeats`` counts equal
    sentences of at least ``repeated_words`` that follow each other; ``minimum_readable`` is the share of the speech of
    a recording below which there is no transcript, ``minimum_readable_english`` the same where somebody said that
    English is spoken. Where nobody did, the rest is not listened to when of the first ``given_up_s`` seconds of speech
    less than ``minimum_at_first`` is readable.
    """

    minimum_word_probability: float = 0.65
    minimum_log_probability: float = -0.95
    maximum_compression_ratio: float = 2.4
    maximum_no_speech_probability: float = 0.6
    minimum_log_probability_without_speech: float = -0.6
    minimum_sentence_probability: float = 0.5
    judged_words: int = 3
    minimum_heard: float = 0.3
    near_s: float = 0.3
    most_repeats: int = 2
    repeated_words: int = 3
    minimum_readable: float = 0.5
    minimum_readable_english: float = 0.15
    given_up_s: float = 180.0
    minimum_at_first: float = 0.1


THRESHOLDS: Final = Thresholds()


def window_problem(window: Window, thresholds: Thresholds = THRESHOLDS) -> str:
    """Why a window is not readable, as a sentence; empty when it is."""
    if not window.words:
        return WORDLESS
    if window.compression_ratio > thresholds.maximum_compression_ratio:
        return REPEATED
    log_probability = window.average_log_probability
    nobody = window.no_speech_probability > thresholds.maximum_no_speech_probability
    if (
        mean_probability(window.words) < thresholds.minimum_word_probability
        or log_probability < thresholds.minimum_log_probability
        or (nobody and log_probability < thresholds.minimum_log_probability_without_speech)
    ):
        return UNCERTAIN
    return ""


def sentence_problem(words: Sequence[Word], speech: Iterable[Span], thresholds: Thresholds = THRESHOLDS) -> str:
    """Why a sentence of a readable window is not readable; empty when it is. Both are on the recording's clock."""
    if len(words) >= thresholds.judged_words and mean_probability(words) < thresholds.minimum_sentence_probability:
        return UNCERTAIN
    return SILENT if _heard(words, speech, thresholds.near_s) < thresholds.minimum_heard else ""


def repeated(texts: Sequence[str], thresholds: Thresholds = THRESHOLDS) -> set[int]:
    """The positions of sentences that only repeat each other."""
    found: set[int] = set()
    first = 0
    plain = [_plain(text) for text in texts]
    for at in range(1, len(plain) + 1):
        if at < len(plain) and plain[at] == plain[first]:
            continue
        if at - first > thresholds.most_repeats and len(plain[first]) >= thresholds.repeated_words:
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
    """Whether so much was listened to, and so little of it was readable, that the rest need not be."""
    return speech_s >= thresholds.given_up_s and readable_s < thresholds.minimum_at_first * speech_s


def mean_probability(words: Sequence[Word]) -> float:
    return sum(word.probability for word in words) / max(1, len(words))


def _heard(words: Sequence[Word], speech: Iterable[Span], near_s: float) -> float:
    """The share of the words' time in which somebody was heard."""
    start_s, end_s = words[0].start_s, max(words[-1].end_s, words[0].start_s + 0.01)
    heard_s, until_s = 0.0, start_s
    for first_s, last_s in speech:
        begin, end = max(until_s, first_s - near_s), min(end_s, last_s + near_s)
        if end > begin:
            heard_s += end - begin
            until_s = end
    return heard_s / (end_s - start_s)


def _plain(text: str) -> tuple[str, ...]:
    return tuple("".join(c for c in word.lower() if c.isalnum()) for word in text.split())
