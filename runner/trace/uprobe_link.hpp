// SPDX-License-Identifier: Apache-2.0
//
// Uprobes: one program on some places of one file, in one process that has the file mapped, or in every one.
//
// Where the kernel has them (6.6), the places share one "uprobe_multi" link. It goes away ten times faster
// than that many perf events, each of which waits for a grace period of its own under one lock, and it
// needs CAP_BPF and CAP_PERFMON where perf events need CAP_SYS_ADMIN. Debian's libbpf has no call for it,
// so the system call is made here. Before 6.6 each place gets a perf event, through libbpf.
//
// Ownership: a link takes its probes away when it is destroyed, which takes about 0.1 s.
// Errors: the constructor throws std::system_error. Thread safety: several links may be destroyed at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "runner/unique_fd.hpp"

struct bpf_link;
struct bpf_program;

namespace leakcheck {

struct UprobePlace {
    std::uint64_t file_offset = 0;  // bytes
    std::uint64_t cookie = 0;       // what bpf_get_attach_cookie() gives there
};

class UprobeLink {
  public:
    // `program` must have been through prepare_for_uprobes() before it was loaded.
    // `pid`: of the process, or every_process.
    static constexpr int every_process = 0;
    UprobeLink(bpf_program* program, const std::filesystem::path& file,
               const std::vector<UprobePlace>& places, int pid);
    ~UprobeLink();
    UprobeLink(UprobeLink&& other) noexcept;
    UprobeLink& operator=(UprobeLink&&) = delete;

  private:
    UniqueFd multi_;
    std::vector<bpf_link*> single_;
};

// Before the load: which kind of link the program is for.
void prepare_for_uprobes(bpf_program* program);
// Whether this kernel has uprobe_multi links.
bool kernel_has_uprobe_multi();

}  // namespace leakcheck
