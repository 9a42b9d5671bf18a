// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_entries.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <algorithm>
#include <string_view>

namespace leakcheck::unwind {
namespace {

constexpr std::size_t kBytesOfFunction = 64;  // that compilers take for one
constexpr std::uint8_t kPointerFormat = 0x0f;
constexpr std::uint8_t kPointerRelation = 0x70;

// What the augmentation of a CIE says.
struct Augmentation {
    bool understood = true;
    bool sized = false;  // functions begin with the size of their own augmentation data
    std::uint8_t pointer_encoding = DW_EH_PE_absptr;
    FrameKind kind = FrameKind::Ordinary;
};

class EntryReader {
  public:
    EntryReader(const FrameSection& section, const unsigned char* ident, const CodeRange& code)
        : section_(section), pointers_(section.pointer_base()), ident_(ident), code_(code) {
        // libdw only reads, though its interface does not say so.
        data_.d_buf = const_cast<char*>(section.bytes.data());
        data_.d_type = ELF_T_BYTE;
        data_.d_size = section.bytes.size();
        data_.d_version = EV_CURRENT;
    }

    FrameEntries read() {
        entries_.functions.reserve(section_.bytes.size() / kBytesOfFunction);
        Dwarf_Off offset = 0;
        while (read_at(offset)) {
        }
        find_commons();
        sort_functions();
        return std::move(entries_);
    }

  private:
    // Of the entries, where they are and what is needed until all of them are known.
    struct CommonPlace {
        std::uint64_t offset;
        bool sized;
        std::uint64_t function_data_size;  // of augmentation data in functions, unless sized
        bool usable;
    };

    bool read_at(Dwarf_Off& offset);
    bool skip_terminator(Dwarf_Off& offset) const;
    void add_common(std::uint64_t offset, const Dwarf_CIE& cie);
    void add_function(const Dwarf_FDE& fde);
    Augmentation read_augmentation(const Dwarf_CIE& cie) const;
    bool read_augmentation_letter(char letter, ByteReader& data, Augmentation& result) const;
    void skip_pointer(ByteReader& data) const;
    const CommonPlace* find_common(std::uint64_t offset);
    void read_function(const Dwarf_FDE& fde, const CommonPlace& place);
    void find_commons();
    void sort_functions();

    const FrameSection& section_;
    const PointerBase pointers_;
    const unsigned char* ident_;
    const CodeRange& code_;
    Elf_Data data_{};
    FrameEntries entries_;
    std::vector<CommonPlace> places_;  // of entries_.commons, sorted by offset
    std::vector<Dwarf_FDE> waiting_;   // for a CIE that stands behind them
    std::size_t last_found_ = 0;
};

// Reads one entry and moves on to the next; false at the end.
bool EntryReader::read_at(Dwarf_Off& offset) {
    if (skip_terminator(offset)) return section_.end == FrameSection::End::Known;
    Dwarf_CFI_Entry entry;
    Dwarf_Off next = offset;
    const int result = dwarf_next_cfi(
        ident_, &data_, section_.format == FrameSection::Format::EhFrame, offset, &next, &entry);
    if (result > 0 || next <= offset || next > data_.d_size) return false;
    if (result == 0) {
        if (dwarf_cfi_cie_p(&entry)) {
            add_common(offset, entry.cie);
        } else {
            add_function(entry.fde);
        }
    }
    offset = next;
    return true;
}

// A word of 0 ends .eh_frame; but objects that were put together may have more behind it.
bool EntryReader::skip_terminator(Dwarf_Off& offset) const {
    std::uint32_t length = 0;
    if (offset > data_.d_size || data_.d_size - offset < sizeof(length)) return false;
    std::memcpy(&length, section_.data() + offset, sizeof(length));
    if (length != 0) return false;
    offset += sizeof(length);
    return true;
}

void EntryReader::add_common(std::uint64_t offset, const Dwarf_CIE& cie) {
    const Augmentation augmentation = read_augmentation(cie);
    CommonInfo common;
    common.code_alignment = cie.code_alignment_factor;
    common.data_alignment = cie.data_alignment_factor;
    common.pointer_encoding = augmentation.pointer_encoding;
    common.kind = augmentation.kind;
    if (cie.return_address_register == kDwarfReturnAddress) {
        common.initial = FrameProgram(common, pointers_)
                             .run_initial({cie.initial_instructions, cie.initial_instructions_end});
    }
    places_.push_back(
        {offset, augmentation.sized, cie.fde_augmentation_data_size, augmentation.understood});
    entries_.commons.push_back(common);
}

// What stands behind an unknown letter cannot be read; unwinders give up there as well.
Augmentation EntryReader::read_augmentation(const Dwarf_CIE& cie) const {
    Augmentation result;
    ByteReader data(cie.augmentation_data, cie.augmentation_data + cie.augmentation_data_size);
    for (const char letter : std::string_view(cie.augmentation)) {
        if (!read_augmentation_letter(letter, data, result) || data.failed()) {
            result.understood = false;
            return result;
        }
    }
    return result;
}

bool EntryReader::read_augmentation_letter(char letter, ByteReader& data,
                                           Augmentation& result) const {
    switch (letter) {
        case 'z':
            result.sized = true;
            return true;
        case 'R':
            result.pointer_encoding = data.byte();
            return true;
        case 'L':
            data.skip(1);
            return true;
        case 'P':
            skip_pointer(data);
            return true;
        case 'S':
            result.kind = FrameKind::Signal;
            return true;
        case 'B':  // AArch64's, without data
        case 'G':
            return true;
        default:
            return false;
    }
}

// The size of a pointer is known even where its value is not.
void EntryReader::skip_pointer(ByteReader& data) const {
    const std::uint8_t encoding = data.byte();
    const bool aligned = (encoding & kPointerRelation) == DW_EH_PE_aligned;
    read_pointer(data, encoding & (aligned ? kPointerFormat | kPointerRelation : kPointerFormat),
                 pointers_);
}

// Most functions follow their CIE, or one that was just used.
const EntryReader::CommonPlace* EntryReader::find_common(std::uint64_t offset) {
    if (last_found_ < places_.size() && places_[last_found_].offset == offset)
        return &places_[last_found_];
    const auto found = std::ranges::lower_bound(places_, offset, {}, &CommonPlace::offset);
    if (found == places_.end() || found->offset != offset) return nullptr;
    last_found_ = static_cast<std::size_t>(found - places_.begin());
    return &*found;
}

void EntryReader::add_function(const Dwarf_FDE& fde) {
    if (const CommonPlace* place = find_common(fde.CIE_pointer)) {
        read_function(fde, *place);
    } else {
        waiting_.push_back(fde);
    }
}

void EntryReader::find_commons() {
    for (const Dwarf_FDE& fde : waiting_) {
        if (const CommonPlace* place = find_common(fde.CIE_pointer)) read_function(fde, *place);
    }
}

void EntryReader::read_function(const Dwarf_FDE& fde, const CommonPlace& place) {
    const auto index = static_cast<std::uint32_t>(&place - places_.data());
    const std::uint8_t encoding = entries_.commons[index].pointer_encoding;
    ByteReader reader(fde.start, fde.end);
    const auto start = read_pointer(reader, encoding, pointers_);
    const auto size = read_pointer(reader, encoding & kPointerFormat, pointers_);
    if (!place.usable || !start || !size || *start < code_.start || *start >= code_.end) return;
    reader.skip(place.sized ? reader.uleb() : place.function_data_size);
    if (reader.failed()) return;
    // Linkers leave the entries of functions that they have dropped in .debug_frame, at address 0.
    if (*start == 0 && section_.format == FrameSection::Format::DebugFrame) return;
    const std::uint64_t end = *start + std::min(*size, code_.end - *start);
    entries_.functions.push_back({{*start, end}, reader, index});
}

// Those that begin at the same address stay in the order of the section. A section is a few sorted
// runs one after another, which merging takes better than other ways to sort.
void EntryReader::sort_functions() {
    const auto start = [](const FunctionEntry& function) { return function.range.start; };
    if (std::ranges::is_sorted(entries_.functions, {}, start)) return;
    std::ranges::stable_sort(entries_.functions, {}, start);
}

}  // namespace

FrameEntries read_frame_entries(const FrameSection& section, const unsigned char* ident,
                                const CodeRange& code) {
    return EntryReader(section, ident, code).read();
}

}  // namespace leakcheck::unwind
