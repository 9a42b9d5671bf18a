// SPDX-License-Identifier: Apache-2.0
//
// Files that are no recordings, or no good ones: each is refused with what is wrong and where.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/unit/record/random_recording.hpp"

namespace leakcheck {
namespace {

using nlohmann::json;
using testing_support::full_recording;

std::string full_text() {
    std::ostringstream out;
    write_recording(full_recording(), out);
    return out.str();
}

// The message with which the text is refused; empty if it is read.
std::string problem_of(const std::string& text) {
    try {
        std::istringstream in(text);
        read_recording(in);
        return {};
    } catch (const RecordingError& error) {
        return error.what();
    }
}

struct BadValue {
    const char* pointer;  // JSON pointer of the member that is replaced
    const char* value;    // JSON
    const char* message;
};

void PrintTo(const BadValue& c, std::ostream* out) {
    *out << c.pointer << " = " << c.value;
}

class BadValues : public testing::TestWithParam<BadValue> {};

TEST_P(BadValues, AreRefused) {
    json file = json::parse(full_text());
    file[json::json_pointer(GetParam().pointer)] = json::parse(GetParam().value);
    EXPECT_EQ(problem_of(file.dump()), GetParam().message);
}

constexpr BadValue bad_values[] = {
    {"/format", "\"other\"",
     "the recording: is not one: it has no \"format\": \"leakcheck recording\""},
    {"/version", "1",
     "the recording: is of version 1, but only version 4 can be read; record the run again"},
    {"/version", "\"3\"",
     "the recording: is of version \"3\", but only version 4 can be read; record the run again"},
    {"/snapshot", "[]", "snapshot: expected an object, found a list"},
    {"/snapshot/processes", "{}", "snapshot.processes: expected a list, found an object"},
    {"/snapshot/processes/0", "7", "snapshot.processes[0]: expected an object, found 7"},
    {"/snapshot/processes/0/pid", "\"x\"",
     "snapshot.processes[0].pid: expected a whole number from -2147483648 to 2147483647, found "
     "\"x\""},
    {"/snapshot/processes/0/pid", "2147483648",
     "snapshot.processes[0].pid: expected a whole number from -2147483648 to 2147483647, found "
     "2147483648"},
    {"/snapshot/processes/0/pid", "18446744073709551615",
     "snapshot.processes[0].pid: expected a whole number from -2147483648 to 2147483647, found "
     "18446744073709551615"},
    {"/snapshot/processes/0/pid", "-2147483649",
     "snapshot.processes[0].pid: expected a whole number from -2147483648 to 2147483647, found "
     "-2147483649"},
    {"/snapshot/processes/0/id", "-1",
     "snapshot.processes[0].id: expected a whole number from 0 to 4294967295, found -1"},
    {"/snapshot/processes/0/id", "4294967296",
     "snapshot.processes[0].id: expected a whole number from 0 to 4294967295, found 4294967296"},
    {"/snapshot/processes/0/end", "\"dead\"",
     "snapshot.processes[0].end: expected one of \"running\", \"exited\", \"signaled\", "
     "\"replaced\", found \"dead\""},
    {"/snapshot/processes/0/is_main", "1",
     "snapshot.processes[0].is_main: expected true or false, found 1"},
    {"/snapshot/processes/0/command", "null",
     "snapshot.processes[0].command: expected a text, found null"},
    {"/snapshot/processes/0/command", "{\"bytes\": \"abc\"}",
     "snapshot.processes[0].command: expected an even number of hex digits"},
    {"/snapshot/processes/0/command", "{\"bytes\": \"xy\"}",
     "snapshot.processes[0].command: expected lower-case hex digits"},
    {"/snapshot/processes/0/command", "{\"bytes\": 3}",
     "snapshot.processes[0].command: expected a text, found an object"},
    {"/snapshot/stacks/0/frames/1", "1.5",
     "snapshot.stacks[0].frames[1]: expected a whole number from 0 to 18446744073709551615, found "
     "1.5"},
    {"/snapshot/stacks/0/frames/1", "18446744073709551616",
     "snapshot.stacks[0].frames[1]: expected a whole number from 0 to 18446744073709551615, found "
     "1.8446744073709552e+19"},
    {"/snapshot/live/0/blocks", "true",
     "snapshot.live[0].blocks: expected a whole number from 0 to 18446744073709551615, found true"},
    {"/snapshot/live/0/weight", "\"1\"", "snapshot.live[0].weight: expected a number, found \"1\""},
    {"/snapshot/live/0/weight", "0.5",
     "snapshot.live[0].weight: expected a number from 1 to 17592186044416, found 0.5"},
    {"/snapshot/live/0/weight", "1e300",
     "snapshot.live[0].weight: expected a number from 1 to 17592186044416, found 1e+300"},
    {"/snapshot/live/0/bytes_squared", "-1", "snapshot.live[0].bytes_squared: is negative"},
    {"/facts/wall_seconds", "null", "facts.wall_seconds: expected a number, found null"},
    {"/facts/child/status", "[]",
     "facts.child.status: expected a whole number from -2147483648 to 2147483647, found a list"},
    {"/facts/extra", "1", "facts: has a member that is not known: \"extra\""},
    {"/extra", "1", "the recording: has a member that is not known: \"extra\""},
    {"/symbols/0/frames/0/line", "-3",
     "symbols[0].frames[0].line: expected a whole number from 0 to 4294967295, found -3"},
    {"/test_definitions/0/location", "\"a.cpp\"",
     "test_definitions[0].location: expected an object, found \"a.cpp\""},
};
INSTANTIATE_TEST_SUITE_P(Values, BadValues, testing::ValuesIn(bad_values));

TEST(HostileRecording, MissingMembersAreNamed) {
    json file = json::parse(full_text());
    file["snapshot"]["owners"][0].erase("kind");
    EXPECT_EQ(problem_of(file.dump()), "snapshot.owners[0].kind: is missing");
    file = json::parse(full_text());
    file.erase("version");
    EXPECT_EQ(problem_of(file.dump()),
              "the recording: is of version null, but only version 4 can be read; "
              "record the run again");
}

TEST(HostileRecording, DoubleEntriesAreRefused) {
    json file = json::parse(full_text());
    file["symbols"].push_back(file["symbols"][0]);
    EXPECT_EQ(problem_of(file.dump()), "symbols[1]: is of a stack that has its symbols already");
    file = json::parse(full_text());
    file["test_definitions"].push_back(file["test_definitions"][0]);
    EXPECT_EQ(problem_of(file.dump()),
              "test_definitions[1]: is of a test that has its definition already");
}

TEST(HostileRecording, LongValuesAreCutInMessages) {
    json file = json::parse(full_text());
    file["snapshot"]["events"] = std::string(1'000'000, 'x');
    EXPECT_LT(problem_of(file.dump()).size(), 200u);
}

TEST(HostileRecording, NumbersBeyondADoubleAreRefused) {
    std::string text = full_text();
    const std::string member = "\"wall_seconds\": 1.25";
    text.replace(text.find(member), member.size(), "\"wall_seconds\": 1e999");
    EXPECT_NE(problem_of(text).find("is not JSON"), std::string::npos);
}

TEST(HostileRecording, OtherTextIsRefused) {
    for (const char* text : {"", " ", "null", "[]", "42", "\"x\"", "{}", "not json", "\xff\xfe"}) {
        EXPECT_NE(problem_of(text), "") << text;
    }
}

TEST(HostileRecording, DeepNestingIsRefused) {
    EXPECT_NE(problem_of(std::string(1'000'000, '[')), "");
    const std::string balanced = std::string(200'000, '[') + std::string(200'000, ']');
    EXPECT_NE(problem_of("{\"format\": " + balanced + "}"), "");
    EXPECT_NE(problem_of("{\"format\": \"leakcheck recording\", \"version\": 4, \"snapshot\": " +
                         balanced + "}"),
              "");
}

TEST(HostileRecording, EveryTruncationIsRefused) {
    const std::string text = full_text();
    const std::size_t end = text.rfind('}');
    for (std::size_t length = 0; length <= end; ++length) {
        EXPECT_NE(problem_of(text.substr(0, length)), "") << "cut at " << length;
    }
}

TEST(HostileRecording, DamagedBytesNeverCrash) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const std::string text = full_text();
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = text;
        for (int i = 0; i < 3; ++i) {
            damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
        }
        static_cast<void>(problem_of(damaged));
    }
}

}  // namespace
}  // namespace leakcheck
