/* SPDX-License-Identifier: ISC */
/* tcpip_asking.c: packets that nobody would send again wait while the station is asked for that takes
 * them: the latest of each station, and few in all.
 * Source: RFC 1122 section 2.3.2.2, RFC 4861 section 7.2.2. */
#include "tcpip_impl.h"

enum holm_result holm_tcpip__ethernet_later(struct holm_tcpip__interface *self,
                                            const struct holm_ip_address *hop,
                                            struct holm_tcpip__departure *departure,
                                            struct holm_buffer *head)
{
    const struct holm_mac_address nobody = { 0 };
    enum holm_result result = holm_tcpip__ethernet(self, hop, head);

    if (result != HOLM_AGAIN)
        return result;
    departure->asks = self;
    departure->hop = *hop;
    return holm_tcpip__ethernet_to(self, &nobody, hop->family, head);
}

void holm_tcpip__answer(struct holm_tcpip *stack, const struct holm_tcpip__way *way,
                        struct holm_ip_header *ip, struct holm_bytes header,
                        struct holm_bytes bytes)
{
    size_t len = header.len + bytes.len;

    ip->source = way->source;
    ip->payload_len = (uint16_t)len;
    if (len > holm_tcpip__room(way, &ip->destination, len) || bytes.len > HOLM_CHUNK_BYTES) {
        ip->hops = ip->hops == 0 ? HOLM_IP_HOPS_DEFAULT : ip->hops;
        ip->id = holm_tcpip__id(stack);
        (void)holm_tcpip__send(stack, way, ip, header, bytes);
        return;
    }
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(stack, way->interface);
    if (departure == NULL)
        return;
    struct holm_buffer head = HOLM_BUFFER(departure->head), copy = HOLM_BUFFER(departure->copy);
    if (bytes.len > copy.size) {
        departure->store = holm_tcpip__store_chunk(stack, NULL);
        if (departure->store != NULL)
            copy = holm_span_buffer(holm_chunk_room(departure->store->chunk));
    }
    if (!holm_buffer_bytes(&copy, bytes) ||
        holm_tcpip__ethernet_later(way->interface, &way->hop, departure, &head) != HOLM_OK ||
        !holm_tcpip__ip_head(way->interface, &head, ip) || !holm_buffer_bytes(&head, header)) {
        holm_tcpip__departure_drop(stack, departure);
        return;
    }
    departure->frame.head = holm_buffer_filled(&head);
    departure->frame.fragments[0] = holm_buffer_filled(&copy);
    departure->frame.fragments_count = bytes.len > 0 ? 1 : 0;
    holm_tcpip__depart(stack, departure);
}

/* take_out takes a departure out of the row. */
static void take_out(struct holm_tcpip *stack, struct holm_tcpip__departure **place)
{
    *place = (*place)->next;
    stack->asking_count -= 1;
}

void holm_tcpip__asking_add(struct holm_tcpip *stack, struct holm_tcpip__departure *departure)
{
    struct holm_tcpip__departure **place = &stack->asking, *older = NULL;

    while (*place != NULL &&
           !((*place)->asks == departure->asks && holm_ip_equal(&(*place)->hop, &departure->hop)))
        place = &(*place)->next;
    if (*place == NULL && stack->asking_count == HOLM_TCPIP__ASKING)
        place = &stack->asking; /* the oldest */
    older = *place;
    if (older != NULL) {
        take_out(stack, place);
        holm_tcpip__departure_drop(stack, older);
    }
    for (place = &stack->asking; *place != NULL; place = &(*place)->next)
        continue;
    departure->next = NULL;
    *place = departure;
    stack->asking_count += 1;
}

void holm_tcpip__asking_run(struct holm_tcpip__interface *self)
{
    struct holm_tcpip *stack = self->stack;
    struct holm_tcpip__departure **place = &stack->asking;

    while (*place != NULL) {
        struct holm_tcpip__departure *departure = *place;
        struct holm_buffer head = HOLM_BUFFER(departure->head);
        enum holm_result result = HOLM_AGAIN;
        if (departure->asks == self) /* the header of the frame is written anew */
            result = holm_tcpip__ethernet(self, &departure->hop, &head);
        if (result == HOLM_AGAIN) {
            place = &departure->next;
            continue;
        }
        take_out(stack, place);
        departure->asks = NULL;
        if (result == HOLM_OK) {
            holm_tcpip__depart(stack, departure);
            continue;
        }
        if (departure->forwards) { /* its sender may have to be asked for, too: the row changes */
            holm_tcpip__forward_failed(stack, departure);
            place = &stack->asking;
        }
        holm_tcpip__departure_drop(stack, departure); /* what is ours, as on any wire */
    }
}
