// SPDX-License-Identifier: Apache-2.0
#include "sampler/wiped_memory.hpp"

#include <sys/mman.h>

#include "sampler/system_call.hpp"

namespace leakcheck::sampler {

void* map_wiped_memory(std::size_t size) {
    const long result = system_call(SYS_mmap, nullptr, size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (has_failed(result)) return nullptr;
    if (system_call(SYS_madvise, result, size, MADV_WIPEONFORK) == 0)
        return reinterpret_cast<void*>(result);
    system_call(SYS_munmap, result, size);
    return nullptr;
}

}  // namespace leakcheck::sampler
