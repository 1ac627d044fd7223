#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_prove.py: the hash of a proof changes with all that decides what is proved, and with nothing else; of what
prove.py starts nothing outlives it."""
import re
import shlex
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import prove

CODE = '/*@ requires x < LIMIT; */\nint f(int x)\n{\n    return g(x, "a  b");\n}\n'


def proof(text, macros=()):
    made = prove.Proof(f'a.b {prove.ROOT}/a b.c {prove.ROOT}/a/include 20', Path('/nowhere'))
    made._text, made._macros = {'a/b.c': text}, dict(macros)
    return made


class Hash(unittest.TestCase):
    def same(self, one, other):
        self.assertEqual(proof(one).hash(), proof(other).hash())

    def differ(self, one, other):
        self.assertNotEqual(proof(one).hash(), proof(other).hash())

    def test_comments_and_layout_do_not_count(self):
        for other in (CODE.replace('return', '/* Why. */ return'), CODE.replace('\n    return', ' /* Why. */\n\n  return'),
                      CODE.replace('g(x,', 'g(/* first */ x,\n        '), '/* First. */\n' + CODE + '/* Last. */\n',
                      CODE.replace('requires x', 'requires  x'), CODE.replace('"a', '/* "quote */ "a')):
            self.same(CODE, other)

    def test_tokens_count(self):
        self.differ('int x = a - -b;', 'int x = a --b;')
        self.differ('int x = a / *b;', 'int x = a /b;')
        self.differ('int ab;', 'int a b;')
        self.differ(CODE, CODE.replace('a  b', 'a b'))
        self.differ("char a = ' ', b = '\"', c = ' ';", "char a = ' ', b = '\"', c = '';")

    def test_annotations_count(self):
        self.differ(CODE, CODE.replace('<', '<='))
        self.differ('/*@ // no\n requires a; */', '/*@ // no requires a; */')
        self.differ('//@ assert a;\nb();', '//@ assert a; b();')

    def test_functions_that_are_only_declared_do_not_count(self):
        for other in ('void h(int x);\n', '[[nodiscard]] struct s *h(struct s *(*f)(int), char y[4]);\n'):
            self.same(CODE, other + CODE)
            self.same(CODE, CODE + other)
        for other in ('int h;\n', 'struct h { int x; };\n', 'int g(int x, char *y);\n', 'int h(void) { return 1; }\n',
                      '/*@ ensures \\false; */ int h(void);\n', 'static int (*h)(int);\n',
                      '_Static_assert(1, "h");\n', 'int h(void), x;\n', 'int h(int); int i(void) { return h(1); }\n'):
            self.differ(CODE, other + CODE)
        self.differ(CODE, CODE.replace('{\n', '{\n    __builtin_trap();\n'))
        self.differ(CODE, CODE.replace('{\n', '{\n    int h(int);\n'))

    def test_macros_of_annotations_count(self):
        macros = {'LIMIT': '#define LIMIT (BASE + 1)\n', 'BASE': '#define BASE 2\n', 'OTHER': '#define OTHER 3\n'}
        same = proof(CODE, macros).hash()
        self.assertEqual(same, proof(CODE, {**macros, 'OTHER': '#define OTHER 4\n'}).hash())
        self.assertNotEqual(same, proof(CODE, {**macros, 'BASE': '#define BASE 3\n'}).hash())

    def test_the_machine_counts(self):
        before, machine = proof(CODE).hash(), prove.MACHINE
        try:
            prove.MACHINE = Path(prove.__file__)
            self.assertNotEqual(before, proof(CODE).hash())
        finally:
            prove.MACHINE = machine

    def test_nothing_is_taken_for_true_in_silence(self):
        text = '/*@ assigns \\nothing; ensures \\true; */\nint f(int x)\n{\n    return x;\n}\n'
        prove.forms_check(proof(text))
        for other in (text.replace('    return', '    /*@ admit x == 1; */\n    return'),
                      text.replace('ensures', 'terminates x > 0; ensures'), text.replace('assigns \\nothing; ', '')):
            with self.assertRaises(prove.Refused):
                prove.forms_check(proof(other))

    def test_a_contract_that_is_not_the_proved_one_is_trusted(self):
        contract = '/*@ assigns \\nothing; ensures \\result == 1; */\nint g(int x);\n'
        ours, other = (proof(contract.replace('1', x) + 'int f(int x)\n{\n    return g(x);\n}\n') for x in '12')
        theirs = proof(contract.replace(');', ')') + '{\n    return 1;\n}\n')
        self.assertEqual(prove.assumed([ours, theirs]), [])
        self.assertEqual(prove.assumed([other, theirs]), ['- `g` is trusted: '])

    def test_functions_are_found_or_refused(self):
        text = 'static int f(int (*a)[4], struct holm_bytes b)\n{\n\n    return 0;\n}\n'
        self.assertEqual(list(prove.functions_of(text)), [('f', 'int (*a)[4], struct holm_bytes b', '\n    return 0;\n', 4)])
        with self.assertRaises(prove.Refused):
            list(prove.functions_of(text + 'int g(int (*h)(int (*)[2]))\n{\n}\n'))

    def test_a_literal_that_looks_like_a_comment_hides_no_function(self):
        text = 'int f(void)\n{\n    return g("*/*");\n}\n\nint h(void)\n{\n    return 0; /* last */\n}\n'
        self.assertEqual([x[0] for x in prove.functions_of(text)], ['f', 'h'])

    def test_macros_are_of_the_file_that_has_them(self):
        texts, macros = prove.by_file('# 1 "/usr/include/x.h"\n#define X 1\nint x;\n# 1 "./a/b.h"\n#define F(a) a\nint y;\n')
        self.assertEqual((texts, macros), ({'a/b.h': 'int y;\n'}, {'F': '#define F(a) a\n'}))

    def test_lemmas_that_are_not_proved_are_named(self):
        def goal(valid):
            return {'wp:main': {'total': 1, 'valid': valid}}
        goals = {'wp:axiomatics': {'': {'lemma_a_b': goal(1), 'lemma_c_d': goal(0), 'wp:section': {'wp:main': {'total': 2, 'valid': 1}}}}}
        self.assertEqual(list(prove.lemmas_open(goals)), ['lemma c_d not proved'])


class Alone(unittest.TestCase):
    """The pipe of a process ends when all that hold it have ended: so communicate() waits for those left behind, too."""

    def started(self, rest):
        """Starts a process that leaves another behind, and then does the rest."""
        code = f"""
import subprocess, sys, time
sys.path.insert(0, {str(Path(prove.__file__).parent)!r})
import prove

def work():
    subprocess.Popen(['sleep', '600'])
    print('started', flush=True)
    {rest}

sys.exit(prove.alone(work))
"""
        process = subprocess.Popen([sys.executable, '-B', '-c', code], stdout=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), 'started\n')
        return process

    def test_nothing_outlives_its_end(self):
        for rest, code in (('return None', 0), ('return 3', 3), ("sys.exit('wrong')", 1)):
            process = self.started(rest)
            process.communicate(timeout=300)
            self.assertEqual(process.returncode, code)

    def test_nothing_outlives_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process = self.started('time.sleep(600)')
            process.send_signal(number)
            process.communicate(timeout=300)
            self.assertEqual(process.returncode, 128 + number)

    def test_a_prover_without_a_clock_is_ended(self):
        commands = re.findall(r'^command = "(.*)"$', prove.WHY3, re.M)
        self.assertEqual(len(commands), 2)
        for command in commands:
            shell, option, script = shlex.split(command.replace('%t', '1'))
            busy = script.partition('exec ')[0] + 'exec "$0" -c "while True: pass"'
            done = subprocess.run([shell, option, busy, sys.executable], timeout=300)
            self.assertIn(done.returncode, (-signal.SIGKILL, -signal.SIGXCPU))


unittest.main()
