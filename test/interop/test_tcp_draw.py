#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_tcp_draw.py: holm-tcp-draw draws each segment of a capture where it belongs."""
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

from tcp_talk import Talk, sack

DRAW = os.environ['TCP_DRAW']
SVG = '{http://www.w3.org/2000/svg}'
TOP, BOTTOM, LEFT, RIGHT = 80, 820, 80, 1520


def draw(*words):
    return subprocess.run([DRAW, *words], capture_output=True, text=True, timeout=60)


class Draw(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name, 'talk.pcap'))

    def picture(self, talk, *words):
        """The heading, and of each colour the lines as (x, from, to); of a staircase the places."""
        talk.save(self.path)
        done = draw(self.path, *words)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        root = ET.fromstring(done.stdout)
        lines = {path.get('id'): [tuple(map(float, re.findall(r'[\d.]+', part)))
                                  for part in re.findall(r'[MH][\d. ]+V[\d.]+', path.get('d'))]
                 for path in root.iter(f'{SVG}path') if path.get('id')}
        return root.find(f'{SVG}text').text, lines

    def test_a_loss_is_seen(self):
        talk = Talk().open().say('a', 'PA', 1, 1, 1000)
        talk.say('b', 'A', 1, 1001)
        talk.say('a', 'PA', 2001, 1, 1000)  # what lies before it is lost
        talk.say('b', 'A', 1, 1001, options=sack('a', (2001, 3001)))
        talk.say('a', 'PA', 1001, 1, 1000)
        talk.say('b', 'A', 1, 3001)
        heading, lines = self.picture(talk)
        self.assertRegex(heading, r'^10\.0\.0\.1:1000 to 10\.0\.0\.2:80: 3000 bytes')
        self.assertEqual([len(lines[x]) for x in ('black', 'red', 'blueviolet')], [3, 1, 1])
        self.assertEqual([len(lines[x]) for x in ('green', 'grey')], [4, 4])
        (syn, first, second), (again,), (told,) = lines['black'], lines['red'], lines['blueviolet']
        self.assertEqual((syn[0], syn[1]), (LEFT, BOTTOM))
        self.assertEqual([second[1:], again[2]], [told[1:], second[1] - 0.5])
        self.assertTrue(syn[0] < first[0] < second[0] < told[0] < again[0] < RIGHT)
        self.assertEqual(lines['green'][-1][0], RIGHT)
        self.assertAlmostEqual(lines['green'][-1][1], second[2] + 0.5, delta=0.11)
        self.assertEqual(min(y for _, y, *_ in lines['grey']), TOP)

    def test_numbers_that_wrap_go_on_upwards(self):
        talk = Talk().open()
        for seq in range(1, 200001, 1000):  # b's numbers wrap
            talk.say('b', 'PA', seq, 1, 1000).say('a', 'A', 1, seq + 1000)
        _, lines = self.picture(talk)
        bottoms = [low for _, low, _ in lines['black']]
        self.assertEqual(bottoms, sorted(bottoms, reverse=True))
        self.assertEqual(lines['red'], [])

    def test_the_connection_and_the_direction_can_be_chosen(self):
        talk = Talk().open().send(count=2).say('b', 'PA', 1, 2001, 500)
        talk.say('a', 'S', 0, 0, 0, ports=(7, 80)).say('a', 'PA', 1, 0, 100, ports=(7, 80))
        self.assertIn('10.0.0.1:1000 to 10.0.0.2:80: 2000 bytes', self.picture(talk)[0])
        self.assertIn('10.0.0.2:80 to 10.0.0.1:1000: 500 bytes', self.picture(talk, '--back')[0])
        self.assertIn('10.0.0.1:7 to 10.0.0.2:80: 100 bytes', self.picture(talk, '--connection=2')[0])

    def test_what_can_not_be_drawn_is_said(self):
        Talk().open().save(self.path)
        for words, said in (([self.path, '--connection=2'], f'{self.path}: no such connection'),
                            (['/nowhere'], '/nowhere: No such file'), (['/dev/null'], '/dev/null: '), (['/'], '/: cannot be read'),
                            ([DRAW], f'{DRAW}: no such connection'), ([], 'FILE.pcap: is missing'),
                            ([self.path, '--what'], '--what: not understood')):
            done = draw(*words)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count('\n')), (2, '', 1), words)
            self.assertTrue(done.stderr.startswith(f'holm-tcp-draw: {said}'), done.stderr)


if __name__ == '__main__':
    unittest.main(verbosity=2)
