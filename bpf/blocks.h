/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Live blocks: added at an allocation, removed at its free, marked by the census and the in-test API.
 */
#ifndef LEAKCHECK_BPF_BLOCKS_H
#define LEAKCHECK_BPF_BLOCKS_H

#include "bpf/capture.h"
#include "bpf/owners.h"

static __always_inline struct leakcheck_live_key block_key(__u32 process, __u64 address)
{
	struct leakcheck_live_key key = {.process = process, .address = address};

	return key;
}

static __always_inline void block_add_to_total(const struct leakcheck_live *block, __u32 process)
{
	struct leakcheck_total_key key = {.process = process, .owner = block->owner, .stack = block->stack};
	struct leakcheck_total *total = bpf_map_lookup_elem(&totals, &key);

	if (!total) {
		struct leakcheck_total empty = {};

		bpf_map_update_elem(&totals, &key, &empty, BPF_NOEXIST);
		total = bpf_map_lookup_elem(&totals, &key);
	}
	if (!total) {
		lose(LEAKCHECK_LOSS_TOTALS_FULL, 1);
		return;
	}
	__sync_fetch_and_add(&total->blocks, 1);
	__sync_fetch_and_add(&total->bytes, block->size);
	__u64 unseen = block->weight - LEAKCHECK_WEIGHT_ONE;

	if (!unseen)
		return;
	__sync_fetch_and_add(&total->unseen_blocks, unseen);
	__sync_fetch_and_add(&total->unseen_bytes,
			     block->size * (unseen >> LEAKCHECK_WEIGHT_SHIFT) +
				     (block->size * (unseen & (LEAKCHECK_WEIGHT_ONE - 1)) >>
				      LEAKCHECK_WEIGHT_SHIFT));
}

static __always_inline void block_count_allocation(__u64 size)
{
	struct leakcheck_counters *counted = cpu_counters();

	if (!counted)
		return;
	__sync_fetch_and_add(&counted->allocations, 1);
	__sync_fetch_and_add(&counted->allocated_bytes, size);
}

static __always_inline void block_count_traced(void)
{
	struct leakcheck_counters *counted = cpu_counters();

	if (counted)
		__sync_fetch_and_add(&counted->traced, 1);
}

static __always_inline void block_count_free(__u64 size)
{
	struct leakcheck_counters *counted = cpu_counters();

	if (!counted)
		return;
	__sync_fetch_and_add(&counted->frees, 1);
	__sync_fetch_and_add(&counted->freed_bytes, size);
}

static __always_inline __u32 block_known_note(const struct leakcheck_process_state *state, __u32 thread)
{
	__u32 *note;

	if (!(state->flags & LEAKCHECK_PROCESS_KNOWN_SCOPES))
		return 0;
	note = bpf_map_lookup_elem(&known_scopes, &thread);
	return note ? *note : 0;
}

/* The event came again although it had been recorded: another thread's had been asked for. */
static __always_inline int block_is_recorded(const struct leakcheck_live_key *key, __u64 serial)
{
	struct leakcheck_live *block = bpf_map_lookup_elem(&live, key);

	return block && block->serial == serial;
}

/* What is known of the address is left over from a block that was counted. */
static __always_inline int block_is_counted(const struct leakcheck_live_key *key)
{
	struct leakcheck_live *block = bpf_map_lookup_elem(&live, key);

	return block && block->flags & LEAKCHECK_LIVE_COUNTED;
}

static __always_inline void block_allocated(struct leakcheck_process_state *state, const struct allocation *made,
					    const struct pt_regs *regs)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct leakcheck_live_key key = block_key(state->process, made->address);
	__u64 stack;

	if (made->flags & LEAKCHECK_ALLOC_REPEATED && block_is_recorded(&key, made->serial))
		return;
	if (capture_stack(state, made, regs, &stack) == CAPTURE_WANTS_MAP) {
		mapped_code_ask(state);
		return;
	}
	struct leakcheck_live block = {
		.size = made->size,
		.weight = made->weight,
		.serial = made->serial,
		.stack = stack,
		.time_ns = bpf_ktime_get_ns(),
		.owner = state->owner,
		.note = block_known_note(state, thread),
		.iteration = state->iteration,
	};

	block_count_allocation(made->size);
	long error = bpf_map_update_elem(&live, &key, &block, BPF_NOEXIST);

	if (error == -EEXIST) {
		if (!block_is_counted(&key))
			/* Its free went past us: through an allocator call that nobody interposes. */
			lose(LEAKCHECK_LOSS_MISSED_FREE, 1);
		error = bpf_map_update_elem(&live, &key, &block, BPF_ANY);
	}
	if (error)
		lose(LEAKCHECK_LOSS_LIVE_FULL, 1);
	block_add_to_total(&block, state->process);
}

/* A block that is in its process's table. It stands for its context, and speaks for itself while it lives. */
static __always_inline void block_traced(struct leakcheck_process_state *state, const struct allocation *made,
					 const struct pt_regs *regs)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct leakcheck_live_key key = block_key(state->process, made->address);
	struct leakcheck_context_key context = {
		.process = state->process,
		.context = made->flags >> LEAKCHECK_ALLOC_CONTEXT_SHIFT,
	};
	__u64 stack;

	if (capture_stack(state, made, regs, &stack) == CAPTURE_WANTS_MAP) {
		mapped_code_ask(state);
		return;
	}
	struct leakcheck_live block = {
		.size = made->size,
		.weight = LEAKCHECK_WEIGHT_ONE,
		.serial = made->serial,
		.stack = stack,
		.time_ns = bpf_ktime_get_ns(),
		.owner = state->owner,
		.note = block_known_note(state, thread),
		.flags = LEAKCHECK_LIVE_COUNTED,
	};

	block_count_traced();
	if (bpf_map_update_elem(&live, &key, &block, BPF_ANY))
		lose(block.note ? LEAKCHECK_LOSS_LIVE_FULL : LEAKCHECK_LOSS_STACKS_FULL, 1);
	if (stack && context.context && bpf_map_update_elem(&contexts, &context, &stack, BPF_NOEXIST) == -E2BIG)
		lose(LEAKCHECK_LOSS_STACKS_FULL, 1);
}

/* A free of what is not known is no error: the block may be inherited from the parent, in which case it
 * stays the parent's. A free that a realloc tells after the allocator has handed the address to another
 * thread carries the old serial, and leaves the new block alone. */
static __always_inline void block_freed(const struct leakcheck_process_state *state, __u64 address, __u64 serial)
{
	struct leakcheck_live_key key = block_key(state->process, address);
	struct leakcheck_live *block = bpf_map_lookup_elem(&live, &key);

	if (!block || block->serial != serial)
		return;
	__u64 size = block->size;

	if (!bpf_map_delete_elem(&live, &key))
		block_count_free(size);
}

static __always_inline void block_mark_counted(const struct leakcheck_live_key *key, __u32 flag, __u32 note)
{
	struct leakcheck_live only_marked = {.flags = flag | LEAKCHECK_LIVE_COUNTED, .note = note};
	__u32 kept = 1;
	long error = flag & LEAKCHECK_LIVE_LIBC_OWNED ? bpf_map_update_elem(&libc_kept, key, &kept, BPF_ANY)
						      : bpf_map_update_elem(&live, key, &only_marked, BPF_ANY);

	if (error)
		lose(LEAKCHECK_LOSS_LIVE_FULL, 1);
}

static __always_inline void block_mark(__u32 process, __u64 address, __u32 flag, __u32 note)
{
	struct leakcheck_live_key key = block_key(process, address);
	struct leakcheck_live *block = bpf_map_lookup_elem(&live, &key);

	if (block && !(block->flags & LEAKCHECK_LIVE_COUNTED && flag & LEAKCHECK_LIVE_LIBC_OWNED)) {
		block->flags |= flag;
		if (note)
			block->note = note;
		return;
	}
	if (counting)
		block_mark_counted(&key, flag, note);
}

#endif /* LEAKCHECK_BPF_BLOCKS_H */
