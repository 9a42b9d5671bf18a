// SPDX-License-Identifier: Apache-2.0
//
// Blocks held, or not, by all sorts of memory that a process has.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

constexpr std::size_t page = 4096;

void* volatile data = const_cast<void**>(&data);  // written before main, so that it lies in .data
void* volatile bss;
thread_local void* volatile in_tls;
char** arguments_of_main;
const char* library_to_keep;
const char* library_to_close;

// ---- Data

void plant_static() {
    data = make<"Data"_case>();
    bss = make<"Bss"_case>();
    static const Words local = make<"StaticLocal"_case>();
    use(local);
    in_tls = make<"ThreadLocal"_case>();
}

struct Owner {
    Words block = nullptr;
    ~Owner() { std::free(block); }
};
thread_local Owner owner;

void plant_of_thread() {
    owner.block = make<"ThreadLocalObject"_case>();
    pthread_key_t key{};
    pthread_key_create(&key, nullptr);
    pthread_setspecific(key, make<"PthreadSpecific"_case>());
}

void plant_in_environment() {
    const Words text = make<"Putenv"_case>();
    std::memcpy(text, "KINDS=planted", 14);
    ::putenv(reinterpret_cast<char*>(text));
    arguments_of_main[0] = reinterpret_cast<char*>(make<"Argv"_case>());
}

// ---- Mappings

void** map(int protection, int flags, int file = -1, std::size_t size = page) {
    void* const memory = ::mmap(nullptr, size, protection, flags, file, 0);
    if (memory == MAP_FAILED) std::abort();
    return static_cast<void**>(memory);
}
constexpr int for_both = PROT_READ | PROT_WRITE;

// Nobody knows the mapping any more either: what is mapped counts all the same.
void plant_in_mappings() {
    map(for_both, MAP_PRIVATE | MAP_ANONYMOUS)[5] = make<"AnonymousMemory"_case>();
    map(for_both, MAP_SHARED | MAP_ANONYMOUS)[5] = make<"SharedAnonymousMemory"_case>();
    const int memory_file = ::memfd_create("kinds", 0);
    if (::ftruncate(memory_file, page) != 0) std::abort();
    map(for_both, MAP_SHARED, memory_file)[5] = make<"Memfd"_case>();
    map(for_both, MAP_PRIVATE, memory_file)[6] = make<"PrivateFile"_case>();
    const int segment = ::shmget(IPC_PRIVATE, page, IPC_CREAT | 0600);
    auto** const shared = static_cast<void**>(::shmat(segment, nullptr, 0));
    ::shmctl(segment, IPC_RMID, nullptr);
    shared[5] = make<"SystemVSharedMemory"_case>();
}

void plant_in_protected_mappings() {
    void** const read_only = map(for_both, MAP_PRIVATE | MAP_ANONYMOUS);
    read_only[5] = make<"ReadOnlyPage"_case>();
    ::mprotect(read_only, page, PROT_READ);
    void** const forbidden = map(for_both, MAP_PRIVATE | MAP_ANONYMOUS);
    forbidden[5] = make<"ForbiddenPage"_case>();
    ::mprotect(forbidden, page, PROT_NONE);
    void** const unmapped = map(for_both, MAP_PRIVATE | MAP_ANONYMOUS);
    unmapped[5] = make<"UnmappedMemory"_case>();
    ::munmap(unmapped, page);
}

// ---- Pools

void* volatile pool_on_mmap;
void* volatile pool_on_malloc;

// What a pool gives out are parts of it, no blocks of their own.
void plant_pools() {
    void** const mapped = map(for_both, MAP_PRIVATE | MAP_ANONYMOUS, -1, 16 * page);
    void** const object = mapped + 1000;
    object[3] = make<"PoolOnMmap"_case>();
    pool_on_mmap = object;

    constexpr std::size_t size = "PoolOnMalloc"_case;
    const Words pool = make<size>();
    pool[1000] = make<size + 8>();
    pool_on_malloc = pool;

    constexpr std::size_t leaked = "LeakedPoolOnMalloc"_case;
    make<leaked>()[1000] = make<leaked + 8>();
}

// ---- Stacks

// As deep as nothing comes afterwards.
[[gnu::noinline]] void leave_on_stack() {
    std::array<void* volatile, 16 * 1024> frame;
    frame[100] = make<"StackBelowPointer"_case>();
    use(frame);
}

void* volatile alternate_stack;

void hold_on_alternate_stack(int) {
    void* volatile held = make<"AlternateStack"_case + 8>();
    use(held);
}

// What the handler has left in the block that it ran on is the block's contents.
void plant_alternate_stack() {
    constexpr std::size_t size = "AlternateStack"_case;
    alternate_stack = make<size>();
    const stack_t stack{alternate_stack, 0, size};
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = hold_on_alternate_stack;
    action.sa_flags = SA_ONSTACK;
    ::sigaction(SIGUSR1, &action, nullptr);
    ::raise(SIGUSR1);
    const stack_t none{nullptr, SS_DISABLE, 0};
    ::sigaltstack(&none, nullptr);
}

ucontext_t caller;

template <std::size_t Size>
void run_coroutine() {
    void* volatile held = make<Size>();
    ucontext_t self;
    ::swapcontext(&self, &caller);
    use(held);
}

void suspend_coroutine(void* stack, std::size_t size, void (*function)()) {
    ucontext_t coroutine;
    ::getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = stack;
    coroutine.uc_stack.ss_size = size;
    ::makecontext(&coroutine, function, 0);
    ::swapcontext(&caller, &coroutine);
}

void* volatile stack_of_coroutine;

void plant_coroutines() {
    constexpr std::size_t size = 16 * page;
    suspend_coroutine(map(for_both, MAP_PRIVATE | MAP_ANONYMOUS, -1, size), size,
                      run_coroutine<"Coroutine"_case>);
    constexpr std::size_t on_block = "CoroutineOnBlock"_case;
    stack_of_coroutine = make<on_block>();
    suspend_coroutine(stack_of_coroutine, on_block, run_coroutine<on_block + 8>);
}

// ---- Others' memory

void plant_file_buffer() {
    constexpr std::size_t size = "FileBuffer"_case;
    FILE* const file = std::fopen("/dev/null", "w");
    std::setvbuf(file, reinterpret_cast<char*>(make<size>()), _IOFBF, size);
}

template <typename Function>
Function* symbol(void* library, const char* name) {
    return reinterpret_cast<Function*>(::dlsym(library, name));
}

void plant_in_library() {
    void* const library = ::dlopen(library_to_keep, RTLD_NOW);
    if (library == nullptr) std::abort();
    symbol<void(void*)>(library, "hold_in_data")(make<"LibraryData"_case>());
    symbol<void(void*)>(library, "hold_in_tls")(make<"LibraryTls"_case>());
}

// Its data are gone with it.
void plant_in_closed_library() {
    void* const library = ::dlopen(library_to_close, RTLD_NOW);
    if (library == nullptr) std::abort();
    symbol<void(void*)>(library, "hold_in_data")(make<"ClosedLibraryData"_case>());
    ::dlclose(library);
}

}  // namespace

void plant_places(char** arguments) {
    arguments_of_main = arguments;
    library_to_keep = arguments[1];
    library_to_close = arguments[2];
    run_and_forget(plant_static);
    run_and_forget(plant_of_thread);
    run_and_forget(plant_in_environment);
    run_and_forget(plant_in_mappings);
    run_and_forget(plant_in_protected_mappings);
    run_and_forget(plant_pools);
    run_and_forget(plant_alternate_stack);
    run_and_forget(plant_coroutines);
    run_and_forget(plant_file_buffer);
    run_and_forget(plant_in_library);
    run_and_forget(plant_in_closed_library);
    // Not wiped.
    leave_on_stack();
}

}  // namespace kinds
