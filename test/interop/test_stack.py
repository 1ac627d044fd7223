#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Holm's own network against the kernel and programs that others wrote: the website over a TAP interface."""
import hashlib
import os
import re
import socket
import tempfile
import unittest
from pathlib import Path

from site_under_test import curl, need, run
from stack_under_test import HOST, OURS, Stack, Tapped, enter

MEGABYTE = 1 << 20


def setUpModule():
    enter()


def big_file(folder, size=60 * MEGABYTE):
    data = os.urandom(MEGABYTE) * (size // MEGABYTE)
    Path(folder, 'big.bin').write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def fetched(url, name):
    """The hash of what curl got."""
    with tempfile.NamedTemporaryFile() as out:
        run('curl', '-sS', '--max-time', '50', '-o', out.name, f'{url}/{name}', check=True)
        return hashlib.sha256(Path(out.name).read_bytes()).hexdigest()


class Peers(Tapped):
    def still_answers(self, site):
        self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', site.url + '/'), '200')

    def test_sixty_megabytes_arrive_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            wanted = big_file(folder)
            with Stack(f'--content={folder}') as site:
                self.assertEqual(fetched(site.url, 'big.bin'), wanted)

    @need('nft')
    def test_they_arrive_whole_over_a_bad_line(self):
        with tempfile.TemporaryDirectory() as folder, Stack(f'--content={folder}') as site:
            wanted = big_file(folder, 8 * MEGABYTE)
            for loss in 1, 5:
                rules = f'numgen random mod 100 < {loss} drop'
                run('nft', '-f', '-', check=True, input=f'''
                    table inet lossy {{
                        chain in {{ type filter hook input priority 0; {rules}; }}
                        chain out {{ type filter hook output priority 0; {rules}; }}
                    }}'''.encode())
                try:
                    self.assertEqual(fetched(site.url, 'big.bin'), wanted)
                finally:
                    run('nft', 'delete', 'table', 'inet', 'lossy', check=True)

    @need('wget')
    def test_wget(self):
        with Stack() as site:
            got = run('wget', '-q', '-T', '10', '-t', '1', '-O', '-', site.url + '/', check=True).stdout
            self.assertIn(b'<html', got.lower())

    @need('ping')
    def test_pings_of_every_length(self):
        with Stack() as site:
            for size in 0, 1, 56, 1472, 1473, 2000, 8972, 33000, 65507:
                said = run('ping', '-c', '2', '-i', '0.01', '-W', '2', '-s', str(size), OURS).stdout.decode()
                self.assertIn(' 0% packet loss', said, f'{size} bytes')
            said = run('ping', '-c', '3', '-i', '0.01', '-W', '2', '-p', 'ff00a5', OURS).stdout.decode()
            self.assertIn(' 0% packet loss', said)
            self.assertNotIn('wrong data', said)
            flood = run('ping', '-f', '-q', '-c', '2000', '-W', '1', OURS).stdout.decode()
            self.assertIn(' 0% packet loss', flood)
            self.still_answers(site)

    @need('arping')
    def test_arping(self):
        with Stack() as site:
            said = run('arping', '-c', '3', '-I', 'holm0', OURS).stdout.decode()
            self.assertIn('3 packets received', said)
            quiet = run('arping', '-c', '1', '-w', '1', '-I', 'holm0', '10.9.0.99').stdout.decode()
            self.assertIn('0 packets received', quiet)
            self.still_answers(site)

    @need('nc')
    def test_nc_half_closes_and_gets_its_answer(self):
        with Stack() as site:
            said = run('nc', '-N', '-w', '5', OURS, '80',
                       input=b'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').stdout
            self.assertTrue(said.startswith(b'HTTP/1.1 200 '), said[:100])
            refused = run('nc', '-z', '-w', '2', OURS, '81')
            self.assertNotEqual(refused.returncode, 0)
            self.still_answers(site)

    @need('wrk')
    def test_wrk_has_no_errors(self):
        with Stack() as site:
            said = run('wrk', '-t1', '-c64', '-d2', site.url + '/small.html').stdout.decode()
            self.assertNotIn('Socket errors', said)
            self.assertGreater(float(re.search(r'Requests/sec:\s+([\d.]+)', said)[1]), 1000, said)

    def test_a_closed_udp_port_is_refused(self):
        with Stack(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
            port.settimeout(5)
            port.connect((OURS, 7777))
            port.send(b'x')
            with self.assertRaises(ConnectionRefusedError):
                port.recv(10)

    @need('tcpdump')
    def test_head_and_body_of_a_file_share_a_segment(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, 'small.txt').write_bytes(b'x' * 1000)
            file = Path(folder, 'passed.pcap')
            with Stack(f'--content={folder}', f'--pcap=service={file}') as site:
                self.assertEqual(curl(*[site.url + '/small.txt'] * 3), 'x' * 3000)
            with_data = 'ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2) > 0'
            said = run('tcpdump', '-nr', str(file), f'src host {OURS} and tcp and {with_data}', check=True)
            self.assertEqual(len(said.stdout.splitlines()), 3, said.stdout)

    @need('tcpdump')
    def test_what_happened_is_counted(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name, 'passed.pcap')
        with Stack(f'--pcap=service={file}') as site:
            run('ping', '-c', '2', '-i', '0.01', '-s', '4000', OURS, check=True)
            run('nc', '-z', '-w', '2', OURS, '81')
            self.still_answers(site)
            counted = dict(re.findall(r'^(\w+(?:{[^}]*})?) ([\d.]+)$', curl(site.url + '/metrics'), re.M))
            self.assertEqual(counted['holm_icmp_received_total'], '2')
            self.assertEqual(counted['holm_ip_reassembled_total'], '2')
            self.assertEqual(counted['holm_ip_fragments_sent_total'], '6')
            self.assertEqual(counted['holm_tcp_passive_opens_total'], '2')
            self.assertEqual(counted['holm_tcp_connections'], '1')
            self.assertEqual(counted['holm_tcp_established_connections'], '1')
            self.assertEqual(counted['holm_ip_no_route_total{way="out"}'], '0')
            self.assertGreaterEqual(int(counted['holm_ip_sent_total']), int(counted['holm_tcp_sent_segments_total']) + 2)
            self.assertGreaterEqual(int(counted['holm_ip_delivered_total']), 2 + 2 * 5)
            self.assertEqual(counted['holm_ip_dropped_total{reason="source"}'], '0')
            self.assertEqual(counted['holm_tcp_window_bytes_count'], '1')
            self.assertEqual(counted['holm_tcp_resent_per_connection_segments_count'], '1')
        # one for each try of nc: on a busy machine the kernel may ask twice before it is answered
        passed = run('tcpdump', '-nr', str(file), f'src host {OURS} and tcp[tcpflags] & tcp-rst != 0', check=True)
        told = [line for line in passed.stdout.decode().splitlines() if f' {OURS}.81 > ' in line]
        self.assertTrue(told)
        self.assertEqual(counted['holm_tcp_resets_sent_total'], str(len(told)), passed.stdout)

    def test_what_no_route_leads_to_is_counted(self):
        with Stack('--forward=true', ipv4=f'{OURS}/24') as site:
            run('ip', 'address', 'add', '198.51.100.1/32', 'dev', 'holm0', check=True)
            run('ip', 'route', 'add', '203.0.113.0/24', 'via', OURS, check=True)
            run('ping', '-c', '3', '-i', '0.01', '-W', '0.2', '-I', '198.51.100.1', OURS)
            run('ping', '-c', '2', '-i', '0.01', '-W', '0.2', '203.0.113.1')
            counted = dict(re.findall(r'^holm_ip_no_route_total{way="(.*)"} (.*)$', curl(site.url + '/metrics'), re.M))
            self.assertEqual(counted, {'out': '3', 'on': '2'})

    @need('tshark')
    def test_the_image_writes_down_what_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            wanted, file = big_file(folder, 4 * MEGABYTE), Path(folder, 'passed.pcap')
            with Stack(f'--content={folder}', f'--pcap=service={file}') as site:
                self.assertEqual(fetched(site.url, 'big.bin'), wanted)
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            said = run('tshark', '-r', str(file), '-q', '-z', 'follow,tcp,raw,0', check=True).stdout.decode()
            answer = b''.join(bytes.fromhex(line) for line in re.findall(r'^\t([0-9a-f]+)$', said, re.M))
            self.assertEqual(hashlib.sha256(answer.split(b'\r\n\r\n', 1)[1]).hexdigest(), wanted)
            for option in '-Y_ws.malformed', '-Ytcp.analysis.lost_segment':
                self.assertEqual(run('tshark', '-r', str(file), option, check=True).stdout, b'')
            refused = run(os.environ['WEBSITE'], '--network=stack', '--net=service=tap:holm0', '--ipv4=off',
                          f'--pcap=service={file}')
            self.assertEqual(refused.returncode, 1)
            self.assertIn(b'must be new or empty', refused.stderr + refused.stdout)

    def test_what_it_writes_has_an_end_and_traffic_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            wanted, file = big_file(folder, 4 * MEGABYTE), Path(folder, 'passed.pcap')
            with Stack(f'--content={folder}', f'--pcap=service={file}', '--pcap-size=200KiB') as site:
                self.assertEqual(fetched(site.url, 'big.bin'), wanted)
                self.assertIn('the capture has its size', site.words())
            self.assertGreater(file.stat().st_size, 100 << 10)
            self.assertLessEqual(file.stat().st_size, (200 << 10) + 24)

    @need('tshark')
    def test_nothing_that_we_say_is_malformed(self):
        with Stack() as site:
            capture = self.capture()
            run('ping', '-c', '2', '-i', '0.01', '-s', '4000', OURS, check=True)
            self.still_answers(site)
            fetched(site.url, 'site.css')
            for _ in range(3):
                self.still_answers(site)
            run('nc', '-z', '-w', '2', OURS, '81')
            said = run('tshark', '-o', 'tcp.check_checksum:FALSE', '-r', capture.stop(), '-Y',
                       f'ip.src=={OURS} && (_ws.malformed || tcp.analysis.flags || ip.checksum.status==0)')
            self.assertEqual(said.stdout.decode(), '')


if __name__ == '__main__':
    unittest.main(verbosity=2)
