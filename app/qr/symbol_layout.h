// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>

#include <vector>

#include "app/qr/qr_design.h"

namespace qr {

// The fixed part of ISO/IEC 18004: where what stands in a code. `version` is 1 to 40.
int sideOf(int version);
int versionOf(int side); // 0 = no code has this side

// The modules that hold data, in the order in which their bits are read.
std::vector<QPoint> dataModules(int version);
bool isMasked(int mask, int x, int y);

// Where the 15 bits of the format stand, the highest first: both copies.
std::vector<QPoint> formatModules(int side, bool second);

struct Blocks {
    int count = 0;  // codewords are dealt out over so many
    int checks = 0; // of each
    int bytes = 0;  // of all, checks and all
};
Blocks blocksOf(int version, Correction correction);

} // namespace qr
