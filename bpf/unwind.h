/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * A walk up a thread's stack by unwind tables (abi/unwind_tables.h). Written to compile for the kernel and,
 * as C or C++, natively, so that the tests and the fuzzer run the very same code. Whoever includes it defines
 * three functions before:
 *
 *   int unwind_read_stack(void *to, __u32 size, __u64 address)   copies stack memory; not 0: unreadable
 *   const __u32 *unwind_slab(__u32 word)                         the slab that holds a word, or null
 *   const struct leakcheck_unwind_rule *unwind_rule(__u32 number) number < LEAKCHECK_UNWIND_RULES
 *
 * and calls unwind_step() until it says UNWIND_DONE, but no more than depth + 1 times. The state lies in
 * memory, not in registers: the verifier then goes through one step instead of through each of 127.
 * Addresses are looked up one byte before a return address, in the call; where the code was interrupted by a
 * signal there is no call, and the address itself counts.
 */
#ifndef LEAKCHECK_BPF_UNWIND_H
#define LEAKCHECK_BPF_UNWIND_H

#include "abi/trace_maps.h"
#include "bpf/unwind_walk.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
/* Global functions of the BPF program: the verifier goes through them once, and takes them to return anything. It
 * knows nothing of their arguments either, so they check pointers. */
#ifdef __bpf__
#define UNWIND_GLOBAL __attribute__((noinline))
#else
#define UNWIND_GLOBAL static inline
#endif
#define UNWIND_PAGE 4096

/* ---- Tables --------------------------------------------------------------------------------------*/

static __always_inline __u32 unwind_word(__u32 word)
{
	const __u32 *slab = unwind_slab(word);

	return slab ? slab[word & (LEAKCHECK_UNWIND_SLAB_WORDS - 1)] : 0;
}

/* A binary search's part of the state. Its progress is kept in memory too: the verifier would follow the
 * bounds of every path through it. */
static __always_inline void unwind_search(struct unwind_walk *walk, __u32 first, __u32 count)
{
	*(volatile __u32 *)&walk->search_first = first;
	*(volatile __u32 *)&walk->search_count = count;
}

/* The rule for the code `offset` bytes into a table. */
static __always_inline __u32 unwind_find_rule(struct unwind_walk *walk, __u32 index, __u64 offset)
{
	__u32 bucket = index + (__u32)(offset >> LEAKCHECK_UNWIND_BUCKET_SHIFT);
	__u32 wanted = offset & (LEAKCHECK_UNWIND_BUCKET_SIZE - 1);
	__u32 first = unwind_word(bucket);
	__u32 rows = unwind_word(bucket + 1) - first;
	__u32 rows_in_slab = LEAKCHECK_UNWIND_SLAB_WORDS - (first & (LEAKCHECK_UNWIND_SLAB_WORDS - 1));
	const __u32 *slab = unwind_slab(first);

	if (!slab)
		return LEAKCHECK_UNWIND_RULE_NONE;
	/* Fewer where the next bucket is in another slab. */
	unwind_search(walk, first, rows < rows_in_slab ? rows : rows_in_slab);
	for (int i = 0; i <= LEAKCHECK_UNWIND_BUCKET_SHIFT; i++) {
		__u32 count = *(volatile __u32 *)&walk->search_count;
		__u32 half = count >> 1;
		__u32 middle = *(volatile __u32 *)&walk->search_first + half;

		if (!count)
			break;
		if (LEAKCHECK_UNWIND_ROW_OFFSET(slab[middle & (LEAKCHECK_UNWIND_SLAB_WORDS - 1)]) <= wanted)
			unwind_search(walk, middle + 1, count - half - 1);
		else
			unwind_search(walk, middle - half, half);
	}
	__u32 place = *(volatile __u32 *)&walk->search_first - 1;

	return LEAKCHECK_UNWIND_ROW_RULE(slab[place & (LEAKCHECK_UNWIND_SLAB_WORDS - 1)]);
}

/* ---- Address maps --------------------------------------------------------------------------------*/

/* An aligned record of 32 bytes in a slab. */
static __always_inline const void *unwind_record(const __u32 *slab, __u32 word)
{
	return slab + (word & (LEAKCHECK_UNWIND_SLAB_WORDS - LEAKCHECK_UNWIND_RECORD_WORDS));
}

static __always_inline const struct leakcheck_address_range *unwind_range(const __u32 *slab, __u32 first, __u32 number)
{
	return (const struct leakcheck_address_range *)unwind_record(slab, first + number * LEAKCHECK_UNWIND_RECORD_WORDS);
}

static __always_inline const struct leakcheck_address_map *unwind_address_map(__u32 word)
{
	const __u32 *slab = unwind_slab(word);

	return slab ? (const struct leakcheck_address_map *)unwind_record(slab, word) : 0;
}

/* Finds the range that holds an address, and remembers it. 0: there is none. */
UNWIND_GLOBAL int unwind_search_range(struct unwind_walk *walk, __u64 address)
{
	if (!walk)
		return 0;
	const __u32 *slab = walk->map ? unwind_slab(walk->map) : 0;

	if (!slab)
		return 0;
	const __u32 first = walk->map + LEAKCHECK_UNWIND_RECORD_WORDS;
	__u32 place;

	unwind_search(walk, 0, ((const struct leakcheck_address_map *)unwind_record(slab, walk->map))->count);
	for (int i = 0; i < UNWIND_RANGE_STEPS; i++) {
		__u32 count = *(volatile __u32 *)&walk->search_count;
		__u32 half = count >> 1;
		__u32 middle = *(volatile __u32 *)&walk->search_first + half;

		if (!count)
			break;
		if (unwind_range(slab, first, middle)->start <= address)
			unwind_search(walk, middle + 1, count - half - 1);
		else
			unwind_search(walk, middle - half, half);
	}
	place = *(volatile __u32 *)&walk->search_first;
	const struct leakcheck_address_range *found = unwind_range(slab, first, place - 1);

	if (!place || address >= found->end)
		return 0;
	walk->range = *found;
	return 1;
}

static __always_inline int unwind_find_range(struct unwind_walk *walk, __u64 address)
{
	return address - walk->range.start < walk->range.end - walk->range.start ||
	       unwind_search_range(walk, address);
}

/* ---- Stack memory --------------------------------------------------------------------------------*/

/* Reads the block around an address; where the memory does not reach that far, no farther than its page. */
UNWIND_GLOBAL int unwind_fill(struct unwind_walk *walk, __u64 address)
{
	if (!walk || address & 7)
		return -1;
	__u32 to_page_end = UNWIND_PAGE - (address & (UNWIND_PAGE - 1));
	__u32 size = to_page_end < sizeof(walk->block) ? to_page_end : sizeof(walk->block);

	walk->block_start = address - UNWIND_BLOCK_LEAD;
	walk->block_size = sizeof(walk->block);
	if (!unwind_read_stack(walk->block, sizeof(walk->block), walk->block_start))
		return 0;
	walk->block_start = address;
	walk->block_size = size;
	if (!unwind_read_stack(walk->block, size, address))
		return 0;
	walk->block_size = 0;
	return -1;
}

/* Loads a word of the stack into walk->word. Not 0: it cannot be read. */
static __always_inline int unwind_load(struct unwind_walk *walk, __u64 address)
{
	__u64 place = address - walk->block_start;

	if (place & 7 || place + sizeof(__u64) > walk->block_size || place >= walk->block_size) {
		if (unwind_fill(walk, address))
			return -1;
		place = address - walk->block_start;
	}
	walk->word = walk->block[place / sizeof(__u64) & (UNWIND_BLOCK_WORDS - 1)];
	return 0;
}

/* ---- Steps ---------------------------------------------------------------------------------------*/

static __always_inline enum unwind_next unwind_stop(struct unwind_walk *walk, __u32 status)
{
	if (status == LEAKCHECK_STACK_COMPLETE && walk->flags & UNWIND_GUESSED)
		status = LEAKCHECK_STACK_FRAME_POINTER;
	walk->status = status;
	return UNWIND_DONE;
}

static __always_inline enum unwind_next unwind_stop_unreadable(struct unwind_walk *walk)
{
	walk->flags |= UNWIND_UNREADABLE;
	return unwind_stop(walk, LEAKCHECK_STACK_TRUNCATED);
}

static __always_inline enum unwind_next unwind_return_to(struct unwind_walk *walk, __u64 pc, __u64 sp)
{
	walk->pc = pc;
	walk->sp = sp;
	walk->flags &= ~UNWIND_EXACT_PC;
	return pc ? UNWIND_GOES_ON : unwind_stop(walk, LEAKCHECK_STACK_COMPLETE);
}

/* No information covers the code: perhaps its function keeps a frame pointer. Where it is 0, the thread
 * begins here (psABI, 3.4.1). */
static __always_inline enum unwind_next unwind_guess(struct unwind_walk *walk, int in_range)
{
	__u64 frame = walk->rbp;

	if (!(walk->flags & UNWIND_KNOWS_RBP))
		return unwind_stop(walk, LEAKCHECK_STACK_NO_TABLE);
	if (!frame && in_range)
		return unwind_stop(walk, LEAKCHECK_STACK_COMPLETE);
	if (frame < walk->sp || frame - walk->sp > UNWIND_SPAN || frame & 7)
		return unwind_stop(walk, LEAKCHECK_STACK_NO_TABLE);
	if (unwind_load(walk, frame + 8))
		return unwind_stop(walk, LEAKCHECK_STACK_NO_TABLE);
	__u64 pc = walk->word;

	if ((pc && !unwind_find_range(walk, pc - 1)) || unwind_load(walk, frame))
		return unwind_stop(walk, LEAKCHECK_STACK_NO_TABLE);
	walk->rbp = walk->word;
	walk->flags = (walk->flags | UNWIND_GUESSED) & ~UNWIND_KNOWS_RBX;
	return unwind_return_to(walk, pc, frame + 16);
}

/* A signal frame holds all registers of what it interrupted, on whatever stack that was. */
static __always_inline enum unwind_next unwind_signal_frame(struct unwind_walk *walk, __u64 saved_rsp)
{
	if (unwind_load(walk, saved_rsp))
		return unwind_stop_unreadable(walk);
	walk->sp = walk->word;
	if (unwind_load(walk, saved_rsp + 8))
		return unwind_stop_unreadable(walk);
	walk->pc = walk->word;
	if (unwind_load(walk, saved_rsp - 32))
		return unwind_stop_unreadable(walk);
	walk->rbx = walk->word;
	if (unwind_load(walk, saved_rsp - 40))
		return unwind_stop_unreadable(walk);
	walk->rbp = walk->word;
	walk->flags |= UNWIND_KNOWS_RBP | UNWIND_KNOWS_RBX | UNWIND_EXACT_PC;
	return UNWIND_GOES_ON;
}

/* The canonical frame address by a rule; 0 when it cannot be had, with the stop already noted. */
static __always_inline __u64 unwind_cfa(struct unwind_walk *walk, const struct leakcheck_unwind_rule *rule)
{
	__u64 offset = (__u64)(__s64)rule->cfa_offset;

	switch (rule->cfa) {
	case LEAKCHECK_CFA_RSP:
		return walk->sp + offset;
	case LEAKCHECK_CFA_RBP:
		return walk->flags & UNWIND_KNOWS_RBP ? walk->rbp + offset : 0;
	case LEAKCHECK_CFA_RBX:
		if (walk->flags & UNWIND_KNOWS_RBX)
			return walk->rbx + offset;
		walk->flags |= UNWIND_NEEDS_RBX;
		return 0;
	case LEAKCHECK_CFA_DEREF_RSP:
	case LEAKCHECK_CFA_DEREF_RBP:
		if (rule->cfa == LEAKCHECK_CFA_DEREF_RBP && !(walk->flags & UNWIND_KNOWS_RBP))
			return 0;
		if (unwind_load(walk, (rule->cfa == LEAKCHECK_CFA_DEREF_RSP ? walk->sp : walk->rbp) + offset))
			return 0;
		return walk->word + rule->cfa_addend;
	case LEAKCHECK_CFA_PLT:
		return walk->sp + offset + ((walk->pc & 15) >= rule->cfa_addend ? 8 : 0);
	default:
		return 0;
	}
}

/* The caller's value of a register. */
static __always_inline __u64 unwind_register(struct unwind_walk *walk, __u32 kind, __s32 offset, __u64 cfa,
					     __u32 known_flag, __u64 value)
{
	__u64 base = kind == LEAKCHECK_REGISTER_AT_CFA ? cfa : walk->rbp;

	if (kind == LEAKCHECK_REGISTER_SAME)
		return value;
	if (kind == LEAKCHECK_REGISTER_UNKNOWN ||
	    (kind == LEAKCHECK_REGISTER_AT_RBP && !(walk->flags & UNWIND_KNOWS_RBP)) ||
	    unwind_load(walk, base + (__u64)(__s64)offset)) {
		walk->flags &= ~known_flag;
		return 0;
	}
	walk->flags |= known_flag;
	return walk->word;
}

/* Remembers how the frame that was recorded last was left. */
static __always_inline void unwind_note_step(struct unwind_walk *walk, __u32 step)
{
	if (walk->frame_count)
		walk->steps[(walk->frame_count - 1) & (UNWIND_STEPS - 1)] = step;
}

/* A rule as a step; 0: it cannot be one. */
static __always_inline __u32 unwind_pack_step(const struct leakcheck_unwind_rule *rule)
{
	__u32 cfa_words = (__u32)rule->cfa_offset >> 3;
	__u32 rbp_words = rule->rbp == LEAKCHECK_REGISTER_AT_CFA ? (__u32)-rule->rbp_offset >> 3 : 0;

	if ((rule->cfa != LEAKCHECK_CFA_RSP && rule->cfa != LEAKCHECK_CFA_RBP) ||
	    (rule->rbp != LEAKCHECK_REGISTER_AT_CFA && rule->rbp != LEAKCHECK_REGISTER_SAME) ||
	    (rule->cfa_offset | rule->rbp_offset) & 7 || cfa_words > LEAKCHECK_STEP_MOST_WORDS ||
	    rbp_words > LEAKCHECK_STEP_MOST_WORDS || (rule->rbp == LEAKCHECK_REGISTER_AT_CFA && !rbp_words))
		return 0;
	return LEAKCHECK_STEP_KNOWN | (rule->cfa == LEAKCHECK_CFA_RBP ? LEAKCHECK_STEP_BY_RBP : 0) |
	       rbp_words << LEAKCHECK_STEP_RBP_SHIFT | cfa_words;
}

static __always_inline enum unwind_next unwind_apply(struct unwind_walk *walk,
						     const struct leakcheck_unwind_rule *rule)
{
	__u64 cfa = unwind_cfa(walk, rule);

	if (cfa <= walk->sp || cfa & 7)
		return unwind_stop(walk, LEAKCHECK_STACK_TRUNCATED);
	if (unwind_load(walk, cfa - sizeof(__u64)))
		return unwind_stop_unreadable(walk);
	__u64 pc = walk->word;

	/* rbx first: it may have been saved relative to the callee's rbp. */
	walk->rbx = unwind_register(walk, rule->rbx, rule->rbx_offset, cfa, UNWIND_KNOWS_RBX, walk->rbx);
	walk->rbp = unwind_register(walk, rule->rbp, rule->rbp_offset, cfa, UNWIND_KNOWS_RBP, walk->rbp);
	unwind_note_step(walk, walk->flags & UNWIND_EXACT_PC ? 0 : unwind_pack_step(rule));
	return unwind_return_to(walk, pc, cfa);
}

static __always_inline void unwind_record_frame(struct unwind_walk *walk)
{
	__u32 n = walk->frame_count;

	if (walk->sp < walk->record_from || n >= LEAKCHECK_MAX_FRAMES)
		return;
	walk->frames[n] = walk->pc + (walk->flags & UNWIND_EXACT_PC ? 1 : 0);
	walk->steps[n & (UNWIND_STEPS - 1)] = 0;
	walk->frame_count = n + 1;
}

/* The rule for an address in the range that was found last. */
static __always_inline const struct leakcheck_unwind_rule *unwind_rule_at(struct unwind_walk *walk, __u64 address)
{
	__u64 offset = address - walk->range.table_start;

	if (!walk->range.index || offset >> LEAKCHECK_UNWIND_BUCKET_SHIFT >= walk->range.buckets)
		return unwind_rule(LEAKCHECK_UNWIND_RULE_NONE);
	return unwind_rule(unwind_find_rule(walk, walk->range.index, offset));
}

/* No information covers the code before pc. Where some covers pc itself, nobody called: the address of a
 * function was put there to be returned to, and the stack begins here (makecontext's __start_context). */
static __always_inline enum unwind_next unwind_without_rule(struct unwind_walk *walk)
{
	if (!(walk->flags & UNWIND_EXACT_PC) && unwind_rule_at(walk, walk->pc)->cfa != LEAKCHECK_CFA_NONE)
		return unwind_stop(walk, LEAKCHECK_STACK_COMPLETE);
	return unwind_guess(walk, 1);
}

static __always_inline enum unwind_next unwind_step(struct unwind_walk *walk)
{
	if (walk->frame_count >= walk->depth)
		return unwind_stop(walk, LEAKCHECK_STACK_TRUNCATED);
	unwind_record_frame(walk);
	__u64 address = walk->pc - (walk->flags & UNWIND_EXACT_PC ? 0 : 1);

	if (!unwind_find_range(walk, address)) {
		walk->flags |= UNWIND_UNKNOWN_CODE;
		return unwind_guess(walk, 0);
	}
	const struct leakcheck_unwind_rule *rule = unwind_rule_at(walk, address);

	switch (rule->cfa) {
	case LEAKCHECK_CFA_NONE:
		return unwind_without_rule(walk);
	case LEAKCHECK_CFA_END:
		unwind_note_step(walk, LEAKCHECK_STEP_KNOWN);
		return unwind_stop(walk, LEAKCHECK_STACK_COMPLETE);
	case LEAKCHECK_CFA_SIGNAL:
		return unwind_signal_frame(walk, walk->sp + (__u64)(__s64)rule->cfa_offset);
	default:
		return unwind_apply(walk, rule);
	}
}

/* Begins at an interposed function's frame, in its caller: abi/leakcheck_abi.h, `frame`. The caller's rbx is
 * not known from there. */
static __always_inline enum unwind_next unwind_begin_at_frame(struct unwind_walk *walk, __u64 frame)
{
	walk->range.start = walk->range.end = 0;
	walk->record_from = 0;
	walk->frame_count = 0;
	walk->flags = UNWIND_KNOWS_RBP;
	walk->block_size = 0;
	if (unwind_load(walk, frame))
		return unwind_stop_unreadable(walk);
	walk->rbp = walk->word;
	if (unwind_load(walk, frame + 8))
		return unwind_stop_unreadable(walk);
	return unwind_return_to(walk, walk->word, frame + 16);
}

#endif /* LEAKCHECK_BPF_UNWIND_H */
