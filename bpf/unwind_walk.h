/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * The state of a walk up a stack; bpf/unwind.h does the walking.
 */
#ifndef LEAKCHECK_BPF_UNWIND_WALK_H
#define LEAKCHECK_BPF_UNWIND_WALK_H

#include "abi/unwind_tables.h"

#define UNWIND_SPAN (8ull << 20) /* a frame guessed by its frame pointer is no larger than this, bytes */
#define UNWIND_RANGE_STEPS 16    /* of a binary search among the ranges that fit into a slab */
#define UNWIND_BLOCK_WORDS 256   /* of stack memory, read at once: a read costs more than what it copies */
#define UNWIND_BLOCK_LEAD 56     /* bytes of it below the word that is wanted: saved registers are there */

enum unwind_next { UNWIND_GOES_ON = 0, UNWIND_DONE = 1 };

#define UNWIND_KNOWS_RBP (1u << 0)
#define UNWIND_KNOWS_RBX (1u << 1)
#define UNWIND_EXACT_PC (1u << 2)     /* pc is the next instruction, not a return address */
#define UNWIND_GUESSED (1u << 3)      /* a step went by the frame pointer */
#define UNWIND_UNKNOWN_CODE (1u << 4) /* an address was in no range of the address map */
#define UNWIND_NEEDS_RBX (1u << 5)    /* stopped for want of rbx alone */
#define UNWIND_UNREADABLE (1u << 6)   /* stopped at memory that could not be read */

#define UNWIND_STEPS 64 /* a power of two, >= LEAKCHECK_CELL_STEPS */

struct unwind_walk {
	__u64 pc;
	__u64 sp; /* after the return to pc */
	__u64 rbp;
	__u64 rbx;
	__u64 record_from; /* frames below this stack pointer are walked, not recorded */
	struct leakcheck_address_range range; /* in which the last address was found */
	__u64 block_start; /* address of block */
	__u64 block_size;  /* bytes of it that are valid */
	__u64 word;        /* what was loaded last */
	__u32 map;   /* word number of the address map; 0: none */
	__u32 flags; /* UNWIND_* */
	__u32 depth; /* most frames to record, <= LEAKCHECK_MAX_FRAMES */
	__u32 frame_count;
	__u32 status; /* enum leakcheck_stack_status; valid after UNWIND_DONE */
	__u32 search_first;
	__u32 search_count;
	__u32 zero;
	__u64 frames[LEAKCHECK_MAX_FRAMES + 1]; /* return addresses, innermost first; an exact pc plus 1 */
	__u64 block[UNWIND_BLOCK_WORDS];
	__u32 steps[UNWIND_STEPS]; /* from the first frames on: LEAKCHECK_STEP_*; 0: by no simple rule */
};

#endif /* LEAKCHECK_BPF_UNWIND_WALK_H */
