#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The filter of images that run, as the kernel has it, against the one that libseccomp makes of the same rule:
the same verdict for each call number and chosen arguments inside the call page, outside of it always the end."""
import ctypes
import itertools
import os
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import stack_under_test
from site_under_test import WEBSITE

BUILD = Path(WEBSITE).parent
HOLM, HELLO = str(BUILD / 'holm'), str(BUILD / 'hello.holm')
if not Path(HELLO).exists():
    print('skipped: images for the monitor are not made in this build')
    sys.exit(77)
try:
    import seccomp
except ImportError:
    print('skipped: python3-seccomp is not installed')
    sys.exit(77)

X86_64, I386, AARCH64, X32 = 0xc000003e, 0x40000003, 0xc00000b7, 0x40000000
END, ALLOW = 0x80000000, 0x7fff0000
PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_FILTER = 17, 0x4206, 0x4207, 0x420c
NUMBERS = [*range(512), 1023, *(X32 + x for x in range(560)), 0x7fffffff, 0xffffffff]
VALUES = [*range(8), 63, (1 << 31), (1 << 32) - 1, 1 << 32, (1 << 32) + 1, (1 << 32) + 3, 1 << 63, (1 << 64) - 1]


def setUpModule():
    stack_under_test.enter()


def filter_of(process):
    """The kernel's copy of a process's filter: code, yes, no, k a step; None: this kernel does not tell."""
    ptrace = ctypes.CDLL(None, use_errno=True).ptrace
    ptrace.argtypes = ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p
    ptrace.restype = ctypes.c_long
    room = ctypes.create_string_buffer(8 * 4096)
    if ptrace(PTRACE_SEIZE, process, None, None) != 0 or ptrace(PTRACE_INTERRUPT, process, None, None) != 0:
        return None
    os.waitpid(process, 0x40000000)  # __WALL
    count = ptrace(PTRACE_FILTER, process, 0, ctypes.addressof(room))
    ptrace(PTRACE_DETACH, process, None, None)
    return [struct.unpack_from('<HBBI', room, 8 * x) for x in range(count)] if count > 0 else None


def peer_filter(devices):
    rules = seccomp.SyscallFilter(defaction=seccomp.KILL_PROCESS)
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)

    def may(name, argument, values):
        for value in values:
            rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(argument, seccomp.EQ, value))

    may('clock_gettime', 0, (0, 1))
    may('readv', 0, range(3, 3 + devices))
    may('writev', 0, range(3, 3 + devices))
    may('ppoll', 3, (0,))
    may('read', 0, (0,))
    may('write', 0, (1, 2, 3 + devices))
    rules.add_rule(seccomp.ALLOW, 'rt_sigreturn')
    rules.add_rule(seccomp.ALLOW, 'exit_group')
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return list(struct.iter_unpack('<HBBI', file.read()))


def verdict(program, number, machine, pointer, arguments):
    """What a program of classic BPF answers."""
    data = struct.pack('<IIQ6Q', number, machine, pointer, *arguments)
    at = accumulator = 0
    while True:
        code, yes, no, k = program[at]
        at += 1
        if code == 0x20:
            accumulator, = struct.unpack_from('<I', data, k)
        elif code == 0x54:
            accumulator &= k
        elif code == 0x06:
            return k
        elif code == 0x05:
            at += k
        elif code in (0x15, 0x25, 0x35, 0x45):
            holds = {0x15: accumulator == k, 0x25: accumulator > k, 0x35: accumulator >= k, 0x45: accumulator & k != 0}[code]
            at += yes if holds else no
        else:
            raise ValueError(f'an instruction that is not known: {code:#x}')


class Filter(stack_under_test.Tapped):
    def tap(self, *words):
        super().tap(*words)
        for name in ('holm1', 'holm2'):
            stack_under_test.run(stack_under_test.TAP, 'up', name, check=True)
            self.addCleanup(stack_under_test.run, stack_under_test.TAP, 'down', name)

    def running(self, devices):
        """The filter of an image with so many devices, and where its call page is."""
        nets = [f'--net=n{x}=tap:holm{x}' for x in range(devices)]
        it = subprocess.Popen([HOLM, 'run', '--exec', *nets, HELLO, '--interval=1h'], stdout=subprocess.PIPE)
        try:
            self.assertEqual(it.stdout.readline(), b'hello, world\n')
            first, end = (int(x, 16) for x in Path(f'/proc/{it.pid}/maps').read_text().split(' ', 1)[0].split('-'))
            self.assertEqual(end - first, 16384)
            program = filter_of(it.pid)
            if program is None:
                self.skipTest('this kernel does not show filters')
            return program, first
        finally:
            it.send_signal(signal.SIGTERM)
            it.wait(10)
            it.stdout.close()

    def test_verdicts_are_the_same(self):
        asked = 0
        for devices in (0, 1, 3):
            ours, page = self.running(devices)
            peers = peer_filter(devices)
            for number, machine in itertools.product(NUMBERS, (X86_64, I386, AARCH64)):
                known = machine == X86_64 and number in (0, 1, 15, 19, 20, 228, 231, 271)
                values = list(itertools.product(VALUES, VALUES)) if known else list(zip(VALUES, reversed(VALUES)))[::5]
                for first, fourth in values:
                    arguments = (first, 0, 0, fourth, 0, 0)
                    wanted = verdict(peers, number, machine, page, arguments)
                    self.assertIn(wanted, (END, ALLOW))
                    for pointer in (page + 2, page + 16383):
                        self.assertEqual(verdict(ours, number, machine, pointer, arguments), wanted,
                                         (devices, number, machine, arguments))
                    for pointer in (0, page - 1, page + 16384, page ^ 1 << 40, page & 0xffffffff) if known else (page + 16384,):
                        self.assertEqual(verdict(ours, number, machine, pointer, arguments), END, (number, pointer))
                    asked += 1
        print(f'{asked} questions')


if __name__ == '__main__':
    unittest.main()
