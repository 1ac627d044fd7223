/* SPDX-License-Identifier: ISC */
/* dhcp.c: the client. Its states: holm/dhcp.h. */
#include <holm/dhcp.h>
#include <holm/ip.h>
#include <holm/wrap.h>

enum {
    REQUEST_CODE = 1,
    ETHERNET = 1,
    MAC_BYTES = 6,
    FLAG_BROADCAST = 0x8000,
    CLIENT_ID_MAC = 1,
};

enum option {
    OPTION_HOST = 12,
    OPTION_REQUESTED = 50,
    OPTION_KIND = 53,
    OPTION_SERVER = 54,
    OPTION_WANTED = 55,
    OPTION_SIZE = 57,
    OPTION_CLIENT = 61,
    OPTION_END = 255,
};

#define SECOND_NS UINT64_C(1000000000)

static uint64_t never_or(uint64_t start_ns, uint32_t seconds)
{
    return seconds == HOLM_DHCP_FOREVER ? UINT64_MAX : start_ns + seconds * SECOND_NS;
}

/* begin starts anew, at due_ns. */
static void begin(struct holm_dhcp *dhcp, uint64_t due_ns)
{
    dhcp->state = HOLM_DHCP_INIT;
    dhcp->tries = 0;
    dhcp->send_due = false;
    dhcp->due_ns = due_ns;
}

void holm_dhcp_init(struct holm_dhcp *dhcp, const struct holm_dhcp_options *options,
                    struct holm_random *random, uint64_t now_ns)
{
    *dhcp = (struct holm_dhcp){ .options = *options, .random = random };
    /* RFC 2131 section 4.4.1 wants up to ten seconds of chance here, for whole towns that wake at
     * once. Deviation: a second, since an image that boots is waited for. */
    begin(dhcp, now_ns + holm_random_below(random, 1000) * (SECOND_NS / 1000));
}

/* pause_ns is how long the next answer is waited for. */
static uint64_t pause_ns(struct holm_dhcp *dhcp)
{
    uint64_t wait_ns = HOLM_DHCP_TRY_FIRST_NS;

    for (uint8_t i = 0; i < dhcp->tries && wait_ns < HOLM_DHCP_TRY_LAST_NS; i++)
        wait_ns *= 2;
    return wait_ns - SECOND_NS + holm_random_below(dhcp->random, 2000) * (SECOND_NS / 1000);
}

static void lost(struct holm_dhcp *dhcp, uint64_t now_ns)
{
    bool had = dhcp->state >= HOLM_DHCP_BOUND && dhcp->state != HOLM_DHCP_STOPPED;

    begin(dhcp, now_ns);
    if (had)
        dhcp->told_lost = true;
    dhcp->told_gained = dhcp->told_changed = dhcp->told_check = false;
}

/* bound takes the lease into use. */
static void bound(struct holm_dhcp *dhcp, bool renewed)
{
    dhcp->state = HOLM_DHCP_BOUND;
    dhcp->tries = 0;
    dhcp->due_ns = never_or(dhcp->got_ns, dhcp->lease.renew_s);
    if (renewed)
        dhcp->told_changed = true;
    else
        dhcp->told_gained = true;
}

/* is_station answers whether one station can have the address on a link whose prefix is so long: the
 * first and the last address of a prefix are the network's, but of two or of one (RFC 3021). */
static bool is_station(const struct holm_ip_address *address, uint8_t length_bits)
{
    struct holm_bytes in = holm_ip_bytes(address);
    uint32_t number = 0;

    if (address->family != HOLM_IP_V4 || holm_ip_is_any(address) || !holm_ip_source_fits(address) ||
        !holm_bytes_u32(&in, &number))
        return false;
    if (length_bits >= 31)
        return true;
    uint32_t host = UINT32_MAX >> length_bits;
    return (number & host) != 0 && (number & host) != host;
}

/* lease_fits answers whether a lease can be used: who answers first on the link is believed, but not
 * that we are a group, the whole link, or the server itself. */
static bool lease_fits(const struct holm_dhcp_lease *lease)
{
    struct holm_ip_prefix class_e = { holm_ip_v4(240, 0, 0, 0), 4 };

    return lease->length_bits > 0 && is_station(&lease->address, lease->length_bits) &&
           !holm_ip_prefix_has(&class_e, &lease->address) && is_station(&lease->server, 32) &&
           !holm_ip_equal(&lease->address, &lease->server);
}

static void acknowledged(struct holm_dhcp *dhcp, struct holm_dhcp_lease *lease, uint64_t now_ns)
{
    bool renewed = dhcp->state == HOLM_DHCP_RENEWING || dhcp->state == HOLM_DHCP_REBINDING;

    /* Some servers do not name themselves when they renew; the next REQUEST needs one to go to. */
    if (renewed && lease->server.family == HOLM_IP_NONE)
        lease->server = dhcp->lease.server;
    if (lease->lease_s == 0 || !lease_fits(lease))
        return;
    if (renewed && !holm_ip_equal(&lease->address, &dhcp->lease.address)) {
        lost(dhcp, now_ns);
        return;
    }
    dhcp->lease = *lease;
    dhcp->got_ns = dhcp->sent_ns;
    dhcp->send_due = false;
    if (renewed || !dhcp->options.check) {
        bound(dhcp, renewed);
        return;
    }
    dhcp->state = HOLM_DHCP_CHECKING;
    dhcp->told_check = true;
    dhcp->due_ns = now_ns + HOLM_DHCP_CHECK_NS;
}

void holm_dhcp_feed(struct holm_dhcp *dhcp, struct holm_bytes in, uint64_t now_ns)
{
    struct holm_dhcp_reply reply;
    bool asks = dhcp->state == HOLM_DHCP_REQUESTING || dhcp->state == HOLM_DHCP_RENEWING ||
                dhcp->state == HOLM_DHCP_REBINDING;

    if (holm_dhcp_reply_parse(&reply, in) != HOLM_OK || reply.transaction != dhcp->transaction ||
        !holm_bytes_equal(HOLM_BLOB(reply.mac.bytes), HOLM_BLOB(dhcp->options.mac.bytes)))
        return;
    if (dhcp->state == HOLM_DHCP_SELECTING && reply.kind == HOLM_DHCP_OFFER) {
        if (!lease_fits(&reply.lease))
            return;
        dhcp->lease = reply.lease;
        dhcp->got_ns = dhcp->sent_ns;
        dhcp->state = HOLM_DHCP_REQUESTING;
        dhcp->tries = 0;
        dhcp->send_due = true;
        return;
    }
    /* In REQUESTING only who made the offer counts; an ACK of another is of somebody's old lease. */
    if (!asks || (dhcp->state == HOLM_DHCP_REQUESTING &&
                  !holm_ip_equal(&reply.lease.server, &dhcp->lease.server)))
        return;
    if (reply.kind == HOLM_DHCP_ACK)
        acknowledged(dhcp, &reply.lease, now_ns);
    else if (reply.kind == HOLM_DHCP_NAK)
        lost(dhcp, now_ns + (dhcp->state == HOLM_DHCP_REQUESTING ? SECOND_NS : 0));
}

/* again_ns is when a REQUEST that renews is sent again: half of what is left, at least a minute. */
static uint64_t again_ns(uint64_t now_ns, uint64_t end_ns)
{
    uint64_t left_ns = end_ns > now_ns ? end_ns - now_ns : 0;

    return left_ns / 2 > 60 * SECOND_NS ? now_ns + left_ns / 2
           : left_ns > 60 * SECOND_NS   ? now_ns + 60 * SECOND_NS
                                        : end_ns;
}

static void due(struct holm_dhcp *dhcp, uint64_t now_ns)
{
    uint64_t rebind_ns = never_or(dhcp->got_ns, dhcp->lease.rebind_s);
    uint64_t end_ns = never_or(dhcp->got_ns, dhcp->lease.lease_s);
    bool uses = dhcp->state == HOLM_DHCP_BOUND || dhcp->state == HOLM_DHCP_RENEWING ||
                dhcp->state == HOLM_DHCP_REBINDING;

    if (uses && now_ns >= end_ns) { /* at once: RFC 2131 section 4.4.5 */
        lost(dhcp, now_ns);
        return;
    }
    switch (dhcp->state) {
    case HOLM_DHCP_INIT:
        dhcp->state = HOLM_DHCP_SELECTING;
        dhcp->transaction = holm_random_u32(dhcp->random);
        dhcp->begun_ns = now_ns;
        dhcp->send_due = true;
        return;
    case HOLM_DHCP_SELECTING:
        dhcp->send_due = true;
        return;
    case HOLM_DHCP_REQUESTING:
        if (dhcp->tries < HOLM_DHCP_TRIES_MAX)
            dhcp->send_due = true;
        else
            begin(dhcp, now_ns);
        return;
    case HOLM_DHCP_CHECKING:
        bound(dhcp, false);
        return;
    case HOLM_DHCP_BOUND:
        dhcp->state = HOLM_DHCP_RENEWING;
        dhcp->transaction = holm_random_u32(dhcp->random);
        dhcp->begun_ns = now_ns;
        dhcp->send_due = true;
        return;
    case HOLM_DHCP_RENEWING:
        if (now_ns >= rebind_ns)
            dhcp->state = HOLM_DHCP_REBINDING;
        dhcp->send_due = true;
        return;
    case HOLM_DHCP_REBINDING:
        dhcp->send_due = true;
        return;
    case HOLM_DHCP_STOPPED:
        return;
    }
}

void holm_dhcp_tick(struct holm_dhcp *dhcp, uint64_t now_ns)
{
    if (dhcp->due_ns > now_ns)
        return;
    dhcp->due_ns = UINT64_MAX;
    due(dhcp, now_ns);
}

static bool zeroes_emit(struct holm_buffer *out, size_t count)
{
    bool fits = true;

    for (size_t i = 0; i < count; i++)
        fits = fits && holm_buffer_u8(out, 0);
    return fits;
}

static bool u32_emit(struct holm_buffer *out, uint32_t value)
{
    return holm_buffer_u16(out, (uint16_t)(value >> 16)) &&
           holm_buffer_u16(out, (uint16_t)(value & 0xffff));
}

static bool option_emit(struct holm_buffer *out, uint8_t option, struct holm_bytes value)
{
    return holm_buffer_u8(out, option) && holm_buffer_u8(out, (uint8_t)value.len) &&
           holm_buffer_bytes(out, value);
}

/* fixed_emit writes what stands before the options; ours is the address that we use already. */
static bool fixed_emit(const struct holm_dhcp *dhcp, struct holm_buffer *out,
                       const struct holm_ip_address *ours, uint64_t now_ns)
{
    /* RFC 2131 section 3.1 (3): a REQUEST for an offer says those of its DISCOVER, as relays go by them. */
    uint64_t until_ns = dhcp->state == HOLM_DHCP_REQUESTING ? dhcp->got_ns : now_ns;
    uint64_t seconds = (until_ns - dhcp->begun_ns) / SECOND_NS;
    bool has = !holm_ip_is_any(ours);

    return holm_buffer_u8(out, REQUEST_CODE) && holm_buffer_u8(out, ETHERNET) &&
           holm_buffer_u8(out, MAC_BYTES) && holm_buffer_u8(out, 0) &&
           u32_emit(out, dhcp->transaction) &&
           holm_buffer_u16(out, seconds > UINT16_MAX ? UINT16_MAX : (uint16_t)seconds) &&
           holm_buffer_u16(out, has ? 0 : FLAG_BROADCAST) &&
           holm_buffer_bytes(out, holm_ip_bytes(ours)) && zeroes_emit(out, 12) &&
           holm_buffer_bytes(out, HOLM_BLOB(dhcp->options.mac.bytes)) && zeroes_emit(out, 10) &&
           zeroes_emit(out, 192) && u32_emit(out, 0x63825363);
}

/* options_emit writes the options of a message of that kind. */
static bool options_emit(const struct holm_dhcp *dhcp, struct holm_buffer *out,
                         enum holm_dhcp_message kind, bool names_lease)
{
    static const uint8_t wanted[] = { 1, 3, 6, 15, 26, 42, 51, 54, 58, 59, 121 };
    const uint8_t kind_byte[] = { (uint8_t)kind };
    struct holm_bytes host = { 0 };
    bool asks = kind == HOLM_DHCP_DISCOVER || kind == HOLM_DHCP_REQUEST;

    if (!option_emit(out, OPTION_KIND, HOLM_BLOB(kind_byte)) ||
        !holm_buffer_u8(out, OPTION_CLIENT) || !holm_buffer_u8(out, 1 + MAC_BYTES) ||
        !holm_buffer_u8(out, CLIENT_ID_MAC) ||
        !holm_buffer_bytes(out, HOLM_BLOB(dhcp->options.mac.bytes)))
        return false;
    if (names_lease && (!option_emit(out, OPTION_REQUESTED, holm_ip_bytes(&dhcp->lease.address)) ||
                        !option_emit(out, OPTION_SERVER, holm_ip_bytes(&dhcp->lease.server))))
        return false;
    if (kind == HOLM_DHCP_RELEASE &&
        !option_emit(out, OPTION_SERVER, holm_ip_bytes(&dhcp->lease.server)))
        return false;
    holm_assert(holm_bytes_part(HOLM_BLOB(dhcp->options.host), 0, dhcp->options.host_len, &host));
    if (asks && host.len > 0 && !option_emit(out, OPTION_HOST, host))
        return false;
    if (asks && (!option_emit(out, OPTION_WANTED, HOLM_BLOB(wanted)) ||
                 !option_emit(out, OPTION_SIZE, HOLM_TEXT("\2\100")))) /* 576 */
        return false;
    return holm_buffer_u8(out, OPTION_END) && (out->len >= 300 || zeroes_emit(out, 300 - out->len));
}

static enum holm_result message_emit(const struct holm_dhcp *dhcp, struct holm_buffer *out,
                                     enum holm_dhcp_message kind, uint64_t now_ns)
{
    bool uses = dhcp->state == HOLM_DHCP_RENEWING || dhcp->state == HOLM_DHCP_REBINDING ||
                kind == HOLM_DHCP_RELEASE;
    struct holm_ip_address ours = uses ? dhcp->lease.address : holm_ip_any(HOLM_IP_V4);
    bool names_lease = kind == HOLM_DHCP_DECLINE || (kind == HOLM_DHCP_REQUEST && !uses);
    struct holm_buffer message = holm_span_buffer(holm_buffer_room(out));

    if (message.size < HOLM_DHCP_MESSAGE_MAX || !fixed_emit(dhcp, &message, &ours, now_ns) ||
        !options_emit(dhcp, &message, kind, names_lease))
        return HOLM_ERR_LIMIT;
    out->len += message.len;
    return HOLM_OK;
}

/* sent sets when the next try is due. */
static void sent(struct holm_dhcp *dhcp, uint64_t now_ns)
{
    dhcp->send_due = false;
    dhcp->sent_ns = now_ns;
    if (dhcp->state == HOLM_DHCP_RENEWING)
        dhcp->due_ns = again_ns(now_ns, never_or(dhcp->got_ns, dhcp->lease.rebind_s));
    else if (dhcp->state == HOLM_DHCP_REBINDING)
        dhcp->due_ns = again_ns(now_ns, never_or(dhcp->got_ns, dhcp->lease.lease_s));
    else
        dhcp->due_ns = now_ns + pause_ns(dhcp);
    if (dhcp->tries < UINT8_MAX)
        dhcp->tries += 1;
}

enum holm_result holm_dhcp_drain(struct holm_dhcp *dhcp, struct holm_buffer *out,
                                 struct holm_ip_address *to, uint64_t now_ns)
{
    enum holm_result result;

    *to = holm_ip_v4(255, 255, 255, 255);
    if (dhcp->decline_due) {
        result = message_emit(dhcp, out, HOLM_DHCP_DECLINE, now_ns);
        dhcp->decline_due = result != HOLM_OK;
        return result;
    }
    if (dhcp->release_due) {
        *to = dhcp->lease.server;
        result = message_emit(dhcp, out, HOLM_DHCP_RELEASE, now_ns);
        dhcp->release_due = result != HOLM_OK;
        return result;
    }
    if (!dhcp->send_due)
        return HOLM_END;
    if (dhcp->state == HOLM_DHCP_RENEWING)
        *to = dhcp->lease.server;
    result = message_emit(
        dhcp, out, dhcp->state == HOLM_DHCP_SELECTING ? HOLM_DHCP_DISCOVER : HOLM_DHCP_REQUEST,
        now_ns);
    if (result == HOLM_OK)
        sent(dhcp, now_ns);
    return result;
}

/* take answers what *told was, and says that it was told. */
static bool take(bool *told)
{
    bool was = *told;

    *told = false;
    return was;
}

enum holm_result holm_dhcp_next(struct holm_dhcp *dhcp, enum holm_dhcp_event *event)
{
    if (take(&dhcp->told_lost))
        *event = HOLM_DHCP_LOST;
    else if (take(&dhcp->told_check))
        *event = HOLM_DHCP_CHECK;
    else if (take(&dhcp->told_gained))
        *event = HOLM_DHCP_GAINED;
    else if (take(&dhcp->told_changed))
        *event = HOLM_DHCP_CHANGED;
    else
        return HOLM_END;
    return HOLM_OK;
}

uint64_t holm_dhcp_deadline(const struct holm_dhcp *dhcp)
{
    return dhcp->due_ns;
}

void holm_dhcp_conflict(struct holm_dhcp *dhcp, uint64_t now_ns)
{
    if (dhcp->state < HOLM_DHCP_CHECKING || dhcp->state == HOLM_DHCP_STOPPED)
        return;
    lost(dhcp, now_ns + HOLM_DHCP_CONFLICT_NS);
    dhcp->decline_due = true;
}

void holm_dhcp_release(struct holm_dhcp *dhcp)
{
    bool has = dhcp->state >= HOLM_DHCP_BOUND && dhcp->state != HOLM_DHCP_STOPPED;

    if (has) {
        dhcp->release_due = true;
        dhcp->told_lost = true;
    }
    dhcp->state = HOLM_DHCP_STOPPED;
    dhcp->due_ns = UINT64_MAX;
    dhcp->send_due = false;
}
