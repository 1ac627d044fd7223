/* SPDX-License-Identifier: ISC */
/* holm/fortuna.h: entropy gathered from events, and random numbers of it that recover when somebody has
 * seen the state. Pure: who owns it says what happened and when. Source: Ferguson, Schneier and Kohno,
 * "Cryptography Engineering" (2010), chapter 9; digests are its SHAd-256, section 5.4.2.
 *
 * Events go round 32 pools. The first fills every reseed, the next every second one, and so on: however
 * few bits the events have, and whoever makes some of them, one pool gathers enough that nobody knows.
 *
 *     holm_fortuna_seed(&fortuna, entropy);
 *     holm_fortuna_generator(&generator, &fortuna);        fast numbers over it: holm/generator.h
 *     holm_fortuna_add(&fortuna, now_ns, SOURCE, event);   whenever something happens */
#pragma once

#include <holm/generator.h>
#include <holm/hash.h>

#define HOLM_FORTUNA_POOLS 32
/* The longest event, in bytes. */
#define HOLM_FORTUNA_EVENT_MAX 32
/* What the first pool has to have before there is a reseed, in bytes: with each event count its source and
 * length too. And the least time from one to the next. */
#define HOLM_FORTUNA_POOL_MIN 64
#define HOLM_FORTUNA_RESEED_NS UINT64_C(100000000)
/* The most bytes that are drawn at once. */
#define HOLM_FORTUNA_DRAW_MAX ((size_t)1 << 20)

/* struct holm_fortuna is zeroed before its first use: about 13 kB. A copy draws the same numbers until one
 * of the two is seeded: a clone of an image is, before anything else runs in it. */
struct holm_fortuna {
    uint8_t key[32];
    uint64_t counter; /* of blocks, ever; 0: never seeded */
    uint64_t now_ns, reseeded_ns;
    uint64_t reseeds;     /* by events */
    uint64_t seeds;       /* by whatever: it tells those who took a seed of it to take another */
    uint64_t first_bytes; /* in the first pool */
    struct holm_hash_state pools[HOLM_FORTUNA_POOLS];
    uint8_t nexts[256]; /* of each source, the pool of its next event */
};

/* holm_fortuna_seed mixes entropy in at once, as that of a start or of a clone that wakes. All that was ever
 * mixed in counts. */
void holm_fortuna_seed(struct holm_fortuna *fortuna, struct holm_bytes entropy);

/* holm_fortuna_add gathers an event of 1 to HOLM_FORTUNA_EVENT_MAX bytes that came from a source at a time
 * of a clock which does not go back. */
void holm_fortuna_add(struct holm_fortuna *fortuna, uint64_t now_ns, uint8_t source,
                      struct holm_bytes event);

/* holm_fortuna_draw fills out; first it reseeds, if it is time to.
 *
 * Errors:  HOLM_ERR_REFUSED  there was no entropy yet: no secret may be made
 *          HOLM_ERR_LIMIT    more than HOLM_FORTUNA_DRAW_MAX bytes
 *          In both cases out is zero. */
HOLM_MUST_USE enum holm_result holm_fortuna_draw(struct holm_fortuna *fortuna,
                                                 struct holm_span out);

/* holm_fortuna_generator makes a fast generator, for a task or for all, that takes a seed of fortuna when it
 * is first drawn from, and another each time after that has been seeded. To draw from it before there was
 * entropy stops the image.
 *
 * Memory:  generator keeps fortuna, which must outlive it. */
void holm_fortuna_generator(struct holm_generator *generator, struct holm_fortuna *fortuna);

/* holm_fortuna_refresh is what such a generator does before it is drawn from. Who has an event to add each
 * time gives a generator a refresh of its own, which ends with this. */
void holm_fortuna_refresh(struct holm_generator *generator);

/* holm_fortuna_close wipes all of it. Accepts the zeroed one. */
void holm_fortuna_close(struct holm_fortuna *fortuna);
