// SPDX-License-Identifier: Apache-2.0
#include <new>

extern "C" void plugin_work() {
    operator delete(operator new(61));
    operator delete[](operator new[](62, std::align_val_t{64}), std::align_val_t{64});
    try {
        operator delete(operator new(static_cast<std::size_t>(1) << 62));
    } catch (const std::bad_alloc&) {
        operator delete (operator new(63), std::size_t{63});
    }
}
