// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "runner/record/fields.hpp"
#include "runner/record/format.hpp"
#include "runner/record/json_value.hpp"
#include "runner/record/recording.hpp"

namespace leakcheck {
namespace {

using nlohmann::json;

// The largest weight that the sampler's fixed-point record can hold.
constexpr double max_weight = 17592186044416.0;  // 2^44

void read_value(const json& value, const Place& place, std::string& text) {
    text = read_text(value, place);
}

void read_value(const json& value, const Place& place, SharedText& text) {
    text = read_text(value, place);
}

void read_value(const json& value, const Place& place, bool& flag) {
    flag = read_flag(value, place);
}

void read_value(const json& value, const Place& place, double& number) {
    number = read_number(value, place);
}

template <std::unsigned_integral Number>
void read_value(const json& value, const Place& place, Number& number) {
    number = static_cast<Number>(read_unsigned(value, std::numeric_limits<Number>::max(), place));
}

template <std::signed_integral Number>
void read_value(const json& value, const Place& place, Number& number) {
    number = static_cast<Number>(read_signed(value, std::numeric_limits<Number>::min(),
                                             std::numeric_limits<Number>::max(), place));
}

template <WordEnum E>
void read_value(const json& value, const Place& place, E& enumerator) {
    const std::string found = read_text(value, place);
    for (const auto& [candidate, word] : EnumWords<E>::all) {
        if (word != found) continue;
        enumerator = candidate;
        return;
    }
    std::string words;
    for (const auto& entry : EnumWords<E>::all) {
        words += fmt::format("{}\"{}\"", words.empty() ? "" : ", ", entry.second);
    }
    place.fail(fmt::format("expected one of {}, found {}", words, describe_value(value)));
}

template <class Id>
requires(std::is_enum_v<Id> && !WordEnum<Id>) void read_value(const json& value, const Place& place,
                                                              Id& id) {
    std::underlying_type_t<Id> number = 0;
    read_value(value, place, number);
    id = Id{number};
}

template <class Item>
void read_value(const json& value, const Place& place, std::vector<Item>& items);

template <class Record>
requires(std::is_class_v<Record>) void read_value(const json& value, const Place& place,
                                                  Record& record);

// Reads the members of one object, all of which have to be there, and nothing else.
class Reader {
  public:
    Reader(const json& object, const Place& place) : object_(object), place_(place) {
        if (!object.is_object()) {
            place.fail(fmt::format("expected an object, found {}", describe_value(object)));
        }
    }

    template <class Member>
    void operator()(const char* name, Member& member) {
        const Place place(place_, name);
        const auto found = object_.find(name);
        if (found == object_.end()) place.fail("is missing");
        read_value(*found, place, member);
        names_.emplace_back(name);
    }

    void refuse_unknown_members() const {
        if (names_.size() == object_.size()) return;
        for (const auto& [name, value] : object_.items()) {
            if (std::find(names_.begin(), names_.end(), name) != names_.end()) continue;
            place_.fail(fmt::format("has a member that is not known: {}", describe_value(name)));
        }
    }

  private:
    const json& object_;
    const Place& place_;
    std::vector<std::string_view> names_;
};

template <class Record>
requires(std::is_class_v<Record>) void read_value(const json& value, const Place& place,
                                                  Record& record) {
    Reader reader(value, place);
    describe(reader, record);
    reader.refuse_unknown_members();
}

template <class Item>
void read_value(const json& value, const Place& place, std::vector<Item>& items) {
    if (!value.is_array()) {
        place.fail(fmt::format("expected a list, found {}", describe_value(value)));
    }
    items.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        read_value(value[i], Place(place, i), items.emplace_back());
    }
}

json parse(std::istream& in) {
    try {
        return json::parse(in);
    } catch (const json::exception& error) {
        throw RecordingError(
            fmt::format("the recording is not JSON, or was cut short: {}", error.what()));
    }
}

// The value of a top member, null where there is none. Not a copy: copying is recursive, and a
// hostile file nests deeper than the stack reaches.
const json& top_member(const json& file, const char* name) {
    static const json null;
    if (!file.is_object()) return null;
    const auto found = file.find(name);
    return found == file.end() ? null : *found;
}

// Checked before all else, and taken out: what the other members are depends on the version.
void take_format(json& file) {
    const Place top;
    if (top_member(file, format_member) != format_name) {
        top.fail("is not one: it has no \"format\": \"leakcheck recording\"");
    }
    const json& version = top_member(file, version_member);
    if (version != format_version) {
        top.fail(
            fmt::format("is of version {}, but only version {} can be read; record the run again",
                        describe_value(version), format_version));
    }
    file.erase(format_member);
    file.erase(version_member);
}

// Numbers the estimates rely on.
void check_weights(const Snapshot& snapshot) {
    const Place top;
    const Place in_snapshot(top, "snapshot");
    const Place live(in_snapshot, "live");
    for (std::size_t i = 0; i < snapshot.live.size(); ++i) {
        const LiveGroup& group = snapshot.live[i];
        const Place place(live, i);
        if (group.weight < 1.0 || group.weight > max_weight) {
            Place(place, "weight")
                .fail(fmt::format("expected a number from 1 to {:.0f}, found {}", max_weight,
                                  group.weight));
        }
        if (group.bytes_squared < 0.0) Place(place, "bytes_squared").fail("is negative");
    }
}

Recording from_file(RecordingFile file) {
    const Place top;
    Recording recording{std::move(file.snapshot), std::move(file.facts), {}, {}};
    const Place symbols(top, "symbols");
    for (std::size_t i = 0; i < file.symbols.size(); ++i) {
        RecordedSymbols& entry = file.symbols[i];
        const bool is_new =
            recording.symbols.try_emplace(entry.stack, std::move(entry.frames)).second;
        if (!is_new) Place(symbols, i).fail("is of a stack that has its symbols already");
    }
    const Place definitions(top, "test_definitions");
    for (std::size_t i = 0; i < file.test_definitions.size(); ++i) {
        const auto& [suite, test, location] = file.test_definitions[i];
        const bool is_new = recording.test_definitions.try_emplace({suite, test}, location).second;
        if (!is_new) Place(definitions, i).fail("is of a test that has its definition already");
    }
    return recording;
}

}  // namespace

Recording read_recording(std::istream& in) {
    json value = parse(in);
    take_format(value);
    RecordingFile file;
    read_value(value, Place(), file);
    check_weights(file.snapshot);
    return from_file(std::move(file));
}

}  // namespace leakcheck
