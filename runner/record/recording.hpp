// SPDX-License-Identifier: Apache-2.0
//
// A run in a file: all that the analysis needs to make the report again, on another machine and
// without the program, its debug information or a kernel that can trace (--record FILE, `leakcheck
// replay FILE`).
//
// The file is JSON: {"format": "leakcheck recording", "version": 1, "snapshot", "facts", "symbols",
// "test_definitions"}, with the members of the records in analysis/snapshot.hpp,
// analysis/report.hpp and analysis/analysis.hpp under their own names, and in their units.
// Enumerators are words, ids are numbers. A text that is not UTF-8 is written as {"bytes": "<hex
// digits>"}, so that nothing changes on the way. The version rises with every change of the
// records; only files of the same version are read.
//
// Errors: reading throws RecordingError, which says what is wrong and where
// ("snapshot.processes[3].pid:
// ..."); nothing is guessed, unknown members are refused. A failing output stream is left in its
// failed state. Thread safety: free functions without state.
#pragma once

#include <istream>
#include <map>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "analysis/analysis.hpp"

namespace leakcheck {

class RecordingError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct Recording {
    Snapshot snapshot;
    RunFacts facts;
    std::map<StackId, std::vector<Frame>> symbols;  // stacks that are not in it have no frames
    std::map<std::pair<std::string, std::string>, SourceLocation>
        test_definitions;  // by suite, test

    bool operator==(const Recording&) const = default;
};

// Asks once for every stack that live blocks, and what keeps them, have, and for every test.
Recording make_recording(const Snapshot& snapshot, const RunFacts& facts,
                         const SymbolizeFn& symbolize, const TestDefinitionFn& test_definition);

void write_recording(const Recording& recording, std::ostream& out);

Recording read_recording(std::istream& in);

// What was asked for when the recording was made. They refer to it.
SymbolizeFn recorded_symbols(const Recording& recording);
TestDefinitionFn recorded_definitions(const Recording& recording);

// The report of the recorded run, under these options rather than those of the run.
Report replay(const Recording& recording, const AnalysisOptions& options);

}  // namespace leakcheck
