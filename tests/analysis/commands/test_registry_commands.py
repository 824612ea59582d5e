"""The registry from the command line: the same services, the same refusals, a name in the log."""

import getpass
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.models import Canary, ModelChange, ModelVersion
from analysis.services import model_version_register
from tests.factories.models import write_weights

FACE = "facial_expression"


def call(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_activate_roll_back_and_retire(make_version, carol):
    make_version(version="v1", status="active")
    new = make_version(version="v2")
    assert "v2" in call("model_activate", "facial_expression", "v2", "--by", carol.email, "--reason", "Better.")
    assert ModelVersion.objects.active().get() == new
    assert "v1" in call("model_rollback", "facial_expression")
    assert ModelVersion.objects.active().get().version == "v1"
    assert [(line.by, line.reason) for line in ModelChange.objects.order_by("at")] == [(carol, "Better."), (None, "")]
    assert ModelChange.objects.first().by_name == f"{getpass.getuser()} at the command line"
    candidate = make_version(version="v3")
    assert "retired" in call("model_retire", "facial_expression", candidate.sha256[:8])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("model_activate", "facial_expression", "v9"), "There is no version 'v9'.*Registered: bare, good"),
        (("model_activate", "facial_expression"), "Say which version"),
        (("model_activate", "facial_expression", "bare"), "has no stored evaluation"),
        (("model_activate", "facial_expression", "good", "--by", "nobody@example.org"), "no account nobody@"),
        (("model_rollback", "facial_expression"), "no earlier version"),
        (("model_activate", "smell", "v1"), "invalid choice"),
    ],
)
def test_a_refusal_is_a_sentence(make_version, arguments, sentence):
    make_version(version="bare", evaluation={})
    make_version(version="good")
    with pytest.raises(CommandError, match=sentence.replace("bare, good", r"bare \(candidate\), good")):
        call(*arguments)
    assert not ModelChange.objects.exists()


def test_an_uploaded_version_is_described_with_its_place_in_the_registry(db, tmp_path, carol):
    folder = write_weights(tmp_path, "speech_emotion", "mine")
    version = model_version_register(folder=folder, source="uploaded", by=carol)
    text = call("describe_model", "speech_emotion", "--version", "mine")
    assert version.sha256 in text
    assert "candidate" in text
    described = json.loads(call("describe_model", "speech_emotion", "--version", "mine", "--json", "-"))
    assert described["registry"]["source"] == "uploaded"
    assert described["registry"]["used by"] == "nobody"


def test_a_trial_begins_is_compared_and_ends(make_version, northwind, carol):
    make_version(version="v1", status="active")
    candidate = make_version(version="v2")
    place = ("model_trial", FACE, "v2", "--by", carol.email)
    call_command(*place, "--organization", northwind.name.lower(), "--reason", "Ours first", stdout=StringIO())
    canary = Canary.objects.get()
    assert (canary.model_version, canary.organization, canary.share) == (candidate, northwind, 1.0)
    out = StringIO()
    call_command(*place, "--compare", stdout=out)
    assert json.loads(out.getvalue())["recordings"] == 0
    call_command(*place, "--end", stdout=StringIO())
    assert not Canary.objects.running().exists()
    assert set(ModelChange.objects.values_list("action", "by_name")) == {
        ("canary_started", carol.email),
        ("canary_ended", carol.email),
    }


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--organization", "Nobody Ltd"), "There is no organization"),
        (("--end",), "No trial of v2 is running"),
        ((), "is no trial"),
    ],
)
def test_an_impossible_trial_is_a_sentence(make_version, more, sentence):
    make_version(version="v2")
    with pytest.raises(CommandError, match=sentence):
        call_command("model_trial", FACE, "v2", *more)


def test_jobs_without_data_are_refused_in_the_same_words(make_version, settings):
    settings.TRAINING_DATA_DIR = ""
    make_version(version="v2")
    for more in (("v2", "--evaluate"), ("v3", "--epochs", "1")):
        with pytest.raises(CommandError, match="No data folder is configured"):
            call_command("model_job", FACE, *more)
