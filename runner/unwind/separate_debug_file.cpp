// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/separate_debug_file.hpp"

#include <elfutils/libdwelf.h>
#include <fmt/format.h>

#include <boost/crc.hpp>
#include <string>
#include <string_view>

namespace leakcheck::unwind {
namespace {

namespace fs = std::filesystem;

std::string build_id(const elf::ElfFile& file) {
    const void* bits = nullptr;
    const ssize_t size = dwelf_elf_gnu_build_id(file.handle(), &bits);
    std::string hex;
    for (ssize_t i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", static_cast<const unsigned char*>(bits)[i]);
    }
    return hex;
}

struct DebugLink {
    std::string name;  // of a file, without folders
    GElf_Word checksum = 0;
};

DebugLink debug_link(const elf::ElfFile& file) {
    DebugLink link;
    const char* name = dwelf_elf_gnu_debuglink(file.handle(), &link.checksum);
    if (name != nullptr) link.name = fs::path(name).filename();
    return link;
}

std::uint32_t checksum(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

class Search {
  public:
    Search(const elf::ElfFile& object, const fs::path& path,
           const std::vector<fs::path>& directories)
        : folder_(fs::weakly_canonical(path, ignored_).parent_path()),
          directories_(directories),
          build_id_(build_id(object)),
          link_(debug_link(object)) {}

    std::unique_ptr<elf::ElfFile> run() {
        for (const fs::path& candidate : candidates()) {
            std::string error;
            auto file = elf::ElfFile::open(candidate, error);
            if (file && belongs(*file)) return file;
        }
        return nullptr;
    }

  private:
    std::vector<fs::path> candidates() const {
        std::vector<fs::path> found;
        if (build_id_.size() > 2) {
            const std::string name =
                fmt::format(".build-id/{}/{}.debug", build_id_.substr(0, 2), build_id_.substr(2));
            for (const fs::path& directory : directories_) found.push_back(directory / name);
        }
        if (link_.name.empty()) return found;
        found.push_back(folder_ / link_.name);
        found.push_back(folder_ / ".debug" / link_.name);
        for (const fs::path& directory : directories_) {
            found.push_back(directory / folder_.relative_path() / link_.name);
        }
        return found;
    }

    // The object itself may have the name that its link gives.
    bool belongs(const elf::ElfFile& file) const {
        const std::string id = build_id(file);
        if (!build_id_.empty() && !id.empty()) return id == build_id_;
        return !link_.name.empty() && checksum(file.bytes()) == link_.checksum;
    }

    std::error_code ignored_;  // a path that cannot be resolved has no folder
    fs::path folder_;
    const std::vector<fs::path>& directories_;
    std::string build_id_;
    DebugLink link_;
};

}  // namespace

std::unique_ptr<elf::ElfFile> open_separate_debug_file(
    const elf::ElfFile& object, const fs::path& object_path,
    const std::vector<fs::path>& debug_directories) {
    return Search(object, object_path, debug_directories).run();
}

}  // namespace leakcheck::unwind
