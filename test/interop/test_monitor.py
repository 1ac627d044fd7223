#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Images under the monitor: what they print, how they end, what they are shut in, what their faults report."""
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import stack_under_test
from isolation_under_test import BUILD, ISOLATION, isolated, need
from site_under_test import curl, run

HOLM, HELLO, CRASH, SITE, STOP_WATCH = (str(BUILD / x) for x in ('holm', 'hello.holm', 'crash.holm', 'website.holm', 'stop_watch.holm'))
DONE, FAILED, PARAMETER, MEMORY, HOST, FAULT, STACK, STOPPED, REPLAY, USAGE, IMAGE, TIMEOUT, CAUGHT = 0, 1, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14
need(HELLO)


def setUpModule():
    stack_under_test.enter()


def holm(*words):
    result = run(HOLM, *isolated(words), stdin=subprocess.DEVNULL)
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def pending(pid):
    """Whether a signal waits to be seen: a second one of its kind would be lost in it."""
    return any(int(x, 16) for x in re.findall(r'^(?:Sig|Shd)Pnd:\t(.*)', Path(f'/proc/{pid}/status').read_text(), re.M))


class Running:
    """An image that runs; with Running('--net …', IMAGE) as it: …"""

    def __init__(self, *words):
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name, 'pid')
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([HOLM, 'run', f'--isolation={ISOLATION}', f'--pid-file={self.file}', *words], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        self.until(lambda: self.file.exists() and self.file.read_text().endswith('\n'))
        self.pid = int(self.file.read_text())
        return self

    def until(self, holds):
        end = time.monotonic() + 10
        while not holds():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f'it does not come about: {self.words()}')
            time.sleep(0.005)

    def words(self):
        self.log.seek(0)
        return self.log.read().decode('utf-8', 'replace')

    def status(self):
        return self.process.wait(10)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()


class Run(unittest.TestCase):
    def test_an_image_runs_and_ends(self):
        for more in ((), ('--exec',), (f'--isolation={ISOLATION}', '--mem=64MiB'), ('--mem', '64MiB')):
            self.assertEqual(holm('run', *more, HELLO, '--count=2', '--interval=1ms', '--name=you'),
                             (DONE, 'hello, you\nhello, you\n', ''))

    def test_it_knows_what_the_processor_can_do(self):
        flags = Path('/proc/cpuinfo').read_text()
        for level, bits in ('base', 0), ('aesni', 3):
            status, _, said = holm('run', HELLO, '--log=debug', f'--cpu={level}', '--count=1')
            self.assertEqual(status, DONE)
            found = re.search(r'more than the least.*bits=(\d+).*used=(\d+)', said)
            self.assertEqual(bool(int(found[1]) & 1), ' aes' in flags, said)
            self.assertEqual(int(found[2]), int(found[1]) & bits, said)

    def test_its_own_words_are_its_own(self):
        status, out, _ = holm('run', HELLO, '--help')
        self.assertEqual(status, DONE)
        self.assertIn('--interval=1s', out)
        self.assertIn('--port=8080', holm('run', SITE, '--help')[1])  # for that it needs no device
        status, _, said = holm('run', HELLO, '--count=0')
        self.assertEqual((status, len(said.splitlines())), (PARAMETER, 1), said)

    def test_what_can_not_be_is_said_in_one_line_and_nothing_starts(self):
        wrong = (((HELLO + '.none',), USAGE, 'cannot open the image: no such file'), (('--mem=1', HELLO), USAGE, '--mem'),
                 (('--what', HELLO), USAGE, '--what'), ((), USAGE, 'which image'), (('--mem',), USAGE, 'which image'),
                 (('--isolation=magic', HELLO), USAGE, 'isolation'), (('--timeout=soon', HELLO), USAGE, 'duration'),
                 (('--exec', '--timeout=1s', HELLO), USAGE, 'parent'),
                 (('--exec', '--core=/dev/null', HELLO), USAGE, 'parent'), (('--pcap=service', HELLO), USAGE, 'NAME=FILE'),
                 (('--pcap=service=/dev/null', HELLO), USAGE, '--net'), (('--pcap=service=/none/file', HELLO), USAGE, '/none/file'), (('--core=/none/core', HELLO), USAGE, '/none/core'), ((SITE,), USAGE, '--net'),
                 (('--net', 'service=tap:none0', SITE), USAGE, 'no such interface'),
                 (('--net=service=wire', SITE), USAGE, 'fd:N'), (('--net=service', SITE), USAGE, '--net'),
                 (('--net=service=fd:0', SITE), USAGE, 'TAP'), (('/bin/true',), IMAGE, 'program of the host'),
                 (('/etc/passwd',), IMAGE, 'ELF'), (('--mem=3TiB', '--mem=5TiB', HELLO), USAGE, '--mem'))
        for words, wanted, part in wrong:
            status, out, said = holm('run', *words)
            self.assertEqual((status, out, len(said.splitlines())), (wanted, '', 1), (words, said))
            self.assertIn(part, said)

    def test_what_it_writes_goes_to_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, 'log')
            for more in ((), ('--exec',)):
                self.assertEqual(holm('run', f'--console={file}', *more, HELLO, '--count=1'), (DONE, '', ''))
            self.assertEqual((file.read_text(), file.stat().st_mode & 0o777), ('hello, world\n' * 2, 0o600))
            status, _, said = holm('run', '--console', str(file), CRASH, '--kind=null')
            self.assertEqual(status, FAULT)
            self.assertIn('where a null pointer points', said)
            status, _, said = holm('run', f'--console={folder}/none/log', HELLO)
            self.assertEqual((status, len(said.splitlines())), (USAGE, 1), said)

    def test_what_is_typed_is_told(self):
        for words in ([HOLM, *isolated(('run', STOP_WATCH, '--laps=2'))], [str(BUILD / 'stop_watch'), '--laps=2']):
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as it:
                it.stdin.write(b'one line, first its begin')
                it.stdin.flush()
                time.sleep(0.1)
                it.stdin.write(b', then its end\n')
                it.stdin.flush()
                self.assertRegex(it.stdout.readline(), rb'^lap 1: \d+\.\d{3} s, in all \d+\.\d{3} s\n$')
                it.stdin.write(b'\nthis comes too late\n')
                it.stdin.flush()
                self.assertRegex(it.stdout.read(), rb'^lap 2: \d+\.\d{3} s, in all \d+\.\d{3} s\n$')
                self.assertEqual(it.wait(10), DONE)

    def test_a_reader_who_is_slow_does_not_stop_it(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = str(Path(folder, 'pipe'))
            os.mkfifo(pipe)
            reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            count = 100000 if ISOLATION == 'process' else 6000  # a pipe takes some 5,000
            status, _, said = holm('run', '--timeout=20s', f'--console={pipe}', HELLO, f'--count={count}', '--interval=1ns')
            self.assertEqual(status, DONE, said)
            self.assertEqual(os.read(reader, 13), b'hello, world\n')
            os.close(reader)

    def test_the_manual_has_every_option_and_status(self):
        said = holm('run', '--help')[1]
        page = Path(stack_under_test.__file__).parents[2].joinpath('cli/man/holm-run.1').read_text()
        options = set(re.findall(r'^  (--[a-z-]+)', said, re.M))
        self.assertEqual(options, set(re.findall(r'^\.B[RI]? (--[a-z-]+)', page, re.M)))
        self.assertEqual(set(re.findall(r'(?:^| )  ?(\d+)  [a-z]', said, re.M)), set(re.findall(r'^\.B (\d+)$', page, re.M)))

    def test_time_is_over(self):
        for words in ((HELLO, '--interval=1h'), (CRASH, '--kind=spin'), (CRASH, '--kind=silent')):
            status, _, said = holm('run', '--timeout=200ms', *words)
            self.assertEqual(status, TIMEOUT, said)

    def test_a_stop_is_obeyed_and_a_second_ends_it(self):
        for kind in (signal.SIGTERM, signal.SIGINT):
            with Running(HELLO, '--interval=1h') as it:
                it.until(lambda: 'hello' in it.words())
                it.process.send_signal(kind)
                self.assertEqual(it.status(), DONE, it.words())
        with Running(CRASH, '--kind=spin') as it:
            it.until(lambda: Path(f'/proc/{it.pid}/status').read_text().find('Seccomp:\t2') > 0)
            it.process.send_signal(signal.SIGTERM)
            it.until(lambda: not pending(it.process.pid) and not pending(it.pid))
            self.assertIsNone(it.process.poll())
            it.process.send_signal(signal.SIGTERM)
            self.assertEqual(it.status(), STOPPED, it.words())

    def test_a_host_that_lacks_a_call(self):
        """What is one net more is done without; what safety rests on must be there."""
        if shutil.which('strace') is None or run('strace', '-qq', '/bin/true').returncode != 0:
            self.skipTest('no strace')
        lacks = {'process_madvise': DONE, 'madvise': DONE, 'landlock_create_ruleset': DONE, 'unshare': DONE, 'seccomp': HOST,
                 'close_range': HOST, 'dup3': HOST, 'getrandom': HOST, 'munmap': HOST, 'prctl': HOST}
        if ISOLATION == 'kvm':
            lacks |= {'munmap': DONE, 'ioctl': HOST}
        words = isolated(('run', '--exec', HELLO, '--count=1'))
        for call, wanted in lacks.items():
            inject = ('strace', '-qq', '-o', '/dev/null', '-e', f'trace={call}', '-e', f'inject={call}:error=ENOSYS', HOLM)
            done = run(*inject, *words)
            self.assertEqual((done.returncode, done.stdout), (wanted, b'hello, world\n' if wanted == DONE else b''), call)
            self.assertEqual(len(done.stderr.splitlines()), wanted == HOST, call)
            if call == 'process_madvise':  # guards of the older kind
                done = run(*inject, *isolated(('run', '--exec', CRASH, '--kind=overflow')))
                self.assertEqual(done.returncode, STACK, done.stderr)

    def test_one_namespace_that_is_refused_costs_no_other(self):
        if shutil.which('strace') is None or run('strace', '-qq', '/bin/true').returncode != 0:
            self.skipTest('no strace')
        for when, said in (('', ('users', 'host names')), (':when=1', ()), (':when=1..2', ('users',))):
            done = run('strace', '-qq', '-o', '/dev/null', '-e', 'trace=unshare', '-e', f'inject=unshare:error=EPERM{when}', HOLM,
                       *isolated(('run', '--exec', '--verbose', HELLO, '--count=1')))
            lines = [x for x in done.stderr.decode().splitlines() if 'namespace' in x]
            self.assertEqual((done.returncode, lines),
                             (DONE, [f'holm: without a namespace of {x}, which the host does not give' for x in said]), when)

    def test_without_a_parent_too(self):
        it = subprocess.Popen([HOLM, *isolated(('run', '--exec', HELLO, '--interval=1h'))], stdout=subprocess.PIPE)
        it.stdout.readline()
        it.send_signal(signal.SIGTERM)
        self.assertEqual(it.wait(10), DONE)
        it.stdout.close()

    def test_the_parent_takes_the_image_along(self):
        with Running(HELLO, '--interval=1h') as it:
            it.until(lambda: 'hello' in it.words())
            it.process.kill()
            it.process.wait()
            end = time.monotonic() + 10
            while Path(f'/proc/{it.pid}').exists():
                self.assertLess(time.monotonic(), end)
                time.sleep(0.005)


class Fault(unittest.TestCase):
    def report(self, kind, status, words, exec_too=True):
        got, out, said = holm('run', CRASH, f'--kind={kind}')
        self.assertEqual((got, out), (status, ''), said)
        self.assertRegex(said, words)
        self.assertRegex(said, r'image build [0-9a-f]{40} at 0x')
        self.assertRegex(said, r'rax=0x.*rbx=0x')
        self.assertRegex(said, r'image\+0x[0-9a-f]+ main_task\+0x')
        self.assertRegex(said, r'image\+0x[0-9a-f]+ holm_task__main\+0x')
        got, _, alone = holm('run', '--exec', CRASH, f'--kind={kind}')
        self.assertEqual(got, status)
        self.assertRegex(alone, words)

    def test_each_kind_is_named(self):
        self.report('null', FAULT, r'not mapped at 0x0, where a null pointer points')
        self.report('write_text', FAULT, r'against the rights of memory at image\+0x[0-9a-f]+, in the image')
        self.report('execute_data', FAULT, r'against the rights of memory at image\+0x[0-9a-f]+, in the image')
        self.report('execute_stack', FAULT, r'against the rights of memory at 0x[0-9a-f]+, in the stack of task 0')
        self.report('overflow', STACK, r'below the stack of task 0: it was too small')
        self.report('check', FAULT, r'a check failed')
        self.report('divide', FAULT, r'an arithmetic fault')
        self.report('far', FAULT, r'not mapped at 0x10000000000, where nothing of the image is')

    def test_addresses_are_resolved_apart_from_a_run(self):
        said = holm('run', '--exec', CRASH, '--kind=check')[2]
        places = re.findall(r'image\+(0x[0-9a-f]+)', said)
        status, out, _ = holm('symbols', CRASH, *places)
        self.assertEqual(status, DONE)
        self.assertRegex(out, r'main_task\+0x[0-9a-f]+ start/src/start\.c:\d+\n')
        for address in ('0', 'ffffff', 'ffffffffffffffff'):
            self.assertEqual(holm('symbols', CRASH, address)[1], f'0x{address} in no function\n')

    def test_a_frame_has_its_line_and_what_was_inlined(self):
        source = (Path(__file__).resolve().parents[2] / 'example/crash/crash.c').read_text().splitlines()
        said = holm('run', CRASH, '--kind=divide')[2]
        frame = re.search(r'image\+0x\w+ holm_main\+0x\w+ example/crash/crash\.c:(\d+) > (\w+) example/crash/crash\.c:(\d+)\n', said)
        self.assertIsNotNone(frame, said)
        self.assertIn('divl', source[int(frame[3]) - 1])
        self.assertIn('break_rule', source[int(frame[1]) - 1])

    def test_symbols_survive_a_file_that_lies(self):
        good, outcomes = Path(CRASH.removesuffix('holm') + 'debug').read_bytes(), set()
        draw = random.Random(7)
        place = re.search(r'image\+0x(\w+) (holm_main\+0x\w+ )', holm('run', CRASH, '--kind=null')[2])
        with tempfile.TemporaryDirectory() as folder:
            image = Path(folder, 'crash.holm')
            image.write_bytes(b'')
            for number in range(60):
                lie = bytearray(good)
                if number % 3 == 0:  # the header, or the table of sections at the end
                    at = draw.choice((draw.randrange(64), len(lie) - 1 - draw.randrange(2000)))
                    lie[at] = draw.randrange(256)
                elif number % 3 == 1:
                    del lie[draw.randrange(len(lie)):]
                else:
                    for _ in range(200):
                        lie[draw.randrange(len(lie))] = draw.randrange(256)
                image.with_suffix('.debug').write_bytes(lie)
                status, out, said = holm('symbols', str(image), place[1], '738f', '3')
                self.assertIn(status, (DONE, USAGE), said)
                outcomes.add(place[2] in out)
        self.assertEqual(len(outcomes), 2, 'both what can be read and what can not')


class Core(unittest.TestCase):
    """What --core leaves."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.core = Path(folder.name, 'core')

    def test_a_debugger_sees_the_frames_of_a_fault(self):
        debug = CRASH.removesuffix('holm') + 'debug'
        for kind, wanted in (('null', FAULT), ('check', FAULT), ('divide', FAULT), ('overflow', STACK)):
            status, _, said = holm('run', f'--core={self.core}', CRASH, f'--kind={kind}')
            self.assertEqual(status, wanted, said)
            self.assertRegex(said, r'image\+0x[0-9a-f]+ main_task\+0x')
            self.assertIn(f'{self.core}: the image', said)
            about = self.core.stat()
            self.assertEqual(about.st_mode & 0o777, 0o600)
            self.assertLess(about.st_blocks * 512, 2 << 20)  # of 128 MiB, what was never written is not there
            if shutil.which('gdb') is None:
                self.skipTest('no gdb')
            done = run('gdb', '-batch', '-nx', '-ex', 'bt', '-ex', 'p image', '-s', debug, '-e', CRASH, '-c', str(self.core))
            frames = done.stdout.decode()
            self.assertRegex(frames, r'(?s)#\d+ .*holm_main \(.*main_task \(.*holm_task__main \(', done.stderr)
            self.assertRegex(frames, r'crash\.c:\d+')
            self.assertIn('chunks = 0x', frames)  # data of the image, by its type

    def test_without_a_fault_there_is_none(self):
        self.assertEqual(holm('run', f'--core={self.core}', HELLO, '--count=1'), (DONE, 'hello, world\n', ''))
        self.assertFalse(self.core.exists())
        status, _, said = holm('run', f'--core={self.core}', '--timeout=200ms', CRASH, '--kind=spin')
        self.assertEqual((status, self.core.exists()), (TIMEOUT, False), said)
        for make in self.core.touch, lambda: os.mkfifo(self.core):  # what was there stays, a device too
            make()
            reader = os.open(self.core, os.O_RDONLY | os.O_NONBLOCK)
            self.assertEqual(holm('run', f'--core={self.core}', HELLO, '--count=1')[0], DONE)
            os.close(reader)
            self.assertTrue(self.core.exists())
            self.core.unlink()

    def test_it_changes_nothing_about_stops(self):
        with Running(f'--core={self.core}', HELLO, '--interval=1h') as it:
            it.until(lambda: 'hello' in it.words())
            os.kill(it.pid, signal.SIGSTOP)
            it.until(lambda: 'T (stopped)' in Path(f'/proc/{it.pid}/status').read_text() or 't (tracing' in Path(f'/proc/{it.pid}/status').read_text())
            os.kill(it.pid, signal.SIGCONT)
            it.process.send_signal(signal.SIGTERM)
            self.assertEqual(it.status(), DONE, it.words())

    def test_what_can_not_be_written_is_told(self):
        status, _, said = holm('run', '--core=/dev/full', CRASH, '--kind=null')
        self.assertEqual(status, FAULT)
        self.assertIn('not all of the image', said)


class Replay(unittest.TestCase):
    """What --record keeps runs again."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, 'recording')

    def test_a_run_comes_out_the_same(self):
        for words in ((HELLO, '--count=3', '--interval=1ms', '--log=debug'), (HELLO, '--help'), (HELLO, '--count=0'),
                      ('--mem=64MiB', HELLO, '--count=2', '--interval=1ms', '--name=')):
            ran = holm('run', f'--record={self.file}', *words)
            self.assertEqual(holm('replay', str(self.file)), ran)
            self.assertEqual(holm('replay', '--timeout', '1m', str(self.file), HELLO), ran)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertTrue(self.file.read_bytes().startswith(b'Holm recording 1: it holds all secrets of a run\n'))

    def test_it_is_told_the_same_of_where_it_runs(self):
        words = (str(BUILD / 'hostile.holm'), '--to=console+0', '--rdi=none+1', '--show=boot+0')
        ran = holm('run', f'--record={self.file}', *words)
        self.assertEqual(int(re.findall('word ([0-9a-f]+)', ran[1])[2], 16) & 0xffffffff, 2 if ISOLATION == 'kvm' else 1)
        self.assertEqual(holm('replay', str(self.file)), ran)

    def test_no_time_passes_and_what_was_typed_comes_again(self):
        with Running(f'--record={self.file}', HELLO, '--interval=1s') as it:
            it.until(lambda: it.words().count('hello') == 2)
            it.process.send_signal(signal.SIGTERM)
            self.assertEqual(it.status(), DONE)
            said = it.words()
            self.assertNotIn('holm:', said)
        begun = time.monotonic()
        self.assertEqual(holm('replay', '--timeout=900ms', str(self.file)), (DONE, said, ''))
        self.assertLess(time.monotonic() - begun, 0.9)
        ran = subprocess.run([HOLM, *isolated(('run', f'--record={self.file}', STOP_WATCH, '--laps=2'))], input=b'typed words\n\n', capture_output=True)
        self.assertEqual((ran.returncode, ran.stdout.count(b'lap')), (DONE, 2), ran.stderr)
        self.assertIn(b'typed words\n', self.file.read_bytes())
        self.assertEqual(holm('replay', str(self.file)), (ran.returncode, ran.stdout.decode(), ran.stderr.decode()))

    def test_a_fault_comes_again_at_the_same_addresses(self):
        for kind, wanted in (('null', FAULT), ('check', FAULT), ('overflow', STACK)):
            ran = holm('run', f'--record={self.file}', CRASH, f'--kind={kind}')
            self.assertEqual(ran[0], wanted, ran)
            self.assertEqual(holm('replay', str(self.file)), ran)
        core = self.file.with_suffix('.core')
        status, _, said = holm('replay', f'--core={core}', str(self.file))
        self.assertEqual((status, core.stat().st_mode & 0o777), (STACK, 0o600), said)

    def test_a_run_that_was_ended_is_replayed_up_to_there(self):
        with Running(f'--record={self.file}', HELLO, '--interval=1h') as it:
            it.until(lambda: 'hello' in it.words())
            it.process.kill()
        status, out, said = holm('replay', str(self.file))
        self.assertEqual((status, out), (REPLAY, 'hello, world\n'), said)
        self.assertRegex(said, r'^holm: the replay ends: so does the recording, .*\n$')
        self.assertEqual(holm('run', f'--record={self.file}', '--timeout=1s', CRASH, '--kind=spin')[0], TIMEOUT)
        status, _, said = holm('replay', '--timeout=200ms', str(self.file))
        self.assertEqual(status, TIMEOUT, said)

    def test_a_reader_that_is_slow_gets_all(self):
        words = ('--count=3', '--interval=1ms', '--name=' + 'x' * 4000)
        ran = holm('run', f'--record={self.file}', HELLO, *words)
        it = subprocess.Popen([HOLM, 'replay', str(self.file)], stdout=subprocess.PIPE, pipesize=4096)
        end = time.monotonic() + 10
        while Path(f'/proc/{it.pid}/stat').exists() and time.monotonic() < end:
            if len(it.stdout.peek(1)) > 0:
                break
        self.assertEqual(it.communicate()[0].decode(), ran[1])
        self.assertEqual(it.returncode, DONE)

    def test_what_is_none_is_refused_in_one_line(self):
        self.assertEqual(holm('run', f'--record={self.file}', HELLO, '--count=2', '--interval=1ms')[0], DONE)
        good = self.file.read_bytes()
        begin = struct.unpack_from('<I', good, 56)[0]  # where the entries are

        def refused(data, words, *more):
            self.file.write_bytes(data)
            status, out, said = holm('replay', str(self.file), *more)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), said)
            self.assertIn(words, said)

        refused(b'', 'not a recording')
        refused(b'\x7fELF' + good, 'not a recording')
        refused(good[:100], 'cut off before it begins')
        refused(good[:begin - 1], 'cut off before it begins')
        for place in range(48, len(good), 5):
            data = bytearray(good)
            data[place] ^= 0x40
            self.file.write_bytes(data)
            status, _, said = holm('replay', '--timeout=10s', str(self.file))
            self.assertIn((status, len(said.splitlines())), ((USAGE, 1), (REPLAY, 1)), (place, said))  # 10: an end that is cut
        refused(good, 'another build', CRASH)
        refused(good, 'parameters', HELLO, '--count=3')
        self.file.write_bytes(good)
        for words, wanted in ((('--mem=1GiB', str(self.file)), '--mem'), ((), 'which recording'), ((str(self.file) + '.none',), 'No such'),
                              (('/',), 'not a recording')):
            status, _, said = holm('replay', *words)
            self.assertEqual((status, len(said.splitlines())), (USAGE, 1), said)
            self.assertIn(wanted, said)

    def test_an_image_that_goes_another_way_is_ended(self):
        """Entries of another run of the same image, behind the head of this one."""
        def recorded(*words):
            self.assertEqual(holm('run', f'--record={self.file}', HELLO, *words)[0], DONE)
            data = self.file.read_bytes()
            begin = struct.unpack_from('<I', data, 56)[0]
            return data[:begin], data[begin:]
        one, other = recorded('--count=2', '--interval=1ms'), recorded('--count=2', '--interval=1ms', '--name=you')
        self.file.write_bytes(one[0] + other[1])
        status, _, said = holm('replay', str(self.file))
        self.assertEqual(status, REPLAY)
        self.assertEqual(said, 'holm: the replay ends: the image does something else than was recorded\n')

    def test_what_can_not_be_recorded_is_told(self):
        for words in (('--record=/dev/full', HELLO), ('--record=/none/at/all', HELLO), ('--exec', f'--record={self.file}', HELLO),
                      (f'--record={self.file}', HELLO, '--name=' + 'x' * 70000)):
            status, out, said = holm('run', *words)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), said)
        done = run('sh', '-c', 'ulimit -f 4; exec "$0" "$@"', HOLM, *isolated(('run', f'--record={self.file}', HELLO, '--count=60', '--interval=1ms')))
        self.assertEqual((done.returncode, done.stdout.count(b'hello')), (DONE, 60), done.stderr)
        self.assertRegex(done.stderr, rb'^holm: the recording ends before the image: .*\n$')
        status, out, said = holm('replay', str(self.file))
        self.assertEqual(status, REPLAY, said)
        self.assertTrue(0 < out.count('hello') < 60)


class Image(unittest.TestCase):
    """Files that are no image as the monitor wants it."""

    def changed(self, change):
        with tempfile.NamedTemporaryFile(suffix='.holm') as file:
            data = bytearray(Path(HELLO).read_bytes())
            change(data)
            file.write(data)
            file.flush()
            return holm('run', '--timeout=5s', file.name, '--count=1')

    def test_verbs_that_only_look_say_what_they_take(self):
        for verb in 'inspect', 'symbols':
            self.assertEqual(holm(verb, '--help'), (DONE, holm('--help')[1], ''))
        for words in (), (SITE, HELLO), ('--what', SITE), ('--json', '--tcb', SITE):
            status, out, said = holm('inspect', *words)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), words)
            self.assertIn('[--json|--tcb] IMAGE', said)
        for words, why in (('inspect', '/nowhere'), 'No such file'), (('inspect', '/'), 'directory'), (('symbols', SITE), 'which addresses'):
            status, out, said = holm(*words)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), words)
            self.assertIn(why, said)

    def test_inspect_says_what_it_is(self):
        status, out, _ = holm('inspect', SITE)
        self.assertEqual(status, DONE)
        for words in (r'net service\n', r'stacks 256 [1-9][0-9]+ +[1-9][0-9]+', r'build [0-9a-f]{40}\n', r'r-x', r'loaded [0-9]+'):
            self.assertRegex(out, words)
        self.assertNotRegex(out, 'rwx')

    def test_inspect_says_it_to_programs_too(self):
        status, out, _ = holm('inspect', '--json', SITE)
        said = json.loads(out)
        self.assertEqual(status, DONE)
        self.assertIn('net service', said['notes'])
        self.assertEqual({x['rights'] for x in said['segments']}, {'r--', 'r-x', 'rw-'})
        self.assertEqual(said['loaded_bytes'], sum(x['file_bytes'] for x in said['segments']))
        self.assertRegex(holm('inspect', SITE)[1], f"build {said['build']}\n")

    def test_inspect_says_what_it_is_made_of(self):
        said = json.loads(holm('inspect', '--json', SITE)[1])
        image = {x['name']: x for x in said['contents'] if x['kind'] == 'image'}
        self.assertLessEqual({'core', 'run', 'http', 'tcp', 'tcpip', 'platform_holm', 'image'}, set(image))
        self.assertNotIn('platform_unix', image)
        self.assertTrue(all(x['lines'] > 0 for x in image.values() if x['name'] != 'linker'), image)
        # what of the segments belongs to nobody lies between sections
        found = sum(x['file_bytes'] for x in image.values())
        self.assertTrue(0.95 * said['loaded_bytes'] < found <= said['loaded_bytes'], (found, said['loaded_bytes']))
        self.assertNotIn('tcp', {x['name'] for x in json.loads(holm('inspect', '--json', HELLO)[1])['contents']})
        status, out, _ = holm('inspect', '--tcb', SITE)
        total = sum(x['lines'] for x in said['contents'])
        self.assertEqual((status, out.split()[-1]), (DONE, str(total)))
        self.assertIn('exec', out)

    def test_inspect_without_what_lies_beside_an_image(self):
        with tempfile.TemporaryDirectory() as folder:
            image = shutil.copy(HELLO, folder)
            self.assertIn('not known', holm('inspect', image)[1])
            self.assertIsNone(json.loads(holm('inspect', '--json', image)[1])['contents'])
            self.assertEqual(holm('inspect', '--tcb', image)[0], USAGE)
            for junk in (b'', b'\x7fELF', Path(HELLO).read_bytes(), os.urandom(5000)):
                Path(image).with_suffix('.debug').write_bytes(junk)
                self.assertIn('not known', holm('inspect', image)[1])

    def test_what_contradicts_itself_is_refused(self):
        programs = 64  # where the program headers begin

        def set_at(place, form, value):
            return lambda data: struct.pack_into(form, data, place, value)

        wrong = [set_at(18, '<H', 183), set_at(16, '<H', 2), set_at(54, '<H', 57), set_at(24, '<Q', 0),
                 set_at(32, '<Q', 1 << 40), lambda data: data.__delitem__(slice(3000, None)),
                 lambda data: data.__delitem__(slice(30, None)), lambda data: data.clear()]
        for header in range(9):
            at = programs + 56 * header
            kind = struct.unpack_from('<I', Path(HELLO).read_bytes(), at)[0]
            if kind == 1:
                wrong += [set_at(at + 4, '<I', 7), set_at(at + 8, '<Q', 1 << 60), set_at(at + 16, '<Q', 1 << 60),
                          set_at(at + 32, '<Q', 1 << 60), set_at(at + 40, '<Q', (1 << 64) - 1)]
            if kind in (2, 4):
                wrong += [set_at(at + 16, '<Q', 1 << 40), set_at(at + 40, '<Q', (1 << 64) - 1)]
        for change in wrong:
            status, out, said = self.changed(change)
            self.assertEqual((status, out, len(said.splitlines())), (IMAGE, '', 1), said)

    def test_any_byte_of_its_first_page_may_be_wrong(self):
        """Refused, or it ends in some documented way; the monitor says so and lives."""
        for place in range(0, 1024, 7):
            status, _, said = self.changed(lambda data: data.__setitem__(place, data[place] ^ 0x55))
            self.assertIn(status, (DONE, FAILED, PARAMETER, FAULT, STACK, IMAGE, TIMEOUT, CAUGHT, MEMORY, USAGE), (place, said))

    def test_no_instruction_leaves_the_image(self):
        for image in (x for x in map(str, BUILD.glob('*.holm')) if Path(x).name != 'hostile.holm'):  # which has them all
            code = run('llvm-objdump-19', '-d', '--no-show-raw-insn', image, check=True).stdout.decode()
            self.assertGreater(code.count('\n'), 1000)
            found = re.findall(r'\t(syscall|sysenter|int\b|inb|inl|outb|outl|rdtscp?|rdrand\w?|rdseed\w?|cpuid|xgetbv)', code)
            self.assertEqual(found, [], image)


class Sandbox(stack_under_test.Tapped):
    """The website over TAP, and what its process holds."""

    def test_the_website_is_served_from_a_sandbox(self):
        with Running('--net', 'service=tap:holm0', SITE, '--network=stack', '--ipv4=10.9.0.2/24', '--port=80') as it:
            it.until(lambda: 'http: serving port=80\n' in it.words())
            self.assertEqual(curl('http://10.9.0.2/hello'), 'Hello, world!\n')
            self.assertIn('<html', curl('http://10.9.0.2/'))
            self.check_memory(it.pid)
            self.check_process(it.pid)
            it.process.send_signal(signal.SIGTERM)
            self.assertEqual(it.status(), DONE, it.words())

    def test_a_capture_has_what_passed(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, 'pcap')
            with Running('--net', 'service=tap:holm0', '--pcap', f'service={file}', SITE, '--ipv4=10.9.0.2/24', '--ipv6=off',
                         '--port=80') as it:
                it.until(lambda: 'serving' in it.words())
                self.assertEqual(curl('http://10.9.0.2/hello'), 'Hello, world!\n')
                for _ in range(20):
                    self.assertIn('<html', curl('http://10.9.0.2/'))
                self.check_process(it.pid, 'socket:')
                it.process.send_signal(signal.SIGTERM)
                self.assertEqual(it.status(), DONE, it.words())
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            said = run('tcpdump', '-n', '-A', '-r', str(file), check=True).stdout.decode('latin-1')
            for words in ('ARP, Request', 'GET /hello HTTP/1.1', 'Hello, world!', '10.9.0.2.80 > 10.9.0.1.'):
                self.assertIn(words, said)
            self.assertEqual(len(re.findall(r'Flags \[S\.\]', said)), 21)
            self.assertEqual(len(re.findall(r'HTTP: GET / HTTP/1.1', said)), 20)

    def test_a_served_site_runs_again_without_a_network(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, 'recording')
            with Running('--net', 'service=tap:holm0', f'--record={file}', SITE, '--ipv4=10.9.0.2/24', '--ipv6=off', '--port=80',
                         '--log=debug') as it:
                it.until(lambda: 'serving' in it.words())
                self.assertEqual(curl('http://10.9.0.2/hello'), 'Hello, world!\n')
                for _ in range(20):
                    self.assertIn('<html', curl('http://10.9.0.2/'))
                it.process.send_signal(signal.SIGTERM)
                self.assertEqual(it.status(), DONE, it.words())
                said = it.words()
            done = subprocess.run([HOLM, 'replay', str(file)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual((done.returncode, done.stdout.decode()), (DONE, said))
            self.assertIn(b'GET /hello', file.read_bytes())
            # what it sends is compared too: a byte that it received is another, and its sum is right
            data = bytearray(file.read_bytes())
            place = data.index(b'GET /hello')
            data[place + 5] ^= 1
            at = struct.unpack_from('<I', data, 56)[0]
            while at + 24 + struct.unpack_from('<I', data, at + 4)[0] < place:
                at += 24 + struct.unpack_from('<I', data, at + 4)[0]
            total = 0xcbf29ce484222325
            for byte in data[at:at + 16] + data[at + 24:at + 24 + struct.unpack_from('<I', data, at + 4)[0]]:
                total = (total ^ byte) * 0x100000001b3 % (1 << 64)
            struct.pack_into('<Q', data, at + 16, total)
            file.write_bytes(data)
            status, _, err = holm('replay', str(file))
            self.assertEqual(status, REPLAY)
            self.assertIn('something else', err)

    def check_memory(self, pid):
        rows = [x.split() for x in Path(f'/proc/{pid}/maps').read_text().splitlines()]
        self.assertFalse([x for x in rows if 'w' in x[1] and 'x' in x[1]])
        if ISOLATION == 'kvm':  # the monitor stays, and nothing of the image's runs in its process
            self.assertEqual({x[5] for x in rows if 'x' in x[1]} - {'[vdso]', '[vsyscall]'}, {str(BUILD / 'holm-exec')})
            return
        named = [x[5] for x in rows if len(x) > 5]
        self.assertLessEqual(set(named), {'[vsyscall]'})  # no file, no stack, no vdso of the monitor's
        rows = [x for x in rows if len(x) <= 5]
        ends = [[int(y, 16) for y in x[0].split('-')] for x in rows]
        self.assertTrue(all(a[1] == b[0] for a, b in zip(ends, ends[1:])))  # one row
        self.assertEqual([x[1] for x in rows].count('r-xp'), 2)  # the call page and the image's text

    def check_process(self, pid, device='/dev/net/tun'):
        status = dict(x.split(':\t', 1) for x in Path(f'/proc/{pid}/status').read_text().splitlines() if ':\t' in x)
        self.assertEqual((status['Seccomp'], status['NoNewPrivs'], status['CapEff'], status['Threads']),
                         ('2', '1', '0' * 16, status['Threads']))
        self.assertLessEqual(int(status['Threads']), 1 + (ISOLATION == 'kvm'))  # the kernel may add one of its own to a machine
        self.assertEqual(sorted(int(x) for x in os.listdir(f'/proc/{pid}/fd')), [0, 1, 2, 3, 4] + [5] * (ISOLATION == 'kvm'))
        if ISOLATION == 'kvm':
            self.assertIn('kvm-vcpu', os.readlink(f'/proc/{pid}/fd/5'))
        self.assertTrue(os.readlink(f'/proc/{pid}/fd/3').startswith(device))
        self.assertTrue(os.readlink(f'/proc/{pid}/fd/4').startswith('pipe:'))
        for space in ('user', 'uts', 'net', 'mnt', 'ipc'):
            self.assertNotEqual(os.readlink(f'/proc/{pid}/ns/{space}'), os.readlink(f'/proc/self/ns/{space}'))
        self.assertEqual(Path(f'/proc/{pid}/environ').read_bytes(), b'')


if __name__ == '__main__':
    unittest.main()
