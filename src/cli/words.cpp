// SPDX-License-Identifier: BSL-1.0
#include "cli/words.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace reseal::cli {
namespace {

// Options of a command that has commands take no values, so the first word without a dash from `begin` on is a command's name.
std::size_t command_word(const std::vector<std::string>& arguments, std::size_t begin) {
    auto from = arguments.begin() + static_cast<std::ptrdiff_t>(begin);
    auto word = std::find_if(from, arguments.end(), [](const std::string& w) { return !w.starts_with('-'); });
    return static_cast<std::size_t>(word - arguments.begin());
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
    for (const CLI::App* command : commands_of(app))
        if (command->get_name() == name) return command;
    return nullptr;
}

const CLI::Option& find_option(const CLI::App& command, const std::string& name) {
    for (const CLI::Option* option : command.get_options())
        if (option->check_name(name)) return *option;
    throw UsageError(name + ": no such option");
}

// Walks the words once; a cluster of short flags or an option with values takes several steps at a time.
class Splitter {
public:
    Splitter(const CLI::App& command, const std::vector<std::string>& arguments, std::size_t begin)
        : command_(command), arguments_(arguments), next_(begin) {}

    void run(Words& out) {
        while (next_ < arguments_.size()) {
            const std::string& word = arguments_[next_++];
            if (word == "--") {
                out.operands.insert(out.operands.end(), rest(), arguments_.end());
                return;
            }
            if (word.starts_with("--")) long_option(word, out);
            else if (word.size() > 1 && word[0] == '-') short_options(word, out);
            else out.operands.push_back(word);
        }
    }

private:
    std::vector<std::string>::const_iterator rest() const { return arguments_.begin() + static_cast<std::ptrdiff_t>(next_); }

    const std::string& value(const std::string& option, const std::string& missing) {
        if (next_ == arguments_.size()) throw UsageError(option + ": " + missing);
        return arguments_[next_++];
    }

    void long_option(const std::string& word, Words& out) {
        std::size_t equals = word.find('=');
        std::string name = word.substr(0, equals);
        bool takes_value = find_option(command_, name).get_items_expected_max() > 0;
        out.options.push_back(name);
        if (equals != std::string::npos) {
            if (!takes_value) throw UsageError(name + ": takes no value");
            out.options.push_back(word.substr(equals + 1));
        } else if (takes_value) {
            out.options.push_back(value(name, "its value is missing"));
        }
        if (takes_value) out.given.push_back({name, out.options.back()});
    }

    /// `names`: of the two values, "FROM TO".
    Rule pair(const std::string& option, const std::string& names, bool attached) {
        const std::size_t space = names.find(' ');
        const std::string from = names.substr(0, space), to = names.substr(space + 1);
        if (attached) throw UsageError(option + ": " + from + " and " + to + " are arguments of their own, behind a space");
        std::string first = value(option, from + " and " + to + " are missing");
        return {std::move(first), value(option, to + " is missing")};
    }

    void short_options(const std::string& word, Words& out) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            std::string name = {'-', word[i]};
            const CLI::Option& option = find_option(command_, name);
            const int values = option.get_items_expected_max();
            std::string attached = word.substr(i + 1);
            if (values == 2) {
                out.pairs.push_back(pair(name, option.get_type_name(), !attached.empty()));
                return;
            }
            out.options.push_back(name);
            if (values == 0) continue;
            out.options.push_back(attached.empty() ? value(name, "its value is missing") : attached);
            return;
        }
    }

    const CLI::App& command_;
    const std::vector<std::string>& arguments_;
    std::size_t next_;
};

}  // namespace

const CLI::App* asked_command(const CLI::App& app, const std::vector<std::string>& arguments) {
    const CLI::App* asked = &app;
    for (std::size_t at = command_word(arguments, 0); at < arguments.size(); at = command_word(arguments, at + 1)) {
        const CLI::App* command = find_command(*asked, arguments[at]);
        if (command == nullptr) break;
        asked = command;
    }
    return asked == &app ? nullptr : asked;
}

Words split_words(const CLI::App& app, const std::vector<std::string>& arguments) {
    Words out;
    const CLI::App* command = &app;
    std::size_t begin = 0;
    while (!commands_of(*command).empty()) {
        std::size_t at = command_word(arguments, begin);
        for (; begin < at; ++begin) {
            find_option(*command, arguments[begin]);
            out.options.push_back(arguments[begin]);
        }
        if (at == arguments.size()) return out;
        command = find_command(*command, arguments[at]);
        if (command == nullptr) throw UsageError(arguments[at] + ": no such command");
        out.options.push_back(arguments[at]);
        begin = at + 1;
    }
    Splitter(*command, arguments, begin).run(out);
    return out;
}

}  // namespace reseal::cli
