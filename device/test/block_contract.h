/* SPDX-License-Identifier: ISC */
/* block_contract.h: what holm/block.h says of every block device, as a test. Each implementation's
 * tests call it. */
#pragma once

#include <holm/block.h>

/* The fewest sectors of a device under test. */
#define BLOCK_CONTRACT_SECTORS 40

/* Lets time pass for the device; false: nothing more can happen by itself. */
typedef bool block_contract_move(void);

/* block_contract checks a device of sectors of 512 bytes, and overwrites it. */
void block_contract(struct holm_block *block, block_contract_move *move);
