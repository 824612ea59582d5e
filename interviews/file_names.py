"""Which files are accepted as recordings by their names, and what to do about the others.

The upload page gets the same sentences (:func:`refusals`), so that a file is refused when it is chosen.
"""

from pathlib import PurePosixPath
from typing import Any, Final

ACCEPTED: Final = ("mp4", "m4v", "mov", "3gp", "3g2", "mkv", "webm", "avi")
READS: Final = "Candor reads mp4, m4v, mov, 3gp, 3g2, mkv, webm and avi recordings."
EXPORT: Final = "Export the recording as mp4, mov, webm, mkv or avi."
KINDS: Final = {
    "a PDF document": ("pdf",),
    "a document": (
        "doc",
        "docx",
        "odt",
        "pages",
        "rtf",
        "txt",
        "md",
        "html",
        "htm",
        "vtt",
        "srt",
        "csv",
        "xls",
        "xlsx",
    ),
    "a presentation": ("ppt", "pptx", "odp", "key"),
    "a picture": ("jpg", "jpeg", "png", "gif", "heic", "heif", "webp", "avif", "bmp", "tif", "tiff", "svg"),
    "an archive": ("zip", "rar", "7z", "tar", "gz"),
}
SOUND: Final = ("mp3", "m4a", "wav", "aac", "ogg", "oga", "opus", "flac", "wma", "amr", "aif", "aiff")
OTHER_VIDEO: Final = ("wmv", "flv", "mpg", "mpeg", "mts", "m2ts", "ts", "vob", "ogv", "asf", "rm", "rmvb", "mxf", "f4v")
SENTENCES: Final = {
    **{
        ending: f"This is {kind}, not a video recording. "
        + ("Unpack it and choose the recording in it." if kind == "an archive" else EXPORT)
        for kind, endings in KINDS.items()
        for ending in endings
    },
    **dict.fromkeys(SOUND, f"This file has sound but no picture. Candor needs a video recording. {EXPORT}"),
    **dict.fromkeys(OTHER_VIDEO, f"Candor does not read this kind of video. {EXPORT}"),
    "zoom": "Zoom has not converted this recording yet. Open it with Zoom, wait for the mp4, and choose that one.",
}
UNKNOWN: Final = f"This is a .{{ending}} file. {READS} {EXPORT}"
WITHOUT_ENDING: Final = f"This is a file without an ending. {READS} {EXPORT}"


def extension_of(file_name: str) -> str:
    """``"mp4"`` of ``"Interview.MP4"``; empty when there is none."""
    return PurePosixPath(file_name).suffix.lower().removeprefix(".")


def name_refusal(file_name: str) -> str:
    """Why a file of this name is not accepted, and what to do: sentences; empty if it is accepted."""
    ending = extension_of(file_name)
    if ending in ACCEPTED:
        return ""
    if not ending:
        return WITHOUT_ENDING
    return SENTENCES.get(ending, UNKNOWN.format(ending=ending))


def refusals() -> dict[str, Any]:
    """The rule of :func:`name_refusal` as plain data for the upload page."""
    return {"accepted": ACCEPTED, "sentences": SENTENCES, "unknown": UNKNOWN, "without_ending": WITHOUT_ENDING}
