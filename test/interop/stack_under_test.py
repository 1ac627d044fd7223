# SPDX-License-Identifier: ISC
"""stack_under_test.py: the example website over Holm's own network, on a TAP interface whose other end is the
kernel, in a network namespace of the test's own."""
import ctypes
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import Site, run

CLONE_NEWNET, CLONE_NEWNS = 0x40000000, 0x20000
HOST, OURS = '10.9.0.1', '10.9.0.2'
TAP = str(Path(__file__).parents[2] / 'tools/tap.sh')


def enter():
    """Called by setUpModule: all that follows is in a namespace of its own."""
    if os.geteuid() != 0 or ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise unittest.SkipTest('no network namespace of its own')
    if not os.access('/dev/net/tun', os.R_OK | os.W_OK):
        raise unittest.SkipTest('no /dev/net/tun')
    run('ip', 'link', 'set', 'lo', 'up', check=True)


class Stack(Site):
    """The website at 10.9.0.2, port 80; with Stack() as site: …"""

    def __init__(self, *parameters, ipv4=f'{OURS}/24,{HOST}', device='holm0', **more):
        super().__init__('--network=stack', f'--net=service=tap:{device}', f'--ipv4={ipv4}', '--port=80',
                         *parameters, **more)

    def __enter__(self):
        super().__enter__()
        self.url = f'http://{OURS}'
        return self


class Tapped(unittest.TestCase):
    """A TAP interface holm0 for each test."""

    def setUp(self):
        self.tap()

    def tap(self, *words):
        run(TAP, 'up', 'holm0', *words, check=True)
        self.addCleanup(run, TAP, 'down', 'holm0')

    def capture(self, *words):
        """What goes over the interface; stop() answers the file. Words are tcpdump's."""
        return Capture(self, *words)


class Capture:
    def __init__(self, test, *words):
        self.file = tempfile.NamedTemporaryFile(suffix='.pcap')
        test.addCleanup(self.file.close)
        self.process = subprocess.Popen(['tcpdump', '-Uni', 'holm0', '-s', '0', '-B', '65536', *words, '-w',
                                         self.file.name],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        test.addCleanup(self.process.stderr.close)
        self.process.stderr.readline()  # "listening": from now on

    def stop(self):
        time.sleep(0.1)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        return self.file.name
