#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What stands around an image may be anything: pipes in the place of files, readers who do not read, disks that are full,
symbols that lie, requests to stop at any moment. The monitor ends with its documented status, and can always be ended."""
import fcntl
import json
import os
import pty
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

import stack_under_test
from isolation_under_test import BUILD, HOLM, isolated, need
from site_under_test import curl, run
from test_hostile import WRITEV, attack, of_process

HELLO, CRASH, SITE, CHECK = (str(BUILD / x) for x in ('hello.holm', 'crash.holm', 'website.holm', 'block_check.holm'))
DONE, FAULT, STOPPED, USAGE, IMAGE, TIMEOUT = 0, 6, 8, 11, 12, 13
SECTIONS, ROW = 65535, 64  # the most sections of a file, and the bytes of what tells of one
TAP_SET, TAP_FLAGS = 0x400454ca, 0x5002
need(HELLO)


def setUpModule():
    stack_under_test.enter()


def holm(*words, **more):
    """A run that must end by itself, its errors, and whether it did."""
    done = subprocess.run([HOLM, *isolated(words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Around(stack_under_test.Tapped):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.pipe = self.folder / 'pipe'
        os.mkfifo(self.pipe)

    def reader(self):
        """Opens the pipe to read, and never does."""
        reader = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        return reader


class Files(Around):
    def test_a_pipe_without_a_reader_is_no_file(self):
        for option in ('--core', '--pid-file', '--trace', '--console', '--record'):
            status, out, said = holm('run', f'{option}={self.pipe}', HELLO, '--count=1')
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), (option, said))
        status, _, said = holm('run', f'--pcap=service={self.pipe}', '--net=service=tap:none0', SITE)
        self.assertEqual((status, len(said.splitlines())), (USAGE, 1), said)

    def test_a_pipe_is_no_image_and_no_symbols(self):
        status, _, said = holm('run', str(self.pipe))
        self.assertEqual((status, len(said.splitlines())), (USAGE, 1), said)
        image = self.folder / 'crash.holm'
        image.write_bytes(Path(CRASH).read_bytes())
        self.pipe.rename(image.with_suffix('.debug'))
        status, _, said = holm('run', str(image), '--kind=null')
        self.assertEqual(status, FAULT)
        self.assertRegex(said, r'image\+0x[0-9a-f]+\n')
        self.assertEqual(holm('symbols', str(image), '0x10')[0], USAGE)

    def test_an_image_that_is_none_is_told_of_alone(self):
        """What else it was to have is not there then, and not told of."""
        for option in ('core', 'pid-file'):
            for image, wanted in ('/etc/passwd', IMAGE), (str(self.folder / 'none'), USAGE):
                status, _, said = holm('run', f'--{option}={self.folder / option}', image)
                self.assertEqual((status, len(said.splitlines())), (wanted, 1), said)
        self.assertFalse((self.folder / 'core').exists())

    def test_options_of_holm_exec_are_not_its_users(self):
        for option in '--report=0', '--gate=0', '--relay=service=0', '--replay=0', '--memory=1MiB', '--':
            self.assertEqual(holm('run', option, HELLO), (USAGE, '', f'holm: {option}: unknown option; holm run --help lists them\n'))

    def test_the_file_of_a_number_goes_with_its_image(self):
        file = self.folder / 'pid'
        for words in ('--count=1',), ('--count=x',):
            holm('run', f'--pid-file={file}', HELLO, *words)
            self.assertFalse(file.exists(), words)
        it = subprocess.Popen([HOLM, *isolated(('run', f'--pid-file={file}', HELLO, '--interval=1h'))], stdout=subprocess.PIPE)
        it.stdout.readline()
        self.assertIn(f'\nPPid:\t{it.pid}\n', Path(f'/proc/{int(file.read_text())}/status').read_text())
        file.write_text('1\n')  # another's now
        it.terminate()
        it.communicate(timeout=20)
        self.assertEqual((it.returncode, file.read_text()), (DONE, '1\n'))

    def test_symbols_that_lie_keep_nobody_busy(self):
        """As many sections as can be, all of the name of them all, which ends nowhere."""
        size, begin = 32 << 20, ROW + ROW * SECTIONS
        head, row = bytearray(ROW), bytearray(ROW)
        head[:4] = b'\x7fELF'
        struct.pack_into('<Q', head, 40, ROW)
        struct.pack_into('<HH', head, 60, SECTIONS, 1)
        struct.pack_into('<QQ', row, 24, begin, size)
        image = self.folder / 'crash.holm'
        image.write_bytes(Path(CRASH).read_bytes())
        image.with_suffix('.debug').write_bytes(head + row * SECTIONS + b'x' * size)
        begun = time.monotonic()
        self.assertEqual(holm('symbols', str(image), '0x10'), (DONE, '0x10 in no function\n', ''))
        status, _, said = holm('run', str(image), '--kind=null')
        self.assertEqual(status, FAULT)
        self.assertRegex(said, r'image\+0x[0-9a-f]+\n')
        self.assertIn('not known', holm('inspect', str(image))[1])
        self.assertLess(time.monotonic() - begun, 10)

    def test_memory_that_was_never_written_takes_no_time(self):
        if Path('/proc/sys/vm/overcommit_memory').read_text() == '2\n':
            self.skipTest('the host gives no memory before it is written')
        core = self.folder / 'core'
        begun = time.monotonic()
        status, _, said = holm('run', '--mem=64GiB', f'--core={core}', CRASH, '--kind=null')
        self.assertEqual(status, FAULT, said)
        self.assertIn("the image's memory", said)
        self.assertGreater(core.stat().st_size, 64 << 30)
        self.assertLess(core.stat().st_blocks, 20000)
        self.assertLess(time.monotonic() - begun, 20)

    def test_a_limit_of_files_ends_what_is_written_alone(self):
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
        for words, wanted, line in ((('--trace', HELLO, '--count=99', '--interval=1us'), DONE, 'the trace could not be written'),
                                    (('--console', HELLO, '--count=99', '--interval=1us'), DONE, ''),
                                    (('--core', CRASH, '--kind=null'), FAULT, "not all of the image's memory could be written")):
            for more in ((), ('--exec',)) if words[0] == '--console' else ((),):
                file = self.folder / words[0].strip('-')
                status, _, said = holm('run', *more, f'{words[0]}={file}', *words[1:], preexec_fn=limited)
                self.assertEqual(status, wanted, (words, said))
                self.assertIn(line, said)
                self.assertTrue(0 < file.stat().st_size <= 2048, words)


class Readers(Around):
    def test_what_tells_of_a_run_is_for_nobody_else(self):
        file = self.folder / 'trace'
        file.write_text('what was there before')
        file.chmod(0o644)
        self.assertEqual(holm('run', f'--trace={file}', HELLO, '--count=1')[0], DONE)
        self.assertEqual((file.stat().st_mode & 0o777, file.read_text()[:1]), (0o600, '['))

    def test_who_does_not_read_a_trace_keeps_nobody(self):
        self.reader()
        status, _, said = holm('run', f'--trace={self.pipe}', '--timeout=2s', HELLO, '--count=1000000', '--interval=10us', '--name=')
        self.assertEqual(status, TIMEOUT, said)
        self.assertIn('the trace could not be written to its end', said)

    def test_who_does_not_read_a_capture_keeps_nobody(self):
        self.tap()
        self.reader()
        it = subprocess.Popen([HOLM, *isolated(('run', f'--pcap=service={self.pipe}', '--net=service=tap:holm0', SITE, '--ipv4=10.9.0.2/24',
                                                '--port=80'))], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(it.stderr.close)
        while b'serving' not in it.stderr.readline():
            self.assertIsNone(it.poll())
        for _ in range(40):
            self.assertIn('<html', curl('http://10.9.0.2/'))
        it.send_signal(signal.SIGTERM)
        said = it.communicate(timeout=10)[1]
        self.assertEqual(it.returncode, DONE, said)
        self.assertIn(b'a capture could not be written to its end', said)

    def test_what_is_only_looked_at_and_can_not_be_told_is_no_success(self):
        with open('/dev/full', 'w', encoding='ascii') as full:
            for words in ('inspect', HELLO), ('inspect', '--json', HELLO), ('symbols', HELLO, '0x10'), ('--help',):
                done = subprocess.run([HOLM, *words], stdout=full, stderr=subprocess.PIPE, timeout=30)
                self.assertEqual((done.returncode, len(done.stderr.splitlines())), (USAGE, 1), words)

    def test_an_end_that_nobody_hears_is_that_end(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([HOLM, *isolated(('run', CRASH, '--kind=null'))], stdin=subprocess.DEVNULL, stderr=writer, timeout=30)
        os.close(writer)
        self.assertEqual(done.returncode, FAULT)

    def test_what_waits_for_a_reader_of_its_report_can_be_ended(self):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, bytes(4096))
        except BlockingIOError:
            os.set_blocking(writer, True)
        it = subprocess.Popen([HOLM, *isolated(('run', CRASH, '--kind=null'))], stdin=subprocess.DEVNULL, stderr=writer)
        end = time.monotonic() + 10
        while 'pipe_write' not in Path(f'/proc/{it.pid}/wchan').read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        it.send_signal(signal.SIGTERM)
        self.assertEqual(it.wait(10), -signal.SIGTERM)
        os.close(reader)
        os.close(writer)


class Nets(Around):
    """What is behind the filter: nets that nothing falls into as long as the filter holds."""

    def test_each_is_there(self):
        if shutil.which('strace') is None or run('strace', '-qq', '/bin/true').returncode != 0:
            self.skipTest('no strace')
        log = self.folder / 'log'
        for more, processes in ((), 1), ((f'--block=disk={self.disk()}',), 2):
            image = HELLO if processes == 1 else CHECK
            for old in self.folder.glob('log.*'):
                old.unlink()
            # a file each, so that no call is told in two parts
            done = run('strace', '-qq', '-ff', '-o', str(log), HOLM, *isolated(('run', '--exec', *more, image, '--help')))
            self.assertEqual(done.returncode, DONE, done.stderr)
            said = {int(x.suffix[1:]): x.read_text().splitlines() for x in self.folder.glob('log.*')}
            self.assertEqual(len(said), processes)
            for lines in said.values():
                for wanted in (r'prctl\(PR_SET_NO_NEW_PRIVS, 1.*= 0', r'unshare\(.*CLONE_NEWUSER.*= 0', r'capset\(.*effective=0, permitted=0, inheritable=0.*= 0',
                               r'landlock_restrict_self\(.*= 0', r'prctl\(PR_SET_DUMPABLE, SUID_DUMP_DISABLE\) = 0', r'seccomp\(SECCOMP_SET_MODE_FILTER'):
                    self.assertTrue(any(re.match(wanted, x) for x in lines), (wanted, lines))
            first = said[min(said)]
            self.assertTrue(any(re.match(r'(mseal|syscall_0x1ce)\(.*= (0|-1 ENOSYS.*)$', x) for x in first), first)

    def disk(self):
        disk = self.folder / 'disk'
        disk.write_bytes(bytes(1 << 20))
        return disk

    def filtered(self, pid):
        """Waits until a process has its filter, which comes behind its limits."""
        end = time.monotonic() + 10
        while 'Seccomp:\t2' not in Path(f'/proc/{pid}/status').read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.005)

    def test_the_limits(self):
        it = subprocess.Popen([HOLM, *isolated(('run', '--exec', f'--block=disk={self.disk()}', CHECK, '--rounds=1000'))],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(it.wait)
        self.addCleanup(it.kill)
        self.filtered(it.pid)
        for pid in it.pid, *map(int, Path(f'/proc/{it.pid}/task/{it.pid}/children').read_text().split()):
            self.filtered(pid) # its worker makes its own way there
            limits = Path(f'/proc/{pid}/limits').read_text()
            for what in ('core file size', 'processes', 'locked memory'):
                self.assertRegex(limits, rf'Max {what} +0 +0 ')
            self.assertRegex(limits, r'Max open files +(\d) +\1 ')


@of_process
class Traced(Around):
    def test_what_an_image_adds_to_its_trace_ends_that(self):
        page = (BUILD / 'monitor/page/record.bin').read_bytes()
        site = min(x.start() for x in re.finditer(b'\x0f\x05', page))
        file = self.folder / 'trace'
        for size, words in ((80, (4,)), (79, (5,)), (1, (5,)), (80, (2,)), (80, (1, -1)), (80, (99,)), (1 << 20, (5,)),
                            (160, (5, *[-1] * 9, 5, *[-1] * 9)), (80, (6 | 0xffffffff << 32, *[-1] * 9))):
            status, _, said = attack(f'--trace={file}', words=('scratch+10', size, *words, *[0] * 8), to=f'page+{site:x}', rax=WRITEV, rdi=3,
                                     rsi='scratch+0', rdx=1)
            self.assertIn(status, (DONE, FAULT), said)
            self.assertRegex(file.read_text(), r'\A[ -~\n]*"turn"[ -~\n]*\Z')  # what was before is there
            if 'could not be written' not in said:  # it lied as the page might have spoken
                json.loads(file.read_text())
                self.assertIn(words[0] & 7, (2, 5, 6))


class Stops(Around):
    def test_a_stop_at_any_moment_is_obeyed(self):
        """From the first on at which holm hears it, which is when it holds SIGTERM back."""
        for number in range(40):
            it = subprocess.Popen([HOLM, *isolated(('run', HELLO, '--interval=1h', '--name='))], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            caught = 0
            while not caught >> signal.SIGTERM - 1 & 1 and it.poll() is None:
                words = Path(f'/proc/{it.pid}/status').read_text()
                caught = int(words.split('SigCgt:')[1].split()[0], 16) if words.startswith('Name:\tholm\n') else 0
            time.sleep(0.0005 * number)
            it.send_signal(signal.SIGTERM)
            said = it.communicate(timeout=20)[1]
            self.assertEqual((it.returncode, said), (DONE, b''), number)


    def test_a_stop_of_a_whole_group_is_one(self):
        """As service managers, and timeout(1), tell it to the image and to its parent: a request in hand is answered."""
        self.tap()
        it = subprocess.Popen([HOLM, *isolated(('run', '--net=service=tap:holm0', SITE, '--ipv4=10.9.0.2/24', '--port=80'))],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        while b'serving' not in it.stderr.readline():
            self.assertIsNone(it.poll())
        with socket.create_connection(('10.9.0.2', 80), 10) as client:
            client.sendall(b'GET /hello HTTP/1.1\r\nHost: holm\r\n')
            time.sleep(1)
            os.killpg(it.pid, signal.SIGTERM)
            time.sleep(0.5)
            client.sendall(b'\r\n')
            self.assertIn(b'200 OK', client.recv(1000))
        said = it.communicate(timeout=20)[1]
        self.assertEqual(it.returncode, DONE, said)

    def test_a_second_stop_by_whoever_ends_it(self):
        """Told to the image alone, whose number --pid-file gives."""
        file = self.folder / 'pid'
        it = subprocess.Popen([HOLM, *isolated(('run', f'--pid-file={file}', CRASH, '--kind=spin'))], stdin=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while not file.exists() or 'Seccomp:\t2' not in Path(f'/proc/{int(file.read_text() or it.pid)}/status').read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.005)
        image = int(file.read_text())
        for _ in range(2):
            self.assertIsNone(it.poll())
            os.kill(image, signal.SIGTERM)
            time.sleep(0.2)
        self.assertEqual(it.wait(10), STOPPED)

    def test_a_terminal_that_is_closed_asks_to_stop(self):
        """It tells the whole group; but not those whom nohup(1) has told not to hear."""
        for deaf in False, True:
            it = subprocess.Popen([HOLM, *isolated(('run', HELLO, '--interval=1h'))], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, start_new_session=True,
                                  preexec_fn=lambda how=signal.SIG_IGN if deaf else signal.SIG_DFL: signal.signal(signal.SIGHUP, how))
            it.stdout.readline()
            os.killpg(it.pid, signal.SIGHUP)
            if deaf:
                time.sleep(0.3)
                self.assertIsNone(it.poll())
                it.terminate()
            said = it.communicate(timeout=20)[1]
            self.assertEqual((it.returncode, said), (DONE, b''), deaf)

    def test_a_signal_of_somebody_is_told_as_that(self):
        file = self.folder / 'pid'
        it = subprocess.Popen([HOLM, *isolated(('run', f'--pid-file={file}', HELLO, '--interval=1h'))], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        it.stdout.readline()
        os.kill(int(file.read_text()), signal.SIGUSR1)
        said = it.communicate(timeout=20)[1].decode()
        self.assertEqual((it.returncode, said), (FAULT, f"holm: {HELLO}: ended by somebody's signal: User defined signal 1\n"))

    def test_a_terminal_that_is_another_s_does_not_stop_it(self):
        """In the background of a shell, where something is typed that is not for the image."""
        for more in ((), ('--exec',)):
            ours, its = pty.openpty()
            words = [HOLM, *isolated(('run', *more, HELLO, '--interval=1h'))]
            shell = subprocess.Popen(['sh', '-mc', '"$@" & echo "job $! "; wait', 'sh', *words], stdin=its, stdout=its, stderr=its,
                                     start_new_session=True, preexec_fn=lambda terminal=its: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0))
            said = b''
            while b'hello' not in said or b'job' not in said:
                said += os.read(ours, 1000)
            job = int(re.search(rb'job (\d+) ', said)[1])
            image = int(Path(f'/proc/{job}/task/{job}/children').read_text() or job)

            def seen(pid):
                words = Path(f'/proc/{pid}/status').read_text()
                return re.search(r'State:\t(.)', words)[1], int(re.search(r'\nvoluntary_ctxt_switches:\t(\d+)', words)[1])
            end, before = time.monotonic() + 10, seen(image)[1]
            os.write(ours, b'typed\n')
            while seen(image)[1] == before:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.01)
            time.sleep(0.2)
            self.assertNotIn('T', (seen(image)[0], seen(job)[0]), more)
            for pid in job, shell.pid:
                os.kill(pid, signal.SIGKILL)
            shell.wait()
            os.close(ours)
            os.close(its)


class Devices(Around):
    def test_a_device_that_waits_when_it_is_handed_over_does_not_stop_it(self):
        self.tap()
        for more in ((), (f'--pcap=service={self.folder}/pcap',)):
            tap = os.open('/dev/net/tun', os.O_RDWR)
            fcntl.ioctl(tap, TAP_SET, struct.pack('16sH22x', b'holm0', TAP_FLAGS))
            it = subprocess.Popen([HOLM, *isolated(('run', f'--net=service=fd:{tap}', *more, SITE, '--ipv4=10.9.0.2/24', '--port=80'))],
                                  stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=[tap])
            os.close(tap)
            while b'serving' not in it.stderr.readline():
                self.assertIsNone(it.poll())
            self.assertEqual(curl('http://10.9.0.2/hello'), 'Hello, world!\n')
            it.send_signal(signal.SIGTERM)
            self.assertEqual(it.wait(10), DONE)
            it.stderr.close()


if __name__ == '__main__':
    unittest.main()
