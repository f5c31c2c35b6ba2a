// SPDX-License-Identifier: BSL-1.0
#pragma once
// The options and operands of the commands: their names, their help and where their values go. CLI11 stays behind this:
// to compile its header takes longer than any of our files, and more so when optimized.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/words.hpp"

namespace CLI {
class App;
}

namespace reseal::cli {

/// How often an operand comes.
enum class Operand { once, at_most_once, repeated };

/// A command or sub-command, by reference: what is declared goes into the CommandLine it is of. A value is left as it is where
/// its option is not given, and must outlive the command line.
class Command {
public:
    Command() = default;
    explicit Command(CLI::App& app) : app_(&app) {}

    /// A sub-command, one of which has to be given from then on.
    Command command(const std::string& name, const std::string& help);

    void flag(const std::string& names, bool& value, const std::string& help);
    /// `type` stands for the value in the help.
    void option(const std::string& name, const std::string& type, std::string& value, const std::string& help);
    void option(const std::string& name, const std::string& type, std::optional<std::string>& value, const std::string& help);
    /// May be given again, a value each time.
    void option(const std::string& name, const std::string& type, std::vector<std::string>& value, const std::string& help);
    /// One that the help does not tell: for the program itself.
    void hidden_option(const std::string& name, std::string& value);
    void required_option(const std::string& name, const std::string& type, std::string& value, const std::string& help);
    void number(const std::string& name, unsigned& value, unsigned least, unsigned most, const std::string& help);
    /// `set` gets the index of the word.
    void choice(const std::string& name, std::span<const char* const> words, std::function<void(std::size_t)> set,
                const std::string& help);
    /// Takes two words, which arrive in Words::pairs; `types` names them: "FROM TO".
    void pair(const std::string& name, const std::string& types, const std::string& help);
    /// For the help: operands arrive in Words::operands.
    void operand(const std::string& name, const std::string& help, Operand often);
    void footer(const std::string& text);

    /// Once the command line has been parsed: whether it asks for this command, and whether it has the option.
    bool asked() const;
    bool given(const std::string& option) const;

    CLI::App& app() const { return *app_; }

private:
    CLI::App* app_ = nullptr;
};

/// All that the program takes. Only one of `words` and `text` says something.
struct Parsed {
    Words words;
    std::string text;  ///< what --help or --version prints instead of anything else
};

class CommandLine {
public:
    CommandLine(const std::string& name, const std::string& description, const std::string& version);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    Command program() { return Command(*app_); }
    /// Sets the values. Throws UsageError.
    Parsed parse(const std::vector<std::string>& arguments);
    /// The program's name and those of the commands that stand in `arguments`: whose help tells more.
    std::string asked_name(const std::vector<std::string>& arguments) const;

private:
    std::unique_ptr<CLI::App> app_;
};

}  // namespace reseal::cli
