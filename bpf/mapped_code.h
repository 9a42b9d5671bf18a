/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * What the runner has told of a process's code: whether it still holds, and how to have it looked at again
 * ("Asking back" in abi/leakcheck_abi.h).
 */
#ifndef LEAKCHECK_BPF_MAPPED_CODE_H
#define LEAKCHECK_BPF_MAPPED_CODE_H

#include "bpf/cells.h"
#include "bpf/processes.h"
#include "bpf/walk.h"

#define MOST_STRAYS 64

struct mapped_code {
	__u32 map;   /* word number of the process's address map; 0: none that holds */
	__u32 epoch; /* for the stack's key */
	__u64 entry; /* as found in address_maps */
};

static __always_inline __u64 mapped_code_entry(const struct leakcheck_process_state *state)
{
	__u32 key = state->process;
	__u64 *entry = bpf_map_lookup_elem(&address_maps, &key);

	return entry ? *(volatile __u64 *)entry : 0;
}

static __always_inline struct mapped_code mapped_code_find(const struct leakcheck_process_state *state)
{
	struct mapped_code code = {.entry = mapped_code_entry(state), .epoch = state->map_epoch};
	__u32 word = LEAKCHECK_ADDRESS_MAP_WORD(code.entry);
	const struct leakcheck_address_map *map = word ? unwind_address_map(word) : 0;

	if (!map || map->generation != LEAKCHECK_ADDRESS_MAP_GENERATION(code.entry) ||
	    map->map_epoch != state->map_epoch)
		return code;
	code.map = word;
	code.epoch += map->replaced;
	return code;
}

/* Code has neither come nor gone since. The kernel's count of executable pages tells also of libraries that
 * the C library loads and closes by itself. */
static __always_inline int mapped_code_is_current(const struct mapped_code *code,
						  const struct leakcheck_process_state *state)
{
	const struct leakcheck_address_map *map = code->map ? unwind_address_map(code->map) : 0;

	return map && !state->unloading &&
	       (map->exec_pages == process_exec_pages() || map->exec_pages == LEAKCHECK_ANY_EXEC_PAGES);
}

/* The memory of the map was not given to another one while it was read. */
static __always_inline int mapped_code_still_holds(const struct mapped_code *code)
{
	const struct leakcheck_address_map *map = code->map ? unwind_address_map(code->map) : 0;

	return map && map->generation == LEAKCHECK_ADDRESS_MAP_GENERATION(code->entry);
}

static __always_inline void mapped_code_ask(const struct leakcheck_process_state *state)
{
	struct leakcheck_cell *cell = cell_of(state);

	if (cell)
		__sync_fetch_and_add(&cell->requests, 1);
}

#endif /* LEAKCHECK_BPF_MAPPED_CODE_H */
