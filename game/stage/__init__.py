"""What the patient sees and hears. The only package that imports pygame."""

import os

# pygame greets on standard output, where `--json` promises exactly one document.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
