// SPDX-License-Identifier: Apache-2.0
#include <iomanip>

#include "runner/record/fields.hpp"
#include "runner/record/format.hpp"
#include "runner/record/json_value.hpp"
#include "runner/record/recording.hpp"

namespace leakcheck {
namespace {

using nlohmann::json;

json write_value(const std::string& text) {
    return write_text(text);
}

json write_value(const SharedText& text) {
    return write_text(text.str());
}

template <class Number>
requires std::is_arithmetic_v<Number> json write_value(Number number) {
    return number;
}

template <WordEnum E>
json write_value(E value) {
    for (const auto& [enumerator, word] : EnumWords<E>::all) {
        if (enumerator == value) return std::string(word);
    }
    throw RecordingError("a record holds an enumerator that has no word");
}

template <class Id>
requires(std::is_enum_v<Id> && !WordEnum<Id>) json write_value(Id id) {
    return static_cast<std::underlying_type_t<Id>>(id);
}

template <class Item>
json write_value(const std::vector<Item>& items);

template <class Record>
requires(std::is_class_v<Record>) json write_value(const Record& record);

class Writer {
  public:
    template <class Member>
    void operator()(const char* name, const Member& member) {
        object_[name] = write_value(member);
    }
    json take() { return std::move(object_); }

  private:
    json object_ = json::object();
};

template <class Record>
requires(std::is_class_v<Record>) json write_value(const Record& record) {
    Writer writer;
    describe(writer, record);
    return writer.take();
}

template <class Item>
json write_value(const std::vector<Item>& items) {
    json list = json::array();
    for (const Item& item : items) list.push_back(write_value(item));
    return list;
}

RecordingFile to_file(const Recording& recording) {
    RecordingFile file{recording.snapshot, recording.facts, {}, {}};
    for (const auto& [stack, frames] : recording.symbols) file.symbols.push_back({stack, frames});
    for (const auto& [name, location] : recording.test_definitions) {
        file.test_definitions.push_back({name.first, name.second, location});
    }
    return file;
}

}  // namespace

void write_recording(const Recording& recording, std::ostream& out) {
    json file = write_value(to_file(recording));
    file[format_member] = format_name;
    file[version_member] = format_version;
    out << std::setw(1) << file << '\n';
}

}  // namespace leakcheck
