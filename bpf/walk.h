/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * The walk of bpf/unwind.h in the kernel, and what older kernels get instead.
 */
#ifndef LEAKCHECK_BPF_WALK_H
#define LEAKCHECK_BPF_WALK_H

#include "bpf/scratch.h"

static __always_inline int unwind_read_stack(void *to, __u32 size, __u64 address)
{
	if (!bpf_probe_read_user(to, size, (void *)address))
		return 0;
	return stack_may_fault ? (int)bpf_copy_from_user(to, size, (void *)address) : -1;
}

static __always_inline const __u32 *unwind_slab(__u32 word)
{
	__u32 number = word >> LEAKCHECK_UNWIND_SLAB_SHIFT;
	__u32 key = 0;
	void *slab = bpf_map_lookup_elem(&unwind_slabs, &number);
	struct unwind_slab_words *content = slab ? bpf_map_lookup_elem(slab, &key) : 0;

	return content ? content->words : 0;
}

static __always_inline const struct leakcheck_unwind_rule *unwind_rule(__u32 number)
{
	return &unwind_rules[number & (LEAKCHECK_UNWIND_RULES - 1)];
}

#include "bpf/unwind.h"

#define WALK_UNRECORDED 32 /* frames of the sampler itself, at most */

struct walk_context {
	struct unwind_walk *walk;
};

static int walk_step(__u32 index __attribute__((unused)), struct walk_context *context)
{
	return unwind_step(context->walk);
}

/* A global function: the verifier goes through it once, whoever calls it. */
__noinline int walk_by_table(struct scratch *slot)
{
	if (!slot)
		return -1;
	struct walk_context context = {.walk = &slot->walk};

	slot->walk.status = LEAKCHECK_STACK_TRUNCATED;
	bpf_loop(LEAKCHECK_MAX_FRAMES + 1 + WALK_UNRECORDED, walk_step, &context, 0);
	return 0;
}

/* Without bpf_loop the verifier cannot get through the walk; frame pointers alone it can follow. */
__noinline int walk_by_frame_pointers(struct scratch *slot)
{
	if (!slot)
		return -1;
	struct unwind_walk *walk = &slot->walk;
	__u64 pc = walk->pc;
	__u64 frame = walk->rbp;
	__u64 sp = walk->sp;
	__u32 depth = walk->depth;
	__u32 n = 0;

	walk->status = LEAKCHECK_STACK_TRUNCATED;
	for (; n < LEAKCHECK_MAX_FRAMES && n < depth; n++) {
		__u64 record[2];

		walk->frames[n] = pc;
		if (frame < sp || frame - sp > UNWIND_SPAN || frame & 7 ||
		    bpf_probe_read_user(record, sizeof(record), (void *)frame) || !record[1]) {
			walk->status = LEAKCHECK_STACK_FRAME_POINTER;
			n++;
			break;
		}
		sp = frame + sizeof(record);
		frame = record[0];
		pc = record[1];
	}
	walk->frame_count = n;
	return 0;
}

#endif /* LEAKCHECK_BPF_WALK_H */
