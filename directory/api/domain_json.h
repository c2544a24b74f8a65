// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/mx_sightings.h"
#include "directory/store/records.h"

#include <boost/json/object.hpp>

namespace directory {

/// What MX a domain has, as the API shows it.
[[nodiscard]] boost::json::object mx_to_json(const MxSighting& sighting);

/// An imported domain, as the API shows it, with what is known of its MX.
[[nodiscard]] boost::json::object domain_to_json(const ImportedDomain& domain,
                                                 const MxSighting& sighting);

}  // namespace directory
