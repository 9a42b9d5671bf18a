// SPDX-License-Identifier: Apache-2.0
//
// churn PAIRS THREADS LIVE: THREADS threads make PAIRS malloc/free pairs each, with LIVE blocks of 32 bytes
// live at once in the first; at the end 3 blocks of 1,000 bytes leak. What leaks: 3 blocks, 3,000 bytes.
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

void churn(long pairs) {
    for (long i = 0; i < pairs; ++i) {
        void* volatile block = std::malloc(static_cast<std::size_t>(i % 512 + 1));
        std::free(block);
    }
}

void hold(long live) {
    std::vector<void*> blocks;
    blocks.reserve(static_cast<std::size_t>(live));
    for (long i = 0; i < live; ++i) blocks.push_back(std::malloc(32));
    for (void* block : blocks) std::free(block);
}

}  // namespace

int main(int argc, char** argv) {
    const long pairs = argc > 1 ? std::atol(argv[1]) : 1000;
    const long threads = argc > 2 ? std::atol(argv[2]) : 1;
    const long live = argc > 3 ? std::atol(argv[3]) : 0;
    std::vector<std::thread> running;
    for (long i = 0; i < threads; ++i) running.emplace_back(churn, pairs);
    hold(live);
    for (std::thread& thread : running) thread.join();
    for (int i = 0; i < 3; ++i) {
        void* volatile leaked = std::malloc(1000);
        leaked = nullptr;
    }
}
