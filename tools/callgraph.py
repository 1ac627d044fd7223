#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""callgraph.py [--root NAME]... [--assume NAME=BYTES]... FILE.ll...

The deepest stack of each root, from the IR that the compiler made and the frame sizes that it chose:
beside FILE.ll lie FILE.su (-fstack-usage) and FILE.und (llvm-nm-19 -u) of the same compilation.
A call through a pointer may go to each function of its kCFI type whose address somebody took.
Refused, with status 1: recursion, frames without a bound, functions without a size, calls through
pointers without a type. --assume gives what a function needs, with all below it. Roots are the
functions that nobody calls, unless --root names them; then only what these reach is judged.
"""
import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

NAME = r'@("[^"]*"|[-\w.$]+)'
COPIES = {'memcpy', 'memmove', 'memset', 'memcmp', 'bcmp'}
CALL = re.compile(r'\b(?:call|invoke|callbr)\b')
RETURN_BYTES = {'x86_64': 8, 'i386': 4, 'i686': 4}  # pushed by the call, not in the frame's size


class Graph:
    def __init__(self):
        self.frames, self.unbounded = {}, set()
        self.calls = defaultdict(dict)        # function: {callee: how}
        self.pointers = defaultdict(dict)     # function: {kCFI type or None: source line}
        self.types = defaultdict(set)         # function: its kCFI types
        self.taken, self.defined, self.variables = set(), set(), set()
        self.undefined = defaultdict(set)     # function: what the linker is asked for by its module

    def module_add(self, path, prefix):
        """Adds one file. Functions that only it sees are called PREFIX:NAME."""
        text = re.sub(r' c"[^"]*"', ' c""', path.read_text())
        triple = re.search(r'^target triple = "([^-"]*)', text, re.M)
        machine = triple[1] if triple else ''
        notes = dict(re.findall(r'^!(\d+) = (.*)$', text, re.M))
        own = {x.strip('"') for x in re.findall(
            rf'^(?:define )?(?={NAME} = (?:internal|private) )', text, re.M)}
        own |= {x.strip('"') for x in re.findall(rf'^define (?:internal|private) [^@\n]*{NAME}\(',
                                                 text, re.M)}

        def names(part):
            found = (x.strip('"') for x in re.findall(NAME, part))
            return [f'{prefix}:{x}' if x in own else x for x in found]

        here, declared, mine, alignment = None, set(), set(), defaultdict(int)
        stack = re.search(r'^target datalayout = ".*?-S(\d+)', text, re.M)
        stack_bytes = int(stack[1]) // 8 if stack else 16
        for line in text.splitlines():
            if line.startswith(('define ', 'declare ')):
                name = names(line)[0]
                inside = line.startswith('define ') and ' available_externally ' not in line
                here = name if inside else None
                (mine if inside else declared).add(name)
                for note in re.findall(r'!kcfi_type !(\d+)', line):
                    self.types[name].add(int(re.search(r'i32 (-?\d+)', notes[note])[1]))
            elif line.startswith('@'):
                name, *targets = names(line)
                if ' alias ' in line:  # no frame of its own
                    self.calls[name][targets[0]] = ''
                    self.frames.setdefault(name, 0)
                    self.defined.add(name)
                else:
                    self.variables.add(name)
                if not name.startswith('llvm.'):
                    self.taken.update(targets)
            elif here and line.startswith(' '):
                self.line_add(here, line, names, notes)
                wide = re.search(r' = alloca .* align (\d+)', line)
                if wide:
                    alignment[here] = max(alignment[here], int(wide[1]) - stack_bytes)
        for line in path.with_suffix('.su').read_text().splitlines():
            place, size, kind = line.split('\t')
            name = names('@' + place.rsplit(':', 1)[1])[0]
            bytes_ = int(size) + RETURN_BYTES.get(machine, 0) + alignment[name]
            self.frames[name] = max(self.frames.get(name, 0), bytes_)
            if kind == 'dynamic':
                self.unbounded.add(name)
        asked = set(re.findall(r'\bU (\S+)', path.with_suffix('.und').read_text()))
        for name in mine:
            self.undefined[name] |= asked - (declared - COPIES)
        self.defined |= mine

    def line_add(self, here, line, names, notes):
        """Adds one instruction of function here."""
        code = line.split(', !')[0]
        call = CALL.search(re.sub(r'"[^"]*"', '""', code))
        if not call:
            self.taken.update(names(line))
        elif re.search(r'\basm\b', code):
            self.calls[here].update({x: ', by assembly' for x in names(code)})
        else:
            callee = re.search(rf'(?:{NAME}|%[-\w.$]+)\(', CALL.split(code, 1)[1])
            target = names(callee[0]) if callee else []
            self.taken.update(x for x in names(line) if x not in target)
            if target:
                plain = re.sub(r'^llvm\.(mem[a-z]+)\..*', r'\1', target[0])
                self.calls[here].setdefault(plain, '')
            else:
                kind = re.search(r'"kcfi"\(i32 (-?\d+)\)', line)
                note = re.search(r'!dbg !(\d+)', line)
                place = re.search(r'line: (\d+)', notes.get(note[1], '')) if note else None
                self.pointers[here][int(kind[1]) if kind else None] = place[1] if place else '?'

    def join(self):
        """Turns calls through pointers, and what compilers made up, into calls."""
        known = self.frames.keys() | set().union(*self.undefined.values(), set())
        for name in self.defined:
            self.calls[name] = {x: how for x, how in self.calls[name].items()
                                if not x.startswith('llvm.') and (x not in COPIES or x in known)
                                and not (how and x in self.variables)}
            for kind, place in self.pointers[name].items():
                for target in self.taken:
                    if kind is not None and kind in self.types[target]:
                        self.calls[name].setdefault(
                            target, f', through a pointer of kCFI type {kind & 0xffffffff:#x}'
                                    f' in {name} line {place}')
            for target in self.undefined[name] - self.variables:
                self.calls[name].setdefault(target, ', made up by the compiler')


class Judge:
    def __init__(self, graph):
        self.graph, self.deepest, self.wrong = graph, {}, []

    def visit(self, name, above):
        """Gives the deepest stack from name down, and its path."""
        graph = self.graph
        if name in above:
            loop = above[above.index(name):] + [name]
            steps = (f'\n    {b}{graph.calls[a][b]}' for a, b in zip(loop, loop[1:]))
            self.wrong.append(f'recursion: {name} calls' + ''.join(steps))
            return 0, []
        if name not in self.deepest:
            by = above[-1] + graph.calls[above[-1]][name] if above else 'nobody'
            if name not in graph.frames:
                self.wrong.append(f'no frame size (--assume {name}=BYTES): {name}, called by {by}')
            if name in graph.unbounded:
                self.wrong.append(f'frame without a bound: {name}, called by {by}')
            if None in graph.pointers[name]:
                self.wrong.append(f'call through a pointer without kCFI type: {name}, called by {by}')
            below = max((self.visit(x, above + [name]) for x in sorted(graph.calls[name])),
                        default=(0, []))
            frame = graph.frames.get(name, 0)
            self.deepest[name] = frame + below[0], [f'{name} {frame}'] + below[1]
        return self.deepest[name]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--root', action='append', default=[])
    parser.add_argument('--assume', action='append', default=[])
    parser.add_argument('files', nargs='+', type=Path)
    options = parser.parse_args()
    sys.setrecursionlimit(10000)
    graph = Graph()
    for number, file in enumerate(options.files):
        graph.module_add(file, f'{file.stem}#{number}')
    graph.join()
    for name, size in (x.rsplit('=', 1) for x in options.assume):
        graph.frames[name], graph.calls[name], graph.pointers[name] = int(size), {}, {}
        graph.unbounded.discard(name)
    called = {x for name in graph.defined for x in graph.calls[name]}
    roots = options.root or sorted(graph.defined - called)
    judge = Judge(graph)
    for name in options.root or roots + sorted(graph.defined):
        judge.visit(name, [])
    for line in judge.wrong:
        print('callgraph:', line, file=sys.stderr)
    if not judge.wrong:
        for name in roots:
            print(f'{judge.deepest[name][0]:6} {name}: ' + ' -> '.join(judge.deepest[name][1]))
    sys.exit(1 if judge.wrong else 0)


main()
