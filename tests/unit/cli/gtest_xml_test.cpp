// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_xml.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>
#include <pugixml.hpp>

#include "runner/cli/doctor.hpp"
#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string xml(const std::string& suite, int tests, int failures) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"" +
           std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
           "\" disabled=\"0\" errors=\"0\" time=\"0.250\" name=\"AllTests\">\n  <testsuite "
           "name=\"" +
           suite + "\" tests=\"" + std::to_string(tests) + "\"/>\n</testsuites>\n";
}

class GtestXmlFiles : public FolderTest {
  protected:
    GtestXmlFiles() {
        fs::create_directory(folder_ / "private");
        fs::permissions(folder_ / "private", fs::perms::all);
    }

    GtestXmlPlan plan(std::vector<std::string> command,
                      std::map<std::string, std::string> variables = {}) {
        return plan_gtest_xml({std::move(command), environment_of(std::move(variables)), folder_,
                               folder_ / "private"},
                              self());
    }

    std::string text_of(const GtestXmlPlan& made) {
        const auto result = collect_gtest_xml(made, self());
        if (const auto* none = std::get_if<NoGtestXml>(&result)) return "(none) " + none->reason;
        return std::get<GtestXml>(result).text;
    }
};

TEST_F(GtestXmlFiles, WithoutAChoiceItGoesToThePrivateFolder) {
    const GtestXmlPlan made = plan({"./t"});
    EXPECT_THAT(made.environment,
                ElementsAre("GTEST_OUTPUT=xml:" + (folder_ / "private").string() + "/"));
    EXPECT_THAT(made.note, IsEmpty());
    write_text(folder_ / "private/t.xml", xml("A", 1, 0));
    EXPECT_EQ(text_of(made), xml("A", 1, 0));
}

TEST_F(GtestXmlFiles, TheUsersChoiceIsLeftAlone) {
    const GtestXmlPlan made =
        plan({"./t", "--gtest_output=xml:mine.xml"}, {{"GTEST_OUTPUT", "xml:other.xml"}});
    EXPECT_THAT(made.environment, IsEmpty());
    write_text(folder_ / "mine.xml", xml("A", 1, 0));
    write_text(folder_ / "other.xml", xml("B", 1, 0));
    EXPECT_EQ(text_of(made), xml("A", 1, 0));
}

TEST_F(GtestXmlFiles, AFileFromBeforeIsNotTaken) {
    write_text(folder_ / "mine.xml", xml("A", 1, 0));
    const GtestXmlPlan made = plan({"./t", "--gtest_output=xml:mine.xml"});
    EXPECT_THAT(text_of(made),
                HasSubstr("(none) " + (folder_ / "mine.xml").string() + " is from before the run"));
}

TEST_F(GtestXmlFiles, AFileWrittenAnewIsTaken) {
    write_text(folder_ / "mine.xml", xml("A", 1, 0));
    const GtestXmlPlan made = plan({"./t", "--gtest_output=xml:mine.xml"});
    write_text(folder_ / "mine.xml", xml("B", 12, 0));
    EXPECT_EQ(text_of(made), xml("B", 12, 0));
}

TEST_F(GtestXmlFiles, AFileOfTheSameSizeIsToldByItsTime) {
    write_text(folder_ / "mine.xml", xml("A", 1, 0));
    // Long ago, so that the next write has another time whatever the clock's grain.
    const std::array<timespec, 2> old{timespec{1000000000, 0}, timespec{1000000000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, (folder_ / "mine.xml").c_str(), old.data(), 0), 0);
    const GtestXmlPlan made = plan({"./t", "--gtest_output=xml:mine.xml"});
    write_text(folder_ / "mine.xml", xml("B", 1, 0));
    EXPECT_EQ(text_of(made), xml("B", 1, 0));
}

TEST_F(GtestXmlFiles, AFileCutShortIsAbsent) {
    const std::string whole = xml("A", 1, 0);
    const GtestXmlPlan made = plan({"./t", "--gtest_output=xml:mine.xml"});
    EXPECT_THAT(text_of(made), HasSubstr("is not there"));
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 3}) {
        write_text(folder_ / "mine.xml", whole.substr(0, size));
        EXPECT_THAT(text_of(made), HasSubstr("is incomplete")) << size;
    }
}

TEST_F(GtestXmlFiles, OnlyTheNewFileOfAFolderIsTaken) {
    fs::create_directory(folder_ / "reports");
    write_text(folder_ / "reports/t.xml", xml("Old", 1, 0));
    const GtestXmlPlan made = plan({"bin/t", "--gtest_output=xml:reports/"});
    EXPECT_THAT(text_of(made), HasSubstr("(none) no new t.xml in"));
    write_text(folder_ / "reports/unrelated.xml", xml("Other", 1, 0));
    write_text(folder_ / "reports/t_1.xml", xml("New", 1, 0));
    EXPECT_EQ(text_of(made), xml("New", 1, 0));
    write_text(folder_ / "reports/t_2.xml", xml("Parallel", 1, 0));
    EXPECT_THAT(text_of(made), HasSubstr("(none) 2 new files for t in"));
}

TEST_F(GtestXmlFiles, AFolderThatGoogleTestMakes) {
    const GtestXmlPlan made = plan({"./t"}, {{"GTEST_OUTPUT", "xml:made/later/"}});
    fs::create_directories(folder_ / "made/later");
    write_text(folder_ / "made/later/t.xml", xml("A", 1, 0));
    EXPECT_EQ(text_of(made), xml("A", 1, 0));
}

TEST_F(GtestXmlFiles, JsonIsNoted) {
    const GtestXmlPlan made = plan({"./t", "--gtest_output=json:x.json"});
    EXPECT_THAT(made.environment, IsEmpty());
    EXPECT_THAT(made.note, HasSubstr("JSON"));
    EXPECT_EQ(text_of(made), "(none) " + made.note);
    EXPECT_THAT(plan({"./t", "--gtest_output="}).note, HasSubstr("no XML"));
}

TEST_F(GtestXmlFiles, SeveralProgramsAreJoined) {
    const GtestXmlPlan made = plan({"./run_all.sh"});
    write_text(folder_ / "private/a.xml", xml("A", 2, 1));
    write_text(folder_ / "private/b.xml", xml("B", 3, 0));
    write_text(folder_ / "private/crashed.xml", "<?xml version");
    const auto result = collect_gtest_xml(made, self());
    const auto& joined = std::get<GtestXml>(result);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(joined.text.c_str()));
    const pugi::xml_node root = document.child("testsuites");
    EXPECT_EQ(root.attribute("tests").as_int(), 5);
    EXPECT_EQ(root.attribute("failures").as_int(), 1);
    EXPECT_STREQ(root.attribute("time").value(), "0.500");
    EXPECT_EQ(root.find_child_by_attribute("testsuite", "name", "B").attribute("tests").as_int(),
              3);
    EXPECT_EQ(joined.paths.size(), 2u);
    EXPECT_THAT(joined.notes, ElementsAre("crashed.xml is incomplete and left out"));
}

TEST_F(GtestXmlFiles, NothingAtAll) {
    EXPECT_THAT(text_of(plan({"/bin/true"})), HasSubstr("(none) GoogleTest wrote no XML"));
    fs::remove(folder_ / "private");
    EXPECT_THAT(text_of(plan({"/bin/true"})), HasSubstr("(none) GoogleTest wrote no XML"));
}

TEST_F(GtestXmlFiles, APipeOrAFolderInItsPlaceHoldsNothingUp) {
    const GtestXmlPlan made = plan({"./t", "--gtest_output=xml:pipe"});
    ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    EXPECT_THAT(text_of(made), HasSubstr("cannot be read"));
    fs::remove(folder_ / "pipe");
    fs::create_directory(folder_ / "pipe");
    EXPECT_THAT(text_of(made), HasSubstr("cannot be read"));
}

TEST_F(GtestXmlFiles, RootReadsAsTheUser) {
    LEAKCHECK_NEEDS_ROOT();
    const GtestXmlRequest request{
        {"./t", "--gtest_output=xml:secret.xml"}, environment_of({}), folder_, folder_ / "private"};
    const GtestXmlPlan made = plan_gtest_xml(request, as_nobody());
    write_text(folder_ / "secret.xml", xml("A", 1, 0));
    chmod((folder_ / "secret.xml").c_str(), 0600);
    EXPECT_TRUE(std::holds_alternative<NoGtestXml>(collect_gtest_xml(made, as_nobody())));
    EXPECT_TRUE(std::holds_alternative<GtestXml>(collect_gtest_xml(made, self())));
}

// The rules against GoogleTest itself: this program runs itself, with one test.
TEST_F(GtestXmlFiles, WhereGoogleTestReallyWrites) {
    const std::string self_path = fs::read_symlink("/proc/self/exe");
    const auto run = real_doctor_world("", "").run;
    for (const char* output :
         {"", "--gtest_output=xml", "--gtest_output=xml:named.xml", "--gtest_output=xml:dir/",
          "--gtest_output=xml:new/deep/x", "--gtest_output=xml:", "--gtest_flagfile=flags"}) {
        write_text(folder_ / "flags", "--gtest_output=xml:by_flag_file.xml\n");
        std::vector<std::string> command{self_path, "--gtest_filter=Values.OneInN"};
        if (*output != '\0') command.emplace_back(output);
        const GtestXmlPlan made = plan(command);
        std::vector<std::string> in_folder{"env",          "-C", folder_,          "-u",
                                           "GTEST_OUTPUT", "-u", "XML_OUTPUT_FILE"};
        in_folder.insert(in_folder.end(), made.environment.begin(), made.environment.end());
        in_folder.insert(in_folder.end(), command.begin(), command.end());
        ASSERT_EQ(run(in_folder), 0) << output;
        EXPECT_THAT(text_of(made), HasSubstr("<testcase name=\"OneInN\"")) << output;
    }
}

TEST(GtestXmlJoin, WhatIsNotGoogleTestsIsLeftOut) {
    const GtestXml joined = join_gtest_xml({{"bad.xml", "<<<</testsuites>"},
                                            {"other.xml", "<html></html>"},
                                            {"a.xml", xml("A", 1, 0)},
                                            {"b.xml", xml("B", 1, 1)}});
    EXPECT_EQ(joined.notes.size(), 2u);
    EXPECT_THAT(joined.paths, ElementsAre(fs::path("a.xml"), fs::path("b.xml")));
    EXPECT_THAT(joined.text, HasSubstr("tests=\"2\""));
}

TEST(GtestXmlJoin, ContentIsKept) {
    const std::string body =
        "<testsuites tests=\"1\"><testsuite name=\"x\"><testcase><failure><![CDATA[a < b\n  c]]>"
        "</failure></testcase></testsuite></testsuites>";
    const GtestXml joined = join_gtest_xml({{"a.xml", body}, {"b.xml", body}});
    const std::string kept = "<failure><![CDATA[a < b\n  c]]></failure>";
    const std::size_t first = joined.text.find(kept);
    ASSERT_NE(first, std::string::npos);
    EXPECT_NE(joined.text.find(kept, first + 1), std::string::npos);
}

}  // namespace
}  // namespace leakcheck
