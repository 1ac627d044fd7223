#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Network devices of a whole image (platform/unix/test/mirror.c, which sends each frame back): a TAP interface
whose other end is the kernel, in a network namespace of the test's own, and captures in files."""
import ctypes
import os
import random
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import WEBSITE, need, run

MIRROR = str(Path(WEBSITE).with_name('unix_mirror'))
CLONE_NEWNET = 0x40000000
TYPE = b'\x88\xb5'
OTHER = bytes.fromhex('0200000000ee')
SOL_UDP, UDP_SEGMENT = 17, 103


def setUpModule():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise unittest.SkipTest('no network namespace of its own')


def frame_to(mac, size, seed):
    return mac + OTHER + TYPE + random.Random(seed).randbytes(size - 14)


class Mirror:
    """A running image; with Mirror('tap:holm0') as mirror: …; the end must be clean."""

    def __init__(self, device, *parameters):
        self.log, self.said = tempfile.TemporaryFile('a+b'), None
        self.process = subprocess.Popen([MIRROR, f'--net=other=tap:x,lan={device}', *parameters],
                                        stdout=self.log, stderr=subprocess.STDOUT)

    def words(self):
        if self.said is not None:
            return self.said
        self.log.seek(0)
        return self.log.read().decode()

    def await_words(self, pattern):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if re.search(pattern, self.words()):
                return
            time.sleep(0.01)
        raise AssertionError(f'{pattern!r} is not in {self.words()!r}')

    def __enter__(self):
        self.await_words('mirror: ready')
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.status = self.process.wait(20)
        finally:
            self.process.kill()
            self.said = self.words()
            self.log.close()


class Tap(unittest.TestCase):
    def setUp(self):
        if not os.access('/dev/net/tun', os.R_OK | os.W_OK):
            self.skipTest('no /dev/net/tun')
        run('ip', 'tuntap', 'add', 'dev', 'holm0', 'mode', 'tap', check=True)
        self.addCleanup(run, 'ip', 'link', 'del', 'holm0')
        Path('/proc/sys/net/ipv6/conf/holm0/disable_ipv6').write_text('1')
        run('ip', 'link', 'set', 'holm0', 'up', check=True)
        host = self.address()
        self.mac = host[:5] + bytes([host[5] ^ 1])

    def address(self):
        """The host's, of the interface."""
        words = run('ip', '-o', 'link', 'show', 'holm0', check=True).stdout.decode()
        return bytes.fromhex(re.search(r'link/ether (\S+)', words)[1].replace(':', ''))

    def packets(self, kind=0x88b5):
        packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(kind))
        self.addCleanup(packets.close)
        packets.bind(('holm0', kind))
        packets.settimeout(10)
        return packets

    def await_line(self, packets):
        """The kernel takes a while to see that the line is plugged in, and drops what is sent before."""
        packets.settimeout(0.02)
        for i in range(500):
            packets.send(frame_to(self.mac, 60, i))
            try:
                packets.recv(2000)
                break
            except TimeoutError:
                pass
        try:
            while True:
                packets.recv(2000)
        except TimeoutError:
            packets.settimeout(10)

    def exchange(self, packets, count=300):
        """Frames of all lengths, in bursts, come back byte for byte and in order."""
        for start in range(0, count, 20):
            sent = [frame_to(self.mac, 60 + (i * 131) % 1455, i) for i in range(start, start + 20)]
            for frame in sent:
                packets.send(frame)
            for frame in sent:
                self.assertEqual(packets.recv(2000), OTHER + self.mac + frame[12:])

    def test_frames_come_back_byte_for_byte(self):
        with Mirror('tap:holm0') as mirror:
            packets = self.packets()
            self.await_line(packets)
            self.exchange(packets)
        self.assertEqual(mirror.status, 0, mirror.words())

    def test_the_kernel_asks_for_an_address_and_arp_is_seen_whole(self):
        run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'holm0', check=True)
        with Mirror('tap:holm0'):
            self.await_line(self.packets())
            arp = self.packets(0x0806)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.sendto(b'x', ('192.0.2.2', 9))
            back = arp.recv(2000)
        host = self.address()
        self.assertEqual(back[:42], host + self.mac + bytes.fromhex('08060001080006040001') + host
                         + bytes([192, 0, 2, 1]) + bytes(6) + bytes([192, 0, 2, 2]))

    def test_segments_of_the_kernel_come_as_one_frame_and_go_back_as_one(self):
        run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'holm0', check=True)
        run('ip', 'neigh', 'add', '192.0.2.2', 'lladdr', self.mac.hex(':'), 'dev', 'holm0', check=True)
        with Mirror('tap:holm0') as mirror:
            if 'udp=true' not in mirror.words():
                self.skipTest('this kernel does not give segments of UDP to a TAP device')
            self.await_line(self.packets())
            internet = self.packets(0x0800)
            payload = random.Random(1).randbytes(2500)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.setsockopt(SOL_UDP, UDP_SEGMENT, 1000)
                udp.sendto(payload, ('192.0.2.2', 9))
            back = internet.recv(65536)
            self.assertEqual((len(back), back[6:12]), (14 + 20 + 8 + 2500, self.mac))
            self.assertEqual(back[-2500:], payload)
            mirror.await_words('segments kind=5 size=1000 flags=1')

    def test_an_interface_that_is_down_or_gone_is_told_once(self):
        run('ip', 'link', 'set', 'holm0', 'down', check=True)
        with Mirror('tap:holm0') as mirror:
            mirror.await_words('frames are lost: the interface is down')
            run('ip', 'link', 'set', 'holm0', 'up', check=True)
            packets = self.packets()
            self.await_line(packets)
            mirror.await_words('the interface is up again')
            self.exchange(packets, 20)
            run('ip', 'link', 'del', 'holm0', check=True)
            mirror.await_words('the interface is gone')
        self.assertEqual(mirror.words().count('interface is'), 3, mirror.words())

    def test_a_run_is_replayed_without_the_device(self):
        with tempfile.TemporaryDirectory() as folder:
            recording = f'--record={folder}/run'
            with Mirror('tap:holm0', recording) as mirror:
                packets = self.packets()
                self.await_line(packets)
                self.exchange(packets, 60)
            self.assertEqual(mirror.status, 0, mirror.words())
            run('ip', 'link', 'del', 'holm0', check=True)
            again = run(MIRROR, f'--replay={folder}/run')
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertIn(b'all was as it was recorded', again.stdout + again.stderr)

    def refused(self, device, words, *wrapper):
        result = run(*wrapper, MIRROR, f'--net={device}')
        said = (result.stdout + result.stderr).decode()
        self.assertEqual((result.returncode, len(said.splitlines())), (1, 1), said)
        self.assertIn(words, said)

    def test_what_can_not_be_is_said_in_one_line(self):
        self.refused('lan=tap:holm9', 'there is none')
        self.refused('lan=tap:a-name-that-is-too-long', 'there is none')
        self.refused('lan=tap:lo', 'it is no TAP device')
        self.refused('wan=tap:holm0', 'no such network device')
        self.refused('lan=tun:holm0', 'no such network device')
        self.refused('lan', 'no such network device')
        with Mirror('tap:holm0'):
            self.refused('lan=tap:holm0', 'another program has it')
        if os.geteuid() == 0 and run('setpriv', '--reuid=65534', '--clear-groups', MIRROR, '--help').returncode == 0:
            run('ip', 'tuntap', 'add', 'dev', 'holm1', 'mode', 'tap', 'user', '0', check=True)
            self.addCleanup(run, 'ip', 'link', 'del', 'holm1')
            self.refused('lan=tap:holm1', "it is another user's", 'setpriv', '--reuid=65534', '--clear-groups')


class Captures(unittest.TestCase):
    MAC = bytes.fromhex('020000000001')
    FORMS = {'little, µs': ('<', 0xa1b2c3d4), 'big, µs': ('>', 0xa1b2c3d4),
             'little, ns': ('<', 0xa1b23c4d), 'big, ns': ('>', 0xa1b23c4d)}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def capture(self, frames, order='<', magic=0xa1b2c3d4, link=1):
        """A file of frames; of one that is a pair, so much was cut off."""
        path = self.folder / 'in'
        data = struct.pack(order + 'IHHiIII', magic, 2, 4, 0, 0, 262144, link)
        for i, frame in enumerate(frames):
            frame, cut = frame if isinstance(frame, tuple) else (frame, 0)
            data += struct.pack(order + 'IIII', 1700000000 + i, i, len(frame), len(frame) + cut) + frame
        path.write_bytes(data)
        return path

    def mirrored(self, path, pattern='all frames of the capture were received', more=''):
        out = self.folder / 'out'
        out.unlink(missing_ok=True)
        with Mirror(f'pcap:{path}:{out}{more}') as mirror:
            mirror.await_words(pattern)
        self.assertEqual(mirror.status, 0, mirror.words())
        return mirror, self.read(out)

    def read(self, path):
        data = path.read_bytes()
        self.assertEqual(struct.unpack('>IHHiIII', data[:24]), (0xa1b23c4d, 2, 4, 0, 0, 65550, 1))
        at, frames = 24, []
        while at < len(data):
            seconds, nanoseconds, size, original = struct.unpack('>IIII', data[at:at + 16])
            self.assertEqual(size, original)
            self.assertLess(abs(seconds + nanoseconds / 1e9 - time.time()), 120)
            frames.append(data[at + 16:at + 16 + size])
            at += 16 + size
        self.assertEqual(at, len(data))
        return frames

    def check(self, frames, found):
        """What was received and what was sent back stand in the capture; the mirror's hello comes first."""
        self.assertEqual([x for x in found if x[:6] == self.MAC], frames)
        self.assertEqual([x[14:] for x in found[1:] if x[6:12] == self.MAC], [x[14:] for x in frames])

    def test_captures_of_all_forms_are_received_and_what_passes_is_written(self):
        frames = [frame_to(self.MAC, 60 + (i * 131) % 1455, i) for i in range(1000)]  # several blocks
        for name, form in self.FORMS.items():
            with self.subTest(name):
                self.check(frames, self.mirrored(self.capture(frames, *form))[1])

    @need('tcpdump')
    def test_tcpdump_reads_what_is_written(self):
        frames = [frame_to(self.MAC, 60 + i, i) for i in range(50)]
        found = self.mirrored(self.capture(frames))[1]
        read = run('tcpdump', '-n', '-xx', '-r', str(self.folder / 'out'), check=True).stdout.decode()
        packets = re.findall(r'^\S.*\n((?:\t.*\n)+)', read, re.M)
        self.assertEqual([bytes.fromhex(re.sub(r'\t0x[0-9a-f]+: |\s', '', x)) for x in packets], found)

    def test_frames_that_nobody_could_receive_are_skipped_and_counted(self):
        good = frame_to(self.MAC, 100, 1)
        frames = [good, (good, 50), bytes(13), bytes(1515), good[6:12] + self.MAC + good[12:], good]
        mirror, found = self.mirrored(self.capture(frames))
        self.check([good, good], found)
        self.assertIn('skipped=4', mirror.words())

    def test_the_address_may_be_said(self):
        good = frame_to(OTHER, 100, 1)
        mirror, found = self.mirrored(self.capture([good]), more=':02:00:00:00:00:77')
        self.assertEqual(found[1:], [found[1], OTHER + bytes.fromhex('020000000077') + good[12:]])

    def test_a_capture_that_was_cut_off_is_told_and_what_is_whole_received(self):
        frames = [frame_to(self.MAC, 100, i) for i in range(3)]
        path = self.capture(frames)
        path.write_bytes(path.read_bytes()[:-1])
        mirror, found = self.mirrored(path, 'the capture can not be read on')
        self.check(frames[:2], found)
        self.assertRegex(mirror.words(), r'offset=256 result=\S*truncated')

    def test_what_can_not_be_is_said_in_one_line(self):
        good = frame_to(self.MAC, 100, 1)
        full = self.folder / 'full'
        full.write_bytes(b'somebody\'s')
        cases = {f'{self.folder}/nothing': 'there is no such file', f'{self.folder}': 'no capture',
                 str(full): 'no capture', f'{self.capture([good])}:{full}': 'must be new or empty',
                 f'{self.capture([good])}::nonsense': 'no MAC address'}
        for device, words in cases.items():
            self.refused(device, words)
        self.assertEqual(full.read_bytes(), b'somebody\'s')
        self.refused(self.capture([good], link=101), 'pcapng, or no Ethernet')
        (self.folder / 'ng').write_bytes(bytes.fromhex('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000'))
        self.refused(self.folder / 'ng', 'pcapng, or no Ethernet')

    def refused(self, device, words):
        result = run(MIRROR, f'--net=lan=pcap:{device}')
        said = (result.stdout + result.stderr).decode()
        self.assertEqual((result.returncode, len(said.splitlines())), (1, 1), said)
        self.assertIn(words, said)


if __name__ == '__main__':
    unittest.main(verbosity=2)
