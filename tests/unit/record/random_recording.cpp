// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/record/random_recording.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "runner/record/fields.hpp"

namespace leakcheck::testing_support {
namespace {

// An archive that fills the members it is called with.
class Filler {
  public:
    explicit Filler(unsigned seed) : random_(seed) {}

    template <class Member>
    void operator()(const char* name, Member& member) {
        fill(member);
        if (std::string_view(name) == "weight") fill_weight(member);
    }

    void fill(std::string& text) {
        text.clear();
        const bool any_byte = random_() % 4 == 0;
        for (auto length = random_() % 12; length > 0; --length) {
            text.push_back(static_cast<char>(any_byte ? random_() % 256 : 1 + random_() % 127));
        }
    }
    void fill(SharedText& text) {
        std::string characters;
        fill(characters);
        text = characters;
    }
    void fill(bool& flag) { flag = random_() % 2 == 0; }
    void fill(double& number) {
        number = std::ldexp(static_cast<double>(random_()), static_cast<int>(random_() % 64) - 80);
    }
    template <std::integral Number>
    void fill(Number& number) {
        switch (random_() % 4) {
            case 0:
                number = std::numeric_limits<Number>::max();
                break;
            case 1:
                number = std::numeric_limits<Number>::min();
                break;
            default:
                number = static_cast<Number>(random_());
        }
    }
    template <WordEnum E>
    void fill(E& enumerator) {
        enumerator = EnumWords<E>::all[random_() % EnumWords<E>::all.size()].first;
    }
    template <class Id>
    requires(std::is_enum_v<Id> && !WordEnum<Id>) void fill(Id& id) {
        std::underlying_type_t<Id> number = 0;
        fill(number);
        id = Id{number};
    }
    template <class Item>
    void fill(std::vector<Item>& items) {
        items.resize(random_() % 5);
        for (Item& item : items) fill(item);
    }
    template <class Record>
    requires(std::is_class_v<Record>) void fill(Record& record) { describe(*this, record); }

  private:
    void fill_weight(double& weight) {
        weight = 1.0 + std::ldexp(static_cast<double>(random_() % 1000), -3);
    }
    template <class Other>
    void fill_weight(Other&) {}

    std::mt19937_64 random_;
};

Snapshot full_snapshot() {
    Snapshot snapshot;
    snapshot.engine = "sampler";
    snapshot.command = {"./unit_tests", "--gtest_filter=*"};
    snapshot.sampling = {
        "<1k=1:200,>1k=1:5",           200, 42, 16, 4096, SamplingKind::strata, 32, 524'288,
        {{1000, 200}, {UINT64_MAX, 5}}};
    snapshot.taken_ns = 5'000'000'000;
    snapshot.processes = {{ProcessId{2}, ProcessId{1}, 1234, true, true, true, true,
                           ProcessEnd::signaled, 11, OwnerId{1}, 17, 18, "./unit_tests \xff"}};
    snapshot.owners = {{OwnerId{1}, OwnerKind::test, "Suite", "Test", true, 3, 7, 12'000}};
    snapshot.stacks = {
        {StackId{9}, ProcessId{2}, StackStatus::truncated, 19, {0x1000, UINT64_MAX}}};
    LiveGroup group;
    group.process = ProcessId{2};
    group.owner = OwnerId{1};
    group.stack = StackId{9};
    group.note = NoteId{1};
    group.stack_origin = StackOrigin::representative;
    group.kind = LeakKind::definite;
    group.released_in = OwnerId{1};
    group.indirect_blocks = 4;
    group.indirect_bytes = 64;
    group.held_by = {
        {RootKind::static_data, 0x5000, 77, true, "/bin/unit_tests", 0x4010, {"cache", "Map", 16}},
        {{72, 0, 32, StackId{9}}, {100, 8, 0, StackId{9}}},
        3,
        1};
    group.libc_owned = true;
    group.weight = 200.5;
    group.repetition = 2;
    group.blocks = 3;
    group.bytes = 300;
    group.bytes_squared = 30'000.25;
    group.largest = 200;
    group.oldest_ns = 11;
    group.newest_ns = 12;
    snapshot.live = {group};
    snapshot.totals = {{ProcessId{2}, OwnerId{1}, StackId{9}, 10, 1000, 7, 700, 2005.0, 200'500.0}};
    snapshot.usage = {{ProcessId{2}, OwnerId{1}, 10, 1000, 7, 700, 64, 364, 512}};
    snapshot.checks = {{ProcessId{2}, "it did not stop", 3, 4096, 512, 1'500'000, 5, 1, 2'000'000, true}};
    snapshot.notes = {{NoteId{1}, NoteKind::known_leak, ProcessId{2}, OwnerId{1}, 1, 2, "reason"}};
    snapshot.losses = {{"live_map_full", "blocks are missing", 4, true}};
    snapshot.discovery = TestDiscovery::not_found;
    snapshot.discovery_note = "stripped";
    snapshot.events = UINT64_MAX;
    return snapshot;
}

}  // namespace

Recording full_recording() {
    Recording recording;
    recording.snapshot = full_snapshot();
    recording.facts = {
        "0.1.0",       "/w",
        "/w/src",      "2024-01-02T03:04:05Z",
        1.25,          {ProcessEnd::signaled, 6, true, "Suite.Test"},
        {"a warning"}, {1000, 60, 700.5, 170.25, 2.5, 50, {{0.5, 3, false}, {1.5, 11, true}}}};
    recording.symbols[StackId{9}] = {
        {"f()", "src/f.cpp", 3, 7, "/w/unit_tests", "00ff", 0x1234, true, true}, Frame{}};
    recording.test_definitions[{"Suite", "Test"}] = {"TestBody", "tests/suite.cpp", 12};
    return recording;
}

Recording random_recording(unsigned seed) {
    Filler filler(seed);
    RecordingFile file;
    describe(filler, file);
    Recording recording{file.snapshot, file.facts, {}, {}};
    for (RecordedSymbols& entry : file.symbols) recording.symbols[entry.stack] = entry.frames;
    for (RecordedDefinition& entry : file.test_definitions) {
        recording.test_definitions[{entry.suite, entry.test}] = entry.location;
    }
    return recording;
}

}  // namespace leakcheck::testing_support
