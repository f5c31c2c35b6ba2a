// SPDX-License-Identifier: BSL-1.0
#include "package/unpacking.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "package/archive_format.hpp"
#include "package/bottle.hpp"
#include "package/conda_archive.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {
namespace {

/// `name-version-build.tar.bz2`, as packages of conda were called before there was `.conda`.
bool is_called_package(std::string_view name) {
    name.remove_prefix(name.rfind('/') + 1);
    return name.ends_with(".tar.bz2") && std::count(name.begin(), name.end(), '-') >= 2;
}

bool is_info(const std::string& path) { return path == "info" || path.starts_with("info/"); }

/// Where a path of info/ is kept: below `aside`.
std::string moved_info(const std::string& path, const std::string& aside) {
    return path == "info" ? aside : aside + path.substr(path.find('/'));
}

}  // namespace

Unpacking::Unpacking(const UnpackSettings& settings, const Foresight& known, bool several)
    : settings_(settings),
      known_(known),
      several_(several),
      staging_(settings.destination, settings.merge),
      prefix_(normal_prefix(settings.prefix.empty() ? staging_.destination() : settings.prefix)),
      place_(prefix_),
      root_(prefix_),
      meter_(settings.limits),
      mover_(staging_, settings.file, settings.mtime, settings.platform_given),
      laid_(
          staging_, settings.jobs, [this](const FileTask& task, Crew::Contents& contents) { mover_(task, contents); },
          settings.advance),
      pairs_(settings.pairs),
      python_(settings.python.empty() ? known.python : settings.python),
      site_packages_(known.site_packages) {
    if (!python_.empty()) NoarchPython{python_};  // says so if it is none
    for (PrefixPair& each : pairs_)
        if (each.to.empty()) each.to = prefix_;
    if (!pairs_.empty()) asked_ = Prefixes(pairs_, settings.padding);
}

void Unpacking::add(const std::string& archive) {
    laid_.wait();
    ++archives_;
    Input input(archive, meter_, settings_.stop);
    if (std::find(names_.begin(), names_.end(), input.name()) == names_.end()) names_.push_back(input.name());
    if (detect_format(input.head(), input.name()) == ArchiveFormat::zip) {
        input.make_seekable();
        CondaArchive conda(input, settings_.limits, meter_);
        if (conda.is_one()) return add_conda(conda, input.name());
        ArchiveReader zip(input, meter_);
        return add_plain(zip);
    }
    Expanded expanded(input, meter_, input.name());
    ArchiveReader tar(expanded, meter_, input.name(), &input);
    add_plain(tar);
}

std::string Unpacking::aside() const { return std::string(aside_mark) + std::to_string(archives_); }

/// Whether its info/ is kept apart until that is known. Of several archives each has one, if they are packages.
bool Unpacking::may_be_package(const std::string& archive) const {
    if (known_.no_packages.contains(archive)) return false;
    return is_called_package(archive) || known_.packages.contains(archive) ||
           (several_ && asked_.empty() && !is_called_bottle(archive));
}

/// The info/ of a package that was not taken for one would meet that of the next.
void Unpacking::must_not_meet(const std::string& info, const std::string& archive) const {
    if (!several_ || info != "info" || archive == standard_input || known_.no_packages.contains(archive)) return;
    if (!holds_package(info)) return;
    Foresight more = known_;
    more.packages.insert(archive);
    throw Again{std::move(more)};
}

/// What a package says in front of its files is known when they come, if all of it that counts is there.
bool Unpacking::expect_early(const std::string& info, const std::string& archive, const std::optional<FileOrder>& rest) {
    for (const char* each : {"/index.json", "/paths.json", "/about.json"})
        if (laid_.names().find(info + each) != EntryType::file) return false;
    laid_.wait();
    const Installed installed = read_package(info, archive);
    if (installed.package.index.noarch == Noarch::python && !installed.python) return false;
    mover_.expect(orders_of(installed), rest, settings_.wanted);
    return true;
}

/// Its metadata, whatever it is, may come late: then files are laid down as they are.
void Unpacking::add_plain(ArchiveReader& archive) {
    const std::string& name = archive.name();
    const bool package = may_be_package(name);
    std::optional<FileOrder> rest;
    if ((!asked_.empty() && !known_.raw) || package) rest = FileOrder{.prefixes = asked_, .sha256_after = package};
    if (package) rest->prefixes = {};
    mover_.expect({}, rest, settings_.wanted);
    const std::string info = package ? aside() : "info";
    // Whose paths are of a noarch package is not known yet, but no other has such names.
    std::optional<NoarchPython> python;
    if (package && !python_.empty()) python.emplace(python_, site_packages_);
    bool begun = false, early = false;
    laid_.add(archive, [&](const std::string& path) {
        if (is_info(path)) return package ? moved_info(path, info) : path;
        if (!path.empty() && !std::exchange(begun, true)) {
            must_not_meet(info, name);
            early = expect_early(info, name, rest);
        }
        return python ? python->place(path) : path;
    });
    must_not_meet(info, name);
    arrived_.push_back({name, info, python.has_value(), early});
}

void Unpacking::add_conda(CondaArchive& archive, const std::string& name) {
    const std::string info = aside();
    mover_.expect({}, {});
    archive.metadata([&](ArchiveReader& tar) {
        laid_.add(tar, [&](const std::string& path) {
            if (!is_info(path) && !path.empty())
                throw Error(ErrorCode::malformed, "metadata outside info/ is refused", entry_name(tar.name(), path));
            return path.empty() ? path : moved_info(path, info);
        });
    });
    laid_.wait();
    Installed installed = read_package(info, name);
    if (installed.package.index.noarch == Noarch::python && !installed.python) {
        waiting_.push_back(name);
        return laid_.forget(info);
    }
    const FileOrders orders = orders_of(installed);
    mover_.expect(orders, {});
    FactsBeside facts(name, settings_.stop);
    archive.payload(
        [&](ArchiveReader& tar) { laid_.add(tar, [&](const std::string& path) { return installed.place(path); }); });
    laid_.wait();
    check_hard_links(installed, orders);
    installed.facts = facts.get();
    install(std::move(installed));
    laid_.forget(info);
}

}  // namespace reseal::package
