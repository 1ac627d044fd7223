/* SPDX-License-Identifier: ISC */
/* holm/base.h: results, attributes, checked array access, assertions. Pure. The only public header
 * with #if: Frama-C reads C11, so attributes and C23 words hide here. In a proof HOLM_AT is a plain
 * index: the proof shows that the check which the image makes never fires. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* enum holm_result is 0 when done, above 0 when not yet or no more, below 0 when wrong. The list is
 * closed; an object keeps its own exact reason (a status, an alert, an offset). */
enum holm_result {
    HOLM_OK = 0,
    HOLM_AGAIN = 1,             /* not yet: more input, room or time is needed */
    HOLM_END = 2,               /* no more: an orderly end, and only that */
    HOLM_ERR_TRUNCATED = -1,    /* the bytes end too early */
    HOLM_ERR_MALFORMED = -2,    /* against the grammar */
    HOLM_ERR_UNSUPPORTED = -3,  /* well formed, but not offered here */
    HOLM_ERR_LIMIT = -4,        /* over a limit that a header names */
    HOLM_ERR_TIMEOUT = -5,      /* the deadline passed */
    HOLM_ERR_CANCELLED = -6,    /* the task or scope was cancelled */
    HOLM_ERR_REFUSED = -7,      /* the peer or the host said no */
    HOLM_ERR_RESET = -8,        /* the peer broke the connection */
    HOLM_ERR_PERMISSION = -9,   /* not allowed */
    HOLM_ERR_NO_MEMORY = -10,   /* an arena, pool or table is full */
    HOLM_ERR_IO = -11,          /* a device failed */
    HOLM_ERR_NOT_FOUND = -12,   /* no such name, file, entry */
    HOLM_ERR_IN_USE = -13,      /* already taken: an address, a name */
    HOLM_ERR_UNREACHABLE = -14, /* no way to the peer */
    HOLM_ERR_INVALID = -15,     /* an argument or parameter that can't be */
    HOLM_ERR_STALE = -16,       /* a handle whose object is gone; a file that changed */
};

#ifdef __FRAMAC__
#define HOLM_MUST_USE
#define HOLM_NORETURN
#define HOLM_COUNT(array) (sizeof(array) / sizeof *(array))
#define HOLM_AT(array, index) ((array)[(index)])
#define HOLM_NTH(first, count, index) ((first)[(index)])
#define HOLM_POISON(ptr, len) ((void)0)
#define HOLM_UNPOISON(ptr, len) ((void)0)
#define HOLM_IS_POISONED(ptr) 0
#define HOLM_LINKED(list)
#define HOLM_ALIGN_UP(ptr, align) __builtin_align_up(ptr, align)
#define _Alignas(bytes)
#define holm_assert(claim) holm_assert_holds(claim)
#else
/* HOLM_MUST_USE: not to look at the result does not compile. */
#define HOLM_MUST_USE [[nodiscard]]
#define HOLM_NORETURN [[noreturn]]
/* HOLM_COUNT is the number of elements of an array; a pointer does not compile. */
#define HOLM_COUNT(array) (sizeof(array) / sizeof *(array) + 0 * HOLM_IS_ARRAY(array))
#define HOLM_IS_ARRAY(a)                                                                           \
    sizeof(struct {                                                                                \
        _Static_assert(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])),          \
                       "an array is wanted, not a pointer");                                       \
        char unused;                                                                               \
    })
/* HOLM_AT is element index of an array, to read or to write; past the end it stops the image. */
#define HOLM_AT(array, index)                                                                      \
    (*(__typeof__(&(array)[0]))holm_element((array), HOLM_COUNT(array), sizeof *(array), (index)))
/* HOLM_NTH is HOLM_AT for an array whose number of elements is known at run time only: element
 * index of the count elements from first on. */
#define HOLM_NTH(first, count, index)                                                              \
    (*(__typeof__(first))holm_element((first), (count), sizeof *(first), (index)))
#pragma clang unsafe_buffer_usage begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wcast-qual" /* HOLM_AT gives the qualifiers back */
static inline void *holm_element(const void *array, size_t count, size_t size, size_t index)
{
    if (__builtin_expect(index >= count, 0))
        __builtin_trap();
    return (uint8_t *)array + index * size;
}
#pragma clang diagnostic pop
#pragma clang unsafe_buffer_usage end
/* HOLM_LINKED stands behind a constant that the linker puts into a row with all others of the list,
 * in the order of the link, even if nothing else refers to it; core/src/linked.c finds the row. The
 * type's alignment and size must be those of one of its row, so its first member is _Alignas(8). */
#define HOLM_LINKED(list) __attribute__((section(#list), used, retain))
/* HOLM_POISON marks memory that nobody may touch until HOLM_UNPOISON; where HOLM_POISONS is 1, ASan
 * reports who does. HOLM_ALIGN_UP is a pointer to bytes, moved on to a multiple of a power of two. */
#ifdef __clang__
#define HOLM_SANITIZED __has_feature(address_sanitizer)
#define HOLM_ALIGN_UP(ptr, align) __builtin_align_up(ptr, align)
#else /* a program that gcc compiles, with one library of Holm */
#define HOLM_SANITIZED 0
#define HOLM_ALIGN_UP(ptr, align) ((ptr) + (-(uintptr_t)(ptr) & ((align) - 1)))
#endif
#if HOLM_SANITIZED
void __asan_poison_memory_region(const volatile void *ptr, size_t len);
void __asan_unpoison_memory_region(const volatile void *ptr, size_t len);
int __asan_address_is_poisoned(const volatile void *ptr);
#define HOLM_POISONS 1
#define HOLM_IS_POISONED(ptr) (__asan_address_is_poisoned(ptr) != 0)
#define HOLM_POISON(ptr, len) __asan_poison_memory_region((ptr), (len))
#define HOLM_UNPOISON(ptr, len) __asan_unpoison_memory_region((ptr), (len))
#else
#define HOLM_POISONS 0
#define HOLM_IS_POISONED(ptr) ((void)(ptr), false)
#define HOLM_POISON(ptr, len) ((void)(ptr), (void)(len))
#define HOLM_UNPOISON(ptr, len) ((void)(ptr), (void)(len))
#endif
/* holm_assert stops the image when a claim about our own code is false; it stays on in release
 * builds. Wrong input is never an assert. */
#define holm_assert(claim) ((claim) ? (void)0 : __builtin_trap())
#endif
