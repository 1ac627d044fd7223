/* SPDX-License-Identifier: ISC */
/* holm/abi/boot.h: what an image is told when it starts, and the calls that it may make. The boundary
 * between an image and its monitor, the same under every isolation; for machines of 64 bits, numbers
 * in the machine's order. docs/design/abi.md says what each field means and how this may change:
 * a record grows at its end, where who does not know a field does not look; anything else is another
 * HOLM_ABI_MAJOR, and who meets a major that it does not know refuses it. */
#pragma once

#include <stdint.h>

#define HOLM_ABI_MAGIC UINT64_C(0x54424d4c4f480a7f) /* 7f 0a "HOLMBT" in memory */
#define HOLM_ABI_MAJOR 1
/* The most devices of an image, inclusive. */
#define HOLM_ABI_DEVICES_MAX 32
/* The longest name of a device, inclusive. */
#define HOLM_ABI_NAME_MAX 31
#define HOLM_ABI_SEED_BYTES 64
/* What a call needs of the caller's stack at most. */
#define HOLM_ABI_CALL_STACK_BYTES 1024

enum holm_abi_isolation {
    HOLM_ABI_PROCESS = 1, /* a process of the host in a sandbox */
    HOLM_ABI_KVM = 2,     /* a virtual machine, at the processor's lowest level */
};

/* struct holm_abi_bytes is a piece of the image's memory, or of what the monitor shows to it. */
struct holm_abi_bytes {
    void *at;
    uint64_t size;
};

enum holm_abi_device_kind {
    HOLM_ABI_NET = 1,
    HOLM_ABI_BLOCK = 2,
};

/* What a device can do beyond the least; what is not listed is 0. */
enum holm_abi_net_features {
    HOLM_ABI_NET_SENDS_CHECKSUMS = 1,  /* takes frames whose checksum is still to be made */
    HOLM_ABI_NET_CHECKS_CHECKSUMS = 2, /* gives frames whose checksum was seen to be right */
    HOLM_ABI_NET_SENDS_SEGMENTS = 4,   /* takes frames of TCP that are to be cut */
    HOLM_ABI_NET_JOINS_SEGMENTS = 8,   /* gives such */
    HOLM_ABI_NET_SEGMENTS_UDP = 16,    /* both of UDP too */
};

/* The features of a block device: a flag, and behind HOLM_ABI_BLOCK_SECTOR_SHIFT the logarithm to base 2
 * of a sector's bytes, from 9 (512) to 16. */
#define HOLM_ABI_BLOCK_READ_ONLY UINT32_C(1)
#define HOLM_ABI_BLOCK_SECTOR_SHIFT 8

/* struct holm_abi_device: which one it is, is its place in the table. */
struct holm_abi_device {
    uint32_t kind; /* enum holm_abi_device_kind */
    uint32_t features;
    uint8_t name_len;
    uint8_t name[HOLM_ABI_NAME_MAX];
    union {
        struct {
            uint8_t mac[6]; /* of a net device: the image's address */
            uint16_t mtu;
        };
        uint64_t sectors; /* of a block device */
    };
};

/* struct holm_abi_boot lies in memory that the image can read and not write, and so does all that it
 * points to but memory, stacks and stack. */
struct holm_abi_boot {
    uint64_t magic;
    uint32_t major;
    uint32_t size_bytes; /* of this record */
    uint32_t isolation;  /* enum holm_abi_isolation */
    uint32_t devices_count;
    const struct holm_abi_device *devices;
    const struct holm_abi_bytes *arguments; /* each "--name=value" */
    uint64_t arguments_count;
    struct holm_abi_bytes image;  /* where it was loaded */
    struct holm_abi_bytes stack;  /* on which it starts */
    struct holm_abi_bytes stacks; /* of tasks: each lies behind an unmapped page, which counts */
    struct holm_abi_bytes memory; /* zero; the rest */
    uint64_t generation;          /* another one when a clone or a restored image woke */
    uint8_t seed[HOLM_ABI_SEED_BYTES];
    const void *exit, *console, *turn; /* holm/abi/call.h says what they are */
    uint64_t cpu; /* what the processor can do beyond the least: bits of holm/cpu.h */
    struct holm_abi_bytes
        secrets; /* zero; for the block device "config": no core has these pages */
};
