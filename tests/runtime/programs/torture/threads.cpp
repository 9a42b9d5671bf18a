// SPDX-License-Identifier: Apache-2.0
//
// Threads: where they begin, and what runs when they end.
#include <pthread.h>

#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "torture.hpp"

namespace torture::threads {
namespace {

[[gnu::noinline]] void work(std::size_t depth) {
    const std::string text(30 + depth, 't');
    if (depth > 0) work(depth - 1);
    keep(&text);
}

void* start(void* argument) {
    work(*static_cast<std::size_t*>(argument));
    return nullptr;
}

void posix_threads(Random& random) {
    std::size_t depth = random.below(20);
    pthread_t thread{};
    if (::pthread_create(&thread, nullptr, start, &depth) != 0) return;
    work(depth / 2);
    ::pthread_join(thread, nullptr);
}

void standard_threads(Random& random) {
    const std::size_t depth = random.below(10);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 3; ++i) threads.emplace_back([depth, i] { work(depth + i); });
    for (std::thread& thread : threads) thread.join();
}

void futures(Random& random) {
    const std::size_t depth = random.below(10);
    auto result = std::async(std::launch::async, [depth] {
        work(depth);
        return std::string(100, 'f');
    });
    const std::string text = result.get();
    keep(&text);
}

void once(Random&) {
    pthread_once_t posix_once = PTHREAD_ONCE_INIT;
    ::pthread_once(&posix_once, [] { work(2); });
    std::once_flag flag;
    std::call_once(flag, [] { work(3); });
}

struct AllocatesAtThreadEnd {
    ~AllocatesAtThreadEnd() { work(2); }
    std::string text = "a string that is long enough to be allocated";
};

thread_local AllocatesAtThreadEnd at_thread_end;

void end_of_key(void* value) {
    allocate(56);
    std::free(value);
}

pthread_key_t make_key() {
    pthread_key_t key{};
    ::pthread_key_create(&key, end_of_key);
    return key;
}

void thread_ends(Random&) {
    static const pthread_key_t key = make_key();
    std::thread([] {
        keep(&at_thread_end);
        ::pthread_setspecific(key, std::malloc(8));
    }).join();
}

// pthread_exit unwinds the stack by force.
void* leave(void*) {
    const AllocatesAtThreadEnd guard;
    keep(&guard);
    ::pthread_exit(nullptr);
}

void forced_unwinding(Random&) {
    pthread_t thread{};
    if (::pthread_create(&thread, nullptr, leave, nullptr) != 0) return;
    ::pthread_join(thread, nullptr);
}

const Scenario scenarios[]{
    {"posix_threads", 2, posix_threads},
    {"standard_threads", 1, standard_threads},
    {"futures", 2, futures},
    {"once", 3, once},
    {"thread_ends", 2, thread_ends},
    {"forced_unwinding", 1, forced_unwinding},
};

}  // namespace
}  // namespace torture::threads
