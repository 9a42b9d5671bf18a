// SPDX-License-Identifier: Apache-2.0
//
// Which pages of a process hold something that it, or whoever it shares them with, has written: the rest need not
// be read. A page of a private mapping does when it is in memory or swapped out, and is not simply the file's.
// What is untouched is never read, so that a sparse reservation of 64 GiB stays one, and no page tables are made.
//
// Asked by the ioctl PAGEMAP_SCAN where the kernel has it (6.7), else from /proc/PID/pagemap, word by word: the
// kernel's Documentation/admin-guide/mm/pagemap.rst describes both. The pages of shared memory need not be mapped
// by this process to hold something: where the file can be opened (/proc/PID/map_files, which takes
// CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE), it is asked for its data; else only what is mapped counts.
// Thread safety: none needed; const.
#pragma once

#include "runner/reach/address_ranges.hpp"
#include "runner/trace/process_maps.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck::reach {

class ResidentMemory {
  public:
    enum class Method { best, pagemap_file };

    explicit ResidentMemory(int pid, Method method = Method::best);

    // False: nothing can be asked, since the process is gone or is not ours to read.
    explicit operator bool() const { return static_cast<bool>(pagemap_); }
    // Of one mapping.
    AddressRanges written(const ProcessMap& map) const;

  private:
    int pid_;
    bool scans_ = false;
    UniqueFd pagemap_;
};

}  // namespace leakcheck::reach
