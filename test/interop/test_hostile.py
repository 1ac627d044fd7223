#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""An attacker who has taken an image over tries, one thing a run, what no image may: each is ended, or answered with
an error, in one of the documented ways. Prints how many were tried."""
import random
import signal
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from site_under_test import WEBSITE, run

BUILD = Path(WEBSITE).parent
HOLM, HOSTILE = str(BUILD / 'holm'), str(BUILD / 'hostile.holm')
DONE, FAULT, STACK, CAUGHT = 0, 6, 7, 14
ENDED = -signal.SIGSYS  # by the filter: without a parent, who would make CAUGHT of it
NOTHING = b'nothing happened\n'
if not Path(HOSTILE).exists():
    print('skipped: images for the monitor are not made in this build')
    sys.exit(77)

# Numbers of x86_64's calls that the filter knows, with first and fourth arguments that it shall refuse all the same.
READ, WRITE, SIGRETURN, READV, WRITEV, CLOCK, EXIT_GROUP, PPOLL = 0, 1, 15, 19, 20, 228, 231, 271
REFUSED = {READ: (1, 2, 3, 1 << 32, (1 << 64) - 1), WRITE: (0, 4, 1000, 1 << 32, 1 | 1 << 32), READV: (0, 1, 2, 3, 4, 1 << 32),
           WRITEV: (0, 1, 2, 3, 4, 1 << 32), CLOCK: (2, 3, 7, 1 << 32, (1 << 64) - 1)}
# uretprobe and uprobe: of these Linux asks no filter (since 6.11 and 6.17), and answers with SIGILL or
# an error who is no probe of its own.
UNASKED = (335, 336)
# vmcall and vmmcall: on a host that is a virtual machine itself, its hypervisor answers them with an error.
HYPERCALLS = (10, 11)


def attack(what, number=0, first=0, fourth=0, how=('--exec',)):
    done = run(HOLM, 'run', *how, HOSTILE, f'--attack={what}', f'--number={number}', f'--first={first}', f'--fourth={fourth}',
               stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout


class Hostile(unittest.TestCase):
    def all(self, attacks, wanted, what):
        """Tries each; wanted are the statuses that may come of it, and nothing but what the image says itself is printed."""
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda x: attack(*x), attacks))
        for words, (status, said) in zip(attacks, results):
            self.assertIn(status, wanted, words)
            self.assertIn(said, (b'', NOTHING) if DONE in wanted else (b'',), words)
        print(f'{len(attacks)} {what}: {dict((x, [y for y, _ in results].count(x)) for x in sorted(set(y for y, _ in results)))}')

    def test_no_call_of_its_own(self):
        numbers = [*range(480), 512, 547, 1023, 1 << 31, (1 << 64) - 1, *(0x40000000 | x for x in (0, 1, 59, 231, 512, 520))]
        self.all([('call', x) for x in numbers if x not in UNASKED], (ENDED,), 'calls from the image')
        self.all([('call', x) for x in UNASKED], (DONE, ENDED, FAULT), 'calls from the image that no filter sees')

    def test_no_other_call_from_the_page(self):
        known = (*REFUSED, SIGRETURN, EXIT_GROUP, PPOLL)
        numbers = [x for x in range(480) if x not in (*known, *UNASKED)] + [512, 547, 1023, *(0x40000000 | x for x in (0, 1, 59, 231, 512, 520))]
        self.all([('page_call', x) for x in numbers], (ENDED,), 'calls from the call page')

    def test_no_other_arguments_from_the_page(self):
        attacks = [('page_call', x, y) for x in REFUSED for y in REFUSED[x]]
        attacks += [('page_call', PPOLL, 0, x) for x in (1, 4096, 1 << 32, (1 << 64) - 1)]  # a mask of signals
        self.all(attacks, (ENDED,), 'arguments of calls from the call page')

    def test_no_privileged_instruction(self):
        self.all([('instruction', x) for x in range(15) if x not in HYPERCALLS], (ENDED, FAULT), 'instructions')
        self.all([('instruction', x) for x in HYPERCALLS], (DONE, FAULT), 'calls of a hypervisor')

    def test_no_memory_but_its_own(self):
        """Where the monitor was, where the kernel puts its own, the kernel's half, and anywhere."""
        seed = random.randrange(1 << 32)
        places = [0, 4096, 0x200000, 0x203000, 0x209000, 0x400000, 0xffffffffff600000 - 4096, 0x7ffff7ff0000, 0xffff888000000000,
                  0xffffffff81000000, (1 << 64) - 8, 1 << 47, (1 << 47) - 4096]
        places += [random.Random(seed + x).randrange(1 << 47) for x in range(60)]
        print(f'seed {seed}')
        for how in ('read', 'write'):
            self.all([(how, x) for x in places], (FAULT,), f'places to {how}')

    def test_what_the_page_keeps_may_be_anything(self):
        attacks = [('page', x, y) for x in (0, 1, 2, 3, 0x41, 0x7f, 0x80, 0xff) for y in (0, 1, 3, 255)]
        self.all(attacks, (ENDED, FAULT, STACK, -signal.SIGSEGV, -signal.SIGILL, -signal.SIGBUS), 'contents of the page')
        self.all([('page', (1 << 64) - 1, x) for x in (0, 28, 1000, 4096, 8191)], (FAULT,), 'writes to the text of the page')

    def test_wrong_calls_of_the_monitor(self):
        kinds = (0, 1, 2, 3, 1 | 5 << 32, 2 | 31 << 32, 1 | 32 << 32, (1 << 64) - 1)
        self.all([('turn', x, y) for x in range(24) for y in kinds], (DONE, FAULT), 'turns')
        attacks = [('console', x, y, z) for x in (1, 2) for y in (0, 1, 1 << 40, 1 << 63, (1 << 64) - 4096) for z in (0, 1, 4096)]
        attacks += [('console', x, 0, 1) for x in (0, 3, 4, (1 << 32) - 1)]
        self.all(attacks, (DONE,), 'writes to the console')

    def test_a_parent_says_what_it_was(self):
        for words, wanted in ((('call', 59), CAUGHT), (('page_call', 59), CAUGHT), (('instruction', 0), FAULT), (('page', 255), CAUGHT)):
            self.assertEqual(attack(*words, how=('--isolation=process',))[0], wanted, words)


if __name__ == '__main__':
    unittest.main()
