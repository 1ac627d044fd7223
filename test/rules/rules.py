#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""rules.py RULE BUILD [NAME...]: one rule of the tree, checked. Prints what breaks it; status 1.

symbols  a pure library needs nothing but other libraries, mem* and the compiler's helpers
names    external names begin holm_; holm_LIB__x is used by its own library only
headers  each public header compiles on its own, in its own library's view
format   clang-format agrees
tidy     clang-tidy has nothing to say (.clang-tidy); a source that did not change is not read again
analyzer gcc's -fanalyzer has nothing to say; again, of a source that changed
unsafe   regions of unchecked pointers, listed; outside platform and machine code there are few lines
corpora  the seeds of the fuzzers are small
guide    each piece of C in docs/guide compiles, and each that names its file stands there
text     licence lines, comments, sizes, words and regions that only listed files may have
fail     each file in test/rules/fail compiles, and with BREAK defined fails with what it says
"""
import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Undefined symbols that any pure library may have: what compilers make up, and the guard.
MADE_UP = re.compile(r'mem(cpy|set|move|cmp)|__stack_(pointer|chk_fail|chk_guard)|__aeabi_mem.*|__multi3'
                     r'|__(u|)(div|mod)di3|__aeabi_u?l?idiv(mod)?|_GLOBAL_OFFSET_TABLE_'
                     r'|__(start|stop)_holm_\w+')
NOT_HOLM = {'main', '__stack_chk_fail', 'memcpy', 'memset', 'memmove', 'memcmp', 'bcmp', 'LLVMFuzzerTestOneInput'}

# The only files with regions of unchecked pointers, and what else only they may say.
UNSAFE_FILES = {
    'core/include/holm/base.h', 'core/include/holm/bytes.h', 'core/src/bytes.c',
    'core/include/holm/class.h', 'core/proof/base.acsl.h', 'core/proof/eva.h',
    'core/src/sum.c',  # a loop over words, as wide as the machine has them
    'core/src/linked.c',  # walks what the linker collected: its ends are known to nobody else
    # Pieces of hosted programs that get C's own arrays from the host.
    'test/src/test.c', 'test/src/replay.c', 'run/bench/bench_run.c',
    'test/nets/test_nets.c',  # mistakes on purpose
}
UNSAFE_FOLDERS = ('core/machine/', 'platform/unix/', 'platform/arch/', 'test/rules/fail/', 'tools/test/fail_')
UNSAFE_WORDS = r'unsafe_buffer_usage|_Pragma|\buintptr_t\b|__builtin_mem\w+|__builtin_alloca\b'
C23_WORDS = r'\b(constexpr|nullptr|typeof|auto)\b|\[\[|#\s*embed|= \{\}'
# Files that break rules on purpose.
NOT_FORMATTED = ('test/rules/fail/',)
UNFINISHED = r'\b(TODO|FIXME|XXX|HACK)\b'
LINES_MAX, FUNCTION_LINES_MAX = 1000, 100
# Regions of unchecked pointers: what is not counted, and the most lines of all others.
UNSAFE_UNCOUNTED = ('core/machine/', 'platform/', 'crypto/')
UNSAFE_LINES_MAX = 300
CORPORA_BYTES_MAX = 2 << 20


def run(*command, cwd=ROOT):
    done = subprocess.run([str(x) for x in command], cwd=cwd, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def libraries(build):
    """Gives (name, layer, kind, archive or None, include folders) of each library."""
    for line in (build / 'libraries.txt').read_text().splitlines():
        name, layer, kind, archive, folders = (line + ' ').split(' ')[:5]
        yield name, layer, kind, None if archive == '-' else archive, \
            [x for x in folders.split(':') if x]


def flags(build):
    return [x for x in (build / 'flags.txt').read_text().splitlines() if x]


def sources(*patterns):
    """Gives the tree's files that match, as paths below ROOT."""
    return [x for x in run('git', 'ls-files', '-co', '--exclude-standard', '--', *patterns)[1].split()
            if (ROOT / x).exists()]


def nm(option, archive):
    """Gives the symbol lines, not those that name a member of the archive."""
    lines = run('llvm-nm-19', option, '--format=posix', archive)[1].splitlines()
    return [x for x in lines if x and not x.endswith(':')]


def foreign(archive):
    """Gives the undefined symbols of archive that no pure library may have."""
    needed = {x.split()[0] for x in nm('-u', archive) if ' U' in x or ' w' in x}
    return sorted(x for x in needed if not x.startswith('holm_') and not MADE_UP.fullmatch(x))


def rule_symbols(build):
    for name, _, kind, archive, _ in libraries(build):
        if kind == 'pure' and archive:
            yield from (f'{name}: needs {x}, which no pure library may' for x in foreign(archive))


def rule_names(build):
    private, needs = {}, {}
    for name, layer, _, archive, _ in libraries(build):
        if not archive:
            continue
        defined = {x.split()[0] for x in nm('--defined-only', archive)
                   if re.search(r' [A-TV-Z] ', x + ' ')}
        for symbol in sorted(x for x in defined - NOT_HOLM if not x.startswith(('__cfi_', '__kcfi_'))):
            if not symbol.startswith('holm_') and layer != 'test':
                yield f'{name}: {symbol} does not begin with holm_'
            if '__' in symbol:  # a library may have another form, one of which is linked
                private.setdefault(symbol, []).append(name)
        needs[name] = {x.split()[0] for x in nm('-u', archive)}
    for name, symbols in needs.items():
        for symbol in sorted(symbols & private.keys()):
            if all(x.split('_')[0] != name.split('_')[0] for x in private[symbol]):
                yield f'{name}: uses {symbol}, which is private to {private[symbol][0]}'


def rule_headers(build):
    def compiles(job):
        header, kind, folders = job
        bare = [x for x in flags(build) if kind != 'hosted' or x not in ('-ffreestanding', '-nostdlibinc')]
        status, text = run('clang-19', *bare, *(f'-I{x}' for x in folders), '-fsyntax-only',
                           '-Wno-unused-function', '-Wno-pragma-once-outside-header', '-x', 'c', header)
        return f'{header}: does not compile on its own\n{text}' if status else None

    jobs = []
    for _, _, kind, _, folders in libraries(build):
        for header in sorted(Path(folders[0]).rglob('*.h')) if folders else ():
            jobs.append((header, kind, folders))
    with ThreadPoolExecutor(2) as pool:
        yield from filter(None, pool.map(compiles, jobs))


def rule_guide(build):
    """Each piece is compiled as a part of a program that has all libraries; one under the name of a file,
    as `proto/syslog/CMakeLists.txt`:, is a piece of that file, or of what it is without annotations."""
    folders = sorted({f'-I{x}' for *_, folders in libraries(build) for x in folders})
    for page in sorted((ROOT / 'docs/guide').glob('*.md')):
        for file, piece in re.findall(r'^`([\w.-]+/[\w./-]+)`:\n\n```\w+\n(.*?)^```', page.read_text(), re.M | re.S):
            whole = (ROOT / file).read_text() if (ROOT / file).exists() else ''
            if piece not in whole and piece not in re.sub(r'^ */\*@.*?\*/\n', '', whole, flags=re.M | re.S):
                yield f'{page.relative_to(ROOT)}: {file} has not what stands under its name'
        for piece in re.findall(r'^```c\n(.*?)^```', page.read_text(), re.M | re.S):
            done = subprocess.run(
                ['clang-19', *flags(build), *folders, '-Wno-missing-prototypes', '-Wno-unused',
                 '-Wno-pragma-once-outside-header',
                 '-Wno-undefined-internal', '-fsyntax-only', '-x', 'c', '-'],
                input=piece, capture_output=True, text=True)
            if done.returncode:
                yield f'{page.relative_to(ROOT)}: {piece.splitlines()[0]} …\n{done.stderr}'


def rule_format(_):
    files = [x for x in sources('*.c', '*.h') if not x.startswith(NOT_FORMATTED)]
    status, text = run('clang-format-19', '--dry-run', '-Werror', *files)
    if status:
        yield text + './dev fmt puts it right'


def linted(build, name, settings, lint):
    """Gives what lint(entry, file, preprocessed) says of each source of the libraries and examples. A
    stamp a source: the hash of all that was read when there was last nothing to say."""
    stamps = build / name
    stamps.mkdir(exist_ok=True)

    def look(entry):
        file = Path(entry['file'])
        stamp = stamps / str(file.relative_to(ROOT)).replace('/', '.')
        preprocess = [x for x in shlex.split(entry['command']) if x not in ('-c', '-g')]
        del preprocess[preprocess.index('-o'):preprocess.index('-o') + 2]
        text = subprocess.run([*preprocess, '-E', '-C'], cwd=entry['directory'], capture_output=True).stdout
        seen = hashlib.sha256(settings + text).hexdigest()
        if stamp.exists() and stamp.read_text() == seen:
            return None
        said = lint(entry, file)
        if not said:
            stamp.write_text(seen)
        return said

    entries = [x for x in json.loads((build / 'compile_commands.json').read_text())
               if not re.search(r'/(test|bench|fuzz|build)/|\.S$', x['file'].removeprefix(str(ROOT)))]
    with ThreadPoolExecutor(2) as pool:
        yield from filter(None, pool.map(look, entries))


def rule_tidy(build):
    def lint(_, file):
        status, said = run('clang-tidy-19', '-p', build, '--quiet', file)
        return said if status else None

    yield from linted(build, 'tidy', (ROOT / '.clang-tidy').read_bytes(), lint)


def rule_analyzer(build):
    """gcc reads the portable form of core/machine. It knows no #embed: such sources are left out, and named."""

    def lint(entry, file):
        if re.search(r'^\s*#\s*embed', file.read_text(), re.M):
            return print(f'not read, it has #embed: {file.relative_to(ROOT)}')
        folders = [re.sub('/core/machine/(?!any)\\w+$', '/core/machine/any', x) for x in shlex.split(entry['command'])
                   if re.match('-I|-D|-m', x)]
        status, said = run('gcc-12', '-std=gnu2x', '-O1', '-fanalyzer', '-Werror', '-Wno-unknown-pragmas',
                           '-Wno-attributes', *folders, '-c', file, '-o', '/dev/null')
        return said if status else None

    if not shutil.which('gcc-12'):
        print('skipped: gcc-12 is not here; ./dev setup test installs it')
        sys.exit(77)
    yield from linted(build, 'analyzer', b'', lint)


def unsafe_lines(text):
    """Gives the number of lines that hold code, of text, inside regions of unchecked pointers."""
    code, count, inside = comments_blanked(text), 0, False
    for line in code.splitlines():
        if match := re.search(r'unsafe_buffer_usage (begin|end)', line):
            inside = match[1] == 'begin'
        elif inside and line.strip():
            count += 1
    return count


def rule_unsafe(_):
    counts, sums = {}, {'counted': 0, 'platform and machine code': 0, 'tests': 0}
    for file in sources('*.c', '*.h'):
        lines = unsafe_lines((ROOT / file).read_text())
        if lines and not file.startswith(('test/rules/fail/', 'tools/test/')):
            kind = 'platform and machine code' if file.startswith(UNSAFE_UNCOUNTED) \
                else 'tests' if re.search(r'(^|/)(test|fuzz|bench|proof)/', file) else 'counted'
            counts[file] = f'{lines:4} lines, {kind}'
            sums[kind] += lines
    for file, what in sorted(counts.items()):
        print(f'{file:44} {what}')
    print(', '.join(f'{kind}: {lines} lines' for kind, lines in sums.items()))
    if sums['counted'] > UNSAFE_LINES_MAX:
        yield f'more than {UNSAFE_LINES_MAX} lines with unchecked pointers'


def rule_corpora(_):
    files = [ROOT / x for x in sources('*/fuzz/*') if not x.endswith(('.c', '.h'))]
    size = sum(x.stat().st_size for x in files)
    print(f'{len(files)} seeds and dictionaries, {size} bytes')
    if size > CORPORA_BYTES_MAX or not files:
        yield f'the seeds take more than {CORPORA_BYTES_MAX} bytes, or there are none'


def comments_blanked(text):
    """Gives C text with comments and strings blanked, line by line."""
    blank = lambda x: re.sub(r'[^\n]', ' ', x[0]) if x[0].startswith('/*') else '""'
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.S)


def functions_too_long(code):
    start = None
    for number, line in enumerate(code.splitlines(), 1):
        if line == '{':
            start = number
        elif line == '}' and start:
            if number - start > FUNCTION_LINES_MAX:
                yield start, number - start
            start = None


def excused(lines, number):
    """Answers whether `style: reason` stands at the line or the one above it."""
    return any('style: ' in x for x in lines[max(0, number - 2):number])


def text_of(file, text):
    lines = text.splitlines()
    if not any('SPDX-License-Identifier: ISC' in x for x in lines[:2]):
        yield 1, 'no SPDX line'
    for number, line in enumerate(lines, 1):
        if re.search(UNFINISHED, line):
            yield number, 'unfinished: what is missing stands in CAVEATS.md'
    if not file.endswith(('.c', '.h')):
        return
    code = comments_blanked(text)
    safe = file not in UNSAFE_FILES and not file.startswith(UNSAFE_FOLDERS)
    strict = re.match(r'(core|proto/\w+/(src|include)|device/(include|src)|run/(include|src))/', file)
    for number, line in enumerate(code.splitlines(), 1):
        if '//' in line:
            yield number, 'a // comment'
        if safe and re.search(UNSAFE_WORDS, line):
            yield number, 'only the listed files of rules.py may say this: ' + line.strip()
        if strict and '/test/' not in file and file != 'core/include/holm/base.h':
            if re.search(C23_WORDS, line):
                yield number, 'a word that Frama-C does not read: ' + line.strip()
            if re.match(r'\s*#\s*(if|ifdef|ifndef|elif)\b', line):
                yield number, '#if outside base.h'
    if len(lines) > LINES_MAX and 'style: table' not in text:
        yield LINES_MAX, f'{len(lines)} lines'
    for number, count in functions_too_long(code):
        yield number, f'a function of {count} lines'


def rule_text(_):
    for file in sources('*.c', '*.h', '*.S', '*.py', '*.sh', '*.cmake', '*CMakeLists.txt', 'dev', '.ci/run'):
        if file == 'test/rules/rules.py':
            continue
        text = (ROOT / file).read_text()
        lines = text.splitlines()
        for number, what in text_of(file, text):
            if not excused(lines, number):
                yield f'{file}:{number}: {what}'


def rule_fail(build, *names):
    """Each file says `wanted: TEXT` and `view: LIBRARY`; TEXT is what the broken form must print."""
    views = {x[0]: x for x in libraries(build)}
    for file in sorted((ROOT / 'test/rules/fail').glob('*.c')):
        if names and file.stem not in names:
            continue
        text = file.read_text()
        wanted = re.search(r'wanted: (.*?) \*/', text)[1]
        view = re.search(r'view: (\w+)', text)[1]
        out = build / f'fail_{file.stem}.o'
        command = ['clang-19', *flags(build), *(f'-I{x}' for x in views[view][4]), '-c', file, '-o', out]
        status, said = run(*command)
        if status or foreign(out):
            yield f'{file.name}: its good form is refused\n{said}'
        status, said = run(*command, '-DBREAK')
        said += ''.join(f'needs {x}' for x in foreign(out)) if not status else ''
        if wanted not in said:
            yield f'{file.name}: broken, it should say "{wanted}", but says: {said or "nothing"}'


if __name__ == '__main__':
    rule, build, *names = sys.argv[1:]
    problems = list(globals()['rule_' + rule](Path(build), *names))
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
