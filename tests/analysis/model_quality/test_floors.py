"""The floors of activation: related to the versions that ship, and told as a sentence."""

import json

import pytest

from analysis.model_quality.floors import FLOORS, MINIMUM_CLIPS, floor_shortfall, headline_of
from analysis.models import ModelVersion
from ml import artifacts

TRAINED = sorted(FLOORS)


def version(modality: str = "facial_expression", **headline) -> ModelVersion:
    return ModelVersion(modality=modality, version="v9", evaluation={"measured": [headline]} if headline else {})


@pytest.mark.parametrize("modality", TRAINED)
def test_a_floor_is_three_quarters_of_the_default_version_and_far_above_chance(modality):
    folder = artifacts.find(modality).folder
    shipped = headline_of(json.loads((folder / "evaluation.json").read_text()))["uar"]
    floor = FLOORS[modality]
    assert floor.minimum == pytest.approx(0.75 * shipped, abs=0.01)
    assert floor.minimum >= 2.5 * floor.chance


def test_the_floor_itself_is_enough():
    assert floor_shortfall(version(uar=FLOORS["facial_expression"].minimum, n=MINIMUM_CLIPS)) == ""


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (version(), "has no stored evaluation"),
        (version(uar=None, n=1000), "has no stored evaluation"),
        (version(uar=0.9, n=MINIMUM_CLIPS - 1), "rests on 199 examples; 200 are needed"),
        (version(uar=0.51, n=1000), "is 51%, below the floor of 52% for facial expression (guessing gives 14%)"),
        (version(uar=float("nan"), n=1000), "below the floor"),
        (version("eye_gaze", uar=0.99, n=1000), "There is no floor for eye gaze"),
    ],
)
def test_what_is_short_is_told_as_a_sentence(asked, words):
    assert words in floor_shortfall(asked)
