#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""bench_call.py [--json] [--rounds N] [--only NAME...]: what the boundary between an image and its monitor takes, as a process and
as a virtual machine, where there is /dev/kvm:

  call    a write of no bytes to the console, a turn with nothing to do, how late a wait of a millisecond ends; beside a
          plain program's system calls without a filter
  first   from the start of `holm run website.holm` to the first byte of its first answer, on a static address; who asks
          repeats its SYN every 100 µs from a raw socket. Needs root, for a network namespace and a TAP device
  sync    how late timers of a millisecond are while the image's disk is written and flushed
  idle    1,000 idle images: their processor time in two seconds, and their part of the host's memory

Rounds take all in turn; medians are printed."""
import argparse
import json
import os
import re
import select
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_network import World, inside

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get('BUILD', HERE.parent / 'build/release'))
HOLM, HOLM_EXEC, WEBSITE = BUILD / 'holm', BUILD / 'holm-exec', BUILD / 'website.holm'
CALLS = {'process': 1000000, 'kvm': 20000}
IDLE = 1000
OURS, THEIRS = '10.77.0.2', '10.77.0.9'  # no kernel has the second
MAC = bytes.fromhex('020000000009')
GOALS = {'console ns, process': 250, 'console ns, kvm': 30000, 'turn ÷ ppoll, process': 1.25, 'first byte ms, process': 3,
         'first byte ms, kvm': 6, 'late p99 ms while the disk syncs, process': 5, 'late p99 ms while the disk syncs, kvm': 5}


def output(*command):
    return subprocess.run([str(x) for x in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True).stdout.decode()


def call(isolations, folder):
    plain = folder / 'plain'
    if not plain.exists():
        subprocess.run(['clang-19', '-O2', '-D_GNU_SOURCE', '-o', plain, HERE / 'plain_call.c'], check=True)
    write_ps, poll_ps = (int(x) for x in output(plain, CALLS['process']).split())
    yield 'plain write ns', write_ps / 1000
    yield 'plain ppoll ns', poll_ps / 1000
    for isolation in isolations:
        said = dict(re.findall(r'(.+) (\d+)\n', output(HOLM, 'run', f'--isolation={isolation}', BUILD / 'bench_call.holm',
                                                        f'--count={CALLS[isolation]}')))
        yield f'console ns, {isolation}', int(said['console ps']) / 1000
        yield f'turn ns, {isolation}', int(said['turn ps']) / 1000
        yield f'turn ÷ ppoll, {isolation}', int(said['turn ps']) / poll_ps
        yield f'wait of 1 ms late p50 µs, {isolation}', int(said['late p50 ns']) / 1000
        yield f'wait of 1 ms late p99 µs, {isolation}', int(said['late p99 ns']) / 1000


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


class Asker:
    """A station of its own behind the TAP device, which speaks as little TCP as a request takes."""

    def __init__(self, interface):
        self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.wire.bind((interface, 0))
        self.wire.setblocking(False)
        mac = self.wire.getsockname()[4]
        self.image = mac[:5] + bytes([mac[5] ^ 1])  # docs/guide/network.md

    def segment(self, flags, seq, ack, data=b''):
        ours, theirs = socket.inet_aton(OURS), socket.inet_aton(THEIRS)
        tcp = struct.pack('!HHIIBBHHH', 40000, 80, seq, ack, 0x50, flags, 65535, 0, 0) + data
        tcp = tcp[:16] + struct.pack('!H', checksum(theirs + ours + struct.pack('!HH', 6, len(tcp)) + tcp)) + tcp[18:]
        ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, theirs, ours)
        ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
        self.send(self.image + MAC + b'\x08\x00' + ip + tcp)

    def send(self, frame):
        try:
            self.wire.send(frame)
        except OSError:
            pass  # the device is down until the image has opened it

    def answer(self):
        """What of TCP came meanwhile, (flags, seq, data); questions for our address are answered."""
        while True:
            try:
                frame = self.wire.recv(65536)
            except BlockingIOError:
                return None
            except OSError:
                continue
            if frame[12:14] == b'\x08\x06' and frame[20:22] == b'\0\1' and frame[38:42] == socket.inet_aton(THEIRS):
                self.send(frame[6:12] + MAC + b'\x08\x06\0\1\x08\0\6\4\0\2' + MAC + frame[38:42] + frame[22:32])
            elif frame[:6] == MAC and frame[12:14] == b'\x08\x00' and frame[23] == 6:
                tcp = frame[14 + (frame[14] & 15) * 4:14 + int.from_bytes(frame[16:18], 'big')]
                return tcp[13], int.from_bytes(tcp[4:8], 'big'), tcp[(tcp[12] >> 4) * 4:]

    def first_byte(self):
        """Asks until the first byte of an answer came."""
        number, asked = int.from_bytes(os.urandom(4), 'big'), 0
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if asked == 0:
                self.segment(2, number, 0)
            select.select([self.wire], [], [], 0.0001)
            came = self.answer()
            if came is None:
                continue
            flags, seq, data = came
            if flags & 0x12 == 0x12 and asked == 0:
                asked = seq + 1 & 0xffffffff
                self.segment(0x18, number + 1 & 0xffffffff, asked, b'GET /small.html HTTP/1.1\r\nHost: a\r\n\r\n')
            elif data:
                return
        sys.exit('bench_call: no answer came')


def first(isolations, folder):
    with World() as world:
        for isolation in isolations:
            with inside(world.client):
                asker = Asker('holm0')
                begun = time.perf_counter()
                process = subprocess.Popen([HOLM, 'run', f'--isolation={isolation}', '--net', 'service=tap:holm0', WEBSITE,
                                            '--port=80', f'--ipv4={OURS}/24'],
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            world.processes.append(process)
            asker.first_byte()
            yield f'first byte ms, {isolation}', (time.perf_counter() - begun) * 1000
            world.end(process)
            asker.wire.close()


def sync(isolations, folder):
    disk = folder / 'disk'
    for isolation in isolations:
        disk.write_bytes(bytes(256 << 20))
        os.sync()
        said = output(HOLM, 'run', f'--isolation={isolation}', f'--block=disk={disk}', BUILD / 'block_check.holm', '--late=true',
                      '--random-reads=0')
        late, most = re.search(r'late by (\d+) us at most of 99 in 100, by (\d+)', said).groups()
        yield f'late p99 ms while the disk syncs, {isolation}', int(late) / 1000
        yield f'late at most ms while the disk syncs, {isolation}', int(most) / 1000


def idle(isolations, folder):
    held = [subprocess.Popen([HOLM_EXEC, '--isolation=process', BUILD / 'hello.holm', '--count=2', '--interval=1h'], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL) for _ in range(IDLE)]
    try:
        time.sleep(3)
        before = sum(ran_ns(x) for x in held)
        time.sleep(2)
        yield f'{IDLE} idle images: processor %', (sum(ran_ns(x) for x in held) - before) / 2e9 * 100
        yield f'{IDLE} idle images: MB of the host', sum(pss(x) for x in held) / 1e6
    finally:
        for x in held:
            x.kill()
        for x in held:
            x.wait()


def ran_ns(process):
    return int(Path(f'/proc/{process.pid}/schedstat').read_text().split()[0])


def pss(process):
    return int(re.search(r'^Pss:\s+(\d+)', Path(f'/proc/{process.pid}/smaps_rollup').read_text(), re.M)[1]) * 1024


CASES = {'call': call, 'first': first, 'sync': sync, 'idle': idle}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--json', action='store_true')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--only', nargs='+', choices=CASES, default=list(CASES))
    args = parser.parse_args()
    if not WEBSITE.exists():
        sys.exit('bench_call: images for the monitor are not made in this build')
    isolations = ['process']
    if subprocess.run([HOLM, 'run', '--isolation=kvm', BUILD / 'hello.holm', '--count=1'], capture_output=True, check=False).returncode == 0:
        isolations.append('kvm')
    else:
        print('without virtual machines: the host has none for us', file=sys.stderr)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(args.rounds):
            for case in args.only:
                if case == 'first' and os.geteuid() != 0:
                    print('first: skipped: needs root, for a network namespace and a TAP device', file=sys.stderr)
                    continue
                for what, figure in CASES[case](isolations, Path(folder)):
                    found.setdefault(what, []).append(figure)
    middle = {what: round(statistics.median(x), 3) for what, x in found.items()}
    if args.json:
        print(json.dumps(middle))
        return
    for what, x in middle.items():
        print(f'{what:52} {x:12,.3f}' + (f'   (goal {GOALS[what]})' if what in GOALS else ''))


main()
