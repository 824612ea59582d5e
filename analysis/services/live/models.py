"""Chooses the model versions of a live session when it begins, as for a run; the session keeps them until it ends."""

from __future__ import annotations

from uuid import UUID

from analysis.models import Modality
from analysis.selectors.model_versions import model_versions_in_service
from analysis.services.registry.store import model_folders
from interviews.models import Room


def live_models_choose(*, room_id: UUID) -> dict[str, str | None]:
    """Modality to the local folder of the version in service now, verified; None where none can be used.

    The analysis of the recording uses the same trial versions, because both choices depend on the interview.
    """
    room = Room.objects.select_related("interview__organization").get(pk=room_id)
    interview = room.interview
    choices = model_versions_in_service(organization=interview.organization, key=str(interview.pk))
    folders = model_folders(choices)
    return {modality: str(folders[modality]) if modality in folders else None for modality in Modality.values}
