/* SPDX-License-Identifier: ISC */
/* host_core.c: an ELF core: a header, a program header for the notes and for each region of memory, the
 * notes, and the regions, in which pages of zeroes are holes of the file. What the image's memory says is
 * copied, and believed in nothing.
 *
 * Source: System V ABI (ELF-64), chapters 4 and 5; core(5), elf(5). */
#include "host_impl.h"

#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include <holm/guest.h>
#include <holm/machine/elf.h>
#include <holm/text.h>

#define PAGE 4096
#define PIECE_BYTES (256 * 1024)
#define PAGE_THERE (UINT64_C(3) << 62) /* in memory, or swapped out */
/* The most regions with a header of their own; the last one takes what is behind it. */
#define REGIONS_MAX 1000
#define NOTES_MAX 4096
#define NOTE_SIGNAL 0x53494749 /* NT_SIGINFO */
#define FLOATS_MAX 1024        /* bytes of registers of NT_PRFPREG, on any machine */

struct region {
    uint64_t start, end;
    uint32_t rights;
};

struct plan {
    struct region regions[REGIONS_MAX];
    size_t regions_count;
    uint8_t notes_room[NOTES_MAX];
    struct holm_buffer notes;
};

static struct holm_bytes bytes_of(const void *object, size_t size)
{
    return (struct holm_bytes){ object, size };
}

static bool write_at(int file, struct holm_bytes bytes, uint64_t at)
{
    return pwrite(file, bytes.ptr, bytes.len, (off_t)at) == (ssize_t)bytes.len;
}

/* hex_take reads a number off *line, and the byte behind it. */
static bool hex_take(uint64_t *value, struct holm_bytes *line, uint8_t mark)
{
    struct holm_bytes digits = { 0 };
    uint8_t byte = 0;
    size_t len = 0;

    while (len < line->len && !holm_bytes_is(*line, len, mark))
        len++;
    return holm_bytes_take(line, len, &digits) && holm_bytes_u8(line, &byte) &&
           holm_text_hex_parse(value, digits) == HOLM_OK;
}

/* region_add takes a line of /proc/PID/smaps that begins a region; what can't be read is none. */
static void region_add(struct plan *plan, struct holm_bytes line)
{
    struct region region = { 0 };

    if (!hex_take(&region.start, &line, '-') || !hex_take(&region.end, &line, ' ') ||
        region.start >= INT64_MAX)
        return;
    region.rights = (holm_bytes_is(line, 0, 'r') ? PF_R : 0U) |
                    (holm_bytes_is(line, 1, 'w') ? PF_W : 0U) |
                    (holm_bytes_is(line, 2, 'x') ? PF_X : 0U);
    if (plan->regions_count == REGIONS_MAX) {
        HOLM_AT(plan->regions, REGIONS_MAX - 1).end = region.end;
        return;
    }
    HOLM_AT(plan->regions, plan->regions_count) = region;
    plan->regions_count += 1;
}

/* region_judge drops the last region, of which smaps says the flags, if it can't be read, or is marked to be in no
 * core (VM_DONTDUMP). */
static void region_judge(struct plan *plan, struct holm_monitor_core *core, const char *flags)
{
    bool hidden = strstr(flags, " dd") != NULL;

    if (plan->regions_count == 0)
        return;
    if (hidden || (HOLM_AT(plan->regions, plan->regions_count - 1).rights & PF_R) == 0)
        plan->regions_count -= 1;
    core->spared = core->spared || hidden;
}

static bool regions_read(struct plan *plan, struct holm_monitor_core *core)
{
    int again = dup(core->maps);
    FILE *file = again < 0 ? NULL : fdopen(again, "r");
    char line[512];

    if (file == NULL)
        return false;
    while (fgets(line, sizeof line, file) != NULL) {
        region_add(plan, bytes_of(line, strlen(line)));
        if (strncmp(line, "VmFlags:", sizeof "VmFlags:" - 1) == 0)
            region_judge(plan, core, line);
    }
    return fclose(file) == 0 && plan->regions_count > 0;
}

static bool note_put(struct plan *plan, uint32_t type, struct holm_bytes what)
{
    static const uint8_t name[8] = "CORE";
    const Elf64_Nhdr head = { .n_namesz = 5, .n_descsz = (uint32_t)what.len, .n_type = type };

    return holm_buffer_bytes(&plan->notes, bytes_of(&head, sizeof head)) &&
           holm_buffer_bytes(&plan->notes, HOLM_BLOB(name)) &&
           holm_buffer_bytes(&plan->notes, what);
}

/* place_put says where the image lies: at the first region that begins as an ELF file does. */
static bool place_put(struct plan *plan, int memory)
{
    Elf64_Ehdr head = { 0 };

    for (size_t i = 0; i < plan->regions_count; i++) {
        uint64_t start = HOLM_AT(plan->regions, i).start;
        if (pread(memory, &head, sizeof head, (off_t)start) != (ssize_t)sizeof head ||
            memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
            continue;
        const Elf64_auxv_t places[] = {
            { AT_PHDR, { start + head.e_phoff } },
            { AT_PHENT, { head.e_phentsize } },
            { AT_PHNUM, { head.e_phnum } },
            { AT_ENTRY, { start + head.e_entry } },
            { AT_PAGESZ, { PAGE } },
            { AT_NULL, { 0 } },
        };
        return note_put(plan, NT_AUXV, bytes_of(&places[0], sizeof places));
    }
    return true;
}

/* machine_take leaves of the regions of an image that runs in a virtual machine of the process's those that are the
 * image's; of the process's own none stays. What it says of itself is believed as little as all else. */
static void machine_take(struct plan *plan, int memory, struct elf_prstatus *status,
                         siginfo_t *about)
{
    struct holm_guest_core core;
    size_t kept = 0;

    if (!holm_monitor__guest_take(&core, memory, status, about))
        return;
    for (size_t i = 0; i < plan->regions_count; i++) {
        struct region region = HOLM_AT(plan->regions, i);
        if (region.start < core.row || region.end - core.row > core.row_bytes)
            continue;
        HOLM_AT(plan->regions, kept) = region;
        kept++;
    }
    plan->regions_count = kept;
}

static bool notes_make(struct plan *plan, int memory, pid_t process)
{
    struct elf_prstatus status = { .pr_pid = process };
    uint8_t floats[FLOATS_MAX];
    siginfo_t about;
    struct iovec general = { &status.pr_reg, sizeof status.pr_reg };
    struct iovec vectors = { floats, sizeof floats };

    plan->notes = HOLM_BUFFER(plan->notes_room);
    if (ptrace(PTRACE_GETREGSET, process, (long)NT_PRSTATUS, &general) != 0 ||
        ptrace(PTRACE_GETREGSET, process, (long)NT_PRFPREG, &vectors) != 0 ||
        ptrace(PTRACE_GETSIGINFO, process, 0L, &about) != 0)
        return false;
    machine_take(plan, memory, &status, &about);
    status.pr_info.si_signo = about.si_signo;
    status.pr_info.si_code = about.si_code;
    status.pr_cursig = (short)about.si_signo;
    return note_put(plan, NT_PRSTATUS, bytes_of(&status, sizeof status)) &&
           note_put(plan, NT_PRFPREG, bytes_of(floats, vectors.iov_len)) &&
           note_put(plan, NOTE_SIGNAL, bytes_of(&about, sizeof about)) && place_put(plan, memory);
}

static uint64_t notes_at(const struct plan *plan)
{
    return sizeof(Elf64_Ehdr) + (1 + plan->regions_count) * sizeof(Elf64_Phdr);
}

static uint64_t memory_at(const struct plan *plan)
{
    return (notes_at(plan) + plan->notes.len + PAGE - 1) / PAGE * PAGE;
}

static bool heads_write(const struct plan *plan, int file)
{
    const Elf64_Ehdr head = {
        .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
        .e_type = ET_CORE,
        .e_machine = HOLM_ELF_MACHINE,
        .e_version = EV_CURRENT,
        .e_phoff = sizeof head,
        .e_ehsize = sizeof head,
        .e_phentsize = sizeof(Elf64_Phdr),
        .e_phnum = (Elf64_Half)(1 + plan->regions_count),
    };
    const Elf64_Phdr notes = {
        .p_type = PT_NOTE, .p_offset = notes_at(plan), .p_filesz = plan->notes.len, .p_align = 4
    };
    uint64_t at = sizeof head + sizeof notes, offset = memory_at(plan);
    bool well = write_at(file, bytes_of(&head, sizeof head), 0) &&
                write_at(file, bytes_of(&notes, sizeof notes), sizeof head) &&
                write_at(file, holm_buffer_filled(&plan->notes), notes_at(plan));

    for (size_t i = 0; well && i < plan->regions_count; i++) {
        const struct region *region = &HOLM_AT(plan->regions, i);
        uint64_t size = region->end - region->start;
        const Elf64_Phdr load = { .p_type = PT_LOAD,
                                  .p_flags = region->rights,
                                  .p_offset = offset,
                                  .p_vaddr = region->start,
                                  .p_filesz = size,
                                  .p_memsz = size,
                                  .p_align = PAGE };
        well = write_at(file, bytes_of(&load, sizeof load), at);
        at += sizeof load;
        offset += size;
    }
    return well;
}

/* page_write leaves out what is zero. */
static bool page_write(int file, struct holm_bytes page, uint64_t at)
{
    static const uint8_t zeroes[PAGE];

    return holm_bytes_equal(page, HOLM_BLOB(zeroes)) || write_at(file, page, at);
}

/* is_touched answers whether anything was ever written there: to read what was not makes pages of it, and takes
 * minutes where an image may have much memory. A host that does not say is asked for the bytes. */
static bool is_touched(const struct holm_monitor_core *core, uint64_t from, size_t size)
{
    uint64_t marks[PIECE_BYTES / PAGE];
    size_t count = size / PAGE;

    if (pread(core->pages, &marks[0], count * sizeof marks[0],
              (off_t)(from / PAGE * sizeof marks[0])) != (ssize_t)(count * sizeof marks[0]))
        return true;
    for (size_t i = 0; i < count; i++)
        if ((HOLM_AT(marks, i) & PAGE_THERE) != 0)
            return true;
    return false;
}

/* piece_write copies up to PIECE_BYTES; what of them can't be read, guards of stacks, is left out. */
static bool piece_write(const struct holm_monitor_core *core, uint64_t from, size_t size,
                        uint64_t at)
{
    static uint8_t room[PIECE_BYTES];
    struct holm_bytes page = { 0 };
    bool at_once = pread(core->memory, room, size, (off_t)from) == (ssize_t)size;

    for (size_t i = 0; i < size; i += PAGE) {
        struct holm_span to = { 0 };
        holm_assert(holm_span_part((struct holm_span){ room, sizeof room }, i, PAGE, &to));
        if (!at_once && pread(core->memory, to.ptr, to.len, (off_t)(from + i)) != PAGE)
            continue;
        holm_assert(holm_bytes_part(HOLM_BLOB(room), i, PAGE, &page));
        if (!page_write(core->file, page, at + i))
            return false;
    }
    return true;
}

static bool memory_write(const struct holm_monitor_core *core, const struct plan *plan)
{
    uint64_t at = memory_at(plan);

    for (size_t i = 0; i < plan->regions_count; i++) {
        const struct region *region = &HOLM_AT(plan->regions, i);
        for (uint64_t from = region->start; from < region->end; from += PIECE_BYTES) {
            uint64_t left = region->end - from;
            uint64_t size = left < PIECE_BYTES ? left : PIECE_BYTES;
            if (is_touched(core, from, size) && !piece_write(core, from, size, at))
                return false;
            at += size;
        }
    }
    return ftruncate(core->file, (off_t)at) == 0;
}

bool holm_monitor__core_write(struct holm_monitor_core *core, pid_t process)
{
    static struct plan plan;

    plan.regions_count = 0;
    return ftruncate(core->file, 0) == 0 && fchmod(core->file, S_IRUSR | S_IWUSR) == 0 &&
           regions_read(&plan, core) && notes_make(&plan, core->memory, process) &&
           heads_write(&plan, core->file) && memory_write(core, &plan);
}
