// SPDX-License-Identifier: Apache-2.0
//
// check_document.mjs CI.md ACTION.yml PROGRAM: the examples of docs/ci.md. Inputs and outputs are those of the action. The
// commands for Jenkins and Azure are run, with PROGRAM, which leaks, as build/tests/unit_tests; the reports that the
// examples publish have to be there then.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import YAML from "yaml";

const budgetExceeded = 23; // leakcheck's exit status
const [documentFile, actionFile, program] = process.argv.slice(2);
const text = fs.readFileSync(documentFile, "utf8");
const action = YAML.parse(fs.readFileSync(actionFile, "utf8"));
let failures = 0;

function expect(isAsExpected, what) {
    if (isAsExpected) return;
    console.log(what);
    ++failures;
}

const section = (heading) => text.split(/^## /m).find((part) => part.startsWith(heading));
const example = (heading, language) => new RegExp("^```" + language + "\n(.*?)^```", "ms").exec(section(heading))[1];
const yaml = (heading) => YAML.parse(example(heading, "yaml"), { strict: true });

// Names in the first column of the table with that heading.
function documented(heading) {
    const table = new RegExp(`^\\| ${heading} \\|.*\n\\|[-|]+\n((?:\\|.*\n)+)`, "m").exec(section("GitHub"))[1];
    return table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((name) => name[1]));
}

const same = (left, right) => [...left].sort().join() === [...right].sort().join();
expect(same(documented("input"), Object.keys(action.inputs)), "inputs: the document and the action differ");
expect(same(documented("output"), Object.keys(action.outputs)), "outputs: the document and the action differ");
for (const step of yaml("GitHub").jobs.leaks.steps)
    if (step.uses?.includes("ci/github"))
        for (const name of Object.keys(step.with)) expect(name in action.inputs, `the action has no input ${name}`);
expect(yaml("GitLab").leaks.extends === ".leakcheck", "GitLab: the example does not use the template");

function run(command) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "leakcheck-ci-"));
    fs.mkdirSync(path.join(directory, "build/tests"), { recursive: true });
    fs.symlinkSync(program, path.join(directory, "build/tests/unit_tests"));
    const script = command.replaceAll("$(Build.ArtifactStagingDirectory)", directory);
    const ended = spawnSync("bash", ["-e", "-c", script], { cwd: directory, encoding: "utf8" });
    expect(ended.status === budgetExceeded, `${script}: ended with ${ended.status}\n${ended.stderr}`);
    return directory;
}

const published = (directory, file) => expect(fs.existsSync(path.join(directory, file)), `${file} is published and not there`);

const jenkins = example("Jenkins", "groovy");
const count = (character) => jenkins.split(character).length;
expect(count("{") === count("}") && count("(") === count(")"), "Jenkins: brackets do not match");
const inJenkins = run(/sh '([^']+)'/.exec(jenkins)[1]);
const files = [...jenkins.matchAll(/'(reports\/[^']+)'/g)].map((match) => match[1]);
expect(files.length === 3, "Jenkins: three reports are published");
for (const file of files) published(inJenkins, file);
fs.rmSync(inJenkins, { recursive: true });

const [look, results, artifacts] = yaml("Azure").steps;
const inAzure = run(look.script);
const folder = (value) => value.replaceAll("$(Build.ArtifactStagingDirectory)/", "");
published(inAzure, path.join(folder(results.inputs.searchFolder), results.inputs.testResultsFiles));
published(inAzure, path.join(folder(artifacts.inputs.pathToPublish), "leakcheck.sarif"));
fs.rmSync(inAzure, { recursive: true });

process.exit(failures === 0 ? 0 : 1);
