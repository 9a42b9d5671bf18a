// SPDX-License-Identifier: Apache-2.0
//
// leak_cpp COUNT THREADS: THREADS threads leak COUNT blocks each through every form of operator new in
// turn, after making and freeing as many that do not leak. What leaks: COUNT * THREADS blocks.
#include <cstddef>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

namespace {

struct Plain {
    char bytes[48];
};
struct alignas(128) Aligned {
    char bytes[300];
};

void* make(long which) {
    switch (which % 10) {
        case 0:
            return new Plain;
        case 1:
            return new Plain[7];
        case 2:
            return new (std::nothrow) Plain;
        case 3:
            return new (std::nothrow) Plain[3];
        case 4:
            return new Aligned;
        case 5:
            return new Aligned[2];
        case 6:
            return new (std::nothrow) Aligned;
        case 7:
            return new (std::nothrow) Aligned[3];
        case 8:
            return ::operator new(static_cast<std::size_t>(which) + 1);
        default:
            return ::operator new[](100, std::align_val_t{512});
    }
}

void destroy(long which, void* block) {
    switch (which % 10) {
        case 0:
            delete static_cast<Plain*>(block);
            break;
        case 1:
            delete[] static_cast<Plain*>(block);
            break;
        case 2:
            ::operator delete(block, std::nothrow);
            break;
        case 3:
            ::operator delete[](block, std::nothrow);
            break;
        case 4:
            delete static_cast<Aligned*>(block);
            break;
        case 5:
            delete[] static_cast<Aligned*>(block);
            break;
        case 6:
            ::operator delete (block, std::align_val_t{128}, std::nothrow);
            break;
        case 7:
            ::operator delete[](block, std::align_val_t{128}, std::nothrow);
            break;
        case 8:
            ::operator delete(block, static_cast<std::size_t>(which) + 1);
            break;
        default:
            ::operator delete[](block, std::align_val_t{512});
            break;
    }
}

void leak(long count) {
    for (long i = 0; i < count; ++i) {
        void* volatile kept = make(i);
        destroy(i, make(i));
        kept = nullptr;
    }
}

}  // namespace

int main(int argc, char** argv) {
    const long count = argc > 1 ? std::atol(argv[1]) : 1;
    const long threads = argc > 2 ? std::atol(argv[2]) : 1;
    if (threads <= 1) {
        leak(count);
        return 0;
    }
    std::vector<std::thread> running;
    for (long i = 0; i < threads; ++i) running.emplace_back(leak, count);
    for (std::thread& thread : running) thread.join();
}
