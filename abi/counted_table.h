/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0 OR BSD-2-Clause
 *
 * The table of a process image: its live blocks, all of them (COUNTED) or those that were sampled (ADAPTIVE), with size,
 * calling context, owner and weight. It lies in a file without a name (memfd) that the runner makes for each image and the sampler maps
 * shared, so that it is there to be read however the process ends, and at any time before. The file is sparse:
 * only what is touched takes memory.
 *
 *   head      leakcheck_table_head
 *   regions   leakcheck_region[LEAKCHECK_TABLE_REGIONS]: which addresses the records of a region are of
 *   owners    leakcheck_owner_total[LEAKCHECK_TABLE_OWNERS], by owner id
 *   threads   leakcheck_thread_total[LEAKCHECK_TABLE_THREADS], by thread ordinal, from 1
 *   contexts  leakcheck_context[LEAKCHECK_TABLE_CONTEXTS], by number, from 1, and an index to find them
 *   accounts  leakcheck_account[LEAKCHECK_TABLE_ACCOUNTS], by number, from 1, and an index to find them
 *   samples   leakcheck_account_total[LEAKCHECK_TABLE_ACCOUNTS], by number of the account
 *   records   for each region one word for every place at which a block can begin
 *
 * Records. A word for each 16 bytes of address space, in regions of LEAKCHECK_REGION_SIZE bytes of it that are
 * added as the heap reaches them. A block has its record at its own address, so nothing is searched, and since
 * the allocator gives an address to one thread at a time, plain stores do: no two threads write one record at
 * once. Blocks that begin 8 bytes off the 16-byte grid (small ones of some allocators) have a plane of their own
 * behind the region's. A record is 0 where no block lives.
 *
 * Everything else that several threads write is written by atomic operations. Readers see each record whole;
 * while the process runs, records and totals need not fit together.
 */
#ifndef LEAKCHECK_COUNTED_TABLE_H
#define LEAKCHECK_COUNTED_TABLE_H

#include "abi/leakcheck_abi.h"

/* ---- Records -------------------------------------------------------------------------------------*/
#define LEAKCHECK_RECORD_SIZE_BITS 38 /* larger blocks count as 2^38 - 1 bytes */
#define LEAKCHECK_RECORD_SIZE_MASK ((1ull << LEAKCHECK_RECORD_SIZE_BITS) - 1)
#define LEAKCHECK_RECORD_TRACED (1ull << 38) /* the block has a stack of its own in the live map */
#define LEAKCHECK_RECORD_KNOWN (1ull << 39)  /* the live map says why it is a known leak */
#define LEAKCHECK_RECORD_ACCOUNT_SHIFT 40
#define LEAKCHECK_RECORD(account, size) ((__u64)(account) << LEAKCHECK_RECORD_ACCOUNT_SHIFT | (size))
#define LEAKCHECK_RECORD_ACCOUNT(record) ((__u32)((record) >> LEAKCHECK_RECORD_ACCOUNT_SHIFT))

#define LEAKCHECK_REGION_SHIFT 26
#define LEAKCHECK_REGION_SIZE (1ull << LEAKCHECK_REGION_SHIFT) /* bytes of address space */
#define LEAKCHECK_ADDRESS_BITS 47                              /* of a process's addresses, x86-64 */
#define LEAKCHECK_REGION_SLOTS (1u << (LEAKCHECK_ADDRESS_BITS - LEAKCHECK_REGION_SHIFT))
#define LEAKCHECK_PLANE_RECORDS (LEAKCHECK_REGION_SIZE / 16)
#define LEAKCHECK_REGION_RECORDS (2 * LEAKCHECK_PLANE_RECORDS)
#define LEAKCHECK_REGION_BYTES (LEAKCHECK_REGION_RECORDS * 8) /* of the file */

/* Where in its region the record of an address is, and back. */
#define LEAKCHECK_RECORD_INDEX(address)                                                             \
	(((address) & (LEAKCHECK_REGION_SIZE - 1)) >> 4 | ((address) & 8) << (LEAKCHECK_REGION_SHIFT - 7))
#define LEAKCHECK_RECORD_OFFSET(index)                                                              \
	(((index) & (LEAKCHECK_PLANE_RECORDS - 1)) << 4 | ((index) / LEAKCHECK_PLANE_RECORDS) << 3)

struct leakcheck_region {
	__u64 address; /* of its first byte; valid when `used` */
	__u64 used;    /* 1: its records are in the file, at LEAKCHECK_TABLE_RECORDS + number * LEAKCHECK_REGION_BYTES */
};

/* ---- Contexts and accounts -----------------------------------------------------------------------
 * A context is a way in which allocations are come by: the chain of return addresses, as far as the sampler can
 * follow it. An account is a context under an owner, of blocks with one weight. */
#define LEAKCHECK_CONTEXT_WHOLE (1u << 0) /* nothing more can differ: all its stacks are the same */

struct leakcheck_context {
	__u64 hash;
	__u32 traced; /* allocations of it that were traced, for their stack */
	__u32 flags;  /* LEAKCHECK_CONTEXT_* */
	__u64 caller; /* the innermost return address */
};

struct leakcheck_account {
	__u32 context;
	__u32 owner;
	__u64 weight; /* 1/inclusion probability, LEAKCHECK_WEIGHT_SHIFT fraction bits; LEAKCHECK_WEIGHT_ONE: all are here */
};

/* What was ever allocated under an account. Only where blocks are sampled: their totals have to be weighed. */
struct leakcheck_account_total {
	__u64 blocks;
	__u64 bytes;
};

/* Slots of an index: a tag and the number of a context or account. Buckets of 8, in levels, each four times the
 * one before: an entry is in the first level whose bucket had room, so a bucket with room ends the search. */
#define LEAKCHECK_INDEX_BUCKET 8
#define LEAKCHECK_INDEX_LEVELS 6
#define LEAKCHECK_INDEX_FIRST_LEVEL 4096 /* slots */
#define LEAKCHECK_INDEX_LEVEL_SLOTS(level) ((__u64)LEAKCHECK_INDEX_FIRST_LEVEL << 2 * (level))
#define LEAKCHECK_INDEX_LEVEL_START(level) \
	((__u64)LEAKCHECK_INDEX_FIRST_LEVEL * ((1ull << 2 * (level)) - 1) / 3) /* slots before it */
#define LEAKCHECK_INDEX_BYTES (8 * LEAKCHECK_INDEX_LEVEL_START(LEAKCHECK_INDEX_LEVELS))

/* ---- Totals --------------------------------------------------------------------------------------
 * Each thread adds up by itself what it does in one turn, and adds that to the owner's total when it sees that the
 * turn has changed. Only of blocks that have a record or had one; bytes are requested sizes. Live bytes are the
 * process's: exact while one thread allocates, otherwise up to LEAKCHECK_TOTAL_SLACK bytes for each other thread off. */
#define LEAKCHECK_TOTAL_SLACK 65536

struct leakcheck_thread_total { /* one cache line; written by its thread only */
	__u64 turn; /* LEAKCHECK_TURN that the rest is of */
	__u64 blocks;
	__u64 bytes;
	__u64 freed_blocks;
	__u64 freed_bytes;
	__s64 live_bytes; /* of the process, as this thread knows it */
	__s64 peak_bytes; /* the highest live_bytes of the turn */
	__u64 moving;     /* 1: the thread has taken a record away and will write one for what realloc returns: what
	                     only that block points to is not lost */
};

struct leakcheck_owner_total {
	__u64 blocks;
	__u64 bytes;
	__u64 freed_blocks;
	__u64 freed_bytes;
	__s64 peak_bytes;
	__s64 live_before; /* live bytes of the process when its first turn began, */
	__s64 live_after;  /* and when its last one ended */
	__u32 begun;       /* turns of it in which somebody allocated or freed */
	__u32 ended;
};

/* ---- The whole -----------------------------------------------------------------------------------*/
#define LEAKCHECK_TABLE_MAGIC 0x656c6261746b636cull
#define LEAKCHECK_TABLE_REGIONS 4096
#define LEAKCHECK_TABLE_OWNERS (1u << 20)
#define LEAKCHECK_TABLE_THREADS (1u << 17)
#define LEAKCHECK_TABLE_CONTEXTS (1u << 22)
#define LEAKCHECK_TABLE_ACCOUNTS (1u << 22)

struct leakcheck_table_head {
	__u64 magic;   /* LEAKCHECK_TABLE_MAGIC, written by the runner */
	__u32 version; /* LEAKCHECK_ABI_VERSION */
	__u32 regions; /* used so far, as are the following */
	__u32 contexts;
	__u32 accounts;
	__u32 threads;
	__u32 zero;
	__u64 turn;       /* the last one that somebody has seen begin */
	__s64 live_bytes; /* that threads have told of */
};

#define LEAKCHECK_PAGE_UP(bytes) (((bytes) + 4095) / 4096 * 4096)
#define LEAKCHECK_TABLE_REGION_LIST 4096ull
#define LEAKCHECK_TABLE_OWNER_TOTALS \
	(LEAKCHECK_TABLE_REGION_LIST + LEAKCHECK_TABLE_REGIONS * sizeof(struct leakcheck_region))
#define LEAKCHECK_TABLE_THREAD_TOTALS \
	(LEAKCHECK_TABLE_OWNER_TOTALS + LEAKCHECK_TABLE_OWNERS * sizeof(struct leakcheck_owner_total))
#define LEAKCHECK_TABLE_CONTEXT_LIST \
	(LEAKCHECK_TABLE_THREAD_TOTALS + LEAKCHECK_TABLE_THREADS * sizeof(struct leakcheck_thread_total))
#define LEAKCHECK_TABLE_CONTEXT_INDEX \
	(LEAKCHECK_TABLE_CONTEXT_LIST + LEAKCHECK_TABLE_CONTEXTS * sizeof(struct leakcheck_context))
#define LEAKCHECK_TABLE_ACCOUNT_LIST \
	(LEAKCHECK_TABLE_CONTEXT_INDEX + LEAKCHECK_PAGE_UP(LEAKCHECK_INDEX_BYTES))
#define LEAKCHECK_TABLE_ACCOUNT_INDEX \
	(LEAKCHECK_TABLE_ACCOUNT_LIST + LEAKCHECK_TABLE_ACCOUNTS * sizeof(struct leakcheck_account))
#define LEAKCHECK_TABLE_ACCOUNT_TOTALS \
	(LEAKCHECK_TABLE_ACCOUNT_INDEX + LEAKCHECK_PAGE_UP(LEAKCHECK_INDEX_BYTES))
#define LEAKCHECK_TABLE_RECORDS \
	(LEAKCHECK_TABLE_ACCOUNT_TOTALS + LEAKCHECK_TABLE_ACCOUNTS * sizeof(struct leakcheck_account_total))
#define LEAKCHECK_TABLE_BYTES (LEAKCHECK_TABLE_RECORDS + LEAKCHECK_TABLE_REGIONS * LEAKCHECK_REGION_BYTES)

LEAKCHECK_ASSERT_SIZE(struct leakcheck_region, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_context, 24);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_account, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_account_total, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_thread_total, 64);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_owner_total, 64);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_table_head, 48);

#endif /* LEAKCHECK_COUNTED_TABLE_H */
