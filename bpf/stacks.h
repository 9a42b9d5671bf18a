/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Keeps each distinct stack once. bpf_get_stackid is not used: it drops or mixes stacks whose hashes collide.
 * Here a stack is found by hash and then compared whole.
 */
#ifndef LEAKCHECK_BPF_STACKS_H
#define LEAKCHECK_BPF_STACKS_H

#include "bpf/scratch.h"

#define STACK_CHUNKS ((LEAKCHECK_MAX_FRAMES + LEAKCHECK_CHUNK_FRAMES - 1) / LEAKCHECK_CHUNK_FRAMES)
#define STACK_PROBES 4       /* places tried for stacks of one hash */

/* Functions that loop over frames are global rather than inlined: the verifier goes through a global
 * function once, not once for each path that leads to it, which takes most of the load time away. It knows
 * nothing of their arguments then, so they check pointers anew. */

static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

__noinline __u64 stack_hash(const struct scratch *slot, __u32 process, __u32 map_epoch)
{
	if (!slot)
		return 1;

	__u64 hash = mix(mix(mix(1, process), map_epoch), slot->walk.status);
	__u32 n = slot->walk.frame_count;

	for (__u32 i = 0; i < LEAKCHECK_MAX_FRAMES && i < n; i++)
		hash = mix(hash, slot->walk.frames[i]);
	return hash ? hash : 1; /* 0 stands for "no stack" */
}

/* Frames past the end of a stack are zero on both sides. */
static __always_inline int chunk_equals(const struct leakcheck_stack_chunk *chunk, const __u64 *frames)
{
	__u64 difference = 0;

	for (__u32 i = 0; i < LEAKCHECK_CHUNK_FRAMES; i++)
		difference |= chunk->frames[i] ^ frames[i];
	return !difference;
}

__noinline int stack_equals(const struct leakcheck_stack *kept, const struct scratch *slot, __u32 process,
			    __u32 map_epoch)
{
	if (!kept || !slot)
		return 0;

	__u32 n = slot->walk.frame_count;

	if (kept->process != process || kept->map_epoch != map_epoch || kept->frames != n ||
	    kept->status != slot->walk.status)
		return 0;
	for (__u32 i = 0; i < STACK_CHUNKS && i * LEAKCHECK_CHUNK_FRAMES < n; i++) {
		__u32 key = kept->first_chunk + i;
		struct leakcheck_stack_chunk *chunk = bpf_map_lookup_elem(&stack_chunks, &key);

		if (!chunk || !chunk_equals(chunk, &slot->walk.frames[i * LEAKCHECK_CHUNK_FRAMES]))
			return 0;
	}
	return 1;
}

/* Stores the frames before the index entry, so that whoever finds the entry finds them whole. */
__noinline int stack_store_frames(struct leakcheck_stack *entry, const struct scratch *slot)
{
	if (!entry || !slot)
		return -1;

	__u32 n = slot->walk.frame_count;
	__u32 chunks = (n + LEAKCHECK_CHUNK_FRAMES - 1) / LEAKCHECK_CHUNK_FRAMES;

	if (chunks_used + chunks > stack_chunk_count)
		return -1;
	entry->first_chunk = __sync_fetch_and_add(&chunks_used, chunks);
	for (__u32 i = 0; i < STACK_CHUNKS && i < chunks; i++) {
		__u32 key = entry->first_chunk + i;
		struct leakcheck_stack_chunk *chunk = bpf_map_lookup_elem(&stack_chunks, &key);

		if (!chunk)
			return -1;
		*chunk = *(const struct leakcheck_stack_chunk *)&slot->walk.frames[i * LEAKCHECK_CHUNK_FRAMES];
	}
	return 0;
}

static __always_inline __u64 stack_insert(__u64 key, const struct scratch *slot,
					  __u32 process, __u32 map_epoch)
{
	struct leakcheck_stack entry = {
		.first_seen_ns = bpf_ktime_get_ns(),
		.process = process,
		.map_epoch = map_epoch,
		.frames = slot->walk.frame_count,
		.status = slot->walk.status,
	};

	if (stack_store_frames(&entry, slot)) {
		lose(LEAKCHECK_LOSS_STACKS_FULL, 1);
		return 0;
	}
	long error = bpf_map_update_elem(&stacks, &key, &entry, BPF_NOEXIST);

	if (!error)
		return key;
	/* Another thread was faster with this very hash: most likely with this very stack. */
	struct leakcheck_stack *kept = bpf_map_lookup_elem(&stacks, &key);

	if (kept && stack_equals(kept, slot, process, map_epoch))
		return key;
	lose(kept ? LEAKCHECK_LOSS_STACK_COLLISION : LEAKCHECK_LOSS_STACKS_FULL, 1);
	return 0;
}

/* So that whole chunks can be compared. */
__noinline int stack_zero_tail(struct scratch *slot)
{
	if (!slot)
		return -1;
	__u32 n = slot->walk.frame_count;

	for (__u32 i = 0; i < LEAKCHECK_CHUNK_FRAMES - 1; i++)
		if (n + i <= LEAKCHECK_MAX_FRAMES)
			slot->walk.frames[n + i] = 0;
	return 0;
}

/* The key of the stack in `slot`, kept now if it is new; 0 when it could not be kept (counted). */
static __always_inline __u64 stack_intern(struct scratch *slot, __u32 process, __u32 map_epoch)
{
	stack_zero_tail(slot);
	__u64 hash = stack_hash(slot, process, map_epoch);

	for (__u32 i = 0; i < STACK_PROBES; i++) {
		__u64 key = hash + i ? hash + i : 1;
		struct leakcheck_stack *kept = bpf_map_lookup_elem(&stacks, &key);

		if (!kept)
			return stack_insert(key, slot, process, map_epoch);
		if (stack_equals(kept, slot, process, map_epoch))
			return key;
	}
	lose(LEAKCHECK_LOSS_STACK_COLLISION, 1);
	return 0;
}

#endif /* LEAKCHECK_BPF_STACKS_H */
