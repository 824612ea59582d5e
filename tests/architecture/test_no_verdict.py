"""Nowhere is there an overall score of a person, a ranking of people or a word of verdict.

Pages, scripts, mails and the words of reports are searched, and so are the fields of the API, the report and its file.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from analysis.models import AnalysisRun
from analysis.reporting.report import report_build
from analysis.results import results_of
from interviews.policy import decide
from tests.factories.analyses import analysis_of, interview_timelines

ROOT = Path(__file__).resolve().parents[2]
DENIALS = (
    "are not a score of a person, not a lie detector and not advice on whom to hire",
    "they are never summed up or ranked",
    "never added up to a score, never used to rank people",
    "a number that may be read as lying is not made",
    "no lie detectors at work",
    "say which of two people is better",
)
"""What says that there is none."""
VERDICT = re.compile(
    r"\b(?:overall (?:score|rating|result)|total score|score of|final score|hiring score|ranking|ranked|rank"
    r"|leader ?board|verdict|liars?|lying|lied|lie detect\w+|dishonest\w*|untrustworth\w*|trustworth\w*|unsuitab\w*"
    r"|best candidate|top candidate|recommended candidate|whom to hire|hire or reject|reject(?:ed)? candidate)\b",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"^(?:(?:overall|total)_.*|final_(?:score|rating|result).*|.*rank(?:ing|ed)?|verdict|recommend\w*|is_honest|honesty|suitab\w*)$"
)
WORDS = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "templates").rglob("*.txt"),
    *(path for path in (ROOT / "static" / "js").rglob("*.js") if "vendor" not in path.parts),
    *(ROOT / "analysis" / "reporting").rglob("*.py"),
    *(ROOT / "analysis" / "metrics").glob("*.py"),
    *(ROOT / "interviews" / "policy").glob("*.toml"),
    *(path for path in ROOT.rglob("locale/**/*.po") if ".venv" not in path.parts),
]


def verdicts_of(text: str) -> list[str]:
    """The words of verdict in a text, outside comments and what denies them."""
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r'"\s*\n\s*f?"|<[^>]+>', "", text)  # sentences that are broken over lines, and their markup
    text = " ".join(text.split()).lower()
    for denial in DENIALS:
        text = text.replace(denial, " ")
    return [found[0] for found in VERDICT.finditer(text)]


def fields_of(value: Any) -> set[str]:
    """Every key in nested data."""
    if isinstance(value, dict):
        return set(value).union(*map(fields_of, value.values()))
    return set().union(*map(fields_of, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("text", ["Overall score: 7", "The top candidate", "Ranking", "He lied here", "verdict"])
def test_the_search_finds_such_words(text: str) -> None:
    assert verdicts_of(f"<p>{text}</p>")


def test_no_page_script_mail_or_sentence_has_a_word_of_verdict() -> None:
    found = {str(path.relative_to(ROOT)): verdicts_of(path.read_text(encoding="utf-8")) for path in WORDS}
    assert {name: words for name, words in found.items() if words} == {
        # The definitions say that they are none.
        "analysis/metrics/definitions.py": ["ranked", "verdict"]
    }


def test_no_field_of_the_api_is_one() -> None:
    schemas = SchemaGenerator().get_schema(request=None, public=True)["components"]["schemas"]
    names = {name for schema in schemas.values() for name in schema.get("properties", {})}
    assert "potential_lie" in names, "the paper's own name of a metric"
    assert {name for name in names if FIELD.match(name)} == set()


def test_no_field_of_a_report_or_its_file_is_one() -> None:
    analysis = analysis_of(interview_timelines())
    run = AnalysisRun(timing=analysis.timing)
    results = results_of(analysis, run=run)
    run.media_info = results.media_info
    policy = decide(candidate="unknown", organization="unknown", purpose="unknown")
    report = report_build(run=run, modalities=results.modalities, metrics=results.metrics([9.0]))
    strict = report_build(run=run, modalities=results.modalities, metrics=results.metrics([9.0]), policy=policy)
    fields = fields_of(report) | fields_of(strict)
    assert {"modalities", "metrics", "left_out", "potential_lie"} <= fields
    assert {name for name in fields if FIELD.match(name)} == set()
