"""Benchmark of the transcript: speed, memory, and how often the guard is right.

The guard is tried on recordings of about 25 s: English (LibriSpeech's read talk, RAVDESS' acted sentences, espeak-ng),
also with white noise and in the telephone band; foreign speech (nEMO's Polish, and espeak-ng in eight languages); and
the sounds of :mod:`ml.benchmarks.voice.non_speech`, which nobody speaks. The thresholds were chosen on the first
half of each (``chosen_on``); what is reported is measured on the other.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from ml.arrays import Samples
from ml.benchmarks.voice import non_speech
from ml.corruptions.sounds import telephone_band
from ml.demo.speech import speak
from ml.media.probe import probe
from ml.training.errors import TrainingError
from ml.transcript import guard
from ml.transcript.model import Whisper
from ml.transcript.transcriber import Recognition, recognize, sentences_of, transcribe
from ml.voice.activity import SAMPLE_RATE
from ml.voice.resampling import StreamResampler

Kind = Literal["english", "foreign", "nobody"]

EACH: Final = 24
"""Recordings of each group, at most."""
LENGTH_S: Final = 25.0
PAUSE_S: Final = 0.5
NOISE_DB: Final = 10.0
SEED: Final = 6
FIRST_REPORTED_SOUND: Final = 1000

ENGLISH: Final = (
    "Thank you for coming today. I worked on a billing system for a hospital. It took about two years, and we were "
    "five people. The hardest part was moving the data, because nobody knew what the old fields meant.",
    "I studied mathematics and moved to software, because I like to see that things work. Could you tell me more about "
    "the team? We meet every morning for ten minutes, and then everybody works alone.",
)
FOREIGN: Final = {
    "es": (
        "Muchas gracias por la invitación. Trabajé en un sistema de facturación para un hospital. Duró unos dos "
        "años y éramos cinco personas. Lo más difícil fue la migración de los datos, porque nadie sabía qué "
        "significaban los campos antiguos."
    ),
    "fr": (
        "Merci beaucoup pour l'invitation. J'ai travaillé sur un système de facturation pour un hôpital. Cela a "
        "duré environ deux ans et nous étions cinq. Le plus difficile était la migration des données, car "
        "personne ne savait ce que signifiaient les anciens champs."
    ),
    "de": (
        "Vielen Dank für die Einladung. Ich habe an einem Abrechnungssystem für ein Krankenhaus gearbeitet. Es "
        "dauerte etwa zwei Jahre, und wir waren fünf Personen. Am schwierigsten war die Übertragung der Daten, "
        "weil niemand wusste, was die alten Felder bedeuteten."
    ),
    "pl": (
        "Dziękuję bardzo za zaproszenie. Pracowałem nad systemem rozliczeń dla szpitala. Trwało to około dwóch "
        "lat i było nas pięć osób. Najtrudniejsza była migracja danych, ponieważ nikt nie wiedział, co oznaczają "
        "stare pola."
    ),
    "it": (
        "Grazie mille per l'invito. Ho lavorato a un sistema di fatturazione per un ospedale. È durato circa due "
        "anni ed eravamo in cinque. La parte più difficile è stata la migrazione dei dati, perché nessuno sapeva "
        "che cosa significassero i vecchi campi."
    ),
    "nl": (
        "Hartelijk dank voor de uitnodiging. Ik heb gewerkt aan een facturatiesysteem voor een ziekenhuis. Het "
        "duurde ongeveer twee jaar en we waren met vijf personen. Het moeilijkste was de overdracht van de "
        "gegevens, omdat niemand wist wat de oude velden betekenden."
    ),
    "tr": (
        "Davetiniz için çok teşekkür ederim. Bir hastane için faturalama sistemi üzerinde çalıştım. Yaklaşık iki "
        "yıl sürdü ve beş kişiydik. En zor kısmı verilerin taşınmasıydı, çünkü eski alanların ne anlama geldiğini "
        "kimse bilmiyordu."
    ),
    "pt": (
        "Muito obrigado pelo convite. Trabalhei num sistema de faturação para um hospital. Durou cerca de dois "
        "anos e éramos cinco pessoas. O mais difícil foi a migração dos dados, porque ninguém sabia o que "
        "significavam os campos antigos."
    ),
}
VOICES: Final = ("", "+f2", "+m3")


@dataclass(frozen=True, slots=True)
class Item:
    """One recording of a known kind; ``make`` gives its sound, float32 (n,) at :data:`SAMPLE_RATE`."""

    group: str
    kind: Kind
    make: Callable[[], Samples]


def measure_recording(path: Path, *, threads: int) -> dict[str, Any]:
    """Real-time factor (the recording's seconds over those that it took), the processor's seconds, which a busy machine
    does not change much, and the peak resident memory of this process."""
    duration_s = probe(path).duration_s
    load, busy_s = os.getloadavg()[0], time.process_time()
    made = transcribe(path, duration_s=duration_s, threads=threads)
    return {
        "duration_s": round(duration_s, 1),
        "speech_s": made.speech_s,
        "readable_s": made.readable_s,
        "sentences": len(made.sentences),
        "refusal": made.refusal,
        "threads": threads,
        "wall_s": made.wall_s,
        "realtime_factor": made.realtime_factor,
        "processor_s": round(time.process_time() - busy_s, 1),
        "load_before": round(load, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "model": f"{made.model_name} {made.model_version}, sha256 {made.model_sha256[:12]}",
    }


def measure_guard(
    data: Path,
    *,
    threads: int,
    chosen_on: bool = False,
    each: int = EACH,
    progress: Callable[[int, int], None] = lambda done, of: None,
    on_recognized: Callable[[Item, Recognition], None] = lambda item, recognition: None,
) -> dict[str, Any]:
    """By group: how many recordings get a transcript, and the share of their speech that is readable.

    ``progress`` is called with how many recordings are done, of how many; ``on_recognized``
    with the recognition of each. Raises
    :class:`TrainingError` where ``data`` lacks ``ordinary_talk``, ``ravdess`` or ``nemo``.
    """
    items = list(recordings(data, chosen_on=chosen_on, each=each))
    whisper = Whisper(threads=threads)
    rows: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(items, start=1):
        sound = item.make()
        recognition = recognize(_chunks(sound), whisper)
        shown = guard.refusal(readable_s=recognition.readable_s, speech_s=recognition.speech_s, is_english=False) == ""
        words = sum(len(sentence.text.split()) for sentence in sentences_of(recognition.parts)) if shown else 0
        row = rows.setdefault(
            item.group,
            {"kind": item.kind, "recordings": 0, "transcripts": 0, "speech_s": 0.0, "readable_s": 0.0, "words": 0},
        )
        row["recordings"] += 1
        row["transcripts"] += shown
        row["speech_s"] += recognition.speech_s
        row["readable_s"] += recognition.readable_s
        row["words"] += words
        on_recognized(item, recognition)
        progress(number, len(items))
    for row in rows.values():
        row["speech_s"], row["readable_s"] = round(row["speech_s"], 1), round(row["readable_s"], 1)
    return {"half": "chosen on" if chosen_on else "reported", "threads": threads, "groups": rows, "kinds": _kinds(rows)}


def recordings(data: Path, *, chosen_on: bool, each: int) -> Iterator[Item]:
    """The recordings that the guard is measured on: of each group at most ``each`` of one half."""
    half = slice(0, None, 2) if chosen_on else slice(1, None, 2)
    talk = _files(data, "ordinary_talk/train/*.flac")[half]
    for files in _groups(talk, 4)[:each]:
        yield Item("read talk", "english", partial(_joined, files))
    for files in _groups(talk, 4)[:each]:
        yield Item("read talk, white noise 10 dB below", "english", partial(_noisy, files))
        yield Item("read talk, telephone band", "english", partial(_telephone, files))
    for file in talk[: 2 * each : 2]:
        yield Item("read talk, one clip of 6 s", "english", partial(_joined, [file]))
    acted = _shuffled(_files(data, "ravdess/Actor_*/*.flac"))[half]
    both = ([file for file in acted if file.stem.split("-")[4] == statement] for statement in ("01", "02"))
    for pair in list(zip(*both, strict=False))[:each]:
        yield Item("acted, both sentences", "english", partial(_joined, pair))
    for words in ENGLISH:
        for voice in VOICES:
            yield Item("synthesised English", "english", partial(_spoken, words, "en-us" + voice))
    foreign = _shuffled(_files(data, "nemo/*/*.flac"))
    for speaker in sorted({file.parent.name for file in foreign})[half]:
        own = [file for file in foreign if file.parent.name == speaker]
        for files in _groups(own, 8)[: max(1, each // 4)]:
            yield Item("acted Polish", "foreign", partial(_joined, files))
        for file in own[: max(1, each // 4)]:
            yield Item("acted Polish, one clip of 3 s", "foreign", partial(_joined, [file]))
    for language in list(FOREIGN)[half]:
        for voice in VOICES:
            made = partial(_spoken, FOREIGN[language], language + voice)
            yield Item(f"synthesised {language}", "foreign", made)
    for name in non_speech.SOUNDS:
        for seed in range(2):
            made = partial(non_speech.sound, name, seed + (0 if chosen_on else FIRST_REPORTED_SOUND))
            yield Item("sounds that nobody speaks", "nobody", made)


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = []
    if "recording" in figures:
        row = figures["recording"]
        lines += [
            f"{row['duration_s']} s of recording in {row['wall_s']} s: {row['realtime_factor']} times real time on"
            f" {row['threads']} threads, {row['processor_s']} s of processor time (load before: {row['load_before']})",
            f"  {row['peak_memory_mb']} MB of memory at most",
            f"  {row['sentences']} sentences, {row['readable_s']} s readable of {row['speech_s']} s of speech",
            *([f"  {row['refusal']}"] if row["refusal"] else []),
            f"  {row['model']}",
        ]
    if "guard" in figures:
        lines.append(f"the guard ({figures['guard']['half']})")
        lines.append(f"  {'':36} {'recordings':>10} {'transcripts':>11} {'speech':>9} {'readable':>9} {'words':>6}")
        for name, row in (*figures["guard"]["groups"].items(), *figures["guard"]["kinds"].items()):
            share = row["readable_s"] / row["speech_s"] if row["speech_s"] else 0.0
            lines.append(
                f"  {name:36} {row['recordings']:>10} {row['transcripts']:>11} {row['speech_s']:>7.0f} s {share:>9.1%}"
                f" {row['words']:>6}"
            )
    return "\n".join(lines)


def _kinds(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    sums: dict[str, dict[str, Any]] = {}
    for row in rows.values():
        total = sums.setdefault(f"all {row['kind']}", dict.fromkeys(row, 0) | {"kind": row["kind"]})
        for key in ("recordings", "transcripts", "speech_s", "readable_s", "words"):
            total[key] = round(total[key] + row[key], 1)
    return sums


def _files(data: Path, pattern: str) -> list[Path]:
    found = sorted(data.glob(pattern))
    if not found:
        raise TrainingError(f"{data / pattern} names no files: --data must name the folder with ordinary_talk/.")
    return found


def _shuffled(files: list[Path]) -> list[Path]:
    return [files[index] for index in np.random.default_rng(SEED).permutation(len(files))]


def _groups(files: list[Path], size: int) -> list[list[Path]]:
    return [files[first : first + size] for first in range(0, len(files) - size + 1, size)]


def _joined(files: Sequence[Path]) -> Samples:
    """The clips after each other with pauses between them, at most about :data:`LENGTH_S`."""
    import soundfile

    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE), np.float32)
    pieces: list[Samples] = []
    for file in files:
        samples, rate = soundfile.read(file, dtype="float32")
        if rate != SAMPLE_RATE:
            resampler = StreamResampler(rate, SAMPLE_RATE)
            samples = np.concatenate([resampler.feed(samples), resampler.flush()])
        pieces += [samples, pause]
    return np.concatenate(pieces)[: round(LENGTH_S * SAMPLE_RATE)]


def _spoken(words: str, voice: str) -> Samples:
    return np.array(speak(words, rate_hz=SAMPLE_RATE, voice=voice, words_per_minute=150))


def _noisy(files: Sequence[Path]) -> Samples:
    sound = _joined(files)
    noise = np.random.default_rng(SEED).standard_normal(sound.size)
    power = float(np.mean(np.square(sound, dtype=np.float64))) * 10 ** (-NOISE_DB / 10)
    return np.asarray(np.clip(sound + noise * np.sqrt(power), -1, 1), np.float32)


def _telephone(files: Sequence[Path]) -> Samples:
    return telephone_band(_joined(files), SAMPLE_RATE)


def _chunks(sound: Samples) -> Iterator[tuple[float, Samples]]:
    for first in range(0, sound.size, SAMPLE_RATE):
        yield first / SAMPLE_RATE, sound[first : first + SAMPLE_RATE]
