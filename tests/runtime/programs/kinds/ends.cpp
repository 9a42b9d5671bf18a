// SPDX-License-Identifier: Apache-2.0
//
// Ends of processes, one for each run: PROGRAM CASE. Before its end the process holds a block, has leaked another, and
// says so.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

constexpr int status = 5;  // with which most processes end

void* volatile held;
void* volatile held_by_child;
char* program;

// A held block that holds another, and a leaked one that holds another.
template <std::size_t Size>
void plant() {
    const Words holder = make<Size>();
    holder[5] = make<Size + 8>();
    held = holder;
    make<Size + 16>()[5] = make<Size + 24>();
}

[[gnu::noinline]] void say_planted() {
    std::puts("planted");
    std::fflush(stdout);
}

// ---- Threads

template <void (*End)()>
void* end_in_thread(void*) {
    End();
    return nullptr;
}

// main waits meanwhile, with a block that only its stack holds.
template <std::size_t Size, void (*End)()>
void end_from_thread() {
    run_and_forget(plant<Size>);
    say_planted();
    void* volatile on_stack = make<Size + 32>();
    pthread_t thread{};
    ::pthread_create(&thread, nullptr, end_in_thread<End>, nullptr);
    ::pthread_join(thread, nullptr);
    use(on_stack);
}

void exit_with_status() {
    std::exit(status);
}

void exit_of_last_thread() {
    run_and_forget(plant<"ExitOfLastThread"_case>);
    pthread_t thread{};
    ::pthread_create(&thread, nullptr, end_in_thread<say_planted>, nullptr);
    ::pthread_exit(nullptr);
}

// ---- Children

int wait_for(pid_t child) {
    int wait_status = 0;
    while (::waitpid(child, &wait_status, 0) < 0) {
    }
    return WEXITSTATUS(wait_status);
}

template <typename Work>
void run_in_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        std::exit(status);
    }
    if (wait_for(child) != status) std::abort();
}

void forked_child() {
    run_in_child([] {
        run_and_forget(plant<"ForkedChild"_case>);
        say_planted();
    });
}

// What the child makes hangs on nothing but what it has inherited.
std::map<int, Padding<"ForkedChildAddsToInherited"_case>> inherited_map;
std::vector<Words> inherited_blocks;

void add_to_inherited() {
    constexpr std::size_t size = "ForkedChildAddsToInherited"_case;
    inherited_map[2];
    const Words last = make<size + 80>();
    last[5] = make<size + 88>();
    inherited_blocks[0][4] = last;
    make<size + 96>()[5] = make<size + 104>();
}

// The program ends without destructors in parent and child, to show what there is.
void forked_child_adds_to_inherited() {
    constexpr std::size_t size = "ForkedChildAddsToInherited"_case;
    inherited_map[1];
    inherited_blocks.push_back(make<size + 64>());
    const pid_t child = ::fork();
    if (child == 0) run_and_forget(add_to_inherited);
    if (child != 0) wait_for(child);
    say_planted();
    ::_exit(0);
}

// The child forgets what it has inherited, and frees some; to the parent nothing of that has happened.
void inherited_by_child() {
    constexpr std::size_t size = "InheritedByChild"_case;
    run_and_forget(plant<size>);
    held_by_child = make<size + 32>();
    run_in_child([] {
        std::free(held_by_child);
        held_by_child = nullptr;
        held = nullptr;
    });
    say_planted();
}

void executed_child() {
    if (::fork() == 0) {
        ::execl(program, program, "InExecutedChild", nullptr);
        ::_exit(1);
    }
    int wait_status = 0;
    ::wait(&wait_status);
}
void in_executed_child() {
    run_and_forget(plant<"ExecutedChild"_case>);
    say_planted();
}

void vforked_child() {
    run_and_forget(plant<"VforkedChild"_case>);
    std::array<char*, 2> arguments{program, nullptr};
    const pid_t child = ::vfork();
    if (child == 0) {
        ::execv("/bin/true", arguments.data());
        ::_exit(1);
    }
    wait_for(child);
    say_planted();
}

void grand_child() {
    run_in_child([] {
        run_in_child([] {
            run_and_forget(plant<"GrandChild"_case>);
            say_planted();
        });
    });
}

// Of the parent's threads the child has only the one that forked.
void* fork_in_thread(void*) {
    run_in_child([] {
        run_and_forget(plant<"ForkedByThread"_case>);
        say_planted();
    });
    return nullptr;
}
void forked_by_thread() {
    pthread_t thread{};
    ::pthread_create(&thread, nullptr, fork_in_thread, nullptr);
    ::pthread_join(thread, nullptr);
}

const std::map<std::string, void (*)()> ends{
    {"ExitFromThread", end_from_thread<"ExitFromThread"_case, exit_with_status>},
    {"UnderscoreExit", end_from_thread<"UnderscoreExit"_case, [] { ::_exit(0); }>},
    {"QuickExit", end_from_thread<"QuickExit"_case, [] { std::quick_exit(status); }>},
    {"ExitOfLastThread", exit_of_last_thread},
    {"ForkedChild", forked_child},
    {"ForkedChildAddsToInherited", forked_child_adds_to_inherited},
    {"InheritedByChild", inherited_by_child},
    {"ExecutedChild", executed_child},
    {"InExecutedChild", in_executed_child},
    {"VforkedChild", vforked_child},
    {"GrandChild", grand_child},
    {"ForkedByThread", forked_by_thread},
};

}  // namespace
}  // namespace kinds

int main(int, char** arguments) {
    kinds::program = arguments[0];
    kinds::ends.at(arguments[1])();
    return kinds::status;
}
