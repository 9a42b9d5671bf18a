// SPDX-License-Identifier: Apache-2.0
//
// What glibc keeps of a thread, in the `struct pthread` that the thread pointer (fs_base) points to: it lies at the
// upper end of the thread's stack, behind its static TLS. Its first part is the tcbhead_t of the x86-64 ABI (glibc,
// sysdeps/x86_64/nptl/tls.h): the address itself at 0 and 0x10, the dtv at 8. Where the stack is stands further
// up, at an offset that differs between versions; it is found by what it says.
// Thread safety: free functions.
#pragma once

#include <cstdint>
#include <optional>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/memory.hpp"

namespace leakcheck::reach {

// Bytes of struct pthread that are looked at: it has had 2304 and some more since glibc 2.12.
inline constexpr std::uint64_t pthread_bytes = 2560;

// True: a struct pthread seems to be there.
bool is_thread_block(std::uint64_t address, const Memory& memory);
// The whole of the thread's stack as it was mapped, or given by pthread_attr_setstack. Nothing for the main
// thread, whose stack is not glibc's, and for threads of other libraries.
std::optional<AddressRange> thread_stack(std::uint64_t thread_pointer, const Memory& memory);
// The dtv, which says where each module's dynamic TLS is.
std::optional<AddressRange> thread_dtv(std::uint64_t thread_pointer, const Memory& memory);
// Where the thread has the thread-local storage of the program itself, which is the first module (ELF Handling for
// Thread-Local Storage, 3). Nothing where it has none yet.
std::optional<std::uint64_t> program_tls(std::uint64_t thread_pointer, const Memory& memory);
// True: somebody has joined it, so that nobody will ask for its result.
bool was_joined(std::uint64_t thread_pointer, const Memory& memory);

}  // namespace leakcheck::reach
