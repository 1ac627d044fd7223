#!/bin/sh
# SPDX-License-Identifier: ISC
# tap.sh: makes and removes a TAP interface for an image with Holm's own network. For root.
#
#   tools/tap.sh up [NAME] [ADDRESS/LENGTH] [--nat] [--bridge=BRIDGE] [--user=USER]
#   tools/tap.sh down [NAME]
#
# NAME is holm0 by default, and ADDRESS/LENGTH, the host's end, 10.9.0.1/24. --nat lets the image reach
# what the host reaches; --bridge makes the interface a port of an existing bridge, without an address
# of its own; --user lets that user open it (default: who called sudo). down removes all that up made.
set -eu

fail() {
    echo "tap.sh: $1" >&2
    exit 1
}

verb=${1:-help}
[ $# -gt 0 ] && shift
name='' address='' nat='' bridge='' user=${SUDO_USER:-}
for word in "$@"; do
    case $word in
    --nat) nat=1 ;;
    --bridge=*) bridge=${word#*=} ;;
    --user=*) user=${word#*=} ;;
    -*) fail "not understood: $word" ;;
    *) if [ "$name" ]; then address=$word; else name=$word; fi ;;
    esac
done
: "${name:=holm0}" "${address:=10.9.0.1/24}"

undo() {
    ip link del "$name"
    fail "$1"
}

up() {
    case $address in */*) ;; *) fail "no address and length, such as 10.9.0.1/24: $address" ;; esac
    ! ip link show dev "$name" >/dev/null 2>&1 || fail "$name is there already: down $name removes it"
    # shellcheck disable=SC2086
    ip tuntap add dev "$name" mode tap ${user:+user "$user"} || fail "$name cannot be made: that is for root"
    if [ "$bridge" ]; then
        ip link set "$name" master "$bridge" || undo "no bridge $bridge"
    else
        ip address add "$address" dev "$name" || undo "no address and length, such as 10.9.0.1/24: $address"
    fi
    ip link set "$name" up
    [ "$nat" ] || return 0
    command -v nft >/dev/null || undo "--nat needs nft (package nftables)"
    echo 1 >/proc/sys/net/ipv4/ip_forward
    nft -f - <<-END
	table ip holm_$name {
	    chain post { type nat hook postrouting priority srcnat; ip saddr $address oifname != "$name" masquerade; }
	}
	END
}

down() {
    ip link show dev "$name" >/dev/null 2>&1 || fail "there is no interface $name"
    nft delete table ip "holm_$name" 2>/dev/null || true
    ip link del "$name" || fail "$name cannot be removed: that is for root"
}

case $verb in
up) up ;;
down) down ;;
help | -h | --help) sed -n '5,10p' "$0" | sed 's/^# \{0,1\}//' ;;
*) fail "no verb has the name $verb; tools/tap.sh help lists them" ;;
esac
