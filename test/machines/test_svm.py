#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_svm.py SOURCE BUILD: images in virtual machines, where a processor has SVM: Debian's kernel, which tools/kernel.sh has
fetched, in a machine of qemu-system whose processor is emulated. Answers 77, with the reason, without qemu, kernel or busybox."""
import re
import shutil
import sys
from pathlib import Path

from machine_under_test import archive, boot, skip

MODULES = ('tun.ko', 'irqbypass.ko', 'ccp.ko', 'kvm.ko', 'kvm-amd.ko')
IMAGES = ('hello', 'crash', 'hostile', 'block_check', 'website')
NULL = 'holm: fault: access to memory that is not mapped at 0x0, where a null pointer points'
INIT = '''#!/busybox sh
/busybox mkdir -p /proc /dev /sys
/busybox mount -t proc none /proc; /busybox mount -t sysfs none /sys; /busybox mount -t devtmpfs none /dev
for module in irqbypass ccp kvm kvm-amd tun; do /busybox insmod /$module.ko; done
echo
attempt() { echo "svm: $1"; shift; ./holm run "$@"; echo "svm: status $?"; }
attempt auto --isolation=auto /hello.holm --count=1 --name=auto
for isolation in process kvm; do attempt $isolation --isolation=$isolation /hello.holm --count=2 --interval=10ms --name=$isolation; done
attempt null --isolation=kvm /crash.holm --kind=null
attempt overflow --isolation=kvm /crash.holm --kind=overflow
attempt text --isolation=kvm /hostile.holm --at=own+0 --words=none+0
attempt recorded --isolation=kvm --record=/recording /hello.holm --count=2 --interval=10ms --name=recorded
echo "svm: replayed"; ./holm replay /recording; echo "svm: status $?"
/busybox dd if=/dev/zero of=/disk bs=64k count=4 2>/dev/null
attempt block --isolation=kvm --block=disk=/disk /block_check.holm --random-reads=4
/busybox tunctl -t holm0; /busybox ip addr add 10.9.0.1/24 dev holm0; /busybox ip link set holm0 up
./holm run --isolation=kvm --net=service=tap:holm0 --pid-file=/pid /website.holm --ipv4=10.9.0.2/24 --ipv6=off --port=80 &
i=0
while [ $i -lt 30 ] && ! /busybox wget -q -O /page http://10.9.0.2/hello; do i=$((i + 1)); /busybox sleep 1; done
/busybox cat /page
/busybox kill $(/busybox cat /pid); wait $!
echo "svm: website status $?"
/busybox poweroff -f
'''
# What was tried, its status, and what it said.
WANTED = (('auto', 0, 'holm: isolation kvm: /dev/kvm works'), ('process', 0, 'hello, process\nhello, process\n'),
          ('kvm', 0, 'hello, kvm\nhello, kvm\n'), ('null', 6, NULL), ('overflow', 7, 'stack'),
          ('text', 6, 'against the rights of memory at image+'),
          ('recorded', 0, 'hello, recorded\nhello, recorded\n'), ('replayed', 0, 'hello, recorded\nhello, recorded\n'),
          ('block', 0, 'random 4 of 65536 bytes'))


def main():
    source, build = Path(sys.argv[1]), Path(sys.argv[2])
    kernels, busybox = source / 'build/kernels/x86_64', shutil.which('busybox')
    if not shutil.which('qemu-system-x86_64') or not busybox or not (kernels / 'tun.ko').exists():
        skip('no qemu-system-x86_64, busybox or kernel; ./dev setup slow and tools/kernel.sh x86_64 get them')
    if not (build / 'website.holm').exists():
        skip('images for the monitor are not made in this build')
    files = {'init': INIT.encode(), 'busybox': Path(busybox).read_bytes()}
    files.update((x, (kernels / x).read_bytes()) for x in MODULES)
    files.update((x, (build / x).read_bytes()) for x in ('holm', 'holm-exec', *(f'{x}.holm' for x in IMAGES)))
    initial = build / 'svm.cpio'
    initial.write_bytes(archive(files))
    said = boot('qemu-system-x86_64', '-M', 'q35,accel=tcg', '-cpu', 'max,+svm', '-kernel', kernels / 'vmlinuz', '-initrd', initial,
                '-append', 'console=ttyS0 quiet panic=-1 no_timer_check')
    print(said)
    initial.unlink()
    found = {name: (words, int(status)) for name, words, status in
             re.findall(r'^svm: (\w+)\n(.*?)^svm: status (\d+)$', said, re.MULTILINE | re.DOTALL)}
    for name, status, words in WANTED:
        was = found.get(name, ('', -1))
        if was[1] != status or words not in was[0]:
            sys.exit(f'svm: {name}: status {was[1]}, not {status}, or not: {words}')
    if 'Hello, world!' not in said or 'svm: website status 0\n' not in said:
        sys.exit('svm: the website is not as it should be')


main()
