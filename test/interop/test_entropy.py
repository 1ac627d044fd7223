#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A host that gives no entropy: an image says so, and does not start. A filter of system calls makes the host such a one."""
import ctypes
import os
import platform
import struct
import subprocess
import sys
import unittest
from pathlib import Path

HELLO = str(Path(os.environ['WEBSITE']).with_name('hello'))
GETRANDOM, ENOSYS = 318, 38 # of x86_64
NO_NEW_PRIVS, SECCOMP, MODE_FILTER = 38, 22, 2


def refuse_getrandom():
    """A program for the filter: load the call's number; is it that one? refuse it; else allow."""
    steps = b''.join(struct.pack('=HBBI', *x) for x in ((0x20, 0, 0, 0), (0x15, 0, 1, GETRANDOM), (0x06, 0, 0, 0x00050000 | ENOSYS),
                                                        (0x06, 0, 0, 0x7fff0000)))
    room = ctypes.create_string_buffer(steps)
    program = ctypes.create_string_buffer(struct.pack('HxxxxxxP', 4, ctypes.addressof(room)))
    libc = ctypes.CDLL(None)
    assert libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(SECCOMP, MODE_FILTER, ctypes.c_ulong(ctypes.addressof(program)), 0, 0) == 0


class Entropy(unittest.TestCase):
    def hello(self, **more):
        return subprocess.run([HELLO, '--count=1'], capture_output=True, text=True, timeout=60, **more)

    def test_a_host_with_entropy(self):
        done = self.hello()
        self.assertEqual((done.returncode, done.stdout), (0, 'hello, world\n'), done.stderr)

    def test_a_host_without(self):
        done = self.hello(preexec_fn=refuse_getrandom)
        self.assertEqual((done.returncode, done.stdout), (5, ''), done.stderr)
        self.assertIn('hello: the host gave no entropy, so no key can be made here\n', done.stderr)


if __name__ == '__main__':
    if platform.machine() != 'x86_64':
        print('skipped: the numbers of system calls are those of x86_64')
        sys.exit(77)
    unittest.main()
