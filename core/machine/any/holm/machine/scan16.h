/* SPDX-License-Identifier: ISC */
/* holm/machine/scan16.h: the searches of <holm/class.h> by 16 bytes a step. Included by the scan.h
 * of a machine that can look at 16 bytes at once, which gives
 *     holm_scan__outside(from, class)  marks for the bytes that are not in the class
 *     holm_scan__equal(from, value)    marks for the bytes that are value
 *     holm_scan__late(marks, rest)     those of the last rest (0 to 15) bytes, and one mark behind
 *     HOLM_SCAN_MARK_BITS              how many bits, from the lowest, mark one byte
 *     holm_scan_marks                  the unsigned type that holds them
 * No read leaves the span. Proved, but for what the machine gives (core/proof/scan16.acsl.h). */
#pragma once

#pragma clang unsafe_buffer_usage begin

enum { HOLM_SCAN_STEP = 16 };

static inline size_t holm_scan__first(holm_scan_marks marks)
{
    return (size_t)__builtin_ctzg(marks) / HOLM_SCAN_MARK_BITS;
}

/* holm_scan__same_first answers whether the first of marks, of which there is one, is also the first
 * of ends. */
static inline bool holm_scan__same_first(holm_scan_marks marks, holm_scan_marks ends)
{
    return (marks & (ends ^ (ends - 1))) == (ends & (0 - ends));
}

/* holm_scan__last gives the first marked byte of the last 16 that is not before from; else len. */
static inline size_t holm_scan__last(size_t len, size_t from, holm_scan_marks marks)
{
    size_t rest = len - from; /* 0 to 15 */
    holm_scan_marks late = holm_scan__late(marks, rest);
    size_t first = holm_scan__first(late);
    /*@ assert first <= rest; */
    /*@ assert \forall integer k; from <= k < from + first ==>
          !holm_marked(late, k - from) && !holm_marked(marks, k - len + 16); */
    return from + first;
}

/* holm_scan__short spans where fewer than 16 bytes are in all. */
static inline size_t holm_scan__short(struct holm_bytes all, size_t from,
                                      const struct holm_class *class)
{
    /*@ loop invariant \at(from,Pre) <= from <= all.len;
        loop invariant \forall integer k; \at(from,Pre) <= k < from ==>
          holm_in_class(class, all.ptr[k]);
        loop assigns from;
        loop variant all.len - from; */
    while (from < all.len && holm_class_has(class, all.ptr[from]))
        from++;
    return from;
}

/* What usual is good for: its place is known some cycles before the class's answer, and a branch
 * that goes the same way each time lets the processor go on from there. It must not become a
 * conditional move. */
static inline size_t holm_bytes__span(struct holm_bytes all, size_t from,
                                      const struct holm_class *class, uint8_t usual)
{
    holm_scan_marks marks;
    if (all.len < HOLM_SCAN_STEP)
        return holm_scan__short(all, from, class);
    /*@ loop invariant \at(from,Pre) <= from <= all.len;
        loop invariant \forall integer k; \at(from,Pre) <= k < from ==>
          holm_in_class(class, all.ptr[k]);
        loop assigns from, marks;
        loop variant all.len - from; */
    for (; all.len - from >= HOLM_SCAN_STEP; from += HOLM_SCAN_STEP) {
        holm_scan_marks ends = holm_scan__equal(all.ptr + from, usual);
        marks = holm_scan__outside(all.ptr + from, class);
        /*@ assert holm_marks_outside(marks, all, from, class); */
        if (marks == 0)
            continue;
        if (__builtin_expect(holm_scan__same_first(marks, ends), 1)) {
            size_t first = holm_scan__first(ends);
            /*@ assert holm_first_marked(marks, first); */
            return from + first;
        }
        return from + holm_scan__first(marks);
    }
    marks = holm_scan__outside(all.ptr + all.len - HOLM_SCAN_STEP, class);
    /*@ assert holm_marks_outside(marks, all, all.len - HOLM_SCAN_STEP, class); */
    return holm_scan__last(all.len, from, marks);
}

static inline size_t holm_bytes__find(struct holm_bytes all, size_t from, uint8_t value)
{
    holm_scan_marks marks;
    if (all.len < HOLM_SCAN_STEP) {
        /*@ loop invariant \at(from,Pre) <= from <= all.len;
            loop invariant \forall integer k; \at(from,Pre) <= k < from ==> all.ptr[k] != value;
            loop assigns from;
            loop variant all.len - from; */
        while (from < all.len && all.ptr[from] != value)
            from++;
        return from;
    }
    /*@ loop invariant \at(from,Pre) <= from <= all.len;
        loop invariant \forall integer k; \at(from,Pre) <= k < from ==> all.ptr[k] != value;
        loop assigns from, marks;
        loop variant all.len - from; */
    for (; all.len - from >= HOLM_SCAN_STEP; from += HOLM_SCAN_STEP) {
        marks = holm_scan__equal(all.ptr + from, value);
        /*@ assert holm_marks_equal(marks, all, from, value); */
        if (marks != 0)
            return from + holm_scan__first(marks);
    }
    marks = holm_scan__equal(all.ptr + all.len - HOLM_SCAN_STEP, value);
    /*@ assert holm_marks_equal(marks, all, all.len - HOLM_SCAN_STEP, value); */
    return holm_scan__last(all.len, from, marks);
}

#pragma clang unsafe_buffer_usage end
