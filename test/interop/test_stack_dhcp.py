#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Addresses by DHCP from servers that others wrote, and what happens when they do not answer: the website over
Holm's own network."""
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from site_under_test import curl, need, run
from stack_under_test import HOST, Stack, Tapped, enter


def setUpModule():
    enter()


class Server:
    """A server of DHCP in the foreground; with Server(...) as server: …"""

    def __init__(self, command, files=()):
        self.folder = tempfile.TemporaryDirectory()
        for name, text in dict(files).items():
            Path(self.folder.name, name).write_text(text)
        self.log = tempfile.TemporaryFile('a+b')
        self.process = subprocess.Popen([word.replace('@', self.folder.name + '/') for word in command],
                                        stdout=self.log, stderr=subprocess.STDOUT)

    def words(self):
        self.log.seek(0)
        return self.log.read().decode('utf-8', 'replace')

    def __enter__(self):
        return self

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __exit__(self, *_):
        self.stop()
        self.log.close()
        self.folder.cleanup()


def dnsmasq(lease='2m', *more):
    return Server(['dnsmasq', '-k', '-d', '--port=0', '-C', '/dev/null', '--interface=holm0', '--bind-interfaces',
                   f'--dhcp-range=10.9.0.50,10.9.0.60,{lease}', '--dhcp-authoritative', '--log-dhcp', '--no-ping',
                   '--dhcp-leasefile=@leases', *more])


class Dhcp(Tapped):
    def address(self, site, pattern='an address by DHCP address=([0-9.]+)', seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.findall(pattern, site.words())
            if found:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f'no {pattern!r}: {site.words()}')

    def served(self, server, expect):
        with Stack(ipv4='dhcp') as site:
            address = self.address(site)
            self.assertRegex(address, expect)
            self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', f'http://{address}/'), '200')
        return server.words()

    @need('dnsmasq')
    def test_dnsmasq(self):
        with dnsmasq() as server:
            said = self.served(server, r'10\.9\.0\.5\d|10\.9\.0\.60')
            for word in 'DHCPDISCOVER', 'DHCPOFFER', 'DHCPREQUEST', 'DHCPACK', 'DHCPRELEASE':
                self.assertIn(word, said)

    @need('udhcpd')
    def test_udhcpd(self):
        config = '''start 10.9.0.70
            end 10.9.0.75
            interface holm0
            lease_file @leases
            pidfile @pid
            max_leases 5
            option subnet 255.255.255.0
            option router 10.9.0.1
            option dns 10.9.0.1
            option lease 120
            '''
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        Path(folder, 'leases').write_text('')
        Path(folder, 'conf').write_text(config.replace('@', folder + '/'))
        with Server(['udhcpd', '-f', folder + '/conf']) as server:
            self.served(server, r'10\.9\.0\.7\d')

    @need('dhcpd')
    def test_isc(self):
        config = '''default-lease-time 120; max-lease-time 120; authoritative;
            subnet 10.9.0.0 netmask 255.255.255.0 {
                range 10.9.0.80 10.9.0.85; option routers 10.9.0.1; option domain-name-servers 10.9.0.1; }
            '''
        with Server(['dhcpd', '-4', '-d', '-cf', '@conf', '-lf', '@leases', '-pf', '@pid', '--no-pid', 'holm0'],
                    {'conf': config, 'leases': ''}) as server:
            said = self.served(server, r'10\.9\.0\.8\d')
            self.assertIn('DHCPRELEASE', said)

    @need('kea-dhcp4')
    def test_kea(self):
        config = '''{ "Dhcp4": {
            "interfaces-config": { "interfaces": [ "holm0" ] }, "valid-lifetime": 120,
            "lease-database": { "type": "memfile", "persist": false },
            "subnet4": [ { "subnet": "10.9.0.0/24", "pools": [ { "pool": "10.9.0.90 - 10.9.0.95" } ],
                "option-data": [ { "name": "routers", "data": "10.9.0.1" } ] } ],
            "loggers": [ { "name": "kea-dhcp4", "output_options": [ { "output": "stdout" } ], "severity": "INFO" } ]
            } }'''
        with Server(['env', 'KEA_LOCKFILE_DIR=none', 'KEA_PIDFILE_DIR=@', 'kea-dhcp4', '-c', '@conf'],
                    {'conf': config}) as server:
            self.served(server, r'10\.9\.0\.9\d')

    @need('dnsmasq')
    def test_an_address_in_use_is_declined(self):
        """Somebody answers for the first address that the server offers."""
        taken = []
        line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
        line.bind(('holm0', 0x0806))
        line.settimeout(0.1)
        self.addCleanup(line.close)

        def squat():
            mac = bytes.fromhex('020000000066')
            while not done.is_set():
                try:
                    frame = line.recv(100)
                except TimeoutError:
                    continue
                operation, sender, target = frame[20:22], frame[28:32], frame[38:42]
                if operation == b'\0\1' and sender == bytes(4) and target[:3] == b'\x0a\x09\0' and len(taken) < 1:
                    taken.append(socket.inet_ntoa(target))
                if operation == b'\0\1' and socket.inet_ntoa(target) in taken:
                    line.send(frame[6:12] + mac + struct.pack('!HHHBBH', 0x0806, 1, 0x0800, 6, 4, 2) +
                              mac + target + frame[22:28] + sender)
        done = threading.Event()
        thread = threading.Thread(target=squat)
        thread.start()
        try:
            with dnsmasq() as server, Stack(ipv4='dhcp') as site:
                address = self.address(site, seconds=30)
                self.assertEqual(len(taken), 1)
                self.assertNotEqual(address, taken[0])
                self.assertIn(f'DHCPDECLINE(holm0) {taken[0]}', server.words())
        finally:
            done.set()
            thread.join()

    def test_nobody_answers(self):
        with Stack(ipv4='dhcp') as site:
            address = self.address(site, r'link alone address=([0-9.]+)', 30)
            self.assertTrue(address.startswith('169.254.'))
            run('ip', 'address', 'add', '169.254.1.1/16', 'dev', 'holm0', check=True)
            self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', f'http://{address}/'), '200')
            if shutil.which('dnsmasq'):
                with dnsmasq():
                    address = self.address(site, seconds=70)
                    self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', f'http://{address}/'), '200')

    @need('dnsmasq')
    def test_a_server_that_is_gone_and_back(self):
        """The shortest lease of dnsmasq is two minutes: T1 comes at one."""
        with dnsmasq() as server, Stack(ipv4='dhcp') as site:
            address = self.address(site)
            end = time.monotonic() + 75
            while server.words().count('DHCPACK') < 2 and time.monotonic() < end:
                time.sleep(0.2)
            self.assertEqual(server.words().count('DHCPACK'), 2)
            self.assertEqual(server.words().count('DHCPDISCOVER'), 1)
            self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', f'http://{address}/'), '200')
            server.process.send_signal(signal.SIGKILL)
            self.assertIn('is gone', self.address(site, r'(the address by DHCP is gone)', 130))
            failed = run('curl', '-s', '--max-time', '3', f'http://{address}/')
            self.assertNotEqual(failed.returncode, 0)


if __name__ == '__main__':
    unittest.main(verbosity=2)
