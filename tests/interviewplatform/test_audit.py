"""What `make audit` says of pip-audit's answer."""

import json

import pytest

from tests.audit import verdict

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
SKIPPED = {"name": "numpy", "skip_reason": "not found"}
VULNERABLE = {"name": "pip", "version": "23.2", "vulns": [{"id": "CVE-2023-5752", "fix_versions": ["23.3"]}]}


@pytest.mark.parametrize(
    ("packages", "says", "is_vulnerable"),
    [
        ([CLEAN, SKIPPED], "1 of 2 packages were audited, 0 vulnerabilities", False),
        ([CLEAN, VULNERABLE], "pip 23.2: CVE-2023-5752 (mended in 23.3)", True),
        ([SKIPPED], "NOTHING was audited", False),
    ],
)
def test_only_vulnerabilities_fail_and_what_was_not_audited_is_told(packages, says, is_vulnerable):
    sentences, found = verdict("requirements.lock", json.dumps({"dependencies": packages}), "")
    assert says in "\n".join(sentences)
    assert found is is_vulnerable


@pytest.mark.parametrize("output", ["", "no JSON", "[]"])
def test_without_a_network_nothing_fails_and_it_says_so(output):
    sentences, found = verdict("requirements.lock", output, "Traceback\nConnectionError: no route to host")
    assert sentences == [
        "requirements.lock: NOTHING was audited, because pip-audit could not reach its data"
        " (ConnectionError: no route to host)."
    ]
    assert not found
