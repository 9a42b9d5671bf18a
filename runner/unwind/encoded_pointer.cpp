// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/encoded_pointer.hpp"

#include <dwarf.h>

namespace leakcheck::unwind {
namespace {

constexpr std::uint8_t kFormat = 0x0f;
constexpr std::uint8_t kRelation = 0x70;
constexpr std::uint64_t kPointerSize = 8;

std::uint64_t address_of(const ByteReader& reader, const PointerBase& base) {
    return base.address + static_cast<std::uint64_t>(reader.position() - base.bytes);
}

template <typename Signed>
std::uint64_t sign_extended(ByteReader& reader) {
    return static_cast<std::uint64_t>(std::int64_t{reader.fixed<Signed>()});
}

std::optional<std::uint64_t> read_value(ByteReader& reader, std::uint8_t format) {
    switch (format) {
        case DW_EH_PE_absptr:
        case DW_EH_PE_udata8:
        case DW_EH_PE_sdata8:
            return reader.fixed<std::uint64_t>();
        case DW_EH_PE_uleb128:
            return reader.uleb();
        case DW_EH_PE_sleb128:
            return static_cast<std::uint64_t>(reader.sleb());
        case DW_EH_PE_udata2:
            return reader.fixed<std::uint16_t>();
        case DW_EH_PE_udata4:
            return reader.fixed<std::uint32_t>();
        case DW_EH_PE_sdata2:
            return sign_extended<std::int16_t>(reader);
        case DW_EH_PE_sdata4:
            return sign_extended<std::int32_t>(reader);
        default:
            return std::nullopt;
    }
}

// Where the pointers of an encoding count from.
std::optional<std::uint64_t> origin(const ByteReader& reader, std::uint8_t relation,
                                    const PointerBase& base) {
    switch (relation) {
        case DW_EH_PE_absptr:
        case DW_EH_PE_aligned:
            return 0;
        case DW_EH_PE_pcrel:
            return address_of(reader, base);
        case DW_EH_PE_datarel:
            return base.data;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<std::uint64_t> read_pointer(ByteReader& reader, std::uint8_t encoding,
                                          const PointerBase& base) {
    if ((encoding & DW_EH_PE_indirect) != 0) return std::nullopt;  // includes DW_EH_PE_omit
    const std::uint8_t relation = encoding & kRelation;
    if (relation == DW_EH_PE_aligned) reader.skip(-address_of(reader, base) % kPointerSize);
    const std::optional<std::uint64_t> from = origin(reader, relation, base);
    if (!from) return std::nullopt;
    const std::optional<std::uint64_t> value = read_value(reader, encoding & kFormat);
    if (!value || reader.failed()) return std::nullopt;
    return *from + *value;
}

}  // namespace leakcheck::unwind
