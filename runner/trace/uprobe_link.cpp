// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/uprobe_link.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "runner/trace/kernel_version.hpp"

namespace leakcheck {
namespace {

// From the kernel's include/uapi/linux/bpf.h (6.6), which is newer than the headers we build against.
constexpr auto kTraceUprobeMulti = static_cast<enum bpf_attach_type>(48);

struct LinkCreateAttr {
    std::uint32_t program_fd;
    std::uint32_t target_fd;
    std::uint32_t attach_type;
    std::uint32_t flags;
    std::uint64_t path;
    std::uint64_t offsets;
    std::uint64_t reference_counter_offsets;
    std::uint64_t cookies;
    std::uint32_t count;
    std::uint32_t multi_flags;
    std::uint32_t pid;
    std::uint32_t padding;
};

int link_multi(int program_fd, const std::filesystem::path& file,
               const std::vector<UprobePlace>& places, int pid) {
    std::vector<std::uint64_t> offsets;
    std::vector<std::uint64_t> cookies;
    for (const UprobePlace& place : places) {
        offsets.push_back(place.file_offset);
        cookies.push_back(place.cookie);
    }
    LinkCreateAttr attr{};
    attr.program_fd = static_cast<std::uint32_t>(program_fd);
    attr.attach_type = kTraceUprobeMulti;
    attr.path = reinterpret_cast<std::uint64_t>(file.c_str());
    attr.offsets = reinterpret_cast<std::uint64_t>(offsets.data());
    attr.cookies = reinterpret_cast<std::uint64_t>(cookies.data());
    attr.count = static_cast<std::uint32_t>(places.size());
    attr.pid = static_cast<std::uint32_t>(pid);
    return static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)));
}

bpf_link* link_single(bpf_program* program, const std::filesystem::path& file,
                      const UprobePlace& place, int pid) {
    LIBBPF_OPTS(bpf_uprobe_opts, options, .bpf_cookie = place.cookie);
    const int libbpfs_pid = pid == UprobeLink::every_process ? -1 : pid;
    return bpf_program__attach_uprobe_opts(program, libbpfs_pid, file.c_str(), place.file_offset,
                                           &options);
}

}  // namespace

bool kernel_has_uprobe_multi() {
    return kernel_is_at_least(6, 6);
}

void prepare_for_uprobes(bpf_program* program) {
    if (kernel_has_uprobe_multi())
        bpf_program__set_expected_attach_type(program, kTraceUprobeMulti);
}

UprobeLink::UprobeLink(bpf_program* program, const std::filesystem::path& file,
                       const std::vector<UprobePlace>& places, int pid) {
    if (kernel_has_uprobe_multi()) {
        multi_ = UniqueFd(link_multi(bpf_program__fd(program), file, places, pid));
        if (!multi_) throw std::system_error(errno, std::generic_category(), file.string());
        return;
    }
    for (const UprobePlace& place : places) {
        bpf_link* link = link_single(program, file, place, pid);
        if (link == nullptr) {
            const int error = errno;
            for (bpf_link* placed : single_) bpf_link__destroy(placed);
            throw std::system_error(error, std::generic_category(), file.string());
        }
        single_.push_back(link);
    }
}

UprobeLink::~UprobeLink() {
    for (bpf_link* link : single_) bpf_link__destroy(link);
}

UprobeLink::UprobeLink(UprobeLink&& other) noexcept
    : multi_(std::move(other.multi_)), single_(std::exchange(other.single_, {})) {}

}  // namespace leakcheck
