// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/own_stack.hpp"

#include <unwind.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

namespace leakcheck::oracle {
namespace {

// The end of the mapping that holds an address.
std::uint64_t mapping_end(std::uint64_t address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uint64_t start = 0;
        std::uint64_t end = 0;
        if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64, &start, &end) == 2 &&
            address >= start && address < end)
            return end;
    }
    return 0;
}

// Reads also what the compiler says nobody has put there.
[[gnu::no_sanitize_address]] void copy_page(std::uint64_t from, Page& to) {
    const auto* words = reinterpret_cast<const volatile std::uint64_t*>(from);
    for (std::size_t i = 0; i < ORACLE_PAGE_SIZE / sizeof(std::uint64_t); ++i) {
        const std::uint64_t word = words[i];
        std::memcpy(to.bytes.data() + i * sizeof(word), &word, sizeof(word));
    }
}

void take_pages(std::vector<Page>& pages, std::uint64_t stack_pointer) {
    constexpr std::uint64_t kMost = 1 << 20;  // bytes
    const std::uint64_t start = stack_pointer & ~std::uint64_t{ORACLE_PAGE_SIZE - 1};
    const std::uint64_t end = std::min(mapping_end(stack_pointer), start + kMost);
    for (std::uint64_t address = start; address < end; address += ORACLE_PAGE_SIZE) {
        Page& page = pages.emplace_back();
        page.address = address;
        copy_page(address, page);
    }
}

Registers registers_of(const ucontext_t& context) {
    constexpr std::array<int, ORACLE_REGISTERS> order{
        REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
        REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    Registers registers{};
    for (std::size_t i = 0; i < order.size(); ++i)
        registers[i] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[order[i]]);
    return registers;
}

_Unwind_Reason_Code take_frame(_Unwind_Context* context, void* frames) {
    int interrupted = 0;
    const std::uint64_t address = ::_Unwind_GetIPInfo(context, &interrupted);
    if (address == 0) return _URC_END_OF_STACK;
    static_cast<std::vector<std::uint64_t>*>(frames)->push_back(address +
                                                                (interrupted != 0 ? 1 : 0));
    return _URC_NO_REASON;
}

}  // namespace

OwnStack take_own_stack(std::uint64_t also) {
    OwnStack stack;
    ::_Unwind_Backtrace(take_frame, &stack.backtrace);
    stack.event.pages.reserve(1024);
    ucontext_t context;
    ::getcontext(&context);
    stack.event.registers = registers_of(context);
    take_pages(stack.event.pages, stack.event.registers[ORACLE_RSP]);
    if (also != 0) take_pages(stack.event.pages, also);
    return stack;
}

}  // namespace leakcheck::oracle
