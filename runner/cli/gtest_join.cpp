// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <pugixml.hpp>
#include <sstream>

#include "runner/cli/gtest_xml.hpp"

namespace leakcheck {
namespace {

void add_counts(pugi::xml_node total, pugi::xml_node part) {
    for (const char* name : {"tests", "failures", "disabled", "skipped", "errors"}) {
        const pugi::xml_attribute more = part.attribute(name);
        if (!more) continue;
        pugi::xml_attribute sum = total.attribute(name);
        if (!sum) sum = total.append_attribute(name);
        sum.set_value(sum.as_ullong() + more.as_ullong());
    }
    pugi::xml_attribute time = total.attribute("time");
    if (!time) time = total.append_attribute("time");
    time.set_value(
        fmt::format("{:.3f}", time.as_double() + part.attribute("time").as_double()).c_str());
}

void add_suites(pugi::xml_node total, pugi::xml_node part) {
    for (const pugi::xml_node suite : part.children()) total.append_copy(suite);
    add_counts(total, part);
}

std::string text_of(const pugi::xml_document& document) {
    std::ostringstream text;
    document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
    return text.str();
}

}  // namespace

GtestXml join_gtest_xml(const std::vector<std::pair<std::filesystem::path, std::string>>& files) {
    GtestXml joined;
    pugi::xml_document total;
    for (const auto& [path, text] : files) {
        pugi::xml_document part;
        const bool is_xml =
            part.load_buffer(text.data(), text.size(), pugi::parse_full | pugi::parse_ws_pcdata);
        if (!is_xml || !part.child("testsuites")) {
            joined.notes.push_back(
                fmt::format("{} is not GoogleTest's XML and left out", path.filename().string()));
            continue;
        }
        joined.paths.push_back(path);
        if (total.document_element()) {
            add_suites(total.child("testsuites"), part.child("testsuites"));
        } else {
            total.reset(part);
        }
    }
    joined.text = text_of(total);
    return joined;
}

}  // namespace leakcheck
