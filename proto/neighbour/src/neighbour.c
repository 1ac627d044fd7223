/* SPDX-License-Identifier: ISC */
/* neighbour.c: the table of neighbours. An address has one row of places, by a hash that strangers can
 * not foresee; who finds none free takes the place of the one that was of least use, so nobody can be
 * locked out.
 *
 * (1) The station of a neighbour changes only by an answer to a question that was asked of all: an
 * entry that is none, INCOMPLETE or FAILED comes between. */
#include <holm/neighbour.h>

#define WAYS 8

static size_t row_of(const struct holm_neighbours *neighbours,
                     const struct holm_ip_address *address)
{
    return holm_siphash(&neighbours->key, holm_ip_bytes(address)) % (HOLM_NEIGHBOURS_MAX / WAYS) *
           WAYS;
}

static struct holm_neighbour *known(struct holm_neighbours *neighbours,
                                    const struct holm_ip_address *address)
{
    size_t row = row_of(neighbours, address);

    for (size_t i = row; i < row + WAYS; i++) {
        struct holm_neighbour *entry = &HOLM_AT(neighbours->all, i);
        if (entry->state != HOLM_NEIGHBOUR_NONE && holm_ip_equal(&entry->address, address))
            return entry;
    }
    return NULL;
}

static bool same(const struct holm_mac_address *a, const struct holm_mac_address *b)
{
    return holm_bytes_equal(HOLM_BLOB(a->bytes), HOLM_BLOB(b->bytes));
}

/* enum worth says how ill the loss of an entry would be. */
enum worth { FREE, SILENT, TOLD_US, ASKED_FOR, IN_USE };

static enum worth worth(const struct holm_neighbour *entry)
{
    switch (entry->state) {
    case HOLM_NEIGHBOUR_NONE:
        return FREE;
    case HOLM_NEIGHBOUR_FAILED:
        return SILENT;
    case HOLM_NEIGHBOUR_INCOMPLETE:
        return ASKED_FOR;
    case HOLM_NEIGHBOUR_STALE:
    case HOLM_NEIGHBOUR_REACHABLE:
    case HOLM_NEIGHBOUR_DELAY:
    case HOLM_NEIGHBOUR_PROBE:
        break;
    }
    return entry->used_ns == 0 ? TOLD_US : IN_USE;
}

/* new_entry takes the place of the least use, of several the one that was used the longest ago, if that
 * is worth no more than most. */
static struct holm_neighbour *new_entry(struct holm_neighbours *neighbours,
                                        const struct holm_ip_address *address, enum worth most)
{
    size_t row = row_of(neighbours, address);
    struct holm_neighbour *least = &HOLM_AT(neighbours->all, row);

    for (size_t i = row + 1; i < row + WAYS; i++) {
        struct holm_neighbour *entry = &HOLM_AT(neighbours->all, i);
        if (worth(entry) < worth(least) ||
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

void holm_neighbour_init(struct holm_neighbours *neighbours, const struct holm_siphash_key *key)
{
    *neighbours = (struct holm_neighbours){ 0 };
    neighbours->key = *key;
}

enum holm_result holm_neighbour_find(struct holm_neighbours *neighbours,
                                     const struct holm_ip_address *address, uint64_t now_ns,
                                     struct holm_mac_address *mac)
{
    struct holm_neighbour *entry = known(neighbours, address);

    if (entry == NULL) {
        entry = new_entry(neighbours, address, IN_USE);
        holm_assert(entry != NULL);
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
    entry->contested = false;
    state_set(neighbours, entry, HOLM_NEIGHBOUR_REACHABLE, now_ns + HOLM_NEIGHBOUR_REACHABLE_NS);
}

/* first takes the first that is heard of who was asked for; answers: it hears us, too. */
static void first(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                  const struct holm_mac_address *mac, bool answers, uint64_t now_ns)
{
    entry->told = entry->told && entry->state == HOLM_NEIGHBOUR_FAILED;
    entry->mac = *mac;
    entry->asks = 0;
    if (answers)
        reachable(neighbours, entry, now_ns);
    else
        state_set(neighbours, entry, HOLM_NEIGHBOUR_STALE, UINT64_MAX);
    if (!entry->told)
        neighbours->due_ns = now_ns; /* who waits is to be told */
}

/* contest takes the word of another station than the one that is known. It may be forged: the one we
 * know is asked once; only if it is silent, all are (keeps (1)). Of one that we never sent to neither is
 * believed. */
static void contest(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                    uint64_t now_ns)
{
    if (entry->used_ns == 0 && entry->state == HOLM_NEIGHBOUR_STALE) {
        *entry = (struct holm_neighbour){ 0 };
        return;
    }
    entry->contested = true;
    if (entry->state == HOLM_NEIGHBOUR_PROBE)
        return;
    entry->asks = 0;
    state_set(neighbours, entry, HOLM_NEIGHBOUR_PROBE, now_ns);
}

void holm_neighbour_hear(struct holm_neighbours *neighbours, const struct holm_ip_address *address,
                         const struct holm_mac_address *mac, enum holm_neighbour_word word,
                         uint64_t now_ns)
{
    struct holm_neighbour *entry = known(neighbours, address);

    if (entry == NULL) {
        if (word != HOLM_NEIGHBOUR_REQUESTED)
            return;
        entry = new_entry(neighbours, address, TOLD_US);
        if (entry == NULL)
            return;
        entry->mac = *mac;
        state_set(neighbours, entry, HOLM_NEIGHBOUR_STALE, UINT64_MAX);
        return;
    }
    if (entry->state == HOLM_NEIGHBOUR_FAILED && word == HOLM_NEIGHBOUR_CLAIMED)
        return;
    if (entry->state == HOLM_NEIGHBOUR_INCOMPLETE || entry->state == HOLM_NEIGHBOUR_FAILED)
        first(neighbours, entry, mac, word == HOLM_NEIGHBOUR_ANSWERED, now_ns);
    else if (!same(&entry->mac, mac))
        contest(neighbours, entry, now_ns);
    else if (word == HOLM_NEIGHBOUR_ANSWERED && entry->state == HOLM_NEIGHBOUR_PROBE)
        reachable(neighbours, entry, now_ns);
}

/* claimed takes an advertisement about an entry. */
static void claimed(struct holm_neighbours *neighbours, struct holm_neighbour *entry,
                    const struct holm_neighbour_claim *claim, uint64_t now_ns)
{
    if (entry->state == HOLM_NEIGHBOUR_FAILED && !claim->solicited)
        return;
    if (entry->state == HOLM_NEIGHBOUR_INCOMPLETE || entry->state == HOLM_NEIGHBOUR_FAILED) {
        if (claim->has_mac)
            first(neighbours, entry, &claim->mac, claim->solicited, now_ns);
    } else if (claim->has_mac && !same(&entry->mac, &claim->mac)) {
        if (claim->override || entry->state == HOLM_NEIGHBOUR_REACHABLE)
            contest(neighbours, entry, now_ns);
    } else if (claim->solicited) {
        reachable(neighbours, entry, now_ns);
    }
}

bool holm_neighbour_claim(struct holm_neighbours *neighbours,
                          const struct holm_neighbour_claim *claim, uint64_t now_ns)
{
    struct holm_neighbour *entry = known(neighbours, &claim->address);

    if (entry == NULL)
        return false;
    claimed(neighbours, entry, claim, now_ns);
    return entry->state != HOLM_NEIGHBOUR_NONE && entry->state != HOLM_NEIGHBOUR_INCOMPLETE &&
           entry->state != HOLM_NEIGHBOUR_FAILED && same(&entry->mac, &claim->mac);
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

/* open_up lets all answer for whom another claims to be, when the one that we know is silent. */
static void open_up(struct holm_neighbour *entry)
{
    if (!entry->contested || entry->state != HOLM_NEIGHBOUR_PROBE || entry->asks == 0)
        return;
    entry->state = HOLM_NEIGHBOUR_INCOMPLETE;
    entry->contested = false;
    entry->told = true;
    entry->asks = 0;
}

/* step moves an entry whose time has come; false: there is nothing to say of it. */
static bool step(struct holm_neighbour *entry, uint64_t now_ns, enum holm_neighbour_event *event)
{
    open_up(entry);
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

bool holm_neighbour_check(const struct holm_neighbours *neighbours)
{
    for (size_t i = 0; i < HOLM_NEIGHBOURS_MAX; i++) {
        const struct holm_neighbour *entry = &HOLM_AT(neighbours->all, i);
        if (entry->state == HOLM_NEIGHBOUR_NONE)
            continue;
        if (entry->asks > HOLM_NEIGHBOUR_ASKS_MAX ||
            i / WAYS != row_of(neighbours, &entry->address) / WAYS ||
            (entry->contested && entry->state != HOLM_NEIGHBOUR_PROBE) ||
            entry->due_ns < neighbours->due_ns)
            return false;
        for (size_t j = i / WAYS * WAYS; j < i; j++)
            if (HOLM_AT(neighbours->all, j).state != HOLM_NEIGHBOUR_NONE &&
                holm_ip_equal(&HOLM_AT(neighbours->all, j).address, &entry->address))
                return false;
    }
    return true;
}

uint64_t holm_neighbour_deadline(const struct holm_neighbours *neighbours)
{
    return neighbours->due_ns;
}
