/* SPDX-License-Identifier: ISC */
/* acd.c: addresses looked for, announced and defended. */
#include <holm/acd.h>

#define MILLISECOND_NS UINT64_C(1000000)

/* up_to_ns is a random time below bound_ns. */
static uint64_t up_to_ns(struct holm_random *random, uint64_t bound_ns)
{
    return holm_random_below(random, (uint32_t)(bound_ns / MILLISECOND_NS)) * MILLISECOND_NS;
}

void holm_acd_probe(struct holm_acd *acd, const struct holm_ip_address *address, bool quick,
                    struct holm_random *random, uint64_t now_ns)
{
    *acd = (struct holm_acd){ .address = *address,
                              .state = HOLM_ACD_PROBING,
                              .quick = quick,
                              .due_ns = now_ns,
                              .defended_ns = UINT64_MAX };
    if (!quick)
        acd->due_ns += up_to_ns(random, HOLM_ACD_PROBE_WAIT_NS);
}

void holm_acd_hold(struct holm_acd *acd, const struct holm_ip_address *address, bool keeps,
                   uint64_t now_ns)
{
    *acd = (struct holm_acd){ .address = *address,
                              .state = HOLM_ACD_HELD,
                              .keeps = keeps,
                              .due_ns = now_ns,
                              .defended_ns = UINT64_MAX };
}

static void lose(struct holm_acd *acd)
{
    acd->state = HOLM_ACD_LOST_IT;
    acd->told_lost = true;
    acd->defends = false;
}

/* defend answers a claim once in a while; who claims again meanwhile means it. */
static void defend(struct holm_acd *acd, uint64_t now_ns)
{
    bool lately = acd->defended_ns != UINT64_MAX && now_ns < acd->defended_ns + HOLM_ACD_DEFEND_NS;

    if (!lately) {
        acd->defends = true;
        acd->defended_ns = now_ns;
    } else if (!acd->keeps) { /* RFC 5227 section 2.4 (b); of one that is kept: (c) */
        lose(acd);
    }
}

void holm_acd_feed(struct holm_acd *acd, const struct holm_arp *arp,
                   const struct holm_mac_address *ours, uint64_t now_ns)
{
    bool claims = holm_ip_equal(&arp->sender, &acd->address);
    bool probes = !arp->is_reply && holm_ip_is_any(&arp->sender) &&
                  holm_ip_equal(&arp->target, &acd->address);

    if (holm_mac_equal(&arp->sender_mac, ours))
        return; /* our own, that came back */
    if (acd->state == HOLM_ACD_PROBING && (claims || probes))
        lose(acd);
    else if (acd->state == HOLM_ACD_HELD && claims)
        defend(acd, now_ns);
}

/* probing sends the next probe, or has waited long enough behind the last. */
static enum holm_acd_event probing(struct holm_acd *acd, struct holm_random *random,
                                   uint64_t now_ns)
{
    if (acd->count == HOLM_ACD_PROBES) {
        acd->state = HOLM_ACD_HELD;
        acd->count = 0;
        acd->due_ns = now_ns;
        return HOLM_ACD_GAINED;
    }
    acd->count += 1;
    if (acd->quick)
        acd->due_ns = now_ns + HOLM_ACD_QUICK_NS;
    else if (acd->count == HOLM_ACD_PROBES)
        acd->due_ns = now_ns + HOLM_ACD_ANNOUNCE_WAIT_NS;
    else
        acd->due_ns = now_ns + HOLM_ACD_PROBE_MIN_NS +
                      up_to_ns(random, HOLM_ACD_PROBE_MAX_NS - HOLM_ACD_PROBE_MIN_NS);
    return HOLM_ACD_PROBE;
}

enum holm_result holm_acd_next(struct holm_acd *acd, struct holm_random *random, uint64_t now_ns,
                               enum holm_acd_event *event)
{
    if (acd->told_lost) {
        acd->told_lost = false;
        *event = HOLM_ACD_LOST;
        return HOLM_OK;
    }
    if (acd->defends) {
        acd->defends = false;
        *event = HOLM_ACD_ANNOUNCE;
        return HOLM_OK;
    }
    if (holm_acd_deadline(acd) > now_ns)
        return HOLM_END;
    if (acd->state == HOLM_ACD_PROBING) {
        *event = probing(acd, random, now_ns);
        return HOLM_OK;
    }
    acd->count += 1;
    acd->due_ns = now_ns + HOLM_ACD_ANNOUNCE_NS;
    *event = HOLM_ACD_ANNOUNCE;
    return HOLM_OK;
}

uint64_t holm_acd_deadline(const struct holm_acd *acd)
{
    if (acd->told_lost || acd->defends)
        return 0;
    if (acd->state == HOLM_ACD_PROBING ||
        (acd->state == HOLM_ACD_HELD && acd->count < HOLM_ACD_ANNOUNCEMENTS))
        return acd->due_ns;
    return UINT64_MAX;
}

struct holm_arp holm_acd_message(const struct holm_acd *acd, const struct holm_mac_address *ours,
                                 enum holm_acd_event event)
{
    return (struct holm_arp){ .sender_mac = *ours,
                              .sender =
                                  event == HOLM_ACD_PROBE ? holm_ip_any(HOLM_IP_V4) : acd->address,
                              .target = acd->address };
}
