# SPDX-License-Identifier: ISC
"""site_under_test.py: starts the example website for a test, and asks things of it. The tests get the program's
path by WEBSITE; a peer that is missing makes its test skip, with the reason printed."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

WEBSITE = os.environ['WEBSITE']


def need(tool):
    """Skips a test whose peer is not installed."""
    return unittest.skipUnless(shutil.which(tool), f'{tool} is not installed')


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, **more)


def curl(*arguments, check=True):
    """What curl printed, as text."""
    return run('curl', '-sS', '--max-time', '20', *arguments, check=check).stdout.decode('utf-8', 'replace')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Site:
    """A running website; with Site(...) as site: …; the end must be clean."""

    def __init__(self, *parameters, wrapper=(), preexec_fn=None):
        self.log = tempfile.TemporaryFile('a+b')  # appended to, wherever words() reads
        self.process = subprocess.Popen([*wrapper, WEBSITE, '--port=0', *parameters],
                                        stdout=self.log, stderr=subprocess.STDOUT, preexec_fn=preexec_fn)
        self.port = self.url = self.status = None

    def __enter__(self):
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(r' serving (?:url=http://localhost:|port=)(\d+)/?\n', self.words())
            if found:
                self.port = int(found[1])
                self.url = f'http://127.0.0.1:{self.port}'
                return self
            time.sleep(0.02)
        self.process.kill()
        self.process.wait()
        raise AssertionError(f'the website does not listen: {self.words()}')

    def words(self):
        self.log.seek(0)
        return self.log.read().decode('utf-8', 'replace')

    def stop(self, asked=False):
        """Asks it to stop, unless it was asked; answers its exit status."""
        if self.status is None:
            if self.process.poll() is None and not asked:
                self.process.send_signal(signal.SIGTERM)
            try:
                self.status = self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f'the website did not stop: {self.words()}') from None
        return self.status

    def __exit__(self, kind, value, trace):
        status = self.stop()
        if kind is None and status != 0:
            raise AssertionError(f'exit status {status}: {self.words()}')
        if kind is not None:
            print(self.words())

    def connect(self, timeout=20):
        return socket.create_connection(('127.0.0.1', self.port), timeout)

    def raw(self, request, end=True, timeout=20):
        """Sends bytes, and gives all that comes until the other end closes."""
        with self.connect(timeout) as s:
            try:
                s.sendall(request)
                if end:
                    s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused early: what it said is still there to read
            got = b''
            while True:
                try:
                    part = s.recv(65536)
                except ConnectionResetError:
                    return got
                if not part:
                    return got
                got += part

    def metric(self, name):
        """The sum of a metric over its labels."""
        page = curl(self.url + '/metrics')
        found = re.findall(rf'^{name}(?:{{[^}}]*}})? (\S+)$', page, re.M)
        if not found:
            raise AssertionError(f'no metric {name} in:\n{page}')
        return sum(map(float, found))

    def metric_becomes(self, name, value, seconds=15):
        """Waits until a metric has a value; answers the last one seen."""
        end = time.monotonic() + seconds
        while (seen := self.metric(name)) != value and time.monotonic() < end:
            time.sleep(0.1)
        return seen
