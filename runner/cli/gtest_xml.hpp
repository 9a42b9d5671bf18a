// SPDX-License-Identifier: Apache-2.0
//
// The XML that GoogleTest writes about the run, for the JUnit report to be merged into. The user's
// own choice of output is never changed: where there is one, the file is read from there after the
// run; else GTEST_OUTPUT sends it to a private directory. A file from before the run, or one cut
// short by a crash, is not taken. Files are looked at with the identity's credentials, and only
// ordinary ones are read.
//
// Thread safety: free functions without state. Errors: no XML is an outcome like any other, with a
// reason.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "runner/cli/environment.hpp"
#include "runner/cli/identity.hpp"

namespace leakcheck {

// Tells a file from a later one of the same name. Times in nanoseconds since the epoch.
struct FileStamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const FileStamp&) const = default;
};

struct GtestXmlRequest {
    std::vector<std::string> command;
    Environment environment;                  // of the command
    std::filesystem::path working_directory;  // of the command; absolute
    std::filesystem::path private_directory;  // empty, absolute, writable by the command
};

// Made before the run, used after it.
struct GtestXmlPlan {
    enum class Place { none, file, shared_directory, private_directory };

    std::vector<std::string> environment;  // "NAME=value" to set for the command
    std::string note;  // one line for the user; empty if there is nothing to say
    Place place = Place::none;
    std::filesystem::path path;                         // of the file or directory
    std::string program;                                // how GoogleTest names files in a directory
    std::map<std::filesystem::path, FileStamp> before;  // what was there before the run
};

GtestXmlPlan plan_gtest_xml(const GtestXmlRequest& request, const Identity& identity);

struct GtestXml {
    std::string text;  // of several programs: one document with all their suites
    std::vector<std::filesystem::path> paths;
    std::vector<std::string> notes;  // files left out, one line each
};

struct NoGtestXml {
    std::string reason;  // one line
};

std::variant<GtestXml, NoGtestXml> collect_gtest_xml(const GtestXmlPlan& plan,
                                                     const Identity& identity);

// One document with the suites of all, totals added up. Texts that are not XML are left out, and
// noted. Exposed for its test. `files` holds at least one.
GtestXml join_gtest_xml(const std::vector<std::pair<std::filesystem::path, std::string>>& files);

}  // namespace leakcheck
