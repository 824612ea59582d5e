"""From an uploaded file to a version that can serve.

``python -m ml.imports.convert FILE --modality M --version V --name N --labels a,b,c --output FOLDER`` prints one JSON
object per line: stages while it works, and last whether it was ``ok``, with a sentence when not. It exits 0 either way.
It is meant to run confined (:mod:`ml.confinement`): what is in the file can then reach nothing.
"""

import argparse
import dataclasses
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml import artifacts
from ml.artifacts import Manifest
from ml.imports import archive, litert, lockdown, trial
from ml.imports.archive import Archive
from ml.imports.errors import ImportRefused
from ml.imports.inspect import KERAS, Inspection, inspect_upload
from ml.inputs import InputSpec
from ml.recognizers import RECOGNIZERS, RecognizerSpec
from ml.training import package
from ml.training.package import Description

MOST_TEXT: Final = 2000
_UNSTATED: Final = "Not stated by whoever brought the file."

Report = Callable[[str, float], None]
"""Takes a stage in words and the share that is done, 0..1."""


def convert(
    path: Path,
    *,
    modality: str,
    version: str,
    name: str,
    labels: tuple[str, ...],
    output: Path,
    preprocessing: Mapping[str, float] | None = None,
    data: str = "",
    licence: str = "",
    report: Report = lambda stage, share: None,
) -> Manifest:
    """Write ``manifest.json`` and ``model.tflite`` into ``output`` (made here); raises :class:`ImportRefused`.

    ``preprocessing`` are the numbers that the preprocessing of such inputs needs, by default an installed version's.
    This process can do little else afterwards: it is locked down before the file is loaded.
    """
    report("Checking the file", 0.05)
    inspection = inspect_upload(path, modality=modality, labels=labels)
    recognizer = dataclasses.replace(RECOGNIZERS[modality], labels=inspection.labels)
    installed = _installed_statistics(recognizer)  # read now: behind the lock this process sees its folder only
    facts: dict[str, Any] = {"source": f"uploaded .{inspection.kind} file", "uploaded_sha256": inspection.sha256}
    if inspection.kind == KERAS:
        report("Converting the network", 0.2)
        content, original, parameters = _from_keras(path, inspection, recognizer)
    else:
        lockdown.forbid_code()
        (content, parameters), original = litert.rewritten(path.read_bytes()), None
    report("Trying the network", 0.85)
    tried = trial.run(content, recognizer)
    numbers = _preprocessing(tried.input, preprocessing, installed)
    facts["probe_examples"], facts["probe_latency_ms"] = len(tried.probabilities), tried.latency_ms
    if original is not None:
        facts["probe_largest_difference"] = round(trial.check_agreement(tried.probabilities, original), 6)
    description = Description(
        modality=modality,
        name=name[:100],
        version=version,
        input=tried.input.to_manifest() | {"outputs": int(tried.probabilities.shape[1])},
        labels=inspection.labels,
        data=data[:MOST_TEXT] or _UNSTATED,
        licence=licence[:MOST_TEXT] or _UNSTATED,
        protocol="Brought as a file: how it was trained and chosen is not known here. Not calibrated.",
        preprocessing=numbers,
        training=facts,
    )
    manifest = description.manifest(content, parameters=parameters)
    with package.replaced(output) as folder:
        (folder / manifest.file).write_bytes(content)
        package.write_manifest(folder, manifest)
    return manifest


def _preprocessing(
    spec: InputSpec, given: Mapping[str, float] | None, installed: Mapping[str, float]
) -> dict[str, Any]:
    """The manifest's ``preprocessing``, from the numbers given or those installed; raises :class:`ImportRefused`."""
    wanted = spec.statistics
    numbers = given or {key: installed[key] for key in wanted if key in installed}
    if not numbers and wanted:
        raise ImportRefused(f"Give {' and '.join(wanted)} with the file: no installed version has them.")
    sound = all(isinstance(value, int | float) and np.isfinite(value) for value in numbers.values())
    if set(numbers) != set(wanted) or not sound or numbers.get("std", 1) <= 0:
        needed = f"the finite numbers {' and '.join(wanted)}" if wanted else "no numbers"
        raise ImportRefused(f"The preprocessing of this network's inputs takes {needed}, and nothing else.")
    return {**spec.settings, **{key: float(value) for key, value in numbers.items()}}


def _installed_statistics(recognizer: RecognizerSpec) -> dict[str, float]:
    """The statistics of the training data of an installed version that has any; empty without one."""
    wanted = {key for spec in recognizer.inputs for key in spec.statistics}
    for artifact in artifacts.installed():
        manifest = artifact.manifest
        if wanted and manifest.modality == recognizer.modality and wanted <= manifest.preprocessing.keys():
            return {key: float(manifest.preprocessing[key]) for key in wanted}
    return {}


def _from_keras(path: Path, inspection: Inspection, recognizer: RecognizerSpec) -> tuple[bytes, Any, int]:
    """The LiteRT file, what the network itself answers to the trial's examples, and its number of parameters."""
    # Serving multiplies in float32, so the comparison must.
    os.environ["TF_SET_ONEDNN_FPMATH_MODE"] = "STRICT"
    os.environ["KERAS_HOME"] = tempfile.gettempdir()  # nobody's own settings of Keras
    os.environ["JOBLIB_MULTIPROCESSING"] = "0"  # a confined process shares no memory, which joblib would complain of
    from ml.training import convert as training
    from ml.training.backend import keras
    from ml.training.errors import TrainingError
    from ml.training.loop import predict

    k = keras(threads=1)
    with tempfile.TemporaryDirectory(prefix="candor-import-") as folder:
        # Keras never sees the upload: only an archive of our own, with the three parts that were checked.
        checked = Path(folder) / "checked.keras"
        unpacked = Path(folder) / archive.WEIGHTS
        source = Archive(path)
        source.copy(archive.WEIGHTS, unpacked)
        with zipfile.ZipFile(checked, "w") as written:
            written.writestr(archive.METADATA, source.read(archive.METADATA))
            written.writestr(archive.CONFIG, json.dumps(inspection.config))
            written.write(unpacked, archive.WEIGHTS)
        lockdown.forbid_code()
        try:
            model = k.models.load_model(checked, compile=False, safe_mode=True)
        except Exception as error:  # Keras raises whatever its layers raise
            raise ImportRefused(
                "Keras cannot build this network from its description and weights. Save it again with Keras 3."
            ) from error
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ImportRefused("The network has several inputs or outputs; a recogniser here has one of each.")
    spec = trial.check_signature(recognizer, tuple(model.inputs[0].shape), tuple(model.outputs[0].shape))
    inputs = trial.examples(spec)
    try:
        content = training.to_litert(model, inputs, half_precision=False)
    except TrainingError as error:
        raise ImportRefused(str(error)) from error
    except Exception as error:  # the converter names the operator in words of its own
        raise ImportRefused("This network cannot be converted for serving with LiteRT's built-in operators.") from error
    # The converter's file is read like anybody's: an operator that is refused in an upload is refused here too.
    content, _ = litert.rewritten(content)
    return content, predict(model, inputs), int(model.count_params())


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.imports.convert", description="Take in an uploaded network.")
    parser.add_argument("file", type=Path)
    for name in ("modality", "version", "name", "labels"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--preprocessing", default="{}", help="JSON object of numbers")
    parser.add_argument("--data", default="", help="what it was trained on")
    parser.add_argument("--licence", default="")
    options = parser.parse_args(arguments)
    answer = _answer_channel()
    try:
        manifest = convert(
            options.file,
            modality=options.modality,
            version=options.version,
            name=options.name,
            labels=tuple(options.labels.split(",")),
            output=options.output,
            preprocessing=json.loads(options.preprocessing),
            data=options.data,
            licence=options.licence,
            report=lambda stage, share: answer({"stage": stage, "share": share}),
        )
        answer({"ok": True, "manifest": manifest.to_json()})
    except ImportRefused as error:
        answer({"ok": False, "sentence": str(error)})
    except artifacts.ModelUnavailable as error:
        answer({"ok": False, "sentence": f"The numbers of the preprocessing are not known here. {error}"})
    except MemoryError:
        answer({"ok": False, "sentence": "This network needs more memory than a recogniser here may use."})
    except lockdown.Forbidden as error:
        sys.stderr.write(f"forbidden: {error}\n")
        answer({"ok": False, "sentence": "This file tried to run code or to reach other programs. It was stopped."})


def _answer_channel() -> Callable[[dict[str, Any]], None]:
    """Standard output for us alone: native libraries print there too, and get standard error instead."""
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def answer(line: dict[str, Any]) -> None:
        stream.write(json.dumps(line) + "\n")
        stream.flush()

    return answer


if __name__ == "__main__":
    main(sys.argv[1:])
