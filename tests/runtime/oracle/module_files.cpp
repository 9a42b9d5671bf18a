// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/module_files.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
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
    if (elf)
        for_each_load(elf.get(), [&](const GElf_Phdr& header) {
            file.segments.push_back(
                {header.p_offset, header.p_vaddr, header.p_filesz, header.p_memsz, header.p_align});
        });
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
