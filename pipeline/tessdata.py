"""Where the installed Tesseract keeps its language data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from extractors.readers.ocr.tesseract import INSTALL, LANGUAGES, TesseractMissingError

PATIENCE = 60


def language_data() -> str:
    """The folder of language data that the installed `tesseract` names, with all languages in it.

    Keeps Tesseract to one thread, which on two cores is 2.6 times faster. Raises TesseractMissingError.
    """
    os.environ["OMP_THREAD_LIMIT"] = "1"
    command = shutil.which("tesseract")
    if not command:
        raise TesseractMissingError(f"scanned pages need Tesseract: {INSTALL}")
    try:
        done = subprocess.run([command, "--list-langs"], capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TesseractMissingError(f"tesseract does not answer ({type(error).__name__}): {INSTALL}") from error
    first, *languages = (done.stdout or done.stderr).splitlines() or [""]
    folder = re.search(r'"(.+)"', first)
    lacking = ", ".join(sorted(set(LANGUAGES) - set(languages))) or ("" if folder else "its folder")
    if lacking or not folder:
        raise TesseractMissingError(f"Tesseract lacks language data ({lacking}): {INSTALL}")
    return folder[1]
