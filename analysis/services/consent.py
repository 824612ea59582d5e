"""What follows when a candidate changes their answers: work stops, and results, transcript or recording go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction

from analysis.models import AnalysisRun, LiveSummary, ModalityResult, Transcript
from analysis.readings.paths import journal_path
from analysis.services.playback import playback_delete
from analysis.services.policy import results_prune
from analysis.services.runs.deletion import runs_delete
from interviews.consent_words import own_page_words
from interviews.models import AuditEntry, ConsentEvent, Interview, Room
from interviews.selectors.consent import ANALYSES, Consents, consents_of
from interviews.selectors.policy import MODALITIES
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record
from interviews.services.own_page import organization_tell, recordings_erase
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.publishing import room_store_publish

Purpose = ConsentEvent.Purpose
NEED_RECORDING: Final[tuple[str, ...]] = (*ANALYSES, Purpose.TRANSCRIPT, Purpose.SHARING)


def consent_change(*, interview: Interview, answers: Mapping[str, bool]) -> Consents:
    """The candidate answers on the own page; returns what stands then. Purposes that are not in ``answers`` stay.

    A no takes effect at once: the analyses that stand on it are stopped and deleted with their files, so is a
    transcript, and without the recording nothing else remains agreed to and the recording is erased. A yes starts
    nothing by itself.
    """
    with transaction.atomic():
        # The lock that requests and results of analyses take too.
        Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        before = consents_of(interview_id=interview.pk)
        wanted = dict(answers)
        if wanted.get(Purpose.RECORDING, before.recording) is False:
            wanted |= dict.fromkeys((Purpose.RECORDING, *NEED_RECORDING), False)
        words = own_page_words(interview.organization.name)
        changed = {key: given for key, given in wanted.items() if given != before.given(key)}
        said = {key: (given, words[key]) for key, given in changed.items()}
        consent_record(interview=interview, answers=said, how=ConsentEvent.How.OWN_PAGE)
        removed = _remove(interview, {key for key, given in changed.items() if not given})
        if changed:
            action = AuditEntry.Action.CONSENT_CHANGED
            given: dict[str, Any] = {str(key): value for key, value in changed.items()}
            audit_append(action=action, by_candidate=True, interview=interview, **given, **removed)
            organization_tell(interview=interview, sentence=_sentence(changed))
    return consents_of(interview_id=interview.pk)


def _is_pruned(interview: Interview, withdrawn: set[str]) -> bool:
    """Erase the results of the withdrawn analyses alone, where others stay; whether that was enough."""
    if not consents_of(interview_id=interview.pk).analysis:
        return False
    results_prune(interview=interview)
    runs = AnalysisRun.objects.of_interview(interview)
    keys = [key for purpose in ANALYSES if purpose in withdrawn for key in MODALITIES[purpose]]
    is_left = ModalityResult.objects.filter(run__in=runs, modality__in=keys).exists()
    return not is_left and not runs.active().exists()


def _sentence(changed: Mapping[str, bool]) -> str:
    said = [f"{Purpose(key).label}: {'agreed' if given else 'no longer agreed'}." for key, given in changed.items()]
    return " ".join(("The candidate changed answers.", *said))


def _remove(interview: Interview, withdrawn: set[str]) -> dict[str, Any]:
    """Stop and delete what stood on the ``withdrawn`` purposes; returns how many rows of each kind."""
    removed: dict[str, Any] = {}
    if withdrawn & set(ANALYSES) and not _is_pruned(interview, withdrawn):
        removed["analyses"] = AnalysisRun.objects.of_interview(interview).count()
        runs_delete(interview=interview)
        LiveSummary.objects.filter(recording__interview=interview).delete()
        for room in Room.objects.filter(interview=interview):
            transaction.on_commit(partial(journal_path(room.folder).unlink, missing_ok=True))
    if Purpose.TRANSCRIPT in withdrawn:
        removed["transcripts"] = Transcript.objects.filter(recording__interview=interview).count()
        Transcript.objects.filter(recording__interview=interview).delete()
    if Purpose.RECORDING in withdrawn:
        playback_delete(interview=interview)
        removed["recordings"] = recordings_erase(interview=interview)
    for room in Room.objects.filter(interview=interview):
        room_announce(room_id=room.pk, what="agreements")
        if room.status == Room.Status.ENDED:
            room_store_publish(room_id=room.pk)
    return removed
