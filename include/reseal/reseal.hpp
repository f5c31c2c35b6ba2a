// SPDX-License-Identifier: BSL-1.0
#pragma once
/// Everything but the Boost.Iostreams filter, which needs Boost: <reseal/filter.hpp>.
#include <reseal/bundle.hpp>
#include <reseal/error.hpp>
#include <reseal/explain.hpp>
#include <reseal/finding.hpp>
#include <reseal/hash_modulo.hpp>
#include <reseal/hash_type.hpp>
#include <reseal/hint.hpp>
#include <reseal/log.hpp>
#include <reseal/nar.hpp>
#include <reseal/options.hpp>
#include <reseal/page_map.hpp>
#include <reseal/place.hpp>
#include <reseal/prefixes.hpp>
#include <reseal/references.hpp>
#include <reseal/registration.hpp>
#include <reseal/relocation.hpp>
#include <reseal/report.hpp>
#include <reseal/rewriter.hpp>
#include <reseal/rules.hpp>
#include <reseal/signature.hpp>
#include <reseal/sink.hpp>
#include <reseal/source.hpp>
#include <reseal/store.hpp>
#include <reseal/verify.hpp>
#include <reseal/version.hpp>
