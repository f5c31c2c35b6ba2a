// SPDX-License-Identifier: BSL-1.0
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>

namespace reseal::cli {
namespace {

// What stands in the place of an operand's type, for the Formatter.
constexpr const char* once = "!";
constexpr const char* repeated = "...";

class Formatter final : public CLI::Formatter {
public:
    std::string make_option_opts(const CLI::Option* option) const override {
        return option->get_type_name() == once ? std::string() : CLI::Formatter::make_option_opts(option);
    }
    std::string make_option_usage(const CLI::Option* option) const override {
        if (option->get_type_name() == once) return option->get_name(true);
        return option->get_type_name() == repeated ? option->get_name(true) + "..." : CLI::Formatter::make_option_usage(option);
    }
};

// Declared for the help text; split_words() keeps its value from CLI11.
const CLI::callback_t not_seen = [](const CLI::results_t&) { return true; };

/// In our words what CLI11 says in its own.
std::string parse_sentence(const CLI::ParseError& error) {
    const std::string what = error.what();
    if (what == "A subcommand is required") return "a command is missing";
    const std::size_t colon = what.find(": At Most 1 required");
    return colon == what.npos ? what : what.substr(0, colon) + ": given twice";
}

}  // namespace

Command Command::command(const std::string& name, const std::string& help) {
    CLI::App* added = app_->add_subcommand(name, help);
    app_->require_subcommand(1);
    return Command(*added);
}

void Command::flag(const std::string& names, bool& value, const std::string& help) { app_->add_flag(names, value, help); }

void Command::option(const std::string& name, const std::string& type, std::string& value, const std::string& help) {
    app_->add_option(name, value, help)->type_name(type);
}

void Command::option(const std::string& name, const std::string& type, std::optional<std::string>& value,
                     const std::string& help) {
    app_->add_option(name, value, help)->type_name(type);
}

void Command::option(const std::string& name, const std::string& type, std::vector<std::string>& value,
                     const std::string& help) {
    app_->add_option(name, value, help)->type_name(type)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Command::hidden_option(const std::string& name, std::string& value) { app_->add_option(name, value)->group(""); }

void Command::required_option(const std::string& name, const std::string& type, std::string& value, const std::string& help) {
    app_->add_option(name, value, help)->type_name(type)->required();
}

void Command::number(const std::string& name, unsigned& value, unsigned least, unsigned most, const std::string& help) {
    app_->add_option(name, value, help)->type_name("N")->check(CLI::Range(least, most).description(""));
}

void Command::choice(const std::string& name, std::span<const char* const> words, std::function<void(std::size_t)> set,
                     const std::string& help) {
    const std::vector<std::string> known(words.begin(), words.end());
    const CLI::callback_t take = [known, set = std::move(set)](const CLI::results_t& given) {
        const auto word = std::find(known.begin(), known.end(), given.back());
        if (word != known.end()) set(static_cast<std::size_t>(word - known.begin()));
        return true;
    };
    app_->add_option(name, take, help)->type_name(CLI::detail::join(known, "|"))->check(CLI::IsMember(known).description(""));
}

void Command::pair(const std::string& name, const std::string& types, const std::string& help) {
    app_->add_option(name, not_seen, help)->type_name(types)->type_size(2);
}

void Command::operand(const std::string& name, const std::string& help, Operand often) {
    const char* type = often == Operand::once ? once : often == Operand::repeated ? repeated : "";
    app_->add_option(name, not_seen, help)->type_name(type);
}

void Command::footer(const std::string& text) { app_->footer(text); }

bool Command::asked() const { return app_->parsed(); }

bool Command::given(const std::string& option) const { return app_->count(option) > 0; }

CommandLine::CommandLine(const std::string& name, const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description, name)) {
    app_->set_version_flag("--version", name + " " + version);
    app_->formatter(std::make_shared<Formatter>());
    app_->get_formatter()->column_width(34);
}

CommandLine::~CommandLine() = default;

Parsed CommandLine::parse(const std::vector<std::string>& arguments) {
    Words words = split_words(*app_, arguments);
    try {
        app_->parse(std::vector<std::string>(words.options.rbegin(), words.options.rend()));
        return {std::move(words), {}};
    } catch (const CLI::CallForVersion& version) {
        return {{}, std::string(version.what()) + "\n"};
    } catch (const CLI::CallForHelp&) {
        return {{}, app_->help()};
    } catch (const CLI::ParseError& error) {
        throw UsageError(parse_sentence(error));
    }
}

std::string CommandLine::asked_name(const std::vector<std::string>& arguments) const {
    std::string name;
    for (const CLI::App* asked = asked_command(*app_, arguments); asked != nullptr && asked != app_.get();
         asked = asked->get_parent())
        name.insert(0, asked->get_name()).insert(0, " ");
    return app_->get_name() + name;
}

}  // namespace reseal::cli
