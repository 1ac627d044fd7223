#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Our own TCP/IP over a TAP interface, spoken to by IPv6: the kernel's ping, curl and sockets, ndisc6, and packets
that are wrong on purpose (scapy)."""
import os
import socket
import subprocess
import unittest
from pathlib import Path

from ipv6_under_test import HERE, THERE, TRIES, Link, await_true, fetched, pings, setUpModule  # noqa: F401
from site_under_test import need, run

try:
    from scapy.all import (AsyncSniffer, Ether, ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_RA,
                           ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr, ICMPv6ParamProblem, IPv6,
                           IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN, Raw, UDP,
                           HBHOptUnknown, sendp)
    SCAPY = True
except ImportError:
    SCAPY = False



class Kernel(Link):
    def test_ping_and_pages_and_datagrams(self):
        with self.site() as site:
            self.assertTrue(pings(THERE))  # at once: while it is asked whether somebody has the address
            self.assertTrue(pings(THERE, '-s', '1452'))
            self.assertTrue(pings(THERE, '-s', '20000'))  # in fragments, both ways
            self.assertIn(b'<html', fetched(THERE))
            local = self.ready(site, 'fe80:')
            self.assertTrue(pings(f'{local}%holm0'))
            self.assertIn(b'<html', fetched(f'{local}%25holm0'))
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
                udp.settimeout(5)
                udp.connect((THERE, 9))
                udp.send(b'nobody')
                self.assertRaises(ConnectionRefusedError, udp.recv, 100)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection((THERE, 81), timeout=5)

    @need('ndisc6')
    def test_ndisc6_finds_the_station(self):
        with self.site():
            words = run('ndisc6', '-r', '2', '-w', '1000', THERE, 'holm0').stdout.decode()
            self.assertRegex(words, r'Target link-layer address: ([0-9A-F]{2}:?){6}')

    def test_an_address_that_the_kernel_has_is_not_taken(self):
        run('ip', 'addr', 'add', f'{THERE}/64', 'dev', 'holm0', 'nodad', check=True)

        def told():
            with self.site() as site:
                self.ready(site, 'fe80:')
                return THERE not in self.addresses(site) and (
                    f'another station has the address ip={THERE}' in site.words())

        self.assertTrue(any(told() for _ in range(TRIES)))

    def test_packets_are_as_long_as_the_way_takes(self):
        """Behind the router is a link that takes 1280 bytes; the peer at its end does not know."""
        peer = subprocess.Popen(['unshare', '-n', 'sleep', '60'])
        self.addCleanup(peer.wait)
        self.addCleanup(peer.kill)
        inside = ('nsenter', '-t', str(peer.pid), '-n')
        self.assertTrue(await_true(lambda: os.readlink(f'/proc/{peer.pid}/ns/net') != os.readlink('/proc/self/ns/net')))
        run('ip', 'link', 'add', 'far0', 'type', 'veth', 'peer', 'name', 'far1', 'netns', str(peer.pid), check=True)
        self.addCleanup(run, 'ip', 'link', 'del', 'far0')
        run('ip', 'addr', 'add', 'fd00:a::1/64', 'dev', 'far0', 'nodad', check=True)
        run('ip', 'link', 'set', 'far0', 'up', 'mtu', '1280', check=True)
        run(*inside, 'ip', 'addr', 'add', 'fd00:a::2/64', 'dev', 'far1', 'nodad', check=True)
        run(*inside, 'ip', 'link', 'set', 'far1', 'up', check=True)
        run(*inside, 'ip', '-6', 'route', 'add', 'default', 'via', 'fd00:a::1', check=True)
        with self.site():
            came = run(*inside, 'curl', '-6', '-g', '-sS', '--max-time', '10', '--retry', '3', '--retry-connrefused',
                       f'http://[{THERE}]/')
            self.assertEqual(came.stdout, fetched(THERE), came.stderr)
            self.assertGreater(len(came.stdout), 1500)
            sent = run('ip', '-6', '-s', 'link', 'show', 'far0').stdout
            self.assertTrue(sent)


@unittest.skipUnless(SCAPY, 'python3-scapy is not installed')
class Wrong(Link):
    """Packets that are wrong, and what is said of them."""

    def mac(self):
        self.assertTrue(pings(THERE))
        return run('ip', '-6', 'neigh', 'show', THERE).stdout.decode().split('lladdr ')[1].split()[0]

    def answers(self, *packets, wanted, seconds=5):
        """Sends packets; answers the first that comes back with that layer, or None."""
        sniffer = AsyncSniffer(iface='holm0', filter=f'src host {THERE}', lfilter=lambda p: p.haslayer(wanted),
                               count=1, timeout=seconds, started_callback=lambda: sendp(
                                   [Ether(dst=self.to) / p for p in packets], iface='holm0', verbose=False))
        sniffer.start()
        sniffer.join()
        return sniffer.results[0] if sniffer.results else None

    def ip(self, **more):
        return IPv6(src=HERE, dst=THERE, **more)

    def test_what_is_wrong_is_refused_and_told_as_the_rules_say(self):
        echo = ICMPv6EchoRequest(id=7, seq=1, data=b'holm')
        with self.site():
            self.to = self.mac()
            for name, packet, code, pointer in (
                    ('an option that is to be told', self.ip() / IPv6ExtHdrDestOpt(
                        options=[HBHOptUnknown(otype=0x9e, optdata=b'abcd')]) / echo, 2, 42),
                    ('a protocol that nobody knows', self.ip(nh=253) / Raw(b'12345678'), 1, 6),
                    ('a source route', self.ip() / IPv6ExtHdrRouting(
                        type=0, segleft=1, addresses=[HERE]) / echo, 0, 42),
                    ('hop by hop behind another header', self.ip() / IPv6ExtHdrDestOpt(
                        options=[PadN(optdata=b'\0\0\0\0')]) / IPv6ExtHdrHopByHop() / echo, 1, 40),
                    ('half a word in a fragment', self.ip() / IPv6ExtHdrFragment(
                        id=1, m=1, nh=58) / Raw(b'\x80\x00' b'34567'), 0, 4)):
                with self.subTest(name):
                    came = self.answers(packet, wanted=ICMPv6ParamProblem)
                    self.assertIsNotNone(came)
                    self.assertEqual((came[ICMPv6ParamProblem].code, came[ICMPv6ParamProblem].ptr), (code, pointer))
            for name, packet in (
                    ('an option to be silent about', self.ip() / IPv6ExtHdrDestOpt(
                        options=[HBHOptUnknown(otype=0x5e, optdata=b'abcd')]) / echo),
                    ('thirty headers', self.chain(30) / echo),
                    ('a wrong checksum', self.ip() / ICMPv6EchoRequest(id=7, cksum=1)),
                    ('an address that maps IPv4', IPv6(src='::ffff:192.0.2.1', dst=THERE) / echo),
                    ('from a group', IPv6(src='ff02::1', dst=THERE) / echo)):
                with self.subTest(name):
                    self.assertIsNone(self.answers(packet, wanted=(ICMPv6EchoReply), seconds=0.3))
            for name, packet in (
                    ('an option that nobody knows', self.ip() / IPv6ExtHdrDestOpt(
                        options=[HBHOptUnknown(otype=0x9e, optdata=b'abcd')]) / ICMPv6DestUnreach()),
                    ('half a word in a fragment', self.ip() / IPv6ExtHdrFragment(
                        id=1, m=1, nh=58) / Raw(b'\x01\x00' b'34567'))):
                with self.subTest('of an error ' + name):
                    self.assertIsNone(self.answers(packet, wanted=ICMPv6ParamProblem, seconds=0.3))
            for name, packet in (
                    ('five headers', self.chain(5) / echo),
                    ('a fragment that is whole', self.ip() / IPv6ExtHdrFragment(id=9) / echo)):
                with self.subTest(name):
                    self.assertIsNotNone(self.answers(packet, wanted=ICMPv6EchoReply))
            self.assertIsNotNone(self.answers(self.ip() / UDP(sport=9, dport=9) / b'x', wanted=ICMPv6DestUnreach))
            self.assertIsNone(self.answers(self.ip() / UDP(sport=9, dport=9, chksum=0) / b'x', wanted=ICMPv6DestUnreach,
                                           seconds=0.3))
            self.assertTrue(pings(THERE))

    def chain(self, count):
        packet = self.ip()
        for _ in range(count):
            packet = packet / IPv6ExtHdrDestOpt(options=[PadN(optdata=b'\0\0\0\0')])
        return packet

    def test_fragments_come_together_unless_they_overlap(self):
        whole = bytes(self.ip() / ICMPv6EchoRequest(id=7, seq=2, data=bytes(range(256)) * 4))[40:]

        def part(number, start, end):
            return self.ip() / IPv6ExtHdrFragment(id=number, nh=58, offset=start // 8, m=end < len(whole)) / Raw(
                whole[start:end])

        with self.site():
            self.to = self.mac()
            came = self.answers(part(1, 512, len(whole)), part(1, 0, 512), wanted=ICMPv6EchoReply)
            self.assertIsNotNone(came)
            self.assertEqual(bytes(came[ICMPv6EchoReply].data), bytes(range(256)) * 4)
            overlapping = part(2, 0, 512), part(2, 504, 1016), part(2, 512, len(whole))
            self.assertIsNone(self.answers(*overlapping, wanted=ICMPv6EchoReply, seconds=0.5))
            flood = [part(100 + i, 512, 1024) for i in range(100)]  # more than are ever put together
            self.assertIsNotNone(self.answers(*flood, part(3, 0, 512), part(3, 512, len(whole)),
                                              wanted=ICMPv6EchoReply))

    def test_advertisements_that_are_forged_change_nothing(self):
        def said(**more):
            source = more.pop('src', 'fe80::99')
            return IPv6(src=source, dst='ff02::1', hlim=more.pop('hlim', 255)) / ICMPv6ND_RA(**more) / (
                ICMPv6NDOptSrcLLAddr(lladdr='02:00:00:00:00:99')) / (
                ICMPv6NDOptPrefixInfo(prefix='2001:db8:bad::', prefixlen=64))

        with self.site('auto') as site:
            self.to = '33:33:00:00:00:01'
            self.ready(site, 'fe80:')
            broken = bytes(said())
            for packet in (said(hlim=64), said(src='2001:db8::1'), said(code=1),
                           IPv6(src='fe80::99', dst='ff02::1', hlim=255, nh=58) / Raw(broken[40:56]),
                           IPv6(broken[:-1])):
                sendp(Ether(dst=self.to) / packet, iface='holm0', verbose=False)
            sendp(Ether(dst=self.to) / IPv6(src='fe80::99', dst='ff02::1', hlim=255) / ICMPv6ND_RA() /
                  ICMPv6NDOptPrefixInfo(prefix='2001:db8:900d::', prefixlen=64), iface='holm0', verbose=False)
            self.ready(site, '2001:db8:900d:')
            self.assertEqual([a for a in self.addresses(site) if ':bad:' in a], [])


if __name__ == '__main__':
    unittest.main()
