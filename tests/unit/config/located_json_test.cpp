// SPDX-License-Identifier: Apache-2.0
#include "runner/config/located_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakcheck {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// The text that a part of a document was read from.
std::string source_of(const std::string& text, const LocatedJson& node) {
    return text.substr(node.begin, node.end - node.begin);
}

std::string error_of(const std::string& text) {
    try {
        parse_located_json(text);
    } catch (const JsonError& error) {
        return problem_at("f.json", text, error).message;
    }
    return "(accepted)";
}

TEST(LocatedJson, EveryPartKnowsItsPlace) {
    const std::string text =
        "\xEF\xBB\xBF// a comment, with \"quotes\": {\n"
        "{ /* and: [another], */ \"a\\\"b\" : [1, -2.5e3/*x*/, true,null ,\"s,\\\\\"],\n"
        "\t\"o\":{\"deep\":{}},\"last\":false}";
    const LocatedJson document = parse_located_json(text);
    EXPECT_EQ(document.begin, text.find("{ /*"));
    EXPECT_EQ(document.end, text.size());
    const LocatedJson& array = *document.find("a\"b");
    EXPECT_EQ(source_of(text, array), R"([1, -2.5e3/*x*/, true,null ,"s,\\"])");
    const auto& elements = std::get<LocatedJson::Array>(array.value);
    ASSERT_EQ(elements.size(), 5u);
    const std::vector<std::string> sources{"1", "-2.5e3", "true", "null", R"("s,\\")"};
    for (std::size_t i = 0; i < sources.size(); ++i)
        EXPECT_EQ(source_of(text, elements[i]), sources[i]);
    EXPECT_EQ(std::get<LocatedJson::Number>(elements[1].value).text, "-2.5e3");
    EXPECT_EQ(std::get<std::string>(elements[4].value), "s,\\");
    EXPECT_EQ(source_of(text, *document.find("o")->find("deep")), "{}");
    EXPECT_EQ(source_of(text, *document.find("last")), "false");
    const auto& members = std::get<LocatedJson::Object>(document.value);
    EXPECT_EQ(text.substr(members[1].key_begin, 3), "\"o\"");
    EXPECT_EQ(document.find("none"), nullptr);
    EXPECT_EQ(elements[0].find("a"), nullptr);
}

TEST(LocatedJson, SaysWhereTextIsNoJson) {
    EXPECT_THAT(error_of("{\n  \"a\": 1,\n  \"b\" 2\n}"),
                StartsWith("f.json:3:7: this is no JSON: "));
    EXPECT_THAT(error_of(""), StartsWith("f.json:1:1: this is no JSON"));
    EXPECT_THAT(error_of("{} {}"), StartsWith("f.json:1:4: "));
    EXPECT_THAT(error_of("[1,]"), StartsWith("f.json:1:4: "));
    EXPECT_THAT(error_of("{\"a\": \"\xff\"}"), HasSubstr("no JSON"));
    EXPECT_THAT(error_of("/* without end"), HasSubstr("no JSON"));
}

TEST(LocatedJson, CountsColumnsInCharacters) {
    EXPECT_THAT(error_of("[\"\xC3\xA4\xE2\x82\xAC\" 1]"), StartsWith("f.json:1:7: "));
}

TEST(LocatedJson, RefusesAKeyThatIsGivenTwice) {
    EXPECT_EQ(error_of("{\"a\": {\"b\": 1},\n \"a\": 2}"), "f.json:2:2: \"a\" is given twice");
    EXPECT_EQ(error_of("{\"a\": {\"a\": 1}}"), "(accepted)");
}

TEST(LocatedJson, RefusesWhatIsNestedTooDeeply) {
    EXPECT_EQ(error_of(std::string(100, '[') + std::string(100, ']')), "(accepted)");
    EXPECT_THAT(error_of(std::string(100000, '[')), HasSubstr("f.json:1:101: this is nested"));
}

}  // namespace
}  // namespace leakcheck
