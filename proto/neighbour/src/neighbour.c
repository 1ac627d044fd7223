/* SPDX-License-Identifier: ISC */
/* neighbour.c: the table of neighbours. An address has one place by its last bytes, and the seven
 * behind; who finds none takes the place of the one that was of least use. */
#include <holm/neighbour.h>

#define WAYS 8

static size_t place_of(const struct holm_ip_address *address)
{
    const uint8_t last = holm_ip_bytes(address).len == 16 ? 15 : 3;
    size_t low = HOLM_AT(address->bytes, last);
    size_t high = HOLM_AT(address->bytes, last - 1U);

    return (low + high * 31) * WAYS % HOLM_NEIGHBOURS_MAX;
}

static struct holm_neighbour *known(struct holm_neighbours *neighbours,
                                    const struct holm_ip_address *address)
{
    size_t place = place_of(address);

    for (size_t i = 0; i < WAYS; i++) {
        struct holm_neighbour *entry = &HOLM_AT(neighbours->all, (place + i) % HOLM_NEIGHBOURS_MAX);
        if (entry->state != HOLM_NEIGHBOUR_NONE && holm_ip_equal(&entry->address, address))
            return entry;
    }
    return NULL;
}

/* worth says how ill the loss of an entry would be: those that we are in touch with are kept. */
static int worth(const struct holm_neighbour *entry)
{
    switch (entry->state) {
    case HOLM_NEIGHBOUR_NONE:
        return 0;
    case HOLM_NEIGHBOUR_FAILED:
        return 1;
    case HOLM_NEIGHBOUR_STALE:
        return entry->used_ns == 0 ? 2 : 4; /* never asked for: somebody only told us */
    case HOLM_NEIGHBOUR_INCOMPLETE:
        return 3;
    case HOLM_NEIGHBOUR_DELAY:
    case HOLM_NEIGHBOUR_PROBE:
        return 5;
    case HOLM_NEIGHBOUR_REACHABLE:
        return entry->used_ns == 0 ? 2 : 6;
    }
    return 0;
}

/* new_entry takes the place of the least use, if that is less than most. */
static struct holm_neighbour *new_entry(struct holm_neighbours *neighbours,
                                        const struct holm_ip_address *address, int most)
{
    size_t place = place_of(address);
    struct holm_neighbour *least = NULL;

    for (size_t i = 0; i < WAYS; i++) {
        struct holm_neighbour *entry = &HOLM_AT(neighbours->all, (place + i) % HOLM_NEIGHBOURS_MAX);
        if (least == NULL || worth(entry) < worth(least) ||
            (worth(entry) == worth(least) && entry->used_ns < least->used_ns))
            least = entry;
    }
    if (worth(least) > most)
        return NULL;
    *least = (struct holm_neighbour){ .address = *address };
    return least;
}

static void state_set(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                      enum holm_neighbour_state state, uint64_t due_ns)
{
    entry->state = state;
    entry->due_ns = due_ns;
    if (due_ns < neighbours->due_ns)
        neighbours->due_ns = due_ns;
}

void holm_neighbour_init(struct holm_neighbours *neighbours)
{
    *neighbours = (struct holm_neighbours){ 0 };
}

enum holm_result holm_neighbour_find(struct holm_neighbours *neighbours,
                                     const struct holm_ip_address *address, uint64_t now_ns,
                                     struct holm_mac_address *mac)
{
    struct holm_neighbour *entry = known(neighbours, address);

    if (entry == NULL) {
        entry = new_entry(neighbours, address, 4);
        if (entry == NULL)
            return HOLM_ERR_NO_MEMORY;
        entry->told = true; /* of its being found somebody will want to know */
        state_set(neighbours, entry, HOLM_NEIGHBOUR_INCOMPLETE, now_ns);
    }
    entry->used_ns = now_ns;
    switch (entry->state) {
    case HOLM_NEIGHBOUR_NONE:
    case HOLM_NEIGHBOUR_INCOMPLETE:
        return HOLM_AGAIN;
    case HOLM_NEIGHBOUR_FAILED:
        return HOLM_ERR_UNREACHABLE;
    case HOLM_NEIGHBOUR_STALE:
        state_set(neighbours, entry, HOLM_NEIGHBOUR_DELAY, now_ns + HOLM_NEIGHBOUR_DELAY_NS);
        break;
    case HOLM_NEIGHBOUR_REACHABLE:
    case HOLM_NEIGHBOUR_DELAY:
    case HOLM_NEIGHBOUR_PROBE:
        break;
    }
    *mac = entry->mac;
    return HOLM_OK;
}

static void reachable(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                      uint64_t now_ns)
{
    entry->asks = 0;
    state_set(neighbours, entry, HOLM_NEIGHBOUR_REACHABLE, now_ns + HOLM_NEIGHBOUR_REACHABLE_NS);
}

/* changed takes a claim about a known neighbour. In DELAY and PROBE one of another station changes
 * nothing: the one we know is about to be asked, and only what answers us decides; else who claims
 * twice would be believed. */
static void changed(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                    const struct holm_mac_address *mac, bool same, uint64_t now_ns)
{
    if (same)
        return;
    if (entry->state ==
        HOLM_NEIGHBOUR_REACHABLE) { /* it may be forged: the old one is asked first */
        entry->asks = 0;
        state_set(neighbours, entry, HOLM_NEIGHBOUR_PROBE, now_ns);
        return;
    }
    if (entry->state == HOLM_NEIGHBOUR_STALE)
        entry->mac = *mac;
}

void holm_neighbour_hear(struct holm_neighbours *neighbours, const struct holm_ip_address *address,
                         const struct holm_mac_address *mac, enum holm_neighbour_word word,
                         uint64_t now_ns)
{
    struct holm_neighbour *entry = known(neighbours, address);

    if (entry == NULL) {
        if (word != HOLM_NEIGHBOUR_REQUESTED)
            return;
        entry = new_entry(neighbours, address, 2);
        if (entry == NULL)
            return;
        entry->mac = *mac;
        state_set(neighbours, entry, HOLM_NEIGHBOUR_STALE, UINT64_MAX);
        return;
    }
    bool asked = entry->state == HOLM_NEIGHBOUR_INCOMPLETE || entry->state == HOLM_NEIGHBOUR_PROBE;
    bool same = holm_bytes_equal(HOLM_BLOB(entry->mac.bytes), HOLM_BLOB(mac->bytes));
    if (entry->state == HOLM_NEIGHBOUR_INCOMPLETE || entry->state == HOLM_NEIGHBOUR_FAILED ||
        (asked && word == HOLM_NEIGHBOUR_ANSWERED)) {
        if (entry->state == HOLM_NEIGHBOUR_FAILED && word == HOLM_NEIGHBOUR_CLAIMED)
            return;
        entry->told = entry->told && entry->state != HOLM_NEIGHBOUR_INCOMPLETE;
        entry->mac = *mac;
        reachable(neighbours, entry, now_ns);
        if (!entry->told)
            neighbours->due_ns = now_ns; /* who waits is to be told */
        return;
    }
    changed(neighbours, entry, mac, same, now_ns);
}

/* claim_first takes the first that is heard of who was asked for. */
static void claim_first(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                        const struct holm_neighbour_claim *claim, uint64_t now_ns)
{
    if (!claim->has_mac)
        return;
    entry->mac = claim->mac;
    entry->told = false;
    entry->asks = 0;
    if (claim->solicited)
        reachable(neighbours, entry, now_ns);
    else
        state_set(neighbours, entry, HOLM_NEIGHBOUR_STALE, UINT64_MAX);
    neighbours->due_ns = now_ns; /* who waits is to be told */
}

/* claimed takes an advertisement about an entry. */
static void claimed(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                    const struct holm_neighbour_claim *claim, uint64_t now_ns)
{
    if (entry->state == HOLM_NEIGHBOUR_INCOMPLETE ||
        (entry->state == HOLM_NEIGHBOUR_FAILED && claim->solicited)) {
        claim_first(neighbours, entry, claim, now_ns);
        return;
    }
    if (entry->state == HOLM_NEIGHBOUR_FAILED)
        return;
    bool same = !claim->has_mac ||
                holm_bytes_equal(HOLM_BLOB(entry->mac.bytes), HOLM_BLOB(claim->mac.bytes));
    if (same && claim->solicited) {
        reachable(neighbours, entry, now_ns);
    } else if (!same && !claim->override) {
        if (entry->state == HOLM_NEIGHBOUR_REACHABLE)
            state_set(neighbours, entry, HOLM_NEIGHBOUR_STALE, UINT64_MAX);
    } else if (!same && claim->solicited && entry->state == HOLM_NEIGHBOUR_PROBE) {
        entry->mac = claim->mac;
        reachable(neighbours, entry, now_ns);
    } else {
        changed(neighbours, entry, &claim->mac, same, now_ns);
    }
}

bool holm_neighbour_claim(struct holm_neighbours *neighbours,
                          const struct holm_neighbour_claim *claim, uint64_t now_ns)
{
    struct holm_neighbour *entry = known(neighbours, &claim->address);

    if (entry == NULL)
        return false;
    claimed(neighbours, entry, claim, now_ns);
    return entry->state != HOLM_NEIGHBOUR_INCOMPLETE && entry->state != HOLM_NEIGHBOUR_FAILED &&
           holm_bytes_equal(HOLM_BLOB(entry->mac.bytes), HOLM_BLOB(claim->mac.bytes));
}

void holm_neighbour_confirm(struct holm_neighbours *neighbours,
                            const struct holm_ip_address *address, uint64_t now_ns)
{
    struct holm_neighbour *entry = known(neighbours, address);

    if (entry != NULL &&
        (entry->state == HOLM_NEIGHBOUR_STALE || entry->state == HOLM_NEIGHBOUR_DELAY ||
         entry->state == HOLM_NEIGHBOUR_PROBE || entry->state == HOLM_NEIGHBOUR_REACHABLE))
        reachable(neighbours, entry, now_ns);
}

/* ask_again counts a question; false: there were enough, and the neighbour is lost. */
static bool ask_again(struct holm_neighbour *entry, uint64_t now_ns)
{
    if (entry->asks < HOLM_NEIGHBOUR_ASKS_MAX) {
        entry->asks += 1;
        entry->due_ns = now_ns + HOLM_NEIGHBOUR_ASK_NS;
        return true;
    }
    entry->state = HOLM_NEIGHBOUR_FAILED;
    entry->asks = 0;
    entry->told = true;
    entry->due_ns = now_ns + HOLM_NEIGHBOUR_FAILED_NS;
    return false;
}

/* step moves an entry whose time has come; false: there is nothing to say of it. */
static bool step(struct holm_neighbour *entry, uint64_t now_ns, enum holm_neighbour_event *event)
{
    switch (entry->state) {
    case HOLM_NEIGHBOUR_INCOMPLETE:
        *event = ask_again(entry, now_ns) ? HOLM_NEIGHBOUR_ASK_ALL : HOLM_NEIGHBOUR_LOST;
        return true;
    case HOLM_NEIGHBOUR_DELAY:
        entry->state = HOLM_NEIGHBOUR_PROBE;
        entry->asks = 0;
        *event = HOLM_NEIGHBOUR_ASK_ONE;
        return ask_again(entry, now_ns);
    case HOLM_NEIGHBOUR_PROBE:
        *event = ask_again(entry, now_ns) ? HOLM_NEIGHBOUR_ASK_ONE : HOLM_NEIGHBOUR_LOST;
        return true;
    case HOLM_NEIGHBOUR_REACHABLE:
        entry->state = HOLM_NEIGHBOUR_STALE;
        entry->due_ns = UINT64_MAX;
        return false;
    case HOLM_NEIGHBOUR_FAILED:
        *entry = (struct holm_neighbour){ .due_ns = UINT64_MAX };
        return false;
    case HOLM_NEIGHBOUR_NONE:
    case HOLM_NEIGHBOUR_STALE:
        return false;
    }
    return false;
}

enum holm_result holm_neighbour_next(struct holm_neighbours *neighbours, uint64_t now_ns,
                                     enum holm_neighbour_event *event, struct holm_neighbour *about)
{
    uint64_t due_ns = UINT64_MAX;

    if (now_ns < neighbours->due_ns)
        return HOLM_END;
    for (size_t i = 0; i < HOLM_NEIGHBOURS_MAX; i++) {
        struct holm_neighbour *entry = &HOLM_AT(neighbours->all, i);
        if (entry->state == HOLM_NEIGHBOUR_NONE)
            continue;
        bool found =
            (entry->state == HOLM_NEIGHBOUR_REACHABLE || entry->state == HOLM_NEIGHBOUR_STALE) &&
            !entry->told && entry->used_ns != 0;
        if (found) {
            entry->told = true;
            *event = HOLM_NEIGHBOUR_FOUND;
        }
        if (found || (entry->due_ns <= now_ns && step(entry, now_ns, event))) {
            *about = *entry;
            return HOLM_OK; /* the others at the next call */
        }
        due_ns = entry->due_ns < due_ns ? entry->due_ns : due_ns;
    }
    neighbours->due_ns = due_ns;
    return HOLM_END;
}

uint64_t holm_neighbour_deadline(const struct holm_neighbours *neighbours)
{
    return neighbours->due_ns;
}
