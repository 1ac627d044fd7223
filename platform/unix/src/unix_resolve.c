/* SPDX-License-Identifier: ISC */
/* unix_resolve.c: names below the door, by the host's getaddrinfo: so by /etc/hosts, DNS and
 * whatever else the host is set up for. It blocks and allocates, so each lookup has a thread of its
 * own, which touches its lookup and nothing else of the image:
 *
 *     FREE --resolve, the loop--> ASKED --answer, the thread--> DONE --resolved, the loop--> FREE
 *
 * The thread's last act is to ring the descriptor that the loop sleeps over. */
#include "unix_impl.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <holm/resolver.h>

enum state {
    FREE,
    ASKED,
    DONE,
};

struct lookup {
    atomic_int state;
    struct holm_operation *operation; /* the loop's */
    int error;
    size_t count;
    struct holm_ip_address addresses[HOLM_RESOLVER_ADDRESSES_MAX];
    uint8_t name[HOLM_RESOLVER_NAME_MAX + 1];
};

static struct lookup lookups[HOLM_UNIX_LOOKUPS_MAX];

static void keep(struct lookup *lookup, const struct addrinfo *info)
{
    union holm_unix__address address = { 0 };
    struct holm_endpoint endpoint = { 0 };

    if (lookup->count == HOLM_RESOLVER_ADDRESSES_MAX)
        return;
    if (info->ai_family == AF_INET) {
        const void *in = info->ai_addr;
        const struct sockaddr_in *v4 = in;
        address.v4 = *v4;
    } else if (info->ai_family == AF_INET6) {
        const void *in = info->ai_addr;
        const struct sockaddr_in6 *v6 = in;
        address.v6 = *v6;
    }
    holm_unix__address_parse(&endpoint, &address);
    if (endpoint.address.family == HOLM_IP_NONE)
        return;
    HOLM_AT(lookup->addresses, lookup->count) = endpoint.address;
    lookup->count++;
}

static void *look_up(void *context)
{
    static const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct lookup *lookup = context;
    struct addrinfo *all = NULL;
    uint64_t one = 1;

    lookup->error = getaddrinfo((const char *)lookup->name, NULL, &hints, &all);
    for (const struct addrinfo *info = all; info != NULL; info = info->ai_next)
        keep(lookup, info);
    if (all != NULL)
        freeaddrinfo(all);
    atomic_store(&lookup->state, DONE);
    (void)!write(holm_unix__state.events, &one, sizeof one);
    return NULL;
}

/* begin starts the thread. No signal is for it: they are the loop's. */
static bool begin(struct lookup *lookup)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_t thread;

    if (pthread_attr_init(&attributes) != 0)
        return false;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool well = pthread_create(&thread, &attributes, look_up, lookup) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return well;
}

static struct lookup *free_one(void)
{
    for (size_t i = 0; i < HOLM_UNIX_LOOKUPS_MAX; i++) {
        if (atomic_load(&HOLM_AT(lookups, i).state) == FREE)
            return &HOLM_AT(lookups, i);
    }
    return NULL;
}

void holm_unix__resolve(struct holm_operation *operation)
{
    struct lookup *lookup = free_one();
    struct holm_bytes name = operation->pieces[0];

    if (lookup == NULL) {
        holm_unix__complete(operation, HOLM_ERR_NO_MEMORY);
        return;
    }
    struct holm_buffer text = HOLM_BUFFER(lookup->name);
    for (size_t i = 0; i < name.len; i++) {
        if (holm_bytes_is(name, i, 0))
            name.len = 0;
    }
    if (name.len == 0 || !holm_buffer_bytes(&text, name) || !holm_buffer_u8(&text, 0)) {
        holm_unix__complete(operation, HOLM_ERR_NOT_FOUND);
        return;
    }
    lookup->operation = operation;
    lookup->count = 0;
    atomic_store(&lookup->state, ASKED);
    if (begin(lookup))
        return;
    atomic_store(&lookup->state, FREE);
    holm_unix__complete(operation, HOLM_ERR_NO_MEMORY);
}

static enum holm_result result_of(const struct lookup *lookup)
{
    switch (lookup->error) {
    case 0:
        return lookup->count > 0 ? HOLM_OK : HOLM_ERR_NOT_FOUND;
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return HOLM_ERR_NOT_FOUND;
    case EAI_AGAIN:
        return HOLM_ERR_UNREACHABLE;
    case EAI_MEMORY:
        return HOLM_ERR_NO_MEMORY;
    default:
        return HOLM_ERR_IO;
    }
}

/* emit writes the addresses as 16 bytes each; IPv4 as ::ffff:a.b.c.d. */
static void emit(struct holm_operation *operation, const struct lookup *lookup)
{
    static const uint8_t mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    struct holm_buffer out = holm_span_buffer(operation->span);

    for (size_t i = 0; i < lookup->count && out.size - out.len >= 16; i++) {
        struct holm_bytes address = holm_ip_bytes(&HOLM_AT(lookup->addresses, i));
        holm_assert((address.len == 16 || holm_buffer_bytes(&out, HOLM_BLOB(mapped))) &&
                    holm_buffer_bytes(&out, address));
    }
    operation->size = out.len;
}

void holm_unix__resolved(void)
{
    for (size_t i = 0; i < HOLM_UNIX_LOOKUPS_MAX; i++) {
        struct lookup *lookup = &HOLM_AT(lookups, i);
        if (atomic_load(&lookup->state) != DONE)
            continue;
        enum holm_result result = result_of(lookup);
        struct holm_operation *operation = lookup->operation;
        if (result == HOLM_OK)
            emit(operation, lookup);
        atomic_store(&lookup->state, FREE);
        holm_unix__complete(operation, result);
    }
}
