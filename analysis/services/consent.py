"""What follows when a candidate changes their answers: work stops, and results, transcript or recording go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from analysis.models import AnalysisRun, LabelFeedback, LiveSummary, ModalityResult, Robustness, Transcript
from analysis.services.attempts.state_machine import work_cancel
from analysis.services.playback import playback_delete
from analysis.services.policy import results_prune
from analysis.services.runs.deletion import runs_delete
from interviews.consent_words import own_page_words
from interviews.models import AuditEntry, ConsentEvent, GazeCalibration, Interview, Room
from interviews.selectors.consent import ANALYSES, Consents, consents_of
from interviews.selectors.policy import MODALITIES, interview_hold
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record
from interviews.services.holds import hold_keep
from interviews.services.own_page import organization_tell, recordings_erase
from interviews.services.received_files import received_erase
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.held import journal_hold, recorded_hold
from interviews.services.rooms.publishing import room_store_publish

Purpose = ConsentEvent.Purpose
NEED_RECORDING: Final[tuple[str, ...]] = (*ANALYSES, Purpose.TRANSCRIPT, Purpose.SHARING, Purpose.TRAINING)


def consent_change(*, interview: Interview, answers: Mapping[str, bool]) -> Consents:
    """The candidate answers on the own page; returns what stands then. Purposes that are not in ``answers`` stay.

    A no takes effect at once: the analyses that stand on it are stopped and deleted with their files, so is a
    transcript, and without the recording nothing else remains agreed to and the recording is erased. While a hold
    stands, what is under way stops, results are hidden, and the rest follows when the hold has ended
    (:func:`withdrawals_apply`). A yes starts nothing by itself.
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
        removed: dict[str, Any] = {}
        if interview_hold(interview=interview) is None:
            removed = _remove(interview, {key for key, given in changed.items() if not given})
        elif not all(changed.values()):
            _stop(interview)
            _set_apart(interview, {key for key, given in changed.items() if not given})
        if changed:
            action = AuditEntry.Action.CONSENT_CHANGED
            given: dict[str, Any] = {str(key): value for key, value in changed.items()}
            audit_append(action=action, by_candidate=True, interview=interview, **given, **removed)
            organization_tell(interview=interview, sentence=_sentence(changed))
    return consents_of(interview_id=interview.pk)


def withdrawals_apply() -> int:
    """Delete what stands on a no and was kept by a hold that has ended; returns of how many interviews."""
    no = ConsentEvent.objects.exclude(how=ConsentEvent.How.RECORDED).filter(given=False)
    kept = Interview.objects.filter(pk__in=no.values("interview"), holds__isnull=False)
    kept = kept.filter(Q(recordings__isnull=False) | Q(room__gaze_calibration__isnull=False))
    return sum(_withdrawal_apply(interview) for interview in kept.distinct() if not interview_hold(interview=interview))


def _withdrawal_apply(interview: Interview) -> bool:
    with transaction.atomic():
        Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        answers = consents_of(interview_id=interview.pk).answers
        removed = _remove(interview, {purpose for purpose, given in answers.items() if not given})
        if any(removed.values()):
            action = AuditEntry.Action.CONSENT_CHANGED
            audit_append(action=action, interview=interview, change="removed after a hold", **removed)
    return any(removed.values())


def _stop(interview: Interview) -> None:
    """Stop what is under way, and keep what is stored."""
    for run in AnalysisRun.objects.of_interview(interview).active():
        work_cancel(AnalysisRun.objects.all(), run, remaining_s=None)
    for robustness in Robustness.objects.filter(run__recording__interview=interview).active():
        work_cancel(Robustness.objects.all(), robustness)
    for transcript in Transcript.objects.filter(recording__interview=interview, status__in=Transcript.ACTIVE):
        work_cancel(Transcript.objects.all(), transcript)


def _set_apart(interview: Interview, withdrawn: set[str]) -> None:
    """Keep what a room has received, outside the recording that is made of it, and the calibration where nothing uses
    it any more."""
    if Purpose.EYES in withdrawn:
        calibrations = GazeCalibration.objects.filter(room__interview=interview)
        hold_keep(interview=interview, rows=calibrations, by=None)
        calibrations.delete()
    for room in Room.objects.filter(interview=interview, status__in=(*Room.RUNNING, Room.Status.ENDED)):
        if Purpose.RECORDING in withdrawn:
            recorded_hold(room=room)
        if withdrawn & set(ANALYSES):
            journal_hold(room=room)


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
            transaction.on_commit(partial(received_erase, room.journal))
    if parts := [key for purpose in ANALYSES if purpose in withdrawn for key in MODALITIES[purpose]]:
        LabelFeedback.objects.filter(recording__interview=interview, modality__in=parts).delete()
    if Purpose.EYES in withdrawn:
        GazeCalibration.objects.filter(room__interview=interview).delete()
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
