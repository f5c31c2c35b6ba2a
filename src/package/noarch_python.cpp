// SPDX-License-Identifier: BSL-1.0
#include "package/noarch_python.hpp"

#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"
#include "package/paths_json.hpp"

namespace reseal::package {
namespace {

// "3.11" of "3.11.4"; empty where it is none.
std::string short_version(std::string_view version) {
    const auto digits = [&](std::size_t from) {
        std::size_t end = from;
        while (end < version.size() && version[end] >= '0' && version[end] <= '9') ++end;
        return end - from;
    };
    const std::size_t major = digits(0);
    if (major == 0 || major > 2 || major >= version.size() || version[major] != '.') return {};
    const std::size_t minor = digits(major + 1);
    if (minor == 0 || minor > 3) return {};
    std::size_t end = major + 1 + minor;
    if (version.substr(end).starts_with('t')) ++end;  // free-threaded
    if (end < version.size() && version[end] != '.') return {};
    if (version.find_first_not_of("0123456789.abrc", end) != version.npos) return {};
    return std::string(version.substr(0, end));
}

}  // namespace

NoarchPython::NoarchPython(std::string_view version, std::string site_packages) : site_packages_(std::move(site_packages)) {
    const std::string number = short_version(version);
    if (number.empty()) {
        std::string what = "'";
        throw Error(ErrorCode::misuse, what.append(printable(version.substr(0, 100))) + "' is no version of Python, like 3.11");
    }
    python_ = "python" + number;
    if (site_packages_.empty()) site_packages_.append("lib/").append(python_).append("/site-packages");
}

std::string NoarchPython::place(std::string_view path) const {
    constexpr std::string_view modules = "site-packages/", scripts = "python-scripts/";
    if (path == "site-packages") return site_packages_;
    if (path == "python-scripts") return "bin";
    if (path.starts_with(modules)) return std::string(site_packages_).append("/").append(path.substr(modules.size()));
    if (path.starts_with(scripts)) return std::string("bin/").append(path.substr(scripts.size()));
    return std::string(path);
}

MadeFile NoarchPython::script(const EntryPoint& point) const {
    const std::string imported = point.function.substr(0, point.function.find('.'));
    MadeFile file;
    file.record.path = "bin/" + point.command;
    file.record.mode = FileMode::text;
    file.record.placeholder = oldest_placeholder;
    std::string& text = file.contents;
    text.append("#!").append(oldest_placeholder).append("/bin/").append(python_).append("\n");
    text.append("# -*- coding: utf-8 -*-\nimport re\nimport sys\n\n");
    text.append("from ").append(point.module).append(" import ").append(imported).append("\n\n");
    text.append("if __name__ == '__main__':\n    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])\n");
    text.append("    sys.exit(").append(point.function).append("())\n");
    return file;
}

}  // namespace reseal::package
