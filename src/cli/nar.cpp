// SPDX-License-Identifier: BSL-1.0
#include "cli/nar.hpp"

namespace reseal::cli {

Command add_nar(Command app, NarArguments& a) {
    Command command = app.command("nar", "Write, unpack and list Nix archives");
    a.dump = add_nar_dump(command, a);
    a.restore = add_nar_restore(command, a);
    a.ls = add_nar_ls(command, a);
    return command;
}

void complete_nar(NarArguments& a, const Words& words) {
    // dump PATH, restore DEST [IN], ls [IN]
    std::vector<std::string*> operands;
    if (!a.ls.asked()) operands.push_back(&a.path);
    if (!a.dump.asked()) operands.push_back(&a.in);
    const char* first = a.dump.asked() ? "PATH" : a.restore.asked() ? "DEST" : "IN";
    const char* last = a.dump.asked() ? "PATH" : "IN";
    if (words.operands.size() > operands.size())
        throw UsageError(std::string(last) + ": one, not also " + words.operands[operands.size()]);
    if (words.operands.empty() && !a.ls.asked()) throw UsageError(std::string(first) + ": is needed");
    for (std::size_t i = 0; i < words.operands.size(); ++i) {
        if (words.operands[i].empty()) throw UsageError(std::string(i == 0 ? first : last) + ": an empty name");
        *operands[i] = words.operands[i];
    }
    if (a.out.empty()) throw UsageError("-o: an empty name");
    if (a.long_lines && a.json) throw UsageError("--json: tells all that -l does");
}

ExitStatus run_nar(const NarArguments& a) {
    if (a.dump.asked()) return run_nar_dump(a);
    return a.restore.asked() ? run_nar_restore(a) : run_nar_ls(a);
}

std::string in_archive(const Error& error, const std::string& archive) {
    std::string what = error.what();
    return error.error() == ErrorCode::malformed && archive != "-" ? archive + ": " + what : what;
}

}  // namespace reseal::cli
