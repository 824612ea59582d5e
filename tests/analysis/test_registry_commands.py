"""The registry from the command line: the same services, the same refusals, a name in the log."""

import getpass
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.models import ModelChange, ModelVersion
from analysis.services import model_version_register
from tests.analysis.models_factory import write_weights


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
