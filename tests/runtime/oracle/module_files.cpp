// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/module_files.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <memory>

#include "runner/trace/process_maps.hpp"

namespace leakcheck::oracle {
namespace {

constexpr std::uint64_t kPageMask = ~std::uint64_t{4095};
constexpr const char* kVdso = "[vdso]";

// A copy of the vDSO in a file without a name.
UniqueFd copy_vdso() {
    UniqueFd copy(::memfd_create("vdso", MFD_CLOEXEC));
    for (const ProcessMap& map : read_process_maps(::getpid())) {
        if (map.path != kVdso) continue;
        const std::size_t size = map.end - map.start;
        const auto* memory = reinterpret_cast<const char*>(map.start);
        if (::write(copy.get(), memory, size) == static_cast<ssize_t>(size)) return copy;
    }
    return {};
}

struct ElfEnd {
    void operator()(Elf* elf) const { ::elf_end(elf); }
};

template <typename Visit>
void for_each_load(Elf* elf, const Visit& visit) {
    std::size_t count = 0;
    if (::elf_getphdrnum(elf, &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr header;
        if (::gelf_getphdr(elf, static_cast<int>(i), &header) != nullptr &&
            header.p_type == PT_LOAD)
            visit(header);
    }
}

// The C library of this process is, in most cases, that of the traced one; where it puts the address is for
// anybody to see who prepares a context.
struct ContextEnd {
    std::string file;
    std::uint64_t address = 0;  // in the file
};

ContextEnd find_context_end() {
    std::array<char, 16384> stack{};
    ucontext_t context;
    ::getcontext(&context);
    context.uc_stack.ss_sp = stack.data();
    context.uc_stack.ss_size = stack.size();
    ::makecontext(
        &context, [] {}, 0);
    std::uint64_t address = 0;
    std::memcpy(&address, reinterpret_cast<const void*>(context.uc_mcontext.gregs[REG_RSP]),
                sizeof(address));
    Dl_info info{};
    if (::dladdr(reinterpret_cast<const void*>(address), &info) == 0) return {};
    std::error_code error;
    return {std::filesystem::canonical(info.dli_fname, error).string(),
            address - reinterpret_cast<std::uint64_t>(info.dli_fbase)};
}

std::uint64_t context_end_in(const std::string& file) {
    static const ContextEnd known = find_context_end();
    return known.file == file ? known.address : 0;
}

std::uint64_t entry_of(Elf* elf) {
    GElf_Ehdr header;
    return ::gelf_getehdr(elf, &header) != nullptr ? header.e_entry : 0;
}

}  // namespace

std::string ModuleFiles::path_of(const std::string& name) {
    if (name != kVdso) return name;
    if (!vdso_) vdso_ = copy_vdso();
    return vdso_ ? "/proc/self/fd/" + std::to_string(vdso_.get()) : name;
}

const ModuleFiles::File& ModuleFiles::look_into(const std::string& name) {
    const auto [entry, is_new] = files_.try_emplace(name);
    File& file = entry->second;
    if (!is_new) return file;
    file.path = path_of(name);
    ::elf_version(EV_CURRENT);
    const UniqueFd fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
    const std::unique_ptr<Elf, ElfEnd> elf(fd ? ::elf_begin(fd.get(), ELF_C_READ_MMAP, nullptr)
                                              : nullptr);
    if (elf) {
        for_each_load(elf.get(), [&](const GElf_Phdr& header) {
            file.segments.push_back(
                {header.p_offset, header.p_vaddr, header.p_filesz, header.p_memsz, header.p_align});
        });
        file.entry = entry_of(elf.get());
        file.context_end = context_end_in(name);
    }
    if (file.segments.empty()) unreadable_.insert(name);
    return file;
}

std::optional<Module> ModuleFiles::place(const Mapping& mapping) {
    if (mapping.path.empty() || (mapping.path[0] != '/' && mapping.path != kVdso) ||
        mapping.path.rfind("//", 0) == 0)
        return std::nullopt;
    const File& file = look_into(mapping.path);
    for (const Segment& segment : file.segments) {
        const std::uint64_t offset = segment.offset & kPageMask;
        if (mapping.file_offset < offset ||
            mapping.file_offset >= segment.offset + segment.file_size)
            continue;
        Module module;
        module.name = mapping.path;
        module.file = file.path;
        module.bias = mapping.start - (segment.address + mapping.file_offset - segment.offset);
        const Segment& first = file.segments.front();
        module.low = module.bias + (first.address & -std::max<std::uint64_t>(first.alignment, 1));
        const Segment& last = file.segments.back();
        module.high = module.bias + last.address + last.memory_size;
        if (file.entry != 0) module.entry = module.bias + file.entry;
        if (file.context_end != 0) module.context_end = module.bias + file.context_end;
        return module;
    }
    return std::nullopt;
}

std::vector<Module> ModuleFiles::place_all(const std::vector<Mapping>& mappings) {
    std::vector<Module> modules;
    for (const Mapping& mapping : mappings) {
        const std::optional<Module> placed = place(mapping);
        if (!placed || std::find(modules.begin(), modules.end(), *placed) != modules.end())
            continue;
        modules.erase(std::remove_if(modules.begin(), modules.end(),
                                     [&](const Module& older) {
                                         return older.low < placed->high &&
                                                placed->low < older.high;
                                     }),
                      modules.end());
        modules.push_back(*placed);
    }
    return modules;
}

}  // namespace leakcheck::oracle
