"""Everything of an interview but its recording, as one ZIP file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from analysis.reporting.exports.definitions import definitions_text
from analysis.reporting.exports.tables import tables_of


def archive_of(export: Mapping[str, Any], *, files: Mapping[str, str | bytes]) -> bytes:
    """The document, its tables and definitions, and further ``files`` by name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", definitions_text(export))
        archive.writestr("interview.json", document_text(export))
        for name, table in tables_of(export).items():
            archive.writestr(name, table.text())
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def document_text(export: Mapping[str, Any]) -> str:
    return json.dumps(export, ensure_ascii=False, indent=2) + "\n"
