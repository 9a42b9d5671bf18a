// SPDX-License-Identifier: Apache-2.0
//
// Blocks held, or not, by data and by each other.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "subject.hpp"

namespace {

using subject::expect;
using subject::plant;

struct Node {
    Node* next = nullptr;
    Node* other = nullptr;
};
Node* plant_node(const char* kind, const char* name) {
    return new (plant(kind, name, sizeof(Node))) Node;
}

// ---- Where pointers are

void* in_data = &in_data;  // written before main, so that it lies in .data
void* in_bss;
thread_local void* in_tls;
pthread_key_t key;

bool first_thread_ends = false;

void plant_holders() {
    in_data = plant("reachable", "data", 10);
    in_bss = plant("reachable", "bss", 10);
    in_tls = plant("reachable", "tls of the main thread", 10);
    pthread_key_create(&key, nullptr);
    // Taken from a thread that ends.
    pthread_setspecific(
        key, plant(first_thread_ends ? "definite" : "reachable", "pthread_setspecific", 10));
    static void* local = plant("reachable", "static local", 10);
    expect("reachable", "static local", local);
    void** const pool = static_cast<void**>(
        ::mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    pool[700] = plant("reachable", "mmap pool", 10);
    void** const shared = static_cast<void**>(
        ::mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    shared[700] = plant("reachable", "shared anonymous memory", 10);
    const int file = ::memfd_create("test", 0);
    if (::ftruncate(file, 1 << 16) != 0) std::abort();
    void** const memfd = static_cast<void**>(
        ::mmap(nullptr, 1 << 14, PROT_READ | PROT_WRITE, MAP_SHARED, file, 1 << 14));
    memfd[600] = plant("reachable", "memfd", 10);
    // Somebody else may have written it: there is no page of it in this mapping.
    if (::mmap(memfd, 1 << 14, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 1 << 14) !=
        memfd)
        std::abort();
    void** const page = static_cast<void**>(
        ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    page[3] = plant("reachable", "memory made read-only", 10);
    ::mprotect(page, 4096, PROT_READ);
    void* const sparse = ::mmap(nullptr, std::size_t{64} << 30, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    static_cast<void**>(sparse)[std::size_t{5} << 30] =
        plant("reachable", "sparse reservation", 10);
    static char* holder =
        static_cast<char*>(plant("possible", "block with an unaligned pointer", 32));
    void* const hidden = plant("definite", "unaligned pointer", 10);
    std::memcpy(holder + 4, &hidden, sizeof(hidden));
    holder += 1;
}

// ---- Structures

Node* list_head;

void plant_structures() {
    list_head = plant_node("reachable", "list, first");
    list_head->next = plant_node("reachable", "list, second");
    list_head->next->next = plant_node("reachable", "list, third");
    plant("definite", "leaked alone", 100);
    plant("definite", "leaked, of no bytes", 0);
    Node* const leaked_list = plant_node("definite", "leaked list, first");
    leaked_list->next = plant_node("indirect", "leaked list, second");
    leaked_list->next->next = plant_node("indirect", "leaked list, third");
    Node* const tree = plant_node("definite", "leaked tree");
    tree->next = plant_node("indirect", "leaked tree, left");
    tree->other = plant_node("indirect", "leaked tree, right");
    tree->next->other = plant_node("indirect", "leaked tree, left right");
    // The first of a ring leads it.
    Node* const ring = static_cast<Node*>(std::calloc(3, sizeof(Node)));
    expect("definite", "leaked block that points to itself", ring);
    ring->next = ring;
    Node* const one = static_cast<Node*>(std::malloc(sizeof(Node)));
    Node* const two = static_cast<Node*>(std::malloc(sizeof(Node)));
    *one = {two, nullptr};
    *two = {one, nullptr};
    expect(one < two ? "definite" : "indirect", "leaked ring", one);
    expect(one < two ? "indirect" : "definite", "leaked ring", two);
    struct Owner {
        std::shared_ptr<Owner> other;
    };
    auto first = std::make_shared<Owner>();
    first->other = std::make_shared<Owner>();
    first->other->other = first;
    constexpr std::size_t counts = 16;  // bytes, before what make_shared makes
    void* const owner = reinterpret_cast<char*>(first.get()) - counts;
    void* const other = reinterpret_cast<char*>(first->other.get()) - counts;
    expect(owner < other ? "definite" : "indirect", "leaked ring of shared_ptr", owner);
    expect(owner < other ? "indirect" : "definite", "leaked ring of shared_ptr", other);
    auto** const big = static_cast<void**>(plant("definite", "leaked mapped chunk", 1 << 20));
    big[1 << 10] = plant("indirect", "held by a leaked mapped chunk", 10);
    static void** kept_big = static_cast<void**>(plant("reachable", "mapped chunk", 1 << 20));
    kept_big[1 << 10] = plant("reachable", "held by a mapped chunk", 10);
}

// ---- Interior pointers

struct Base1 {
    virtual ~Base1() = default;
    virtual void one() {}
    void* data1 = nullptr;
};
struct Base2 {
    virtual ~Base2() = default;
    virtual void two() {}
    void* data2 = nullptr;
};
struct Derived : Base1, Base2 {};
struct WithDestructor {
    ~WithDestructor() { asm volatile(""); }
    void* held = nullptr;
};

char* interior;
char* end_pointer;
Base2* second_base;
WithDestructor* elements;
char* old_string;
char* after_length;
void* tagged;
std::string long_string;
std::unordered_map<int, std::string> hash_map;
std::map<int, std::string> tree_map;
std::list<std::string> string_list;

void plant_interior() {
    auto** const block = static_cast<void**>(plant("possible", "interior pointer", 64));
    interior = reinterpret_cast<char*>(block) + 20;
    block[0] = plant("possible", "start pointer in a block that is possible", 10);
    end_pointer = static_cast<char*>(plant("definite", "pointer to the end", 48)) + 48;
    auto* const derived = new Derived;
    expect("reachable", "second base class", derived);
    second_base = derived;
    derived->data1 = plant("reachable", "held by an object of two bases", 10);
    elements = new WithDestructor[3];
    expect("reachable", "new[] with a cookie", reinterpret_cast<std::size_t*>(elements) - 1);
    elements[2].held = plant("reachable", "held by an element of new[]", 10);
    auto* const string = static_cast<std::size_t*>(plant("reachable", "old std::string", 24 + 31));
    string[0] = 12;
    string[1] = 30;
    old_string = reinterpret_cast<char*>(string + 3);
    auto* const with_length = static_cast<std::size_t*>(plant("reachable", "length64", 108));
    *with_length = 100;
    after_length = reinterpret_cast<char*>(with_length + 1);
    tagged = static_cast<char*>(plant("possible", "tagged pointer", 16)) + 1;
    long_string.assign(100, 'x');
    expect("reachable", "std::string", long_string.data());
    for (int i = 0; i < 50; ++i) {
        hash_map[i].assign(60, 'x');
        tree_map[i].assign(60, 'x');
        string_list.emplace_back(60, 'x');
        expect("reachable", "unordered_map", hash_map[i].data());
        expect("reachable", "map", tree_map[i].data());
    }
}

// ---- The allocator's own pointers

// The chunk behind the leaked block goes into a list of the arena, whose pointers lead to its header: the last
// word that was asked for with the block.
void plant_before_free_chunk() {
    plant("definite", "before a free chunk", 40);
    void* const freed = std::malloc(5000);
    void* const guard = plant("definite", "behind a free chunk", 40);
    *static_cast<void**>(freed) = guard;
    static_cast<void**>(freed)[100] = guard;
    std::free(freed);
}

// main's thread ends, the process does not.
void leave_to_another_thread() {
    void* volatile left = plant("definite", "stack of the first thread, which has ended", 10);
    (void)left;
    pthread_t thread{};
    const auto report = [](void*) -> void* {
        subject::report_and_wait();
        return nullptr;
    };
    pthread_create(&thread, nullptr, report, nullptr);
    pthread_exit(nullptr);
}

}  // namespace

// "fork": a forked child is what is looked at. "first thread ends": a process whose first thread has ended.
int main(int argc, char** argv) {
    const char* const variant = argc > 1 ? argv[1] : "";
    first_thread_ends = std::strcmp(variant, "first thread ends") == 0;
    subject::run_and_forget(plant_holders);
    subject::run_and_forget(plant_structures);
    subject::run_and_forget(plant_interior);
    subject::run_and_forget(plant_before_free_chunk);
    if (first_thread_ends) leave_to_another_thread();
    if (std::strcmp(variant, "fork") == 0) {
        const pid_t child = ::fork();
        int status = 0;
        if (child != 0) return ::waitpid(child, &status, 0) == child ? status : 1;
    }
    subject::report_and_wait();
}
