"""Labels that people corrected: on the lanes of a report, and as training data of an organization."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from analysis.models import AnalysisRun, LabelFeedback, ModelVersion
from analysis.reporting.page import label_name
from interviews.models import Membership, Organization
from interviews.policy import Decision
from interviews.selectors.consent import Consents, consents_of_all
from interviews.selectors.policy import interview_policy, interviews_policies

FORMAT: Final = "candor-label-corrections"
VERSION: Final = 1
SCHEMA: Final = "schemas/candor-label-corrections-1.schema.json"
"""Below the static files: the JSON Schema of the document."""
COLUMNS: Final = (
    *("modality", "start_s", "end_s", "label_read", "label_corrected", "author_role"),
    *("model", "model_version", "model_sha256", "recording_sha256", "media"),
)
NOT_AGREED: Final = "candidate_did_not_agree"
NOT_ALLOWED: Final = "policy_does_not_allow"
FORMER: Final = "former_member"
"""The role of an author who has left the organization."""


def run_corrections(*, run: AnalysisRun) -> list[dict[str, Any]]:
    """What people said of labels of the run's recording, for its lanes: in the order of the recording, with ``text`` as
    a sentence. What policy does not allow is left out."""
    policy = interview_policy(interview=run.recording.interview)
    rows = LabelFeedback.objects.filter(recording=run.recording_id, modality__in=policy.modalities)
    return [
        {
            "id": row.pk,
            "modality": row.modality,
            "at_s": round(row.start_s, 3),
            "end_s": round(row.end_s, 3),
            "text": f"{row.get_modality_display()}: {said_of(row)} ({row.author})",
        }
        for row in rows.select_related("author")
    ]


def said_of(row: LabelFeedback) -> str:
    """Of a stretch, such as "not sad, but neutral"."""
    read, right = label_name(row.modality, row.label_read), label_name(row.modality, row.label_right)
    return ", but ".join(part for part in (f"not {read}" if read else "nothing was read", right) if part)


def label_corrections(*, organization: Organization) -> dict[str, Any]:
    """The corrected labels of an organization as training data, as its schema describes them.

    A correction is left out, and counted in ``left_out`` by reason, where the candidate did not agree to this purpose
    or where policy does not allow its modality. Nobody is named: of the author there is the role, and comments are not
    in it.
    """
    given = LabelFeedback.objects.filter(recording__interview__organization=organization)
    rows = list(given.select_related("recording__interview__organization").order_by("recording", "start_s", "pk"))
    interviews = {row.recording.interview_id: row.recording.interview for row in rows}
    consents = consents_of_all(interview_ids=interviews)
    policies = interviews_policies(interviews=interviews.values())
    reasons = {row.pk: _why_left_out(row, consents, policies) for row in rows}
    kept = [row for row in rows if not reasons[row.pk]]
    roles = dict(Membership.objects.filter(organization=organization).values_list("user", "role"))
    versions = _versions(row.model_sha256 for row in kept)
    return {
        "format": FORMAT,
        "version": VERSION,
        "corrections": [_correction(row, roles, versions) for row in kept],
        "left_out": {NOT_AGREED: 0, NOT_ALLOWED: 0} | Counter(reason for reason in reasons.values() if reason),
    }


def _why_left_out(row: LabelFeedback, consents: Mapping[UUID, Consents], policies: Mapping[UUID, Decision]) -> str:
    interview_id = row.recording.interview_id
    if not consents[interview_id].training:
        return NOT_AGREED
    policy = policies[interview_id]
    return "" if policy.shows_organization and policy.allows(row.modality) else NOT_ALLOWED


def _correction(
    row: LabelFeedback, roles: Mapping[UUID, str], versions: Mapping[tuple[str, str], ModelVersion]
) -> dict[str, Any]:
    version = versions.get((row.modality, row.model_sha256))
    media = reverse("recording_media", args=[row.recording_id])
    values = (
        *(row.modality, round(row.start_s, 3), round(row.end_s, 3), row.label_read, row.label_right),
        roles.get(row.author_id, FORMER),
        *((version.name, version.version) if version else ("", "")),
        *(row.model_sha256, row.recording.sha256),
        f"{media}#t={row.start_s:.3f},{row.end_s:.3f}",  # a media fragment (W3C Media Fragments URI)
    )
    return dict(zip(COLUMNS, values, strict=True))


def _versions(hashes: Iterable[str]) -> dict[tuple[str, str], ModelVersion]:
    """The versions that made the labels, by modality and hash; one that was deleted is missing."""
    return {(row.modality, row.sha256): row for row in ModelVersion.objects.filter(sha256__in=set(hashes))}
