// SPDX-License-Identifier: Apache-2.0
//
// The memory of another process, read in bulk by process_vm_readv(2): as it is at the moment, which is consistent
// only while the process is stopped. Reading a page that was never touched makes the kernel give the process
// page tables for it, so ask resident_memory.hpp first what is worth reading.
// Errors: what cannot be read is skipped, page by page; gone() tells whether the process has ended meanwhile.
// Thread safety: all of it.
#pragma once

#include <atomic>

#include "runner/reach/memory.hpp"

namespace leakcheck::reach {

class ProcessMemory final : public Memory {
  public:
    explicit ProcessMemory(int pid) : pid_(pid) {}

    std::size_t read(std::uint64_t address, std::span<std::byte> buffer) const override;
    // True as soon as a read has found no process any more.
    bool gone() const { return gone_; }

  private:
    std::size_t read_once(std::uint64_t address, std::span<std::byte> buffer) const;

    int pid_;
    mutable std::atomic<bool> gone_ = false;
};

}  // namespace leakcheck::reach
