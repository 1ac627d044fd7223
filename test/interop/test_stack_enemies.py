#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Programs that look for weaknesses, against the website over Holm's own network on a TAP interface: whatever they
send, it answers the next one who asks."""
import os
import re
import unittest
from pathlib import Path

from site_under_test import curl, need, run
from stack_under_test import OURS, Stack, Tapped, enter

MEGABYTE = 1 << 20


def setUpModule():
    enter()


class Enemies(Tapped):
    def still_answers(self, site):
        self.assertEqual(curl('-o', '/dev/null', '-w', '%{http_code}', site.url + '/'), '200')

    @need('nmap')
    def test_nmap(self):
        with Stack() as site:
            said = run('nmap', '-n', '-Pn', '-sS', '-T5', '-p', '1-2000', OURS).stdout.decode()
            self.assertIn('80/tcp open', said)
            self.assertIn('1999 closed', said)
            run('nmap', '-n', '-Pn', '-sU', '-T5', '--max-retries', '0', '-p', '1-100', OURS, check=True)
            run('nmap', '-n', '-Pn', '-sO', '-T5', '--max-retries', '0', '-p', '1-60', OURS, check=True)
            system = run('nmap', '-n', '-Pn', '-O', '-v', '-p', '79,80', OURS).stdout.decode()
            found = re.search(r'TCP Sequence Prediction: Difficulty=(\d+)', system)
            if found:
                self.assertGreater(int(found[1]), 200, system)
            for scan in '-sN', '-sF', '-sX', '-sA', '-sW', '-sM':
                run('nmap', '-n', '-Pn', scan, '-T5', '--max-retries', '0', '-p', '70-90', OURS, check=True)
            self.still_answers(site)

    @need('hping3')
    def test_hping3(self):
        with Stack() as site:
            for words in (['-S', '-p', '80', '--rand-source'], ['-2', '-p', '80', '-d', '1400'],
                          ['-1', '-d', '3000'], ['-S', '-p', '80', '-a', OURS], ['-F', '-P', '-U', '-p', '80'],
                          ['-S', '-p', '80', '-f'], ['-1', '--frag', '-d', '64', '-x'], ['--rawip', '-H', '99']):
                run('hping3', '-q', '-i', 'u200', '-c', '500', *words, OURS)
                self.still_answers(site)

    @need('tcpreplay')
    def test_captures_replayed(self):
        vectors = os.environ.get('HOLM_VECTORS')
        if not vectors or not Path(vectors, 'pcap').is_dir():
            self.skipTest('HOLM_VECTORS names no folder of captures')
        files = sorted(p for p in Path(vectors, 'pcap').rglob('*') if p.is_file() and p.stat().st_size < MEGABYTE
                       and p.suffix in ('.pcap', '.cap'))[:200]
        with Stack() as site:
            for file in files:
                run('tcpreplay', '-q', '-t', '-i', 'holm0', str(file))
            self.still_answers(site)


if __name__ == '__main__':
    unittest.main(verbosity=2)
