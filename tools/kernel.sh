#!/bin/sh
# SPDX-License-Identifier: ISC
# kernel.sh MACHINE: fetches Debian's kernel for MACHINE, with its module of TAP interfaces, into build/kernels/MACHINE, for
# machines that tests start in qemu-system. apt has lists of its own there: nothing of the system's changes.
set -eu
cd "$(dirname "$0")/.."
case ${1:-} in
aarch64) debian=arm64 suite=bookworm package=linux-image-cloud-arm64 ;;
riscv64) debian=riscv64 suite=trixie package=linux-image-riscv64 ;; # which bookworm does not have
*) echo "kernel.sh: aarch64 or riscv64" >&2 && exit 1 ;;
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
dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards './boot/vmlinu*' '*/drivers/net/tun.ko*'
for file in $(find . -name 'tun.ko*'); do
    case $file in
    *.xz) xz -dc "$file" >tun.ko ;;
    *) cp "$file" tun.ko ;;
    esac
done
mv boot/vmlinu* "$folder/vmlinuz"
mv tun.ko "$folder/tun.ko"
cd "$folder"
rm -rf apt
