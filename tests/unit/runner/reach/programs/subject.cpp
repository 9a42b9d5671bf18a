// SPDX-License-Identifier: Apache-2.0
#include "subject.hpp"

#include <malloc.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace subject {
namespace {

struct Record {
    std::atomic<std::uintptr_t> hidden{0};  // of a live block: its address, inverted
    std::size_t size = 0;
};
std::array<Record, 1 << 16> records;
std::atomic<std::size_t> record_count{0};

struct Expectation {
    const char* kind;
    const char* name;
    Hidden block;
};
std::array<Expectation, 256> expectations;
std::atomic<std::size_t> expectation_count{0};

void* remember(void* block, std::size_t size) {
    if (block == nullptr) return block;
    Record& record = records[record_count++];
    record.size = size;
    record.hidden = ~reinterpret_cast<std::uintptr_t>(block);
    return block;
}

void forget(const void* block) {
    if (block == nullptr) return;
    const auto hidden = ~reinterpret_cast<std::uintptr_t>(block);
    for (std::size_t i = record_count; i-- > 0;) {
        std::uintptr_t expected = hidden;
        if (records[i].hidden.compare_exchange_strong(expected, 0)) return;
    }
}

[[gnu::noinline]] void wipe_stack() {
    std::array<volatile char, 100'000> room;
    for (volatile char& byte : room) byte = 0;
}

[[gnu::noinline]] void wipe_registers() {
    asm volatile(
        "xor %%eax, %%eax\n xor %%ecx, %%ecx\n xor %%edx, %%edx\n xor %%esi, %%esi\n"
        "xor %%edi, %%edi\n xor %%r8d, %%r8d\n xor %%r9d, %%r9d\n xor %%r10d, %%r10d\n"
        "xor %%r11d, %%r11d\n xor %%ebx, %%ebx\n xor %%r12d, %%r12d\n xor %%r13d, %%r13d\n"
        "xor %%r14d, %%r14d\n xor %%r15d, %%r15d\n"
        "pxor %%xmm0, %%xmm0\n pxor %%xmm1, %%xmm1\n pxor %%xmm2, %%xmm2\n pxor %%xmm3, %%xmm3\n"
        "pxor %%xmm4, %%xmm4\n pxor %%xmm5, %%xmm5\n pxor %%xmm6, %%xmm6\n pxor %%xmm7, %%xmm7\n"
        "pxor %%xmm8, %%xmm8\n pxor %%xmm9, %%xmm9\n pxor %%xmm10, %%xmm10\n"
        "pxor %%xmm11, %%xmm11\n pxor %%xmm12, %%xmm12\n pxor %%xmm13, %%xmm13\n"
        "pxor %%xmm14, %%xmm14\n pxor %%xmm15, %%xmm15\n" ::
            : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "rbx", "r12", "r13",
              "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
              "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

}  // namespace

void expect(const char* kind, const char* name, const void* block) {
    expectations[expectation_count++] = {kind, name, Hidden(block)};
}

void* plant(const char* kind, const char* name, std::size_t size) {
    void* block = std::calloc(1, size);
    expect(kind, name, block);
    return block;
}

void run_and_forget(void (*function)()) {
    function();
    wipe_stack();
    wipe_registers();
}

void report_and_wait() {
    // Not in the middle of what is listed.
    static std::array<char, 1 << 16> buffer;
    std::setvbuf(stdout, buffer.data(), _IOFBF, buffer.size());
    for (std::size_t i = 0; i < record_count; ++i)
        if (records[i].hidden != 0)
            std::printf("block %zu %zu\n", static_cast<std::size_t>(~records[i].hidden),
                        records[i].size);
    for (std::size_t i = 0; i < expectation_count; ++i)
        std::printf("expect %zu %s %s\n",
                    reinterpret_cast<std::size_t>(expectations[i].block.get()),
                    expectations[i].kind, expectations[i].name);
    std::printf("pid %d\nready\n", ::getpid());
    std::fflush(stdout);
    std::memset(buffer.data(), 0, buffer.size());
    run_and_forget([] {});
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
    }
    std::_Exit(0);
}

}  // namespace subject

extern "C" {

void* malloc(std::size_t size) {
    return subject::remember(__libc_malloc(size), size);
}
void* calloc(std::size_t count, std::size_t size) {
    return subject::remember(__libc_calloc(count, size), count * size);
}
void* realloc(void* block, std::size_t size) {
    subject::forget(block);
    return subject::remember(__libc_realloc(block, size), size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    return subject::remember(__libc_memalign(alignment, size), size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    *block = memalign(alignment, size);
    return *block == nullptr ? ENOMEM : 0;
}
void free(void* block) {
    subject::forget(block);
    __libc_free(block);
}

}  // extern "C"
