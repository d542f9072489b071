// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

// Who comes: browsers of people and programs, with what each of them sends.
namespace demo {

struct Browser {
    const char* agent;
    int weight;
    bool mobile;
    const char* app = "";     // whose own window it is: "instagram", "facebook", "tiktok", "linkedin", "line"
    const char* secChUa = ""; // client hints, where the browser sends them
    const char* platform = "";
};

struct Robot {
    const char* agent; // empty: sends none
    bool head = false; // asks by HEAD
};

std::span<const Browser> browsers();
std::span<const Robot> previews();   // come within seconds of a share
std::span<const Robot> scanners();   // mail gateways: open every link of a newsletter at once
std::span<const Robot> background(); // crawlers, monitors and scripts, at any time

} // namespace demo
