# SPDX-License-Identifier: ISC
"""mutate_c.py: the bugs that can be seeded into a C file, one at a time, for mutate.py.

clang's own tree of the file (-ast-dump=json) says where expressions and statements stand and what
types they have, so a mutant is a piece of text to replace. What a macro makes is left alone; what is
given to a macro, and the names of constants, is not.
"""
import json
import re
import subprocess
from dataclasses import dataclass

# What a comparison becomes: first at its boundary, then the wrong way round.
COMPARISONS = {'<': ('<=', '>'), '<=': ('<', '>='), '>': ('>=', '<'), '>=': ('>', '<='),
               '==': ('!=',), '!=': ('==',)}
# A count of 32 bits no test can fill; one of 8 bits a test of a limit does.
NARROWER = {'uint64_t': 'uint32_t', 'size_t': 'uint8_t', 'uint32_t': 'uint16_t', 'uint16_t': 'uint8_t',
            'int64_t': 'int32_t', 'int32_t': 'int16_t', 'int16_t': 'int8_t'}
BLOCKS = {'IfStmt': slice(1, None), 'WhileStmt': slice(-1, None), 'ForStmt': slice(-1, None),
          'CaseStmt': slice(-1, None), 'DefaultStmt': slice(-1, None), 'CompoundStmt': slice(None)}
PARENTHESES = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'|/\*.*?\*/|[()]', re.S)  # those of code
SYMMETRIC = re.compile(r'(?:_|^)(?:equal|least|most|earlier|add|mul|common)$')  # functions to which the order of two is the same
LEAVES = ('ReturnStmt', 'BreakStmt', 'ContinueStmt', 'GotoStmt')


@dataclass(frozen=True)
class Mutant:
    """Text from begin to end of a file becomes new: a bug of this kind."""
    file: str
    function: str
    line: int
    kind: str
    begin: int
    end: int
    new: str

    def apply(self, text):
        # An image knows the lines of its asserts: those below the bug stay where they were.
        lost = text[self.begin:self.end].count('\n') - self.new.count('\n')
        return text[:self.begin] + self.new + '\n' * lost + text[self.end:]


def nodes_of(command, folder):
    """Gives the functions and enumerations of clang's tree. A table of constants may be a gigabyte of it."""
    process = subprocess.Popen([*command, '-w', '-fsyntax-only', '-Xclang', '-ast-dump=json'], cwd=folder,
                               stdout=subprocess.PIPE, text=True)
    lines = None
    for line in process.stdout:
        if line == '    {\n':
            lines = [line]
        elif lines and line.startswith('    }'):
            yield json.loads(''.join(lines) + '}')
            lines = None
        elif lines and not (line.startswith('      "kind"') and 'FunctionDecl' not in line and 'EnumDecl' not in line):
            lines.append(line)
        else:
            lines = None
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, command)


def mutants(file, text, command, folder):
    """Gives all mutants of the functions of a file, which the command compiles from the folder."""
    found, nodes = {}, list(nodes_of(command, folder))
    enums = [[y['name'] for y in x.get('inner', ()) if 'name' in y] for x in nodes if x['kind'] == 'EnumDecl']
    after = {x: y for names in enums if len(names) > 1 for x, y in zip(names, [*names[1:], names[0]])}
    for node in nodes:
        body = [x for x in node.get('inner', ()) if x['kind'] == 'CompoundStmt']
        if not body or 'includedFrom' in str(node['loc']) or 'offset' not in body[0]['range']['begin']:
            continue
        for kind, begin, end, new in Function(text, body[0], after).walk(body[0], None):
            if text[begin:end] != new:
                line = text.count('\n', 0, begin) + 1
                found.setdefault((begin, end, new), Mutant(file, node['name'], line, kind, begin, end, new))
    return sorted(found.values(), key=lambda x: (x.begin, x.end, x.new))


class Function:
    """The body of one function and the operators that work on it."""

    def __init__(self, text, body, after):
        self.text, self.after = text, after  # which name comes after another in their enumeration
        self.first, self.last = (body['range'][x]['offset'] for x in ('begin', 'end'))

    def call_end(self, at):
        """Gives where the use of a macro ends that begins at an offset."""
        end = re.compile(r'\w*').match(self.text, at).end()
        if self.text[end:end + 1] != '(':
            return end
        depth = 0
        for found in PARENTHESES.finditer(self.text, end):
            depth += {'(': 1, ')': -1}.get(found[0], 0)
            if depth == 0:
                return found.end()
        return end

    def place(self, node, use=False):
        """Gives (begin, end) of a node in the text, or None if a macro made it, or its use that made all of it."""
        if 'range' not in node:
            return None
        (begin, begin_made), (end, end_made) = map(self.edge, (node['range']['begin'], node['range']['end']))
        if begin is None or end is None or not use and begin_made and end_made and begin[0] == end[0]:
            return None
        inside = self.first < begin[0] <= end[0] and begin[1] <= end[1] <= self.last
        return (begin[0], end[1]) if inside else None

    def edge(self, where):
        """Gives the (begin, end) of a token or of the use of the macro that made it; and whether one did."""
        made = 'expansionLoc' in where and not where['expansionLoc'].get('isMacroArgExpansion')
        token = where.get('expansionLoc' if made else 'spellingLoc', where)
        if 'offset' not in token or 'includedFrom' in token:
            return None, made
        return (token['offset'], self.call_end(token['offset']) if made else token['offset'] + token['tokLen']), made

    def said(self, node):
        place = self.place(node, use=True)
        return place and self.text[slice(*place)]

    def walk(self, node, parent):
        """Gives (kind, begin, end, new) of every mutant at and below a node."""
        operator = getattr(self, node.get('kind', ''), None)
        inner = node.get('inner', [])
        place = self.place(node)
        if operator and place:
            yield from ((kind, *(where or place), new) for kind, where, new in operator(node, inner, parent) if new)
        if not place:
            yield from self.constant(node)
        for child in inner[BLOCKS.get(node.get('kind'), slice(0, 0))]:
            yield from self.statement(child)
        for child in inner:
            yield from self.walk(child, node)

    def statement(self, node):
        """A change of state is forgotten: an assignment, a step, a call."""
        place = self.place(node)
        changes = node.get('kind') in ('CompoundAssignOperator', 'CallExpr') or (
            node.get('kind') == 'BinaryOperator' and node['opcode'] == '=') or (
            node.get('kind') == 'UnaryOperator' and node['opcode'] in ('++', '--'))
        if place and changes and self.text[place[1]:place[1] + 1] == ';':
            yield 'state', place[0], place[1] + 1, '{}'

    def constant(self, node):
        """A named constant, which a macro made: one more, one less."""
        edges = [node.get('range', {}).get(x, {}).get('expansionLoc', {}) for x in ('begin', 'end')]
        type_ = node.get('type', {})
        if not re.search(r'\b(int|long|char|short)\b', type_.get('desugaredQualType', type_.get('qualType', '*'))):
            return
        at = edges[0].get('offset', -1)
        name = self.text[at:at + edges[0].get('tokLen', 0)]
        if self.first < at < self.last and edges[0] == edges[1] and 'includedFrom' not in edges[0] \
                and re.fullmatch(r'[A-Z][A-Z0-9_]+', name) and self.text[at + len(name)] != '(':
            yield from (('constant', at, at + len(name), f'({name} {x} 1)') for x in '+-')

    def token(self, left, right, token):
        """Gives where an operator stands between its two operands."""
        left, right = self.place(left, use=True), self.place(right, use=True)
        at = self.text.find(token, left[1], right[0]) if left and right else -1
        return (at, at + len(token)) if at >= 0 else None

    def IntegerLiteral(self, node, _, parent):
        found = re.fullmatch(r'(0[xX][\da-fA-F]+|\d+)([uUlL]*)', self.said(node))
        if not found:
            return
        value, form = int(found[1], 0), hex if found[1][:2] in ('0x', '0X') else str
        others = [('constant', value + 1), ('constant', value - 1)]
        if parent and parent.get('opcode') in ('<<', '>>') and value % 8 == 0:
            others += [('width', value + 8), ('width', value - 8)]
        if value >= 7 and value & (value + 1) == 0:
            others.append(('width', value >> 1))
        yield from ((kind, None, form(x) + found[2]) for kind, x in others if x >= 0)

    def CharacterLiteral(self, node, *_):
        if re.fullmatch(r"'[^\\']'", self.said(node)):
            yield from (('constant', None, f"'{chr(x)}'") for x in (node['value'] + 1, node['value'] - 1)
                        if 32 <= x < 127 and chr(x) not in "'\\")

    def DeclRefExpr(self, node, _, parent):
        if parent['kind'] != 'ConstantExpr':  # of a case
            yield 'constant', None, self.after.get(node['referencedDecl'].get('name'))

    def BinaryOperator(self, node, inner, _):
        opcode = node['opcode']
        where = self.token(*inner, opcode)
        if opcode in ('&&', '||'):
            yield from (('bound', None, self.said(x)) for x in inner)
        elif where and opcode in COMPARISONS:
            yield from (('comparison', where, x) for x in COMPARISONS[opcode])
        elif where and opcode in ('+', '-'):
            yield 'arithmetic', where, '-' if opcode == '+' else '+'

    def CompoundAssignOperator(self, node, inner, _):
        where = self.token(*inner, node['opcode'])
        if where and node['opcode'] in ('+=', '-='):
            yield 'arithmetic', where, '-=' if node['opcode'] == '+=' else '+='

    def UnaryOperator(self, node, inner, _):
        if node['opcode'] == '!':
            yield 'check', None, self.said(inner[0])

    def IfStmt(self, node, inner, _):
        """The check always fails, or always holds; a leap that always happens would only leave dead code."""
        ends = inner[1].get('inner', [{}])[-1] if inner[1]['kind'] == 'CompoundStmt' else inner[1]
        first, last = self.place(node)
        whole = first, last + (self.text[last:last + 1] == ';' and not self.text[last - 1] == '}')
        yield 'check', whole, self.ended(inner[2]) if node.get('hasElse') else '{}'
        if node.get('hasElse') or ends.get('kind') not in LEAVES:
            yield 'check', whole, self.ended(inner[1])

    def ended(self, statement):
        said = self.said(statement)
        return said and (said if said.endswith('}') else said + ';')

    def ConditionalOperator(self, _, inner, __):
        yield from (('check', None, self.said(x)) for x in inner[1:])

    def CStyleCastExpr(self, node, *_):
        name = node['type']['qualType']
        if name in NARROWER and self.said(node).startswith(f'({name})'):
            begin = self.place(node)[0] + 1
            yield 'width', (begin, begin + len(name)), NARROWER[name]

    def VarDecl(self, node, *_):
        name = node['type']['qualType']
        if name in NARROWER and self.said(node).startswith(name + ' '):
            begin = self.place(node)[0]
            yield 'width', (begin, begin + len(name)), NARROWER[name]

    @staticmethod
    def called(node):
        """Gives the name of the function that a call names; '' for a pointer."""
        while node.get('inner'):
            node = node['inner'][0]
        return node.get('referencedDecl', {}).get('name', '')

    def CallExpr(self, _, inner, __):
        """Two arguments of one type, side by side, are swapped."""
        if SYMMETRIC.search(self.called(inner[0])):
            return
        for left, right in zip(inner[1:], inner[2:]):
            places = self.place(left, use=True), self.place(right, use=True)
            kinds = [x['type'].get('desugaredQualType', x['type']['qualType']) for x in (left, right)]
            if all(places) and kinds[0] == kinds[1]:
                (a, b), (c, d) = places
                yield 'arguments', (a, d), self.text[c:d] + self.text[b:c] + self.text[a:b]
