// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/process_memory.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {

// Bytes up to the first page that cannot be read.
std::size_t ProcessMemory::read_once(std::uint64_t address, std::span<std::byte> buffer) const {
    const iovec local{buffer.data(), buffer.size()};
    const iovec remote{reinterpret_cast<void*>(address), buffer.size()};
    const ssize_t count = ::process_vm_readv(pid_, &local, 1, &remote, 1, 0);
    if (count < 0 && errno == ESRCH) gone_ = true;
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::size_t ProcessMemory::read(std::uint64_t address, std::span<std::byte> buffer) const {
    std::size_t all = 0;
    while (!buffer.empty() && !gone_) {
        std::size_t passed = read_once(address, buffer);
        all += passed;
        if (passed < buffer.size()) {
            const std::uint64_t bad = address + passed;
            passed = std::min<std::size_t>(buffer.size(),
                                           passed + round_down(bad, page_size) + page_size - bad);
        }
        address += passed;
        buffer = buffer.subspan(passed);
    }
    return all;
}

}  // namespace leakcheck::reach
