"""Which language the computer speaks: the default where the settings name none."""

import os
from collections.abc import Mapping

import pygame


def platform_languages(environment: Mapping[str, str] | None = None) -> list[str]:
    """The languages that the person has chosen for this computer, the most wanted first.

    The variables of POSIX come first, in its order (LC_ALL, LC_MESSAGES, LANG; the first that is
    set decides); what the desktop says follows, which is all there is on Windows and macOS.
    """
    said = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if said.get(name):
            listed = said.get("LANGUAGE", "") if said[name] not in ("C", "POSIX") else ""
            return [*filter(None, listed.split(":")), said[name]]
    return [str(one["language"]) for one in pygame.system.get_pref_locales()]
