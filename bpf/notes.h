/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Notes: what the in-test API records. Budgets, and leaks that are known with their reason.
 */
#ifndef LEAKCHECK_BPF_NOTES_H
#define LEAKCHECK_BPF_NOTES_H

#include "bpf/blocks.h"

struct note_source { /* the arguments of leakcheck_probe_note */
	__u32 kind;
	__u64 a;
	__u64 b;
	const char *text;
};

/* Keeps a note and returns its id; 0 when there is no room (counted). */
static __always_inline __u32 note_add(const struct leakcheck_process_state *state, const struct note_source *source)
{
	struct scratch *slot = scratch_take();

	if (!slot)
		return 0;
	scratch_clear(slot);
	slot->note.kind = source->kind;
	slot->note.process = state->process;
	slot->note.owner = state->owner;
	slot->note.a = source->a;
	slot->note.b = source->b;
	if (source->text)
		bpf_probe_read_user_str(slot->note.text, LEAKCHECK_TEXT_SIZE, source->text);
	__u32 id = __sync_fetch_and_add(&last_note, 1) + 1;

	if (bpf_map_update_elem(&notes, &id, &slot->note, BPF_NOEXIST)) {
		lose(LEAKCHECK_LOSS_NOTES_FULL, 1);
		id = 0;
	}
	scratch_give_back(slot);
	return id;
}

static __always_inline void note_known_scope(struct leakcheck_process_state *state, const struct note_source *source)
{
	__u32 thread = bpf_get_current_pid_tgid();

	if (!source->a) {
		bpf_map_delete_elem(&known_scopes, &thread);
		return;
	}
	__u32 id = note_add(state, source);

	if (!id)
		return;
	state->flags |= LEAKCHECK_PROCESS_KNOWN_SCOPES;
	if (bpf_map_update_elem(&known_scopes, &thread, &id, BPF_ANY))
		lose(LEAKCHECK_LOSS_NOTES_FULL, 1);
}

static __always_inline void note_taken(struct leakcheck_process_state *state, const struct note_source *source)
{
	if (source->kind == LEAKCHECK_NOTE_KNOWN_SCOPE) {
		note_known_scope(state, source);
		return;
	}
	__u32 id = note_add(state, source);

	if (id && source->kind == LEAKCHECK_NOTE_KNOWN_LEAK)
		block_mark(state->process, source->a, LEAKCHECK_LIVE_KNOWN, id);
}

#endif /* LEAKCHECK_BPF_NOTES_H */
