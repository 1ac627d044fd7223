/* SPDX-License-Identifier: ISC */
/* holm/filter.h: which system calls an image's process may make, as a program for the kernel
 * (seccomp(2), classic BPF). Pure. All else ends the process. */
#pragma once

#include <holm/base.h>
#include <holm/linux.h>

/* The most instructions that holm_filter_make writes. */
#define HOLM_FILTER_MAX 128

/* struct holm_filter_facts: what the image is given. */
struct holm_filter_facts {
    uint64_t page; /* where the call page is: a multiple of its size, a power of two; 0: calls may
                      come from anywhere, since no code of the image's runs in the process */
    uint32_t page_bytes;
    uint32_t devices_count; /* descriptors 3 and on */
    uint32_t report;        /* the descriptor of fault reports */
    uint32_t processor;     /* that of a virtual machine's processor; 0: there is none */
    uint32_t
        files_first; /* those of block devices, to read what is in memory: so many from here on */
    uint32_t files_count;
};

/* holm_filter_make writes the program, and answers how many instructions it has.
 *
 * Memory:  fills room, of HOLM_FILTER_MAX. */
uint16_t holm_filter_make(struct holm_linux_filter *room, const struct holm_filter_facts *facts);

/* holm_filter_worker_make writes the program for the worker of a block device, which has a socket and a file
 * and may read, write and flush that, hear and say that there is something to do, and end.
 *
 * Memory:  fills room, of HOLM_FILTER_MAX. */
uint16_t holm_filter_worker_make(struct holm_linux_filter *room, uint32_t socket, uint32_t file,
                                 bool read_only);
