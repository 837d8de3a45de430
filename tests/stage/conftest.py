"""Pictures need no window: SDL is told so before anything imports pygame."""

import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
