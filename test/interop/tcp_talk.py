# SPDX-License-Identifier: ISC
"""tcp_talk.py: captures of TCP connections between a (10.0.0.1:1000) and b (10.0.0.2:80), made segment by segment
and the same each time. Sequence numbers are told from the end's SYN, which is 0."""
import struct

PORTS = {'a': 1000, 'b': 80}
ADDRESSES = {'a': bytes([10, 0, 0, 1]), 'b': bytes([10, 0, 0, 2])}
STARTS = {'a': 1_000_000, 'b': 4_294_900_000}  # b's numbers wrap soon
FLAGS = {'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16, 'U': 32, 'E': 64, 'C': 128}
MSS, SACK_OK, SCALE = bytes([2, 4, 5, 180]), bytes([4, 2]), bytes([3, 3, 7])


def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack(f'>{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def sack(end, *blocks):
    """A SACK option of end's numbers."""
    return bytes([5, 2 + 8 * len(blocks)]) + b''.join(
        struct.pack('>I', (STARTS[end] + x) % 2**32) for block in blocks for x in block)


class Talk:
    def __init__(self, stamps=True, ecn=False):
        self.frames, self.now, self.stamps, self.ecn, self.id = [], 1000.0, stamps, ecn, 0
        self.stamp = {'a': 0, 'b': 0}  # the last that each end sent

    def say(self, end, flags='A', seq=1, ack=1, data=b'', *, window=500, options=b'', stamps=None, after=0.01,
            ecn=0, urgent=0, reserved=0, offset=None, sum_off=0, value=None, echo=None, ports=None,
            addresses=ADDRESSES, ip_id=None):
        """Adds a segment, after seconds after the last. Data may be a number: so many bytes that differ."""
        peer = 'b' if end == 'a' else 'a'
        self.now += after
        if isinstance(data, int):
            data = bytes((seq + i) * 7 % 251 for i in range(data))
        if self.stamps if stamps is None else stamps:
            value = int(self.now * 1000) if value is None else value
            if echo is None:
                echo = self.stamp[peer] if 'A' in flags else 0
            self.stamp[end] = max(value, self.stamp[end])
            options += bytes([1, 1, 8, 10]) + struct.pack('>II', value, echo)
        options += b'\1' * (-len(options) % 4)
        bits = sum(FLAGS[x] for x in flags)
        ports = [PORTS[end], PORTS[peer]] if ports is None else ports
        header = struct.pack('>HHIIBBHHH', *ports, (STARTS[end] + seq) % 2**32,
                             (STARTS[peer] + ack) % 2**32 if 'A' in flags else 0,
                             ((20 + len(options)) // 4 if offset is None else offset) << 4 | reserved, bits,
                             window, 0, urgent) + options
        pseudo = addresses[end] + addresses[peer] + struct.pack('>HH', 6, len(header) + len(data))
        total = (checksum(pseudo + header + data) + sum_off) % 2**16
        segment = header[:16] + struct.pack('>H', total) + header[18:] + data
        self.id += 1
        packet = struct.pack('>BBHHHBBH', 0x45, ecn, 20 + len(segment), self.id if ip_id is None else ip_id, 0x4000,
                             64, 6, 0) + addresses[end] + addresses[peer]
        packet = packet[:10] + struct.pack('>H', checksum(packet)) + packet[12:] + segment
        self.frames.append((self.now, bytes(12) + b'\x08\0' + packet))
        return self

    def open(self, a_options=MSS + SACK_OK + SCALE, b_options=MSS + SACK_OK + SCALE, **more):
        """The handshake, 20 ms round."""
        self.say('a', 'SEC' if self.ecn else 'S', 0, 0, window=64000, options=a_options, **more)
        self.say('b', 'SAE' if self.ecn else 'SA', 0, 1, window=64000, options=b_options, **more)
        return self.say('a')

    def send(self, seq=1, count=4, size=1000, **more):
        """Segments of a, each acknowledged by b."""
        for start in range(seq, seq + count * size, size):
            self.say('a', 'PA', start, 1, size, **more)
            self.say('b', 'A', 1, start + size, **more)
        return self

    def fill(self, end=64001):
        """As send, until the window of b is closed."""
        for seq in range(1, end, 1000):
            self.say('a', 'PA', seq, 1, 1000)
            self.say('b', 'A', 1, seq + 1000, window=(end - seq - 1000) // 128)
        return self

    def close(self, seq=1, ack=1):
        self.say('a', 'FA', seq, ack)
        self.say('b', 'FA', ack, seq + 1)
        return self.say('a', 'A', seq + 1, ack + 1)

    def save(self, path):
        with open(path, 'wb') as file:
            file.write(struct.pack('>IHHIIII', 0xa1b23c4d, 2, 4, 0, 0, 262144, 1))
            for at, frame in self.frames:
                file.write(struct.pack('>IIII', int(at), int(at % 1 * 1e9), len(frame), len(frame)) + frame)
