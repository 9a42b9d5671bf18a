// SPDX-License-Identifier: Apache-2.0
//
// Libraries that come and go while the program runs (plugin.cpp), and what the dynamic linker does for them.
#include <dlfcn.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "torture.hpp"

namespace torture::loading {
namespace {

// Bound lazily: a function that is resolved at its first call allocates meanwhile, which it could not do yet
// when the library is being loaded.
void plugins(Random& random) {
    void* plugin = ::dlopen(TORTURE_PLUGIN, RTLD_LAZY);
    if (plugin == nullptr) {
        std::fprintf(stderr, "torture: %s\n", ::dlerror());
        std::abort();
    }
    using Entry = void (*)(std::size_t);
    const auto call = [&](const char* name) {
        reinterpret_cast<Entry>(::dlsym(plugin, name))(random.below(12));
    };
    call("plugin_work");
    call("plugin_thread_local");
    call("plugin_lazily_bound");
    call("plugin_throw");
    ::dlclose(plugin);
}

void failures(Random&) {
    if (::dlopen("/nonexistent/library.so", RTLD_NOW) != nullptr) std::abort();
    const std::string text = ::dlerror();
    keep(&text);
}

void forks(Random& random) {
    const pid_t child = ::fork();
    if (child == 0) {
        for (std::size_t i = random.below(5); i > 0; --i) allocate(100 + i);
        ::_exit(0);
    }
    if (child > 0) ::waitpid(child, nullptr, 0);
}

// By vfork or its like: the child shares its parent's memory until it executes.
void spawns(Random& random) {
    if (random.below(4) != 0) return;  // costly
    pid_t child = 0;
    char name[] = "true";
    char* const arguments[]{name, nullptr};
    if (::posix_spawnp(&child, name, nullptr, nullptr, arguments, environ) == 0)
        ::waitpid(child, nullptr, 0);
}

const Scenario scenarios[]{
    {"plugins", 1, plugins},
    {"failures", 3, failures},
    {"forks", 1, forks},
    {"spawns", 1, spawns},
};

}  // namespace
}  // namespace torture::loading
