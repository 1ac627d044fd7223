/* SPDX-License-Identifier: ISC */
#include <holm/block.h>

enum holm_result holm_block_check(const struct holm_block *block,
                                  const struct holm_block_request *request)
{
    const struct holm_block_facts *facts = &block->facts;
    uint64_t sectors = request->span.len / facts->sector_bytes;

    if (request->kind == HOLM_BLOCK_WRITE && facts->read_only)
        return HOLM_ERR_PERMISSION;
    if (request->kind == HOLM_BLOCK_FLUSH)
        return HOLM_OK;
    if (sectors == 0 || request->span.len % facts->sector_bytes != 0 ||
        request->span.len > HOLM_BLOCK_BYTES_MAX || sectors > facts->sectors ||
        request->sector > facts->sectors - sectors)
        return HOLM_ERR_INVALID;
    return HOLM_OK;
}
