#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Configuration of whole images: what the build says, the file config of an archive, the command line; archives as tar
writes them; what is wrong in one line each; and where a secret is never seen."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from isolation_under_test import isolated
from site_under_test import WEBSITE, run

BUILD = Path(WEBSITE).parent
HOLM, PROGRAM = str(BUILD / 'holm'), str(BUILD / 'configured')
IMAGE = PROGRAM + '.holm'
PARAMETER, FAULT, USAGE = 3, 6, 11
SECRET = 'correct-horse-battery-staple-4711'
if not Path(IMAGE).exists():
    print('skipped: images for the monitor are not made in this build')
    sys.exit(77)


def sum_of(text):
    value = 0
    for byte in text.encode():
        value = (value * 31 + byte) % (1 << 64)
    return value


# A line of config, and what is said of it, in one line. {} is the line's number where there is one.
PORT = 'a whole number from 0 to 65535'
WRONG = [
    *[(f'port={x}', f'port: got "{x}", expected {PORT}') for x in
      ('65536', '-1', 'x', '1.5', '0x10', '1 2', '99999999999999999999', '+1', '1,2', ';', '80a', 'eighty', '1e3')],
    ('port=', f'port: got "", expected {PORT}'),
    *[(f'width={x}', f'width: got "{x}", expected a whole number from 1 to 100 columns') for x in ('0', '101', '-5', 'wide', '4294967296')],
    *[(f'loud={x}', f'loud: got "{x}", expected true or false') for x in ('yes', 'no', '1', '0', 'True', 'TRUE', 'on', 'falsee')],
    *[(f'pause={x}', f'pause: got "{x}", expected a duration') for x in ('1', 'soon', '1 s', '-1s', '1m1s', 's', '1y', '1.2.3s')],
    *[(f'room={x}', f'room: got "{x}", expected a size') for x in ('1X', 'big', '-1', '1KiBB', 'KiB', '1 KiB', '1.5.5MiB')],
    *[(f'colour={x}', f'colour: got "{x}", expected one of red, green, blue') for x in ('yellow', 'Red', 'r', '0', 'red|green', 'redd')],
    *[(f'four={x}', f'four: got "{x}", expected an IPv4 address') for x in ('1.2.3', '1.2.3.4.5', '256.1.1.1', '::1', '1.2.3.04', 'host', '1.2.3.4/24')],
    *[(f'six={x}', f'six: got "{x}", expected an IPv6 address') for x in ('1.2.3.4', ':::', '1::2::3', 'g::', '1:2:3:4:5:6:7:8:9', '[::1]')],
    *[(f'near={x}', f'near: got "{x}", expected an IP prefix') for x in ('10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '/8', '10/8', '::/129')],
    *[(f'peer={x}', f'peer: got "{x}", expected an address and a port') for x in ('1.2.3.4', ':80', '1.2.3.4:', '1.2.3.4:65536', '::1:80', 'host:80')],
    *[(f'station={x}', f'station: got "{x}", expected a MAC address') for x in ('02', '02:00:5e:10:00', '02:00:5e:10:00:0g', '02:00:5e:10:00:01:02', '2:0:5:1:0:1')],
    *[(f'ports={x}', f'ports: got "{x}", expected a list with commas, each a whole number') for x in ('1,', '1,x', ',1', '1,,2', '1;2', '65536', '1 2', 'a')],
    *[(f'{x}=1', 'config: no such parameter, expected one that --help names in line {}') for x in
      ('prot', 'Port', '--port', 'por t', 'keys', 'port.', '"port"', 'üport', 'config')],
    *[(x, 'config: expected name=value in line {}') for x in ('port', 'port 80', '[section]', '-', 'key', '{"port": 80}', 'port: 80')],
    ('=80', 'config: no such parameter, expected one that --help names in line {}'),
]


class Config(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name)
        self.folder = self.base / 'folder'
        self.folder.mkdir()

    def config(self, text):
        (self.folder / 'config').write_text(text)

    def archive(self, *options):
        file = self.base / 'archive.tar'
        run('tar', *options, '-C', str(self.folder), '-cf', str(file), '.', check=True)
        return file

    def image(self, *words, config=None, options=()):
        result = run(HOLM, *isolated(('run', *options)), f'--config={config or self.folder}', IMAGE, *words, stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def program(self, *words):
        result = run(PROGRAM, f'--block=config={self.archive()}', *words, stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def values(self, answer):
        self.assertEqual(answer[0], 0, answer)
        return dict(x.split('=', 1) for x in answer[1].splitlines())

    def test_each_way_overrides_the_one_before(self):
        plain = self.values((0, run(PROGRAM).stdout.decode(), ''))
        self.assertEqual((plain['port'], plain['motto'], plain['width']), ('81', 'from the build', '10'))
        self.config('# what this is\n\n port = 82\r\nwidth=11\nmotto=from the file\nwidth=12\ncolour=blue')
        for way in self.image, self.program:
            found = self.values(way())
            self.assertEqual([found[x] for x in ('port', 'width', 'motto', 'colour')], ['82', '12', 'from the file', '2'])
            found = self.values(way('--port=83', '--motto=from the command line'))
            self.assertEqual([found[x] for x in ('port', 'width', 'motto', 'colour')], ['83', '12', 'from the command line', '2'])
        self.config('')
        self.assertEqual(self.values(self.image())['port'], '81')
        self.assertEqual(self.values(self.image(options=('--exec',)))['port'], '81')

    def test_a_hundred_wrong_configurations_say_what_is_wrong(self):
        self.assertGreaterEqual(len(WRONG), 100)
        for i, (line, wanted) in enumerate(WRONG):
            before = i % 4
            self.config('# nothing\n' * before + line + '\n')
            for way in (self.image,) if i % 5 else (self.image, self.program):
                status, out, said = way()
                self.assertEqual((status, out, said.count('\n')), (PARAMETER, '', 1), (line, said))
                self.assertIn('configured: ' + wanted.format(before + 1), said)
        print(f'{len(WRONG)} configurations')

    def test_what_is_no_configuration_is_said_in_one_line(self):
        damaged = self.base / 'damaged'
        self.config('port=1')
        bytes_of = bytearray(self.archive().read_bytes())
        bytes_of[512 + 3] ^= 1
        damaged.write_bytes(bytes_of)
        empty, large, ragged = self.base / 'empty', self.base / 'large', self.base / 'ragged'
        empty.mkdir()
        large.mkdir()
        (large / 'config').write_bytes(b'#' * (1 << 20))
        ragged.write_bytes(bytes(700))
        zeros = self.base / 'zeros'
        zeros.write_bytes(bytes(1024))
        odd = self.base / 'odd'
        odd.mkdir()
        os.mkfifo(odd / 'pipe')
        for config, status, words in ((damaged, PARAMETER, 'damaged'), (zeros, PARAMETER, 'no file config'), (empty, PARAMETER, 'no file config'),
                                      (large, USAGE, '1 MiB at most'), (ragged, USAGE, 'multiple'), (self.base / 'none', USAGE, 'No such file'),
                                      (odd, USAGE, 'files and folders alone'), ('/dev/null', USAGE, 'a file or a disk')):
            answer = self.image(config=config)
            self.assertEqual((answer[0], answer[1], answer[2].count('\n')), (status, '', 1), (config, answer))
            self.assertIn(words, answer[2])
        result = run(HOLM, 'run', f'--config={self.folder}', str(BUILD / 'hello.holm'))
        self.assertEqual((result.returncode, result.stderr.count(b'\n')), (USAGE, 1), result.stderr)
        self.assertIn(b'reads no configuration', result.stderr)

    def test_archives_as_tar_writes_them(self):
        deep = self.folder.joinpath('more', *(['a' * 90] * 4))
        deep.mkdir(parents=True)
        (deep / ('b' * 120)).write_text('x')
        (self.folder / 'more' / 'notes').write_text('n' * 5000)
        self.config('port=4711\n')
        os.symlink('config', self.folder / 'link')
        self.assertEqual([self.values(self.image(config=self.folder))[x] for x in ('port', 'notes')], ['4711', '5000'])
        for options in (('--format=gnu',), ('--format=pax',), ('--format=posix', '--pax-option=comment=long'), (),
                        ('--format=ustar', '--exclude=' + 'b' * 120, '--exclude=' + 'a' * 90)):
            archive = self.archive(*options)
            self.assertEqual([self.values(self.image(config=archive))[x] for x in ('port', 'notes')], ['4711', '5000'], options)

    def test_links_lead_to_what_is_in_the_folder(self):
        """A folder that came with its image brings it nothing else of the host."""
        self.config('port=4711\n')
        (self.folder / 'more').mkdir()
        os.symlink('../config', self.folder / 'more' / 'link')
        os.symlink('more', self.folder / 'again')
        self.assertEqual(self.values(self.image(config=self.folder))['port'], '4711')
        secret = self.base / 'secret'
        secret.write_text('motto=of the host')
        place = self.folder / 'out'
        for link in (secret, '../secret', 'more/../../secret', self.base, '..', '/', '/proc/self/root', '/proc/self/cwd'):
            os.symlink(link, place)
            status, out, said = self.image(config=self.folder)
            self.assertEqual((status, out, said.count('\n')), (USAGE, '', 1), (link, said))
            place.unlink()
        os.symlink(secret, place)
        self.assertIn('a link in it leads out of it', self.image(config=self.folder)[2])

    def test_a_secret_comes_from_the_file_alone(self):
        self.config(f'key={SECRET}\n')
        for way in self.image, self.program:
            self.assertEqual(self.values(way())['key'], str(sum_of(SECRET)))
            status, out, said = way(f'--key={SECRET}')
            self.assertEqual((status, out, said.count('\n')), (PARAMETER, '', 1), said)
            self.assertIn('key: a secret, expected in the file config', said)
            self.assertNotIn(SECRET, said)
        for line in (f'kye={SECRET}', f'key {SECRET}', SECRET, f'key: {SECRET}', f'\n{SECRET}='):
            self.config(line)
            for way in self.image, self.program:
                status, _, said = way()
                self.assertEqual(status, PARAMETER)
                self.assertNotIn(SECRET, said)

    def test_a_secret_is_in_no_command_line_environment_or_core(self):
        self.config(f'key={SECRET}\nmotto={"m" * 40}\n')
        core = self.base / 'core'
        status, out, said = self.image('--fault=true', options=(f'--core={core}',))
        self.assertEqual(status, FAULT, said)
        self.assertIn(f'key={sum_of(SECRET)}', out)  # it was there
        self.assertIn('but for its configuration', said)
        held = core.read_bytes()
        self.assertIn(b'from the build', held)  # and the core has what else was there
        self.assertNotIn(SECRET.encode(), held)
        self.assertEqual(core.stat().st_mode & 0o777, 0o600)
        self.assertEqual(held.count(SECRET[4:20].encode()), 0)

    def test_who_looks_at_processes_sees_no_secret(self):
        self.config(f'key={SECRET}\n')
        it = subprocess.Popen([HOLM, 'run', f'--config={self.folder}', IMAGE], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        seen = 0
        while it.poll() is None:
            for process in self.processes(it.pid):
                for what in 'cmdline', 'environ':
                    try:
                        self.assertNotIn(SECRET.encode(), Path(f'/proc/{process}/{what}').read_bytes())
                        seen += 1
                    except OSError:
                        continue
        it.stdout.close()
        self.assertGreater(seen, 0)

    def processes(self, parent):
        """A process, and those that it and they have started."""
        found = [parent]
        for process in found:
            try:
                found += [int(x) for x in Path(f'/proc/{process}/task/{process}/children').read_text().split()]
            except OSError:
                continue
        return found

    def test_a_recording_is_for_its_owner_and_says_what_it_holds(self):
        self.config(f'key={SECRET}\nport=99\n')
        recording = self.base / 'recording'
        status, out, said = self.image(options=(f'--record={recording}',))
        self.assertEqual(status, 0, said)
        self.assertEqual(recording.stat().st_mode & 0o777, 0o600)
        self.assertIn(b'it holds all secrets of a run', recording.read_bytes()[:80])
        shutil.rmtree(self.folder)
        again = run(HOLM, 'replay', str(recording))
        self.assertEqual((again.returncode, again.stdout.decode()), (0, out), again.stderr)
        self.assertIn('port=99', out)


if __name__ == '__main__':
    unittest.main(verbosity=2)
