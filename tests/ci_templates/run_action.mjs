// SPDX-License-Identifier: Apache-2.0
//
// run_action.mjs ACTION.yml DIRECTORY [INPUT=VALUE]...: runs a composite action as GitHub's runner does, as far as ours needs
// it: inputs and their defaults, conditions, environment files, `shell: bash`. Steps that use other actions are not run but
// noted. Writes DIRECTORY/result.json: {outcome, outputs{}, used[{uses, with}], summary, log}. Exit status: 0 unless the
// action itself is not as the runner wants it.
//
// Rules of the runner: docs.github.com, "Workflow commands", "Metadata syntax", "Expressions".
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import YAML from "yaml";

const [actionFile, directory, ...given] = process.argv.slice(2);
const action = YAML.parse(fs.readFileSync(actionFile, "utf8"), { strict: true });
const file = (name) => path.join(directory, name);

function inputsOf(pairs) {
    const chosen = Object.fromEntries(pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
    for (const name of Object.keys(chosen)) if (!(name in action.inputs)) throw new Error(`unknown input ${name}`);
    for (const [name, input] of Object.entries(action.inputs)) {
        if (input.required && !(name in chosen)) throw new Error(`input ${name} is required`);
        chosen[name] ??= input.default ?? "";
        if (typeof chosen[name] !== "string") throw new Error(`default of ${name} is no string`);
    }
    return chosen;
}

const context = { inputs: inputsOf(given), steps: {}, github: { event: {} } };
let failed = false;

// One term: a property, a string, true, false; missing properties are null, as in the runner.
function term(text) {
    const trimmed = text.trim();
    const string = /^'((?:[^']|'')*)'$/.exec(trimmed);
    if (string) return string[1].replaceAll("''", "'");
    if (trimmed === "true" || trimmed === "false") return trimmed === "true";
    if (!/^[a-z]+(\.[\w-]+)+$/i.test(trimmed)) throw new Error(`not understood: ${trimmed}`);
    return trimmed.split(".").reduce((value, key) => value?.[key] ?? null, context);
}

function condition(text) {
    return text.split("&&").every((part) => {
        if (part.trim() === "always()") return true;
        const compared = /^(.*?)(==|!=)(.*)$/.exec(part);
        if (!compared) throw new Error(`not understood: ${part}`);
        // null equals the empty string: both are 0 as numbers.
        const [left, right] = [term(compared[1]) ?? "", term(compared[3]) ?? ""];
        return (left === right) === (compared[2] === "==");
    });
}

const expression = /\$\{\{(.*?)\}\}/g;
const expand = (text) => String(text).replace(expression, (_, inside) => term(inside) ?? "");

function runsNow(step) {
    if (step.if === undefined) return !failed;
    const text = step.if.replace(expression, "$1");
    return (text.includes("always()") || !failed) && condition(text);
}

// name=value, or name<<DELIMITER, lines, DELIMITER.
function parseOutputs(text) {
    const outputs = {};
    const lines = text.split("\n");
    while (lines.length > 0) {
        const line = lines.shift();
        if (line === "") continue;
        const heredoc = /^([^=<]+)<<(.+)$/.exec(line);
        if (!heredoc) {
            const plain = /^([^=]+)=(.*)$/.exec(line);
            if (!plain) throw new Error(`GITHUB_OUTPUT: invalid line: ${line}`);
            outputs[plain[1]] = plain[2];
            continue;
        }
        const end = lines.indexOf(heredoc[2]);
        if (end < 0) throw new Error(`GITHUB_OUTPUT: matching delimiter not found: ${heredoc[2]}`);
        outputs[heredoc[1]] = lines.splice(0, end + 1).slice(0, -1).join("\n");
    }
    return outputs;
}

let log = "";
const addedToPath = [];

function runScript(step, number) {
    if (step.shell !== "bash") throw new Error(`step ${number}: "shell: bash" is missing`);
    if (expression.test(step.run)) throw new Error(`step ${number}: an expression in "run" can be used to inject commands`);
    const script = file(`step-${number}.sh`);
    const output = file(`output-${number}`);
    const pathFile = file(`path-${number}`);
    fs.writeFileSync(script, step.run);
    fs.writeFileSync(output, "");
    fs.writeFileSync(pathFile, "");
    const env = {
        ...process.env,
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)])),
        PATH: [...addedToPath, process.env.PATH].join(":"),
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION_PATH: path.dirname(path.resolve(actionFile)),
        GITHUB_OUTPUT: output,
        GITHUB_PATH: pathFile,
        GITHUB_STEP_SUMMARY: file("summary"),
        GITHUB_WORKSPACE: file("workspace"),
        RUNNER_TEMP: file("temp"),
    };
    const cwd = path.resolve(file("workspace"), expand(step["working-directory"] ?? "."));
    const ended = spawnSync("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", script], { cwd, env, encoding: "utf8" });
    log += ended.stdout + ended.stderr;
    addedToPath.unshift(...fs.readFileSync(pathFile, "utf8").split("\n").filter(Boolean));
    if (step.id) context.steps[step.id] = { outputs: parseOutputs(fs.readFileSync(output, "utf8")) };
    if (ended.status !== 0) failed = true;
    return ended.status;
}

fs.rmSync(directory, { recursive: true, force: true });
for (const name of ["workspace", "temp"]) fs.mkdirSync(file(name), { recursive: true });
fs.writeFileSync(file("summary"), "");

if (action.runs.using !== "composite") throw new Error("not a composite action");
const used = [];
let status = 0;
action.runs.steps.forEach((step, number) => {
    if (!runsNow(step)) return;
    if (step.uses) {
        if (!/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(step.uses)) throw new Error(`not pinned by commit: ${step.uses}`);
        used.push({ uses: step.uses, with: Object.fromEntries(Object.entries(step.with).map(([k, v]) => [k, expand(v)])) });
    } else {
        status = runScript(step, number) || status;
    }
});
const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, output]) => [name, expand(output.value)]));
const summary = fs.readFileSync(file("summary"), "utf8");
const result = { outcome: failed ? "failure" : "success", status, outputs, used, summary, log };
fs.writeFileSync(file("result.json"), JSON.stringify(result, null, 2));
