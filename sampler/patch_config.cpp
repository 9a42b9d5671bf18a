// SPDX-License-Identifier: Apache-2.0
#include "sampler/patch_config.hpp"

#include <gelf.h>
#include <libelf.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

using Bytes = std::vector<char>;

[[noreturn]] void fail(const fs::path& file, const std::string& problem) {
    throw std::runtime_error(file.string() + ": " + problem);
}

constexpr const char* reinstall = "; reinstall leakcheck";

Bytes read_library(const fs::path& library) {
    if (fs::is_directory(library))
        fail(library, std::string("is a directory, not the sampler library") + reinstall);
    std::ifstream in(library, std::ios::binary);
    if (!in) fail(library, std::string("cannot read the sampler library: ") + std::strerror(errno));
    Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad()) fail(library, "cannot read the sampler library: input/output error");
    return bytes;
}

struct ElfCloser {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfCloser>;

ElfHandle open_elf(const fs::path& library, Bytes& bytes) {
    elf_version(EV_CURRENT);
    ElfHandle elf(elf_memory(bytes.data(), bytes.size()));
    GElf_Ehdr header;
    const bool is_library = elf && elf_kind(elf.get()) == ELF_K_ELF &&
                            gelf_getehdr(elf.get(), &header) && header.e_type == ET_DYN &&
                            header.e_machine == EM_X86_64;
    if (!is_library) fail(library, std::string("is not an x86-64 shared library") + reinstall);
    return elf;
}

std::optional<GElf_Shdr> find_config_section(Elf* elf) {
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf, &names) != 0) return std::nullopt;
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header)) continue;
        const char* const name = elf_strptr(elf, names, header.sh_name);
        if (name != nullptr && std::strcmp(name, LEAKCHECK_CONFIG_SECTION) == 0) return header;
    }
    return std::nullopt;
}

std::size_t config_offset(const fs::path& library, Bytes& bytes) {
    const ElfHandle elf = open_elf(library, bytes);
    const auto section = find_config_section(elf.get());
    if (!section) {
        fail(library,
             std::string("has no section " LEAKCHECK_CONFIG_SECTION ": not the sampler library") +
                 reinstall);
    }
    const bool in_file = section->sh_type == SHT_PROGBITS &&
                         section->sh_size == sizeof(leakcheck_config) &&
                         section->sh_offset <= bytes.size() &&
                         bytes.size() - section->sh_offset >= sizeof(leakcheck_config);
    if (!in_file)
        fail(library,
             std::string("section " LEAKCHECK_CONFIG_SECTION " has another size") + reinstall);
    return section->sh_offset;
}

void check_version(const fs::path& library, const char* record) {
    leakcheck_config built;
    std::memcpy(&built, record, sizeof built);
    if (built.magic != LEAKCHECK_CONFIG_MAGIC) {
        fail(library,
             std::string("its configuration record is not one of leakcheck's") + reinstall);
    }
    if (built.version != LEAKCHECK_ABI_VERSION) {
        fail(library, "is of version " + std::to_string(built.version) +
                          " of leakcheck's interface, not " +
                          std::to_string(LEAKCHECK_ABI_VERSION) + reinstall);
    }
}

[[noreturn]] void refuse(const std::string& problem) {
    throw std::runtime_error("sampler configuration: " + problem);
}

void check_rate(std::uint64_t rate, std::uint64_t largest) {
    if (rate != 0 && rate <= largest) return;
    refuse("sample rate " + std::to_string(rate) + " is not between 1 and " +
           std::to_string(largest));
}

void check_strata(const leakcheck_config& config) {
    if (config.strata_count == 0 || config.strata_count > LEAKCHECK_MAX_STRATA) {
        refuse(std::to_string(config.strata_count) + " strata of sizes are not 1 to " +
               std::to_string(LEAKCHECK_MAX_STRATA));
    }
    std::uint64_t from = 0;
    for (std::uint32_t i = 0; i < config.strata_count; ++i) {
        check_rate(config.strata[i].rate, largest_drawn_rate);
        if (config.strata[i].below <= from) refuse("strata are not by rising size");
        from = config.strata[i].below;
    }
    if (from != ~std::uint64_t{0}) refuse("the last stratum leaves out large sizes");
}

void check_mode(const leakcheck_config& config) {
    switch (config.mode) {
        case LEAKCHECK_MODE_RATE:
            return check_rate(config.sample_rate, largest_sample_rate);
        case LEAKCHECK_MODE_ADAPTIVE:
            check_rate(config.sample_rate, largest_drawn_rate);
            if (config.first_samples == 0) refuse("of no context a first allocation is sampled");
            [[fallthrough]];
        case LEAKCHECK_MODE_COUNTED:
            if (config.path_traces == 0) refuse("of no call path an allocation is traced");
            return;
        case LEAKCHECK_MODE_BYTES:
            if (config.mean_bytes != 0 && config.mean_bytes <= largest_mean_bytes) return;
            refuse("mean bytes of " + std::to_string(config.mean_bytes) +
                   " are not between 1 and " + std::to_string(largest_mean_bytes));
        case LEAKCHECK_MODE_STRATA:
            return check_strata(config);
        case LEAKCHECK_MODE_AUTO_RATE:
            return;
        default:
            refuse("there is no mode " + std::to_string(config.mode));
    }
}

void check_config(const leakcheck_config& config) {
    if (config.magic != LEAKCHECK_CONFIG_MAGIC || config.version != LEAKCHECK_ABI_VERSION) {
        refuse("wrong magic or version");
    }
    check_mode(config);
    if (std::memchr(config.control_path, '\0', sizeof config.control_path) == nullptr) {
        refuse("the control path is longer than " + std::to_string(sizeof config.control_path - 1) +
               " bytes");
    }
}

void write_copy(const fs::path& copy, const Bytes& bytes) {
    std::ofstream out(copy, std::ios::binary | std::ios::trunc);
    if (!out)
        fail(copy,
             std::string("cannot write the run's copy of the sampler: ") + std::strerror(errno));
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    std::error_code error;
    if (out) fs::permissions(copy, fs::perms(0755), error);
    if (out && !error) return;
    const int reason = error ? error.value() : errno;
    if (fs::is_regular_file(copy, error)) fs::remove(copy, error);
    fail(copy, std::string("cannot write the run's copy of the sampler: ") + std::strerror(reason));
}

}  // namespace

void write_sampler_copy(const fs::path& library, const fs::path& copy,
                        const leakcheck_config& config) {
    check_config(config);
    Bytes bytes = read_library(library);
    char* const record = bytes.data() + config_offset(library, bytes);
    check_version(library, record);
    std::memcpy(record, &config, sizeof config);
    write_copy(copy, bytes);
}

}  // namespace leakcheck
