/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * From an allocation event to the key of its stack.
 */
#ifndef LEAKCHECK_BPF_CAPTURE_H
#define LEAKCHECK_BPF_CAPTURE_H

#include "bpf/mapped_code.h"
#include "bpf/stacks.h"

struct allocation { /* the arguments of leakcheck_probe_alloc */
	__u64 address;
	__u64 size;
	__u64 weight;
	__u64 serial;
	__u64 frame;
	__u64 flags; /* LEAKCHECK_ALLOC_*, and the context */
};

enum capture_result {
	CAPTURE_KEPT,     /* the key is valid; 0: the stack could not be kept, which was counted */
	CAPTURE_WANTS_MAP, /* the process has code that the runner has not seen: ask for the event again */
};

/* From the probe site itself, through the sampler: there all registers are known. */
static __always_inline void capture_begin_at_probe(struct unwind_walk *walk, const struct pt_regs *regs,
						   __u64 frame)
{
	walk->pc = regs->rip;
	walk->sp = regs->rsp;
	walk->rbp = regs->rbp;
	walk->rbx = regs->rbx;
	walk->record_from = frame + 16;
	walk->frame_count = 0;
	walk->range.start = walk->range.end = 0;
	walk->block_size = 0;
	walk->flags = UNWIND_KNOWS_RBP | UNWIND_KNOWS_RBX | UNWIND_EXACT_PC;
}

static __always_inline void capture_walk(struct scratch *slot, const struct mapped_code *code,
					 const struct pt_regs *regs, __u64 frame)
{
	struct unwind_walk *walk = &slot->walk;

	walk->map = code->map;
	walk->depth = stack_depth;
	if (unwind_begin_at_frame(walk, frame) == UNWIND_DONE)
		return;
	if (!walk_by_tables) {
		walk_by_frame_pointers(slot);
		return;
	}
	walk_by_table(slot);
	if (walk->flags & UNWIND_NEEDS_RBX) { /* rare: an allocation while the dynamic linker resolves a symbol */
		capture_begin_at_probe(walk, regs, frame);
		walk_by_table(slot);
	}
}

static __always_inline int capture_wants_map(const struct unwind_walk *walk, const struct mapped_code *code,
					     struct leakcheck_process_state *state, __u64 flags)
{
	int stray = walk->flags & UNWIND_UNKNOWN_CODE;

	if (flags & LEAKCHECK_ALLOC_MAY_REPEAT)
		return (stray && state->strays < MOST_STRAYS) || !mapped_code_still_holds(code);
	if (stray && flags & LEAKCHECK_ALLOC_REPEATED)
		__sync_fetch_and_add(&state->strays, 1);
	return 0;
}

static __always_inline __u64 capture_keep(struct scratch *slot, const struct leakcheck_process_state *state,
					  const struct mapped_code *code)
{
	if (code->map && !mapped_code_still_holds(code))
		slot->walk.status = LEAKCHECK_STACK_TRUNCATED;
	if (slot->walk.flags & UNWIND_UNREADABLE)
		lose(LEAKCHECK_LOSS_STACK_UNREADABLE, 1);
	return slot->walk.frame_count ? stack_intern(slot, state->process, code->epoch) : 0;
}

static __always_inline enum capture_result capture_stack(struct leakcheck_process_state *state,
							 const struct allocation *made,
							 const struct pt_regs *regs, __u64 *key)
{
	struct mapped_code code = mapped_code_find(state);
	int may_repeat = walk_by_tables && made->flags & LEAKCHECK_ALLOC_MAY_REPEAT;

	*key = 0;
	if (!stack_depth)
		return CAPTURE_KEPT;
	if (may_repeat && !mapped_code_is_current(&code, state))
		return CAPTURE_WANTS_MAP;
	struct scratch *slot = scratch_take();

	if (!slot)
		return CAPTURE_KEPT;
	capture_walk(slot, &code, regs, made->frame);
	int wants_map = walk_by_tables && capture_wants_map(&slot->walk, &code, state, made->flags);

	if (!wants_map)
		*key = capture_keep(slot, state, &code);
	if (!wants_map && walk_by_tables && made->flags & LEAKCHECK_ALLOC_COUNTED)
		cell_tell_walk(state, &slot->walk, made->serial);
	scratch_give_back(slot);
	return wants_map ? CAPTURE_WANTS_MAP : CAPTURE_KEPT;
}

#endif /* LEAKCHECK_BPF_CAPTURE_H */
