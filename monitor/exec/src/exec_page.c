/* SPDX-License-Identifier: ISC */
/* exec_page.c: the bytes of the call pages, but for that of machines (exec_machine.c). */
#include "exec_impl.h"

static const uint8_t plain[] = {
#embed "page.bin"
};
static const uint8_t record[] = {
#embed "record.bin"
};
static const uint8_t replay[] = {
#embed "replay.bin"
};

struct holm_bytes holm_exec__page(enum holm_page_kind kind)
{
    return kind == HOLM_PAGE_RECORD   ? HOLM_BLOB(record)
           : kind == HOLM_PAGE_REPLAY ? HOLM_BLOB(replay)
                                      : HOLM_BLOB(plain);
}
