"""Erasing from the disk: what could not be erased is told, and tried again."""

import logging
import shutil
from datetime import datetime
from pathlib import Path

from interviews.models import User

logger = logging.getLogger(__name__)


def folder_erase(folder: Path) -> bool:
    """Remove a folder with everything in it; whether nothing of it is left. The sweeps try again what failed."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return True
    except OSError:
        logger.exception("%s could not be erased", folder)
        return False
    return True


def database_knew(moment: datetime) -> bool:
    """Whether this database had accounts at ``moment``.

    A database without any row that names a file may be a new or a wrong one, and what a sweep deletes does not come
    back. One with accounts from before a file was written has lost that file's row on purpose.
    """
    return User.objects.filter(created_at__lt=moment).exists()
