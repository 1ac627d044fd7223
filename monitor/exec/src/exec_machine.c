/* SPDX-License-Identifier: ISC */
/* exec_machine.c: a virtual machine is made around the image's row of pages. Its addresses are the same in
 * both; nothing of it runs but at privilege level 3, and none of its tables is changed once it runs. */
#include "exec_impl.h"

#include <holm/guest.h>

#include "exec_kvm.h"

/* Where the row is in the machine's physical memory, but for what a large page is aligned to. */
#define ROW_AT (UINT64_C(1) << 30)
#define SHARED_WRITABLE 3
#define OPEN_FLAGS 02000002 /* O_RDWR, O_CLOEXEC */

/* Intel's manual, volume 3, 2.5: protected, paged, write-protected also for level 0; 64 bits, no run. */
#define CR0 UINT64_C(0x80050033)
#define CR4 UINT64_C(0x50620) /* PAE, OSFXSR, OSXMMEXCPT, FSGSBASE, OSXSAVE */
#define EFER UINT64_C(0xd00)  /* LME, LMA, NXE; no system calls */
/* What is added where the processor has it: no code or data of level 3 for level 0, and no look at where
 * the tables are for level 3. In leaf 7 of CPUID: SMEP and SMAP in ebx, UMIP in ecx. */
#define CR4_SMEP (UINT64_C(1) << 20)
#define CR4_SMAP (UINT64_C(1) << 21)
#define CR4_UMIP (UINT64_C(1) << 11)
enum { LEAF_7_B_SMEP = 1 << 7, LEAF_7_B_SMAP = 1 << 20, LEAF_7_C_UMIP = 1 << 2 };
enum { LEAF_KEPT = 0xd, KEPT_MAX = 0xe7 };

/* The call page that the image sees. */
static const uint8_t page[] = {
#embed "guest.bin"
};

static struct holm_guest_tables tables;
static struct exec_kvm_features features;

static int64_t ask(int64_t descriptor, uint64_t what, uint64_t about)
{
    return holm_exec__call(HOLM_LINUX_IOCTL, (uint64_t)descriptor, what, about);
}

/* image_map shows the pages in which a part of the image lies; address counts from the image's start. */
static void image_map(uint64_t image, uint64_t physical, uint64_t address, uint64_t bytes,
                      unsigned rights)
{
    uint64_t first = address / HOLM_GUEST_PAGE_BYTES * HOLM_GUEST_PAGE_BYTES;
    uint64_t end = holm_exec__pages(address + bytes);

    holm_guest_map(&tables, image + first, physical + first, end - first, rights, false);
}

/* row_map shows the image what it is to see of the row, with the rights that it is to have. */
static void row_map(const struct holm_exec__layout *layout, const struct holm_loader_image *image,
                    uint64_t physical)
{
    const unsigned data = HOLM_GUEST_READ | HOLM_GUEST_WRITE,
                   text = HOLM_GUEST_READ | HOLM_GUEST_RUN;
    const struct {
        struct holm_span part;
        unsigned rights;
    } parts[] = {
        { layout->text, text },    { layout->data, data },   { layout->boot, HOLM_GUEST_READ },
        { layout->stack, data },   { layout->stacks, data }, { layout->memory, data },
        { layout->secrets, data },
    };
    uint64_t first = holm_exec__address(layout->all.ptr),
             base = holm_exec__address(layout->image.ptr);
    uint64_t stacks = holm_exec__address(layout->stacks.ptr);

    for (size_t i = 0; i < HOLM_COUNT(parts); i++) {
        if (HOLM_AT(parts, i).part.len == 0)
            continue;
        uint64_t at = holm_exec__address(HOLM_AT(parts, i).part.ptr);
        holm_guest_map(&tables, at, physical + (at - first), HOLM_AT(parts, i).part.len,
                       HOLM_AT(parts, i).rights, HOLM_AT(parts, i).part.ptr == layout->memory.ptr);
    }
    for (uint64_t at = 0; at < layout->stacks.len; at += layout->stack_step)
        holm_guest_map(&tables, stacks + at, 0, HOLM_GUEST_PAGE_BYTES, 0, false);
    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        image_map(base, physical + (base - first), segment->address, segment->memory_bytes,
                  segment->writable     ? data
                  : segment->executable ? text
                                        : HOLM_GUEST_READ);
    }
    if (image->sealed.bytes > 0)
        image_map(base, physical + (base - first), image->sealed.address, image->sealed.bytes,
                  HOLM_GUEST_READ);
}

/* memory_give makes the tables and hands both pieces of memory over. */
static bool memory_give(int64_t machine, const struct holm_exec__layout *layout,
                        const struct holm_loader_image *image)
{
    uint64_t first = holm_exec__address(layout->all.ptr);
    uint64_t physical = ROW_AT + first % HOLM_GUEST_LARGE_BYTES;
    size_t pages = holm_guest_pages(layout->all.len, layout->all.len - layout->memory.len);
    int64_t own =
        holm_linux_call(HOLM_LINUX_MMAP, 0, pages * HOLM_GUEST_PAGE_BYTES,
                        HOLM_EXEC__READ | HOLM_EXEC__WRITE, HOLM_EXEC__ANONYMOUS, UINT64_MAX, 0);

    if (own < 0)
        return false;
    holm_guest_begin(&tables, holm_exec__at((uint64_t)own), pages);
    row_map(layout, image, physical);
    const struct exec_kvm_memory memory[] = {
        { .slot = 0, .bytes = pages * HOLM_GUEST_PAGE_BYTES, .at = (uint64_t)own },
        { .slot = 1, .physical = physical, .bytes = layout->all.len, .at = first },
    };
    return ask(machine, KVM_MEMORY_SET, holm_exec__address(&memory[0])) == 0 &&
           ask(machine, KVM_MEMORY_SET, holm_exec__address(&HOLM_AT(memory, 1))) == 0;
}

/* features_set shows the image the processor as it is, with all of its vector registers. */
static bool features_set(int64_t kvm, int64_t processor, uint64_t *cr4)
{
    struct exec_kvm_kept kept = { .count = 1, .registers = { { .value = 3 } } };

    features.count = KVM_FEATURES_MAX;
    if (ask(kvm, KVM_FEATURES_GET, holm_exec__address(&features)) != 0 ||
        ask(processor, KVM_FEATURES_SET, holm_exec__address(&features)) != 0)
        return false;
    for (size_t i = 0; i < features.count && i < KVM_FEATURES_MAX; i++) {
        const struct exec_kvm_feature *feature = &HOLM_AT(features.features, i);
        if (feature->part != 0)
            continue;
        if (feature->leaf == LEAF_KEPT)
            kept.registers[0].value = feature->eax & KEPT_MAX;
        if (feature->leaf == 7)
            *cr4 |= (feature->ebx & LEAF_7_B_SMEP ? CR4_SMEP : 0) |
                    (feature->ebx & LEAF_7_B_SMAP ? CR4_SMAP : 0) |
                    (feature->ecx & LEAF_7_C_UMIP ? CR4_UMIP : 0);
    }
    return ask(processor, KVM_KEPT_SET, holm_exec__address(&kept)) == 0;
}

/* What a task state segment in use is, and one that is not: which real processors take in a register for it,
 * and which QEMU's emulated SVM does, that lets no port through with the other. */
enum { TASK_BUSY = 11, TASK_FREE = 9 };

static bool system_set(int64_t processor, uint64_t cr4, uint64_t thread, uint8_t task)
{
    const struct exec_kvm_segment code = { .selector = 0x33,
                                           .type = 11,
                                           .present = 1,
                                           .level = 3,
                                           .is_memory = 1,
                                           .is_64 = 1,
                                           .in_pages = 1,
                                           .limit = UINT32_MAX };
    const struct exec_kvm_segment data = { .selector = 0x2b,
                                           .type = 3,
                                           .present = 1,
                                           .level = 3,
                                           .is_memory = 1,
                                           .is_32 = 1,
                                           .in_pages = 1,
                                           .limit = UINT32_MAX };
    const uint64_t descriptors = HOLM_GUEST_OWN + HOLM_GUEST_TABLES_AT;
    struct exec_kvm_system system = { 0 };

    if (ask(processor, KVM_SYSTEM_GET, holm_exec__address(&system)) != 0)
        return false;
    system.cs = code;
    system.ss = system.ds = system.es = system.fs = system.gs = data;
    system.fs.base = thread;
    system.tr = (struct exec_kvm_segment){ .selector = 0x40,
                                           .type = task,
                                           .present = 1,
                                           .base = descriptors + HOLM_GUEST_TSS_OFFSET,
                                           .limit = HOLM_GUEST_TSS_LIMIT };
    system.gdt = (struct exec_kvm_table){ .base = descriptors, .limit = HOLM_GUEST_GDT_LIMIT };
    system.idt = (struct exec_kvm_table){ .base = descriptors + HOLM_GUEST_IDT_OFFSET,
                                          .limit = HOLM_GUEST_IDT_LIMIT };
    system.cr0 = CR0;
    system.cr3 = HOLM_GUEST_PAGES_AT;
    system.cr4 |= cr4;
    system.efer = EFER;
    return ask(processor, KVM_SYSTEM_SET, holm_exec__address(&system)) == 0;
}

/* registers_set sets them for the call page's beginning, from which the image's is reached. */
static bool registers_set(const struct holm_exec__machine *machine,
                          const struct holm_exec__layout *layout,
                          const struct holm_loader_image *image)
{
    const struct exec_kvm_registers registers = {
        .rip = holm_exec__address(layout->text.ptr) + machine->table->enter,
        .rax = holm_exec__address(layout->image.ptr) + image->entry,
        .rdi = holm_exec__address(layout->boot.ptr),
        .rsp = holm_exec__address(layout->stack.ptr) + layout->stack.len - sizeof(uint64_t),
        .rflags = 2,
    };

    return ask(machine->processor, KVM_REGISTERS_SET, holm_exec__address(&registers)) == 0;
}

static bool processor_set(int64_t kvm, const struct holm_exec__machine *machine,
                          const struct holm_exec__layout *layout,
                          const struct holm_loader_image *image)
{
    uint64_t cr4 = CR4;

    return features_set(kvm, machine->processor, &cr4) &&
           system_set(machine->processor, cr4, holm_exec__address(layout->data.ptr), TASK_BUSY) &&
           registers_set(machine, layout, image);
}

/* begins answers whether code of the image's level runs, and its call comes out as it should. */
static bool begins(const struct holm_exec__machine *machine)
{
    const volatile struct exec_kvm_run *run = machine->run;
    int64_t result;

    do
        result = ask(machine->processor, KVM_RUN, 0);
    while (result == HOLM_LINUX_EINTR);
    return result == 0 && run->reason == KVM_EXIT_PORT && run->port.port == HOLM_GUEST_READY;
}

static void close(int64_t descriptor)
{
    if (descriptor >= 0)
        (void)holm_exec__call(HOLM_LINUX_CLOSE, (uint64_t)descriptor, 0, 0);
}

/* machine_make answers NULL text, or why there is no machine. What it leaves open goes with the process, or
 * with all other descriptors. */
static struct holm_bytes machine_make(struct holm_exec__machine *machine, int64_t kvm,
                                      const struct holm_exec__layout *layout,
                                      const struct holm_loader_image *image)
{
    int64_t made = ask(kvm, KVM_MACHINE_CREATE, 0);
    int64_t run_bytes = ask(kvm, KVM_RUN_BYTES_GET, 0);

    if (ask(kvm, KVM_VERSION_GET, 0) != KVM_VERSION || made < 0 ||
        run_bytes < (int64_t)sizeof *machine->run)
        return HOLM_TEXT("/dev/kvm makes no machine");
    machine->processor = ask(made, KVM_PROCESSOR_CREATE, 0);
    if (machine->processor < 0 || !memory_give(made, layout, image))
        return HOLM_TEXT("/dev/kvm takes not so much memory");
    close(made); /* the processor holds it */
    int64_t run =
        holm_linux_call(HOLM_LINUX_MMAP, 0, (uint64_t)run_bytes, HOLM_EXEC__READ | HOLM_EXEC__WRITE,
                        1 /* MAP_SHARED */, (uint64_t)machine->processor, 0);
    if (run < 0)
        return HOLM_TEXT("/dev/kvm makes no processor");
    machine->run = holm_exec__at((uint64_t)run);
    if (!processor_set(kvm, machine, layout, image))
        return HOLM_TEXT("/dev/kvm takes not the registers of an image");
    return HOLM_TEXT("");
}

struct holm_bytes holm_exec__machine_make(struct holm_exec__machine *machine,
                                          const struct holm_exec__options *options,
                                          const struct holm_exec__layout *layout,
                                          const struct holm_loader_image *image)
{
    static const char path[] = "/dev/kvm";
    struct holm_buffer text = holm_span_buffer(layout->text);

    machine->table = (const void *)page;
    machine->processor = -1;
    machine->memory = (struct holm_guest_memory){ layout->all, &tables };
    int64_t kvm = holm_exec__open(holm_exec__address(path), OPEN_FLAGS);
    if (kvm < 0)
        return HOLM_TEXT("the host has no /dev/kvm for us");
    holm_assert(holm_buffer_bytes(&text, HOLM_BLOB(page)));
    struct holm_bytes why = machine_make(machine, kvm, layout, image);
    close(kvm);
    if (why.len == 0) {
        holm_exec__spaces_leave(options);
        if (!begins(machine) &&
            !(system_set(machine->processor, 0, holm_exec__address(layout->data.ptr), TASK_FREE) &&
              registers_set(machine, layout, image) && begins(machine)))
            why = HOLM_TEXT("/dev/kvm does not run it");
    }
    if (why.len > 0)
        close(machine->processor);
    return why;
}
