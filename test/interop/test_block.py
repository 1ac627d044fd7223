#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Block devices of whole images: example/count and block_check, over files and over a disk of the host, as programs
of the host and under the monitor."""
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from isolation_under_test import isolated
from site_under_test import WEBSITE, need, run

BUILD = Path(WEBSITE).parent
COUNT, CHECK, HOLM = (str(BUILD / x) for x in ('count', 'block_check', 'holm'))
MONITORED = unittest.skipUnless((BUILD / 'count.holm').exists(), 'images for the monitor are not made in this build')
USAGE = 11


class Block(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.disk = Path(self.folder.name, 'disk')
        self.disk.write_bytes(bytes(4096))

    def count(self, block, *more):
        result = run(COUNT, f'--block={block}', *more)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def test_a_number_outlives_the_image(self):
        for i in range(1, 4):
            self.assertEqual(self.count(f'other=/nothing,disk={self.disk}'), (0, f'start number {i}\n', ''))
        self.assertEqual(self.disk.read_bytes()[:10], b'COUNTER 3\n')
        self.assertEqual(self.disk.stat().st_size, 4096)

    def test_what_can_not_be_is_said_in_one_line(self):
        self.disk.write_bytes(b'something else'.ljust(4096))
        for block, words in ((f'disk={self.disk}', 'malformed'), ('disk=/nothing', 'not found'),
                             (f'disk={self.folder.name}', 'result='), (f'it={self.disk}', 'not found'), ('disk', 'not found')):
            status, out, said = self.count(block)
            self.assertEqual((status, out, len(said.splitlines())), (1, '', 1), said)
            self.assertIn(words, said)
        self.assertEqual(self.disk.read_bytes()[:9], b'something')

    def test_a_device_to_read_only_is_not_written(self):
        self.count(f'disk={self.disk}')
        status, _, said = self.count(f'disk={self.disk}:ro')
        self.assertEqual(status, 1)
        self.assertIn('permission', said)
        self.assertEqual(self.disk.read_bytes()[:10], b'COUNTER 1\n')

    def test_a_replay_needs_no_device_and_writes_none(self):
        recording = Path(self.folder.name, 'rec')
        self.count(f'disk={self.disk}')
        self.count(f'disk={self.disk}', f'--record={recording}')
        self.disk.unlink()
        again = run(COUNT, f'--replay={recording}')
        self.assertEqual((again.returncode, again.stdout), (0, b'start number 2\n'), again.stderr)
        self.assertFalse(self.disk.exists())

    def test_a_disk_of_the_host(self):
        made = run('losetup', '--find', '--show', str(self.disk), check=False)
        loop = made.stdout.decode().strip()
        if made.returncode != 0 or not os.path.exists(loop):
            self.skipTest('no loop device can be made here')
        self.addCleanup(run, 'losetup', '--detach', loop)
        for i in range(1, 3):
            self.assertEqual(self.count(f'disk={loop}'), (0, f'start number {i}\n', ''))

    def test_what_is_written_is_read_again(self):
        os.truncate(self.disk, 1 << 20)
        for piece in ('512', '4KiB', '64KiB', '1MiB'):
            result = run(CHECK, f'--block=disk={self.disk}', f'--piece={piece}', '--random-reads=64')
            self.assertEqual((result.returncode, result.stdout.count(b'\n')), (0, 4), result.stderr)


@MONITORED
class Monitored(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.disk = Path(self.folder.name, 'disk')
        self.disk.write_bytes(bytes(1 << 20))

    def holm(self, *words, wrapper=()):
        result = run(*wrapper, HOLM, *isolated(words), stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def test_one_processor_is_enough(self):
        status, out, said = self.check('--late=true', '--random-reads=64',
                                       wrapper=('taskset', '--cpu-list', str(min(os.sched_getaffinity(0)))))
        self.assertEqual((status, said), (0, ''))
        self.assertRegex(out, r'(?s)^write 16 .*flush 1 .*read 16 .*random 64 .*timers \d+, late by \d+ us at most of 99 in 100, by \d+ us at most of all\n$')

    def count(self, *words, block=None):
        return self.holm('run', '--block', block or f'disk={self.disk}', *words, COUNT + '.holm')

    def check(self, *parameters, options=(), wrapper=()):
        return self.holm('run', *options, f'--block=disk={self.disk}', CHECK + '.holm', *parameters, wrapper=wrapper)

    def workers(self):
        """The children of images that have the disk's file open, as its image has it."""
        holders = self.holders()
        return [x for x in holders if int(re.search(r'PPid:\t(\d+)', Path(f'/proc/{x}/status').read_text())[1]) in holders]

    def holders(self):
        """The processes that have the disk's file open, as long as there are some."""
        found = []
        for link in Path('/proc').glob('[0-9]*/fd/*'):
            try:
                if os.path.samefile(link, self.disk):
                    found.append(int(link.parts[2]))
            except OSError:
                continue
        return found

    def test_a_number_outlives_the_image(self):
        for i, more in enumerate(((), ('--exec',), ('--mem=64MiB',)), 1):
            end = time.monotonic() + 10
            while self.holders() and time.monotonic() < end:  # of --exec nobody waits for the worker
                time.sleep(0.02)
            self.assertEqual(self.count(*more), (0, f'start number {i}\n', ''))
        self.assertEqual(self.disk.read_bytes()[:10], b'COUNTER 3\n')
        self.assertEqual(self.holders(), [])

    def test_what_is_written_is_read_again(self):
        for piece in ('512', '4KiB', '64KiB', '1MiB'):
            for more in ((), ('--at-once=1',)):
                status, out, said = self.check(f'--piece={piece}', '--random-reads=64', *more)
                self.assertEqual((status, out.count('\n')), (0, 4), said)
                bytes_of_last = self.disk.read_bytes()[-512:]
                self.assertEqual(bytes_of_last[:4], bytes.fromhex('000007ff'))
                self.assertEqual(set(bytes_of_last[4:]), {(2047 * 31 + 2047 // 256 + 1) % 256})

    def test_a_device_to_read_only_is_not_written(self):
        self.count()
        status, out, said = self.count(block=f'disk={self.disk},ro')
        self.assertEqual((status, out), (1, ''))
        self.assertIn('permission', said)
        self.assertEqual(self.disk.read_bytes()[:10], b'COUNTER 1\n')

    def test_what_can_not_be_is_said_in_one_line_and_nothing_starts(self):
        ragged = Path(self.folder.name, 'ragged')
        ragged.write_bytes(bytes(513))
        empty = Path(self.folder.name, 'empty')
        empty.touch()
        pipe = Path(self.folder.name, 'pipe')
        os.mkfifo(pipe)
        for block, words in ((f'other={self.disk}', 'disk: the image wants a block device'), ('disk', '--block wants'),
                             (f'={self.disk}', '--block wants'), ('disk=', 'no path'), ('disk=/none/disk', 'cannot open'),
                             (f'disk={self.folder.name}', 'cannot open'), (f'disk={self.folder.name},ro', 'a file or a disk'),
                             (f'disk={pipe},ro', 'a file or a disk'), ('disk=/dev/null', 'a file or a disk'),
                             (f'disk={ragged}', 'multiple'), (f'disk={empty}', 'multiple'), ('x' * 32 + '=/', '--block wants')):
            status, out, said = self.count(block=block)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), (block, said))
            self.assertIn(words, said)
        for more, words in (((f'--block=disk={self.disk}',), 'two devices'), (('--mem=1MiB',), 'disks alone')):
            status, out, said = self.count(*more)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), said)
            self.assertIn(words, said)

    def running(self, *words, until=b'write'):
        it = subprocess.Popen([HOLM, *isolated(('run',)), *words, f'--block=disk={self.disk}', CHECK + '.holm', '--rounds=1000', '--at-once=1',
                               '--random-reads=4000000000'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(it.wait)
        self.addCleanup(it.kill)
        self.addCleanup(it.stdout.close)
        self.addCleanup(it.stderr.close)
        if until:
            self.assertIn(until, it.stdout.readline())
        return it

    def test_of_two_images_one_writes(self):
        it = self.running()
        for block in (f'disk={self.disk}', f'disk={self.disk},ro'):
            status, out, said = self.count(block=block)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), said)
            self.assertIn('another image', said)
        it.terminate()
        self.assertEqual(it.wait(20), 0)

    def test_an_image_that_is_ended_takes_its_worker_along(self):
        for words in ((), ('--exec',)):
            it = self.running(*words)
            self.assertEqual(len(self.workers()), 1)
            it.kill() if words else (it.terminate(), it.terminate())
            it.wait(20)
            end = time.monotonic() + 10
            while self.holders() and time.monotonic() < end:
                time.sleep(0.02)
            self.assertEqual(self.holders(), [])

    def test_a_worker_that_is_gone_is_an_error_and_no_end(self):
        os.truncate(self.disk, 1 << 30)
        it = self.running(until=None)  # it writes: what is in memory is read without a worker
        end = time.monotonic() + 10
        while not self.workers() and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(self.workers()[0], signal.SIGKILL)
        self.assertEqual(it.wait(20), 1)
        self.assertIn(b'result=io', it.stderr.read())

    def test_a_file_that_has_become_shorter_is_an_error(self):
        it = self.running()
        os.truncate(self.disk, 512)
        self.assertEqual(it.wait(20), 1)
        self.assertIn(b'result=io', it.stderr.read())

    def test_a_worker_has_its_file_and_a_socket_and_nothing_else(self):
        it = self.running()
        worker, = self.workers()
        links = {int(x.name): os.readlink(x) for x in Path(f'/proc/{worker}/fd').iterdir()}
        self.assertEqual((sorted(links), links[4]), ([3, 4, 5], str(self.disk)))
        self.assertTrue(links[3].startswith('socket:') and links[5].startswith('pipe:'), links)
        status = Path(f'/proc/{worker}/status').read_text()
        for line in ('NoNewPrivs:\t1', 'Seccomp:\t2', 'CapEff:\t0000000000000000', 'CapPrm:\t0000000000000000'):
            self.assertIn(line, status)
        image = int(re.search(r'PPid:\t(\d+)', status)[1])
        # the image's process has it once more, to read and for nothing else
        own = [x for x in Path(f'/proc/{image}/fd').iterdir() if os.readlink(x) == str(self.disk)]
        flags = [int(re.search(r'flags:\t([0-7]+)', Path(f'/proc/{image}/fdinfo/{x.name}').read_text())[1], 8) for x in own]
        self.assertEqual([x & os.O_ACCMODE for x in flags], [os.O_RDONLY])
        it.kill()

    @need('strace')
    def test_what_the_host_has_in_memory_is_read_without_the_worker(self):
        trace = Path(self.folder.name, 'trace')
        status, _, said = self.check('--random-reads=64', '--piece=64KiB', options=('--exec',),
                                     wrapper=('strace', '-f', '-qq', '-o', str(trace), '-e', 'trace=preadv2,pread64'))
        lines = trace.read_text().splitlines() if trace.exists() else []
        if not any('pread' in x for x in lines):
            self.skipTest(f'strace can not follow here: {said}')
        self.assertEqual(status, 0, said)
        now = [x for x in lines if 'preadv2(' in x]
        self.assertTrue(now and all('RWF_NOWAIT' in x for x in now), lines[:9])
        done = sum(x.endswith('= 65536') for x in now)
        if done == 0:
            self.skipTest('this file system always waits: ' + now[0])
        self.assertGreaterEqual(done, 64 + 16)

    def test_a_recording_has_what_was_read(self):
        recording = Path(self.folder.name, 'rec')
        for program, words in ((COUNT, ()), (CHECK, ('--piece=1MiB', '--random-reads=8'))):
            status, out, said = self.holm('run', f'--record={recording}', f'--block=disk={self.disk}', program + '.holm', *words)
            self.assertEqual(status, 0, said)
            self.disk.rename(self.disk.with_name('away'))
            self.assertEqual(self.holm('replay', str(recording)), (0, out, ''))
            self.disk.with_name('away').rename(self.disk)
            self.disk.write_bytes(bytes(1 << 20))

    @need('strace')
    def test_a_flush_is_answered_when_the_disk_has_it(self):
        trace = Path(self.folder.name, 'trace')
        status, _, said = self.check('--random-reads=0', '--piece=1MiB', '--at-once=1', options=('--exec',),
                                     wrapper=('strace', '-f', '-qq', '-o', str(trace), '-e',
                                              'trace=fdatasync,pwrite64,write'))
        if not re.search(r'(fdatasync|pwrite64)\(', trace.read_text() if trace.exists() else ''):
            self.skipTest(f'strace can not follow here: {said}')
        self.assertEqual(status, 0, said)
        lines = trace.read_text().splitlines()
        ended = next(i for i, x in enumerate(lines) if re.search(r'fdatasync.*= 0$', x))
        told = next(i for i, x in enumerate(lines) if 'write(1, "flush' in x)
        writes = [i for i, x in enumerate(lines) if re.search(r'pwrite64.*= \d+$', x)]
        self.assertTrue(writes)
        self.assertLess(max(writes), ended)
        self.assertLess(ended, told)

    def test_a_disk_of_the_host(self):
        made = run('losetup', '--find', '--show', str(self.disk), check=False)
        loop = made.stdout.decode().strip()
        if made.returncode != 0 or not os.path.exists(loop):
            self.skipTest('no loop device can be made here')
        self.addCleanup(run, 'losetup', '--detach', loop)
        for i in range(1, 3):
            self.assertEqual(self.count(block=f'disk={loop}'), (0, f'start number {i}\n', ''))


if __name__ == '__main__':
    unittest.main(verbosity=2)
