// SPDX-License-Identifier: Apache-2.0
//
// A library that the torture program loads and unloads: it allocates when it comes, when it is used, when
// the dynamic linker binds its calls, and when it goes.
#include <pthread.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "torture.hpp"

namespace {

using torture::allocate;
using torture::keep;

struct AllocatesAtBothEnds {
    AllocatesAtBothEnds() : text("made when the library is loaded") { allocate(70); }
    ~AllocatesAtBothEnds() { allocate(71); }
    std::string text;
};

const AllocatesAtBothEnds global;

[[gnu::noinline]] void work(std::size_t depth) {
    const std::vector<std::string> strings(depth + 1, "in a library that was loaded later");
    if (depth > 0) work(depth - 1);
    keep(&strings);
}

// Too large to lie beside the static ones: the first use in a thread allocates it.
thread_local char own[8192];

using Bound = std::size_t (*)(std::size_t);

std::size_t chosen(std::size_t n) {
    allocate(n + 80);
    return n;
}

}  // namespace

// Resolved at the first call, from inside of the dynamic linker's lazy binding.
extern "C" Bound resolve_chosen() {
    allocate(90);
    return chosen;
}
extern "C" [[gnu::ifunc("resolve_chosen")]] std::size_t plugin_chosen(std::size_t n);

extern "C" void plugin_work(std::size_t depth) {
    work(depth);
}

extern "C" void plugin_thread_local(std::size_t n) {
    own[n] = 1;
    keep(own);
    pthread_t thread{};
    const auto touch = [](void* argument) -> void* {
        own[1] = 1;
        keep(own);
        return argument;
    };
    if (::pthread_create(&thread, nullptr, touch, nullptr) == 0) ::pthread_join(thread, nullptr);
}

extern "C" void plugin_lazily_bound(std::size_t n) {
    const std::size_t size = plugin_chosen(n);
    keep(&size);
}

extern "C" void plugin_throw(std::size_t n) {
    try {
        if (n % 2 == 0) throw std::runtime_error("thrown and caught in a library");
        work(1);
    } catch (const std::exception& error) {
        const std::string text = error.what();
        keep(&text);
    }
}

[[gnu::constructor]] static void when_loaded() {
    work(2);
}

[[gnu::destructor]] static void when_unloaded() {
    work(1);
}
