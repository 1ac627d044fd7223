#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_machine.py SOURCE BUILD MACHINE: images and their monitor on MACHINE: compiled into BUILD/machines/MACHINE, and run by
Debian's kernel for it in qemu-system, where tools/kernel.sh has fetched it. Where it has not, they run under qemu-user, which
has no seccomp: then holm-exec is changed so that it does not set the filter, what tests the filter is left out, and a line says
so. Answers 77, with the reason, where no qemu is or no C library of the machine."""
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from machine_under_test import archive, boot, skip

MACHINES = {
    'aarch64': ('-cpu', 'max,pauth-impdef=on', '-append', 'console=ttyAMA0 quiet panic=-1'),
    'riscv64': ('-append', 'console=ttyS0 quiet panic=-1'),
}
# Instructions that leave an image, or tell it what is not determined by it; where the thread pointer points is.
LEAVE = {
    'aarch64': r'svc|hvc|smc|wf[ei]|msr|mrs\t\w+, (?!TPIDR_EL0)',
    'riscv64': r'ecall|rdtime|rdcycle|rdinstret|csr\w+|wfi|[ms]ret',
}
# The system call, which is refused even where a type of kCFI's may be.
CALL = {'aarch64': 'svc\t#0', 'riscv64': 'ecall'}
# What sets the filter: the number of seccomp to its register; the call; and, in its place, an answer of 0.
FILTER = {'aarch64': (0x528022a8, 0xd4000001, 0xd2800000), 'riscv64': (0x11500893, 0x00000073, 0x00000513)}
FILTERS = 4  # in holm-exec: three call pages, and a worker's
REACH_BYTES = 64
ADDRESSES = '0x400000000'  # that qemu-user keeps for a process: else it would lose some of its own with what is unmapped
PASSED = 28
PAGE = 'Hello, world!'


def said_by(*words):
    return subprocess.run(words, check=True, capture_output=True).stdout.decode()


def leaving(machine, linked):
    """The instructions of an image that no image may have. The four bytes before a function are no code, but what
    kCFI compares."""
    code = said_by('llvm-objdump-19', '-d', '--no-show-raw-insn', linked)
    functions = {int(x, 16) for x in re.findall(r'^([0-9a-f]{16}) <', code, re.MULTILINE)}
    instructions = [(int(at, 16), what) for at, what in re.findall(r'^ *([0-9a-f]+):[ \t]+(\S.*)', code, re.MULTILINE)]
    if len(functions) < 50 or len(instructions) < 1000:
        sys.exit(f'{linked}: {len(functions)} functions, {len(instructions)} instructions')
    return [(hex(at), what) for at, what in instructions if re.match(LEAVE[machine], what) and
            (what == CALL[machine] or not functions.intersection(range(at + 1, at + 5)))]


def whole_machine(machine, kernels, build, folder):
    files = {'init': folder / 'test/machines/machine_init', 'tun.ko': kernels / 'tun.ko', 'foreign.holm': build / 'hello.holm'}
    files.update((x, folder / x) for x in ('holm', 'holm-exec', 'hello.holm', 'website.holm', 'wrong.holm'))
    initial = folder / 'initial.cpio'
    initial.write_bytes(archive({name: path.read_bytes() for name, path in files.items()}))
    said = boot(f'qemu-system-{machine}', '-M', 'virt', '-kernel', kernels / 'vmlinuz', '-initrd', initial, *MACHINES[machine])
    print(said)
    lines = said.splitlines()
    for line, count in (('hello, machine', 2), ('hello, recorder', 4)):
        if lines.count(line) != count:
            sys.exit(f'{machine}: not {count} times: {line}')
    if 'machine: done' not in lines or sum(x.startswith('machine: passed: ') for x in lines) != PASSED:
        sys.exit(f'{machine}: not all of {PASSED} passed')
    for words in ('holm: fault: access to memory that is not mapped at 0x0, where a null pointer points',
                  'there are virtual machines on x86_64 alone', 'it is for another machine'):
        if not any(words in x for x in lines):
            sys.exit(f'{machine}: nowhere: {words}')


def without_filter(machine, folder):
    """A holm-exec that sets no filter."""
    number, call, nothing = (x.to_bytes(4, 'little') for x in FILTER[machine])
    code, at, count = bytearray((folder / 'holm-exec').read_bytes()), -1, 0
    while (at := code.find(number, at + 1)) >= 0:
        where = code.index(call, at, at + REACH_BYTES)
        code[where:where + 4] = nothing
        count += 1
    if count != FILTERS:
        sys.exit(f'{machine}: holm-exec sets {count} filters, not {FILTERS}')
    changed = folder / 'holm-exec-without-filter'
    changed.write_bytes(code)
    changed.chmod(0o755)
    return changed


def fetched(until):
    """A page of the website; it may not have begun."""
    while True:
        said = subprocess.run(['curl', '-s', '--max-time', '30', 'http://10.9.0.2/hello'], capture_output=True, check=False).stdout
        if said or time.monotonic() > until:
            return said.decode()
        time.sleep(0.5)


def inside(command, folder):
    """The website over TAP, in a namespace of the network that is ours alone."""
    for words in ('tuntap add dev holm0 mode tap vnet_hdr', 'addr add 10.9.0.1/24 dev holm0', 'link set holm0 up'):
        if subprocess.run(['ip', *words.split()], check=False).returncode != 0:
            print('skipped: the website: no TAP interface may be made here')
            return
    website = subprocess.Popen([*command, '--net=service=tap:holm0', folder / 'website.holm', '--ipv4=10.9.0.2/24', '--ipv6=off',
                                '--port=80'])
    try:
        said = fetched(time.monotonic() + 120)
        website.terminate()
        status = website.wait(120)
    finally:
        website.kill()
    print(f'website: {said.strip()}, status {status}')
    if PAGE not in said or status != 0:
        sys.exit('the website is not as it should be')


def one_process(machine, build, folder):
    print(f'skipped: the filter: no kernel for {machine} in build/kernels (tools/kernel.sh {machine}), and qemu-user has no seccomp')
    command = [f'qemu-{machine}', '-R', ADDRESSES, without_filter(machine, folder)]
    null = 'holm: fault: access to memory that is not mapped at 0x0, where a null pointer points'
    for image, words, status, wanted in (
            (folder / 'hello.holm', '--count=2 --interval=1ms --name=machine', 0, 'hello, machine\nhello, machine\n'),
            (folder / 'wrong.holm', '--kind=null', 6, null),
            (folder / 'wrong.holm', '--kind=text', 6, 'holm: fault: access against the rights of memory at image+'),
            (folder / 'wrong.holm', '--kind=data', 6, 'holm: fault: access against the rights of memory at image+'),
            (folder / 'wrong.holm', '--kind=page --number=94 --first=77', 77, ''),
            (build / 'hello.holm', '--count=1', 12, 'it is for another machine')):
        it = subprocess.run([*command, image, *words.split()], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
                            check=False)
        said = it.stdout.decode()
        print(f'{image.name} {words}: {it.returncode}\n{said}', end='')
        if it.returncode != status or wanted not in said:
            sys.exit(f'{image.name} {words}: not status {status} with {wanted}')
    sys.stdout.flush()
    alone = ('unshare', '--map-root-user', '--net')
    if subprocess.run([*alone, 'true'], check=False).returncode != 0:
        print('skipped: the website: no namespace may be made here')
        return
    again = subprocess.run([*alone, sys.executable, '-B', __file__, 'inside', folder, *command], check=False)
    if again.returncode != 0:
        sys.exit(1)


def main():
    if sys.argv[1] == 'inside':
        inside(sys.argv[3:], Path(sys.argv[2]))
        return
    source, build, machine = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    kernels, folder = source / 'build/kernels' / machine, build / 'machines' / machine
    is_whole = shutil.which(f'qemu-system-{machine}') and (kernels / 'tun.ko').exists()
    if not is_whole and not shutil.which(f'qemu-{machine}'):
        skip(f'no qemu for {machine}; ./dev setup test installs one')
    if not (folder / 'build.ninja').exists():
        subprocess.run(['cmake', '-S', source, '-B', folder, '-G', 'Ninja', f'-DHOLM_MACHINE={machine}', '-DCMAKE_BUILD_TYPE=Release',
                        f'-DCMAKE_TOOLCHAIN_FILE={source}/cmake/machine.cmake'], check=True, stdout=subprocess.DEVNULL)
    if 'machine_init' not in (folder / 'build.ninja').read_text():
        skip(f'no C library for {machine}; ./dev setup test installs it')
    subprocess.run(['cmake', '--build', folder, '--target', 'machine_init', 'holm', 'hello_holm', 'website_holm', 'wrong_holm',
                    '--', '--quiet'], check=True)
    for name, is_wrong in (('example/hello/hello', False), ('example/website/website', False), ('test/machines/wrong', True)):
        found = leaving(machine, folder / f'{name}.linked')
        if bool(found) != is_wrong:
            sys.exit(f'{name}: instructions that leave it: {found}')
    sys.stdout.flush()
    if is_whole:
        whole_machine(machine, kernels, build, folder)
    else:
        one_process(machine, build, folder)


main()
