// SPDX-License-Identifier: Apache-2.0
//
// Blocks that are kept in different ways, each known by its size (explain_test.cpp). It ends without destroying anything.
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <thread>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace shop {

using kinds::make;
using kinds::run_and_forget;
using kinds::use;

std::map<int, void*> catalogue;

class Shop {
  public:
    static Shop& instance() {
        static const std::unique_ptr<Shop> the_only = std::make_unique<Shop>();
        return *the_only;
    }

    std::array<char, 200> name{};
    void* stock = make<1002>();
};

struct Settings {
    static inline void* text = nullptr;
};

struct Node {
    Node* next = nullptr;
    void* text = nullptr;
};

thread_local std::array<void*, 4> scratch;

namespace {

void* volatile into_the_middle;
pthread_key_t key;

void make_list() {
    static Node* head;
    for (int i = 0; i < 30; ++i) head = new Node{head, nullptr};
    Node* last = head;
    while (last->next != nullptr) last = last->next;
    last->text = make<1003>();
}

void leak_parent() {
    make<72>()[1] = make<1007>();
}

void leak_ring() {
    void** const one = make<1008>();
    void** const other = make<1008>();
    one[3] = other;
    other[3] = one;
}

void leak_alone() {
    use(make<1009>());
}

void hold_in_static_places() {
    catalogue[1] = make<1001>();
    use(Shop::instance());
    Settings::text = make<1013>();
    into_the_middle = reinterpret_cast<char*>(make<1010>()) + 500;
    scratch[2] = make<1005>();
}

void hold_in_other_places() {
    pthread_key_create(&key, nullptr);
    pthread_setspecific(key, make<1011>());
    void* const page =
        ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static_cast<void**>(page)[7] = make<1012>();
}

// A thread that lives on, with a block on its stack and one in its own storage.
[[noreturn]] void live_on(int ready) {
    void* volatile on_stack = make<1006>();
    scratch[1] = make<1004>();
    use(on_stack);
    if (::write(ready, "x", 1) != 1) std::abort();
    for (;;) ::pause();
}

void start_thread() {
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0) std::abort();
    std::thread(live_on, ready[1]).detach();
    char byte = 0;
    if (::read(ready[0], &byte, 1) != 1) std::abort();
}

}  // namespace
}  // namespace shop

int main() {
    using namespace shop;
    for (const auto plant : {make_list, leak_parent, leak_ring, leak_alone, hold_in_static_places,
                             hold_in_other_places, start_thread})
        run_and_forget(plant);
    std::_Exit(0);
}
