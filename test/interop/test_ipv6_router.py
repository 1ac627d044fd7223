#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""IPv6 as routers of a link say: radvd, which renumbers it and leaves; and the floods of thc-ipv6 and of ipv6toolkit."""
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from ipv6_under_test import HERE, SECRET, TRIES, Link, await_true, fetched, pings, setUpModule  # noqa: F401
from site_under_test import need, run


@need('radvd')
class Router(Link):
    def radvd(self, text):
        """radvd with a configuration; say(text) gives it another one."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = Path(folder.name, 'radvd.conf')
        self.config.write_text(text)
        router = subprocess.Popen(['radvd', '-n', '-m', 'stderr', '-C', self.config, '-p', Path(folder.name, 'pid')],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(router.wait)
        self.addCleanup(router.kill)
        return router

    def say(self, router, text):
        self.config.write_text(text)
        router.send_signal(signal.SIGHUP)

    @staticmethod
    def words(*prefixes, more=''):
        said = ''.join(f'prefix {prefix} {{ {options} }};' for prefix, options in prefixes)
        return f'''interface holm0 {{ AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
                   {more} {said} }};'''

    def test_a_prefix_becomes_an_address_the_same_for_the_same_secret(self):
        self.radvd(self.words(('2001:db8:1::/64', '')))
        with self.site('auto', SECRET) as site:
            first = self.ready(site, '2001:db8:1:')
            run('ip', 'addr', 'add', '2001:db8:1::1/64', 'dev', 'holm0', 'nodad')
            self.assertTrue(pings(first))
            self.assertIn(b'<html', fetched(first))
        with self.site('auto', SECRET) as site:
            self.assertEqual(self.ready(site, '2001:db8:1:'), first)
        # And if somebody else has it, another one.
        run('ip', 'addr', 'add', f'{first}/128', 'dev', 'holm0', 'nodad', check=True)

        def another():
            with self.site('auto', SECRET) as site:
                return self.ready(site, '2001:db8:1:') != first

        self.assertTrue(any(another() for _ in range(TRIES)))

    def test_a_network_is_renumbered_and_its_router_leaves(self):
        old = ('2001:db8:1::/64', '')
        router = self.radvd(self.words(old))
        run('ip', 'addr', 'add', '2001:db8:ffff::1/128', 'dev', 'lo', check=True)
        self.addCleanup(run, 'ip', 'addr', 'del', '2001:db8:ffff::1/128', 'dev', 'lo')
        with self.site('auto') as site:
            first = self.ready(site, '2001:db8:1:')
            run('ip', 'addr', 'add', '2001:db8:1::1/64', 'dev', 'holm0', 'nodad', check=True)
            run('ip', 'addr', 'add', '2001:db8:2::1/64', 'dev', 'holm0', 'nodad', check=True)
            self.assertTrue(pings(first, '-I', '2001:db8:ffff::1'))  # by way of the router
            self.say(router, self.words(('2001:db8:1::/64', 'AdvPreferredLifetime 0; AdvValidLifetime 60;'),
                                        ('2001:db8:2::/64', '')))
            second = self.ready(site, '2001:db8:2:')
            self.assertTrue(pings(first) and pings(second))  # the old one stays for two hours
            router.terminate()  # it says that it is none any more
            router.wait()
            self.assertTrue(await_true(lambda: not pings(first, '-I', '2001:db8:ffff::1'), 5))
            self.assertTrue(pings(first))  # on the link


class Enemies(Link):
    """While a flood comes, who is spoken to still gets answers; afterwards, too."""

    def flood(self, *command):
        with self.site('auto') as site:
            local = self.ready(site, 'fe80:')
            self.assertIn(b'<html', fetched(f'{local}%25holm0'))
            enemy = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                for _ in range(3):
                    self.assertIn(b'<html', fetched(f'{local}%25holm0'))
                self.assertIsNone(enemy.poll())  # it floods yet
            finally:
                enemy.kill()
                enemy.wait()
            self.assertTrue(await_true(lambda: pings(f'{local}%holm0'), 20))
            self.assertIn(b'<html', fetched(f'{local}%25holm0'))

    @need('atk6-flood_router26')
    def test_of_routers(self):
        self.flood('atk6-flood_router26', 'holm0')

    @need('atk6-flood_solicitate6')
    def test_of_questions(self):
        self.flood('atk6-flood_solicitate6', 'holm0')

    @need('atk6-flood_advertise6')
    def test_of_neighbours(self):
        self.flood('atk6-flood_advertise6', 'holm0')

    @need('frag6')
    def test_of_fragments(self):
        self.flood('frag6', '-i', 'holm0', '-d', 'ff02::1', '-s', HERE, '--flood-frags', '2000')


if __name__ == '__main__':
    unittest.main()
