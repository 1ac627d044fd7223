/* SPDX-License-Identifier: ISC */
/* image.c: the request to stop; openings and names for tasks. */
#include <holm/image.h>

#include <holm/text.h>

#include "run_impl.h"

void holm_image_on_stop(struct holm_image *image, struct holm_stopper *stopper)
{
    stopper->next = image->stoppers;
    image->stoppers = stopper;
    if (image->run->turn.stops > 0)
        holm_wake_ring(&stopper->wake);
}

static bool any_busy(const struct holm_image *image)
{
    for (const struct holm_stopper *stopper = image->stoppers; stopper != NULL;
         stopper = stopper->next) {
        if (stopper->busy)
            return true;
    }
    return false;
}

enum holm_result holm_image_finish(struct holm_image *image)
{
    uint64_t now_ns = holm_run_now_ns(image->run);
    uint64_t deadline_ns = image->stop_ns == 0 ? HOLM_TIMER_NEVER : now_ns + image->stop_ns;
    uint32_t stops = image->run->turn.stops;
    enum holm_result result = HOLM_OK;

    image->stop.pump = holm_task_pump(holm_task_self());
    for (struct holm_stopper *stopper = image->stoppers; stopper != NULL; stopper = stopper->next)
        holm_wake_ring(&stopper->wake);
    result = holm_task_yield(); /* those pumps must have run once */
    while (result == HOLM_OK && any_busy(image)) {
        result = holm_task_wait(deadline_ns);
        if (image->run->turn.stops != stops)
            result = HOLM_ERR_CANCELLED;
    }
    image->stop.pump = NULL;
    return result;
}

enum holm_result holm_image_until_stopped(struct holm_image *image)
{
    struct holm_pump *before = image->run->stop.pump;
    enum holm_result result = HOLM_OK;

    image->run->stop.pump = holm_task_pump(holm_task_self());
    while (result == HOLM_OK && image->run->turn.stops == 0)
        result = holm_task_wait(HOLM_TIMER_NEVER);
    if (result == HOLM_OK)
        result = holm_image_finish(image);
    image->run->stop.pump = before;
    return result;
}

/* open_wait waits until an opening may be asked for again, or gives it up. */
static enum holm_result open_wait(struct holm_network *network, struct holm_open *open,
                                  uint64_t deadline_ns)
{
    enum holm_result result = holm_task_wait(deadline_ns);

    if (result != HOLM_OK)
        network->ops->cancel(network, open);
    return result == HOLM_OK ? HOLM_AGAIN : result;
}

enum holm_result holm_network_listen(struct holm_listener **listener, struct holm_network *network,
                                     uint16_t port)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    struct holm_endpoint local = { .port = port };
    enum holm_result result;

    do {
        result = network->ops->listen(network, &open, listener, &local);
        if (result == HOLM_AGAIN)
            result = open_wait(network, &open, HOLM_TIMER_NEVER);
    } while (result == HOLM_AGAIN);
    return result;
}

enum holm_result holm_network_connect(struct holm_flow **flow, struct holm_network *network,
                                      const struct holm_endpoint *peer, uint64_t deadline_ns)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    enum holm_result result;

    do {
        result = network->ops->connect(network, &open, flow, peer);
        if (result == HOLM_AGAIN)
            result = open_wait(network, &open, deadline_ns);
    } while (result == HOLM_AGAIN);
    return result;
}

enum holm_result holm_network_datagram(struct holm_datagram **datagram,
                                       struct holm_network *network,
                                       const struct holm_endpoint *local)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    enum holm_result result;

    do {
        result = network->ops->datagram(network, &open, datagram, local);
        if (result == HOLM_AGAIN)
            result = open_wait(network, &open, HOLM_TIMER_NEVER);
    } while (result == HOLM_AGAIN);
    return result;
}

/* is_localhost answers whether name is localhost or one below it, with a dot at its end or without. */
static bool is_localhost(struct holm_bytes name)
{
    const struct holm_bytes local = HOLM_TEXT("localhost");
    struct holm_bytes last = { 0 };

    if (name.len > 0 && holm_bytes_is(name, name.len - 1, '.'))
        name.len--;
    return name.len >= local.len && holm_bytes_from(name, name.len - local.len, &last) &&
           holm_text_equal_nocase(last, local) &&
           (name.len == local.len || holm_bytes_is(name, name.len - local.len - 1, '.'));
}

/* known answers what needs no resolver. */
static bool known(struct holm_resolver_answer *answer, struct holm_bytes name)
{
    *answer = (struct holm_resolver_answer){ .lifetime_ns = HOLM_TIMER_NEVER, .count = 1 };
    if (holm_text_ip_parse(&answer->addresses[0], name) == HOLM_OK)
        return true;
    if (!is_localhost(name))
        return false;
    answer->count = 2;
    answer->addresses[0] = holm_ip_loopback(HOLM_IP_V4);
    HOLM_AT(answer->addresses, 1) = holm_ip_loopback(HOLM_IP_V6);
    return true;
}

enum holm_result holm_resolver_ask(struct holm_resolver_answer *answer,
                                   struct holm_resolver *resolver, struct holm_bytes name,
                                   uint64_t deadline_ns)
{
    if (known(answer, name))
        return HOLM_OK;
    if (resolver == NULL)
        return HOLM_ERR_NOT_FOUND;
    struct holm_question question = { .wake = { holm_task_pump(holm_task_self()) }, .name = name };
    for (;;) {
        enum holm_result result = holm_resolver_resolve(resolver, &question, answer);
        if (result != HOLM_AGAIN)
            return result;
        result = holm_task_wait(deadline_ns);
        if (result != HOLM_OK) {
            holm_resolver_cancel(resolver, &question);
            return result;
        }
    }
}
