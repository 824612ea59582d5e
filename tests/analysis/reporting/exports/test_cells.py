"""No cell of a CSV file is a formula, whatever somebody typed."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reporting.exports.cells import FORMULA_STARTS, cell, csv_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n@x",
        "\u200b=1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_a_text_that_would_be_computed_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"


def test_numbers_and_ordinary_words_stay_as_they_are():
    assert [cell(value) for value in (-1.5, 0, True, None, "Anne-Marie", "a = b", "")] == [
        *(-1.5, 0, True, "", "Anne-Marie", "a = b", "")
    ]


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_what_is_read_back_is_no_formula_and_stays_in_its_cell(texts):
    [_, row] = csv.reader(io.StringIO(csv_text(("a", "b"), [texts]), newline=""))
    assert len(row) == 2
    assert not any(value.lstrip().startswith(FORMULA_STARTS) for value in row)
