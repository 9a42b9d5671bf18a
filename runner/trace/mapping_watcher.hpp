// SPDX-License-Identifier: Apache-2.0
//
// Every executable file mapping made on this machine while it watches, told by the kernel at the moment it
// is made (perf side-band records): so that a library that is loaded and unloaded again within a
// microsecond still has a name. Times are CLOCK_MONOTONIC nanoseconds, pids those of leakcheck's namespace.
// Errors: where the kernel refuses, available() is false and why() says so; nothing throws.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runner/unique_fd.hpp"

namespace leakcheck {

struct MappingRecord {
    int pid = 0;
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint64_t file_offset = 0;
    std::uint64_t time_ns = 0;
    std::string path;
};

class MappingWatcher {
  public:
    using RecordFn = std::function<void(MappingRecord)>;

    MappingWatcher();
    ~MappingWatcher();
    MappingWatcher(const MappingWatcher&) = delete;
    MappingWatcher& operator=(const MappingWatcher&) = delete;

    bool available() const { return why_.empty(); }
    const std::string& why() const { return why_; }
    std::vector<int> fds() const;  // readable when a buffer is half full
    void drain(const RecordFn& on_record);
    std::uint64_t lost() const { return lost_; }

  private:
    struct Ring {
        UniqueFd fd;
        void* memory = nullptr;
    };

    bool watch_cpu(int cpu);
    void drain(Ring& ring, const RecordFn& on_record);
    void handle(const std::vector<char>& record, const RecordFn& on_record);

    std::vector<Ring> rings_;
    std::uint64_t lost_ = 0;
    std::string why_;
};

}  // namespace leakcheck
