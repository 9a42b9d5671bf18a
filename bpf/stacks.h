/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Stacks: walking one, and keeping each distinct one once. bpf_get_stackid is not used: it drops or mixes
 * stacks whose hashes collide. Here a stack is found by hash and then compared whole.
 */
#ifndef LEAKCHECK_BPF_STACKS_H
#define LEAKCHECK_BPF_STACKS_H

#include "bpf/scratch.h"

#define STACK_PROBES 4       /* places tried for stacks of one hash */
#define STACK_SPAN (8u << 20) /* a caller's frame is no farther up than this, bytes */

/* Functions that loop over frames are global rather than inlined: the verifier goes through a global
 * function once, not once for each path that leads to it, which takes most of the load time away. It knows
 * nothing of their arguments then, so they check pointers anew. */

struct frame_record { /* what a function with a frame pointer keeps at it */
	__u64 caller_frame;
	__u64 return_address;
};

/* Walks by frame pointers from the interposed function's own frame, so the code that called it is always
 * the first entry, whether or not it keeps a frame pointer itself. */
__noinline int stack_walk(struct scratch *slot, __u64 frame)
{
	if (!slot)
		return -1;

	__u32 depth = stack_depth;
	__u32 n = 0;

	slot->stack_status = LEAKCHECK_STACK_FRAME_POINTER;
	for (; n < LEAKCHECK_MAX_FRAMES && n < depth; n++) {
		struct frame_record record;

		if (bpf_probe_read_user(&record, sizeof(record), (void *)frame)) {
			slot->stack_status = LEAKCHECK_STACK_TRUNCATED;
			if (n == 0)
				lose(LEAKCHECK_LOSS_STACK_UNREADABLE, 1);
			break;
		}
		if (!record.return_address)
			break;
		slot->frames[n] = record.return_address;
		if (record.caller_frame <= frame || record.caller_frame - frame > STACK_SPAN || record.caller_frame & 7) {
			n++;
			break;
		}
		frame = record.caller_frame;
	}
	slot->frame_count = n;
	return 0;
}

static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

__noinline __u64 stack_hash(const struct scratch *slot, __u32 process, __u32 map_epoch)
{
	if (!slot)
		return 1;

	__u64 hash = mix(process, map_epoch);
	__u32 n = slot->frame_count;

	for (__u32 i = 0; i < LEAKCHECK_MAX_FRAMES && i < n; i++)
		hash = mix(hash, slot->frames[i]);
	return hash ? hash : 1; /* 0 stands for "no stack" */
}

__noinline int stack_equals(const struct leakcheck_stack *kept, const struct scratch *slot, __u32 process,
			    __u32 map_epoch)
{
	if (!kept || !slot)
		return 0;

	__u32 n = slot->frame_count;

	if (kept->process != process || kept->map_epoch != map_epoch || kept->frames != n ||
	    kept->status != slot->stack_status)
		return 0;
	for (__u32 i = 0; i < LEAKCHECK_MAX_FRAMES && i < n; i++) {
		__u32 key = kept->first_chunk + i / LEAKCHECK_CHUNK_FRAMES;
		struct leakcheck_stack_chunk *chunk = bpf_map_lookup_elem(&stack_chunks, &key);

		if (!chunk || chunk->frames[i % LEAKCHECK_CHUNK_FRAMES] != slot->frames[i])
			return 0;
	}
	return 1;
}

/* Stores the frames before the index entry, so that whoever finds the entry finds them whole. */
__noinline int stack_store_frames(struct leakcheck_stack *entry, const struct scratch *slot)
{
	if (!entry || !slot)
		return -1;

	__u32 n = slot->frame_count;
	__u32 chunks = (n + LEAKCHECK_CHUNK_FRAMES - 1) / LEAKCHECK_CHUNK_FRAMES;

	if (chunks_used + chunks > stack_chunk_count)
		return -1;
	entry->first_chunk = __sync_fetch_and_add(&chunks_used, chunks);
	for (__u32 i = 0; i < LEAKCHECK_MAX_FRAMES && i < n; i++) {
		__u32 key = entry->first_chunk + i / LEAKCHECK_CHUNK_FRAMES;
		struct leakcheck_stack_chunk *chunk = bpf_map_lookup_elem(&stack_chunks, &key);

		if (!chunk)
			return -1;
		chunk->frames[i % LEAKCHECK_CHUNK_FRAMES] = slot->frames[i];
	}
	return 0;
}

static __always_inline __u64 stack_insert(__u64 key, const struct scratch *slot,
					  const struct leakcheck_process_state *state)
{
	struct leakcheck_stack entry = {
		.first_seen_ns = bpf_ktime_get_ns(),
		.process = state->process,
		.map_epoch = state->map_epoch,
		.frames = slot->frame_count,
		.status = slot->stack_status,
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

	if (kept && stack_equals(kept, slot, state->process, state->map_epoch))
		return key;
	lose(kept ? LEAKCHECK_LOSS_STACK_COLLISION : LEAKCHECK_LOSS_STACKS_FULL, 1);
	return 0;
}

/* The key of the stack in `slot`, kept now if it is new; 0 when it could not be kept (counted). */
static __always_inline __u64 stack_intern(const struct scratch *slot, const struct leakcheck_process_state *state)
{
	__u64 hash = stack_hash(slot, state->process, state->map_epoch);

	for (__u32 i = 0; i < STACK_PROBES; i++) {
		__u64 key = hash + i ? hash + i : 1;
		struct leakcheck_stack *kept = bpf_map_lookup_elem(&stacks, &key);

		if (!kept)
			return stack_insert(key, slot, state);
		if (stack_equals(kept, slot, state->process, state->map_epoch))
			return key;
	}
	lose(LEAKCHECK_LOSS_STACK_COLLISION, 1);
	return 0;
}

/* Walks and keeps the stack of the current event. */
static __always_inline __u64 stack_capture(const struct leakcheck_process_state *state, __u64 frame)
{
	struct scratch *slot = scratch_take();

	if (!slot)
		return 0;
	stack_walk(slot, frame);
	__u64 key = slot->frame_count ? stack_intern(slot, state) : 0;

	scratch_give_back(slot);
	return key;
}

#endif /* LEAKCHECK_BPF_STACKS_H */
