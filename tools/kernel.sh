#!/bin/sh
# SPDX-License-Identifier: ISC
# kernel.sh MACHINE: fetches Debian's kernel for MACHINE, with its module of TAP interfaces, into build/kernels/MACHINE, for
# machines that tests start in qemu-system; for x86_64 with those of KVM, too. apt has lists of its own there: nothing of the
# system's changes.
set -eu
cd "$(dirname "$0")/.."
modules=drivers/net/tun.ko
case ${1:-} in
x86_64)
    debian=amd64 suite=bookworm package=linux-image-amd64
    modules="drivers/net/tun.ko virt/lib/irqbypass.ko drivers/crypto/ccp/ccp.ko arch/x86/kvm/kvm.ko arch/x86/kvm/kvm-amd.ko"
    ;;
aarch64) debian=arm64 suite=bookworm package=linux-image-cloud-arm64 ;;
riscv64) debian=riscv64 suite=trixie package=linux-image-riscv64 ;; # which bookworm does not have
*) echo "kernel.sh: x86_64, aarch64 or riscv64" >&2 && exit 1 ;;
esac
folder=$PWD/build/kernels/$1
[ ! -e "$folder/tun.ko" ] || exit 0
rm -rf "$folder/apt"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
: >"$folder/apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" >"$folder/apt/sources.list"
cat >"$folder/apt/apt.conf" <<END
APT::Architecture "$debian";
APT::Architectures { "$debian"; };
APT::Sandbox::User "";
Dir::State "$folder/apt";
Dir::State::Lists "$folder/apt/lists";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt/cache";
Dir::Etc::sourcelist "$folder/apt/sources.list";
Dir::Etc::sourceparts "-";
END
export APT_CONFIG="$folder/apt/apt.conf"
apt-get -qq update
package=$(apt-cache depends "$package" | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | head -n 1)
echo "kernel.sh: fetching $package from Debian: to run tests on $1" >&2
cd "$folder/apt"
apt-get -qq download "$package"
dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards './boot/vmlinu*' $(printf ' */kernel/%s*' $modules)
for file in $(find . -name '*.ko*'); do
    name=$(basename "${file%.xz}")
    case $file in
    *.xz) xz -dc "$file" >"$folder/$name.part" ;;
    *) cp "$file" "$folder/$name.part" ;;
    esac
done
mv boot/vmlinu* "$folder/vmlinuz"
for module in $modules; do
    name=$(basename "$module")
    [ ! -e "$folder/$name.part" ] || [ "$name" = tun.ko ] || mv "$folder/$name.part" "$folder/$name"
done
mv "$folder/tun.ko.part" "$folder/tun.ko" # the last: where it is, all is
cd "$folder"
rm -rf apt
