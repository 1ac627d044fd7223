#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The attacker inside: an image whose author controls everything, one try a run (example/hostile), and files
that are no good image. Each try ends in its documented status with a line that says so; nothing is given away."""
import itertools
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import stack_under_test
from isolation_under_test import BUILD, ISOLATION, isolated, need
from site_under_test import run

HOLM, HOSTILE, HELLO = (str(BUILD / x) for x in ('holm', 'hostile.holm', 'hello.holm'))
DONE, FAULT, STACK, USAGE, IMAGE, TIMEOUT, CAUGHT = 0, 6, 7, 11, 12, 13, 14
STATUSES = set(range(15)) - {2}
need(HOSTILE)
of_process = unittest.skipUnless(ISOLATION == 'process', 'only a process has system calls and signals')
of_machine = unittest.skipUnless(ISOLATION == 'kvm', 'only a machine has ports and page tables')

PAGE = (BUILD / 'monitor/page' / ('page.bin' if ISOLATION == 'process' else 'guest.bin')).read_bytes()
EXIT, DONE_AT = struct.unpack_from('<I', PAGE)[0], struct.unpack_from('<I', PAGE, 24)[0]
SITES = [x.start() for x in re.finditer(b'\x0f\x05' if ISOLATION == 'process' else b'\xef', PAGE)]
EXIT_SITE = min(x for x in SITES if x > EXIT)
DATA = 0x4000  # of the call page, from its start
OWN = ('syscall', 'int80', 'sysenter', 'load', 'cli', 'hlt', 'in', 'out', 'load_cr3', 'store_cr3', 'rdmsr', 'wrmsr',
       'lidt', 'invlpg', 'swapgs', 'iretq', 'sysretq', 'int3', 'debug', 'xsetbv', 'vmcall', 'vmmcall', 'lretq', 'int14', 'int2', 'int1',
       'inl', 'outl', 'outs', 'ins', 'spin')
READ, WRITE, SIGRETURN, READV, WRITEV, CLOCK, EXIT_GROUP, PPOLL = 0, 1, 15, 19, 20, 228, 231, 271
NUMBERS = [*range(0, 512), 0x3ff, 0x7fffffff, 0x80000000, 0xffffffff, *range(0x40000000, 0x40000240, 3), 0x40000000 + PPOLL]
KERNEL, GAP, FAR = 0xffff888000000000, 0x800000000000, (1 << 64) - 8  # no process may read there; no address; the last
UNFILTERED = (335, 336)  # uretprobe, uprobe: newer kernels ask no filter about them; elsewhere than where they put them they do nothing
tried = itertools.count()


def setUpModule():
    stack_under_test.enter()


def tearDownModule():
    print(f'{next(tried)} tries')


def own(name):
    return f'own+{16 * OWN.index(name):x}'


def word(value):
    return value if isinstance(value, str) else f'none+{value & (1 << 64) - 1:x}'


def each(what, cases):
    """The answers of what for all cases, a few at a time, in their order."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(what, cases))


def attack(*options, words=(), image=HOSTILE, **registers):
    """One run; its status, output and errors. What the parent says is lines of printable text, always."""
    next(tried)
    parameters = [f'--{name}={word(value)}' for name, value in registers.items()]
    if words:
        parameters.append('--words=' + ','.join(word(x) for x in words))
    ends = () if '--exec' in options else ('--timeout=20s',)
    said = run(HOLM, *isolated(('run', *ends, *options, image, *parameters)), stdin=subprocess.DEVNULL)
    err = said.stderr.decode('latin-1')
    if err or said.returncode in (FAULT, STACK, USAGE, IMAGE, TIMEOUT, CAUGHT):
        assert re.fullmatch(r'([ -~]*\n)+', err), (str(parameters)[:999], said.returncode, err)
    return said.returncode, said.stdout.decode('latin-1'), err


class Attack(unittest.TestCase):
    def ends(self, wanted, *options, **registers):
        status, out, err = attack(*options, **registers)
        self.assertIn(status, wanted if isinstance(wanted, tuple) else (wanted,), (str(registers)[:999], out, err))
        if status == CAUGHT:
            self.assertEqual(len(err.splitlines()), 1, (registers, err))
        return out, err


class Calls(Attack):
    """System calls."""

    def test_none_passes_from_its_own_text(self):
        caught = CAUGHT if ISOLATION == 'process' else FAULT
        numbers = NUMBERS if ISOLATION == 'process' else NUMBERS[::9]  # a machine has none, whatever the number
        each(lambda x: self.ends(caught if x not in UNFILTERED else (CAUGHT, FAULT), to=own('syscall'), rax=x), numbers)
        for number in (READ, WRITE, CLOCK, EXIT_GROUP):
            self.ends(caught, to=own('syscall'), rax=number, rdi=1, rsi='scratch+0', rdx=1)

    def test_none_of_other_machines_passes(self):
        for number in range(0, 470, 5):
            self.ends((CAUGHT, FAULT), to=own('int80'), rax=number)
        for number in (1, 3, 4, 11, 119, 173, 252):
            self.ends((CAUGHT, FAULT), to=own('sysenter'), rax=number)
            self.ends((CAUGHT, FAULT), to=own('sysenter'), rax=number, rbp='scratch+0')
        for place in (0xffffffffff600000, 0xffffffffff600400, 0xffffffffff600800):  # the kernel's vsyscall page
            self.ends((CAUGHT, FAULT), to=place, rdi='scratch+0')

    @of_process
    def test_from_the_call_page_few_pass(self):
        numbers = [x for x in NUMBERS if x not in UNFILTERED]
        # of nothing to wait for, ppoll waits for good
        ends = each(lambda x: attack(*(['--timeout=300ms'] if x == PPOLL else []), to=f'page+{EXIT_SITE:x}', rax=x)[0], numbers)
        self.assertEqual([x for x, status in zip(numbers, ends) if status != CAUGHT], [READ, SIGRETURN, CLOCK, EXIT_GROUP, PPOLL])

    @of_process
    def test_other_descriptors_and_arguments_are_caught(self):
        others = (3, 4, 5, 63, 64, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, 1 << 63, -1)
        for site in SITES:
            for call, wrong in ((READ, (1, 2, *others)), (WRITE, (0, *others[1:])), (CLOCK, (2, *others)),
                                (READV, (0, 1, *others)), (WRITEV, (0, 1, *others))):
                each(lambda x, call=call, site=site: self.ends(CAUGHT, to=f'page+{site:x}', rax=call, rdi=x, rsi='scratch+0', rdx=1),
                     wrong if site == EXIT_SITE else wrong[:3])
        for mask in (1, 'scratch+0', 1 << 32, -1):
            self.ends(CAUGHT, to=f'page+{EXIT_SITE:x}', rax=PPOLL, rdi='scratch+0', rsi=1, r10=mask)

    @of_process
    def test_pointers_of_allowed_calls_may_be_anything(self):
        bad = (0, 1, 'page+0', f'page+{DATA:x}', 'page+fffffffffffff000', 'boot+0', 'stacks+0', 'end+0', 'image+0',
               own('syscall'), 'memory+fff', KERNEL, GAP, FAR)
        for where in bad:
            for call, first, second, third in ((READ, 0, where, 1 << 62), (WRITE, 1, where, 1 << 20), (CLOCK, 0, where, 0),
                                               (PPOLL, where, 1, 0), (PPOLL, where, -1, 0), (PPOLL, 0, 0, where)):
                status, _, err = attack('--timeout=200ms' if call == PPOLL else '--timeout=20s', to=f'page+{EXIT_SITE:x}', rax=call,
                                        rdi=first, rsi=second, rdx=third)
                self.assertIn(status, STATUSES - {CAUGHT}, (where, call, err))

    def test_requests_without_a_device_are_invalid(self):
        for request in (0, 1, 2, 3, 1 | 5 << 32, 2 | 31 << 32, 1 | 32 << 32, -1):
            for where, count in (('scratch+0', 1), (KERNEL, 1), ('scratch+0', 9), ('scratch+0', -1)):
                words = (0, 'scratch+40', 1, 0, 0, 0, 0, 0, request, where, count, 0)
                out, _ = self.ends(DONE, words=words, to='turn+0', rdi='scratch+0', show='scratch+40')
                self.assertEqual(re.findall('word ([0-9a-f]+)', out)[3], f'{(1 << 64) - 4:x}')

    @of_process
    def test_without_a_parent_too(self):
        for to, number in ((own('syscall'), 59), (f'page+{EXIT_SITE:x}', 59), (f'page+{EXIT_SITE:x}', READV)):
            self.assertEqual(attack('--exec', to=to, rax=number)[0], -signal.SIGSYS)

    def test_the_calls_of_the_image_take_no_bad_memory(self):
        for where in ('end+0', 'page+fffffffffffff000', 'stacks+0', 0, 0x200000, KERNEL, GAP, FAR):
            out, _ = self.ends(DONE, to='console+0', rdi=1, rsi=where, rdx=4096)
            self.assertRegex(out, 'returned fffffffffffffffd\n')
            self.ends((FAULT, STACK), to='turn+0', rdi=where)
            self.ends((FAULT, STACK), to='turn+0', rdi='scratch+0', words=(0, where, 1))
        self.ends(FAULT, to='turn+0', rdi='boot+0')
        self.ends(FAULT, to='turn+0', rdi='page+0')
        self.ends((FAULT, STACK), to='turn+0', rdi='scratch+0', words=(0, 'scratch+400', -1))
        for output in (0, 3, 1 << 31, (1 << 32) - 1):
            self.assertIn('returned fffffffffffffffc\n', self.ends(DONE, to='console+0', rdi=output, rsi='image+0', rdx=1)[0])
        out, _ = self.ends(DONE, to='console+0', rdi=1, rsi='end+fffffffffffffffc', rdx=4096)  # its last bytes, and on
        self.assertRegex(out, 'returned (4|fffffffffffffffd)\n')


class Memory(Attack):
    """Reading, writing, executing."""

    @of_process  # a machine's monitor would only ask itself; its page tables are what says (monitor.guest)
    def test_nothing_but_its_own_can_be_read(self):
        next(tried)
        said = run(HOLM, *isolated(('run', HOSTILE, '--look=true')))  # the one byte that it can read is written too
        self.assertEqual((said.returncode, len(said.stderr)), (DONE, 1), said)
        out = said.stdout.decode()
        self.assertEqual(out, 'foreign 0\nown 1\n')

    def test_a_load_from_elsewhere_is_a_fault(self):
        self.assertIn('rax=0x54424d4c4f480a7f', self.ends(FAULT, to=own('load'), rdi='boot+0')[1])
        for where in (0, 0x1000, 0x200000, 0x400000, 0x10000000000, 0x7ffff7fc0000, 0x7ffffffde000, 0x7fffffffeff8, GAP, KERNEL,
                      0xffffffffff600000, 0xffffffff81000000, FAR, 'end+0', 'end+100000', 'page+fffffffffffffff8'):
            _, err = self.ends(FAULT, to=own('load'), rdi=where)
            self.assertNotIn(f'hostile_own+0x{16 * OWN.index("load") + 3:x}\n', err)  # it did not come to the next instruction
        self.ends(STACK, to=own('load'), rdi='stacks+8')

    def test_no_place_of_many_is_another_s(self):
        seed = int(os.environ.get('SEED', random.randrange(1 << 32)))
        print(f'SEED={seed}')
        places = [random.Random(seed + x).randrange(1 << 47) // 8 * 8 for x in range(60)]
        each(lambda x: self.ends(FAULT, to=own('load'), rdi=x), places)
        each(lambda x: self.ends(FAULT, at=x, words=(0,)), [*places, 8, 0x200000, GAP, KERNEL, FAR])

    def test_code_and_record_stay_as_they_are(self):
        for where in (own('syscall'), 'image+0', 'image+2000', 'page+0', 'page+1ff8', 'exit+0', 'boot+0', 'boot+b8', 'end+0'):
            self.ends(FAULT, at=where, words=(0,))
        self.ends(STACK, at='stacks+0', words=(0,))

    def test_data_does_not_run(self):
        for where in ('scratch+0', 'memory+0', 'stack+0', 'stacks+1000', f'page+{DATA + 0x800:x}'):
            self.ends(FAULT, at=where, words=(0xc3c3c3c3c3c3c3c3,), to=where)
        for where in ('boot+0', 'image+0', 8, GAP, KERNEL, FAR, 'end+0'):
            self.ends(FAULT, to=where)

    def test_instructions_of_the_kernel_are_faults(self):
        for name in OWN[4:-1]:
            for value in (0, 0x10, KERNEL):
                self.ends(FAULT, to=own(name), rdi='scratch+0', rax=value, rdx=0x80)

    def test_a_wild_stack_is_a_fault(self):
        for where in (8, 'page+8', 'boot+0', 'end+0', 'stacks+8', GAP, KERNEL, FAR):
            for to in (own('load'), 'console+0', 'turn+0', f'page+{DONE_AT:x}')[:4 if ISOLATION == 'process' else 1]:
                self.ends((FAULT, STACK), to=to, rsp=where)

    def test_the_data_of_the_call_page_is_worth_nothing(self):
        for value in (0, 1, -1, 'boot+0', 'page+0', 'end+0', KERNEL, 0x41424344, 0x0706050403020100, 0x7f7f7f7f7f7f7f7f):
            for to in ('exit+0', 'console+0', 'turn+0', own('load'), own('int3'), 0):
                status, _, err = attack(at=f'page+{DATA:x}', words=(value,) * 700, to=to, rdi='scratch+0', rsi='image+0', rdx=64)
                self.assertIn(status, STATUSES, (value, to, err))
                self.assertGreaterEqual(err.count('\n'), status != DONE, (value, to, status))
        each(lambda x: self.ends((FAULT, CAUGHT), at=f'page+{x:x}', words=(-(x // 8 & 1),), to=own('int3')), range(DATA, DATA + 0x900, 8))


@of_process
class Signals(Attack):
    """Frames of signals that the image makes itself."""
    ALL = -1

    def frame(self, wanted, then=own('int3'), flags=0x202, segments=0x2b << 48 | 0x33, stack=(0, 2, 0), state=0, mask=0, rsp='memory+10000', rdi=0, options=()):
        words = [0] * 38
        words[2:5], words[13], words[20:24], words[28], words[37] = stack, rdi, (rsp, then, flags, segments), state, mask
        return self.ends(wanted, *options, words=words, to=f'page+{DONE_AT:x}', rsp='scratch+0')

    def test_a_good_one_is_obeyed(self):
        self.assertIn('rax=0x54424d4c4f480a7f', self.frame(FAULT, own('load'), rdi='boot+0')[1])

    def test_registers_that_no_process_may_have(self):
        for then in (KERNEL, GAP, FAR, 0, 0xffffffffff600000, 'scratch+0'):
            self.frame((FAULT, CAUGHT), then)
        for segments in (0, 0x10, 0x23, 0x33, 0x2b << 48 | 0x23, 0x2b << 48 | 0x10, 0x18 << 48 | 0x33, -1, 0xffff, 0x2b << 48 | 0x2b):
            for then in (own('int3'), own('syscall'), own('int80')):
                self.frame((FAULT, CAUGHT), then, segments=segments)
        for flags in (0, -1, 0x3202, 0x20202, 0x4202, 0x302, 0x240202, 0x10202):
            for then in ('cli', 'in', 'hlt', 'iretq'):
                self.frame(FAULT, own(then), flags=flags)
            self.frame(CAUGHT, own('syscall'), flags=flags)

    def test_a_state_of_the_processor_that_is_none(self):
        for state in ('scratch+200', 'scratch+201', 'memory+0', 'image+0', 'page+0', 'end+0', 1, GAP, KERNEL, FAR):
            self.frame(FAULT, state=state)

    def test_a_core_is_left_of_whatever_it_did(self):
        with tempfile.TemporaryDirectory() as folder:
            for mask, stack in ((0, (0, 2, 0)), (self.ALL, (0, 2, 0)), (0, (KERNEL, 0, -1)), (0, ('page+0', 0, 0x8000))):
                core = Path(folder, 'core')
                _, err = self.frame(FAULT, own('int3'), mask=mask, stack=stack, options=['--mem=32MiB', f'--core={core}'])
                self.assertEqual(core.read_bytes()[:4], b'\x7fELF', err)
                self.assertLess(core.stat().st_size, 40 << 20)

    def test_signals_that_are_blocked_end_it_all_the_same(self):
        for then in ('int3', 'load', 'cli', 'iretq'):
            _, err = self.frame(FAULT, own(then), mask=self.ALL)
            self.assertTrue(err)
        self.frame(CAUGHT, own('syscall'), mask=self.ALL)

    def test_another_stack_for_signals_gives_nothing(self):
        for lowest in (0, 'page+0', f'page+{DATA:x}', 'boot+0', 'end+0', 'image+0', 'stacks+0', GAP, KERNEL, FAR, 'scratch+0', 'memory+0'):
            for size in (0x8000, -1, 1 << 47, 0x1000):
                for flags in (0, 1, 2, 1 << 31):
                    _, err = self.frame((FAULT, STACK), own('int3'), stack=(lowest, flags, size))
                    self.assertTrue(err)

    def test_an_image_that_blocks_all_can_be_ended(self):
        _, err = self.frame(TIMEOUT, own('spin'), mask=self.ALL, options=['--timeout=300ms'])
        self.assertEqual(len(err.splitlines()), 1, err)


@of_process
class Reports(Attack):
    """What an image writes where the parent reads."""

    def test_the_parent_shows_text_only(self):
        site = f'page+{EXIT_SITE:x}'
        for what, size in (('image+0', 0x10000), ('own+0', 256), ('memory+0', 1 << 20), ('scratch+0', 64)):
            text = b'\x1b]0;gone\x07\r\x9b31m image+0x0 image+0xffffffffffffffffff \n\n\n'.ljust(64, b'A')
            _, err = self.ends(tuple(STATUSES), words=struct.unpack('<8Q', text), to=site, rax=WRITE, rdi=3, rsi=what, rdx=size)
            self.assertTrue(err)
            self.assertLess(len(err), 200000)


@of_machine
class Machine(Attack):
    """What a virtual machine has and a process hasn't."""
    OWN = 0xffffffff80000000  # where its own parts are
    CALLS = {0x500: 'exit', 0x504: 'console', 0x508: 'turn'}

    def test_ports_are_faults(self):
        ports = sorted({*range(0, 0x80, 5), 0x60, 0x64, 0x80, 0xe0, 0xe1, *range(0x4f8, 0x518), 0xcf8, 0xcfc, 0x3f8,
                        *(x for y in range(7, 17) for x in ((1 << y) - 1, 1 << y & 0xffff))})
        each(lambda x: self.ends(FAULT, to=own(x[0]), rdx=x[1], rdi='scratch+0', rsi='scratch+0'),
             [(what, x) for what in ('in', 'out', 'inl', 'outl', 'outs', 'ins') for x in ports if not (what in ('outl', 'outs') and x in self.CALLS)])

    def test_calls_without_the_call_page(self):
        arguments = ('none+0', 'none+1', 'none+3', 'scratch+0', 'memory+0', 'boot+0', 'end+0', 'page+0', 'none+ffffffffffffffff',
                     f'none+{KERNEL:x}', f'none+{self.OWN:x}', 'none+40000000')
        cases = [(port, x, y) for port in self.CALLS for x in arguments for y in arguments[::3]]
        statuses = each(lambda x: attack(at=f'page+{DATA + 64:x}', words=(x[1], x[2], x[1]), to=own('outl'), rdx=x[0])[0], cases)
        for (port, first, _), status in zip(cases, statuses):
            if self.CALLS[port] == 'exit':
                continue  # with whatever status it says
            self.assertIn(status, (FAULT, STACK), (port, first))

    def test_where_the_machine_keeps_its_own(self):
        places = [self.OWN + x for x in (0, 8, 0x100, 0x400, 0x1000, 0x1fff, 0x2000, 0x2ff8, 0x3000, 0x4000, 0x10000, 0x200000, 0x40000000)]
        places += [0x1000, 0x2000, 0x3000, 0x4000, 0x40000000, 0x40200000, self.OWN - 8, 0xffff800000000000, 0xfffffffffffff000, 0xffff83fffffff000]
        each(lambda x: self.ends(FAULT, to=own('load'), rdi=x), places)
        each(lambda x: self.ends(FAULT, at=x, words=(0,)), places)
        each(lambda x: self.ends(FAULT, to=x), places)
        each(lambda x: self.ends(FAULT, to=own('load'), rdi='end+0', rsp=x), places)  # the stub's stack is its own

    def test_none_of_its_memory_is_a_page_table(self):
        for size in ('32MiB',):  # small pages and large ones
            next(tried)
            said = run(HOLM, *isolated(('run', f'--mem={size}', HOSTILE, '--hunt=true')))  # a byte of each page goes to its error output
            self.assertEqual(said.returncode, DONE, said.stderr[-999:])
            self.assertIn(b'tables 0\n', said.stdout)
            self.assertGreater(int(re.search(rb'pages ([0-9a-f]+)', said.stdout)[1], 16), 100)

    def test_a_turn_of_too_much(self):
        for words in ((0, 'scratch+400', 129), (0, 'scratch+400', -1), (0, 'scratch+fff', 1 << 60), (0, 'boot+0', 1), (0, 'image+0', 1),
                      (0, f'none+{self.OWN:x}', 1), (0, 'end+fffffffffffffff0', 1)):
            self.ends((FAULT, STACK), words=words, to='turn+0', rdi='scratch+0')
        for where in ('end+fffffffffffffff0', 'end+0', 'boot+0', 'image+0', 'page+0', 'stacks+0', f'none+{self.OWN:x}', f'none+{self.OWN + 0x2000:x}', FAR, GAP):
            self.ends((FAULT, STACK), to='turn+0', rdi=where)


class Files(unittest.TestCase):
    """Images that contradict themselves, made of a good one."""

    def setUp(self):
        self.good = Path(HELLO).read_bytes()
        self.heads = [(64 + 56 * i, *struct.unpack_from('<IIQQQQQQ', self.good, 64 + 56 * i))
                      for i in range(struct.unpack_from('<H', self.good, 56)[0])]

    def head(self, kind, number=0):
        """Where a program header is: kind at +0, rights 4, offset 8, address 16, file bytes 32, memory bytes 40."""
        return [x[0] for x in self.heads if x[1] == kind][number]

    def place(self, address):
        return next(offset + address - at for _, kind, _, offset, at, _, bytes, _, _ in self.heads
                    if kind == 1 and at <= address < at + bytes)

    def refused(self, wanted, *changes, cut=None, options=()):
        """changes: (place, struct's form, values …), or (place, bytes)."""
        data = bytearray(self.good)
        for place, what, *values in changes:
            what = struct.pack(what, *values) if values else what
            data[place:place + len(what)] = what
        with tempfile.NamedTemporaryFile(suffix='.holm') as file:
            file.write(data[:cut])
            file.flush()
            status, out, err = attack(*options, image=file.name, count='1')
        self.assertIn(status, wanted if isinstance(wanted, tuple) else (wanted,), (changes, err))
        if status in (IMAGE, USAGE):
            self.assertEqual((out, len(err.splitlines())), ('', 1), (changes, err))
        return err

    def test_segments(self):
        text, data = self.head(1, 1), self.head(1, 2)
        last = max(i for i, x in enumerate([x for x in self.heads if x[1] == 1]))
        for changes in (((text + 4, '<I', 7),), ((text + 4, '<I', 1),), ((data + 4, '<I', 2),), ((text + 4, '<I', 0),),
                        ((text + 8, '<Q', len(self.good)),), ((text + 8, '<Q', 2 ** 64 - 1),), ((text + 16, '<Q', 0),),
                        ((text + 16, '<Q', 2 ** 64 - 4096),), ((data + 16, '<Q', 2 ** 30),), ((data + 16, '<Q', 2 ** 63),),
                        ((text + 32, '<Q', 2 ** 40),), ((text + 40, '<Q', 1),), ((data + 40, '<Q', 2 ** 64 - 1),),
                        ((data + 40, '<Q', 2 ** 30 + 1),), ((text, '<I', 3),), ((text, '<I', 7),), ((text, '<I', 0),),
                        ((56, '<H', 0),), ((56, '<H', 33),), ((56, '<H', 65535),), ((54, '<H', 0),), ((32, '<Q', 4090),),
                        ((32, '<Q', 2 ** 64 - 1),), ((24, '<Q', 0),), ((24, '<Q', 2 ** 64 - 1),), ((24, '<Q', 2 ** 40),),
                        ((self.head(1, last) + 16, '<Q', 0),)):
            self.refused(IMAGE, *changes)
        self.refused(IMAGE, (64, b''.join(struct.pack('<IIQQQQQQ', 1, 4, 0, 4096 * i, 0, 8, 8, 4096) for i in range(9))), (56, '<H', 9))

    def test_what_is_sealed(self):
        relro = self.head(0x6474e552)
        _, _, _, _, address, _, _, size, _ = next(x for x in self.heads if x[1] == 0x6474e552)
        for at, bytes in ((0, 4096), (address + 4096, size), (address, size + 1), (address, size + 2 ** 20), (address, 2 ** 64 - address),
                          (2 ** 64 - 4096, 4096), (address, 1)):
            self.refused(IMAGE, (relro + 16, '<Q', at), (relro + 40, '<Q', bytes))

    def test_relocations(self):
        _, _, _, _, dynamic, _, size, _, _ = next(x for x in self.heads if x[1] == 2)
        place = self.place(dynamic)
        tags = {struct.unpack_from('<Q', self.good, place + 16 * i)[0]: place + 16 * i for i in range(size // 16)}
        table, = struct.unpack_from('<Q', self.good, tags[36] + 8)
        rows, text = self.place(table), self.heads[0][4]
        for tag in (1, 2, 7, 12, 17, 22, 23, 25, 32):
            self.refused(IMAGE, (tags[37], '<QQ', tag, 8))  # instead of the size of an entry
        for value in (0, 7, 16, 2 ** 64 - 1):
            self.refused(IMAGE, (tags[37] + 8, '<Q', value))
        for value in (1, 7, 9, 2 ** 40, 2 ** 64 - 8):
            self.refused(IMAGE, (tags[35] + 8, '<Q', value))
        for value in (2 ** 40, 2 ** 64 - 8, next(x[4] for x in self.heads if x[1] == 1 and x[2] & 2)):
            self.refused(IMAGE, (tags[36] + 8, '<Q', value))
        for value in (0, text, table, 2 ** 30, 2 ** 40, 2 ** 64 - 8, 2 ** 64 - 1, 3, (1 << 64) - 1, 2 ** 63 | 1):
            self.refused(IMAGE, (rows, '<Q', value))
        target = self.place(struct.unpack_from('<Q', self.good, rows)[0])
        for value in (2 ** 32, 2 ** 63, 2 ** 64 - 1):
            self.refused(IMAGE, (target, '<Q', value))

    def test_notes(self):
        _, _, _, offset, _, _, size, _, _ = next(x for x in self.heads if x[1] == 4)
        place = offset + self.good[offset:offset + size].index(b'Holm\0') - 12
        name, length, kind = struct.unpack_from('<III', self.good, place)
        line = place + 20
        for at in (place, place + 4, place + 8):
            for value in (0xffffffff, 0x80000000, 0xfffffffd, 4097, 0 if at == place else 99):
                self.refused(IMAGE, (at, '<I', value))
        for text in (b'stacks 0 4096', b'stacks 65537 4096', b'stacks 1 16777217', b'stacks 1', b'stacks', b'stacks -1 1',
                     b'stacks 1 18446744073709551616', b'stacks 1 4096 x', b'stacks 1 4096 16777217', b'stacks 1 4096 4096 x', b'stacks  1 4096', b'disk config', b'config x', b'', b' ', b'Stacks 1 4096',
                     b'stacks 1 \x1b[2J', b'stacks\n1 4096', b'\0' * 12, b'\xff' * 12):
            err = self.refused(IMAGE, (line, text.ljust(length)))
            self.assertNotIn('\x1b', err)
        self.refused(USAGE, (line, b'net a'.ljust(length)))
        self.refused(IMAGE, (self.head(4) + 40, '<Q', 2 ** 64 - 1))
        self.refused(IMAGE, (self.head(4) + 16, '<Q', 2 ** 64 - 16))
        self.refused(IMAGE, (self.head(4), '<I', 0))

    def test_its_size_counts_as_its_memory(self):
        _, _, _, offset, _, _, size, _, _ = next(x for x in self.heads if x[1] == 4)
        line = offset + self.good[offset:offset + size].index(b'stacks')
        length, = struct.unpack_from('<I', self.good, line - 16)
        self.assertIn('--mem', self.refused(USAGE, (line, b'stacks 65536 99999'.ljust(length))))
        self.assertIn('--mem', self.refused(USAGE, (self.head(1, 3) + 40, '<Q', 2 ** 29)))

    def test_a_file_that_is_cut(self):
        for cut in (0, 1, 15, 63, 64, 100, 119, 120, 500, 4095, 4096, len(self.good) // 2, self.place(self.heads[-1][4] or 64)):
            self.refused((IMAGE, USAGE), cut=cut)

    def test_random_changes_end_in_a_documented_way(self):
        seed = int(os.environ.get('SEED', random.randrange(1 << 32)))
        print(f'SEED={seed}')
        chance = random.Random(seed)
        for _ in range(300):
            changes = [(chance.randrange(64, 4096), bytes([chance.randrange(256)])) for _ in range(chance.choice((1, 1, 2, 8)))]
            self.refused(tuple(STATUSES), *changes, options=('--console=/dev/null', '--timeout=5s'))


class Host(Attack):
    """What the host's side leaves open."""

    def test_descriptors_of_the_parent_are_gone(self):
        with open('/proc/self/environ', 'rb') as secret, open('/proc/self/mem', 'rb') as memory:
            for number in (secret.fileno(), memory.fileno()):
                os.set_inheritable(number, True)
                it = subprocess.Popen([HOLM, *isolated(('run', HELLO, '--interval=1h'))], pass_fds=[number], stdout=subprocess.PIPE)
                it.stdout.readline()
                child, = [int(x) for x in Path(f'/proc/{it.pid}/task/{it.pid}/children').read_text().split()]
                self.assertEqual(sorted(int(x) for x in os.listdir(f'/proc/{child}/fd')), [0, 1, 2, 3] + [4] * (ISOLATION == 'kvm'))
                it.send_signal(signal.SIGTERM)
                self.assertEqual(it.wait(10), DONE)
                it.stdout.close()

    def test_descriptors_that_are_missing(self):
        for missing in range(8):
            for more in ((), ('--exec',)):
                close = [x for x in range(3) if missing >> x & 1]
                it = subprocess.Popen([HOLM, *isolated(('run', *more, HELLO, '--count=1'))], stdout=subprocess.DEVNULL,
                                      preexec_fn=lambda gone=close: [os.close(x) for x in gone])
                self.assertEqual(it.wait(20), DONE, (close, more))

    def test_a_halt_and_its_end_are_not_noticed(self):
        it = subprocess.Popen([HOLM, *isolated(('run', '--exec', HELLO, '--interval=1h'))], stdout=subprocess.PIPE)
        it.stdout.readline()
        for _ in range(3):
            it.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, it.pid, os.WSTOPPED)
            it.send_signal(signal.SIGCONT)
            os.waitid(os.P_PID, it.pid, os.WCONTINUED)
        it.send_signal(signal.SIGTERM)
        self.assertEqual(it.wait(10), DONE)
        it.stdout.close()


@of_process
class Recorded(unittest.TestCase):
    """An image that is recorded, or replayed, reaches its recording: it may add to the one, and read the other."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, 'recording')

    def replayed(self):
        """A replay of whatever stands there now changes nothing, and ends as is documented."""
        before = self.file.read_bytes()
        said = run(HOLM, 'replay', '--timeout=20s', str(self.file), HOSTILE, stdin=subprocess.DEVNULL)
        self.assertEqual(self.file.read_bytes(), before)
        self.assertIn(said.returncode, STATUSES - {TIMEOUT})
        self.assertTrue(re.fullmatch(rb'([ -~]*\n)*', said.stderr), said.stderr)
        return said.returncode, said.stderr.decode()

    def test_what_it_adds_itself_is_not_believed(self):
        site = min(x.start() for x in re.finditer(b'\x0f\x05', (BUILD / 'monitor/page/record.bin').read_bytes()))
        for what in ((0, 0, 0), (3 | 24 << 32, 0, 1 << 63), (1 | 0xffffffff << 32, 0, 0), (2 | 40 << 32, 0, 0), (-1,) * 3):
            status, _, err = attack(f'--record={self.file}', words=('scratch+10', 24 + 64, *what, *[-1] * 8), to=f'page+{site:x}',
                                    rax=WRITEV, rdi=3, rsi='scratch+0', rdx=1)
            self.assertIn(status, STATUSES - {CAUGHT, TIMEOUT}, err)
            data = self.file.read_bytes()
            self.assertTrue(data.startswith(b'Holm recording 1: '))
            self.assertIn(b'\xff' * 64, data)
            self.assertEqual(self.replayed(), (USAGE, f'holm: {self.file}: the recording is damaged\n'))

    def test_no_other_descriptor_and_no_reading(self):
        page = (BUILD / 'monitor/page/record.bin').read_bytes()
        site = min(x.start() for x in re.finditer(b'\x0f\x05', page))
        for call in (READV, WRITEV):
            for descriptor in (0, 1, 2, 4, 5, (1 << 32) + 3):
                status, _, err = attack(f'--record={self.file}', to=f'page+{site:x}', rax=call, rdi=descriptor, rsi='scratch+0', rdx=1)
                self.assertEqual((status, len(err.splitlines())), (CAUGHT, 1), err)
                self.replayed()
        status, out, err = attack(f'--record={self.file}', words=('scratch+40', 64), to=f'page+{site:x}', rax=READV, rdi=3,
                                  rsi='scratch+0', rdx=1, show='scratch+40')
        self.assertNotIn('486f6c6d', out + err)

    def test_a_replay_can_not_write_it(self):
        """The image tries it in its replay too, at the place where the call is there."""
        page = (BUILD / 'monitor/page/replay.bin').read_bytes()
        for site in (x.start() for x in re.finditer(b'\x0f\x05', page)):
            attack(f'--record={self.file}', words=('scratch+10', 64), to=f'page+{site:x}', rax=WRITEV, rdi=3, rsi='scratch+0', rdx=1)
            self.replayed()


class Tap(stack_under_test.Tapped):
    """A network device that gets strange frames and strange memory."""
    NET = '--net=service=tap:holm0'
    SEND, RECEIVE = 2, 1

    def turn(self, kind, pieces, count=None, device=0, frame=b''):
        """One request of one turn; its answer, signed."""
        words = [0] * 288
        words[1:3] = 'scratch+400', 1
        words[128:132] = kind | device << 32, 'scratch+800', len(pieces) if count is None else count, 0
        for i, (where, size) in enumerate(pieces):
            words[256 + 2 * i:258 + 2 * i] = where, size
        words[288:] = struct.unpack(f'<{len(frame.ljust(-len(frame) % 8 + len(frame), bytes(1))) // 8}Q',
                                    frame.ljust(-len(frame) % 8 + len(frame), b'\0'))
        status, out, err = attack(self.NET, words=words, to='turn+0', rdi='scratch+0', show='scratch+400')
        self.assertEqual(status, DONE, (kind, pieces, out, err))
        answer = int(re.findall(r'word ([0-9a-f]+)', out)[3], 16)
        return answer - (1 << 64) * (answer >> 63)

    def test_memory_that_is_not_there(self):
        for where in (0, 1, 'end+0', 'stacks+0', 'page+fffffffffffff000', KERNEL, GAP, FAR, 0x200000):
            for size in (1, 64, 1514, 1 << 20, 1 << 31, (1 << 63) - 1, 1 << 63, -1):
                self.assertLess(self.turn(self.SEND, [('scratch+900', 10), (where, size)]), 0)
                self.turn(self.RECEIVE, [('scratch+900', 10), (where, size)])  # Linux counts what it could not write
        for where in ('boot+0', 'page+0', own('syscall'), 'image+0'):  # it can be read, not written
            self.turn(self.RECEIVE, [(where, 64)])

    def test_numbers_that_are_none(self):
        for kind in (0, 3, (1 << 32) - 1):
            self.assertEqual(self.turn(kind, [('scratch+900', 64)]), -4)
        for device in (1, 31, 32, 1 << 31, (1 << 32) - 1):
            self.assertEqual(self.turn(self.SEND, [('scratch+900', 64)], device=device), -4)
        for count in (9, 1024, 1025, 1 << 31, 1 << 32, (1 << 64) - 1):
            self.assertEqual(self.turn(self.SEND, [('scratch+900', 64)], count=count), -4)
        for pieces in ([], [('scratch+900', 0)], [('scratch+900', 9)], [('scratch+900', 10)], [('scratch+900', 1 << 63)] * 2,
                       [('memory+0', (1 << 62))] * 8):
            self.assertLess(self.turn(self.SEND, pieces), 10, pieces)

    @of_process
    def test_the_kernel_s_call_with_any_pieces(self):
        for call in (READV, WRITEV):
            for count in (0, 8, 1024, 1025, 1 << 31, (1 << 64) - 1):
                for where in ('scratch+0', 'end+0', 'boot+0', KERNEL, 0):
                    status, _, err = attack(self.NET, words=('scratch+0', 1 << 20) * 64, to=f'page+{EXIT_SITE:x}', rax=call,
                                            rdi=3, rsi=where, rdx=count)
                    self.assertIn(status, STATUSES - {CAUGHT, TIMEOUT}, err)
            for descriptor in (0, 1, 2, 4, 5, (1 << 32) + 3):
                status, _, err = attack(self.NET, to=f'page+{EXIT_SITE:x}', rax=call, rdi=descriptor, rsi='scratch+0', rdx=1)
                self.assertEqual((status, len(err.splitlines())), (CAUGHT, 1), err)

    @of_process
    def test_frames_without_end_do_not_hide_the_time_nor_a_stop(self):
        """A frame of a signal that returns into a turn, which returns into it: a turn that never waits, for good."""
        first = 0x10008
        words = [0] * 256

        def put(place, *values):
            words[(place - first) // 8:(place - first) // 8 + len(values)] = values

        put(first, f'page+{DONE_AT:x}')  # to where the turn returns: it takes the frame behind
        put(first + 8 + 13 * 8, 'memory+10400')
        put(first + 8 + 20 * 8, f'memory+{first:x}', 'turn+0', 0x202, 0x2b << 48 | 0x33)
        put(0x10400, 0, 'memory+10480', 1)
        put(0x10480, self.SEND, 'memory+10500', 1)
        put(0x10500, 'memory+10600', 100)
        with tempfile.NamedTemporaryFile() as file:
            for capture in ((), (f'--pcap=service={file.name}',)):
                status, _, err = attack(self.NET, *capture, '--timeout=500ms', at=f'memory+{first:x}', words=words, to=f'page+{DONE_AT:x}',
                                        rsp='memory+10010')
                self.assertEqual((status, len(err.splitlines())), (TIMEOUT, 1), err)
            self.assertGreater(os.stat(file.name).st_size, 1000)

    def test_headers_of_frames_that_lie(self):
        chance = random.Random(1)
        for _ in range(150):
            head = struct.pack('<BBHHHH', chance.choice((0, 1, 2, 255)), chance.choice((0, 1, 3, 4, 5, 0x81, 255)),
                               *(chance.choice((0, 1, 14, 34, 54, 1460, 65535)) for _ in range(4)))
            frame = head + bytes(6) + b'\2\0\0\0\0\1' + chance.choice((b'\x08\0\x45', b'\x86\xdd\x60', b'\x81\0\0\0')) + chance.randbytes(80)
            self.turn(self.SEND, [('scratch+900', chance.choice((10, 11, 24, 64, len(frame))))], frame=frame)
        self.assertIn('holm0', run('ip', 'link', 'show', 'holm0', check=True).stdout.decode())


if __name__ == '__main__':
    unittest.main()
