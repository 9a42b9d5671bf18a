// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/elf_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace leakcheck::elf {
namespace {

bool holds(std::uint64_t start, std::uint64_t size, std::uint64_t value) {
    return value >= start && value - start < size;
}

std::string text_of_errno() {
    return std::generic_category().message(errno);
}

// The NUL-terminated string at an offset of a block; empty when it is not terminated within it.
std::string_view string_at(std::string_view block, std::uint64_t offset) {
    if (offset >= block.size()) return {};
    const std::string_view rest = block.substr(offset);
    const std::size_t length = rest.find('\0');
    return length == std::string_view::npos ? std::string_view{} : rest.substr(0, length);
}

// Visits the data of every section of a type together with its header.
template <typename Visit>
void for_each_section(Elf* elf, std::uint32_t type, Visit&& visit) {
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf, section)) != nullptr) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type != type) continue;
        if (Elf_Data* data = elf_getdata(section, nullptr)) visit(header, data);
    }
}

}  // namespace

UniqueFd open_regular_file(const std::filesystem::path& path, std::string& error) {
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) {
        error = text_of_errno();
        return {};
    }
    struct stat status {};
    if (fstat(file.get(), &status) != 0) {
        error = text_of_errno();
        return {};
    }
    if (!S_ISREG(status.st_mode)) {
        error = "not a regular file";
        return {};
    }
    return file;
}

std::unique_ptr<ElfFile> ElfFile::open(const std::filesystem::path& path, std::string& error) {
    elf_version(EV_CURRENT);
    std::unique_ptr<ElfFile> file(new ElfFile);
    file->file_ = open_regular_file(path, error);
    if (!file->file_) return nullptr;
    file->elf_.reset(elf_begin(file->file_.get(), ELF_C_READ_MMAP, nullptr));
    if (!file->elf_ || elf_kind(file->elf_.get()) != ELF_K_ELF ||
        gelf_getehdr(file->elf_.get(), &file->header_) == nullptr) {
        error = "not a valid ELF file";
        return nullptr;
    }
    std::size_t size = 0;
    if (const char* raw = elf_rawfile(file->elf_.get(), &size)) file->bytes_ = {raw, size};
    file->read_segments();
    return file;
}

void ElfFile::read_segments() {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_.get(), &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr segment;
        if (gelf_getphdr(elf_.get(), static_cast<int>(i), &segment) == nullptr) return;
        segments_.push_back(segment);
    }
}

std::optional<std::uint64_t> ElfFile::offset_of(std::uint64_t address) const {
    for (const GElf_Phdr& segment : segments_) {
        if (segment.p_type == PT_LOAD && holds(segment.p_vaddr, segment.p_filesz, address)) {
            return address - segment.p_vaddr + segment.p_offset;
        }
    }
    return std::nullopt;
}

// Segments may share a page of the file, so executable ones are asked first: offsets asked for are
// of code.
std::optional<std::uint64_t> ElfFile::address_of(std::uint64_t offset) const {
    const GElf_Phdr* found = nullptr;
    for (const GElf_Phdr& segment : segments_) {
        if (segment.p_type != PT_LOAD || !holds(segment.p_offset, segment.p_filesz, offset))
            continue;
        const bool code = (segment.p_flags & PF_X) != 0;
        if (found == nullptr || code) found = &segment;
        if (code) break;
    }
    if (found == nullptr) return std::nullopt;
    return offset - found->p_offset + found->p_vaddr;
}

bool ElfFile::is_code(std::uint64_t address) const {
    for (const GElf_Phdr& segment : segments_) {
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 &&
            holds(segment.p_vaddr, segment.p_filesz, address)) {
            return true;
        }
    }
    return false;
}

std::uint64_t ElfFile::end_of_section_at(std::uint64_t address) const {
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf_.get(), section)) != nullptr) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr || (header.sh_flags & SHF_ALLOC) == 0)
            continue;
        if (holds(header.sh_addr, header.sh_size, address)) return header.sh_addr + header.sh_size;
    }
    return address;
}

std::string_view ElfFile::contents(const GElf_Phdr& segment) const {
    if (segment.p_offset >= bytes_.size()) return {};
    return bytes_.substr(segment.p_offset, segment.p_filesz);
}

bool ElfFile::loads(std::string_view text) const {
    for (const GElf_Phdr& segment : segments_) {
        if (segment.p_type == PT_LOAD && contents(segment).find(text) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

std::optional<std::uint64_t> ElfFile::word_at(std::uint64_t address) const {
    const std::optional<std::uint64_t> offset = offset_of(address);
    std::uint64_t word = 0;
    if (!offset || *offset > bytes_.size() || bytes_.size() - *offset < sizeof(word)) {
        return std::nullopt;
    }
    std::memcpy(&word, bytes_.data() + *offset, sizeof(word));
    return word;
}

std::string ElfFile::interpreter() const {
    for (const GElf_Phdr& segment : segments_) {
        if (segment.p_type == PT_INTERP) return std::string(string_at(contents(segment), 0));
    }
    return {};
}

std::vector<GElf_Dyn> ElfFile::dynamic() const {
    std::vector<GElf_Dyn> entries;
    for (const GElf_Phdr& segment : segments_) {
        if (segment.p_type != PT_DYNAMIC) continue;
        Elf_Data* data =
            elf_getdata_rawchunk(elf_.get(), static_cast<std::int64_t>(segment.p_offset),
                                 contents(segment).size(), ELF_T_DYN);
        GElf_Dyn entry;
        for (int i = 0; data != nullptr && gelf_getdyn(data, i, &entry) != nullptr; ++i) {
            if (entry.d_tag == DT_NULL) break;
            entries.push_back(entry);
        }
    }
    return entries;
}

std::optional<std::uint64_t> ElfFile::dynamic_value(std::int64_t tag) const {
    for (const GElf_Dyn& entry : dynamic()) {
        if (entry.d_tag == tag) return entry.d_un.d_val;
    }
    return std::nullopt;
}

std::vector<std::string> ElfFile::dynamic_strings(std::int64_t tag) const {
    std::vector<std::string> strings;
    const std::optional<std::uint64_t> table = dynamic_value(DT_STRTAB);
    const std::optional<std::uint64_t> offset = table ? offset_of(*table) : std::nullopt;
    if (!offset || *offset >= bytes_.size()) return strings;
    for (const GElf_Dyn& entry : dynamic()) {
        if (entry.d_tag != tag) continue;
        strings.emplace_back(string_at(bytes_.substr(*offset), entry.d_un.d_val));
    }
    return strings;
}

void ElfFile::for_each_symbol(std::uint32_t table_type, const SymbolFn& visit) const {
    for_each_section(elf_.get(), table_type, [&](const GElf_Shdr& header, Elf_Data* data) {
        GElf_Sym symbol;
        for (int i = 0; gelf_getsym(data, i, &symbol) != nullptr; ++i) {
            const char* name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
            if (name != nullptr && *name != '\0') visit(name, symbol);
        }
    });
}

void ElfFile::for_each_relocation(const RelocationFn& visit) const {
    for_each_section(elf_.get(), SHT_RELA, [&](const GElf_Shdr& header, Elf_Data* data) {
        Elf_Scn* symbols = elf_getscn(elf_.get(), header.sh_link);
        GElf_Rela relocation;
        for (int i = 0; gelf_getrela(data, i, &relocation) != nullptr; ++i) {
            visit(relocation, symbols);
        }
    });
}

}  // namespace leakcheck::elf
