// SPDX-License-Identifier: Apache-2.0
//
// Ends with status 5. PROGRAM all-exit: several threads call exit() at once. PROGRAM busy: threads allocate until the
// very end. PROGRAM ask TOLD AWAITED: it writes its pid into one pipe and ends when something comes through the other.
// PROGRAM plain: nothing of that.
#include <fcntl.h>
#include <unistd.h>

#include <barrier>
#include <latch>
#include <string>
#include <thread>
#include <utility>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

constexpr int status = 5;
constexpr int threads = 4;

void* volatile held;

void plant() {
    held = make<"HeldAlone"_case>();
    make<"LeakedAlone"_case>();
}

[[noreturn]] void exit_from_all() {
    std::barrier start(threads);
    for (int i = 0; i < threads; ++i)
        std::thread([&start] {
            start.arrive_and_wait();
            std::exit(status);
        }).detach();
    for (;;) ::pause();
}

// Each thread holds a list that it makes longer and shorter, by its stack.
void allocate_for_ever() {
    constexpr int longest = 100;
    for (Words list = nullptr;;) {
        for (int i = 0; i < longest; ++i) {
            const Words block = make<"HeldList"_case>();
            block[0] = list;
            list = block;
        }
        while (list != nullptr) std::free(std::exchange(list, static_cast<Words>(list[0])));
    }
}

// What grows and shrinks holds the only pointer to another block.
void reallocate_for_ever() {
    constexpr std::size_t few = 64;
    constexpr std::size_t many = 4096;
    static Words volatile row;
    run_and_forget([] {
        row = static_cast<Words>(std::malloc(few));
        row[7] = make<"HeldTree"_case>();
    });
    for (std::size_t size = many;; size = size == few ? many : few)
        row = static_cast<Words>(std::realloc(row, size));
}

[[noreturn]] void exit_from_busy() {
    static std::latch at_work{threads + 1};
    const auto start = [](void (*work)()) {
        std::thread([work] {
            at_work.count_down();
            work();
        }).detach();
    };
    for (int i = 0; i < threads; ++i) start(allocate_for_ever);
    start(reallocate_for_ever);
    at_work.wait();
    std::exit(status);
}

// Both pipes have a name; opening one waits for who opens the other end.
void ask_to_end(const char* told, const char* awaited) {
    const std::string pid = std::to_string(::getpid()) + "\n";
    const int out = ::open(told, O_WRONLY | O_CLOEXEC);
    const int in = ::open(awaited, O_RDONLY | O_CLOEXEC);
    char byte = 0;
    if (::write(out, pid.data(), pid.size()) < 0 || ::read(in, &byte, 1) != 1) std::abort();
}

}  // namespace
}  // namespace kinds

int main(int count, char** arguments) {
    const std::string how = arguments[1];
    kinds::run_and_forget(kinds::plant);
    if (how == "all-exit") kinds::exit_from_all();
    if (how == "busy") kinds::exit_from_busy();
    if (how == "ask" && count == 4) kinds::ask_to_end(arguments[2], arguments[3]);
    return kinds::status;
}
