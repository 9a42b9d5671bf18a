// SPDX-License-Identifier: Apache-2.0
//
// What a mapping is, from its line in /proc/PID/maps (proc(5)): what can hold a program's pointers, and what must
// not even be touched. Thread safety: free functions.
#pragma once

#include "runner/trace/process_maps.hpp"

namespace leakcheck::reach {

// Of no file, private to the process: where heaps, stacks and .bss are. The main heap and stack have a name, but
// are such memory too.
bool is_anonymous(const ProcessMap& map);
// The main heap of an allocator that uses brk(2).
bool is_break_heap(const ProcessMap& map);
bool is_main_stack(const ProcessMap& map);
// Shared memory without a file on a disk: memfd, shm_open, System V, MAP_SHARED | MAP_ANONYMOUS.
bool is_shared_memory(const ProcessMap& map);
// May be read, and may hold pointers that the program has written. Not those of devices, which may hang or count
// reads, nor what the kernel lends ([vvar], [vdso]). Memory that is read-only now may have been written before.
bool may_hold_pointers(const ProcessMap& map);

}  // namespace leakcheck::reach
