# SPDX-License-Identifier: ISC
"""Which isolation of images is tested: that of the environment's ISOLATION, process unless it says another. Where
the host can't do it, the test is skipped with the monitor's own words."""
import os
import subprocess
import sys
from pathlib import Path

from site_under_test import WEBSITE

BUILD = Path(WEBSITE).parent
HOLM = str(BUILD / 'holm')
ISOLATION = os.environ.get('ISOLATION', 'process')
HOST = 5


def isolated(words):
    """The words of a command, with the isolation behind the verb run unless they name one."""
    if words[:1] != ('run',) or any(x.startswith('--isolation') for x in words):
        return words
    return 'run', f'--isolation={ISOLATION}', *words[1:]


def need(image):
    """Ends the test, as skipped, unless there are images and the host runs them so."""
    if not Path(image).exists():
        print('skipped: images for the monitor are not made in this build')
        sys.exit(77)
    done = subprocess.run([HOLM, 'run', f'--isolation={ISOLATION}', image, '--help'], stdin=subprocess.DEVNULL, capture_output=True)
    if ISOLATION != 'process' and done.returncode == HOST:
        print('skipped: ' + done.stderr.decode('latin-1').strip())
        sys.exit(77)
