// SPDX-License-Identifier: Apache-2.0
//
// The functions behind ours: the next definition of a name in the order in which the dynamic linker
// searches, be it glibc's, another preloaded allocator's or libstdc++'s. Looked up when the sampler
// is loaded, or at the first call where that comes before; threads that look it up at once find the
// same. No locks of ours.
//
// Not at the first call in general: dlsym forgets what a dlsym of the program before it had to say,
// and that may be in the middle of the program's dlerror, which allocates.
//
// A lookup may itself allocate, and comes back to us then: for as long as it is under way its
// thread is served by the stand-in. The stand-in is also what remains when no library has the
// function. A library that was opened with RTLD_LOCAL may bring the only definition (a C++ plug-in
// of a C program); it is not in the search order, so the function is then looked up as the caller's
// own library sees it.
//
// errno is as if nothing had happened; dlerror() too, but for the case of the plug-in.
#pragma once

#include <atomic>

namespace leakcheck::sampler {

// Whether an address lies in the sampler's own library.
bool is_in_sampler(const void* address);

// The next definition of `name` as seen from `caller` (a return address or null), or null.
void* find_next(const char* name, const void* caller);

template <typename Function>
class NextFunction {
  public:
    constexpr NextFunction(const char* name, Function* stand_in)
        : name_(name), stand_in_(stand_in) {}

    [[gnu::always_inline]] Function* get(const void* caller = nullptr) {
        Function* const known = function_.load(std::memory_order_relaxed);
        if (known == nullptr) [[unlikely]]
            return look_up(caller);
        return known;
    }

    // Looks the function up if that has not been done. True: it is there.
    [[gnu::cold]] bool prepare();

    // For a process that is a throw-away copy: `other` is called from now on.
    void replace(Function* other) { function_.store(other, std::memory_order_relaxed); }

  private:
    [[gnu::noinline, gnu::cold]] Function* look_up(const void* caller);

    const char* name_;
    Function* stand_in_;
    std::atomic<Function*> function_{nullptr};
};

bool begin_lookup();  // false: this thread is in the middle of one
void end_lookup();

template <typename Function>
bool NextFunction<Function>::prepare() {
    if (function_.load(std::memory_order_relaxed) != nullptr) return true;
    if (!begin_lookup()) return false;
    auto* const found = reinterpret_cast<Function*>(find_next(name_, nullptr));
    if (found != nullptr) function_.store(found, std::memory_order_relaxed);
    end_lookup();
    return found != nullptr;
}

template <typename Function>
Function* NextFunction<Function>::look_up(const void* caller) {
    if (!begin_lookup()) return stand_in_;
    auto* found = reinterpret_cast<Function*>(find_next(name_, caller));
    if (found == nullptr) found = stand_in_;
    function_.store(found, std::memory_order_relaxed);
    end_lookup();
    return found;
}

}  // namespace leakcheck::sampler
