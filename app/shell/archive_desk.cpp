// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/archive_desk.h"

namespace shell {

using archive::Archive;
using connection::Connection;
using connection::TokenStore;
using state::LiveState;

namespace {

QString keyName()
{
    return QStringLiteral("archive");
}

} // namespace

ArchiveDesk::ArchiveDesk(Archive& archive, Connection& line, LiveState& state, TokenStore& keys, bool on,
                         QObject* parent)
    : QObject(parent), m_archive(archive), m_line(line), m_state(state), m_keys(keys), m_on(on)
{
    if (!m_on) {
        m_archive.giveUp();
        return;
    }
    wireNews();
    wireKey();
    connect(&m_archive, &Archive::known, &m_state, &LiveState::restore);
    connect(&m_archive, &Archive::hits, this, [this](const state::ColumnsPtr& hits) {
        m_state.restoreHits(hits);
        m_archive.hitsTaken();
    });
    connect(&m_archive, &Archive::ready, this, &ArchiveDesk::ready);
    connect(&m_archive, &Archive::failed, this, &ArchiveDesk::failed);
}

// Direct: the archive's functions may be called from any thread, and post to their own. What the line says goes there
// without the GUI's help.
void ArchiveDesk::wireNews()
{
    constexpr auto direct = Qt::DirectConnection;
    connect(&m_line, &Connection::helloArrived, &m_archive, &Archive::noteHello, direct);
    connect(&m_line, &Connection::subscribed, &m_archive, &Archive::noteSubscribed, direct);
    connect(&m_line, &Connection::frameArrived, &m_archive, &Archive::noteFrame, direct);
    connect(&m_line, &Connection::fetchedArrived, &m_archive, &Archive::noteFetched, direct);
    connect(&m_line, &Connection::gapChanged, &m_archive, &Archive::noteGap, direct);
    connect(&m_line, &Connection::windowArrived, &m_archive, &Archive::noteWindow, direct);
    connect(&m_line, &Connection::watermarkArrived, &m_archive, &Archive::noteWatermark, direct);
    const auto noteEdits = [this] { m_archive.noteEdits({m_state.edits().begin(), m_state.edits().end()}); };
    connect(&m_state, &LiveState::editAdded, this, noteEdits);
    connect(&m_line, &Connection::editsArrived, this, noteEdits);
    connect(&m_state, &LiveState::annotationChanged, this,
            [this](protocol::HitSeq seq) { m_archive.noteAnnotation(seq, m_state.annotation(seq)); });
}

void ArchiveDesk::wireKey()
{
    connect(&m_keys, &TokenStore::loaded, this, [this](const QString&, const QString& kept) {
        const QByteArray key = QByteArray::fromHex(kept.toLatin1());
        if (key.size() == archive::Sealing::keyBytes)
            return openWith(key);
        m_key = archive::Sealing::newKey();
        m_keys.save(keyName(), QString::fromLatin1(m_key.toHex()));
    });
    connect(&m_keys, &TokenStore::saved, this, [this](const QString&, TokenStore::Place place) {
        if (place == TokenStore::Place::File)
            emit keyInFile(m_keys.filePath());
        openWith(m_key);
    });
    connect(&m_keys, &TokenStore::failed, this, [this](const QString&, const QString& detail) {
        emit failed(detail);
        m_archive.giveUp();
        archive::Opened opened;
        opened.address = m_address;
        opened.problem = detail;
        emit ready(opened);
    });
}

void ArchiveDesk::open(const QString& address)
{
    m_address = address;
    if (!m_on) {
        archive::Opened nothing;
        nothing.address = address;
        return emit ready(nothing);
    }
    if (!m_key.isEmpty())
        return openWith(m_key);
    if (!std::exchange(m_opening, true))
        m_keys.load(keyName());
}

void ArchiveDesk::openWith(const QByteArray& key)
{
    m_opening = false;
    m_key = key;
    m_archive.open(m_address, key, !std::exchange(m_loaded, true));
}

void ArchiveDesk::startOver()
{
    if (m_on)
        m_archive.startOver();
}

} // namespace shell
