/* SPDX-License-Identifier: ISC */
/* message.acsl.h: what is promised of messages of MLD, for Frama-C. */
#pragma once

#include "proto/ip/proof/field.acsl.h"
#include "proto/mld/src/mld_impl.h"

/*@ // Two to the power of k, which is less than 8.
    logic integer holm_mld_factor(integer k) =
      k == 0 ? 1 : k == 1 ? 2 : k == 2 ? 4 : k == 3 ? 8 : k == 4 ? 16 : k == 5 ? 32 :
      k == 6 ? 64 : 128;
    // RFC 3810 section 5.1.3: a number as it is, or one of 13 bits and by how many it is moved.
    logic integer holm_mld_delay(integer code) =
      code < 0x8000 ? code : (code % 0x1000 + 0x1000) * 8 *
        holm_mld_factor(code / 0x1000 % 8);
    // A router of this link sent it, and it has the length of a query of either version.
    predicate holm_mld_is_query{L}(struct holm_ip_header *header, struct holm_icmp6 *icmp,
                                   integer len) =
      header->hops == 1 && icmp->code == 0 && (len == 16 || len >= 20);
    // ff02::, and the last byte.
    predicate holm_mld_routers{L}(struct holm_ip_address *to, integer last) =
      to->family == HOLM_IP_V6 && to->bytes[0] == 0xff && to->bytes[1] == 2 &&
      to->bytes[15] == last && \forall integer k; 2 <= k < 15 ==> to->bytes[k] == 0;
    // The report begins with the head of a record without sources.
    predicate holm_mld_record{L}(struct holm_mld_report *report, integer kind) =
      report->data[0] == kind && report->data[1] == 0 && report->data[2] == 0 &&
      report->data[3] == 0;
    // The group stands in the report from there on.
    predicate holm_mld_tells{L}(struct holm_mld_report *report, struct holm_mld_group *at,
                                integer from) =
      \forall integer k; 0 <= k < 16 ==> report->data[from + k] == at->address.bytes[k];
    logic integer holm_mld_type(integer users, integer v1) =
      v1 == 0 ? HOLM_ICMP6_MLD_REPORT :
      users > 0 ? HOLM_ICMP6_MLD_REPORT_V1 : HOLM_ICMP6_MLD_DONE_V1;
*/

/*@ requires \valid(query) && \valid_read(header) && \valid_read(icmp) && holm_readable(data);
    requires \separated(query, header, icmp, data.ptr + (0 .. data.len - 1));
    assigns *query;
    ensures \result ==> holm_mld_is_query(header, icmp, data.len);
    ensures \result ==> holm_ip_is(&query->group, data.ptr, 16);
    ensures \result ==> (query->v1 <==> data.len == 16);
    ensures \result && data.len == 16 ==> query->most_ms == icmp->value / 0x10000;
    ensures \result && data.len != 16 ==> query->most_ms == holm_mld_delay(icmp->value / 0x10000);
    ensures !\result ==> *query == \old(*query); */
bool holm_mld__query_parse(struct holm_mld__query *query, const struct holm_ip_header *header,
                           const struct holm_icmp6 *icmp, struct holm_bytes data);

/*@ requires \valid(report) && \valid_read(at) && at->address.family == HOLM_IP_V6;
    requires \separated(report, at);
    assigns *report;
    ensures report->icmp.type == holm_mld_type(at->users, v1 ? 1 : 0);
    ensures report->icmp.code == 0 && report->icmp.value == (v1 ? 0 : 1);
    ensures v1 && at->users > 0 ==> holm_ip_same(&report->destination, &at->address);
    ensures v1 && at->users == 0 ==> holm_mld_routers(&report->destination, 2);
    ensures !v1 ==> holm_mld_routers(&report->destination, 0x16);
    ensures report->data_len == (v1 ? 16 : 20);
    ensures !v1 ==> holm_mld_record(report, at->users == 0 ? 3 : at->changes > 0 ? 4 : 2);
    ensures holm_mld_tells(report, at, v1 ? 0 : 4); */
void holm_mld__report_make(struct holm_mld_report *report, const struct holm_mld_group *at,
                           bool v1);
