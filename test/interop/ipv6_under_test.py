# SPDX-License-Identifier: ISC
"""ipv6_under_test.py: a TAP interface in a network namespace of the test's own, whose other end is a website on our
own TCP/IP, and questions to it by IPv6."""
import ctypes
import os
import re
import time
import unittest
from pathlib import Path

from site_under_test import Site, run

CLONE_NEWNET = 0x40000000
HERE, THERE = 'fd00:9::1', 'fd00:9::2'
# The kernel takes a while to see that the line is plugged in; questions for duplicates before that are lost.
TRIES = 5
SECRET = '--ipv6-secret=a secret of sixteen and more'


def setUpModule():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise unittest.SkipTest('no network namespace of its own')
    if not os.access('/dev/net/tun', os.R_OK | os.W_OK):
        raise unittest.SkipTest('no /dev/net/tun')
    run('ip', 'link', 'set', 'lo', 'up', check=True)
    Path('/proc/sys/net/ipv6/conf/all/forwarding').write_text('1')


def await_true(question, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    return question()


def pings(address, *more):
    """Whether an echo comes back."""
    return run('ping', '-6', '-n', '-c', '2', '-i', '0.2', '-W', '1', *more, address).returncode == 0


def fetched(address):
    """What a page at the address begins with."""
    return run('curl', '-6', '-g', '-sS', '--max-time', '5', f'http://[{address}]/').stdout


class Link(unittest.TestCase):
    """A TAP interface whose other end is a website on our stack."""

    def setUp(self):
        run('ip', 'tuntap', 'add', 'dev', 'holm0', 'mode', 'tap', check=True)
        self.addCleanup(run, 'ip', 'link', 'del', 'holm0')
        Path('/proc/sys/net/ipv6/conf/holm0/accept_dad').write_text('0')
        run('ip', 'addr', 'add', f'{HERE}/64', 'dev', 'holm0', 'nodad', check=True)
        run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'holm0', check=True)
        run('ip', 'link', 'set', 'holm0', 'up', check=True)

    def site(self, ipv6=f'{THERE}/64,{HERE}', *more):
        return Site('--port=80', '--network=stack', '--net=service=tap:holm0', '--ipv4=192.0.2.2/24,192.0.2.1',
                    f'--ipv6={ipv6}', '--log=info', *more)

    def addresses(self, site):
        """What addresses it said that it has, in order."""
        return re.findall(r'ipv6: address ip=(\S+)', site.words())

    def ready(self, site, prefix, seconds=10):
        """Waits until it has an address that begins so."""
        found = await_true(lambda: [a for a in self.addresses(site) if a.startswith(prefix)], seconds)
        self.assertTrue(found, site.words())
        return found[-1]
