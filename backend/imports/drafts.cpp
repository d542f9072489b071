// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/drafts.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "backend/imports/columns.h"
#include "backend/imports/encoding.h"
#include "backend/imports/table_reader.h"
#include "backend/imports/values.h"
#include "backend/links/ascii.h"
#include "backend/protocol/limits.h"

namespace imports {

namespace {

constexpr std::size_t tagsMax = 1000; // more is an accident of separators; how many a link may have is the pipeline's
constexpr std::size_t progressRows = 1000;

struct Fault {
    std::string code, field;
    std::size_t limit = 0;
};

// One row's way into a draft; the first fault ends it.
class RowTaker {
public:
    RowTaker(const Columns& columns, const Options& options) : m_columns(columns), m_options(options) {}

    std::optional<Fault> take(const Row& row, Draft& draft) const;

private:
    std::string cell(const Row& row, Role role) const { return m_columns.cell(row.cells, role); }
    std::optional<Fault> takePlace(const Row& row, Draft& draft) const;
    std::optional<Fault> takeNumbers(const Row& row, links::Link& link) const;
    std::optional<Fault> takeState(const Row& row, links::Link& link) const;
    void takeTexts(const Row& row, links::Link& link) const;

    const Columns& m_columns;
    const Options& m_options;
};

template <class Number> std::optional<Number> numberFrom(const std::string& text)
{
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional<Number>(number) : std::nullopt;
}

std::optional<Fault> RowTaker::take(const Row& row, Draft& draft) const
{
    if (auto fault = takePlace(row, draft))
        return fault;
    if (row.cellTooLong)
        return Fault{"too_long", "cell", cellBytesMax};
    if (row.tooManyCells || m_columns.overflows(row.cells))
        return Fault{"too_many_cells", "row", row.tooManyCells ? cellsMax : 0};
    links::Link& link = draft.link;
    link.destination = cell(row, Role::Destination);
    if (const std::string code = links::destinationProblem(link.destination); !code.empty())
        return Fault{"destination_" + code, "destination"};
    // Nobody exports a password in clear; made without one, the link would be open to all.
    const std::string password = cell(row, Role::Password);
    if (!password.empty() && links::lowerAscii(password) != "false" && password != "0" &&
        links::lowerAscii(password) != "no")
        return Fault{"password_protected", "password"};
    if (auto fault = takeNumbers(row, link))
        return fault;
    if (auto fault = takeState(row, link))
        return fault;
    takeTexts(row, link);
    return std::nullopt;
}

std::optional<Fault> RowTaker::takePlace(const Row& row, Draft& draft) const
{
    for (const Role role : {Role::CustomUrl, Role::ShortUrl}) {
        const std::string text = cell(row, role);
        if (text.empty() || text == "[]")
            continue;
        const auto url = shortUrlFrom(text);
        if (!url)
            return Fault{"not_a_short_url", "slug"};
        draft.host = url->host;
        draft.link.slug = url->slug;
        break;
    }
    if (std::string host = links::lowerAscii(cell(row, Role::Domain)); !host.empty())
        draft.host = std::move(host);
    if (m_columns.has(Role::Slug)) {
        std::string slug = cell(row, Role::Slug);
        // The plugin writes "/keyword/".
        if (m_columns.format() == Format::Yourls && slug.size() >= 2 && slug.front() == '/' && slug.back() == '/')
            slug = slug.substr(1, slug.size() - 2);
        if (m_columns.format() == Format::Dub && slug == "_root") // its word for the domain's own page
            slug.clear();
        if (!slug.empty() || !m_columns.has(Role::ShortUrl))
            draft.link.slug = std::move(slug);
    }
    draft.generateSlug =
        !m_columns.has(Role::Slug) && !m_columns.has(Role::ShortUrl) && !m_columns.has(Role::CustomUrl);
    if (draft.host.empty())
        draft.host = m_options.domain;
    if (draft.host.empty())
        return Fault{"missing", "domain"};
    if (const std::string code = links::hostProblem(draft.host); !code.empty())
        return Fault{"host_" + code, "domain"};
    if (const std::string code = links::slugProblem(draft.link.slug); !code.empty())
        return Fault{"slug_" + code, "slug", code == "too_long" ? protocol::limits::slugBytes : 0};
    return std::nullopt;
}

std::optional<Fault> RowTaker::takeNumbers(const Row& row, links::Link& link) const
{
    if (const std::string text = cell(row, Role::Status); !text.empty()) {
        const auto status = numberFrom<std::uint16_t>(text);
        if (!status || (*status != 301 && *status != 302 && *status != 307 && *status != 308))
            return Fault{"status_not_redirect", "status"};
        link.status = *status;
    }
    if (const std::string text = cell(row, Role::ExpiresAt); !text.empty()) {
        const auto time = timeFrom(text);
        if (!time)
            return Fault{"not_a_time", "expiresAt"};
        link.expiresAt = *time;
    }
    if (const std::string text = cell(row, Role::ClickLimit); !text.empty()) {
        const auto limit = numberFrom<std::uint64_t>(text);
        if (!limit)
            return Fault{"not_a_number", "clickLimit"};
        link.clickLimit = *limit;
    }
    return std::nullopt;
}

std::optional<Fault> RowTaker::takeState(const Row& row, links::Link& link) const
{
    const std::string state = links::lowerAscii(cell(row, Role::State));
    if (state == "deleted")
        return Fault{"deleted", "state"};
    if (state == "paused")
        link.state = links::LinkState::Paused;
    else if (state == "expired")
        link.state = links::LinkState::Expired;
    else if (!state.empty() && state != "active")
        return Fault{"unknown_word", "state"};
    return std::nullopt;
}

void RowTaker::takeTexts(const Row& row, links::Link& link) const
{
    const std::pair<Role, std::string*> texts[] = {
        {Role::Campaign, &link.campaign},
        {Role::Goal, &link.goal},
        {Role::Owner, &link.owner},
        {Role::Fallback, &link.fallback},
        {Role::IosApp, &link.iosApp},
        {Role::AndroidApp, &link.androidApp},
        {Role::UtmSource, &link.utm.source},
        {Role::UtmMedium, &link.utm.medium},
        {Role::UtmCampaign, &link.utm.campaign},
        {Role::UtmTerm, &link.utm.term},
        {Role::UtmContent, &link.utm.content},
    };
    for (const auto& [role, text] : texts)
        *text = cell(row, role);
    link.tags = tagsFrom(cell(row, Role::Tags));
    link.tags.resize(std::min(link.tags.size(), tagsMax));
    // An archived link goes on redirecting with these tools, so it is not paused: codes of it hang on walls.
    if (isYes(cell(row, Role::Archived)) &&
        std::find(link.tags.begin(), link.tags.end(), "archived") == link.tags.end())
        link.tags.emplace_back("archived");
    link.notes = cell(row, Role::Title);
    const auto add = [&link](const std::string& line) {
        if (!line.empty())
            link.notes += (link.notes.empty() ? "" : "\n") + line;
    };
    add(cell(row, Role::Notes));
    if (const std::string clicks = cell(row, Role::Clicks); m_options.keepClicks && !clicks.empty())
        add("clicks before the import: " + clicks);
}

// What a file must have; nothing where it has.
std::optional<Problem> headerProblem(const Columns& columns, const Options& options)
{
    const auto missing = [](const char* field) { return Problem{1, "missing_column", field}; };
    if (!columns.has(Role::Destination))
        return missing("destination");
    const bool placed = columns.has(Role::Domain) || columns.has(Role::ShortUrl) || columns.has(Role::CustomUrl);
    if (!placed && options.domain.empty())
        return missing("domain");
    return std::nullopt;
}

Drafts broken(Drafts drafts, Problem problem)
{
    drafts.drafts.clear();
    drafts.refused.clear();
    drafts.passedOver.clear();
    drafts.broken = std::move(problem);
    return drafts;
}

Drafts readRows(RowSource& source, std::size_t bytes, const Options& options, const Progress& progress)
{
    Drafts drafts;
    drafts.format = options.format.value_or(Format::Csv);
    Row row;
    std::size_t number = 0;
    std::optional<Columns> columns;
    while (source.next(row)) {
        ++number;
        if (row.blank())
            continue;
        if (!columns) {
            columns = Columns::of(row.cells, options.format);
            drafts.format = columns->format();
            if (auto problem = headerProblem(*columns, options))
                return broken(std::move(drafts), *problem);
            continue;
        }
        if (++drafts.rows > rowsMax)
            return broken(std::move(drafts), {number, "too_many_rows", "file", rowsMax});
        if (progress && drafts.rows % progressRows == 0 && !progress(source.bytesRead(), bytes))
            return broken(std::move(drafts), {number, "cancelled", "file"});
        Draft draft;
        draft.row = number;
        if (auto fault = RowTaker(*columns, options).take(row, draft)) {
            auto& list = fault->code == "deleted" ? drafts.passedOver : drafts.refused;
            list.push_back({{number, fault->code, fault->field, fault->limit}, draft.host, draft.link.slug});
        } else {
            drafts.drafts.push_back(std::move(draft));
        }
    }
    if (!source.broken().empty())
        return broken(std::move(drafts), {number + 1, std::string(source.broken()), "file"});
    if (!columns)
        return broken(std::move(drafts), {0, "empty", "file"});
    return drafts;
}

} // namespace

std::string_view word(Format format)
{
    constexpr std::string_view words[] = {"csv", "bitly", "shlink", "yourls", "dub"};
    return words[static_cast<std::size_t>(format)];
}

std::optional<Format> formatFrom(std::string_view text)
{
    for (const Format format : {Format::Csv, Format::Bitly, Format::Shlink, Format::Yourls, Format::Dub})
        if (word(format) == text)
            return format;
    return std::nullopt;
}

Drafts readDrafts(std::string_view file, const Options& options, const Progress& progress)
{
    Drafts none;
    none.format = options.format.value_or(Format::Csv);
    if (file.size() > fileBytesMax)
        return broken(std::move(none), {0, "too_large", "file", fileBytesMax});
    const auto text = textOf(file);
    if (!text)
        return broken(std::move(none), {0, "not_text", "file"});
    std::unique_ptr<RowSource> source;
    Options told = options;
    if ((!options.format || *options.format == Format::Yourls) && DumpReader::isDump(*text)) {
        source = std::make_unique<DumpReader>(*text);
        told.format = Format::Yourls;
    } else {
        source = std::make_unique<TableReader>(*text);
    }
    return readRows(*source, text->size(), told, progress);
}

} // namespace imports
