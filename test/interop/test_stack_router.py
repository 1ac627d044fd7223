#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""An image as a router with three interfaces: each is a TAP interface whose other end is a kernel in a network
namespace of its own."""
import hashlib
import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import curl, need, run
from stack_under_test import HOST, OURS, Stack, TAP, Tapped, enter

LINKS = {'lan': ('holm1', '10.1.0.1', '10.1.0.2', 1500), 'wan': ('holm2', '10.2.0.1', '10.2.0.2', 1000)}


def setUpModule():
    enter()


class Router(Tapped):
    def setUp(self):
        super().setUp()
        run('ip', 'route', 'add', '10.0.0.0/8', 'via', OURS, check=True)
        for tap, _, peer, mtu in LINKS.values():
            run(TAP, 'up', tap, f'{peer}/24', check=True)
            self.addCleanup(run, TAP, 'down', tap)
            run('ip', 'link', 'set', tap, 'mtu', str(mtu), check=True)
        more = ','.join(f'{name}=tap:{tap}' for name, (tap, *_) in LINKS.items())
        addresses = ','.join(f'{name}:{ours}/24' for name, (_, ours, *_) in LINKS.items())
        self.site = Stack(f'--net=service=tap:holm0,{more}', '--forward=true', ipv4=f'{OURS}/24,{HOST},{addresses}')
        self.site.__enter__()
        self.addCleanup(self.site.__exit__, None, None, None)
        for name, (tap, ours, peer, mtu) in LINKS.items():
            space = self.space(name)
            run('ip', 'netns', 'add', space, check=True)
            self.addCleanup(run, 'ip', 'netns', 'del', space)
            run('ip', 'link', 'set', tap, 'netns', space, check=True)
            run('ip', '-n', space, 'link', 'set', 'lo', 'up', check=True)
            run('ip', '-n', space, 'address', 'add', f'{peer}/24', 'dev', tap, check=True)
            run('ip', '-n', space, 'link', 'set', tap, 'mtu', str(mtu), 'up', check=True)
            run('ip', '-n', space, 'route', 'add', 'default', 'via', ours, check=True)
        for peer in '10.2.0.2', HOST:  # until the lines are up
            self.within('lan', 'ping', '-c', '3', '-i', '0.1', '-W', '1', peer)

    def space(self, name):
        return f'holm-{name}-{os.getpid()}'

    def within(self, name, *command):
        return run('ip', 'netns', 'exec', self.space(name), *command).stdout.decode()

    def ping(self, to, *more):
        return self.within('lan', 'ping', '-c', '2', '-i', '0.05', '-W', '2', *more, to)

    @need('ping')
    def test_packets_pass_with_one_hop_less(self):
        for peer in '10.2.0.2', HOST:
            said = self.ping(peer)
            self.assertIn(' 0% packet loss', said)
            self.assertIn('ttl=63', said)
        self.assertIn('ttl=64', self.ping('10.1.0.1'))
        self.assertIn('ttl=64', self.ping('10.2.0.1'))  # the router's other end

    @need('ping')
    def test_the_latest_packet_to_a_stranger_waits_until_it_is_known(self):
        for number in range(20, 40):
            peer = f'10.2.0.{number}'
            run('ip', '-n', self.space('wan'), 'address', 'add', f'{peer}/24', 'dev', 'holm2', check=True)
            if number % 4 == 0:  # packets for nobody wait too, and give way
                for nobody in range(100, 112):
                    self.within('lan', 'ping', '-c', '1', '-W', '0.01', f'10.2.0.{nobody}')
            said = self.within('lan', 'ping', '-c', '1', '-W', '2', peer)
            self.assertIn(' 0% packet loss', said)

    @need('ping')
    def test_errors_are_told(self):
        said = self.ping('10.2.0.2', '-t', '1')
        self.assertIn('From 10.1.0.1', said)
        self.assertIn('Time to live exceeded', said)
        self.assertIn('0 received', self.ping('169.254.9.9'))
        said = self.ping('10.2.0.2', '-M', 'do', '-s', '1200')
        self.assertIn('mtu = 1000', said)

    @need('ping')
    def test_long_packets_are_cut(self):
        self.assertIn(' 0% packet loss', self.ping('10.2.0.2', '-M', 'dont', '-s', '1300'))
        self.assertIn(' 0% packet loss', self.ping('10.2.0.2', '-s', '8000'))
        self.assertIn(' 0% packet loss', self.ping(HOST, '-s', '20000'))

    def test_a_stream_passes_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.urandom(8 << 20)
            Path(folder, 'x').write_bytes(data)
            for name, peer in ('wan', '10.2.0.2'), (None, HOST):
                inside = ['ip', 'netns', 'exec', self.space(name)] if name else []
                server = subprocess.Popen([*inside, '/usr/bin/python3', '-m', 'http.server', '-d', folder, '8000'],
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    for _ in range(100):
                        got = run('ip', 'netns', 'exec', self.space('lan'), 'curl', '-sS', '--max-time', '20',
                                  f'http://{peer}:8000/x').stdout
                        if got:
                            break
                        time.sleep(0.05)
                finally:
                    server.kill()
                    server.wait()
                self.assertEqual(hashlib.sha256(got).digest(), hashlib.sha256(data).digest(), peer)

    def test_the_router_itself_answers_everywhere(self):
        for ours in '10.1.0.1', '10.2.0.1', OURS:
            said = self.within('lan', 'curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', f'http://{ours}/')
            self.assertEqual(said, '200')
        words = curl(self.site.url + '/metrics')
        self.assertRegex(words, r'\nholm_ip_forwarded_total [1-9]')


class Router6(Tapped):
    """The same of IPv6."""
    LINKS = {'lan': ('holm1', 'fd00:1::1', 'fd00:1::2', 1500), 'wan': ('holm2', 'fd00:2::1', 'fd00:2::2', 1300)}
    space, within = Router.space, Router.within

    def setUp(self):
        super().setUp()
        run('ip', 'address', 'add', 'fd00:9::1/64', 'dev', 'holm0', 'nodad', check=True)
        run('ip', 'route', 'add', 'fd00::/16', 'via', 'fd00:9::2', check=True)
        for tap, _, _, mtu in self.LINKS.values():
            run(TAP, 'up', tap, '10.3.0.1/24', check=True)
            self.addCleanup(run, TAP, 'down', tap)
            run('ip', 'link', 'set', tap, 'mtu', str(mtu), check=True)
        devices = ','.join(f'{name}=tap:{tap}' for name, (tap, *_) in self.LINKS.items())
        addresses = ','.join(f'{name}={ours}/64' for name, (_, ours, *_) in self.LINKS.items())
        self.site = Stack(f'--net=service=tap:holm0,{devices}', '--forward=true', f'--ipv6=fd00:9::2/64,{addresses}')
        self.site.__enter__()
        self.addCleanup(self.site.__exit__, None, None, None)
        for name, (tap, ours, peer, mtu) in self.LINKS.items():
            space = self.space(name)
            run('ip', 'netns', 'add', space, check=True)
            self.addCleanup(run, 'ip', 'netns', 'del', space)
            run('ip', 'link', 'set', tap, 'netns', space, check=True)
            run('ip', '-n', space, 'link', 'set', 'lo', 'up', check=True)
            run('ip', '-n', space, 'address', 'add', f'{peer}/64', 'dev', tap, 'nodad', check=True)
            run('ip', '-n', space, 'link', 'set', tap, 'mtu', str(mtu), 'up', check=True)
            run('ip', '-n', space, 'route', 'add', 'default', 'via', ours, check=True)
        for peer in 'fd00:2::2', 'fd00:9::1':  # until the lines are up
            for _ in range(50):
                if ' 0% packet loss' in self.within('lan', 'ping', '-c', '1', '-W', '0.2', peer):
                    break

    def ping(self, to, *more):
        return self.within('lan', 'ping', '-6', '-c', '2', '-i', '0.05', '-W', '2', *more, to)

    @need('ping')
    def test_packets_pass_with_one_hop_less(self):
        for peer in 'fd00:2::2', 'fd00:9::1':
            for size in '56', '1200', '8000':
                said = self.ping(peer, '-s', size)  # the first long one learns how long it may be
                self.assertIn('icmp_seq=2 ttl=63', said)
        for ours in 'fd00:1::1', 'fd00:2::1':  # the router's other end, too
            self.assertIn('ttl=64', self.ping(ours))
        self.assertRegex(curl(f'http://{OURS}/metrics'), r'\nholm_ip_forwarded_total [1-9]')

    @need('ping')
    def test_errors_are_told(self):
        said = self.ping('fd00:2::2', '-t', '1')
        self.assertIn('From fd00:1::1', said)
        self.assertIn('Time exceeded: Hop limit', said)
        self.assertIn('No route', self.ping('2001:db8::1'))
        self.assertIn('mtu=1300', self.ping('fd00:2::2', '-M', 'do', '-s', '1400').replace('mtu = ', 'mtu='))

    def test_a_stream_passes_whole_though_its_way_gets_narrow(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.urandom(8 << 20)
            Path(folder, 'x').write_bytes(data)
            for name, reader, peer in ('lan', 'wan', 'fd00:1::2'), ('wan', 'lan', 'fd00:2::2'):
                server = subprocess.Popen(['ip', 'netns', 'exec', self.space(name), '/usr/bin/python3', '-m',
                                           'http.server', '-b', '::', '-d', folder, '8000'],
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    for _ in range(100):
                        got = run('ip', 'netns', 'exec', self.space(reader), 'curl', '-gsS', '--max-time', '20',
                                  f'http://[{peer}]:8000/x').stdout
                        if got:
                            break
                        time.sleep(0.05)
                finally:
                    server.kill()
                    server.wait()
                self.assertEqual(hashlib.sha256(got).digest(), hashlib.sha256(data).digest(), peer)


class Vlan(Tapped):
    def test_a_vlan_beside_what_is_untagged(self):
        if run('ip', 'link', 'add', 'link', 'holm0', 'name', 'holm0.5', 'type', 'vlan', 'id', '5').returncode:
            self.skipTest('this kernel has no VLANs')
        run('ip', 'address', 'add', '10.5.0.1/24', 'dev', 'holm0.5', check=True)
        run('ip', 'link', 'set', 'holm0.5', 'up', check=True)
        run('ip', 'link', 'add', 'link', 'holm0', 'name', 'holm0.6', 'type', 'vlan', 'id', '6', check=True)
        run('ip', 'address', 'add', '10.6.0.1/24', 'dev', 'holm0.6', check=True)
        run('ip', 'link', 'set', 'holm0.6', 'up', check=True)
        with tempfile.TemporaryDirectory() as folder:
            data = os.urandom(4 << 20)
            Path(folder, 'x').write_bytes(data)
            with Stack(f'--content={folder}', ipv4=f'{OURS}/24,{HOST},service.5:10.5.0.2/24'):
                for ours in OURS, '10.5.0.2':
                    for size in '56', '1468', '1472', '9000':
                        said = run('ping', '-c', '2', '-i', '0.05', '-W', '2', '-s', size, ours).stdout.decode()
                        self.assertIn(' 0% packet loss', said, f'{size} to {ours}')
                    got = run('curl', '-sS', '--max-time', '20', f'http://{ours}/x').stdout
                    self.assertEqual(hashlib.sha256(got).digest(), hashlib.sha256(data).digest(), ours)
                said = run('arping', '-c', '1', '-w', '1', '-I', 'holm0.6', '10.5.0.2').stdout.decode()
                self.assertIn('0 packets received', said)


if __name__ == '__main__':
    unittest.main(verbosity=2)
