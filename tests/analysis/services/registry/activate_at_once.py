"""Four people activate four versions at the same moment. Run with the environment of a migrated installation.

Prints ``{"active": [...], "outcomes": [...], "lines": [...]}``.
"""

import json
import tempfile
import threading
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from analysis.models import ModelChange, ModelVersion  # noqa: E402
from analysis.services import ModelRefused, model_version_activate  # noqa: E402
from tests.factories.models import make_version  # noqa: E402

MODALITY = "facial_expression"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings.WEIGHTS_DIR = Path(folder)
        versions = [make_version(Path(folder), version=f"at-once-{number}") for number in range(4)]
        start = threading.Barrier(len(versions))
        outcomes: list[str] = []

        def activate(version: ModelVersion) -> None:
            start.wait()
            try:
                outcomes.append(model_version_activate(version=version, by=None).version)
            except ModelRefused as refused:
                outcomes.append(f"refused: {refused}")
            finally:
                connection.close()

        threads = [threading.Thread(target=activate, args=(version,)) for version in versions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = ModelChange.objects.filter(action="activated", modality=MODALITY).order_by("at")
        print(
            json.dumps(
                {
                    "active": list(
                        ModelVersion.objects.active().filter(modality=MODALITY).values_list("version", flat=True)
                    ),
                    "outcomes": outcomes,
                    "lines": [line.new_version.version for line in lines],
                }
            )
        )


main()
