#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""callgraph.py [--root NAME]... [--declared FILE]... [--store] [--tasks] IMAGE

The deepest stack of each root of IMAGE, read from its machine code: an ELF file for x86_64, aarch64,
riscv64, arm or i386 that was compiled with -fstack-size-section and -fsanitize=kcfi and linked with
-pie --emit-relocs. A call through a pointer may go to each function of its kCFI type whose address
somebody took. Refused, with status 1: recursion, frames without a bound, functions without a size,
calls through pointers without a type. FILE has lines "NAME BYTES [main]": what a function that is
not in the image, or is not judged, needs with all below it; main: it is refused below a task.

--store is for the build: the roots are the tasks, main, and whatever the host calls (handlers of
signals); with --tasks the tasks alone. What a task needs is written into the image, where run/ finds
it, and all of it into IMAGE.stacks; the relocations go, and so does the image if it is refused.
"""
import argparse
import bisect
import re
import struct
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

TASK, BOUND = 'holm_task__main', 'holm_stack_bound_bytes'
NOTE, DIGITS = 'holm_note_stacks', b' 0000000000' * 2  # of an image for the monitor, which reads it
MAIN_BYTES_MAX = 256 * 1024  # of the loop's stack, which is main's; hosts give 8 MiB
ALLOC, EXECUTE = 2, 4
WRONG_MAX = 10  # that are told

# How machine code reads, in llvm-objdump's words. call: what goes elsewhere; pointer: the same through
# a pointer; table: a switch's jump, which is no call; check: the type that kCFI looks for before a
# call, in one piece or in two that follow each other.
X86 = dict(call=r'(?:call|j)\w+', pointer=r'(?:call|jmp)[lq]?\t\*.*',
           table=r'add[lq]\t.*, (?P<at>%\w+)\n(?:.*\t(?!call|j)\w+\t.*\n){0,8}?.*\tjmp[lq]?\t\*(?P=at)'
                 r'|jmp[lq]?\t\*0x\w+\(,.*')
MACHINES = {
    62: dict(X86, return_bytes=8, red_zone=128,  # x86_64
             check=r'movl\t\$(\S+), %r1[01]d.*\n.*\taddl\t-0x4\(', kind=lambda imm: -imm),
    3: dict(X86, return_bytes=4, red_zone=0,  # i386
            check=r'cmpl\t\$(\S+), -0x4\(', kind=lambda imm: imm),
    183: dict(return_bytes=0, red_zone=0,  # aarch64
              call=r'bl?|b\.\w+|[ct]bn?z', pointer=r'bl?r\t.*',
              table=r'add\t(?P<at>x\d+), .*\n(?:\w+:\t(?!(?:br?|bl|blr|b\.\w+|[ct]bn?z|ret)\b)\w+\t.*\n){0,8}?'
                    r'\w+:\tbr\t(?P=at)$',
              check=r'movk\t(?P<register>\w+), #(\S+).*\n.*\tmovk\t(?P=register), #(\S+), lsl #16',
              kind=lambda low, high: high << 16 | low),
    243: dict(return_bytes=0, red_zone=0,  # riscv64
              call=r'j(?:al|alr|r)?|b\w+', pointer=r'jalr?\t\w\w+$|jr\t.*',
              table=r'add\t(?P<at>\w+), .*\n(?:\w+:\t(?!j|b)\w+\t.*\n){0,8}?\w+:\tjr\t(?P=at)$',
              check=r'lui\t(?P<register>t\d), (\S+)\n.*\taddiw\t(?P=register), (?P=register), (\S+)',
              kind=lambda high, low: (high << 12) + low),
    40: dict(return_bytes=0, red_zone=0,  # arm
             call=r'blx?(?:\w\w)?|b(?:\w\w)?', pointer=r'b(?:lx|x)(?:\w\w)?\t(?!lr)\w+$',
             table=r'(?!)',
             check=r'movw\t(?P<register>\w+), #(\S+)(?:.*\n){1,6}?.*\tmovt\t(?P=register), #(\S+)',
             kind=lambda low, high: high << 16 | low),
}
BRANCH_RELOCS = {243: {16, 17, 18, 19, 44, 45}}  # of riscv64: their place is not the instruction's
ALIGN = re.compile(r'\tand[lq]?i?\t(?:\$(-\w+), %[re]sp|sp, \w+, #?(-?\w+))')


class Image:
    """What an ELF file tells: sections, functions, frames, addresses that are taken."""

    def __init__(self, path):
        self.path, self.data = path, path.read_bytes()
        if self.data[:4] != b'\x7fELF' or self.data[5] != 1 or self.data[16] != 3:
            sys.exit(f'callgraph: {path}: not a position-independent ELF image, little-endian')
        self.wide = self.data[4] == 2
        self.number, = struct.unpack_from('<H', self.data, 18)
        if self.number not in MACHINES:
            sys.exit(f'callgraph: {path}: machine {self.number} is not known')
        self.machine = MACHINES[self.number]
        offset, = struct.unpack_from('<Q' if self.wide else '<I', self.data, 40 if self.wide else 32)
        count, names = struct.unpack_from('<HH', self.data, 60 if self.wide else 48)
        self.sections = self.unpack('<IIQQQQIIQQ' if self.wide else '<IIIIIIIIII', offset, count)
        self.names = [self.text(self.sections[names][4] + x[0]) for x in self.sections]
        self.symbols_read()
        self.frames_read()

    def unpack(self, form, offset, count):
        size = struct.calcsize(form)
        return list(struct.iter_unpack(form, self.data[offset:offset + size * count]))

    def text(self, offset):
        return self.data[offset:self.data.index(b'\0', offset)].decode()

    def offset_of(self, address):
        """Gives where in the file the memory at address comes from."""
        for _, kind, flags, start, offset, size, *_ in self.sections:
            if flags & ALLOC and kind != 8 and start <= address < start + size:
                return offset + address - start
        return None

    def symbols_read(self):
        """Names of functions that only one file sees begin with that file's."""
        self.functions, self.values, self.symbols, first, file = {}, {}, [], {}, ''
        table = self.sections[self.names.index('.symtab')]
        strings = self.sections[table[6]][4]
        form = '<IBBHQQ' if self.wide else '<IIIBBH'
        for symbol in self.unpack(form, table[4], table[5] // struct.calcsize(form)):
            name, info, _, section, value, size = symbol if self.wide else \
                (symbol[0], symbol[3], symbol[4], symbol[5], symbol[1], symbol[2])
            name = self.text(strings + name)
            self.symbols.append((name, info & 15, value))
            if info & 15 == 4:
                file = name
            self.values[name] = value
            inside = 0 < section < len(self.sections) and self.sections[section][2] & EXECUTE
            if info & 15 == 2 and inside and not name.startswith('__cfi_'):
                if info >> 4 or value not in self.functions:
                    name = name if info >> 4 else f'{file}:{name}'
                    if first.setdefault(name, value) != value:  # two files of one name
                        name = f'{name}@{value:x}'
                    self.functions[value] = name, size
        self.starts = sorted(self.functions)

    def frames_read(self):
        self.frames = {}
        if '.stack_sizes' not in self.names:
            sys.exit(f'callgraph: {self.path}: compiled without -fstack-size-section')
        _, _, _, _, at, size, *_ = self.sections[self.names.index('.stack_sizes')]
        end = at + size
        while at < end:
            address, = struct.unpack_from('<Q' if self.wide else '<I', self.data, at)
            at += 8 if self.wide else 4
            bytes_ = shift = 0
            while True:
                bytes_ |= (self.data[at] & 127) << shift
                shift, at = shift + 7, at + 1
                if self.data[at - 1] < 128:
                    break
            self.frames[address] = max(bytes_, self.frames.get(address, 0))

    def function_at(self, address):
        """Gives the start of the function that address is in, or None."""
        index = bisect.bisect_right(self.starts, address) - 1
        if index < 0:
            return None
        start = self.starts[index]
        return start if address < start + max(self.functions[start][1], 1) else None

    def kind_of(self, address):
        """Gives the kCFI type, which lies before the function."""
        return struct.unpack_from('<I', self.data, self.offset_of(address) - 4)[0]

    def relocations(self):
        """Gives (place, whether in code, type, address meant) of each that is not for debuggers."""
        for _, kind, flags, _, offset, size, _, info, *_ in self.sections:
            dynamic = bool(flags & ALLOC)  # all of data's, which lld does not repeat for riscv64
            if kind not in (4, 9) or not dynamic and (not self.sections[info][2] & ALLOC
                                                      or self.names[info] == '.eh_frame'):
                continue
            code = not dynamic and bool(self.sections[info][2] & EXECUTE)
            form = ('<QQq' if kind == 4 else '<QQ') if self.wide else ('<IIi' if kind == 4 else '<II')
            for place, number, *addend in self.unpack(form, offset, size // struct.calcsize(form)):
                symbol = number >> (32 if self.wide else 8)
                number &= 0xffffffff if self.wide else 0xff
                if dynamic and symbol != 0:  # of another object
                    continue
                yield place, code, number, self.meant(place, code, number, symbol, addend)

    def meant(self, place, code, number, symbol, addend):
        name, kind, value = self.symbols[symbol]
        if addend:  # an instruction of x86_64 counts from its end
            return value + addend[0] + (4 if self.number == 62 and code and number != 1 else 0)
        if kind == 2:
            return value
        word, = struct.unpack_from('<I', self.data, self.offset_of(place) or 0)
        return word + (self.values.get('_GLOBAL_OFFSET_TABLE_', 0) if number == 9 else 0) & 0xffffffff


class Graph:
    """Who calls whom, by names."""

    def __init__(self, image):
        self.image, self.branches = image, set()
        machine = image.machine
        self.branch = re.compile(rf'\w+:\t(?:{machine["call"]})\t([^*<]*?)(?:0x([0-9a-f]+) )?<([^>]+)>')
        self.pointer = re.compile(f'\t(?:(?P<table>{machine["table"]})|(?P<call>{machine["pointer"]})|'
                                  f'(?P<check>{machine["check"]}))', re.M)
        self.frames, self.calls = {}, defaultdict(dict)  # calls: {function: {callee: how}}
        self.pointers = defaultdict(set)                 # function: kCFI types; None: a call without
        self.jumps = defaultdict(set)                    # function: those it jumps to, its frame gone
        self.red_zones = {}
        self.defined = {name for name, _ in image.functions.values()}
        for start, code in self.code_split():
            self.function_add(start, code)
        self.taken_find()

    def code_split(self):
        """Gives (start, lines of code) of each function."""
        said = subprocess.run(['llvm-objdump-19', '-d', '--no-show-raw-insn', '--no-leading-headers',
                               self.image.path], capture_output=True, text=True, check=True).stdout
        pieces, start, end = defaultdict(list), None, 0
        for place, code in re.findall(r'^ *([0-9a-f]+): +\t?(.*\S)', said, re.M):
            address = int(place, 16)
            if start is None or not start <= address < end:
                start = self.image.function_at(address)
                end = start + self.image.functions[start][1] if start is not None else 0
            if start is not None:
                pieces[start].append(f'{place}:\t{code}')
        return pieces.items()

    def function_add(self, start, lines):
        machine, name = self.image.machine, self.image.functions[start][0]
        code = '\n'.join(lines)
        if start in self.image.frames:
            waste = [int(a or b, 0) for a, b in ALIGN.findall(code)]
            self.frames[name] = self.image.frames[start] + machine['return_bytes'] \
                + max((-x & 0xffff for x in waste), default=0) + self.pushed_bytes(lines)
            if '\tcall' not in code:  # of x86_64, and may write below its frame
                self.red_zones[name] = machine['red_zone']
        checks = 0
        for found in self.pointer.finditer(code):
            if found['check']:
                immediate = [int(x, 0) for x in found.groups() if x and re.match(r'-?\d', x)]
                self.pointers[name].add(machine['kind'](*immediate) & 0xffffffff)
                checks += 1
            elif found['call']:
                checks -= 1
                if checks < 0:
                    self.pointers[name].add(None)
        self.branches_add(start, name, lines)

    def pushed_bytes(self, lines):
        """Arguments that x86 pushes before a call: not in the frame's size. The first pushes are."""
        machine, most, now, prologue = self.image.machine, 0, 0, True
        for line in lines if machine['return_bytes'] else ():
            code = line.split('\t', 1)[1]
            if code.startswith('push'):
                now += 0 if prologue else machine['return_bytes']
                most = max(most, now)
            elif code.startswith('call'):
                now = 0
            elif not code.endswith(('\t%rsp, %rbp', '\t%esp, %ebp')):
                prologue = False
        return most

    def branches_add(self, start, name, lines):
        image = self.image
        places = [int(x.split(':', 1)[0], 16) for x in lines] + [start + image.functions[start][1]]
        for line, place, after in zip(lines, places, places[1:]):
            branch = self.branch.match(line)
            if not branch:
                continue
            self.branches.update(range(place, after))
            whole, _, offset = branch[3].partition('+')
            target = int(branch[2], 16) if branch[2] else image.values.get(whole, 0) + int(offset or '0', 0)
            inside = image.function_at(target)
            if whole.endswith('@plt') or inside is None:
                self.calls[name].setdefault(whole.removesuffix('@plt'), '')
            elif inside != start or target == start and re.search(r'\t(call|bl|jal)', line):
                callee = image.functions[inside][0]
                if callee not in self.calls[name] and '\tjmp' in line:
                    self.jumps[name].add(callee)
                elif '\tjmp' not in line:
                    self.jumps[name].discard(callee)
                self.calls[name].setdefault(callee, '')

    def taken_find(self):
        """Whose address is used for anything but a direct call, by type."""
        self.taken = defaultdict(set)
        for place, code, number, meant in self.image.relocations():
            direct = place in self.branches or number in BRANCH_RELOCS.get(self.image.number, ())
            if meant in self.image.functions and not (code and direct):
                self.taken[self.image.kind_of(meant)].add(self.image.functions[meant][0])

    def join(self, declared):
        """Turns calls through pointers into calls; forgets what is declared."""
        for name, kinds in self.pointers.items():
            for kind in kinds - {None}:
                for target in self.taken[kind]:
                    self.calls[name].setdefault(target, f', through a pointer of kCFI type {kind:#x}')
        for name, size, *_ in declared:
            self.frames[name], self.calls[name], self.pointers[name] = int(size), {}, set()
            self.red_zones.pop(name, 0)
        self.main_only = {x[0] for x in declared if x[2:] == ['main']}


class Judge:
    def __init__(self, graph):
        self.graph, self.deepest, self.wrong = graph, {}, []

    def visit(self, name, above=()):
        """Gives the deepest stack from name down, and its path."""
        graph = self.graph
        if name in above:
            loop = list(above[above.index(name):]) + [name]
            steps = (f'\n    {b}{graph.calls[a][b]}' for a, b in zip(loop, loop[1:]))
            self.wrong.append(f'recursion: {name} calls' + ''.join(steps))
            return 0, []
        if name not in self.deepest:
            by = above[-1] + graph.calls[above[-1]][name] if above else 'nobody'
            if name not in graph.frames:
                why = 'frame without a bound (alloca, or assembly that does not tell)' \
                    if name in graph.defined else f'no frame size (a line "{name} BYTES" in platform/unix/stack_bytes tells it)'
                self.wrong.append(f'{why}: {name}, called by {by}' + self.chain(above))
            if name in graph.main_only and TASK in above:
                self.wrong.append(f'on the stack of a task: {name}, called by {by}' + self.chain(above))
            if None in graph.pointers[name]:
                self.wrong.append(f'call through a pointer without kCFI type: {name}, called by {by}'
                                  + self.chain(above))
            frame = graph.frames.get(name, 0)
            alone = frame + graph.red_zones.get(name, 0)
            ways = [(alone, [f'{name} {alone}'])]
            for callee in sorted(graph.calls[name]):
                size, path = self.visit(callee, above + (name,))
                here = 0 if callee in graph.jumps[name] else frame
                ways.append((here + size, [f'{name} {here}'] + path))
            self.deepest[name] = max(ways, key=lambda x: x[0])
        return self.deepest[name]

    @staticmethod
    def chain(above):
        return ''.join(f'\n    below {x}' for x in reversed(above[:-1]))

    def line(self, name):
        """Gives the line of a root."""
        size, path = self.visit(name)
        return size, f'{name}: ' + ' -> '.join(path)


def roots_of(graph):
    """Gives the tasks, main, and the functions whose address only the host can have use for."""
    called = {x for calls in graph.calls.values() for x in calls}
    handlers = sorted({x for names in graph.taken.values() for x in names if x in graph.frames} - called)
    return [x for x in (TASK, 'main') if x in graph.defined] + \
        [x for x in handlers if x not in (TASK, 'main')]


def store(graph, judge, image, roots):
    """Writes what a task needs into the image, and all that is known beside it."""
    lines = [judge.line(x) for x in roots]
    task = judge.line(TASK)[0] if TASK in graph.defined else 0
    if 'main' in roots and judge.line('main')[0] > MAIN_BYTES_MAX:
        judge.wrong.append(f'main needs more than {MAIN_BYTES_MAX} bytes: {judge.line("main")[1]}')
    if judge.wrong:
        image.path.unlink()
        return
    tasks = sorted((judge.line(x) for x, how in graph.calls[TASK].items() if how), reverse=True)
    Path(f'{image.path}.stacks').write_text(''.join(f'{x:6} {y}\n' for x, y in lines + tasks))
    if BOUND in image.values:
        with image.path.open('r+b') as file:
            file.seek(image.offset_of(image.values[BOUND]))
            file.write(struct.pack('<I', task))
    if NOTE in image.values:
        at = image.data.index(DIGITS, image.offset_of(image.values[NOTE]))
        with image.path.open('r+b') as file:
            file.seek(at)
            file.write((b' %d %d' % (task, judge.line('main')[0])).ljust(len(DIGITS)))
    relocations = [name for name, section in zip(image.names, image.sections)
                   if section[1] in (4, 9) and not section[2] & ALLOC]
    subprocess.run(['llvm-objcopy-19', *(f'--remove-section={x}' for x in relocations), image.path],
                   check=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--root', action='append', default=[])
    parser.add_argument('--declared', action='append', default=[], type=Path)
    parser.add_argument('--store', action='store_true')
    parser.add_argument('--tasks', action='store_true')
    parser.add_argument('image', type=Path)
    options = parser.parse_args()
    sys.setrecursionlimit(10000)
    image = Image(options.image)
    graph = Graph(image)
    lines = [x.split('#')[0].split() for file in options.declared for x in file.read_text().splitlines()]
    graph.join([x for x in lines if x])
    judge = Judge(graph)
    roots = options.root or [x for x in roots_of(graph) if x == TASK or not options.tasks]
    if options.store:
        store(graph, judge, image, roots)
    else:
        lines = [judge.line(x) for x in roots]
        if not judge.wrong:
            print(''.join(f'{x:6} {y}\n' for x, y in lines), end='')
    for line in judge.wrong[:WRONG_MAX]:
        print('callgraph:', line, file=sys.stderr)
    if len(judge.wrong) > WRONG_MAX:
        print(f'callgraph: and {len(judge.wrong) - WRONG_MAX} more', file=sys.stderr)
    sys.exit(1 if judge.wrong else 0)


if __name__ == '__main__':
    main()
