// SPDX-License-Identifier: Apache-2.0
//
// What a test, or the code it tests, may tell leakcheck: how much this test is allowed to leak,
// which scope is not to be tracked, which leak is known and why. Needs neither GoogleTest nor a
// library; C++14. Outside `leakcheck -- COMMAND` nothing of it does anything.
//
//     leakcheck::set_budget(4096, 1, "the plugin host keeps one page");
//     leakcheck::Untracked untracked;                        // until the end of the scope
//     leakcheck::KnownLeaks known("JIRA-17: lost on error");  // likewise
//     auto* cache = leakcheck::known_leak(new Cache, "lives as long as the process");
//
// Units: bytes and blocks (allocations). Ownership: nothing is owned or freed; a reason is read
// during the call, except that of KnownLeaks, which has to outlive its scope. Allocates nothing,
// throws nothing. Threads: every function may be called from any thread; a scope covers the thread
// that opened it. Not for signal handlers, the first use of all looks symbols up.
#pragma once

#include <dlfcn.h>

#include <cstdint>

#include "abi/leakcheck_abi.h"

namespace leakcheck {

// No limit, in set_budget.
constexpr std::uint64_t unlimited = UINT64_MAX;

// Whether leakcheck watches this process.
bool active() noexcept;

// What the running test may leak before it counts as leaking; a later call replaces an earlier one.
// Has no effect outside a test.
void set_budget(std::uint64_t bytes, std::uint64_t blocks, const char* reason) noexcept;

// Marks one block as a known leak: it is listed with its reason but does not fail the run. `block`
// is the address that the allocation returned; null is ignored. Where the two differ (new T[n] of a
// type with a destructor, a base class that is not the first), use KnownLeaks. Returns `block`.
template <class T>
T* known_leak(T* block, const char* reason) noexcept;

// What this thread allocates in the scope is not tracked at all: no leak, no total. Scopes nest.
class Untracked {
  public:
    Untracked() noexcept;
    ~Untracked();
    Untracked(const Untracked&) = delete;
    Untracked& operator=(const Untracked&) = delete;
};

// What this thread allocates in the scope and does not free is a known leak, as by known_leak. In
// nested scopes the innermost reason holds.
class KnownLeaks {
  public:
    explicit KnownLeaks(const char* reason) noexcept;
    ~KnownLeaks();
    KnownLeaks(const KnownLeaks&) = delete;
    KnownLeaks& operator=(const KnownLeaks&) = delete;

  private:
    const char* reason_;
    KnownLeaks* outer_;
};

namespace detail {

// The functions that the sampler exports to the process it is loaded into; null without it.
struct SamplerFunctions {
    void (*owner)(int kind, const char* suite, const char* test);
    void (*note)(int kind, std::uint64_t a, std::uint64_t b, const char* text);
    void (*untracked)(int begin);
};

template <class Function>
Function find_function(const char* name) noexcept {
    return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

inline SamplerFunctions find_sampler() noexcept {
    return {find_function<decltype(SamplerFunctions::owner)>("leakcheck_v1_owner"),
            find_function<decltype(SamplerFunctions::note)>("leakcheck_v1_note"),
            find_function<decltype(SamplerFunctions::untracked)>("leakcheck_v1_untracked")};
}

inline const SamplerFunctions& sampler() noexcept {
    static const SamplerFunctions functions = find_sampler();
    return functions;
}

// `suite` and `test` are read during the call; null where the kind has none.
inline void set_owner(leakcheck_owner_kind kind, const char* suite, const char* test) noexcept {
    if (sampler().owner != nullptr) sampler().owner(kind, suite, test);
}

inline void note(leakcheck_note_kind kind, std::uint64_t a, std::uint64_t b,
                 const char* text) noexcept {
    if (sampler().note != nullptr) sampler().note(kind, a, b, text);
}

// The sampler counts how often it was begun.
inline void set_untracked(int begin) noexcept {
    if (sampler().untracked != nullptr) sampler().untracked(begin);
}

// The sampler keeps one reason for a thread: scopes reach it one at a time, never nested.
inline KnownLeaks*& innermost_known_leaks() noexcept {
    static thread_local KnownLeaks* scope = nullptr;
    return scope;
}

inline void begin_known_scope(const char* reason) noexcept {
    note(LEAKCHECK_NOTE_KNOWN_SCOPE, 1, 0, reason);
}

inline void end_known_scope(const char* reason) noexcept {
    note(LEAKCHECK_NOTE_KNOWN_SCOPE, 0, 0, reason);
}

}  // namespace detail

inline bool active() noexcept {
    return detail::sampler().owner != nullptr;
}

inline void set_budget(std::uint64_t bytes, std::uint64_t blocks, const char* reason) noexcept {
    detail::note(LEAKCHECK_NOTE_BUDGET, bytes, blocks, reason);
}

template <class T>
T* known_leak(T* block, const char* reason) noexcept {
    if (block != nullptr) {
        detail::note(LEAKCHECK_NOTE_KNOWN_LEAK, reinterpret_cast<std::uintptr_t>(block), 0, reason);
    }
    return block;
}

inline Untracked::Untracked() noexcept {
    detail::set_untracked(1);
}

inline Untracked::~Untracked() {
    detail::set_untracked(0);
}

inline KnownLeaks::KnownLeaks(const char* reason) noexcept
    : reason_(reason), outer_(detail::innermost_known_leaks()) {
    if (outer_ != nullptr) detail::end_known_scope(outer_->reason_);
    detail::begin_known_scope(reason_);
    detail::innermost_known_leaks() = this;
}

inline KnownLeaks::~KnownLeaks() {
    detail::end_known_scope(reason_);
    if (outer_ != nullptr) detail::begin_known_scope(outer_->reason_);
    detail::innermost_known_leaks() = outer_;
}

}  // namespace leakcheck
