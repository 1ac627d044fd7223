#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Packets that scapy forges, against the website over Holm's own network: what is wrong is dropped, what is
answered is answered as the standards say, and the next one who asks is served."""
import logging
import os
import time
import unittest

from site_under_test import curl
from stack_under_test import OURS, Stack, Tapped, enter

logging.getLogger('scapy').setLevel(logging.ERROR)
try:
    from scapy.all import ARP, ICMP, IP, TCP, UDP, Ether, IPOption, Raw, conf, fragment, raw
except ImportError:
    IP = None

FORGER, FORGER_MAC = '10.9.0.7', '02:00:00:00:00:77'


def setUpModule():
    if IP is None:
        raise unittest.SkipTest('scapy is not installed')
    enter()


class Forged(Tapped):
    def setUp(self):
        super().setUp()
        self.site = Stack().__enter__()
        self.addCleanup(self.site.__exit__, None, None, None)
        self.line = conf.L2socket(iface='holm0', filter=f'ether src not {FORGER_MAC}')
        self.addCleanup(self.line.close)
        self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', self.site.url + '/'), '200')
        self.line.send(Ether(src=FORGER_MAC, dst='ff:ff:ff:ff:ff:ff') /
                       ARP(op=1, hwsrc=FORGER_MAC, psrc=FORGER, pdst=OURS))
        self.mac = self.answers(lambda p: ARP in p and p[ARP].op == 2)[0][ARP].hwsrc

    def answers(self, wanted=lambda p: IP in p and p[IP].dst == FORGER, seconds=0.15):
        """All that comes for us in the next while."""
        came, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            packet = self.line.recv() if self.line.select([self.line], 0.01) else None
            if packet is not None and wanted(packet):
                came.append(packet)
        return came

    def ask(self, packet, **more):
        self.line.send(Ether(src=FORGER_MAC, dst=self.mac) / packet)
        return self.answers(**more)

    def silent(self, *packets):
        for packet in packets:
            self.line.send(Ether(src=FORGER_MAC, dst=self.mac) / packet)
        self.assertEqual([p.summary() for p in self.answers()], [])
        self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', self.site.url + '/'), '200')

    def echo(self, size=32):
        return IP(src=FORGER, dst=OURS) / ICMP(id=7) / Raw(os.urandom(size))

    def test_the_way_works(self):
        self.assertEqual(len(self.ask(self.echo())), 1)
        for piece in fragment(self.echo(2000), 600):
            self.line.send(Ether(src=FORGER_MAC, dst=self.mac) / piece)
        self.assertEqual(len(self.answers()), 2)

    def test_fragments_that_overlap(self):
        whole = raw(ICMP(id=7) / Raw(os.urandom(2000)))

        def piece(start, end, more=1, **fields):
            return IP(src=FORGER, dst=OURS, proto=1, id=fields.get('id', 9), frag=start // 8,
                      flags=more) / Raw(whole[start:end])
        self.silent(piece(0, 800), piece(792, 1600), piece(1600, 2008, 0))
        self.silent(piece(0, 800, id=10), piece(0, 1400, id=10), piece(1400, 2008, 0, id=10))
        self.silent(piece(0, 1400, id=11), piece(800, 1200, id=11), piece(1200, 1608, 0, id=11))
        self.silent(piece(0, 8, id=12), piece(8, 1408, id=12), piece(1408, 2008, 0, id=12))
        teardrop = [IP(src=FORGER, dst=OURS, id=242, flags=1) / UDP() / Raw(b'x' * 28),
                    IP(src=FORGER, dst=OURS, id=242, frag=3, proto=17) / Raw(b'x' * 4)]
        self.silent(*teardrop)

    def test_a_fragment_past_the_longest_packet(self):
        self.silent(IP(src=FORGER, dst=OURS, proto=1, id=5, frag=8189, flags=0) / Raw(b'x' * 600),
                    IP(src=FORGER, dst=OURS, proto=1, id=5, frag=0, flags=1) / Raw(b'x' * 800))

    def test_a_flood_of_first_fragments_leaves_room_for_whole_packets(self):
        for number in range(2000):
            self.line.send(Ether(src=FORGER_MAC, dst=self.mac) /
                           IP(src=FORGER, dst=OURS, id=number + 1, proto=17, flags=1) / Raw(b'x' * 64))
        for piece in fragment(self.echo(2000), 1000):
            self.line.send(Ether(src=FORGER_MAC, dst=self.mac) / piece)
        self.assertEqual(len(self.answers(lambda p: IP in p and p[IP].dst == FORGER and p[IP].proto == 1)), 2)

    def test_land(self):
        self.silent(IP(src=OURS, dst=OURS) / TCP(sport=80, dport=80, flags='S'),
                    IP(src=OURS, dst=OURS) / ICMP(), IP(src='127.0.0.1', dst=OURS) / ICMP(),
                    IP(src='10.9.0.255', dst=OURS) / TCP(dport=80, flags='S'))

    def test_headers_that_lie(self):
        load = ICMP() / Raw(b'x' * 40)
        ip = {'src': FORGER, 'dst': OURS}
        self.silent(IP(len=2000, **ip) / load, IP(len=10, **ip) / load, IP(ihl=4, **ip) / load,
                    IP(ihl=15, **ip) / load, IP(version=6, **ip) / load, IP(chksum=0x1234, **ip) / load,
                    IP(**ip) / ICMP(chksum=0x1234) / Raw(b'x'), IP(**ip) / ICMP(type=200),
                    Raw(b'\x45'), Raw(b'\x45\0\0\x14'), Raw(b''))

    def test_options(self):
        ip = {'src': FORGER, 'dst': OURS}
        for option in (b'\x83\x07\x04\x0a\x09\x00\x01', b'\x89\x07\x04\x0a\x09\x00\x01', b'\x44\x08\x05\0abcd',
                       b'\x07\x07\x04abcd', b'\x1e\x28\0\0', b'\x1e\x01\0\0', b'\x01\x01\x01\x1e'):
            self.silent(IP(options=[IPOption(option)], **ip) / ICMP())
        self.assertEqual(len(self.ask(IP(options=[IPOption(b'\x94\x04\0\0')], **ip) / ICMP())), 1)

    def test_datagrams_that_lie(self):
        ip = {'src': FORGER, 'dst': OURS}
        self.silent(IP(**ip) / UDP(dport=9, len=4) / Raw(b'x' * 8), IP(**ip) / UDP(dport=9, len=2000) / Raw(b'x' * 8),
                    IP(**ip) / UDP(dport=9, chksum=0x1234) / Raw(b'x' * 8), IP(proto=17, **ip) / Raw(b'x' * 5))
        told = self.ask(IP(**ip) / UDP(dport=9) / Raw(b'x'))
        self.assertEqual([(p[ICMP].type, p[ICMP].code) for p in told], [(3, 3)])

    def test_segments_that_lie(self):
        ip = {'src': FORGER, 'dst': OURS}
        self.silent(IP(**ip) / TCP(dport=80, flags='S', dataofs=4), IP(**ip) / TCP(dport=80, flags='S', dataofs=15),
                    IP(**ip) / TCP(dport=80, flags='S', chksum=0x1234), IP(proto=6, **ip) / Raw(b'x' * 10),
                    IP(**ip) / TCP(dport=80, flags='R'), IP(**ip) / TCP(dport=80, flags='SR'))

    def opened(self, port):
        """A connection of the forger's; what we have sent and received."""
        ip = IP(src=FORGER, dst=OURS)
        answer = self.ask(ip / TCP(sport=port, dport=80, flags='S', seq=1000))[0]
        self.assertEqual(answer[TCP].flags, 'SA')
        self.ask(ip / TCP(sport=port, dport=80, flags='A', seq=1001, ack=answer[TCP].seq + 1), seconds=0.02)
        return ip, 1001, answer[TCP].seq + 1

    def served(self, ip, port, seq, ack):
        """Whether a request is answered; the connection is reset then, so that nobody waits for it."""
        ask = Raw(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        came = self.ask(ip / TCP(sport=port, dport=80, flags='PA', seq=seq, ack=ack) / ask)
        self.ask(ip / TCP(sport=port, dport=80, flags='R', seq=seq + len(ask)), seconds=0.01)
        return any(Raw in p and p[Raw].load.startswith(b'HTTP/1.1 200') for p in came)

    def test_a_reset_must_be_exact(self):
        ip, seq, ack = self.opened(4001)
        told = self.ask(ip / TCP(sport=4001, dport=80, flags='R', seq=seq + 10))
        self.assertEqual([(str(p[TCP].flags), p[TCP].ack) for p in told], [('A', seq)])
        self.assertEqual(self.ask(ip / TCP(sport=4001, dport=80, flags='R', seq=seq + (1 << 30))), [])
        self.assertTrue(self.served(ip, 4001, seq, ack))
        ip, seq, ack = self.opened(4002)
        mine = self.ask(ip / TCP(sport=4002, dport=80, flags='R', seq=seq),
                        wanted=lambda p: TCP in p and p[TCP].dport == 4002)
        self.assertEqual(mine, [])
        self.assertFalse(self.served(ip, 4002, seq, ack))

    def test_a_syn_within_a_connection_is_challenged(self):
        ip, seq, ack = self.opened(4003)
        told = self.ask(ip / TCP(sport=4003, dport=80, flags='S', seq=seq + 5))
        self.assertEqual([(str(p[TCP].flags), p[TCP].ack) for p in told], [('A', seq)])
        self.assertTrue(self.served(ip, 4003, seq, ack))

    def test_forged_errors_change_nothing(self):
        ip, seq, ack = self.opened(4004)
        for code in 0, 1, 2, 3, 4, 10, 13:
            for number in ack - 1000, ack, ack + 100000:
                quote = IP(src=OURS, dst=FORGER) / TCP(sport=80, dport=4004, seq=number, flags='A')
                self.ask(IP(src='10.9.0.1', dst=OURS) / ICMP(type=3, code=code) / Raw(raw(quote)[:28]), seconds=0.005)
        self.assertTrue(self.served(ip, 4004, seq, ack))

    def test_both_ends_close_at_once(self):
        ip, seq, ack = self.opened(4005)
        came = self.ask(ip / TCP(sport=4005, dport=80, flags='PA', seq=seq, ack=ack) /
                        Raw(b'GET /no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'))
        last = [p for p in came if 'F' in p[TCP].flags][0]
        sent = seq + len(b'GET /no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        told = self.ask(ip / TCP(sport=4005, dport=80, flags='FA', seq=sent, ack=ack))
        self.assertIn(sent + 1, [p[TCP].ack for p in told])
        end = last[TCP].seq + len(last[TCP].payload) + 1
        self.ask(ip / TCP(sport=4005, dport=80, flags='A', seq=sent + 1, ack=end))


if __name__ == '__main__':
    unittest.main(verbosity=2)
