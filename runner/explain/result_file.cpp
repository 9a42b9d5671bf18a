// SPDX-License-Identifier: Apache-2.0
#include "runner/explain/result_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/record/fields.hpp"

namespace leakcheck {
namespace {

using nlohmann::json;

constexpr int known_schema_version = 1;

// Empty for null.
std::string text(const json& value) {
    return value.is_null() ? "" : value.get<std::string>();
}

std::uint64_t number(const json& value) {
    return value.is_null() ? 0 : value.get<std::uint64_t>();
}

std::uint64_t address(const json& value) {
    return value.is_null() ? 0 : std::stoull(value.get<std::string>(), nullptr, 16);
}

template <typename Names>
auto enumerator(const Names& names, const json& value) {
    const std::string word = value.get<std::string>();
    for (const auto& [each, name] : names)
        if (name == word) return each;
    throw ResultFileError(fmt::format("has a word that is not known: \"{}\"", word));
}

Quantity quantity(const json& value) {
    return {value.at("observed"), value.at("estimate"), value.at("lower"), value.at("upper")};
}

Frame frame(const json& value) {
    Frame frame;
    if (value.is_null()) return frame;
    frame.function = text(value.at("function"));
    frame.file = text(value.at("file"));
    frame.line = static_cast<std::uint32_t>(number(value.at("line")));
    frame.module = text(value.at("module"));
    frame.build_id = text(value.at("build_id"));
    frame.address = address(value.at("address"));
    frame.inlined = value.at("inlined");
    return frame;
}

HoldingRoot root(const json& value) {
    HoldingRoot root;
    root.kind = enumerator(root_kind_names, value.at("kind"));
    root.address = address(value.at("address"));
    root.thread = static_cast<std::uint32_t>(number(value.at("thread")));
    root.is_main_thread = value.at("main_thread");
    root.object = text(value.at("object"));
    root.object_address = address(value.at("object_address"));
    const json& variable = value.at("variable");
    if (!variable.is_null())
        root.variable = {text(variable.at("name")), text(variable.at("type")),
                         variable.at("offset")};
    return root;
}

HeldBy held_by(const json& value) {
    HeldBy held_by;
    if (value.is_null()) return held_by;
    held_by.root = root(value.at("root"));
    for (const json& block : value.at("blocks")) {
        held_by.blocks.push_back(
            {{block.at("bytes"), block.at("entered_at"), block.at("pointer_at"), StackId{}},
             frame(block.at("site"))});
    }
    held_by.left_out = value.at("left_out");
    held_by.cut_at = number(value.at("cut_at"));
    return held_by;
}

Leak leak(const json& value) {
    Leak leak;
    leak.fingerprint = value.at("fingerprint");
    leak.kind = enumerator(leak_kind_names, value.at("kind"));
    leak.owner_kind = enumerator(EnumWords<OwnerKind>::all, value.at("owner_kind"));
    leak.owner = value.at("owner");
    if (!value.at("test").is_null()) leak.test = text(value.at("test"));
    leak.bytes = quantity(value.at("bytes"));
    leak.blocks = quantity(value.at("blocks"));
    leak.process = text(value.at("process"));
    const json& site = value.at("site");
    leak.site = {text(site.at("function")), text(site.at("file")),
                 static_cast<std::uint32_t>(number(site.at("line")))};
    const json& site_frame = value.at("site_frame");
    if (!site_frame.is_null())
        leak.stack.push_back(frame(value.at("stack").at(site_frame.get<std::size_t>())));
    leak.released_in = value.value("released_in", std::vector<std::string>());
    if (const auto indirect = value.find("indirect"); indirect != value.end()) {
        leak.indirect_bytes = indirect->at("bytes");
        leak.indirect_blocks = indirect->at("blocks");
    }
    if (const auto path = value.find("held_by"); path != value.end()) leak.held_by = held_by(*path);
    return leak;
}

CheckedProcess pointer_check(const json& value) {
    CheckedProcess checked;
    checked.process = text(value.at("process"));
    checked.check.failure = text(value.at("failure"));
    checked.check.kept_paths = value.value("kept_paths", false);
    return checked;
}

json parse(std::istream& in) {
    try {
        return json::parse(in);
    } catch (const json::exception& error) {
        throw ResultFileError(fmt::format("is no JSON, or was cut short: {}", error.what()));
    }
}

void require_result(const json& file) {
    const bool is_result = file.is_object() && file.contains("schema_version") &&
                           file.contains("leaks") && file.contains("verdict");
    if (!is_result)
        throw ResultFileError(
            "is no result of leakcheck, which `leakcheck --json FILE -- COMMAND` writes");
    const json& version = file.at("schema_version");
    if (version != known_schema_version)
        throw ResultFileError(fmt::format(
            "has schema_version {}, of which this leakcheck knows {} alone; use the one "
            "that wrote it",
            version.dump(), known_schema_version));
}

bool has_path(const json& leak) {
    return leak.is_object() && leak.contains("held_by");
}

}  // namespace

ResultFile read_result(std::istream& in) {
    const json file = parse(in);
    require_result(file);
    ResultFile result;
    try {
        result.written_by = text(file.at("tool").at("version"));
        for (const json& one : file.at("leaks")) result.leaks.push_back(leak(one));
        for (const json& one : file.at("pointer_checks"))
            result.pointer_checks.push_back(pointer_check(one));
        result.tells_paths =
            std::all_of(file.at("leaks").begin(), file.at("leaks").end(), has_path);
    } catch (const json::exception& error) {
        throw ResultFileError(fmt::format("is not as leakcheck writes it: {}", error.what()));
    } catch (const std::logic_error& error) {  // of a number
        throw ResultFileError("is not as leakcheck writes it: an address is no hexadecimal number");
    }
    return result;
}

}  // namespace leakcheck
