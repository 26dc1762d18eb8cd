"""Disk space, asked for before the work begins: what runs out of it in the middle fails with
words about anything but the disk."""

import shutil

from .messages import Problem
from .paths import LOCAL

GB = 2**30
INSTALLATION = 3 * GB  # Odoo, the Python environment, their downloads; with some room
LITTLE = GB / 2  # with less left after a failure, the disk may be its reason


def check(needed, purpose, *folders):
    """See that there is room, before anything is begun.

    :param needed: bytes, all in all; what the folders hold already counts
    :param purpose: what they are for, as the subject of a sentence, in the plural
    :param folders: where it goes, there already or not, all on one disk. Default: the folder of
        everything built here, of which nothing is there
    :raises Problem: when there is not
    """
    there = sum(_size(folder) for folder in folders)
    folders = folders or (LOCAL,)
    free = shutil.disk_usage(_existing(folders[0])).free
    if free < needed - there:
        raise Problem(
            f"{purpose} need {_gb(needed - there)} GB more on the disk of {folders[0]}, "
            f"which has {_gb(free)} GB free: make room and start again."
        )


def shortage(folder):
    """A sentence when the disk is as good as full; else an empty text."""
    free = shutil.disk_usage(folder).free
    if free >= LITTLE:
        return ""
    return (
        f"Only {_gb(free)} GB are free on the disk of {folder}: what failed may have failed for "
        "that. Make room and start again."
    )


def _existing(folder):
    """The folder, or the one above it that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _size(folder):
    """What the files in a folder take on the disk, in bytes; some may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_blocks * 512
        except OSError:
            continue
    return total


def _gb(size):
    return f"{size / GB:.1f}"
