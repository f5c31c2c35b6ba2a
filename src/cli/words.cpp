// SPDX-License-Identifier: BSL-1.0
#include "cli/words.hpp"

#include <algorithm>

namespace reseal::cli {
namespace {

// Options of `app` itself take no values, so the first word without a dash is the sub-command's name.
std::size_t command_word(const std::vector<std::string>& arguments) {
    auto word = std::find_if(arguments.begin(), arguments.end(), [](const std::string& w) { return !w.starts_with('-'); });
    return static_cast<std::size_t>(word - arguments.begin());
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

    const std::string& value(const std::string& option, const char* missing) {
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
    }

    void short_options(const std::string& word, Words& out) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            std::string name = {'-', word[i]};
            int values = find_option(command_, name).get_items_expected_max();
            std::string attached = word.substr(i + 1);
            if (values == 2) {
                if (!attached.empty()) throw UsageError(name + ": FROM and TO are arguments of their own, behind a space");
                std::string from = value(name, "FROM and TO are missing");
                out.pairs.push_back({from, value(name, "TO is missing")});
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
    std::size_t at = command_word(arguments);
    if (at < arguments.size())
        for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
            if (command->get_name() == arguments[at]) return command;
    return nullptr;
}

Words split_words(const CLI::App& app, const std::vector<std::string>& arguments) {
    Words out;
    std::size_t at = command_word(arguments);
    for (std::size_t i = 0; i < at; ++i) {
        find_option(app, arguments[i]);
        out.options.push_back(arguments[i]);
    }
    if (at == arguments.size()) return out;
    const CLI::App* command = asked_command(app, arguments);
    if (command == nullptr) throw UsageError(arguments[at] + ": no such command");
    out.options.push_back(arguments[at]);
    Splitter(*command, arguments, at + 1).run(out);
    return out;
}

}  // namespace reseal::cli
