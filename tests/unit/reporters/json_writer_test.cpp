// SPDX-License-Identifier: Apache-2.0
#include "reporters/json_writer.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace leakcheck {
namespace {

using Json = JsonWriter::Json;

TEST(JsonWriter, WritesWhatADumpOfTheWholeWould) {
    const Json inner{{"text", "a\nb"}, {"list", {1, Json::object(), Json::array(), nullptr}}};
    std::ostringstream out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("first", 1.5);
    writer.begin_array("items");
    writer.element(inner);
    writer.begin_object();
    writer.members(inner);
    writer.end_object();
    writer.element("last");
    writer.end_array();
    writer.member("inner", inner);
    writer.end_object();
    const Json whole{{"first", 1.5}, {"items", {inner, inner, "last"}}, {"inner", inner}};
    EXPECT_EQ(out.str(), whole.dump(2));
}

TEST(JsonWriter, EmptyPartsAreShort) {
    std::ostringstream out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.begin_array("none");
    writer.end_array();
    writer.members(Json::object());
    writer.end_object();
    EXPECT_EQ(out.str(), "{\n  \"none\": []\n}");
    std::ostringstream nothing;
    JsonWriter empty(nothing);
    empty.begin_object();
    empty.end_object();
    EXPECT_EQ(nothing.str(), "{}");
}

TEST(JsonWriter, RepairsTextAndKeys) {
    std::ostringstream out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("a\"\xff", "\xff\x01");
    writer.end_object();
    EXPECT_TRUE(Json::accept(out.str())) << out.str();
}

}  // namespace
}  // namespace leakcheck
